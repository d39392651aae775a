"""A question in a chat and its answer: checked against the limits, answered in the pool, stored, sent, and edited.

Answering itself is the same as everywhere else. What this module adds: a question survives a crash of the process, and
no answer is sent twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language.language import Language, language_of, session_language
from bot.telegram.api.errors import EditLost, Gone, Uncertain
from bot.telegram.api.sending import Destination
from bot.telegram.components import Components
from bot.telegram.memory.delivery import UNTRACKED
from bot.telegram.memory.inbox import MAX_ATTEMPTS
from bot.telegram.memory.records import AnswerRecord, Origin, Received
from bot.telegram.messages.answers import SHORTENED_EDIT, answer_messages, combined
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import Button, Message, Picture
from bot.telegram.messages.notices import SHOW_ANSWER, Notice, notice
from bot.telegram.ops.limits import Bucket, Cooldown
from bot.telegram.ops.locks import KeyedLocks
from bot.telegram.ops.logs import log
from retrieval.errors import IndexProblem, QuestionError
from retrieval.library import Library
from retrieval.query import MAX_QUESTION_CHARS

FOLLOWS_S = 1800
"""A question within half an hour of the last one may be a follow-up (a guess); a reply to an answer always may."""
MAX_WAITING = 5
"""How many questions of one person may wait in line; further ones are refused."""
NOTICE_S = 60.0
"""The shortest time between two notices about the same limit to the same person or chat."""


@dataclass(frozen=True, slots=True)
class Task:
    """An update being handled. `past`: how far an earlier process got with it; `replied`: the message replied to."""

    update_id: int
    origin: Origin
    language: Language
    replied: int | None = None
    past: Received | None = None

    @property
    def destination(self) -> Destination:
        return Destination(self.origin.chat_id, self.origin.thread_id, self.origin.message_id)

    @property
    def person(self) -> int:
        """Whose limits apply: the person's, or the chat's if the sender is anonymous."""
        return self.origin.user_id if self.origin.user_id is not None else self.origin.chat_id


class Asking:
    """Answers questions, one at a time for each person, whichever chats they ask in."""

    def __init__(self, components: Components, locks: KeyedLocks) -> None:
        self._config, self._memory, self._answerer = components.config, components.memory, components.answerer
        self._sender, self._inbox, self._metrics = components.sender, components.inbox, components.metrics
        self._locks = locks
        self._users, self._chats = Bucket(self._config.per_user), Bucket(self._config.per_chat)
        self._notices = Cooldown(NOTICE_S)

    async def ask(self, task: Task, question: str, is_admitted: bool = False) -> None:
        """Answer the question, unless a limit forbids it or an earlier process already answered it.

        `is_admitted`: the limits have been checked already.
        """
        if task.past is not None and await self._settled(task, task.past):
            return
        if is_admitted or await self._taken(task, question):
            await self._in_turn(task, question, is_edit=False)

    async def ask_again(self, task: Task, question: str) -> None:
        """Answer an edited question by editing the earlier answer."""
        assert task.origin.message_id is not None
        before = await asyncio.to_thread(self._memory.answer_to, task.origin.chat_id, task.origin.message_id)
        if before is None and task.origin.chat_id < 0:  # in a group, the edit may have made it a question
            await self.ask(task, question)
        elif before is None:
            await self.notify(task, "edited")
        elif task.past is None and before.answer.question == question:
            return  # the edit changed something other than the question
        elif await self._taken(task, question):
            await self._in_turn(task, question, is_edit=True)

    async def notify(self, task: Task, name: Notice, **values: str | int) -> None:
        """Send a notice instead of an answer."""
        self._metrics.count("refusals", name)
        try:
            await self._sender.send(task.destination, notice(name, task.language, values))
        except (Gone, Uncertain):
            return

    async def _taken(self, task: Task, question: str) -> bool:
        """Whether to answer the question now; if not, the person has been told why."""
        if not question.strip():
            await self.notify(task, "empty")
        elif len(question) > self._config.longest_chars:
            await self.notify(task, "too long", limit=self._config.longest_chars)
        else:
            return await self.admits(task)
        return False

    async def admits(self, task: Task) -> bool:
        """Whether the limits allow the update; if not, the person has been told, at most once in NOTICE_S.

        An update that was accepted before a restart is not checked again.
        """
        if task.past is not None:
            return True
        now = time.monotonic()
        if self._inbox.came_late(task.update_id):
            await self._notify_once(task, "busy", task.origin.chat_id)
        elif self._locks.waiting(("person", task.person)) >= MAX_WAITING:
            await self._notify_once(task, "one at a time", task.person)
        elif wait := self._users.take(task.person, now) or self._chats.take(task.origin.chat_id, now):
            await self._notify_once(task, "slow down", task.person, seconds=int(wait) + 1)
        else:
            return True
        return False

    async def _notify_once(self, task: Task, name: Notice, whom: int, **values: str | int) -> None:
        if self._notices.passes((name, whom), time.monotonic()):
            await self.notify(task, name, **values)
        else:
            self._metrics.count("refusals", f"{name}, silently")

    async def _in_turn(self, task: Task, question: str, is_edit: bool) -> None:
        started = time.monotonic()
        async with self._locks.hold(("person", task.person)):
            async with self._sender.typing(task.destination):
                stored = await self._answered(task, question)
            if stored is not None:
                await (self._edit(task, stored) if is_edit and stored.message_ids else self._send(task, stored))
                self._record_answered(task, stored, started)

    async def _answered(self, task: Task, question: str) -> AnswerRecord | None:
        """The stored answer; None if there can be none, and then the person has been told."""
        try:
            return await self._answerer.run(lambda library: self._answer(task, question, library))
        except QuestionError:
            if any(character.isalnum() for character in question):
                await self.notify(task, "too long", limit=MAX_QUESTION_CHARS)
            else:
                await self.notify(task, "empty")
        except IndexProblem as error:
            log("index unusable", logging.ERROR, update_id=task.update_id, reason=str(error))
            await self.notify(task, "index missing")
        except TimeoutError:
            log("answering took too long", logging.ERROR, update_id=task.update_id)
            await self.notify(task, "failed")
        return None

    def _answer(self, task: Task, question: str, library: Library) -> AnswerRecord:
        """The stored answer, in the light of the conversation; runs in a thread of the pool.

        If anything crashes the process, it is this step, so each attempt is counted before it starts.
        """
        self._memory.start_update(task.update_id)
        previous, first_in = self._previous(task), self._documents_replied_to(task)
        history = self._memory.history(previous)
        answer = library.ask(question, history, first_in=first_in)
        origin = replace(task.origin, follows=previous, language=session_language(question, task.language).code)
        return self._memory.keep_answer(answer, origin, history, library.document, first_in)

    def _documents_replied_to(self, task: Task) -> tuple[str, ...]:
        """The documents cited by the answer that the question replies to: they are searched first."""
        found = self._memory.answer_in(task.origin.chat_id, task.replied) if task.replied is not None else None
        return found.answer.turn().documents if found else ()

    def _previous(self, task: Task) -> str | None:
        """The id of the answer that the question may follow up on: the one replied to, else this person's last one."""
        origin = task.origin
        if origin.message_id is not None:
            before = self._memory.answer_to(origin.chat_id, origin.message_id)
            if before is not None:  # an edited question follows what it followed before
                return before.origin.follows
        if task.replied is not None and (found := self._memory.answer_in(origin.chat_id, task.replied)):
            return found.answer.id
        if origin.user_id is None:  # an anonymous admin may be any of several people
            return None
        last = self._memory.last_answer(origin.chat_id, origin.thread_id, origin.user_id)
        return last.answer.id if last and time.time() - last.asked_at < FOLLOWS_S else None

    async def _send(self, task: Task, stored: AnswerRecord, already: int = 0) -> None:
        """Send the messages of the answer, except the first `already` ones."""
        messages = answer_messages(stored.answer, language_of(stored.origin.language))[already:]
        try:
            await self.send_parts(task, task.destination, messages, stored.answer.id, is_resumable=True)
        except Uncertain:
            await self._notify_uncertain(task, stored.answer.id)
        except Gone:
            return

    async def send_parts(
        self,
        task: Task,
        destination: Destination,
        messages: Sequence[Message | Picture],
        answer_id: str | None,
        *,
        is_resumable: bool,
    ) -> None:
        """Send the messages in order. Raises Gone, NotDelivered, Uncertain or Refused.

        Each is recorded as a message that shows the answer, if there is an id, before the next one begins.
        `is_resumable`: after a crash between two of them, the caller can tell from memory which ones were sent.
        Otherwise the update counts as one whose messages may have been sent, from the first message on.
        """
        delivery = self._inbox.delivery(task.update_id)
        for number, message in enumerate(messages):
            if number and is_resumable:
                await delivery.abort()  # the part before has been sent and recorded; this one has not begun
            tracked = delivery if is_resumable or not number else UNTRACKED
            sent = await self._sender.send(destination, message, tracked)
            if answer_id is not None:
                await asyncio.to_thread(self._memory.shown, answer_id, sent.chat_id, [sent.message_id])

    async def _edit(self, task: Task, stored: AnswerRecord) -> None:
        """Replace the answer that is shown, in one message; send a new one if that message is gone."""
        chat_id, language = task.origin.chat_id, language_of(stored.origin.language)
        message = combined(answer_messages(stored.answer, language), language.translate(SHORTENED_EDIT))
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
        """Whether the message could be edited; one that was deleted in the chat is removed from memory."""
        try:
            await self._sender.edit(chat_id, message_id, message)
        except EditLost:
            await asyncio.to_thread(self._memory.not_shown, chat_id, message_id)
            return False
        return True

    async def _settled(self, task: Task, past: Received) -> bool:
        """Whether an update that an earlier process began needs no answer any more."""
        origin, stored = task.origin, None
        if origin.message_id is not None:
            stored = await asyncio.to_thread(self._memory.answer_to, origin.chat_id, origin.message_id)
        out = len(stored.message_ids) if stored else 0
        if past.state == "received" and stored is not None and out:
            await self._send(task, stored, already=out)  # the process ended between two parts of an answer
        elif past.state == "received" and past.attempts < MAX_ATTEMPTS:
            return False
        elif past.state == "received":
            log("too many attempts", logging.ERROR, update_id=task.update_id, attempts=past.attempts)
            await self.notify(task, "failed")
        elif stored is None or out < len(answer_messages(stored.answer, language_of(stored.origin.language))):
            await self._notify_uncertain(task, stored.answer.id if stored else None)
        return True

    async def _notify_uncertain(self, task: Task, answer_id: str | None) -> None:
        """Say that the answer may not have arrived, with a button that shows it."""
        line = notice("interrupted", task.language)
        if answer_id is not None:
            label = task.language.translate(SHOW_ANSWER)
            line = replace(line, rows=((Button(label, data=Press(answer_id, "next", 0).data()),),))
        try:
            await self._sender.send(task.destination, line)
        except (Gone, Uncertain):
            return

    def _record_answered(self, task: Task, stored: AnswerRecord, started: float) -> None:
        """Count and log the answer."""
        seconds = time.monotonic() - started
        self._metrics.answered(stored.answer.status, seconds)
        log(
            "answered",
            update_id=task.update_id,
            chat_id=task.origin.chat_id,
            user_id=task.origin.user_id,
            answer_id=stored.answer.id,
            status=stored.answer.status,
            confidence=round(stored.answer.confidence, 3),
            ms=round(seconds * 1000),
            question=stored.answer.question if self._config.logs_questions else None,
        )
