"""What a person reads of an answer, and that nothing a document says is obeyed by the terminal."""

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from rich.console import Console

from bot.terminal.render import (
    counted,
    excerpt,
    how_long,
    how_sure,
    is_plain,
    located,
    marked,
    render_answer,
    render_document,
    render_hits,
    render_sources,
    render_text,
    render_why,
    shown_date,
    titled,
    visible,
)
from retrieval.schema import (
    Answer,
    AnswerText,
    Candidate,
    Citation,
    Document,
    Hit,
    Passage,
    ReadingText,
    Section,
    Source,
    cite,
)

TALKS = "Round one was in May.\nIt was signed after four years\nof talks. Tea followed.\n"
HOSTILE = "[bold red]x[/] \x1b[31mred\x1b]0;title\x07 a\rb\b \x9b2J \u202egnp.exe\u2066 \x00\x7f 𝕏 \ud800 end"


def document(text: str = TALKS, doc_id: str = "talks.txt", title: str = "Talks") -> Document:
    return Document(doc_id, text, "0" * 64, "utf-8", title, "2022-05-16", None, (Section("Signing", None, False),))


def hit(source: Document) -> Hit:
    reading = ReadingText(source.text.replace("\n", " "), ((0, 0, len(source.text)),))
    return Hit(0, Passage(source.doc_id, 0, reading, ((0, len(source.text)),)), source, 0.83, 1, 0.71, 12.4)


def answer(*texts: AnswerText, **changes) -> Answer:
    plain = Answer("How long?", "How long?", "answered", 0.91, texts, (), (), (), 0.35, {"search": 4.1, "total": 66.2})
    return replace(plain, **changes)


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
    said = answer(AnswerText("four years", 0.91, (four_years(), four_years(2, "other.txt"))))
    assert (
        shown(render_answer(said, is_plain=True))
        == """\
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022, section “Signing”
    talks.txt, lines 2-3
Also said by
[2] Talks, 16 May 2022, section “Signing”
    other.txt, lines 2-3
very sure (91 per cent): answers this sure were right 9
times in 10, 66 ms"""
    )


def test_with_colour_the_mark_is_bold_and_green_and_no_asterisks():
    said = render_text(AnswerText("four years", 0.91, (four_years(),)), is_plain=False)
    assert "after \x1b[1;32mfour years\x1b[0m of talks.”" in bytes_to_a_terminal(said)


def test_a_quotation_without_a_part_that_stands_out_has_no_mark():
    said = AnswerText("all of it", 0.91, (replace(four_years(), mark=None),))
    assert shown(render_text(said, is_plain=True)).startswith("“It was signed after four years of talks.”")


def test_what_was_searched_is_said_only_where_it_is_not_the_question():
    said = answer(AnswerText("four years", 0.91, (four_years(),)))
    leaning = shown(render_answer(replace(said, searched="How long? talks"), True))
    assert leaning.startswith("(searched: How long? talks)\n“It was")
    assert "searched" not in shown(render_answer(replace(said, searched="How long? "), True))


def test_top_says_how_many_texts_are_shown():
    said = answer(AnswerText("a", 0.91, (four_years(1),)), AnswerText("b", 0.6, (four_years(2),)))
    assert "[2]" not in shown(render_answer(said, True))
    assert shown(render_answer(said, True, top=2)).splitlines()[4:9] == [
        "very sure (91 per cent): answers this sure were right 9",
        "times in 10, 66 ms",
        "",
        "“It was signed after **four years** of talks.”",
        "",
    ]


def test_a_refusal_shows_the_closest_passage_as_no_answer_and_cites_nothing():
    refused = answer(status="abstained", hits=(hit(document()),), unknown_words=("Zermatt", "2019"))
    assert (
        shown(render_answer(refused, True))
        == """\
No sure answer in the documents.
In no document: Zermatt, 2019
Closest passage (not an answer): Round one was in May. It
was signed after four years of talks. Tea followed. (Talks,
talks.txt)"""
    )


def test_a_refusal_begins_at_the_sentence_that_the_reader_likes_best():
    found = hit(document())
    start = found.passage.text.index("It was signed")
    best = Candidate(found, start, start + 42, (start + 24, start + 34), 0.3, {})
    refused = answer(status="abstained", hits=(hit(document("Dinner.")),), candidates=(best,))
    assert "answer): It was signed after four years" in shown(render_answer(refused, True)).replace("\n", " ")


def test_a_refusal_over_an_empty_folder_is_one_line():
    assert shown(render_answer(answer(status="abstained"), True)) == "No sure answer in the documents."


def test_small_talk_is_its_one_line():
    assert shown(render_answer(answer(status="smalltalk", reply="Hello [b]you[/b]."), True)) == "Hello [b]you[/b]."


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2022-05-16", "16 May 2022"),
        ("2022-05-06", "6 May 2022"),
        ("2022-12", "December 2022"),
        ("2022", "2022"),
        ("2022-13", "2022-13"),
        ("spring \x1b2022", "spring ␛2022"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(iso, words):
    assert shown_date(iso) == words


def test_a_citation_without_a_date_has_none_and_a_section_that_is_the_title_is_not_said_twice():
    bare = replace(four_years(), date=None, section="Talks")
    assert titled(bare) == "Talks"
    assert titled(replace(bare, section=None)) == "Talks"
    assert titled(replace(bare, section="“Leading”")) == "Talks, section “Leading”"


def test_one_line_is_not_a_range():
    assert located(replace(four_years(), lines=(171, 171))) == "talks.txt, line 171"
    assert located(replace(four_years(), lines=(171, 172))) == "talks.txt, lines 171-172"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "very sure (99 per cent): answers this sure were right 9 times in 10"),
        (0.9, "very sure (90 per cent): answers this sure were right 9 times in 10"),
        (0.89, "fairly sure (89 per cent): answers this sure were right 9 times in 10"),
        (0.7, "fairly sure (70 per cent): answers this sure were right 7 times in 10"),
        (0.42, "not very sure (42 per cent): answers this sure were right 4 times in 10"),
        (0.0, "not very sure (1 per cent): answers this sure were right 1 times in 10"),
    ],
)
def test_how_sure_is_words_and_per_cent_and_never_certain(confidence, words):
    assert how_sure(confidence) == words


