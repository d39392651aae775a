"""The one door: what `from retrieval import ...` offers, and what a Library does."""

import subprocess
import sys

import pytest

import retrieval
from retrieval.errors import IndexNotFound, QuestionError, QuothError
from retrieval.library import Library
from retrieval.schema import Turn
from tests.conftest import reader_that_knows

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


def test_a_follow_up_is_understood_from_the_history(small):
    found = small.ask("And when?", [Turn("Who opened the harbour of Lund?", "Queen Astrid")])
    assert found.searched.startswith("And when? ")
    assert {"opened", "harbour", "Lund"} <= set(found.searched.split())


def test_small_talk_is_answered_without_a_search(small, monkeypatch):
    monkeypatch.setattr(small.retriever, "search", None)
    assert small.ask("thanks!").reply
    assert small.ask("👍").status == "smalltalk"


def test_a_lower_target_precision_answers_more(small, tmp_path, fake, shipped_reader):
    low, high = (
        Library(tmp_path / "index", encoder=fake, reader=shipped_reader, target_precision=wanted)
        for wanted in (0.5, 0.95)
    )
    assert low.threshold < small.threshold < high.threshold


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
    assert small.verify() == ["mill.txt: the file has changed since it was indexed"]
    with pytest.raises(QuothError, match=r"no document gone\.txt"):
        small.document("gone.txt")


def test_an_index_that_is_not_there_is_an_error_that_says_what_to_type(tmp_path):
    with pytest.raises(IndexNotFound, match="`quoth index"):
        Library(tmp_path / "nothing")
