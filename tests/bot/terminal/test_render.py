"""What a person reads of an answer, and that a terminal obeys nothing in a document."""

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from rich.console import Console

from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    FAIRLY_SURE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_SURE,
    NOT_VERY_SURE,
    SEARCHED,
    UNSURE,
    VERY_SURE,
)
from bot.plain_text import how_long
from bot.receipts.wording import located
from bot.terminal.citations import is_plain, marked, titled
from bot.terminal.document_lines import render_document, render_section
from bot.terminal.figures import NO_CANDIDATE, render_figures
from bot.terminal.listings import NO_DOCUMENTS, NO_PASSAGE, render_hits, render_sources
from bot.terminal.render import DISAGREES, confidence_line, render_answer, render_text
from retrieval.citing import cite
from retrieval.schema import (
    Answer,
    AnswerText,
    Candidate,
    Citation,
    Document,
    Features,
    Hit,
    Note,
    Passage,
    Section,
    Source,
)
from retrieval.spans import ReadingText

FEATURES = Features(
    span=3.2142,
    relevance=0.8,
    cosine=0.71,
    behind_best=0.0,
    shared=0.5,
    shared_before=0.5,
    pairs=0.25,
    defines=0.0,
    ahead=1.5,
    agreeing=0.0,
    overlap=0.9,
    missing=0.0,
    reason=0.0,
)
TALKS = "Round one was in May.\nIt was signed after four years\nof talks. Tea followed.\n"
HOSTILE = "[bold red]x[/] \x1b[31mred\x1b]0;title\x07 a\rb\b \x9b2J \u202egnp.exe\u2066 \x00\x7f 𝕏 \ud800 end"


def document(text: str = TALKS, doc_id: str = "talks.txt", title: str = "Talks") -> Document:
    return Document(doc_id, text, "0" * 64, "utf-8", title, "2022-05-16", None, (Section("Signing", None, False),))


def hit(source: Document) -> Hit:
    reading = ReadingText(source.text.replace("\n", " "), ((0, 0, len(source.text)),))
    return Hit(0, Passage(source.doc_id, 0, reading, ((0, len(source.text)),)), source, 0.83, 1, 0.71, 12.4)


def answer(*texts: AnswerText, **changes) -> Answer:
    plain = Answer(
        question="How long?",
        searched="How long?",
        status="answered",
        confidence=0.91,
        answers=texts,
        threshold=0.35,
        perhaps_threshold=0.25,
        elapsed_ms={"search": 4.1, "total": 66.2},
    )
    return replace(plain, **changes)


def candidate(found: Hit, start: int, end: int, span: tuple[int, int], confidence: float) -> Candidate:
    return Candidate(hit=found, start=start, end=end, answer=span, confidence=confidence, features=FEATURES)


def four_years(number: int = 1, doc_id: str = "talks.txt") -> Citation:
    return cite(number, hit(document(doc_id=doc_id)), 22, 62, (42, 52))


def shown(renderable, width: int = 60) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(renderable)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def bytes_to_a_terminal(renderable) -> str:
    console = Console(file=io.StringIO(), width=2000, force_terminal=True, color_system="standard", no_color=False)
    console.print(renderable)
    return console.file.getvalue()


def test_an_answer_is_its_sentence_with_the_answer_marked_then_where_it_stands_and_how_sure():
    found = answer(AnswerText("four years", 0.91, (four_years(), four_years(2, "other.txt"))))
    assert (
        shown(render_answer(found, is_plain=True))
        == f"""\
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022, section “Signing”
    talks.txt, lines 2–3
{ALSO_SAID_IN}
[2] Talks, 16 May 2022, section “Signing”
    other.txt, lines 2–3
{confidence_line(0.91)}, 66 ms"""
    )


def test_with_colour_the_mark_is_bold_and_green_and_no_asterisks():
    answered = render_text(AnswerText("four years", 0.91, (four_years(),)), is_plain=False)
    assert "after \x1b[1;32mfour years\x1b[0m of talks.”" in bytes_to_a_terminal(answered)


def test_a_quotation_without_a_part_that_stands_out_has_no_mark():
    answered = AnswerText("all of it", 0.91, (replace(four_years(), mark=None),))
    assert shown(render_text(answered, is_plain=True)).startswith("“It was signed after four years of talks.”")


