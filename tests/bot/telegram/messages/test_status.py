"""What /status tells admins, as a whole."""

from datetime import datetime

import pytest

from bot.language.language import CODES, Language
from bot.telegram.memory.usage import Usage
from bot.telegram.messages.status import IndexState, status_message
from tests.bot.telegram.messages.made import check, said

INDEX = IndexState(documents=1200, passages=41_000, built_at=datetime(2026, 11, 3, 14, 5), changed_files=0)
USAGE = Usage(
    answered_today=12, answered=3400, refused_today=3, refused=55, people_this_week=7, right=30, wrong=4
)  # fmt: skip


def test_status_is_told_in_words():
    message = status_message(Language("en"), INDEX, USAGE)
    check(message)
    assert message.text == (
        "Status of the bot\n\n"
        "Documents: 1,200, in 41,000 passages\n"
        "Index built: 3 November 2026, 14:05\n"
        "No file has changed since.\n\n"
        "Questions answered: 12 today, 3,400 in all\n"
        "Questions without an answer: 3 today, 55 in all\n"
        "People who asked this week: 7\n"
        "Ratings: 30 👍, 4 👎"
    )
    assert said(message, "bold") == ["Status of the bot"]


@pytest.mark.parametrize(("number", "words"), [(1, "1 file has changed since."), (1500, "1,500 files have changed")])
def test_status_says_how_many_files_have_changed_since(number, words):
    changed = IndexState(INDEX.documents, INDEX.passages, INDEX.built_at, number)
    assert words in status_message(Language("en"), changed, USAGE).text


@pytest.mark.parametrize("code", CODES)
def test_status_is_a_message_in_every_language(code):
    check(status_message(Language(code), INDEX, USAGE))
