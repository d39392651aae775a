"""The Bot API: requests, the meaning of errors, pace, and sending with retries.

May import bot/telegram/ops, memory and messages.
"""
