"""Whatever Telegram would turn into a link is found first; TDLib's own finder is the judge."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram.messages.links import linkable
from tests.telegram.tdlib import found_entities, span, units

pytestmark = pytest.mark.filterwarnings("error")

BITS = st.sampled_from(
    [
        *"@ab @durov /ask ask / # #tag #1 1 $ $USD USD . .. : :// http https tg ton www com COM Com md txt jp".split(),
        *"рф xn--p1ai example example.com a@b.co 1.2.3.4 4242 - _ ~ + ( ) [ ] « » “ ” , ; ! ? … 日本 の 。 ä é".split(),
        *"½ ² · \u200c \u0301 \ufe0f \U0001f600 \U0001d400 ' * % & = < > \" \\ ^ | { } ” \u202e \u00a0".split(" "),
        *"12:30 U.S.A e.g. and/or 24/7".split(),
        *" \n\t",
    ]
)
TEXTS = st.one_of(st.lists(BITS, max_size=14).map("".join), st.text(max_size=40))


def missed(text):
    """What TDLib finds and `linkable` does not touch; times of day are left out, see the module."""
    spans = [(units(text[:start]), units(text[:end])) for start, end in linkable(text)]
    found = [entity for entity in found_entities(text) if entity["type"] != "mediatimestamp"]
    return [one for one in found if not any(a < span(one)[1] and span(one)[0] < b for a, b in spans)]


@settings(max_examples=3000, deadline=None)
@given(TEXTS)
@example("see @durov, notes.md and https://example.com/(x).")
@example("4242 4242 4242 4242")
@example("日本.jp")
def test_nothing_that_telegram_links_is_missed(text):
    assert missed(text) == []


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("Ask @durov or mail me@x.org.", ["@durov", "me@x.org"]),
        ("See https://x.org/a_b, (www.y.com) and notes.md!", ["https://x.org/a_b", "www.y.com", "notes.md"]),
        ("/start #tag #1 $USD $3.2 million", ["/start", "#tag", "$USD"]),
        ("in the U.S.A. and/or 24/7, the end.The next, e.g. 3.14 per cent", []),
        ("JALAC was founded in 1958-2022; 1,200,300 tonnes at 12:30", []),
        ("call +44 20 7946 0958 or pay 4242 4242 4242 4242", ["+44 20 7946 0958", "4242 4242 4242 4242"]),
    ],
)
def test_plain_prose_is_left_alone(text, stretches):
    assert [text[start:end] for start, end in linkable(text)] == stretches


def test_a_long_text_without_spaces_takes_no_time():
    assert linkable("あ" * 200_000) == []
    assert linkable("ab." * 100_000) == [(0, 299_999)]
    assert linkable("1 " * 100_000) == [(0, 199_999)]
