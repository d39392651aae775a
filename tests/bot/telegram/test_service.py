"""The service as a whole, within the test's process: how it starts and stops, and what it registers with Telegram."""

import argparse
import asyncio
import os
import re
import signal
import time
from contextlib import closing

import pytest

import bot.suggest
import bot.telegram.service
from bot.cli import main
from bot.telegram.answering import Answerer
from bot.telegram.memory.memory import Memory
from bot.telegram.ops.access import Access
from bot.telegram.ops.heartbeat import NAME, Heartbeat
from bot.telegram.ops.metrics import Metrics
from bot.telegram.service import PORT_TAKEN, UNEXPECTED, UNREACHABLE, Service, _with_new_ids
from bot.telegram.settings import add_flags, read_telegram
from retrieval.errors import BotError
from tests.telegram import faults
from tests.telegram.fake_server import FakeServer


@pytest.fixture
def server():
    with FakeServer() as opened:
        yield opened


def config(server, *flags):
    parser = argparse.ArgumentParser()
    add_flags(parser)
    given = parser.parse_args(["--base-url", server.url, *flags])
    return read_telegram(given, {"QUOTH_TELEGRAM_TOKEN": server.world.token})


@pytest.fixture
def service(server, small, tmp_path):
    """A service that runs over the small corpus while the given work is done."""
    answerer = Answerer(tmp_path / "index", 2, encoder=small.retriever.encoder, reader=small.reader)
    answerer.current()
    memory = Memory(tmp_path / "feedback.sqlite")

    def serve(work, *flags):
        async def both():
            made = Service(
                config=config(server, *flags),
                memory=memory,
                answerer=answerer,
                metrics=Metrics(),
                heartbeat=Heartbeat(tmp_path / NAME),
            )

            async def stop_after():
                try:
                    await work(made)
                finally:
                    made._stop.set()

            working = asyncio.create_task(stop_after())
            try:
                await made.serve()
            finally:
                working.cancel()
                (problem,) = await asyncio.gather(working, return_exceptions=True)
            if isinstance(problem, Exception):
                raise problem
            return made

        return asyncio.run(both())

    yield serve
    answerer.close()
    memory.close()


async def until(is_so, timeout_s=10.0):
    async with asyncio.timeout(timeout_s):
        while not is_so():
            await asyncio.sleep(0.02)


def test_commands_and_descriptions_are_registered_once_in_every_language(server, service):
    async def work(made):
        await until(lambda: made._memory.setting("introduced"))

    service(work, "--public")
    told = {(call.method, call.given.get("language_code")) for call in server.calls if call.method.startswith("setMy")}
    assert len(told) == 3 * 4
    assert {language for _, language in told} == {None, "es", "pt", "ja"}
    before = len(server.calls)
    service(work, "--public")
    assert not [call for call in server.calls[before:] if call.method.startswith("setMy")]


def test_an_admin_who_never_wrote_does_not_block_the_commands_of_others(server, service):
    async def work(made):
        await until(lambda: len(server.calls_of("setMyShortDescription")) == 4)
        await asyncio.sleep(0.2)

    service(work, "--admin", "424242")
    assert len(server.calls_of("setMyDescription")) == 4


def test_the_list_follows_a_group_to_its_new_number_after_a_restart_too(tmp_path):
    with closing(Memory(tmp_path / "feedback.sqlite")) as memory:
        for old, new in ((-5, -1005), (-1005, -1006)):
            memory.see_chat(old)
            memory.migrate_chat(old, new)
        access = _with_new_ids(Access(frozenset({-5, 7}), frozenset(), False), memory)
    assert access.allows(1, -1006)
    assert not access.allows(1, -2000)


def test_a_group_that_moved_is_still_allowed(server, service):
    group = server.world.group()

    async def work(made):
        new = group.migrate()
        await until(lambda: (chat := made._memory.chat(group.id)) and chat.migrated_to == new.id)
        assert made.handlers.access.allows(1, new.id)
        await asyncio.sleep(1.5)
        assert server.calls_of("leaveChat") == []

    service(work, "--allow", str(group.id))


def test_a_task_of_the_service_that_breaks_ends_it(service, monkeypatch):
    def broken(self, older_than_days):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(Memory, "expire", broken)

    async def work(made):
        await until(lambda: made._problem)

    with pytest.raises(BotError, match=re.escape(UNEXPECTED.format(kind="RuntimeError"))):
        service(work, "--public")


