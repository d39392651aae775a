"""Why a passage that a person has in mind is not the answer: each step at which it may be lost."""

import pytest

from retrieval.index.build import build_index
from retrieval.index.retriever import Ranks
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import EMPEROR, PIERS, FakeEncoder, no_report, reader_that_knows, write_corpus

OPENED = "When was the harbour of Lund opened?"


@pytest.fixture
def answered(told):
    return told.ask(OPENED, top=20)


def test_words_that_no_document_has_are_named(told, answered):
    found = told.why_not("dragon eggs", answered)
    assert (found.loss, found.citation, found.missing) == ("no words", None, ("dragon", "eggs"))


def test_words_that_stand_far_apart_are_no_passage(told, answered):
    found = told.why_not("Astrid mill Malmö dragon wizard", answered)
    assert (found.loss, found.citation) == ("apart", None)
    assert {"dragon", "wizard"} <= set(found.missing)


def test_words_of_the_answer_are_shown_already(told, answered):
    found = told.why_not("opened in 1871", answered)
    assert (found.loss, found.shown) == ("shown", answered.answers[0].citations[0])


def test_another_sentence_was_likelier(told, answered):
    found = told.why_not("the mill burned", answered)
    assert (found.loss, found.read) == ("less likely", 3)
    assert found.citation.document == "mill.txt" and "burned down" in found.citation.quote
    assert found.shown == answered.answers[0].citations[0]


def test_a_passage_without_one_of_the_words_tells_which(told, answered):
    found = told.why_not("the old mill burned quickly", answered)
    assert (found.citation.document, found.missing) == ("mill.txt", ("quickly",))


def test_the_likeliest_sentence_of_a_refusal_was_too_unsure(told):
    refused = told.ask(EMPEROR, top=20)
    assert refused.status == "abstained"
    best = refused.candidates[0]
    found = told.why_not(best.hit.passage.text[best.start : best.end], refused)
    assert (found.loss, found.shown) == ("unsure", refused.nearest)
    other = told.why_not("the bridge cost", refused)
    assert (other.loss, other.shown) == ("less likely", refused.nearest)


def test_a_perhaps_is_shown(told):
    offered = told.ask(PIERS, top=20)
    assert offered.status == "perhaps"
    assert told.why_not("14 piers", offered).loss == "shown"


def test_restrictions_leave_a_passage_out(told):
    asked = told.ask(f"{OPENED} in:mill", top=20)
    found = told.why_not("harbour Astrid", asked)
    assert (found.loss, found.citation.document) == ("left out", "harbour.txt")


def test_the_collection_was_not_searched(told):
    listed = told.ask("Which documents do you have?", top=20)
    assert listed.kind == "collection"
    assert told.why_not("piers", listed).loss == "not searched"


def test_small_talk_was_not_searched(told):
    assert told.why_not("the mill burned", told.ask("thanks")).loss == "not searched"


@pytest.fixture
def crowded(tmp_path):
    """Twelve passages about boats, of which the reader reads eight, and one about a lighthouse."""
    docs = write_corpus(
        tmp_path / "docs",
        {f"boat{n}.txt": f"Boat {n}\n\nThe red boat number {n} left the town at dawn.\n" for n in range(12)}
        | {"light.txt": "Light\n\nThe lighthouse keeper sleeps.\n"},
    )
    encoder = FakeEncoder()
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, encoder)
    return Library(tmp_path / "index", encoder=encoder, reader=reader_that_knows({"dawn": 3.0}))


def test_a_passage_that_was_not_read_has_its_places_in_the_search(crowded):
    asked = crowded.ask("When did the red boat leave the town?", top=20)
    found = crowded.why_not("lighthouse keeper", asked)
    assert (found.loss, found.citation.document, found.read) == ("not read", "light.txt", 8)
    assert found.ranks == Ranks(by_meaning=13, by_words=None)


def test_of_equal_passages_the_one_that_was_found_counts(crowded):
    asked = crowded.ask("When did the red boat leave the town?", top=20)
    assert crowded.why_not("the red boat", asked).loss in ("shown", "less likely")


def test_an_answer_s_passage_has_its_places_in_the_search(told, answered):
    assert told.ranks(answered.answers[0].citations[0], answered) == Ranks(by_meaning=1, by_words=1)


def test_a_citation_that_was_not_found_has_none(told, answered):
    elsewhere = told.ask("What did the bridge cost?", top=20)
    cited = elsewhere.hits[0]
    assert cited.document.doc_id == "news/bridge.md"
    citation = told.why_not("bridge cost", elsewhere).citation
    assert told.ranks(citation, told.ask("thanks")) is None


def test_places_are_counted_among_the_passages_that_are_allowed(told):
    asked = told.ask("Who opened the harbour? in:mill", top=20)
    citation = told.why_not("mill burned down", asked).citation
    assert told.ranks(citation, asked) == Ranks(by_meaning=1, by_words=None)
