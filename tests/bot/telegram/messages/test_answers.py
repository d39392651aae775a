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
    NOT_SURE,
    NOT_VERY_SURE,
    PLACES,
    SEARCHED,
    UNSURE,
    VERY_SURE,
)
from bot.telegram.memory.kept import KeptText, keep, kept_json, read_kept
from bot.telegram.messages.answers import ANSWER_OF, answer_messages, combined
from bot.telegram.messages.buttons import Press, read_press
from bot.telegram.messages.cleaning import clean
from bot.telegram.messages.results import inline_results
from bot.telegram.messages.rows import (
    BACK,
    COPY_CITATION,
    NEXT_ANSWER,
    REASON_LABELS,
    SOURCE,
    WHY,
    answer_rows,
    reason_of,
    reason_rows,
)
from retrieval.schema import Note, Place
from tests.bot.telegram.messages.made import (
    WORDS,
    as_telegram_takes,
    check,
    entities,
    hostile_citations,
    kept_answer,
    kept_citation,
    said,
)
from tests.conftest import EMPEROR, PIERS
from tests.telegram import tdlib

EN, JA = Language("en"), Language("ja")
JAPANESE_CHAPTER = JA.translate(PLACES["chapter"]).format(label="The Sea")


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


def test_an_answer_says_where_its_words_stand(told):
    kept = keep("AbCd1234", told.ask("When was the harbour of Lund opened?"), told.document)
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text.startswith(
        "1871\n\nThe harbour of Lund was opened in 1871 by Queen Astrid.\n\n"
        "[1] The Harbour of Lund\nharbour.txt, line 3\n\n"
        "Very sure · 95%"
    )
    assert said(message, "bold") == ["1871", "1871"]
    assert said(message, "code") == ["harbour.txt"]
    assert said(message, "blockquote") == ["The harbour of Lund was opened in 1871 by Queen Astrid."]
    assert said(message, "expandable_blockquote") == []
    others = [NEXT_ANSWER] if len(kept.answers) > 1 else []
    assert [button.text for row in message.rows for button in row] == [
        SOURCE.format(number=1),
        *others,
        COPY_CITATION,
        "👍",
        "👎",
        WHY,
    ]
    assert message.rows[-2][-1].copy == (
        "“The harbour of Lund was opened in 1871 by Queen Astrid.” (The Harbour of Lund, harbour.txt, line 3)"
    )


def test_every_kept_passage_stands_in_its_document(told):
    kept = keep("AbCd1234", told.ask("When was the harbour of Lund opened?"), told.document)
    (citation,) = kept.answers[0].citations
    document = told.document("harbour.txt")
    assert citation.passage.sha256 == document.sha256
    assert (
        citation.passage.before + document.text[slice(*citation.passage.spans[0])] + citation.passage.after
        == document.text
    )
    assert read_kept(kept_json(kept)) == kept
    with pytest.raises(ValueError, match="not a stored answer"):
        read_kept('{"id": "x"}')


HARBOUR = "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."


def test_a_refusal_cites_the_closest_passage_and_then_says_what_is_in_no_document(told):
    kept = keep("AbCd1234", told.ask(EMPEROR), told.document)
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text == (
        f"{NO_ANSWER}\n\n{CLOSEST_PASSAGE}\n{HARBOUR}\n\n"
        f"[1] The Harbour of Lund\nharbour.txt, line 3\n\n"
        f"{NOT_IN_ANY_DOCUMENT.format(words='emperor')}"
    )
    assert said(message, "bold") == [NO_ANSWER]
    assert [button.text for row in message.rows for button in row] == [
        SOURCE.format(number=1),
        COPY_CITATION,
        "👍",
        "👎",
        WHY,
    ]
    assert message.rows[-2][-1].copy == f"“{HARBOUR}” (The Harbour of Lund, harbour.txt, line 3)"


def test_a_refusal_that_found_no_passage_can_only_be_rated():
    (message,) = answer_messages(kept_answer(status="abstained"), EN)
    assert message.text == NO_ANSWER
    assert [button.text for row in message.rows for button in row] == ["👍", "👎", WHY]


