"""The bot under load: 50 chats ask 1,000 questions over loopback, with the real index: python -m tests.telegram.load

Each chat asks its next question as soon as the last one is answered, so that 50 are waiting at any time. The answers
pass the bot's own pacing of 30 messages a second, as they would with Telegram. Before that one chat asks alone, to
measure an answer without waiting. A bot that only echoes is the baseline: it meets the same questions on the same kind
of server. Results go to .quoth/eval/telegram.json, and `quoth eval record telegram` commits them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil

from bot.folders import seeds_folder
from eval.dataset import read_questions
from eval.results import OUT, TELEGRAM, write_json
from retrieval.index.build import build_index
from retrieval.settings import IndexSettings
from tests.telegram.backends import FakeBackend
from tests.telegram.bot_process import BotProcess, quoth_telegram
from tests.telegram.chats import Chat
from tests.telegram.fake_server import FakeServer
from tests.telegram.third_party import free_port

CHATS, QUESTIONS, ALONE = 50, 1000, 40
PATIENCE_S = 600.0
_IDLE = """
import time
longest = 0.0
while True:
    started = time.monotonic()
    time.sleep(0.01)
    paused = time.monotonic() - started - 0.01
    if paused > longest:
        longest = paused
        print(longest, flush=True)
"""
COMMAND = "python -m tests.telegram.load"
ECHO_BOT = [sys.executable, "-m", "tests.telegram.echo_bot"]


@dataclass(slots=True)
class Load:
    """What was asked and when it was answered, by message; all times in seconds."""

    server: FakeServer
    asked: dict[int, float] = field(default_factory=dict)
    took: dict[int, float] = field(default_factory=dict)
    twice: int = 0
    read: int = 0

    def ask(self, chat: Chat, question: str) -> None:
        with self.server.world.lock:
            self.asked[chat.send_text(question)] = time.monotonic()

    def answered(self) -> list[int]:
        """The chats that were answered since the last look."""
        chats = []
        for call in self.server.calls[self.read :]:
            self.read += 1
            reply = call.given.get("reply_parameters")
            if call.method != "sendMessage" or call.refusal or not reply:
                continue
            number = reply["message_id"]
            self.twice += number in self.took
            self.took[number] = call.at - self.asked[number]
            chats.append(call.given["chat_id"])
        return chats


def run(server: FakeServer, bot: BotProcess, questions: list[str], chats: int, total: int) -> tuple[Load, list[float]]:
    """Ask so many questions from so many chats at once; with them, the bot's memory (MB) after each tenth."""
    load = Load(server, read=len(server.calls))
    memory: list[float] = []
    rooms = {room.id: room for room in (server.world.private() for _ in range(chats))}
    left = [questions[number % len(questions)] for number in range(total)]
    for room in rooms.values():
        load.ask(room, left.pop())
    assert bot.process
    resident, until = psutil.Process(bot.process.pid), time.monotonic() + PATIENCE_S
    while len(load.took) < total and time.monotonic() < until:
        with server.world.lock:
            server.world.lock.wait(0.5)
        for chat_id in load.answered():
            if left:
                load.ask(rooms[chat_id], left.pop())
        if len(load.took) >= total * (len(memory) + 1) // 10:
            memory.append(resident.memory_info().rss / 1e6)
    return load, memory


