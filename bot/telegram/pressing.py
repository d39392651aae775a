"""What all presses of buttons have in common: how they are answered, and where their messages go."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import CallbackQuery

from bot.telegram.api.errors import EditLost, Gone, Uncertain
from bot.telegram.api.sending import Destination
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.messages.message import ButtonRows, Message, Picture
from bot.telegram.messages.notices import Notice, notice


class Pressing:
    """Answers presses, and sends, edits and replaces messages for them."""

    def __init__(self, components: Components, asking: Asking) -> None:
        self._sender, self._asking = components.sender, asking

    async def accept(self, query: CallbackQuery) -> None:
        """Stop the loading indicator without a word."""
        await self._sender.answer_press(query.id)

    async def alert(self, query: CallbackQuery, task: Task, name: Notice, is_alert: bool = True) -> None:
        """Answer the press with a notice, in the language of the person who pressed."""
        await self._sender.answer_press(query.id, notice(name, task.language).text, is_alert)

    async def send(
        self, query: CallbackQuery, task: Task, messages: Sequence[Message | Picture], answer_id: str | None = None
    ) -> None:
        """Send messages as replies to the one with the button, unless an earlier process may have sent them.

        With an id, they are recorded as messages that show the answer.
        """
        if was_sending(task):
            return
        try:
            await self._asking.send_parts(task, place_below(query, task), messages, answer_id, is_resumable=False)
        except (Gone, Uncertain):
            return

    async def put(self, query: CallbackQuery, task: Task, message: Message) -> None:
        """Put the message in the place of the one with the button."""
        try:
            await self._sender.edit(task.origin.chat_id, message_id(query), message)
        except (EditLost, Gone):
            return

    async def put_rows(self, query: CallbackQuery, task: Task, rows: ButtonRows) -> None:
        """Put the buttons in the place of those that the message has."""
        try:
            await self._sender.edit_rows(task.origin.chat_id, message_id(query), rows)
        except (EditLost, Gone):
            return


def was_sending(task: Task) -> bool:
    """Whether an earlier process may have sent the message that the press asks for."""
    return task.past is not None and task.past.state == "sending"


def place_below(query: CallbackQuery, task: Task) -> Destination:
    """Where a reply to the message with the button goes."""
    return Destination(task.origin.chat_id, task.origin.thread_id, message_id(query))


def message_id(query: CallbackQuery) -> int:
    """The message with the button."""
    assert query.message is not None  # `Presses.pressed` has checked it
    return query.message.message_id
