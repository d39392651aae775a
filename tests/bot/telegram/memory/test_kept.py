"""A stored answer is the answer with its passages as in the documents, and is read back unchanged."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import Language
from bot.telegram.memory.kept import CLOSEST_NUMBER, CONTEXT_CHARS, keep, kept_json, read_kept
from bot.telegram.messages.answers import answer_messages
from bot.telegram.messages.cleaning import clean
from eval.dataset import read_questions
from retrieval.schema import quote_spans
from tests.bot.telegram.messages.made import WORDS, check, hostile_citations, kept_answer, said


def kept_from(library, question):
    return keep("AbCd1234", library.ask(question), library.document)


def test_an_answers_passages_are_cut_from_its_documents(small):
    kept = kept_from(small, "When was the harbour of Lund opened?")
    document = small.document("harbour.txt")
    passage = kept.citation(1).passage
    assert passage.sha256 == document.sha256
    assert passage.text == quote_spans(document.text, passage.spans)
    assert passage.before == document.text[: passage.spans[0][0]]
    assert passage.after == document.text[passage.spans[-1][1] :]


def test_a_refusal_keeps_its_closest_passage_as_number_zero(small):
    kept = kept_from(small, "Who is the emperor of Lund?")
    assert kept.answers == ()
    assert kept.citation(CLOSEST_NUMBER) == kept.closest
    assert kept.closest.citation.quote == kept.closest.passage.text
    assert kept.citation(1) is None


def test_a_refusals_closest_passage_begins_at_the_sentence_that_the_reader_likes_best(small):
    found = small.ask("When was the harbour of Lund opened?")
    best = found.candidates[0]
    second = replace(best, start=best.hit.passage.text.index("It has"))
    refused = replace(found, status="abstained", answers=(), candidates=(second,))
    kept = keep("AbCd1234", refused, small.document)
    assert kept.closest.passage.text == kept.closest.citation.quote == "It has 14 piers."
    assert kept.closest.passage.before.endswith("by Queen Astrid. ")


def test_a_citation_of_no_candidate_keeps_its_own_words_as_passage(small):
    found = small.ask("When was the harbour of Lund opened?")
    kept = keep("AbCd1234", replace(found, candidates=()), small.document)
    assert kept.citation(1).passage.text == kept.citation(1).citation.quote


def test_context_is_kept_up_to_its_limit(small):
    document = small.document("harbour.txt")
    long = replace(document, text="x" * 9000 + document.text + "y" * 9000)
    found = small.ask("When was the harbour of Lund opened?")
    hit = replace(found.candidates[0].hit, document=long)
    moved = replace(found, answers=(), status="abstained", hits=(hit,), candidates=())
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
            citations = kept.answers[position].citations
            files = [seeds.document(one.citation.document).text for one in citations]
            sentence = quote_spans(files[0], citations[0].citation.spans)
            passages = [quote_spans(text, one.passage.spans) for text, one in zip(files, citations, strict=True)]
            assert said(message, "blockquote") == [clean(sentence)[0]]
            assert said(message, "expandable_blockquote") == [clean(passage)[0] for passage in passages]
            answered += 1
    assert answered > 10