def test_what_was_searched_is_shown_only_where_it_is_not_the_question():
    answered = answer(AnswerText("four years", 0.91, (four_years(),)))
    follow_up = shown(render_answer(replace(answered, searched="How long? talks"), True))
    assert follow_up.startswith(f"{SEARCHED.format(searched='How long? talks')}\n“It was")
    assert shown(render_answer(replace(answered, searched="How long? "), True)).startswith("“It was")


def test_top_says_how_many_texts_are_shown():
    answered = answer(AnswerText("a", 0.91, (four_years(1),)), AnswerText("b", 0.6, (four_years(2),)))
    assert "[2]" not in shown(render_answer(answered, True))
    assert shown(render_answer(answered, True, top=2)).splitlines()[4:8] == [
        f"{confidence_line(0.91)}, 66 ms",
        "",
        "“It was signed after **four years** of talks.”",
        "",
    ]


def test_a_refusal_cites_the_closest_passage_and_then_names_the_words_in_no_document():
    closest = cite(1, hit(document()), 0, 62)
    refused = answer(status="abstained", nearest=closest, unknown_words=("Zermatt", "2019"))
    assert (
        shown(render_answer(refused, True), width=120)
        == f"""\
{NO_ANSWER}
{CLOSEST_PASSAGE}
“Round one was in May. It was signed after four years of talks.”

[1] Talks, 16 May 2022, section “Signing”
    talks.txt, lines 1–3
{NOT_IN_ANY_DOCUMENT.format(words="Zermatt, 2019")}"""
    )


def test_a_perhaps_says_first_that_it_is_not_sure_and_then_is_shown_as_an_answer():
    text = AnswerText("four years", 0.75, (four_years(),))
    rival = AnswerText("5 years", 0.5, (four_years(2, "other.txt"),))
    found = answer(replace(text, text="4 years"), rival, status="perhaps", confidence=0.75)
    assert (
        shown(render_answer(found, is_plain=True))
        == f"""\
{NOT_SURE}
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022, section “Signing”
    talks.txt, lines 2–3
{UNSURE.format(percent="75%")}, 66 ms

{DISAGREES}
“It was signed after **four years** of talks.”

[2] Talks, 16 May 2022, section “Signing”
    other.txt, lines 2–3
{UNSURE.format(percent="50%")}"""
    )


def test_a_refusal_over_an_empty_folder_is_one_line():
    assert shown(render_answer(answer(status="abstained"), True)) == NO_ANSWER


def test_small_talk_is_its_one_line():
    assert shown(render_answer(answer(status="smalltalk", reply="Hello [b]you[/b]."), True)) == "Hello [b]you[/b]."


def test_a_citation_without_a_date_has_none_and_a_section_that_is_the_title_is_not_shown_twice():
    bare = replace(four_years(), date=None, section="Talks")
    assert titled(bare) == "Talks"
    assert titled(replace(bare, section=None)) == "Talks"
    assert titled(replace(bare, section="“Leading”")) == "Talks, section “Leading”"


def test_one_line_is_not_a_range():
    assert located(replace(four_years(), lines=(171, 171))) == "talks.txt, line 171"
    assert located(replace(four_years(), lines=(171, 172))) == "talks.txt, lines 171–172"


@pytest.mark.parametrize(
    ("confidence", "level", "percent"),
    [
        (1.0, VERY_SURE, "99%"),
        (0.9, VERY_SURE, "90%"),
        (0.89, FAIRLY_SURE, "89%"),
        (0.7, FAIRLY_SURE, "70%"),
        (0.42, NOT_VERY_SURE, "42%"),
        (0.0, NOT_VERY_SURE, "1%"),
    ],
)
def test_confidence_is_words_and_per_cent_and_never_certain(confidence, level, percent):
    assert confidence_line(confidence) == level.format(percent=percent)


def test_a_time_has_a_fitting_unit():
    assert (how_long(66.2), how_long(1234)) == ("66 ms", "1.2 s")


def test_marks_may_come_in_any_order_touch_or_be_empty():
    assert marked("abcdefgh", [(6, 7), (0, 2), (2, 3), (4, 4)], True).plain == "**abc**def**g**h"
    assert marked("𝕏𝕐𝕫", [(1, 2)], True).plain == "𝕏**𝕐**𝕫"


