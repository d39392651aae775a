"""A press is parsed back as it was written, and nothing else is a press."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.store import new_id
from bot.telegram.messages.buttons import MAX_DATA_BYTES, NO_ID, Action, Press, read_press

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,32}", fullmatch=True)


@given(st.builds(Press, IDS, st.sampled_from(get_args(Action)), st.integers(0, 999_999_999)))
def test_a_press_is_read_as_it_was_written(press):
    assert read_press(press.data()) == press
    assert len(press.data().encode()) <= MAX_DATA_BYTES


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "v1",
        "v2:AbCd1234:next:1",
        "v1:AbCd1234:next:1 ",
        "v1:AbCd1234:next:1\n",
        "v1:AbCd1234:next:01",
        "v1:AbCd1234:next:-1",
        "v1:AbCd1234:next:1:2",
        "v1:AbCd1234:drop:1",
        "v1::next:1",
        "v1:../../etc:next:1",
        "v1:AbCd1234:next:١",
        "v1:AbCd1234:next:1000000000",
        "v1:" + "a" * 33 + ":next:1",
        "V1:AbCd1234:next:1",
    ],
)
def test_anything_else_is_no_button(data):
    assert read_press(data) is None


@given(st.text())
def test_no_text_breaks_the_reader(data):
    press = read_press(data)
    assert press is None or press.data() == data


def test_new_ids_and_no_id_fit_the_grammar():
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(read_press(Press(id_, "next", 1).data()) for id_ in [*ids, NO_ID])
