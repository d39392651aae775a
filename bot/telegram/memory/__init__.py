"""What the bot remembers: the inbox of updates, stored answers, chats, settings, and how all of it is deleted.

May import bot/telegram/ops, bot/feedback and retrieval/.
"""
