"""A question and its answer in a chat: taken or not, answered in the pool, kept, sent, and edited with the question.

The same answering as everywhere else; what is new here is that a question survives the process, and that nothing is
said twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace

from bot.language.language import Language
from bot.telegram.api.errors import EditLost, Gone, Uncertain
from bot.telegram.api.sending import Place
from bot.telegram.memory.inbox import MOST_ATTEMPTS, Lanes
from bot.telegram.memory.store import Asked, Received, StoredAnswer
from bot.telegram.messages.answers import answer_messages, combined
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import Button, Message
from bot.telegram.messages.notices import Notice, notice
from bot.telegram.ops.limits import Bucket, Cooldown
from bot.telegram.ops.logs import log
from bot.telegram.parts import Desk
from retrieval.answer.answer import answer
from retrieval.conversation.follow_up import contextualise
from retrieval.encoder.encoder import MAX_QUESTION_CHARS
from retrieval.errors import IndexProblem, QuestionError
from retrieval.index.retriever import Retriever

FOLLOWS_S = 1800
"""A question within half an hour of the last one may lean on it (a guess); a reply to an answer always may."""
MOST_WAITING = 5
"""Questions of one person that wait for one another; more are not taken."""
NOTICE_S = 60.0
"""A person, or a chat, is told of a limit once in so many seconds."""

_LOGGER = logging.getLogger("quoth")


@dataclass(frozen=True, slots=True)
class Task:
    """An update at work. `past` is how far an earlier process got with it; `replied` is the message replied to."""

    update_id: int
    asked: Asked
    language: Language
    replied: int | None = None
    past: Received | None = None

    @property
    def place(self) -> Place:
        return Place(self.asked.chat_id, self.asked.thread_id, self.asked.message_id)

    @property
    def person(self) -> int:
        """Whose limits count: the person's, or those of the chat where nobody is named."""
        return self.asked.user_id if self.asked.user_id is not None else self.asked.chat_id


