"""Qrels come from spans, so they are right for whatever passages there are."""

from dataclasses import replace

import pytest

from eval.collection import Collection, folder_sha256
from eval.dataset import Place, Question
from eval.measures import search_scores
from eval.relevance import is_relevant, judge, passage_name, passage_spans, ranking
from retrieval.errors import EvaluationError
from retrieval.index.build import build_index
from retrieval.index.retriever import open_retriever
from retrieval.settings import IndexSettings, PassageSettings
from tests.conftest import no_report


@pytest.fixture
def opened(small):
    """The harbour's document, and where the sentence stands in it that says when it was opened."""
    document = small.store.document_by_id("harbour.txt")
    start = document.text.index("The harbour of Lund was")
    return document, (start, document.text.index(".", start) + 1)


def question(spans, document="harbour.txt"):
    return Question("q", "dev", "fact", "en", "When was the harbour opened?", ("x",), (Place(document, spans),))


def collection(docs, *questions, unit="passage"):
    return Collection("small", docs, tuple(questions), unit, folder_sha256(docs))


def test_a_passage_is_right_where_it_holds_half_of_a_place_or_a_place_half_of_it(small, opened):
    document, (start, end) = opened
    passage = small.store.passages_of(small.store.document_numbers()[0])[0]
    assert passage.doc_id == document.doc_id
    first, last = passage_spans(passage, document)[0][0], passage_spans(passage, document)[-1][1]
    assert is_relevant(passage, document, [Place("harbour.txt", ((start, end),))])
    assert not is_relevant(passage, document, [Place("mill.txt", ((start, end),))])
    assert is_relevant(passage, document, [Place("harbour.txt", ((0, len(document.text)),))])  # all of a long place
    beyond = (0, first + (last - first) // 4)  # a place that holds a quarter of it, itself mostly elsewhere
    assert not is_relevant(passage, document, [Place("harbour.txt", (beyond,))])


def test_gold_survives_another_cut_of_the_passages(small, docs, opened, tmp_path, fake):
    _, span = opened
    asked = collection(docs, question((span,)))
    finer = tmp_path / "finer"
    build_index(docs, finer, IndexSettings(passages=PassageSettings(size_tokens=16)), no_report, fake)
    for retriever in (small, open_retriever(finer, fake)):
        names = judge(asked, retriever.store)["q"]
        shelf = {
            passage_name(passage, retriever.store.document(number)): passage
            for number in retriever.store.document_numbers()
            for passage in retriever.store.passages_of(number)
        }
        assert names
        assert all("opened" in shelf[name].text for name in names)


def test_a_question_whose_evidence_is_in_no_passage_has_an_empty_row_and_counts_as_zero(small, docs, opened):
    document, _ = opened
    heading = (0, document.text.index("\n"))  # headings are read, but are no part of a passage
    qrels = judge(collection(docs, question((heading,))), small.store)
    assert qrels == {"q": {}}
    assert search_scores(qrels, {"q": {"x": 1.0}})["q"]["success@10"] == 0.0


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Place("gone.txt", ((0, 5),)), "q: no document gone.txt"),
        (Place("harbour.txt", ((0, 9_999),)), "q: harbour.txt ends at"),
    ],
)
def test_evidence_that_is_not_there_is_an_error_and_no_zero(small, docs, place, told):
    asked = replace(question(()), evidence=(place,))
    with pytest.raises(EvaluationError, match=told):
        judge(collection(docs, asked), small.store)
    with pytest.raises(EvaluationError, match="no document"):
        judge(collection(docs, replace(asked, evidence=(Place("gone.txt", ((0, 5),)),)), unit="document"), small.store)


def test_what_can_not_be_answered_has_no_qrels(small, docs):
    unanswerable = Question("u", "dev", "unanswerable", "en", "Who?")
    assert judge(collection(docs, unanswerable), small.store) == {}


def test_a_document_has_the_score_of_its_best_passage(small, docs):
    hits = small.search("When was the harbour of Lund opened?", 10)
    found = ranking(hits, collection(docs, unit="document"))
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert next(iter(found)) == hits[0].document.doc_id
    assert len(found) == len({hit.document.doc_id for hit in hits})


def test_names_have_no_white_space_for_trec_files(small):
    document = replace(small.store.document_by_id("harbour.txt"), doc_id="my notes/a b.txt")
    passage = small.store.passages_of(small.store.document_numbers()[0])[0]
    assert not any(char.isspace() for char in passage_name(passage, document))