def test_a_stranger_whose_refusal_is_lost_is_not_answered_instead(server, service):
    room = server.world.private()
    server.fail("sendMessage", faults.CUT)

    async def work(made):
        room.send_text("When was the harbour of Lund opened?")
        await until(lambda: server.calls_of("sendMessage") and not made._memory.unfinished())

    service(work)
    assert len(server.calls_of("sendMessage")) == 1
    assert room.replies() == []


def test_numbers_of_updates_are_cleaned_where_answers_are_kept_for_ever(service, tmp_path):
    with closing(Memory(tmp_path / "feedback.sqlite")) as memory:
        memory.receive(1, "{}", 7, 7)
        memory.finish_update(1)
        memory._run("UPDATE inbox SET received_at = 1")

    async def work(made):
        await until(lambda: not made._memory._rows("SELECT update_id FROM inbox"))

    service(work, "--public", "--retention", "0")


def test_suggestions_that_take_too_long_end_nothing(service, monkeypatch):
    def too_long(library, count):
        raise TimeoutError

    monkeypatch.setattr(bot.suggest, "suggest", too_long)

    async def work(made):
        await until(lambda: made._memory.setting("introduced") or made._problem)

    assert service(work, "--public")._problem == ""


def test_a_slow_first_contact_is_not_taken_for_deafness(server, service):
    server.fail("getMe", faults.BAD_GATEWAY)

    async def work(made):
        await until(lambda: server.polling.polls or made._problem)
        await asyncio.sleep(0.3)

    assert service(work, "--public", "--deaf-after", "1")._problem == ""


def test_an_unreachable_server_is_reported_after_some_tries(server, service, monkeypatch):
    monkeypatch.setattr(bot.telegram.service, "START_TRIES", 2)
    base = server.url
    server.url = "http://127.0.0.1:9"  # nobody listens there

    async def work(made):
        await asyncio.sleep(30)

    with pytest.raises(BotError, match=re.escape(UNREACHABLE.format(url=server.url))):
        service(work)
    server.url = base


def test_a_port_that_is_taken_is_reported(server, service):
    port = server.url.rpartition(":")[2]

    async def work(made):
        await asyncio.sleep(30)

    with pytest.raises(BotError, match=PORT_TAKEN.partition("{error}")[0].format(port=port)):
        service(work, "--metrics", port)


def test_told_to_stop_while_telegram_is_out_of_reach_it_stops(server, service):
    server.url = "http://127.0.0.1:9"

    async def work(made):
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)

    made = service(work)
    assert made._problem == ""


def test_told_to_stop_twice_it_finishes_nothing_more(server, service, tmp_path):
    room = server.world.private()
    server.fail("sendMessage", faults.hang(8), times=9)

    async def work(made):
        room.send_text("When was the harbour of Lund opened?")
        await until(lambda: made._memory.unfinished() and made._memory.unfinished()[0].state == "sending")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)

    started = time.monotonic()
    service(work, "--public", "--drain", "60")
    assert time.monotonic() - started < 15
    with closing(Memory(tmp_path / "feedback.sqlite")) as memory:
        assert [received.state for received in memory.unfinished()] == ["sending"]


def test_the_operators_figures_are_in_the_log_and_in_health(server, service, tmp_path, caplog, capsys):
    caplog.set_level("INFO", "quoth")

    def figures():
        return [record.fields["figures"] for record in caplog.records if record.getMessage() == "figures"]

    async def work(made):
        await until(figures)

    service(work, "--public")
    (logged,) = figures()
    for name in ("mode", "last_poll_age_s", "waiting", "documents", "memory_mb", "unfinished"):
        assert name in logged
    assert main(["health", "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"{name}: {value}" for name, value in logged.items()]


def test_status_is_told_to_admins_in_words(server, service):
    room = server.world.private(server.world.user())

    async def work(made):
        for number, text in enumerate(("When was the harbour of Lund opened?", "/status"), 1):
            room.send_text(text)
            await until(lambda number=number: len(room.replies()) == number)

    service(work, "--admin", str(room.id))
    documents, asked = room.replies()[-1].text.split("\n\n")[1:]
    assert documents.startswith("Documents: 3, in ") and documents.endswith("No file has changed since.")
    assert asked == (
        "Questions answered: 1 today, 1 in all\nQuestions without an answer: 0 today, 0 in all\n"
        "People who asked this week: 1\nRatings: 0 👍, 0 👎"
    )
