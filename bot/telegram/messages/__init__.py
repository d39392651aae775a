"""From a stored answer or page to a message: text, entities and buttons, as plain values without I/O.

May import bot/telegram/memory, bot/language, bot/feedback and retrieval/.
"""