def test_times_and_counts_are_said_in_a_fitting_unit():
    assert (how_long(66.2), how_long(1234)) == ("66 ms", "1.2 s")
    assert (counted(1, "passage"), counted(1200, "passage")) == ("1 passage", "1,200 passages")


def test_an_excerpt_is_cut_between_words():
    assert excerpt("one two\nthree", 13) == "one two three"
    assert excerpt("one two\nthree", 12) == "one two…"
    assert excerpt("x" * 50, 10) == "x" * 9 + "…"


def test_marks_may_come_in_any_order_touch_or_be_empty():
    assert marked("abcdefgh", [(6, 7), (0, 2), (2, 3), (4, 4)], True).plain == "**abc**def**g**h"
    assert marked("𝕏𝕐𝕫", [(1, 2)], True).plain == "𝕏**𝕐**𝕫"


def test_no_character_that_a_terminal_obeys_survives_and_each_keeps_its_place():
    everything = "".join(map(chr, range(0x3000))) + HOSTILE
    safe = visible(everything)
    assert len(safe) == len(everything)
    assert not [char for char in safe if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    reordering = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    assert not [char for char in safe if unicodedata.bidirectional(char) in reordering]
    assert visible("\u061c\u200e\u200f") == "���"
    assert visible("\x1b\x07\x08\r\x7f\x9b\u202e\t\n") == "␛␇␈␍␡��  "


def hostile_renderables():
    source = document(HOSTILE + "\n" + HOSTILE, doc_id=HOSTILE, title=HOSTILE)
    source = replace(source, date=HOSTILE, sections=(Section(HOSTILE, HOSTILE, True),))
    found = hit(source)
    citation = cite(1, found, 0, len(HOSTILE), (0, 10))
    candidate = Candidate(found, 0, len(HOSTILE), (0, len(HOSTILE)), 0.5, {HOSTILE: 1.0})
    said = answer(
        AnswerText(HOSTILE, 0.9, (replace(citation, section=HOSTILE + "2"), citation)),
        question=HOSTILE,
        searched=HOSTILE + "2",
        hits=(found,),
        unknown_words=(HOSTILE,),
        candidates=(candidate,),
        elapsed_ms={HOSTILE: 1.0},
    )
    return {
        "answer": render_answer(said, False),
        "refusal": render_answer(replace(said, status="abstained"), False),
        "small talk": render_answer(replace(said, status="smalltalk", reply=HOSTILE), False),
        "why": render_why(said),
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


def test_why_shows_ranks_and_figures_then_candidates_the_threshold_and_times():
    found = hit(document())
    candidate = Candidate(found, 22, 62, (42, 52), 0.91, {"span": 3.2142, "cover": 0.8})
    assert (
        shown(render_why(answer(hits=(found,), candidates=(candidate,))))
        == """\
Searched: How long?
# dense sparse score document, section
1  0.71   12.4  0.83 talks.txt
                     Signing

score candidate
 0.91 It was signed after four years of talks.
      answer “four years”; span 3.21, cover 0.8
It answers from 0.35 up; this question came to 0.91.
Time: search 4 ms, total 66 ms"""
    )


def test_why_of_an_answer_that_found_nothing_says_so():
    assert shown(render_why(answer(status="abstained", confidence=0.0))).splitlines()[1:4] == [
        "No passage was found.",
        "",
        "Nothing was read.",
    ]


def test_hits_are_ranked_passages_with_their_figures():
    assert (
        shown(render_hits([hit(document())]))
        == """\
1 Talks, talks.txt
  score 0.83: dense 0.71, sparse 12.4
  Round one was in May. It was signed after four years of
  talks. Tea followed."""
    )
    assert shown(render_hits([])) == "No passage was found."


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
    assert shown(render_sources([])) == "There are no documents."


def test_a_document_shows_lines_around_the_citation_with_the_slice_marked():
    source = document("zero\n" * 8 + TALKS)
    citation = cite(1, hit(source), 62, 102)
    assert (
        shown(render_document(source, citation, True, context_lines=1))
        == """\
Talks, 16 May 2022, section “Signing”
talks.txt, lines 10-11

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
    said = render_text(AnswerText("four years", 0.91, (four_years(1, name),)), True)
    lines = shown(said, width=30).splitlines()
    assert all(len(line) <= 30 for line in lines)
    assert name in "".join(line.strip() for line in lines)


def test_marks_are_characters_wherever_no_colour_is_shown():
    assert is_plain(Console(file=io.StringIO()))
    assert is_plain(Console(file=io.StringIO(), force_terminal=True, color_system="standard", no_color=True))
    assert not is_plain(Console(file=io.StringIO(), force_terminal=True, color_system="standard", no_color=False))
