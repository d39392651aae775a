"""Answers that are shown at once: what is said of the collection, lists by document, comparisons."""

from dataclasses import replace

from bot.terminal.render import render_answer
from bot.terminal.session import Session
from retrieval.schema import AnswerText, Citation, Note
from tests.bot.terminal.sessions import SIGNED, TEA, FakeLibrary, piped, plain_console, text_of

HOSTILE = "[red]x[/] \x1b[2J"


def cited(number: int, quote: str, document: str = "a.txt", title: str = "Minutes", **changes) -> Citation:
    plain = Citation(number, document, title, "2022-05", None, ((0, len(quote)),), (number, number), quote)
    return replace(plain, **changes)


def text(*citations: Citation) -> AnswerText:
    return AnswerText(citations[0].quote, 0.9, citations)


def shown(kind, *texts, heading=None, **changes) -> str:
    answer = replace(FakeLibrary().ask("?"), kind=kind, is_together=True, answers=texts, heading=heading, **changes)
    console = plain_console()
    console.print(render_answer(answer, True))
    return text_of(console)


def test_documents_are_numbered_lines_of_title_file_and_what_they_say_unless_that_is_the_title():
    heading = Note("{count} documents:", {"count": "3"})
    assert (
        shown(
            "collection",
            text(cited(1, "Minutes 1", "minutes.txt")),
            text(cited(2, "We met. And so on.", "b.txt", "The Meeting", date=None, mark=(0, 7))),
            text(cited(3, "A very long title that goes on", "c.pdf", "A very long title …")),
            heading=heading,
        )
        == """\
3 documents:
[1] Minutes, May 2022
    minutes.txt, line 1
[2] The Meeting
    “**We met.** And so on.”
    b.txt, line 2
[3] A very long title …, May 2022
    c.pdf, line 3
66 ms"""
    )


def test_what_one_document_says_stands_below_its_title_which_the_line_above_may_have():
    lines = [text(cited(1, "We met.", section="Day 1")), text(cited(2, "We left."))]
    below = """\
a.txt
[1] “We met.”
    Day 1, line 1
[2] “We left.”
    line 2
66 ms"""
    assert shown("collection", *lines) == f"Minutes, May 2022\n{below}"
    assert shown("collection", *lines, heading=Note("From “{title}”:", {"title": "Minutes"})) == (
        f"From “Minutes”:\n{below}"
    )


def test_a_list_is_grouped_by_document_and_ends_with_how_sure_it_is():
    found = shown(
        "list",
        text(cited(1, "Chile signed.", mark=(0, 5))),
        text(cited(2, "Peru signed.", mark=(0, 4)), cited(3, "Peru, too.")),
        text(cited(4, "Mexico signed.", "b.txt", "Notes", date=None, mark=(0, 6))),
        heading=Note("The documents say:"),
    )
    assert (
        found
        == """\
The documents say:
Minutes, May 2022
a.txt
[1] “**Chile** signed.”
    line 1
[2] “**Peru** signed.”
    line 2
[3] “Peru, too.”
    line 3
[4] Notes
    “**Mexico** signed.”
    b.txt, line 4
Very sure · 90%, 66 ms"""
    )


def test_a_comparison_shows_each_side_with_its_citation():
    assert (
        shown("comparison", text(SIGNED), text(replace(TEA, number=2)), status="perhaps")
        == """\
Not sure, but this may be it:
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2

“Tea followed.”

[2] Talks, 16 May 2022
    talks.txt, line 3
Not sure · 90%, 66 ms"""
    )


def test_a_long_quotation_is_cut_to_the_answer_s_words():
    long = cited(1, "word " * 100 + "end.")
    out = shown("collection", AnswerText("the words that count", 0.9, (long,)))
    assert "“the words that count”" in out
    assert "end." not in out


def test_an_answer_without_a_citation_is_its_words():
    counted = AnswerText("There are 5 documents.", 0.9, ())
    assert shown("collection", counted) == "There are 5 documents.\n66 ms"
    assert shown("comparison", counted) == "There are 5 documents.\nVery sure · 90%, 66 ms"


def test_hostile_text_is_text():
    out = shown(
        "list",
        text(cited(1, HOSTILE, HOSTILE, HOSTILE, section=HOSTILE + "2")),
        text(cited(2, HOSTILE, HOSTILE, HOSTILE, section=HOSTILE + "2")),
        heading=Note("From {name}:", {"name": HOSTILE}),
    )
    assert "\x1b" not in out
    assert out.count("[red]x[/] ␛[2J") == 6


def test_every_number_shown_can_be_opened_and_none_is_left_behind_more():
    session = Session()
    texts = (text(SIGNED), text(replace(TEA, number=2)))
    session.remember(replace(FakeLibrary().ask("?"), kind="list", is_together=True, answers=texts))
    assert (sorted(session.citations()), session.left) == ([1, 2], 0)


def test_what_is_together_is_opened_in_a_chat_and_more_goes_on_with_passages():
    class Listing(FakeLibrary):
        def ask(self, question, history=(), top=5):
            texts = (text(SIGNED), text(replace(TEA, number=2)))
            return replace(super().ask(question), kind="list", is_together=True, answers=texts)

    _, out, talk = piped("Which?\n/open 2\n/more\n", Listing())
    assert "3 **Tea followed.**" in out
    assert talk == "There is nothing more to show."