def metrics(port: int) -> dict[str, float]:
    """The bot's own metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


@contextmanager
def idle_process() -> Iterator[list[float]]:
    """A process that only sleeps: how long the machine itself held it up at most (s), once the block ended."""
    found: list[float] = []
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen([sys.executable, "-c", _IDLE], stdout=said) as idle:
        try:
            yield found
        finally:
            idle.kill()
            idle.wait()
            said.seek(0)
            found += [float(line) for line in said.read().splitlines()][-1:]


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement with its budget, and the echo bot's; None where that was not measured."""

    name: str
    value: float
    unit: str = ""
    budget: str = ""
    echo_bot: float | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a bot answered: latencies in ms of one chat alone and of all at once, answers a second, memory in MB."""

    alone_ms: list[float]
    together_ms: list[float]
    answers_per_s: float
    memory_mb: list[float]


def speed(alone: Load, load: Load, elapsed_s: float, memory_mb: list[float]) -> Speed:
    return Speed(
        alone_ms=[took * 1000 for took in alone.took.values()],
        together_ms=[took * 1000 for took in load.took.values()],
        answers_per_s=len(load.took) / elapsed_s,
        memory_mb=memory_mb,
    )


def echo_speed(questions: list[str], log: Path, total: int = QUESTIONS) -> Speed:
    """The baseline: what the chats measure of a bot that only echoes."""
    with FakeServer() as server, BotProcess(ECHO_BOT, FakeBackend(server), log) as bot:
        alone, _ = run(server, bot, questions, 1, ALONE)
        started = time.monotonic()
        load, memory = run(server, bot, questions, CHATS, total)
        return speed(alone, load, time.monotonic() - started, memory)


def speed_rows(ours: Speed, echo: Speed) -> list[Row]:
    """The rows that the echo bot has too."""
    return [
        Row("one chat alone, median", median(ours.alone_ms), "ms", echo_bot=median(echo.alone_ms)),
        Row("one chat alone, 95th percentile", p95(ours.alone_ms), "ms", echo_bot=p95(echo.alone_ms)),
        Row(f"{CHATS} chats at once, median", median(ours.together_ms), "ms", echo_bot=median(echo.together_ms)),
        Row(f"{CHATS} chats at once, 95th percentile", p95(ours.together_ms), "ms", echo_bot=p95(echo.together_ms)),
        Row("answers a second", ours.answers_per_s, "/s", echo_bot=echo.answers_per_s),
        Row("memory after a fifth", ours.memory_mb[1], "MB", echo_bot=echo.memory_mb[1]),
        Row("memory at the end", ours.memory_mb[-1], "MB", echo_bot=echo.memory_mb[-1]),
    ]


def main() -> int:
    questions = [asked.question for asked in read_questions()]
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, FakeServer() as server:
        index = Path(folder, "state", "index")
        index.parent.mkdir()
        build_index(seeds_folder(), index, IndexSettings(), lambda stage, done, count: None)
        flags = ["--public", "--per-user", "100000", "--per-chat", "100000", "--metrics", str(port)]
        with BotProcess(quoth_telegram(index, *flags), FakeBackend(server), Path(folder, "log")) as bot:
            alone, _ = run(server, bot, questions, 1, ALONE)
            before = metrics(port)
            with idle_process() as idle:
                started = time.monotonic()
                load, memory = run(server, bot, questions, CHATS, QUESTIONS)
                elapsed = time.monotonic() - started
            counted, wrong = metrics(port), [*server.refusals, *server.world.problems]
            stopped = bot.stop()
        echo = echo_speed(questions, Path(folder, "echo-log"))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    pause = "quoth_longest_pause_seconds"
    rows = [
        Row("answered", len(load.took), f"of {QUESTIONS}", str(QUESTIONS)),
        Row("answered twice", load.twice, budget="0"),
        Row("refused by the server, or a problem", len(wrong), budget="0"),
        *speed_rows(speed(alone, load, elapsed, memory), echo),
        Row("longest pause of the event loop, at the start", before[pause] * 1000, "ms"),
        Row("longest pause of the event loop, in all", counted[pause] * 1000, "ms", "50"),
        Row("longest pause of an idle process beside it", idle[0] * 1000, "ms"),
        Row("exit status after SIGTERM", stopped, budget="0"),
    ]
    return report(rows)


def report(rows: list[Row]) -> int:
    """Print the rows and write them to .quoth/eval; 1 where an answer was lost, sent twice or refused."""
    print(f"{'':46}{'quoth telegram':>16}  {'':10}{'budget':>10}{'echo bot':>12}")
    for row in rows:
        echo = "" if row.echo_bot is None else f"{row.echo_bot:.1f}"
        print(f"{row.name:46}{row.value:>16.1f}  {row.unit:10}{row.budget:>10}{echo:>12}")
    stored = [
        {"name": row.name, "value": row.value, "unit": row.unit, "budget": row.budget, "echo bot": row.echo_bot}
        for row in rows
    ]
    write_json(OUT / TELEGRAM, {"command": COMMAND, "chats": CHATS, "rows": stored})
    print(f"written to {OUT / TELEGRAM}")
    return int(rows[0].value != QUESTIONS or any(row.value for row in rows[1:3]))


if __name__ == "__main__":
    sys.exit(main())