def hostile_renderables():
    source = document(HOSTILE + "\n" + HOSTILE, doc_id=HOSTILE, title=HOSTILE)
    source = replace(source, date=HOSTILE, sections=(Section(HOSTILE, HOSTILE, True),))
    found = hit(source)
    citation = cite(1, found, 0, len(HOSTILE), (0, 10))
    best = candidate(found, 0, len(HOSTILE), (0, len(HOSTILE)), 0.5)
    answered = answer(
        AnswerText(HOSTILE, 0.9, (replace(citation, section=HOSTILE + "2"), citation)),
        question=HOSTILE,
        searched=HOSTILE + "2",
        hits=(found,),
        unknown_words=(HOSTILE,),
        candidates=(best,),
        elapsed_ms={HOSTILE: 1.0},
    )
    return {
        "answer": render_answer(answered, False),
        "perhaps": render_answer(replace(answered, status="perhaps"), False),
        "refusal": render_answer(replace(answered, status="abstained", answers=(), nearest=citation), False),
        "small talk": render_answer(replace(answered, status="smalltalk", reply=HOSTILE), False),
        "why": render_figures(answered),
        "hits": render_hits([found]),
        "sources": render_sources([Source(HOSTILE, HOSTILE, HOSTILE, None, source.sections, 1)]),
        "document": render_document(source, citation, False),
    }


@pytest.mark.parametrize("name", list(hostile_renderables()))
def test_hostile_text_reaches_the_terminal_as_text(name):
    written = bytes_to_a_terminal(hostile_renderables()[name])
    written.encode("utf-8")
    assert "\x1b[31m" not in written
    ours = re.sub(r"\x1b\[[0-9;]*m", "", written)  # the styles we set ourselves
    assert not [char for char in ours if char != "\n" and unicodedata.category(char) == "Cc"]
    assert not set("\u202e\u2066") & set(ours)
    heads = ours.count("[bold red]x[/] ␛[31mred␛]0;title␇ a")
    tails = ours.count("b␈ �2J �gnp.exe� ␀␡ 𝕏 � end")
    assert heads == tails == ours.count("gnp") > 0


def test_why_shows_ranks_and_scores_then_candidates_with_features_then_threshold_and_times():
    found = hit(document())
    best = candidate(found, 22, 62, (42, 52), 0.91)
    assert (
        shown(render_figures(answer(hits=(found,), candidates=(best,))))
        == """\
Searched: How long?
# dense sparse score document, section
1  0.71   12.4  0.83 talks.txt
                     Signing

confidence candidate
      0.91 It was signed after four years of talks.
           answer “four years”; span 3.21, relevance 0.8,
           cosine 0.71, behind best 0, shared 0.5, shared
           before 0.5, pairs 0.25, defines 0, ahead 1.5,
           agreeing 0, overlap 0.9, missing 0, reason 0
Confidence: 0.91; threshold for an answer: 0.35, for
“perhaps”: 0.25
Time: search 4 ms, total 66 ms"""
    )


def test_why_of_an_answer_that_found_nothing_says_so():
    assert shown(render_figures(answer(status="abstained", confidence=0.0))).splitlines()[1:4] == [
        NO_PASSAGE,
        "",
        NO_CANDIDATE,
    ]


def test_hits_are_ranked_passages_with_their_scores():
    assert (
        shown(render_hits([hit(document())]))
        == """\
1 Talks, talks.txt
  score 0.83: dense 0.71, sparse 12.4
  Round one was in May. It was signed after four years of
  talks. Tea followed."""
    )
    assert shown(render_hits([])) == NO_PASSAGE


def test_sources_are_numbered_and_only_articles_stand_under_their_document():
    sources = [
        Source("news.txt", "News", "2022", None, (Section(None, None, False), Section("Tea", "2022-05", True)), 1),
        Source("b.txt", "B", None, None, (Section("Chapter 1", None, False),), 1200),
    ]
    assert (
        shown(render_sources(sources))
        == """\
1 News
  2022, 1 passage, news.txt
  - Tea, May 2022
2 B
  1,200 passages, b.txt"""
    )


def test_an_empty_folder_has_no_sources():
    assert shown(render_sources([])) == NO_DOCUMENTS


