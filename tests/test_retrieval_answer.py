"""Reading, deciding, citing and small talk."""

import pytest

from retrieval.answer import answer
from retrieval.build import build_index
from retrieval.reader import Weights, probability, read
from retrieval.retriever import open_retriever
from retrieval.settings import IndexSettings
from retrieval.smalltalk import small_talk
from tests.conftest import FakeEncoder, no_report, write_corpus

OVERLAP = Weights(-3.0, {"overlap": 8.0}, 0.5)  # the reader by word overlap alone, its figures easy to work by hand


def read_small(question, small, weights=OVERLAP):
    vector = small.encoder.embed_query(question)
    index = small.store.sparse
    return read(question, vector, small.search(question), small.encoder.embed_passages, index.idf, weights)


def test_the_sentence_that_shares_most_words_comes_first_with_its_answer_marked(small):
    best = read_small("When was the harbour of Lund opened?", small)[0]
    text = best.hit.passage.text
    assert text[best.start : best.end] == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert text[slice(*best.answer)] == "1871"
    assert best.parts["overlap"] == pytest.approx(1)
    assert best.score == pytest.approx(probability(best.parts, OVERLAP)) == pytest.approx(0.9933, abs=1e-4)


def test_a_sentence_that_points_back_comes_with_the_one_before(small):
    best = read_small("How many piers does it have?", small)[0]
    assert best.hit.passage.text[best.start : best.end] == (
        "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."
    )
    assert best.hit.passage.text[slice(*best.answer)] == "14"


def test_a_reason_is_looked_for_in_the_sentence_after(docs, tmp_path, fake):
    write_corpus(docs, {"why.txt": "The ferry to Lund stopped. Ice had broken its hull.\n"})
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
    best = read_small("Why did the ferry stop?", open_retriever(tmp_path / "i", fake))[0]
    assert best.hit.passage.text[best.start : best.end] == "The ferry to Lund stopped. Ice had broken its hull."


def test_a_sentence_in_two_overlapping_passages_is_one_candidate(tmp_path, fake):
    docs = write_corpus(
        tmp_path / "d", {"a.txt": " ".join(f"The {n}th ship of Lund came from the far north." for n in range(9))}
    )
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, FakeEncoder(max_tokens=40))
    retriever = open_retriever(tmp_path / "i", FakeEncoder(max_tokens=40))
    candidates = read_small("Which ship came?", retriever)
    places = [c.hit.passage.reading.spans(c.start, c.end, c.hit.document.text) for c in candidates]
    assert len(places) == len(set(places)) > 3


def test_no_hits_give_no_candidates(small):
    vector = small.encoder.embed_query("x")
    assert read("x", vector, [], small.encoder.embed_passages, small.store.sparse.idf, OVERLAP) == []


def test_an_answer_cites_the_sentence_it_stands_in(small, monkeypatch):
    monkeypatch.setattr("retrieval.answer.load_weights", lambda: OVERLAP)
    found = answer("When was the harbour of Lund opened?", small)
    assert (found.status, found.answers[0].text) == ("answered", "1871")
    citation = found.answers[0].citations[0]
    assert citation.quote == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert (citation.document, citation.title, citation.lines) == ("harbour.txt", "The Harbour of Lund", (3, 3))
    assert citation.mark is not None and citation.quote[slice(*citation.mark)] == "1871"


def test_the_same_answer_in_two_documents_is_one_answer_with_two_citations(docs, tmp_path, fake, monkeypatch):
    monkeypatch.setattr("retrieval.answer.load_weights", lambda: OVERLAP)
    write_corpus(docs, {"second.txt": "Port News\n\nLund saw its harbour opened in 1871 at last.\n"})
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
    found = answer("When was the harbour of Lund opened?", open_retriever(tmp_path / "i", fake))
    assert found.answers[0].text == "1871"
    assert [(c.number, c.document) for c in found.answers[0].citations] == [(1, "harbour.txt"), (2, "second.txt")]


def test_weak_evidence_is_refused_and_the_unknown_words_named(small, monkeypatch):
    monkeypatch.setattr("retrieval.answer.load_weights", lambda: OVERLAP)
    found = answer("How high is the Matterhorn above Zermatt?", small, top=2)
    assert (found.status, found.answers) == ("abstained", ())
    assert found.unknown_words == ("high", "Matterhorn", "above", "Zermatt")
    assert len(found.hits) == 2 and found.confidence < 0.5


def test_a_follow_up_is_searched_with_its_topic(small):
    found = answer("And when?", small, searched="And when? harbour Lund opened")
    assert (found.question, found.searched) == ("And when?", "And when? harbour Lund opened")
    assert found.hits[0].document.doc_id == "harbour.txt"


def test_the_same_question_gives_the_same_answer(small):
    first, second = (answer("When did the old mill burn down?", small) for _ in range(2))
    assert (first.candidates, first.answers, first.confidence) == (second.candidates, second.answers, second.confidence)


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "Hello!",
        "hey there",
        "Good morning",
        "¡Hola!",
        "thanks",
        "Thank you so much!",
        "thx",
        "Who are you?",
        "what's your name?",
        "how are you?",
        "bye",
        "こんにちは",
        "ok thanks",
        "👍",
        " 🙏🏽 ",
    ],
)
def test_small_talk_gets_a_line_and_no_citation(said, small):
    found = answer(said, small)
    assert found.status == "smalltalk" and found.reply
    assert (found.answers, found.hits) == ((), ())


@pytest.mark.parametrize(
    "asked",
    [
        "Who are the members of JALAC?",
        "what is the good of it",
        "thanks to whom did it open",
        "How are you affected by the tariff?",
        "later plans",
        "all",
        "mill",
        "nights in Lund",
        "👍 who opened the harbour?",
        "?!",
    ],
)
def test_a_question_is_no_small_talk(asked):
    assert small_talk(asked) is None


@pytest.mark.model
def test_every_citation_of_every_question_is_the_files_own_words(seeds):
    """Each evaluation question, each answer, each citation: slices of the file on disk, and its lines."""
    import json
    import re

    from retrieval.schema import INTERRUPTION
    from tests.conftest import SEEDS

    path = SEEDS.parent / "eval" / "questions.jsonl"
    questions = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]
    checked = 0
    for question in questions:
        for text in answer(question, seeds).answers:
            for citation in text.citations:
                original = (SEEDS / citation.document).read_bytes().decode("utf-8")
                slices = [re.sub(r"\s*\n\s*", " ", original[start:end]) for start, end in citation.spans]
                assert INTERRUPTION.join(slices) == citation.quote
                touched = [original.count("\n", 0, at) + 1 for start, end in citation.spans for at in (start, end - 1)]
                assert citation.lines == (min(touched), max(touched))
                assert citation.mark is None or citation.quote[slice(*citation.mark)] in citation.quote
                checked += 1
            assert all(part in original for part in text.text.split(INTERRUPTION)) or "\n" in original
    assert checked > 80
