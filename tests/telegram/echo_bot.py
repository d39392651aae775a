"""The least bot that uses what ours uses, to try the servers themselves: python -m tests.telegram.echo_bot"""

from __future__ import annotations

import os
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters


async def start(update: Update, context: Any) -> None:
    assert update.message
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("press", callback_data="v1:x:next:0")]])
    await update.message.reply_html("<b>welcome</b>", reply_markup=keyboard)


async def echo(update: Update, context: Any) -> None:
    assert update.message and update.effective_chat
    thread = update.message.message_thread_id if update.message.is_topic_message else None
    await update.effective_chat.send_action("typing", message_thread_id=thread)
    await update.message.reply_text(f"{update.message.text or 'no text'}!", do_quote=True)


async def press(update: Update, context: Any) -> None:
    assert update.callback_query
    await update.callback_query.answer("pressed")
    await update.callback_query.edit_message_text("edited")


async def inline(update: Update, context: Any) -> None:
    assert update.inline_query
    article = InlineQueryResultArticle("1", "title", InputTextMessageContent(update.inline_query.query))
    await update.inline_query.answer([article], is_personal=True)


def main(environment: Any) -> None:
    prefix = "QUOTH_TELEGRAM_"
    builder = Application.builder().token(environment[f"{prefix}TOKEN"])
    app = builder.base_url(f"{environment[f'{prefix}BASE_URL']}/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(press))
    app.add_handler(InlineQueryHandler(inline))
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE & (filters.TEXT | filters.PHOTO), echo))
    url = environment.get(f"{prefix}WEBHOOK")
    if url:
        host, port = environment[f"{prefix}LISTEN"].split(":")
        secret = environment[f"{prefix}WEBHOOK_SECRET"]
        app.run_webhook(host, int(port), "hook", webhook_url=url, secret_token=secret)
    else:
        app.run_polling()


if __name__ == "__main__":
    main(os.environ)
