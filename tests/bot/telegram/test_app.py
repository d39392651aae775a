"""Starting the bot: alone with its database, and with a warning for what the operator may have overlooked."""

import argparse
import re

import pytest
from filelock import FileLock

import bot.telegram.app
from bot.telegram.app import ALREADY_RUNNING, _warn, run
from bot.telegram.settings import add_flags, read_telegram
from retrieval.errors import BotError
from tests.conftest import write_corpus

TOKEN = "123456789:AAtestTESTtestTESTtestTESTtestTEST1"


def config(*flags):
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return read_telegram(parser.parse_args(flags), {"QUOTH_TELEGRAM_TOKEN": TOKEN})


def test_two_bots_do_not_share_one_file(tmp_path, monkeypatch):
    monkeypatch.setattr(bot.telegram.app, "set_up", lambda stream, secrets: None)
    state = tmp_path / "feedback.sqlite"
    with (
        FileLock(f"{state}.telegram.lock"),
        pytest.raises(BotError, match=re.escape(ALREADY_RUNNING.format(state=state))),
    ):
        run(config(), tmp_path / "index", state, 0.9)


@pytest.mark.parametrize("flags", [["--public"], ["--allow", "7"], ["--admin", "7"]])
def test_a_bot_that_nobody_can_use_is_worth_a_warning(small, tmp_path, caplog, flags):
    _warn(config(*flags), tmp_path / "index", small)
    assert caplog.messages == []
    _warn(config(), tmp_path / "index", small)
    assert caplog.messages == ["nobody has access"]


def test_an_index_that_is_out_of_date_is_worth_a_warning(small, docs, tmp_path, caplog):
    write_corpus(docs, {"light.txt": "The Lighthouse\n\nIt was built in 1931.\n"})
    _warn(config("--public"), tmp_path / "index", small)
    assert caplog.messages == ["index out of date"]
    assert caplog.records[0].fields["advice"] == f"run `quoth index --index {tmp_path / 'index'}`"


def test_a_bot_that_watches_brings_its_index_up_to_date_itself_and_warns_of_nothing(small, docs, tmp_path, caplog):
    write_corpus(docs, {"light.txt": "The Lighthouse\n\nIt was built in 1931.\n"})
    assert config("--public", "--watch").watches and not config("--public").watches
    _warn(config("--public", "--watch"), tmp_path / "index", small)
    assert caplog.messages == []
