"""Typos: which are corrected, which words are left unchanged, and what a refusal says about them."""

import pytest

from retrieval.answer.reader import Reader
from retrieval.answer.refusal import unknown_words
from retrieval.answer.spelling import as_written, correct_spelling, near_spelling
from retrieval.library import Library
from retrieval.text import words
from tests.conftest import SPAN_ALONE, FakeNetwork


def never(word):
    return False


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("habour", "harbour"),  # deleted
        ("harrbour", "harbour"),  # inserted
        ("harvour", "harbour"),  # replaced
        ("harobur", "harbour"),  # transposed
        ("Lnud", "Lund"),  # short: a transposition only; spelled as in the documents
        ("hwo", "how"),
        ("wich", "which"),
        ("nirbour", None),
        ("lind", None),
        ("harbours", None),  # another form
        ("3.3", None),
        ("", None),
        ("港", None),
    ],
)
def test_a_near_word_differs_by_one_letter(small, typed, meant):
    assert near_spelling(typed, small.store) == meant


def test_two_letters_may_be_wrong_in_a_long_word(built):
    store = built({"a.txt": "The agreement on development was announced."})
    assert near_spelling("developmnte", store) == "development"
    assert near_spelling("anounse", store) is None


def test_of_near_words_the_nearest_then_the_most_frequent(built):
    store = built({"a.txt": "Trade, trade and trade. Trader Vik met trader Bo and Trader Li. A tracker saw it."})
    assert near_spelling("tradr", store) == "trade"  # as near as "trader"; "trade" is as frequent and comes first
    assert near_spelling("trqder", store) == "Trader"  # in its most frequent spelling
    assert near_spelling("tradee", store) == "Trader"  # "trade" with a longer ending would be another form of it


@pytest.fixture
def built(tmp_path, fake):
    from retrieval.index.build import build_index
    from retrieval.index.store import open_store
    from retrieval.settings import IndexSettings
    from tests.conftest import no_report, write_corpus

    def build(corpus):
        write_corpus(tmp_path / "docs", corpus)
        build_index(tmp_path / "docs", tmp_path / "i", IndexSettings(), no_report, fake)
        return open_store(tmp_path / "i")

    return build


def test_a_question_is_corrected_word_by_word_and_otherwise_unchanged(small):
    asked = "  Wehn was teh habour\tof «Lund» opned??  😀 "
    assert correct_spelling(asked, small.store, never) == "  when was the harbour\tof «Lund» opened??  😀 "
    assert (
        correct_spelling("When was the harbour of Lund opened?", small.store, never)
        == "When was the harbour of Lund opened?"
    )


def test_common_words_names_in_capitals_and_other_forms_are_not_corrected(small, shipped_reader):
    knows = shipped_reader.network.is_common_word
    assert correct_spelling("the arbour of Lune", small.store, knows) == "the arbour of Lune"
    assert correct_spelling("WICH HABOUR", small.store, never) == "WICH HABOUR"
    assert correct_spelling("harbours opening", small.store, never) == "harbours opening"


def test_a_mistyped_question_is_answered_and_says_what_was_searched(small, fake, tmp_path, monkeypatch):
    network = FakeNetwork({"1871": 3.0})
    monkeypatch.setattr(network, "is_common_word", never)
    library = Library(tmp_path / "index", encoder=fake, reader=Reader(network, SPAN_ALONE))
    found = library.ask("when was the habour of lund opened")
    assert found.searched == "when was the harbour of lund opened"
    assert found.question == "when was the habour of lund opened"
    assert found.answers[0].text == "1871"


def test_a_footnote_number_is_not_part_of_a_word():
    assert [word for word, _ in words("The agreement.1 of 3.5 km, v2.0")] == [
        "the", "agreement", "1", "of", "3.5", "km", "v2.0"
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["\u3099", "\uff9e", "か\u3099"])
def test_a_combining_mark_alone_is_not_a_word(small, mark):
    assert unknown_words(f"{mark} Lund", small.store, never)[0] in ((), ("か",))
    assert correct_spelling(f"{mark} Lund", small.store, lambda word: False) == f"{mark} Lund"


def test_a_refusal_names_near_spellings(small, shipped_reader):
    def unknown(question):
        return unknown_words(question, small.store, shipped_reader.network.is_common_word)

    assert unknown("who opened teh Zermatt habour") == (("Zermatt", "habour"), {"habour": "harbour"})
    assert unknown("an arbour in Lnud") == (("arbour", "Lnud"), {"Lnud": "Lund"})  # "arbour" is a common word
    found = small.ask("Zermatt habour yodel glacier emperor")
    assert found.unknown_words[:2] == ("Zermatt", "habour")
    assert found.near_spellings == {"habour": "harbour"}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("who opened lund?", "who opened Lund?"),
        ("astrid in malmo, 1871", "Astrid in Malmö, 1871"),
        ("LUND and Lund", "LUND and Lund"),
        ("the harbour", "the harbour"),
        ("it opened", "it opened"),
        ("nowhere", "nowhere"),
        ("", ""),
        ("\x00 ?", "\x00 ?"),
    ],
)
def test_names_are_written_as_in_the_documents(small, typed, written):
    assert as_written(typed, small.store) == written
