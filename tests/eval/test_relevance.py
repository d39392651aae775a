"""Qrels come from spans of documents, so they hold for any passages."""

from dataclasses import replace

import pytest

from eval.collection import Collection, folder_sha256
from eval.dataset import Evidence, Question
from eval.measures import search_scores
from eval.relevance import is_relevant, judge, passage_name, passage_spans, ranking_of
from retrieval import Library
from retrieval.errors import EvaluationError
from retrieval.index.build import build_index
from retrieval.settings import IndexSettings, PassageSettings
from tests.conftest import no_report


@pytest.fixture
def opened(small):
    """The harbour's document, and where the sentence stands in it that says when it was opened."""
    document = small.store.document_by_id("harbour.txt")
    start = document.text.index("The harbour of Lund was")
    return document, (start, document.text.index(".", start) + 1)


def question(spans, document="harbour.txt"):
    return Question("q", "dev", "fact", "en", "When was the harbour opened?", ("x",), (Evidence(document, spans),))


def collection(docs, *questions, unit="passage"):
    return Collection("small", docs, tuple(questions), unit, folder_sha256(docs))


def test_a_passage_is_relevant_where_it_holds_half_of_the_evidence_or_the_evidence_half_of_it(small, opened):
    document, (start, end) = opened
    passage = small.store.passages_of(small.store.document_numbers()[0])[0]
    assert passage.doc_id == document.doc_id
    assert is_relevant(passage, document, [Evidence("harbour.txt", ((start, end),))])
    assert not is_relevant(passage, document, [Evidence("mill.txt", ((start, end),))])
    assert is_relevant(passage, document, [Evidence("harbour.txt", ((0, len(document.text)),))])
    part = replace(passage, reading=passage.reading.slice(20, 56))
    ((first, last),) = passage_spans(part, document)
    beyond = (last - (last - first) // 4, len(document.text))  # holds a quarter of it and is mostly elsewhere
    assert not is_relevant(part, document, [Evidence("harbour.txt", (beyond,))])


def test_evidence_holds_for_other_passages(small, docs, opened, tmp_path, fake, shipped_reader):
    _, span = opened
    asked = collection(docs, question((span,)))
    finer = tmp_path / "finer"
    build_index(docs, finer, IndexSettings(passages=PassageSettings(size_tokens=16)), no_report, fake)
    for store in (small.store, Library(finer, encoder=fake, reader=shipped_reader).store):
        names = judge(asked, store)["q"]
        passages = {
            passage_name(passage, store.document(number)): passage
            for number in store.document_numbers()
            for passage in store.passages_of(number)
        }
        assert names
        assert all("opened" in passages[name].text for name in names)


def test_a_question_whose_evidence_is_in_no_passage_has_an_empty_row_and_counts_as_zero(small, docs):
    sign = (0, 1)  # of a Markdown heading, which is no part of a passage
    qrels = judge(collection(docs, question((sign,), "news/bridge.md")), small.store)
    assert qrels == {"q": {}}
    assert search_scores(qrels, {"q": {"x": 1.0}})["q"]["success@10"] == 0.0


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        (Evidence("gone.txt", ((0, 5),)), "q: no document gone.txt"),
        (Evidence("harbour.txt", ((0, 9_999),)), "q: harbour.txt ends at"),
    ],
)
def test_evidence_outside_the_documents_is_an_error_and_no_zero(small, docs, evidence, message):
    asked = replace(question(()), evidence=(evidence,))
    with pytest.raises(EvaluationError, match=message):
        judge(collection(docs, asked), small.store)
    with pytest.raises(EvaluationError, match="no document"):
        judge(
            collection(docs, replace(asked, evidence=(Evidence("gone.txt", ((0, 5),)),)), unit="document"), small.store
        )


def test_an_unanswerable_question_has_no_qrels(small, docs):
    unanswerable = Question("u", "dev", "unanswerable", "en", "Who?")
    assert judge(collection(docs, unanswerable), small.store) == {}


def test_a_document_has_the_score_of_its_best_passage(small, docs):
    hits = small.search("When was the harbour of Lund opened?", 10)
    found = ranking_of(hits, collection(docs, unit="document"))
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert next(iter(found)) == hits[0].document.doc_id
    assert len(found) == len({hit.document.doc_id for hit in hits})


def test_names_have_no_white_space_for_trec_files(small):
    document = replace(small.store.document_by_id("harbour.txt"), doc_id="my notes/a b.txt")
    passage = small.store.passages_of(small.store.document_numbers()[0])[0]
    assert not any(char.isspace() for char in passage_name(passage, document))
