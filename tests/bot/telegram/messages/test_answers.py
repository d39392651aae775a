"""Answers as Telegram messages: what they say, and that no text of a document can break, link or alter anything."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language.language import CODES, Language
from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_VERY_SURE,
    SEARCHED,
    VERY_SURE,
)
from bot.telegram.memory.kept import KeptAnswer, KeptCitation, KeptText, StoredPassage, keep, kept_json, read_kept
from bot.telegram.messages.answers import (
    ANSWER_OF,
    BACK,
    COPY_CITATION,
    NEXT_ANSWER,
    OPEN_CLOSEST,
    REASON_LABELS,
    SOURCE,
    answer_messages,
    answer_rows,
    combined,
    reason_of,
    reason_rows,
)
from bot.telegram.messages.buttons import MAX_DATA_BYTES, read_press
from bot.telegram.messages.message import COPY_UNITS, MAX_ENTITIES, MAX_UNITS
from bot.telegram.messages.pages import inline_results
from bot.telegram.messages.source import (
    DOCUMENT_CHANGED,
    DOCUMENT_GONE,
    is_first_view,
    source_document,
    source_message,
    source_press,
)
from retrieval.schema import Citation
from tests.bot.telegram.messages.test_links import BITS
from tests.telegram import tdlib

EN, JA = Language("en"), Language("ja")
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
):
    """A citation whose passage is before + quote + after, in a document with `more` around the passage."""
    citation = Citation(number, document, title, date, section, ((0, 1),), (3, 4), quote, mark)
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
def hostile_citations(draw, number=1):
    quote, size = draw(WORDS), draw(st.integers(1, 40))
    quote = quote * size if draw(st.booleans()) else quote
    mark = tuple(sorted(draw(st.tuples(st.integers(0, len(quote)), st.integers(0, len(quote))))))
    return kept_citation(
        number,
        draw(WORDS),
        quote,
        draw(WORDS),
        mark if draw(st.booleans()) else None,
        draw(WORDS),
        draw(WORDS),
        draw(st.none() | WORDS),
        draw(st.none() | WORDS),
        (draw(WORDS) * size, draw(WORDS) * size),
    )


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(CODES))
def test_no_text_of_a_document_breaks_a_message(data, code):
    citations = [data.draw(hostile_citations(number)) for number in range(1, data.draw(st.integers(2, 11)))]
    kept = kept_answer(*citations, question=data.draw(WORDS), searched=data.draw(WORDS))
    messages = answer_messages(kept, Language(code))
    for message in messages:
        check(message)
    check(combined(messages, "(Shortened.)"))
    for result in inline_results(Language(code), kept):
        check(result.message)


@settings(max_examples=300, deadline=None)
@given(hostile_citations(), st.lists(WORDS, max_size=20).map(tuple), st.sampled_from(CODES))
def test_no_text_breaks_a_refusal(closest, words, code):
    kept = kept_answer(status="abstained", closest=closest, unknown_words=words)
    for message in answer_messages(kept, Language(code)):
        check(message)


@settings(max_examples=300, deadline=None)
@given(hostile_citations(), st.integers(0, 9), st.integers(0, 9), st.sampled_from(["sha", "other", None]))
def test_no_text_breaks_the_view_of_a_source(citation, before, after, sha256):
    kept = kept_answer(citation)
    check(source_message(kept, EN, source_press("AbCd1234", 1, before, after).n, sha256))


@settings(max_examples=400, deadline=None)
@given(hostile_citations())
@example(kept_citation(quote="Malmo\u030a, a\u0333 \u200e\u200f\u200eb\r\nc\x00d \u202eevil\ud83d"))
def test_a_quotation_is_altered_only_where_telegram_would(citation):
    message = answer_messages(kept_answer(citation), EN)[0]
    quote = citation.citation.quote
    expected = as_telegram_takes(
        re.sub("[\ud800-\udfff]", "\ufffd", re.sub("[\u2028\u2029]", " ", composed(quote)))
    ).strip()
    shown = said(message, "blockquote")
    if not expected:
        assert shown == []
    elif tdlib.units(expected) <= 1500:
        assert shown == [expected]
    else:
        assert all(part in expected for part in re.split(r"(?:^\[…\] | \[…\]$)", shown[0]))


def composed(text):
    """The rings that Telegram would drop, as one letter with what they stand on, where there is such a letter."""
    import unicodedata

    return re.sub("(?s).\u030a", lambda pair: unicodedata.normalize("NFC", pair[0]), text)


def test_an_answer_says_where_its_words_stand(small):
    kept = keep("AbCd1234", small.ask("When was the harbour of Lund opened?"), small.document)
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text.startswith(
        "The harbour of Lund was opened in 1871 by Queen Astrid.\n\n"
        "[1] The Harbour of Lund\nharbour.txt, line 3\n"
        "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers.\n\n"
        "Very sure ("
    )
    assert said(message, "bold") == ["1871", "1871"]
    assert said(message, "code") == ["harbour.txt"]
    assert said(message, "blockquote") == ["The harbour of Lund was opened in 1871 by Queen Astrid."]
    assert said(message, "expandable_blockquote") == [
        "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."
    ]
    others = [NEXT_ANSWER] if len(kept.answers) > 1 else []
    assert [button.text for row in message.rows for button in row] == [
        SOURCE.format(number=1),
        *others,
        "👍",
        "👎",
        COPY_CITATION,
    ]
    assert message.rows[-1][-1].copy == (
        "“The harbour of Lund was opened in 1871 by Queen Astrid.” (The Harbour of Lund, harbour.txt, line 3)"
    )


def test_every_kept_passage_stands_in_its_document(small):
    kept = keep("AbCd1234", small.ask("When was the harbour of Lund opened?"), small.document)
    (citation,) = kept.answers[0].citations
    document = small.document("harbour.txt")
    assert citation.passage.sha256 == document.sha256
    assert (
        citation.passage.before + document.text[slice(*citation.passage.spans[0])] + citation.passage.after
        == document.text
    )
    assert read_kept(kept_json(kept)) == kept
    with pytest.raises(ValueError, match="not a stored answer"):
        read_kept('{"id": "x"}')


def test_a_refusal_cites_nothing_and_says_what_is_in_no_document(small):
    kept = keep("AbCd1234", small.ask("Who is the emperor of Lund?"), small.document)
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text.startswith(
        f"{NO_ANSWER}\n\n{NOT_IN_ANY_DOCUMENT.format(words='emperor')}\n\n{CLOSEST_PASSAGE}\n"
    )
    assert "[1]" not in message.text
    assert [button.text for row in message.rows for button in row] == [OPEN_CLOSEST, "👍", "👎"]


def test_small_talk_is_answered_in_the_persons_language_without_buttons(small):
    kept = keep("AbCd1234", small.ask("thanks"), small.document)
    (message,) = answer_messages(kept, JA)
    assert (message.text, message.rows) == ("どういたしまして。", ())


def test_agreeing_sources_and_differing_answers_are_distinguished():
    agreeing = (kept_citation(1), kept_citation(2, document="b.txt"))
    kept = kept_answer(answers=(KeptText("1871", 0.95, agreeing), KeptText("1872", 0.6, (kept_citation(3),))))
    first, second = answer_messages(kept, EN, 0)[0], answer_messages(kept, EN, 1)[0]
    assert f"{ALSO_SAID_IN}\n[2] Lund" in first.text
    assert first.text.endswith(f"{VERY_SURE.format(percent='95%')}\nThe documents also give another answer.")
    sources = [SOURCE.format(number=number) for number in (1, 2)]
    assert [button.text for row in first.rows for button in row][:3] == [*sources, NEXT_ANSWER]
    assert second.text.startswith(ANSWER_OF.format(number=2, total=2))
    assert second.text.endswith(NOT_VERY_SURE.format(percent="60%"))
    assert NEXT_ANSWER not in [button.text for row in second.rows for button in row]


def test_a_long_answer_is_split_between_blocks_and_the_buttons_come_last():
    citations = [kept_citation(number, before="word " * 250) for number in range(1, 6)]
    messages = answer_messages(kept_answer(*citations), EN)
    assert len(messages) == 2
    assert messages[0].rows == ()
    assert messages[1].rows
    for message in messages:
        check(message)
        assert all(quote.startswith("word word") for quote in said(message, "expandable_blockquote"))
    assert sum(len(said(message, "expandable_blockquote")) for message in messages) == 5
    assert combined(messages, "(Shortened.)").rows == messages[1].rows
    assert combined(messages, "(Shortened.)").text == f"{messages[0].text}\n\n(Shortened.)"


def test_what_was_searched_is_shown_where_it_is_not_the_question():
    (message,) = answer_messages(kept_answer(kept_citation(), searched="When? Lund"), EN)
    assert message.text.startswith(f"{SEARCHED.format(searched='When? Lund')}\n\n")


def test_a_document_pings_nobody_and_links_to_nothing():
    quote = "Ask @durov at https://t.me/durov or me@x.org, #now, /start, $USD."
    (message,) = answer_messages(kept_answer(kept_citation(quote=quote, title="@all", document="notes.md")), EN)
    check(message)
    formatted = tdlib.parse(message.text, None, entities(message))
    assert tdlib.pings(formatted) == []
    assert said(message, "blockquote") == [quote]
    assert said(message, "code")[:6] == ["@durov", "https://t.me/durov", "me@x.org", "#now", "/start", "$USD"]


def test_a_passage_full_of_links_is_covered_whole():
    quote = " ".join(f"@name{number}" for number in range(99))
    (message,) = answer_messages(kept_answer(kept_citation(quote=quote)), EN)
    check(message)
    assert said(message, "code")[0] == quote


def test_judged_answers_show_it_and_reasons_fit_the_answer():
    kept = kept_answer(kept_citation())
    assert [button.text for button in answer_rows(kept, EN, 0, "wrong")[-1][:2]] == ["👍", "👎 ✓"]
    assert [row[0].text for row in reason_rows(kept, EN)] == [
        *(REASON_LABELS[reason] for reason in ("wrong answer", "wrong source", "should have refused")),
        BACK,
    ]
    refused = [row[0].text for row in reason_rows(kept_answer(status="abstained"), EN)]
    assert REASON_LABELS["should have answered"] in refused
    assert [read_press(row[0].data).n for row in reason_rows(kept, EN)] == [0, 1, 3, 0]


def test_a_reason_knows_below_which_answer_it_stands():
    rows = reason_rows(kept_answer(kept_citation()), EN, 2)
    reasons = [reason_of(read_press(row[0].data).n) for row in rows[:-1]]
    assert reasons == [(2, "wrong answer"), (2, "wrong source"), (2, "should have refused")]
    assert read_press(rows[-1][0].data).n == 2


def test_only_the_first_answer_can_be_judged_for_a_verdict_is_on_all_of_them():
    texts = (KeptText("1871", 0.95, (kept_citation(1),)), KeptText("1872", 0.6, (kept_citation(2),)))
    first, second = (answer_rows(kept_answer(answers=texts), EN, position) for position in (0, 1))
    assert [button.text for button in first[-1]] == ["👍", "👎", COPY_CITATION]
    assert [button.text for button in second[-1]] == [COPY_CITATION]


def test_the_ladder_climbs_to_both_ends_of_what_was_kept():
    before = "".join(f"Sentence number {number} stands before. " for number in range(40))
    citation = kept_citation(more=(before, " A short end."))
    kept = kept_answer(citation)
    n = source_press(kept.id, 1).n
    seen = []
    while True:
        message = source_message(kept, EN, n, "sha")
        check(message)
        seen.append(said(message, "blockquote"))
        if not message.rows:
            break
        n = read_press(message.rows[0][0].data).n
    assert seen[0] == ["It opened in 1871."]
    assert seen[1][0].startswith("Sentence number 2")
    assert seen[-1][0] == before.strip()
    assert seen[-1][-1] == "A short end."
    assert all(part in before for step in seen for part in step[:1] if len(step) > 1)


def test_a_source_says_when_its_document_changed_or_is_gone():
    kept, n = kept_answer(kept_citation()), source_press("AbCd1234", 1).n
    texts = [source_message(kept, EN, n, sha256).text for sha256 in ("sha", "other", None)]
    assert [DOCUMENT_CHANGED in text for text in texts] == [False, True, False]
    assert [DOCUMENT_GONE in text for text in texts] == [False, False, True]
    assert source_document(kept, n) == "a.txt"


def test_a_source_that_is_not_cited_is_none():
    kept = kept_answer(kept_citation())
    assert source_message(kept, EN, source_press("AbCd1234", 2).n, "sha") is None
    assert source_message(kept, EN, 0, "sha") is None


def test_the_buttons_of_a_view_are_distinguished_from_those_of_an_answer():
    kept = kept_answer(kept_citation(more=("Before it. ", " After it.")))
    below = read_press(answer_rows(kept, EN)[0][0].data)
    view = source_message(kept, EN, below.n, "sha")
    assert is_first_view(below.n)
    assert len(view.rows[0]) == 2
    assert not any(is_first_view(read_press(button.data).n) for button in view.rows[0])


def test_there_is_no_source_for_a_number_without_a_citation():
    kept = kept_answer(kept_citation())
    assert source_document(kept, 999_999_999) is None
