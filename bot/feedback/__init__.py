"""The database of questions, answers and ratings, and reports on the ratings.

May import bot/answer_json, bot/plain_text and retrieval/; the terminal and Telegram import it, never the reverse.
"""
