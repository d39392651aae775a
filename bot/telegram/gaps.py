"""/gaps: questions that were refused or answered wrongly, and the button that asks them again. For admins."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.feedback.gaps import AskedAgain, Gap, asked_again
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.gaps import SHOWN, again_message, gaps_message
from bot.telegram.pressing import Pressing
from retrieval.library import Library


class Gaps:
    """Shows admins what the documents did not answer, and whether they do now."""

    def __init__(self, components: Components, asking: Asking) -> None:
        self._config, self._memory, self._answerer = components.config, components.memory, components.answerer
        self._sender, self._pressing = components.sender, Pressing(components, asking)

    def may_use(self, task: Task) -> bool:
        """Whether the sender may see other people's questions: an admin, in a private chat."""
        origin = task.origin
        return origin.chat_id == origin.user_id and origin.user_id in self._config.admins

    async def show(self, task: Task) -> None:
        """Send the questions, the most asked first."""
        async with self._sender.typing(task.destination):
            found = await self._answerer.run(self._gaps)
        await self._sender.send(task.destination, gaps_message(task.language, found))

    async def pressed(self, query: CallbackQuery, task: Task, press: Press) -> None:
        """Ask the questions again over the documents as they are now, and show which have an answer."""
        if not self.may_use(task):
            await self._pressing.alert(query, task, "unknown command")
            return
        await self._pressing.accept(query)

        def ask(library: Library) -> tuple[list[Gap], list[AskedAgain]]:
            found = self._gaps(library)
            return found, asked_again(found[:SHOWN], library)

        async with self._sender.typing(task.destination):
            found, again = await self._answerer.run(ask)
        message = again_message(task.language, found, again)
        if press.n:
            await self._pressing.send(query, task, [message])
        else:
            await self._pressing.put(query, task, message)

    def _gaps(self, library: Library) -> list[Gap]:
        return self._memory.gaps(library.retriever.encoder)
