"""The one door: what `from retrieval import ...` offers, and what a Library does."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from time import sleep

import pytest

import retrieval
from retrieval.answer.reader import Reader
from retrieval.errors import IndexNotFound, IndexProblem, QuestionError, QuothError
from retrieval.index.fusion import fuse
from retrieval.library import Library
from retrieval.schema import Turn
from tests.conftest import EMPEROR, PIERS, SPAN_ALONE, FakeEncoder, FakeNetwork, reader_that_knows

OPENED = "When was the harbour of Lund opened?"


def test_the_public_names_are_these_and_each_can_be_imported():
    assert retrieval.__all__ == [
        "Answer", "AnswerText", "Citation", "Document", "Hit", "Library", "QuothError", "Source", "Turn", "version"
    ]  # fmt: skip
    assert all(getattr(retrieval, name) is not None for name in retrieval.__all__)
    assert set(retrieval.__all__) <= set(dir(retrieval))
    with pytest.raises(AttributeError, match="'retrieval' has no attribute 'Retriever'"):
        _ = retrieval.Retriever


def test_importing_the_package_loads_no_model_and_no_heavy_library():
    code = "import sys, retrieval; print(sorted({'onnxruntime', 'faiss', 'numpy', 'tokenizers'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_library_answers_from_the_documents(small, tmp_path, fake):
    library = Library(str(tmp_path / "index"), encoder=fake, reader=reader_that_knows({"1871": 3.0}))
    found = library.ask(OPENED)
    assert (found.status, found.answers[0].text) == ("answered", "1871")
    assert library.document("harbour.txt").text[slice(*found.answers[0].citations[0].spans[0])].endswith("Astrid.")


def test_a_follow_up_is_understood_from_the_history(told):
    found = told.ask("and how many piers does it have?", [Turn("Who opened the harbour of Lund?", "Queen Astrid")])
    assert found.searched == "how many piers does the harbour of Lund have?"
    assert (found.question, found.answers[0].text) == ("and how many piers does it have?", "14")


def test_a_correction_asks_the_last_question_again(told):
    found = told.ask("no, I meant Lund", [Turn("When was the harbour of Malmö opened?", "")])
    assert (found.searched, found.answers[0].text) == ("When was the harbour of Lund opened?", "1871")


def test_names_need_no_capitals_in_a_conversation(told):
    found = told.ask("no, i meant lund", [Turn("when was the harbour of malmö opened?", "")])
    assert found.searched == "when was the harbour of Lund opened?"


def test_restrictions_hold_for_one_question_alone(told):
    found = told.ask("and how many piers does it have?", [Turn("When was the harbour opened? in:harbour", "1871")])
    assert found.restrictions is None
    assert "in:" not in found.searched


def test_documents_are_searched_first_and_the_others_only_where_they_give_no_answer(told):
    inside = told.ask(OPENED, first_in=["harbour.txt"])
    assert {hit.document.doc_id for hit in inside.hits} == {"harbour.txt"}
    elsewhere = told.ask(OPENED, first_in=["mill.txt"])
    assert (elsewhere.answers[0].text, elsewhere.hits[0].document.doc_id) == ("1871", "harbour.txt")
    assert told.ask(OPENED, first_in=["gone.txt"]).answers == told.ask(OPENED).answers


def test_an_overlong_question_is_refused_also_in_a_conversation(told):
    with pytest.raises(QuestionError, match="100,000 characters"):
        told.ask("a" * 100_000, [Turn(OPENED, "1871")])


def test_the_longest_question_is_no_longer_for_its_conversation(told):
    assert told.ask("a" * 10_000, [Turn(OPENED, "1871")]).status == "abstained"


def test_a_history_without_end_is_no_error(told):
    history = [Turn("a " * 50_000, "b " * 50_000), Turn(OPENED, "c" * 50_000)]
    assert told.ask("how many piers does it have?", history).searched


def test_small_talk_is_answered_without_a_search_or_a_network(small, tmp_path, monkeypatch):
    for name in ("open_retriever", "load_reader"):
        monkeypatch.setattr(f"retrieval.library.{name}", None)
    library = Library(tmp_path / "index")
    assert library.ask("thanks!").reply
    assert library.ask("👍").status == "smalltalk"


def test_loading_the_networks_is_no_part_of_a_question_s_time(small, tmp_path, fake, monkeypatch):
    def slow():
        sleep(0.5)
        return reader_that_knows({"1871": 3.0})

    monkeypatch.setattr("retrieval.library.load_reader", slow)
    assert Library(tmp_path / "index", encoder=fake).ask(OPENED).elapsed_ms["total"] < 400


def test_a_lower_target_precision_answers_what_a_higher_one_offers(small, tmp_path, fake):
    unsure = replace(SPAN_ALONE, thresholds={0.5: 0.3, 0.9: 0.9}, perhaps=0.4)
    reader = Reader(FakeNetwork({"1871": 0.0}), unsure)  # log odds of 0: as likely right as wrong
    low, high = (
        Library(tmp_path / "index", encoder=fake, reader=reader, target_precision=wanted) for wanted in (0.5, 0.9)
    )
    assert (low.ask(OPENED).status, high.ask(OPENED).status) == ("answered", "perhaps")
    assert (low.threshold, high.threshold) == (0.3, 0.9)
    assert (low.perhaps_threshold, high.perhaps_threshold) == (0.3, 0.4)  # never above the first


@pytest.mark.parametrize(
    ("question", "status", "texts"),
    [(OPENED, "answered", ["1871"]), (PIERS, "perhaps", ["14"]), (EMPEROR, "abstained", [])],
)
def test_the_probability_of_the_best_candidate_decides_the_status(told, question, status, texts):
    found = told.ask(question)
    assert (found.status, [text.text for text in found.answers]) == (status, texts)
    assert (found.threshold, found.perhaps_threshold) == (0.5, 0.2)
    assert (found.nearest is not None) == (status == "abstained")


@pytest.mark.parametrize("top", [1, 3, 40])
def test_top_says_how_many_hits_are_listed_and_changes_nothing_else(small, top):
    standard, found = small.ask(OPENED), small.ask(OPENED, top=top)
    assert found.hits == standard.hits[:top] if top < 5 else found.hits[:5] == standard.hits
    assert (found.answers, found.candidates) == (standard.answers, standard.candidates)
    assert set(found.elapsed_ms) == {"search", "read", "total"}


def test_another_encoder_than_the_index_was_built_with_is_refused(small, tmp_path):
    with pytest.raises(IndexProblem, match="built with another encoder"):
        Library(tmp_path / "index", encoder=FakeEncoder("other")).ask(OPENED)


def test_the_fusion_can_be_chosen(small, tmp_path, fake):
    by_words = Library(tmp_path / "index", encoder=fake, fusion=partial(fuse, dense_weight=0.0))
    sparse = [hit.sparse for hit in by_words.search("bridge cost", 3)]
    assert sparse == sorted(sparse, reverse=True)


def test_a_library_reads_its_documents_before_any_network_is_loaded(small, tmp_path, monkeypatch):
    for name in ("open_retriever", "load_reader"):
        monkeypatch.setattr(f"retrieval.library.{name}", None)
    with Library(tmp_path / "index") as library:
        assert len(library.sources()) == 3
        assert library.verify() == []


def test_a_closed_library_answers_no_more(small):
    small.close()
    with pytest.raises(QuothError):
        small.sources()


def test_threads_share_a_library(small):
    expected = small.ask(OPENED)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(small.ask, [OPENED] * 12))
    assert all((one.answers, one.candidates) == (expected.answers, expected.candidates) for one in found)


def test_asking_leaves_no_trace_for_the_next_question(small):
    first = small.ask(OPENED)
    small.ask("Who burned the mill?")
    again = small.ask(OPENED)
    assert (first.answers, first.hits, first.candidates) == (again.answers, again.hits, again.candidates)


def test_search_lists_passages_without_reading(small):
    assert [hit.rank for hit in small.search("  harbour\x00 of Lund ", k=2)] == [1, 2]
    with pytest.raises(QuestionError, match="empty"):
        small.search("?!")


def test_sources_and_documents_are_listed_and_verified(small, docs):
    assert [source.document for source in small.sources()] == ["harbour.txt", "mill.txt", "news/bridge.md"]
    assert small.verify() == []
    (docs / "mill.txt").write_text("The mill is gone.\n")
    assert small.verify() == [
        "mill.txt: the file has changed since it was indexed; passages that still stand in it: 0 of 1"
    ]
    with pytest.raises(QuothError, match=r"no document gone\.txt"):
        small.document("gone.txt")


def test_an_index_that_is_not_there_is_an_error_that_says_what_to_type(tmp_path):
    with pytest.raises(IndexNotFound, match="`quoth index"):
        Library(tmp_path / "nothing")
