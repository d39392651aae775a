"""What answers a question in Telegram, without Telegram: real components, and a sender that only records."""

import asyncio
from contextlib import asynccontextmanager

from bot.language.language import language_of
from bot.suggest import Suggestions
from bot.telegram.answering import Answerer
from bot.telegram.api.sending import Sent
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.gaps import Gaps
from bot.telegram.memory.delivery import UNTRACKED
from bot.telegram.memory.inbox import Inbox
from bot.telegram.memory.memory import Memory
from bot.telegram.memory.records import Origin
from bot.telegram.ops.locks import KeyedLocks
from bot.telegram.ops.metrics import Metrics
from bot.telegram.settings import Secret, TelegramConfig
from bot.telegram.uploads import Uploads

QUESTION = "When was the harbour of Lund opened?"
ENGLISH = language_of("en")


class StubSender:
    """Records what is sent; raises the queued `problems` first."""

    def __init__(self):
        self.sent, self.edited, self.deleted, self.problems, self.typed = [], [], [], [], 0
        self.rows, self.alerts, self.inline, self.files = [], [], {}, {}

    async def send(self, destination, message, delivery=UNTRACKED):
        await delivery.begin()
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append((destination, message))
        return Sent(destination.chat_id, 1000 + len(self.sent))

    async def edit(self, chat_id, message_id, message):
        if self.problems:
            raise self.problems.pop(0)
        self.edited.append((message_id, message.text))

    async def download(self, chat_id, file_id):
        if self.problems:
            raise self.problems.pop(0)
        return self.files[file_id]

    async def edit_rows(self, chat_id, message_id, rows):
        self.rows.append(rows)

    async def answer_press(self, query_id, text=None, is_alert=False):
        self.alerts.append(text)

    async def answer_inline(self, query_id, results, cache_s):
        self.inline[query_id] = results

    async def delete(self, chat_id, message_id):
        self.deleted.append(message_id)

    @asynccontextmanager
    async def typing(self, destination):
        self.typed += 1
        yield

    @property
    def texts(self):
        return [message.text for _, message in self.sent]


class Harness:
    """Everything that answers questions, over the small corpus, with a stub that records what is sent."""

    def __init__(self, small, tmp_path, **config):
        self.config = TelegramConfig(Secret("x"), **config)
        self.memory = Memory(tmp_path / "feedback.sqlite")
        self.answerer = Answerer(tmp_path / "index", 2, encoder=small.retriever.encoder, reader=small.reader)
        self.answerer.current()
        self.sender, self.metrics, self.locks = StubSender(), Metrics(), KeyedLocks()
        self.inbox = Inbox(self.memory, self.metrics, lambda problem: None, self.config.queue)
        self.components = Components(
            config=self.config,
            memory=self.memory,
            answerer=self.answerer,
            suggestions=Suggestions(3),
            sender=self.sender,
            inbox=self.inbox,
            metrics=self.metrics,
        )
        self.asking = Asking(self.components, self.locks)
        self.uploads = Uploads(self.components, self.asking)
        self.gaps = Gaps(self.components, self.asking)

    def close(self):
        self.memory.close()
        self.answerer.close()

    def task(self, number=1, user=7, chat=7, replied=None, past=None):
        self.memory.receive(number, "{}", user, chat)
        return Task(number, Origin(chat, user, number), ENGLISH, replied, past)

    def ask(self, question=QUESTION, **task):
        asyncio.run(self.asking.ask(self.task(**task), question))
