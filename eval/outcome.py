"""One question asked and judged: what was found, what was answered, whether it was right, and which stage lost it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from time import perf_counter
from typing import Any, Literal

from eval.collection import Collection
from eval.dataset import Question, touches
from eval.measures import DEPTH, exact_match, holds, search_scores, token_f1, utility
from eval.relevance import ranking_of, shared_chars
from retrieval import Answer, AnswerText, Library
from retrieval.answer.candidates import READ_PASSAGES
from retrieval.answer.decision import choose_answers
from retrieval.conversation.follow_up import contextualise
from retrieval.errors import EvaluationError, QuestionError
from retrieval.spans import Span, quote_spans

RIGHT = "right or rightly refused"
RERANKED = "re-ranked success@1"
OUTCOMES = {
    "answerable": {
        "answered": "answerable answered",
        "perhaps": "answerable perhaps",
        "abstained": "answerable abstained",
    },
    "unanswerable": {
        "answered": "false answers",
        "perhaps": "unanswerable perhaps",
        "abstained": "unanswerable abstained",
    },
}
"""The measure that counts each status of an answer, by whether the documents answer the question."""
_PASSAGES_PER_DOCUMENT = 6  # passages searched for each document ranked, because a document has several

Stage = Literal[
    "right",
    "evidence in no passage",
    "passage not read",
    "reader chose another span",
    "refused wrongly",
    "answered wrongly",
    "offered wrongly",
    "taken for small talk",
    "not taken for small talk",
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What comparing two systems needs of a question's outcome.

    `answer` is the text of the first answer, also where the system abstained from giving it; None where it had none.
    `stage` is the stage that lost the question. `values` are its measures by name, without those that do not apply.
    """

    id: str
    split: str
    kind: str
    language: str
    status: str
    confidence: float
    answer: str | None
    stage: Stage
    values: dict[str, float]

    @property
    def is_right(self) -> bool:
        """Whether the person got what they should have: a right answer with its citation, or a refusal."""
        return self.stage == "right"


@dataclass(frozen=True, slots=True)
class FirstCitation:
    """Where the first answer stands: its quotation, document, spans and lines."""

    quote: str
    document: str
    spans: tuple[Span, ...]
    lines: Span


@dataclass(frozen=True, slots=True)
class Outcome(Judged):
    """All that is known of a question's outcome.

    `collection` is the name of the question's collection, `searched` the query, `accepted` the accepted answers.
    `document` is the document of the clearest evidence and `evidence_quote` its quotation. `citation` is the first
    answer's. `ranking` holds scores by name, best first, and `rank` is the rank of the first relevant name, None where
    there is none.
    """

    collection: str
    question: str
    searched: str
    document: str | None
    accepted: tuple[str, ...]
    evidence_quote: str
    citation: FirstCitation | None
    ranking: dict[str, float]
    rank: int | None
    elapsed_ms: float


def ask_and_judge(
    question: Question, library: Library, collection: Collection, relevant: Mapping[str, int] | None
) -> Outcome:
    """The outcome of the question, asked as a chat would ask it; `relevant` is its row of the qrels, None without one.

    Raises EvaluationError for a question that can't be asked.
    """
    with _named_in_errors(question):
        answer = library.ask(question.question, question.history, top=_depth(collection))
    first = first_answer(answer)
    outcome = _searched(question, answer.searched, ranking_of(answer.hits, collection), relevant, collection.name)
    values = outcome.values | answer_values(question, answer, first)
    is_read = not (relevant or {}).keys().isdisjoint(ranking_of(answer.hits[:READ_PASSAGES], collection))
    return replace(
        outcome,
        evidence_quote=evidence_quote(question, library),
        status=answer.status,
        confidence=answer.confidence,
        answer=first.text if first else None,
        citation=_first_citation(first),
        stage=stage_of(question, answer, values, is_in_passages=bool(relevant), is_read=is_read),
        elapsed_ms=answer.elapsed_ms["total"],
        values=values
        | reranked_values(answer, collection, relevant)
        | reader_values(question, answer, library, collection),
    )


def search_and_judge(
    question: Question, library: Library, collection: Collection, relevant: Mapping[str, int] | None
) -> Outcome:
    """The outcome of searching for the question as it was typed, without correcting typos or reading.

    Raises EvaluationError for a question that can't be searched for.
    """
    started = perf_counter()
    with _named_in_errors(question):
        query = contextualise(question.question, question.history)
        hits = library.search(query, _depth(collection))
    outcome = _searched(question, query, ranking_of(hits, collection), relevant, collection.name)
    return replace(outcome, elapsed_ms=(perf_counter() - started) * 1000)


def _searched(
    question: Question, query: str, ranking: dict[str, float], relevant: Mapping[str, int] | None, collection: str
) -> Outcome:
    """The outcome of the search alone: right where a relevant passage is among those that the reader reads."""
    rank = next((rank for rank, name in enumerate(ranking, 1) if relevant and relevant.get(name, 0) > 0), None)
    values = {} if relevant is None else search_scores({question.id: relevant}, {question.id: ranking})[question.id]
    return Outcome(
        id=question.id,
        split=question.split,
        kind=question.kind,
        language=question.language,
        status="searched",
        confidence=0.0,
        answer=None,
        stage="right" if rank and rank <= READ_PASSAGES else "passage not read",
        values=values,
        collection=collection,
        question=question.question,
        searched=query,
        document=question.document,
        accepted=question.answers,
        evidence_quote="",
        citation=None,
        ranking=ranking,
        rank=rank,
        elapsed_ms=0.0,
    )


def _depth(collection: Collection) -> int:
    return DEPTH if collection.unit == "passage" else DEPTH * _PASSAGES_PER_DOCUMENT


