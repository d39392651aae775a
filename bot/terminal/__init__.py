"""From an Answer to the terminal: the chat, rendering, and batches of questions.

May import bot/plain_text, bot/answer_json, bot/language, bot/feedback and retrieval/; never bot/telegram.
"""
