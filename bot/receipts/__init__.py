"""Receipts of answers: what an answer cited, whether the files still say so, and the citation to paste elsewhere.

May import bot/plain_text, bot/language and retrieval/; the terminal and Telegram import it, never the reverse.
"""
