"""Questions asked as a user would ask them, after one reading, and whether what was found is right.

A span is right for ranking if it overlaps an accepted answer at its position or shares at least half of its words with
one. It is shown if its quotation holds an accepted answer at its position, or if it agrees with one. Every fifth
answerable question is made unanswerable: the hits from its own paragraph are removed, and the question is left out if
the other hits contain an accepted answer.
"""

from __future__ import annotations

import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from retrieval.answer.agreement import is_same, normalise
from retrieval.answer.candidates import READ_PASSAGES, Query, RankedSpan, rank_spans, weighted_query
from retrieval.answer.multilingual import StateModel, multilingual_scorer
from retrieval.answer.network import EnglishNetwork
from retrieval.answer.ranking import ReaderWeights
from retrieval.answer.spelling import correct_spelling
from retrieval.index.retriever import Retriever
from retrieval.query import clean_question
from retrieval.schema import Candidate, Hit
from retrieval.spans import Span
from retrieval.training.squad import SquadQuestion, contains_answer, read_squad, sample

_INITIAL_RANKING = {"span": 1.0, "relevance": 0.5, "behind_best": -2.0}  # orders spans before weights are fitted
REMOVED_EVERY = 5  # one answerable question in five is made unanswerable

QuestionKind = Literal["answerable", "removed", "adversarial"]
"""Whether the documents answer a question.

"removed": the passages that answer it were removed. "adversarial": it was written to look answerable (SQuAD 2.0).
"""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question after reading: the spans found, and what computing their probabilities needs.

    `is_multilingual`: the multilingual network read it, whose scores have weights of their own.
    """

    collection: str
    question: SquadQuestion
    query: Query
    hits: tuple[Hit, ...]
    spans: tuple[RankedSpan, ...]
    kind: QuestionKind
    is_multilingual: bool = False

    @property
    def is_answerable(self) -> bool:
        return self.kind == "answerable"


def ask_questions(
    collection: str,
    questions: Sequence[SquadQuestion],
    retriever: Retriever,
    network: EnglishNetwork,
    multilingual: StateModel | None = None,
) -> Iterator[ReadQuestion]:
    """Each question after one reading; questions for which nothing is found are left out."""
    initial = ReaderWeights(ranking=_INITIAL_RANKING, bias=0.0, confidence={}, thresholds={})
    idf = retriever.store.sparse.idf
    answerable = 0
    for question in tqdm(questions, desc=collection, file=sys.stderr):
        query = clean_question(correct_spelling(question.question, retriever.store, network.is_common_word))
        hits = retriever.search(query, 2 * READ_PASSAGES)
        answerable += bool(question.answers)
        is_removed = bool(question.answers) and answerable % REMOVED_EVERY == 0
        if is_removed:
            hits = [hit for hit in hits if hit.document.doc_id != question.document]
            if any(contains_answer(hit.passage.text, question) for hit in hits[:READ_PASSAGES]):
                continue
        hits = hits[:READ_PASSAGES]
        reader_query = weighted_query(query, idf)
        scorer = multilingual_scorer(query, hits, retriever.encoder, multilingual)
        spans = rank_spans(reader_query, hits, scorer or network, initial)
        if spans:
            yield ReadQuestion(
                collection=collection,
                question=question,
                query=reader_query,
                hits=tuple(hits),
                spans=tuple(spans),
                kind=_kind_of(question, is_removed),
                is_multilingual=scorer is not None,
            )


def _kind_of(question: SquadQuestion, is_removed: bool) -> QuestionKind:
    if is_removed:
        return "removed"
    return "answerable" if question.answers else "adversarial"


def is_right(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the answer overlaps an accepted one at its position, or shares half of its words with one elsewhere."""
    return overlaps_answer(candidate, candidate.answer, question) or _best_f1(candidate, question) >= 0.5


def is_shown(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the quotation shows an accepted answer at its position, or the answer agrees with one elsewhere."""
    answer = normalise(candidate.hit.passage.text[slice(*candidate.answer)])
    return overlaps_answer(candidate, (candidate.start, candidate.end), question, whole=True) or any(
        is_same(answer, normalise(text)) for text, _ in question.answers
    )


def overlaps_answer(
    candidate: Candidate | RankedSpan, span: Span, question: SquadQuestion, whole: bool = False
) -> bool:
    """Whether the span overlaps an accepted answer in the question's paragraph; with `whole`, contains one."""
    document = candidate.hit.document
    if document.doc_id != question.document:
        return False
    spans = candidate.hit.passage.reading.spans(*span, document.text)
    return any(
        (start <= offset and offset + len(text) <= end) if whole else (start < offset + len(text) and offset < end)
        for text, offset in question.answers
        for start, end in spans
    )


def _best_f1(candidate: Candidate | RankedSpan, question: SquadQuestion) -> float:
    """The highest token F1 of the answer with an accepted one."""
    answer = candidate.hit.passage.text[slice(*candidate.answer)]
    return max((token_f1(answer, text) for text, _ in question.answers), default=0.0)


def token_f1(one: str, other: str) -> float:
    """SQuAD's token F1: harmonic mean of precision and recall of words, without case, articles and punctuation."""
    mine, theirs = (Counter(_words(text)) for text in (one, other))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if mine and theirs else float(mine == theirs)


def _words(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return [word for word in bare.split() if word not in ("a", "an", "the")]


def questions_over(file: Path, original: Path, limit: int, seed: int) -> list[SquadQuestion]:
    """A random sample of the file's questions, with the paragraphs and answers of `original`, joined by id."""
    _, questions = sample(file, len(read_squad(file)[0]), 10**9, seed)
    if file != original:
        originals = {question.id: question for question in read_squad(original)[1]}
        questions = [
            replace(originals[question.id], question=question.question)
            for question in questions
            if question.id in originals
        ]
    return questions[:limit]
