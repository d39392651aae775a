"""The database of questions, answers, receipts and ratings; reports on the ratings, and on what had no good answer.

May import bot/answer_json, bot/plain_text, bot/receipts and retrieval/; the terminal and Telegram import it, never the
reverse.
"""
