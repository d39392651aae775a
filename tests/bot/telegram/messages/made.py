"""Answers made for tests, hostile ones among them, and what Telegram makes of a message."""

import re

from hypothesis import strategies as st

from bot.language.wording import PLACES
from bot.telegram.memory.kept import KeptAnswer, KeptCitation, KeptText, StoredPassage
from bot.telegram.messages.buttons import MAX_DATA_BYTES, read_press
from bot.telegram.messages.message import COPY_UNITS, MAX_ENTITIES, MAX_UNITS
from retrieval.schema import Citation, Place
from tests.bot.telegram.messages.test_links import BITS
from tests.telegram import tdlib

CONTROLS = (
    "\x00 \x07 \t \r \x1b \x7f \x85 \u200b \u200e \u200f \u202a \u202e \u2028 \u2066 \u2069 \u030a \u0333 \ufeff \ud800"
)
HOSTILE = st.one_of(
    BITS,
    st.sampled_from(CONTROLS.split(" ")),
    st.sampled_from("<b> </code> &amp; *_`[]( \U0001f468\u200d\U0001f469 a\u030a".split()),
)
WORDS = st.one_of(
    st.lists(HOSTILE, max_size=12).map("".join), st.text(st.characters(codec=None, categories=None), max_size=60)
)


def entities(message):
    return [{"type": one.type, "offset": one.offset, "length": one.length} for one in message.entities]


def said(message, kind):
    return [tdlib.cut(message.text, one) for one in entities(message) if one["type"] == kind]


def as_telegram_takes(text):
    """What Telegram makes of a text, byte by byte (clean_input_string in td/telegram/misc.cpp)."""
    data, kept, at = text.encode("utf-8", "surrogatepass"), bytearray(), 0
    while at < len(data):
        if data[at] == 0x0D:
            at += 1
        elif data[at] < 0x20 and data[at] != 0x0A:
            kept += b" "
            at += 1
        elif data[at : at + 2] == b"\xe2\x80" and 0xA8 <= data[at + 2] <= 0xAE:
            at += 3
        elif data[at] == 0xCC and data[at + 1] in (0xB3, 0xBF, 0x8A):
            at += 2
        else:
            kept.append(data[at])
            at += 1
    cleaned = kept.decode("utf-8", "surrogatepass")
    for _ in cleaned:
        cleaned = re.sub("[\u200e\u200f](?=[\u200c]*[\u200e\u200f])", "\u200c", cleaned, count=1)
    return cleaned


def as_telegram_corrects(message):
    """The entities that are left of the message's own once TDLib has sorted, split and joined what can't stay."""
    theirs = [tdlib._theirs(one) for one in entities(message)]
    text = {"@type": "formattedText", "text": message.text, "entities": theirs}
    return [tdlib._ours(one) for one in tdlib._call({"@type": "parseMarkdown", "text": text})["entities"]]


def check(message, links=()):
    """The message is one that Telegram takes as it is, and makes no link in that is not expected."""
    formatted = tdlib.parse(message.text, None, entities(message))
    assert tdlib.problems(formatted, message.text) == []
    assert message.text.rstrip() == as_telegram_takes(message.text).strip()  # it cuts off white space at both ends
    assert tdlib.units(message.text) <= MAX_UNITS + 96
    assert len(message.entities) <= MAX_ENTITIES
    for one in message.entities:
        assert one.length > 0
        assert one.offset + one.length <= tdlib.units(message.text)
        tdlib.cut(message.text, {"offset": one.offset, "length": one.length})  # decodes: no character is halved
    if not re.search(
        r"\*\*|__|~~|\|\||`|\]\(", message.text
    ):  # else TDLib's only call that corrects entities reads markup
        assert sorted(map(str, as_telegram_corrects(message))) == sorted(map(str, entities(message)))
    found = [one for one in tdlib.with_found(formatted).entities if one not in formatted.entities]
    assert [tdlib.cut(message.text, one) for one in found if one["type"] != "mediatimestamp"] == list(links)
    for button in (button for row in message.rows for button in row):
        assert button.text.strip()
        assert (button.data is None) != (button.copy is None)
        assert button.data is None or (len(button.data.encode()) <= MAX_DATA_BYTES and read_press(button.data))
        assert button.copy is None or 0 < tdlib.units(button.copy) <= COPY_UNITS


def kept_citation(
    number=1,
    before="",
    quote="It opened in 1871.",
    after="",
    mark=None,
    title="Lund",
    document="a.txt",
    section=None,
    date=None,
    more=("", ""),
    lead="",
    place=None,
    likeliest=None,
):
    """A citation whose passage is before + quote + after, in a document with `more` around the passage."""
    lead_spans = ((0, len(lead)),) if lead else ()
    citation = Citation(
        number, document, title, date, section, ((0, 1),), (3, 4), quote, mark, lead, lead_spans, place, likeliest
    )
    return KeptCitation(citation, StoredPassage("sha", ((0, 1),), before + quote + after, *more))


def kept_answer(*citations, status="answered", **changes):
    given = {
        "id": "AbCd1234",
        "question": "When?",
        "searched": "When?",
        "status": status,
        "confidence": 0.95,
        "answers": (KeptText("1871", 0.95, citations),) if status == "answered" else (),
        "closest": None,
        "unknown_words": (),
        "reply": None,
        "elapsed_ms": 5.0,
    }
    return KeptAnswer(**given | changes)


@st.composite
def places(draw):
    """No place, or one of any kind; the label of a page is always a number."""
    kind = draw(st.none() | st.sampled_from(sorted(PLACES)))
    return kind and Place(0, kind, str(draw(st.integers(1, 5000))) if kind == "page" else draw(WORDS))


@st.composite
def hostile_citations(draw, number=1):
    quote, size = draw(WORDS), draw(st.integers(1, 40))
    quote = quote * size if draw(st.booleans()) else quote
    mark = tuple(sorted(draw(st.tuples(st.integers(0, len(quote)), st.integers(0, len(quote))))))
    is_marked, is_hinted = draw(st.booleans()), draw(st.booleans())
    return kept_citation(
        number,
        draw(WORDS),
        quote,
        draw(WORDS),
        mark if is_marked else None,
        draw(WORDS),
        draw(WORDS),
        draw(st.none() | WORDS),
        draw(st.none() | WORDS),
        (draw(WORDS) * size, draw(WORDS) * size),
        draw(WORDS),
        draw(places()),
        mark if is_hinted else None,
    )