def test_a_perhaps_says_first_that_it_is_not_sure_and_has_all_that_an_answer_has(told):
    kept = keep("AbCd1234", told.ask(PIERS), told.document)
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text == (
        f"{NOT_SURE}\n\n14\n\n{HARBOUR}\n\n[1] The Harbour of Lund\nharbour.txt, line 3\n\n"
        f"{UNSURE.format(percent='27%')}"
    )
    assert said(message, "bold") == ["14", "14"]
    assert [button.text for row in message.rows for button in row] == [
        SOURCE.format(number=1),
        COPY_CITATION,
        "👍",
        "👎",
        WHY,
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_a_perhaps_says_in_the_persons_language_that_it_is_not_sure(code):
    texts = (KeptText("1871", 0.4, (kept_citation(1),)), KeptText("1872", 0.3, (kept_citation(2),)))
    kept, language = kept_answer(status="perhaps", answers=texts), Language(code)
    first, second = answer_messages(kept, language, 0)[0], answer_messages(kept, language, 1)[0]
    for message in (first, second):
        check(message)
        assert language.translate(NOT_SURE) in message.text
    assert first.text.startswith(language.translate(NOT_SURE))
    assert second.text.endswith(language.translate(UNSURE).format(percent=language.percent(0.3)))
    assert NEXT_ANSWER in [button.text for row in answer_rows(kept, EN) for button in row]
    assert code == "en" or language.translate(NOT_SURE) != NOT_SURE


def test_small_talk_is_answered_in_the_persons_language_without_buttons(told):
    kept = keep("AbCd1234", told.ask("thanks"), told.document)
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


def long_citations():
    """Citations that no single message has room for."""
    return [kept_citation(number, quote=f"{number} says " + "word " * 220) for number in range(1, 6)]


def test_a_long_answer_is_split_between_blocks_and_the_buttons_come_last():
    messages = answer_messages(kept_answer(*long_citations()), EN)
    assert len(messages) == 2
    assert messages[0].rows == ()
    assert messages[1].rows
    for message in messages:
        check(message)
        assert all(" says word word" in quote for quote in said(message, "expandable_blockquote"))
    assert sum(len(said(message, "expandable_blockquote")) for message in messages) == 4  # the best is above
    assert combined(messages, "(Shortened.)").rows == messages[1].rows
    assert combined(messages, "(Shortened.)").text == f"{messages[0].text}\n\n(Shortened.)"


@pytest.mark.parametrize("quote", ["A trade agreement", "• A trade agreement.", "**A trade agreement**"])
def test_a_quotation_that_is_nothing_but_the_answer_is_shown_once(quote):
    at = quote.index("A")
    cited = kept_citation(quote=quote, mark=(at, at + len("A trade agreement")))
    (message,) = answer_messages(kept_answer(answers=(KeptText("A trade agreement", 0.95, (cited,)),)), EN)
    check(message)
    assert message.text.count("A trade agreement") == 1
    assert (said(message, "blockquote"), said(message, "bold")) == ([quote], [quote])


def test_another_place_is_quoted_only_where_it_says_more_than_has_been_said():
    said_so, same, only = (kept_citation(1), kept_citation(2), kept_citation(3, quote="1871."))
    more = kept_citation(4, quote="They opened it in 1871, after a storm.", mark=(18, 22))
    (message,) = answer_messages(kept_answer(said_so, same, only, more), EN)
    check(message)
    assert said(message, "expandable_blockquote") == ["They opened it in 1871, after a storm."]


def test_the_heading_of_an_answer_stands_above_it_in_the_persons_language():
    kept = kept_answer(kept_citation(), heading=Note("The documents say: {x}", {"x": "@all"}))
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text.startswith("The documents say: @all\n\n1871\n\nIt opened in 1871.")


def test_the_receipt_stands_below_the_citations_and_a_tap_copies_its_id():
    kept = kept_answer(kept_citation(), receipt="7K3M9Q2A")
    (message,) = answer_messages(kept, EN)
    check(message)
    assert "\na.txt, lines 3–4\nReceipt 7K3M9Q2A\n\nVery sure" in message.text
    assert said(message, "code") == ["a.txt", "7K3M9Q2A"]
    (refusal,) = answer_messages(kept_answer(status="abstained", closest=kept_citation(), receipt="7K3M9Q2A"), EN)
    assert refusal.text.endswith("\nReceipt 7K3M9Q2A")


@pytest.mark.parametrize("likeliest", [None, (10, 17)])
def test_the_likeliest_words_of_a_refusals_passage_are_underlined_and_never_bold(likeliest):
    closest = kept_citation(likeliest=likeliest)
    (message,) = answer_messages(kept_answer(status="abstained", closest=closest), EN)
    check(message)
    assert said(message, "bold") == [NO_ANSWER]
    assert said(message, "underline") == (["in 1871"] if likeliest else [])


def test_what_was_searched_is_shown_where_it_is_not_the_question():
    (message,) = answer_messages(kept_answer(kept_citation(), searched="When? Lund"), EN)
    assert message.text.startswith(f"{SEARCHED.format(searched='When? Lund')}\n\n")


@pytest.mark.parametrize("status", ["answered", "abstained"])
def test_what_a_quotation_hangs_on_stands_above_it_in_italics(status):
    cited = kept_citation(quote="Widget | 3.50", lead="Part | Price\nin euros")
    (message,) = answer_messages(kept_answer(cited, status=status, closest=cited), EN)
    check(message)
    assert "Part | Price in euros\nWidget | 3.50\n\n[1] Lund" in message.text
    assert said(message, "italic")[0] == "Part | Price in euros"
    assert said(message, "blockquote") == ["Widget | 3.50"]


@pytest.mark.parametrize(
    ("place", "english", "japanese"),
    [
        (Place(0, "slide", "3"), "a.txt, slide 3", "a.txt、スライド3"),
        (Place(0, "row", "Prices 12"), "a.txt, row Prices 12", "a.txt、Prices 12行"),
        (Place(0, "chapter", "The Sea"), "a.txt, chapter “The Sea”", f"a.txt、{JAPANESE_CHAPTER}"),
        (None, "a.txt, lines 3–4", "a.txt、3〜4行目"),
    ],
)
def test_a_citation_names_the_place_where_the_format_has_places_and_else_the_lines(place, english, japanese):
    kept = kept_answer(kept_citation(place=place))
    for language, where in ((EN, english), (JA, japanese)):
        (message,) = answer_messages(kept, language)
        check(message)
        assert f"\n{where}\n" in message.text
        assert where in message.rows[-2][-1].copy


def test_a_citation_with_a_page_has_a_button_for_its_picture_beside_its_source():
    page = Place(0, "page", "12")
    kept = kept_answer(kept_citation(1, place=page), kept_citation(2), kept_citation(3, place=page))
    rows = answer_rows(kept, EN)
    assert [[button.text for button in row] for row in rows[:-2]] == [
        ["Source 1", "Page 12", "Source 2", "Source 3"],
        ["Page 12"],
    ]
    assert read_press(rows[0][1].data) == Press("AbCd1234", "picture", 1)
    assert read_press(rows[1][0].data) == Press("AbCd1234", "picture", 3)


def test_the_anchor_of_a_page_is_no_hashtag():
    (message,) = answer_messages(kept_answer(kept_citation(place=Place(0, "anchor", "fire"))), EN)
    check(message)
    assert "#fire" in said(message, "code")


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
    perhaps = kept_answer(status="perhaps", answers=kept.answers)
    assert reason_rows(perhaps, EN) == reason_rows(kept, EN)
    refused = [row[0].text for row in reason_rows(kept_answer(status="abstained"), EN)]
    assert REASON_LABELS["should have answered"] in refused
    assert [read_press(row[0].data).n for row in reason_rows(kept, EN)] == [0, 1, 3, 0]


def test_a_reason_knows_below_which_answer_it_stands():
    rows = reason_rows(kept_answer(kept_citation()), EN, 2)
    reasons = [reason_of(read_press(row[0].data).n) for row in rows[:-1]]
    assert reasons == [(2, "wrong answer"), (2, "wrong source"), (2, "should have refused")]
    assert read_press(rows[-1][0].data).n == 2


def test_every_answer_can_be_rated_and_the_buttons_know_which_one_stands_above_them():
    texts = (KeptText("1871", 0.95, (kept_citation(1),)), KeptText("1872", 0.6, (kept_citation(2),)))
    rows = [answer_rows(kept_answer(answers=texts), EN, position)[-1] for position in (0, 1)]
    assert [[button.text for button in row] for row in rows] == [["👍", "👎", WHY]] * 2
    assert [read_press(row[1].data) for row in rows] == [Press("AbCd1234", "wrong", n) for n in (0, 1)]


def test_direction_marks_with_non_joiners_between_them_are_changed_as_telegram_changes_them():
    for text in ("a\u200e\u200c\u200eb", "a\u200f\u200c\u200c\u200e\u200cb", "a\u200e\u200db\u200e\u200b\u200e."):
        assert clean(text)[0] == as_telegram_takes(text)