def test_a_document_shows_lines_around_the_citation_with_the_slice_marked():
    source = document("zero\n" * 8 + TALKS)
    citation = cite(1, hit(source), 62, 102)
    assert (
        shown(render_document(source, citation, True, context_lines=1))
        == """\
Talks, 16 May 2022, section “Signing”
talks.txt, lines 10–11

 9 Round one was in May.
10 **It was signed after four years**
11 **of talks.** Tea followed.
12"""
    )


def test_the_whole_document_is_shown_where_no_context_is_given():
    assert shown(render_document(document(), four_years(), True)).splitlines()[3:] == [
        "1 Round one was in May.",
        "2 **It was signed after four years**",
        "3 **of talks.** Tea followed.",
        "4",
    ]


def test_slices_that_run_backwards_and_stand_apart_are_each_marked_in_file_order():
    text = "first half\n" + "between\n" * 6 + "second half\n"
    spans = ((59, 65), (0, 5))  # read as "second […] first"
    citation = replace(four_years(), spans=spans, lines=(1, 8))
    assert shown(render_document(document(text), citation, True, 1)).splitlines()[3:] == [
        "1 **first** half",
        "2 between",
        "⋮",
        "7 between",
        "8 **second** half",
        "9",
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_the_citation_counts_them(line_break):
    source = document(line_break.join(["one\x0b\u2028\x85", "two", "three"]))
    start = source.text.index("three")
    citation = cite(1, hit(source), start, start + 5)
    assert citation.lines == (3, 3)
    assert shown(render_document(source, citation, True, 0)).splitlines()[3:] == ["3 **three**"]


def test_a_narrow_terminal_loses_no_character_of_a_file_name():
    name = "a_very_long_file_name_that_has_no_spaces_at_all.txt"
    answered = render_text(AnswerText("four years", 0.91, (four_years(1, name),)), True)
    lines = shown(answered, width=30).splitlines()
    assert all(len(line) <= 30 for line in lines)
    assert name in "".join(line.strip() for line in lines)


def test_marks_are_characters_wherever_no_colour_is_shown():
    assert is_plain(Console(file=io.StringIO()))
    assert is_plain(Console(file=io.StringIO(), force_terminal=True, color_system="standard", no_color=True))
    assert not is_plain(Console(file=io.StringIO(), force_terminal=True, color_system="standard", no_color=False))


def test_a_refusal_s_likeliest_words_are_underlined_and_nothing_is_marked():
    closest = replace(cite(1, hit(document()), 0, 62), likeliest=(37, 47))
    refused = render_answer(answer(status="abstained", nearest=closest), is_plain=False)
    at = closest.quote[slice(*closest.likeliest)]
    assert f"\x1b[4m{at}\x1b[0m" in bytes_to_a_terminal(refused)
    assert "**" not in shown(render_answer(answer(status="abstained", nearest=closest), is_plain=True))


def test_the_receipt_stands_behind_the_confidence_or_below_a_refusal():
    found = answer(AnswerText("four years", 0.91, (four_years(),)), AnswerText("b", 0.9, (four_years(2),)))
    assert shown(render_answer(found, True, receipt="5SGYYMP7")).endswith("\nVery sure · 91%, 66 ms · Receipt 5SGYYMP7")
    assert shown(render_answer(found, True, top=2, receipt="5SGYYMP7")).count("5SGYYMP7") == 1
    refused = answer(status="abstained", nearest=cite(1, hit(document()), 0, 62), unknown_words=("Zermatt",))
    assert shown(render_answer(refused, True, receipt="5SGYYMP7")).endswith(": Zermatt\nReceipt 5SGYYMP7")


def test_a_heading_stands_above_the_answers():
    found = answer(
        AnswerText("four years", 0.91, (four_years(),)), heading=Note("The {what} say:", {"what": "documents"})
    )
    assert shown(render_answer(found, True)).startswith("The documents say:\n“It was")


def test_a_section_s_lines_keep_the_blank_ones_between_them_and_leave_others_out():
    source = document("Head\n\nOne.\n\nnot indexed\n\nTwo.\nafter\n")
    citation = cite(1, hit(source), 6, 10)
    spans = [(0, 4), (6, 10), (25, 29)]
    assert shown(render_section(source, citation, True, spans)).splitlines()[3:] == [
        "1 Head",
        "2",
        "3 **One.**",
        "⋮",
        "7 Two.",
    ]
