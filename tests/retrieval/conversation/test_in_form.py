"""Answers in the form that a question asks for, asked of a library with a reader that knows some answers."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from retrieval.answer.reader import Reader
from retrieval.conversation.deciding import PERHAPS_DECIDES
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.schema import Answer
from retrieval.settings import IndexSettings
from tests.conftest import SPAN_ALONE, AskedNetwork, FakeEncoder, no_report, write_corpus

CORPUS = {
    "fees.md": "# Fees\n\nBerths cost:\n\n- small boats: 20 crowns\n- large boats: 45 crowns\n- rafts: nothing\n",
    "harbour.txt": "The harbour of Lund was opened in 1871.\n\nIt stays open all winter, and rafts may come in.\n",
    "pilot.txt": f"It was {'very ' * 80}late when the pilot came {'very ' * 80}slowly.\n",
    "shed.txt": "The bolt weighs 47 g and the nut 84 g.\n",
    "mill.txt": "The old mill was built in 1790.\n\nIts miller never left the mill.\n\nRafts bring the corn.\n",
}
SURE, UNSURE, DOUBTFUL = 3.0, -0.3, -1.0  # log odds: answered, perhaps, perhaps but for questions that ask yes or no

Asked = Callable[..., Answer]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Asks a library over CORPUS; the reader knows by words of the question which texts may answer, and how likely."""
    encoder = FakeEncoder()
    build_index(write_corpus(tmp_path / "docs", CORPUS), tmp_path / "index", IndexSettings(), no_report, encoder)

    def ask(question: str, known: Mapping[str, Mapping[str, float]]) -> Answer:
        reader = Reader(AskedNetwork(known), SPAN_ALONE)
        with Library(tmp_path / "index", encoder=encoder, reader=reader) as library:
            return library.ask(question)

    return ask


def told(answer: Answer) -> list[str]:
    """The answer as lines: our own line, then each citation's number, document and quotation, with the mark in [ ]."""
    lines = [answer.heading.line()] if answer.heading else []
    for text in answer.answers:
        for citation in text.citations:
            quote, mark = citation.quote, citation.mark
            if mark and mark != (0, len(quote)):
                quote = f"{quote[: mark[0]]}[{quote[slice(*mark)]}]{quote[mark[1] :]}"
            lines.append(f"{citation.number} {citation.document}: {quote}")
    return lines


def test_the_sentence_that_decides_is_shown_whole_without_a_verdict(asked):
    answer = asked("Is the harbour open in winter?", {"harbour open": {"all winter": SURE}})
    assert (answer.status, answer.kind, answer.is_together) == ("answered", "fact", False)
    assert told(answer) == [
        "The documents say:",
        "1 harbour.txt: The harbour of Lund was opened in 1871. It stays open all winter, and rafts may come in.",
    ]
    assert answer.answers[0].text == answer.answers[0].citations[0].quote


@pytest.mark.parametrize(("odds", "status"), [(UNSURE, "perhaps"), (DOUBTFUL, "abstained")])
def test_a_sentence_that_may_decide_is_offered_only_if_that_is_likely(asked, odds, status):
    answer = asked("was the mill built in 1800?", {"mill built": {"1790": odds}})
    assert (answer.status, answer.perhaps_threshold) == (status, PERHAPS_DECIDES)
    assert bool(answer.answers) == bool(answer.heading) == (status == "perhaps")
    assert (answer.nearest is not None) == (status == "abstained")
    assert asked("when was the mill built?", {"mill built": {"1790": odds}}).status == "perhaps"


def test_both_sides_of_a_comparison_are_asked_and_shown(asked):
    answer = asked(
        "Which is older, the harbour of Lund or the old mill?",
        {"harbour established": {"1871": SURE}, "mill established": {"1790": SURE}},
    )
    assert (answer.status, answer.kind, answer.is_together) == ("answered", "comparison", True)
    assert told(answer) == [
        "The documents say:",
        "1 harbour.txt: The harbour of Lund was opened in [1871].",
        "2 mill.txt: The old mill was built in [1790].",
    ]
    assert answer.searched == "Which is older, the harbour of Lund or the old mill?"
    assert {candidate.hit.document.doc_id for candidate in answer.candidates} >= {"harbour.txt", "mill.txt"}


