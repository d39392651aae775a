"""A stored answer is the answer with its passages as in the documents, and is read back unchanged."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import Language
from bot.telegram.memory.kept import CONTEXT_CHARS, keep, kept_json, read_kept
from bot.telegram.messages.answers import answer_messages
from bot.telegram.messages.blocks import is_nothing_but
from bot.telegram.messages.cleaning import clean
from bot.telegram.messages.source import DocumentNow, source_message
from eval.dataset import read_questions
from retrieval.citing import cite
from retrieval.schema import Place
from retrieval.spans import quote_spans
from tests.bot.telegram.messages.made import WORDS, check, hostile_citations, kept_answer, kept_citation, said
from tests.conftest import EMPEROR, PIERS

HARBOUR = "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."


def kept_from(library, question):
    return keep("AbCd1234", library.ask(question), library.document)


def test_an_answers_passages_are_cut_from_its_documents(told):
    kept = kept_from(told, "When was the harbour of Lund opened?")
    document = told.document("harbour.txt")
    passage = kept.citation(1).passage
    assert passage.sha256 == document.sha256
    assert passage.text == quote_spans(document.text, passage.spans)
    assert passage.before == document.text[: passage.spans[0][0]]
    assert passage.after == document.text[passage.spans[-1][1] :]


def test_a_refusal_keeps_its_closest_passage_as_number_one(told):
    kept = kept_from(told, EMPEROR)
    assert (kept.status, kept.answers) == ("abstained", ())
    assert kept.citation(1) == kept.closest
    assert kept.closest.citation == told.ask(EMPEROR).nearest
    assert kept.closest.citation.quote in kept.closest.passage.text
    assert kept.citation(2) is None
    assert read_kept(kept_json(kept)) == kept


def test_the_closest_passage_is_kept_whole_below_its_headings_though_a_part_is_quoted(told):
    found = told.ask(EMPEROR)
    hit = next(hit for hit in found.hits if hit.document.doc_id == "harbour.txt")
    part = cite(1, hit, *hit.passage.sentences[hit.passage.headings])
    kept = keep("AbCd1234", replace(found, nearest=part, candidates=(), hits=(hit,)), told.document)
    assert kept.closest.citation.quote == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert kept.closest.passage.text == HARBOUR


def test_a_refusal_stored_before_its_closest_passage_had_a_number_can_still_be_opened(told):
    kept = kept_from(told, EMPEROR)
    old = replace(kept, closest=replace(kept.closest, citation=replace(kept.closest.citation, number=0)))
    view = source_message(old, Language("en"), 0, DocumentNow("a.txt", "another hash"))
    assert view is not None and not view.text.startswith("[")


def test_what_a_quotation_hangs_on_and_its_place_are_kept():
    kept = kept_answer(kept_citation(lead="Part | Price", place=Place(7, "page", "12")))
    read = read_kept(kept_json(kept))
    assert read == kept
    assert (read.citation(1).citation.lead_spans, read.citation(1).citation.page) == (((0, 12),), 12)


def test_an_answer_stored_before_citations_had_a_place_can_still_be_opened():
    kept = kept_answer(kept_citation())
    old = json.loads(kept_json(kept))
    for name in ("lead", "lead_spans", "place"):
        del old["answers"][0]["citations"][0]["citation"][name]
    assert read_kept(json.dumps(old)) == kept


def test_a_perhaps_is_kept_with_its_status_and_its_passages(told):
    kept = kept_from(told, PIERS)
    assert (kept.status, kept.answers[0].text, kept.closest) == ("perhaps", "14", None)
    assert kept.citation(1).passage.text == HARBOUR
    assert read_kept(kept_json(kept)) == kept


def test_a_citation_of_no_candidate_keeps_its_own_words_as_passage(told):
    found = told.ask("When was the harbour of Lund opened?")
    kept = keep("AbCd1234", replace(found, candidates=()), told.document)
    assert kept.citation(1).passage.text == kept.citation(1).citation.quote


def test_context_is_kept_up_to_its_limit(told):
    document = told.document("harbour.txt")
    long = replace(document, text="x" * 9000 + document.text + "y" * 9000)
    found = told.ask("When was the harbour of Lund opened?")
    hit = replace(found.candidates[0].hit, document=long)
    nearest = cite(1, hit, 0, len(hit.passage.text))
    moved = replace(found, answers=(), status="abstained", hits=(hit,), candidates=(), nearest=nearest)
    kept = keep("AbCd1234", moved, lambda doc_id: long)
    assert len(kept.closest.passage.before) <= CONTEXT_CHARS
    assert len(kept.closest.passage.after) == CONTEXT_CHARS


@settings(max_examples=200, deadline=None)
@given(st.lists(hostile_citations(), min_size=1, max_size=3), WORDS, st.lists(WORDS).map(tuple))
def test_any_text_comes_back_from_the_line(citations, question, words):
    kept = kept_answer(*citations, question=question, unknown_words=words, closest=citations[0])
    assert read_kept(kept_json(kept)) == kept
    assert kept_json(kept).isascii()
    assert "\n" not in kept_json(kept)


@pytest.mark.parametrize("line", ["", "null", "[]", "{}", '{"id": 1}', '{"answers": 1}'])
def test_any_other_line_is_an_error(line):
    with pytest.raises(ValueError):
        read_kept(line)


@pytest.mark.model
def test_what_is_quoted_in_a_message_is_what_the_file_says(seeds):
    """Quotations are taken out of the messages by their entities, and compared with slices of the documents."""
    questions = [asked.question for asked in read_questions()][::9]
    answered = 0
    for question in questions:
        kept = kept_from(seeds, question)
        for position in range(len(kept.answers)):
            (message,) = answer_messages(kept, Language("es"), position)
            check(message)
            text = kept.answers[position]
            cited = [one.citation for one in text.citations]
            sentences = [quote_spans(seeds.document(one.document).text, one.spans) for one in cited]
            others = [
                clean(sentence)[0]
                for sentence in sentences[1:]
                if not any(is_nothing_but(said_before, sentence) for said_before in (sentences[0], text.text))
            ]
            assert said(message, "blockquote") == [clean(sentences[0])[0]]
            assert said(message, "expandable_blockquote") == others
            answered += 1
    assert answered > 10
