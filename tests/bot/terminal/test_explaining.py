"""/why and /whynot in words, for every outcome."""

from dataclasses import replace

import pytest

from bot.language.explanation import (
    APART,
    NOT_READ,
    NOT_SEARCHED,
    NOTHING_FOUND,
    why_lines,
    why_not_line,
)
from bot.language.language import ENGLISH, Language
from bot.terminal.explaining import MORE_FIGURES
from retrieval.answer.why_not import WhyNot
from retrieval.index.retriever import Ranks
from retrieval.schema import Note, Restrictions
from tests.bot.terminal.sessions import HIT, ROUND_ONE, SIGNED, TEA, FakeLibrary, piped

ANSWERED = FakeLibrary().ask("How long?")
PERHAPS = replace(ANSWERED, status="perhaps", confidence=0.42, threshold=0.71, perhaps_threshold=0.3)
REFUSED = replace(FakeLibrary().ask("is it Zermatt?"), hits=(HIT,) * 20, searched="is it Zermatt?")


def test_why_says_in_words_how_the_answer_was_found():
    _, out, talk = piped("How long?\n/why\n")
    assert out.split("> /why\n")[1] == (
        "Found by meaning (3rd) and by words (1st). The reader chose\n"
        "this sentence from 1 passage.\n"
        "Confidence 90%: answers are given from 35%.\n"
        f"{MORE_FIGURES}\n"
    )
    assert talk.splitlines()[1:] == []


@pytest.mark.parametrize("typed", ["/why figures", "/why --verbose", "/WHY Figures"])
def test_why_figures_shows_every_figure(typed):
    _, out, _ = piped(f"How long?\n{typed}\n")
    assert "Searched: How long?\n# dense sparse score document, section\n1  0.71   12.4  0.83 talks.txt" in out


@pytest.mark.parametrize(
    ("answer", "ranks", "lines"),
    [
        (
            replace(ANSWERED, hits=(HIT,) * 20, confidence=0.92, threshold=0.71),
            Ranks(3, 1),
            [
                "Found by meaning (3rd) and by words (1st). The reader chose this sentence from 8 passages.",
                "Confidence 92%: answers are given from 71%.",
            ],
        ),
        (
            PERHAPS,
            Ranks(22, None),
            [
                "Found by meaning (22nd); the passage has none of the question's words. "
                "The reader chose this sentence from 1 passage.",
                "Confidence 42%: answers are given from 71%, and offered as not sure from 30%.",
            ],
        ),
        (
            REFUSED,
            Ranks(1, 11),
            [
                "The reader found no sure answer in 8 passages. "
                "The closest passage came 1st by meaning and 11th by words.",
                "Confidence 10%: answers are offered from 35%.",
            ],
        ),
        (
            replace(ANSWERED, searched="How long? talks", restrictions=Restrictions(names=("talks",))),
            None,
            [
                "(Searched: How long? talks [in:talks])",
                "The reader chose this sentence from 1 passage.",
                "Confidence 90%: answers are given from 35%.",
            ],
        ),
        (replace(REFUSED, hits=(), nearest=None), None, [NOTHING_FOUND]),
        (replace(ANSWERED, kind="collection", heading=Note("{n} documents:", {"n": "5"})), Ranks(1, 1), [NOT_READ]),
    ],
    ids=["answered", "perhaps", "refused", "restricted", "nothing found", "collection"],
)
def test_each_outcome_has_its_own_sentences(answer, ranks, lines):
    assert why_lines(answer, ranks, ENGLISH) == lines


def test_places_are_ordinals_in_each_language():
    assert [Language(code).ordinal(3) for code in ("en", "es", "pt", "ja")] == ["3rd", "3.º", "3º", "3番目"]
    assert [ENGLISH.ordinal(n) for n in (1, 2, 4, 11, 12, 13, 21, 111, 1003)] == [
        "1st", "2nd", "4th", "11th", "12th", "13th", "21st", "111th", "1,003rd"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (WhyNot("no words", missing=("dragon", "egg")), "No document has these words: dragon, egg"),
        (WhyNot("apart", missing=("dragon",)), APART),
        (WhyNot("not searched", TEA), NOT_SEARCHED),
        (WhyNot("left out", TEA), "Your question left it out: in:talks"),
        (
            WhyNot("not read", TEA, ranks=Ranks(12, 3), read=8),
            "It was not among the 8 passages that were read: it came 12th by meaning and 3rd by words.",
        ),
        (
            WhyNot("not read", TEA, ranks=Ranks(101, None), read=8),
            "It was not among the 8 passages that were read: it came 101st by meaning and has none of the question's "
            "words.",
        ),
        (WhyNot("less likely", TEA, shown=SIGNED), "It was read, but another sentence was more likely: [1]."),
        (
            WhyNot("unsure", TEA, shown=ROUND_ONE),
            "It was read and is the most likely, but the confidence is 10%: answers are offered from 35%.",
        ),
        (WhyNot("shown", TEA, shown=SIGNED), "It is shown above: [1]."),
    ],
)
def test_each_way_to_be_lost_has_its_own_sentence(found, line):
    answer = replace(REFUSED, restrictions=Restrictions(names=("talks",)))
    assert why_not_line(found, answer, ENGLISH) == line


def test_a_further_answer_is_behind_more():
    found = WhyNot("shown", TEA, shown=replace(SIGNED, number=2))
    assert piped("How long?\n/whynot tea\n", FakeLibrary(expected=found))[1].endswith(
        "\nIt is a further answer: /more shows it.\n"
    )


def test_whynot_shows_the_passage_that_has_the_words_then_where_it_was_lost():
    expected = WhyNot("not read", TEA, ("scones",), Ranks(12, 3), 8)
    _, out, _ = piped("How long?\n/whynot tea scones\n/open 3\n", FakeLibrary(expected=expected))
    assert (
        out.split("\n\n> /whynot tea scones\n")[1]
        == """\
This passage has most of these words, but not: scones
“Tea followed.”

[3] Talks, 16 May 2022
    talks.txt, line 3
It was not among the 8 passages that were read: it came 12th
by meaning and 3rd by words.

> /open 3
Talks, 16 May 2022
talks.txt, line 3

1 Round one was in May.
2 It was signed after four years of talks.
3 **Tea followed.**
4
"""
    )


def test_hostile_words_reach_the_terminal_as_text():
    fake = FakeLibrary(expected=WhyNot("no words", missing=("[red]\x1b[2J",)))
    assert piped("How long?\n/whynot x\n", fake)[1].endswith("No document has these words: [red]␛[2J\n")