@pytest.mark.parametrize("unsure", ["harbour", "mill"])
def test_a_comparison_is_as_sure_as_its_less_sure_side(asked, unsure):
    odds = {name: UNSURE if name == unsure else SURE for name in ("harbour", "mill")}
    answer = asked(
        "is the harbour older than the mill?",
        {"harbour established": {"1871": odds["harbour"]}, "mill established": {"1790": odds["mill"]}},
    )
    assert (answer.status, len(answer.answers)) == ("perhaps", 2)
    assert answer.confidence == min(text.confidence for text in answer.answers)


def test_one_side_alone_is_only_offered(asked):
    answer = asked("is the harbour older than the moon?", {"harbour established": {"1871": SURE}})
    assert (answer.status, told(answer)[1:]) == (
        "perhaps",
        ["1 harbour.txt: The harbour of Lund was opened in [1871]."],
    )
    assert answer.confidence < answer.threshold


def test_what_is_found_for_a_side_must_be_about_it(asked):
    known = {"moon established": {"1790": SURE}, "harbour established": {"1871": SURE}}
    assert len(asked("is the harbour older than the moon?", known).answers) == 1


@pytest.mark.parametrize("plain", [{}, {"84 g": SURE}])
def test_a_sentence_that_says_both_is_shown_once_and_whole(asked, plain):
    known = {"weight bolt": {"47 g": UNSURE}, "weight nut": {"84 g": SURE}, "heavier": plain}
    answer = asked("is the bolt heavier than the nut?", known)
    assert answer.status == ("answered" if plain else "perhaps")
    assert (answer.kind, answer.is_together) == ("comparison", True)
    assert told(answer) == ["The documents say:", "1 shed.txt: The bolt weighs 47 g and the nut 84 g."]
    assert answer.answers[0].citations[0].mark is None


def test_a_comparison_of_which_nothing_is_known_is_a_plain_question(asked):
    answer = asked("is the harbour older than the mill?", {})
    assert (answer.status, answer.kind) == ("abstained", "fact")


def test_a_list_is_given_with_what_it_hangs_on(asked):
    answer = asked("what are the costs?", {"costs": {"20 crowns": SURE}})
    assert (answer.status, answer.kind, answer.is_together, answer.heading) == ("answered", "list", False, None)
    assert told(answer) == ["1 fees.md: small boats: 20 crowns large boats: 45 crowns rafts: nothing"]
    assert answer.answers[0].citations[0].lead == "Berths cost:"


def test_every_document_tells_its_part_of_a_list_of_all(asked):
    known = {"rafts": {"nothing": SURE, "come in": UNSURE, "bring the corn": 2.0}}
    answer = asked("list all things about rafts", known)
    assert (answer.status, answer.kind, answer.is_together) == ("answered", "list", True)
    assert told(answer) == [
        "1 fees.md: small boats: 20 crowns large boats: 45 crowns rafts: nothing",
        "2 mill.txt: Rafts [bring the corn].",
        "3 harbour.txt: The harbour of Lund was opened in 1871. It stays open all winter, and rafts may [come in].",
    ]


def test_every_place_where_words_stand_is_shown_by_document(asked):
    answer = asked("list all the places where rafts are mentioned", {})
    assert (answer.status, answer.confidence, answer.kind, answer.is_together) == ("answered", 1.0, "list", True)
    assert sorted(line.split(" ", 1)[1] for line in told(answer)[1:]) == [
        "fees.md: [rafts]: nothing",
        "harbour.txt: It stays open all winter, and [rafts] may come in.",
        "mill.txt: [Rafts] bring the corn.",
    ]
    assert told(answer)[0] == "“rafts” is mentioned here:"
    assert [text.citations[0].number for text in answer.answers] == [1, 2, 3]
    (long,) = told(asked("every mention of the pilot", {}))[1:]
    assert long.startswith("1 pilot.txt: ") and "the [pilot] came" in long and len(long) < 320
    assert asked("list all the places where whales are mentioned", {}).status == "abstained"


def test_what_a_question_takes_for_granted_is_corrected_as_an_offer(asked):
    known = {"why": {}, "did leave": {"never left": SURE}}
    answer = asked("Why did the miller leave the mill?", known)
    assert (answer.status, answer.question) == ("perhaps", "Why did the miller leave the mill?")
    assert told(answer) == [
        "The documents say:",
        "1 mill.txt: The old mill was built in 1790. Its miller never left the mill.",
    ]
    assert asked("Why did the miller leave the mill?", {"why": {}}).status == "abstained"
    assert (
        asked("When did the miller leave the mill?", {"when": {}, "did leave": {"never left": SURE}}).status
        == "abstained"
    )