class Asking:
    """Answers questions. One of a person at a time, in whatever chats they ask."""

    def __init__(self, desk: Desk, lanes: Lanes) -> None:
        self._config, self._store, self._answerer = desk.config, desk.store, desk.answerer
        self._sender, self._inbox, self._figures = desk.sender, desk.inbox, desk.figures
        self._lanes = lanes
        self._users, self._chats = Bucket(self._config.per_user), Bucket(self._config.per_chat)
        self._told = Cooldown(NOTICE_S)

    async def ask(self, task: Task, question: str, is_admitted: bool = False) -> None:
        """Answer the question, unless a limit forbids it or an earlier process did. `is_admitted`: none does."""
        if task.past is not None and await self._settled(task, task.past):
            return
        if is_admitted or await self._taken(task, question):
            await self._in_turn(task, question, is_edit=False)

    async def ask_again(self, task: Task, question: str) -> None:
        """The question was edited: put the answer to it in the place of the one before."""
        assert task.asked.message_id is not None
        before = await asyncio.to_thread(self._store.answer_to, task.asked.chat_id, task.asked.message_id)
        if before is None and task.asked.chat_id < 0:  # in a group it may have become a question just now
            await self.ask(task, question)
        elif before is None:
            await self.say(task, "edited")
        elif task.past is None and before.kept.question == question:
            return  # something else of the message was edited
        elif await self._taken(task, question):
            await self._in_turn(task, question, is_edit=True)

    async def say(self, task: Task, name: Notice, **values: str | int) -> None:
        """One line instead of an answer."""
        self._figures.count("refusals", name)
        try:
            await self._sender.send(task.place, notice(name, task.language, values))
        except (Gone, Uncertain):
            return

    async def _taken(self, task: Task, question: str) -> bool:
        """Whether the question is one to answer now; else the person was told why not."""
        if not question.strip():
            await self.say(task, "empty")
        elif len(question) > self._config.longest_chars:
            await self.say(task, "too long", limit=self._config.longest_chars)
        else:
            return await self.admits(task)
        return False

    async def admits(self, task: Task) -> bool:
        """Whether limits leave room for what a person wants; else they were told so, once in a while. What was taken
        before a restart is not limited again."""
        if task.past is not None:
            return True
        now = time.monotonic()
        if self._inbox.came_late(task.update_id):
            await self._say_once(task, "busy", task.asked.chat_id)
        elif self._lanes.waiting(("person", task.person)) >= MOST_WAITING:
            await self._say_once(task, "one at a time", task.person)
        elif wait := self._users.take(task.person, now) or self._chats.take(task.asked.chat_id, now):
            await self._say_once(task, "slow down", task.person, seconds=int(wait) + 1)
        else:
            return True
        return False

    async def _say_once(self, task: Task, name: Notice, whom: int, **values: str | int) -> None:
        if self._told.passes((name, whom), time.monotonic()):
            await self.say(task, name, **values)
        else:
            self._figures.count("refusals", f"{name}, silently")

    async def _in_turn(self, task: Task, question: str, is_edit: bool) -> None:
        started = time.monotonic()
        async with self._lanes.of(("person", task.person)):
            async with self._sender.typing(task.place):
                stored = await self._answered(task, question)
            if stored is not None:
                await (self._edit(task, stored) if is_edit and stored.message_ids else self._send(task, stored))
                self._note(task, stored, started)

    async def _answered(self, task: Task, question: str) -> StoredAnswer | None:
        """The answer, kept; None where there can't be one, and the person was told."""
        try:
            return await self._answerer.run(lambda retriever: self._answer(task, question, retriever))
        except QuestionError:
            if any(character.isalnum() for character in question):
                await self.say(task, "too long", limit=MAX_QUESTION_CHARS)
            else:
                await self.say(task, "empty")
        except IndexProblem as error:
            log(_LOGGER, "index unusable", logging.ERROR, update_id=task.update_id, reason=str(error))
            await self.say(task, "index missing")
        except TimeoutError:
            log(_LOGGER, "answering took too long", logging.ERROR, update_id=task.update_id)
            await self.say(task, "failed")
        return None

    def _answer(self, task: Task, question: str, retriever: Retriever) -> StoredAnswer:
        """In a thread of the pool: what the question follows, its answer, and both kept.

        If anything ends the process it is what happens here, so that it is counted how often it began.
        """
        self._store.start_update(task.update_id)
        previous = self._previous(task)
        history = self._store.history(previous)
        found = answer(question, retriever, contextualise(question, history))
        asked = replace(task.asked, follows=previous)
        return self._store.keep_answer(found, asked, history, retriever.store.document_by_id)

    def _previous(self, task: Task) -> str | None:
        """The answer that the question may lean on: the one replied to, else this person's last one."""
        asked = task.asked
        if asked.message_id is not None:
            before = self._store.answer_to(asked.chat_id, asked.message_id)
            if before is not None:  # an edited question leans on what it leant on before
                return before.asked.follows
        if task.replied is not None and (found := self._store.answer_in(asked.chat_id, task.replied)):
            return found.kept.id
        if asked.user_id is None:  # an anonymous admin may be any of several people
            return None
        last = self._store.last_answer(asked.chat_id, asked.thread_id, asked.user_id)
        return last.kept.id if last and time.time() - last.asked_at < FOLLOWS_S else None

    async def _send(self, task: Task, stored: StoredAnswer, already: int = 0) -> None:
        """Send the messages of the answer, but for those that are out already."""
        flight = self._inbox.flight(task.update_id)
        messages = answer_messages(stored.kept, task.language)[already:]
        try:
            for message in messages:
                sent = await self._sender.send(task.place, message, flight)
                await asyncio.to_thread(self._store.shown, stored.kept.id, sent.chat_id, [sent.message_id])
                if message is not messages[-1]:
                    await flight.abort()  # this part is out and noted; the next one is not begun
        except Uncertain:
            await self._say_uncertain(task, stored.kept.id)
        except Gone:
            return

    async def _edit(self, task: Task, stored: StoredAnswer) -> None:
        """Put the answer in the place of the one that is shown, in one message; send it where that one is gone."""
        chat_id, note = task.asked.chat_id, task.language.say("(Shortened: the buttons lead to all sources.)")
        message = combined(answer_messages(stored.kept, task.language), note)
        try:
            for number, shown in enumerate(stored.message_ids, 1):
                if await self._edited(chat_id, shown, message):
                    for other in stored.message_ids[number:]:
                        await self._sender.delete(chat_id, other)
                    return
            await self._send(task, stored)
        except Gone:
            return

    async def _edited(self, chat_id: int, message_id: int, message: Message) -> bool:
        """Whether the message could be put there; one that was deleted in the chat is forgotten."""
        try:
            await self._sender.edit(chat_id, message_id, message)
        except EditLost:
            await asyncio.to_thread(self._store.not_shown, chat_id, message_id)
            return False
        return True

    async def _settled(self, task: Task, past: Received) -> bool:
        """Whether an update that an earlier process began needs no answer any more."""
        asked, stored = task.asked, None
        if asked.message_id is not None:
            stored = await asyncio.to_thread(self._store.answer_to, asked.chat_id, asked.message_id)
        out = len(stored.message_ids) if stored else 0
        if past.state == "received" and stored is not None and out:
            await self._send(task, stored, already=out)  # the process ended between two parts of an answer
        elif past.state == "received" and past.attempts < MOST_ATTEMPTS:
            return False
        elif past.state == "received":
            log(_LOGGER, "begun too often", logging.ERROR, update_id=task.update_id, attempts=past.attempts)
            await self.say(task, "failed")
        elif stored is None or out < len(answer_messages(stored.kept, task.language)):
            await self._say_uncertain(task, stored.kept.id if stored else None)
        return True

    async def _say_uncertain(self, task: Task, answer_id: str | None) -> None:
        """Nobody knows whether the answer arrived: say so, with a button that shows it."""
        line = notice("interrupted", task.language)
        if answer_id is not None:
            label = task.language.say("Show the answer")
            line = replace(line, rows=((Button(label, data=Press(answer_id, "next", 0).data()),),))
        try:
            await self._sender.send(task.place, line)
        except (Gone, Uncertain):
            return

    def _note(self, task: Task, stored: StoredAnswer, started: float) -> None:
        seconds = time.monotonic() - started
        self._figures.answered(stored.kept.status, seconds)
        log(
            _LOGGER,
            "answered",
            update_id=task.update_id,
            chat_id=task.asked.chat_id,
            user_id=task.asked.user_id,
            answer_id=stored.kept.id,
            status=stored.kept.status,
            confidence=round(stored.kept.confidence, 3),
            ms=round(seconds * 1000),
            question=stored.kept.question if self._config.logs_questions else None,
        )
