"""The bot under load: 50 chats ask 1,000 questions over loopback, with the real index: python -m tests.telegram.load

Each chat asks its next question as soon as the last one is answered, so that 50 are waiting at any time. The answers
pass the bot's own pacing of 30 messages a second, as they would with Telegram. First one chat alone asks, for the time
an answer takes where nobody else waits.
"""

from __future__ import annotations

import json
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
from typing import Any

import psutil

from bot.config import seeds_folder
from retrieval.index.build import build_index
from retrieval.settings import IndexSettings
from tests.telegram.backends import FakeBackend
from tests.telegram.bot_process import ROOT, BotProcess, quoth_telegram
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
RESULT = ROOT / "eval" / "results" / "telegram.json"


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


def figures(port: int) -> dict[str, float]:
    """What the bot itself counts."""
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


def main() -> int:
    asked = (ROOT / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in asked]
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, FakeServer() as server:
        index = Path(folder, "state", "index")
        index.parent.mkdir()
        build_index(seeds_folder(), index, IndexSettings(), lambda stage, done, count: None)
        flags = ["--public", "--per-user", "100000", "--per-chat", "100000", "--metrics", str(port)]
        with BotProcess(quoth_telegram(index, *flags), FakeBackend(server), Path(folder, "log")) as bot:
            alone, _ = run(server, bot, questions, 1, ALONE)
            before = figures(port)
            with idle_process() as idle:
                started = time.monotonic()
                load, memory = run(server, bot, questions, CHATS, QUESTIONS)
                elapsed = time.monotonic() - started
            counted, wrong = figures(port), [*server.refusals, *server.world.problems]
            stopped = bot.stop()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    rows: list[tuple[str, float, str, str]] = [
        ("answered", len(load.took), f"of {QUESTIONS}", str(QUESTIONS)),
        ("answered twice", load.twice, "", "0"),
        ("refused by the server, or a problem", len(wrong), "", "0"),
        ("one chat alone, median", median(alone.took.values()) * 1000, "ms", ""),
        ("one chat alone, 95th percentile", p95(list(alone.took.values())) * 1000, "ms", ""),
        (f"{CHATS} chats at once, median", median(load.took.values()) * 1000, "ms", ""),
        (f"{CHATS} chats at once, 95th percentile", p95(list(load.took.values())) * 1000, "ms", ""),
        ("answers a second", len(load.took) / elapsed, "/s", ""),
        ("event loop held up at most, at the start", before["quoth_longest_pause_seconds"] * 1000, "ms", ""),
        ("event loop held up at most, all in all", counted["quoth_longest_pause_seconds"] * 1000, "ms", "50"),
        ("an idle process beside it, at most", idle[0] * 1000, "ms", ""),
        ("memory after a fifth", memory[1], "MB", ""),
        ("memory at the end", memory[-1], "MB", ""),
        ("exit status when told to stop", stopped, "", "0"),
    ]
    return report(rows)


def report(rows: list[tuple[str, float, str, str]]) -> int:
    """Print and keep the figures; 1 where something was lost, doubled or refused."""
    print(f"{'':40}{'quoth telegram':>16}  {'':10}{'budget':>10}")
    for name, value, unit, budget in rows:
        print(f"{name:40}{value:>16.1f}  {unit:10}{budget:>10}")
    stored: list[dict[str, Any]] = [
        {"name": name, "value": round(value, 1), "unit": unit, "budget": budget} for name, value, unit, budget in rows
    ]
    RESULT.write_text(json.dumps({"chats": CHATS, "rows": stored}, indent=1) + "\n", encoding="utf-8")
    return int(rows[0][1] != QUESTIONS or any(row[1] for row in rows[1:3]))


if __name__ == "__main__":
    sys.exit(main())