@contextmanager
def _named_in_errors(question: Question) -> Iterator[None]:
    try:
        yield
    except QuestionError as error:
        raise EvaluationError(f"question {question.id} can't be asked: {error}") from error


def first_answer(answer: Answer) -> AnswerText | None:
    """The first answer; where the system abstained, the one that it would have given."""
    return next(iter(answer.answers or choose_answers(answer.candidates, answer.confidence)), None)


def answer_values(question: Question, answer: Answer, first: AnswerText | None) -> dict[str, float]:
    """The measures of the answer that apply to this question; `first` is given also where the system abstained.

    Abstaining from an answerable question counts as zero in all but the precisions, which count answered questions
    only. An answer is shown where the question is answered and where it is offered as "perhaps".
    """
    status: str = answer.status
    if question.kind == "smalltalk":
        return {RIGHT: float(status == "smalltalk")}
    shown = answer.answers[0] if answer.answers else None
    right = float(first is not None and is_right_answer(question, first))
    found = {"utility": utility(status, is_right=right == 1, is_answerable=question.is_answerable)}
    if shown and status == "answered":
        found |= {"precision": right, "citation precision": float(is_cited(question, shown))}
    names = OUTCOMES["answerable" if question.is_answerable else "unanswerable"]
    found |= {name: float(status == one) for one, name in names.items()}
    if not question.is_answerable:
        return {RIGHT: float(status == "abstained"), **found}
    shown_text, first_text = shown.text if shown else "", first.text if first else ""
    return {
        "exact match": exact_match(shown_text, question.answers),
        "token F1": token_f1(shown_text, question.answers),
        "right and answered": right if status == "answered" else 0.0,
        "right shown": right if shown else 0.0,
        RIGHT: right if shown else 0.0,
        "best right": right,
        "best exact match": exact_match(first_text, question.answers),
        "best token F1": token_f1(first_text, question.answers),
        **found,
    }


def reranked_values(answer: Answer, collection: Collection, relevant: Mapping[str, int] | None) -> dict[str, float]:
    """Whether the passage that the reader ranks first is relevant; empty for unanswerable questions."""
    if relevant is None:
        return {}
    first = ranking_of([candidate.hit for candidate in answer.candidates[:1]], collection)
    return {RERANKED: float(any(relevant.get(name, 0) > 0 for name in first))}


def reader_values(question: Question, answer: Answer, library: Library, collection: Collection) -> dict[str, float]:
    """The reader's measures on the relevant passage, also where it would abstain; empty for unanswerable questions.

    Where the qrels judge documents, it reads all passages of the relevant document.
    """
    if question.document is None:
        return {}
    hits = library.retriever.search_document(answer.searched, question.document)
    if collection.unit == "passage":
        hits = [max(hits, key=lambda hit: shared_chars(hit.passage, hit.document, question.evidence[0]))]
    first = first_answer(library.answer_from(question.question, answer.searched, hits))
    text = first.text if first else ""
    return {
        "reader exact match": exact_match(text, question.answers),
        "reader token F1": token_f1(text, question.answers),
        "reader right": float(first is not None and is_right_answer(question, first)),
    }


def is_right_answer(question: Question, text: AnswerText) -> bool:
    """Whether a person who is shown it sees an accepted answer, and the first citation touches the evidence."""
    return is_cited(question, text) and holds(f"{text.citations[0].quote} {text.text}", question.answers)


def is_cited(question: Question, text: AnswerText) -> bool:
    """Whether the first citation touches the evidence."""
    return touches(text.citations[0].document, text.citations[0].spans, question.evidence)


def stage_of(
    question: Question, answer: Answer, values: Mapping[str, float], *, is_in_passages: bool, is_read: bool
) -> Stage:
    """The first stage that lost the question, in the order in which the stages run."""
    if values[RIGHT]:
        return "right"
    if answer.status == "smalltalk":
        return "taken for small talk"
    if question.kind == "smalltalk":
        return "not taken for small talk"
    if not question.is_answerable:
        return "offered wrongly" if str(answer.status) == "perhaps" else "answered wrongly"
    if not is_in_passages:
        return "evidence in no passage"
    if not is_read:
        return "passage not read"
    return "refused wrongly" if values["best right"] else "reader chose another span"


def evidence_quote(question: Question, library: Library) -> str:
    """The clearest evidence as a quotation, "" where there is none."""
    if not question.evidence:
        return ""
    clearest = question.evidence[0]
    return quote_spans(library.document(clearest.document).text, clearest.spans)


def _first_citation(text: AnswerText | None) -> FirstCitation | None:
    if text is None:
        return None
    first = text.citations[0]
    return FirstCitation(quote=first.quote, document=first.document, spans=first.spans, lines=first.lines)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON holds it. Measures are not rounded: a system would differ from itself."""
    stored = asdict(outcome)
    del stored["ranking"]  # the run file has it
    stored["elapsed_ms"] = round(outcome.elapsed_ms, 1)
    return stored


def outcome_of(stored: Mapping[str, Any]) -> Outcome:
    """The outcome that was stored. Raises KeyError or TypeError for another format."""
    citation = stored["citation"]
    if citation is not None:
        (first, last), spans = citation["lines"], citation["spans"]
        spans = tuple((start, end) for start, end in spans)
        citation = FirstCitation(**{**citation, "lines": (first, last), "spans": spans})
    return Outcome(**{**stored, "ranking": {}, "accepted": tuple(stored["accepted"]), "citation": citation})


def judged_json(outcome: Judged) -> dict[str, Any]:
    """The part of the outcome that comparing needs, as JSON holds it."""
    return {field.name: getattr(outcome, field.name) for field in fields(Judged)}


def judged_of(stored: Mapping[str, Any]) -> Judged:
    """The part that was stored. Raises TypeError for another format."""
    return Judged(**stored)
