"""One question, asked: what was found, what was said, whether that was right, and which stage lost it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any, Literal

from eval.collection import Collection
from eval.dataset import Question, touches
from eval.measures import DEPTH, exact_match, holds, search_scores, token_f1
from eval.relevance import held, ranking
from retrieval.answer.answer import agree, answer, read_answer
from retrieval.answer.reader import READ_PASSAGES
from retrieval.conversation.follow_up import contextualise
from retrieval.errors import EvaluationError, QuestionError
from retrieval.index.retriever import Retriever
from retrieval.schema import Answer, AnswerText, Span, quote_spans

RIGHT = "right or rightly refused"
RERANKED = "re-ranked success@1"
_PASSAGES_A_DOCUMENT = 6  # searched for each document wanted: some have several passages

Stage = Literal[
    "right",
    "not in any passage",
    "not among those read",
    "reader chose another span",
    "refused wrongly",
    "answered wrongly",
    "taken for small talk",
    "not taken for small talk",
]


@dataclass(frozen=True, slots=True)
class Said:
    """The first answer, as a person would see it: its words, the quotation around them and where that stands."""

    text: str
    quote: str
    document: str
    spans: tuple[Span, ...]
    lines: Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question's result.

    `said` is the first answer, also where it was too unsure to be given; None where there was nothing to say. `found`
    are the scores of what the search found, best first, `rank` that of the first right one, None where there is none.
    `values` are the measures of this question by name; one that does not apply to it is left out.
    """

    id: str
    split: str
    kind: str
    language: str
    question: str
    searched: str
    document: str | None
    answers: tuple[str, ...]
    gold: str
    status: str
    confidence: float
    said: Said | None
    found: dict[str, float]
    rank: int | None
    stage: Stage
    elapsed_ms: float
    values: dict[str, float]

    @property
    def is_right(self) -> bool:
        """Whether the person got what they should have got: a right answer with its citation, or a refusal."""
        return self.stage == "right"


def ask(
    question: Question, retriever: Retriever, collection: Collection, relevant: Mapping[str, int] | None
) -> Outcome:
    """Ask it as the chat would, and judge what comes back; `relevant` is its row of the qrels, None where it has none.

    Raises EvaluationError for a question nobody could ask.
    """
    with _told(question):
        searched = contextualise(question.question, question.history)
        given = answer(question.question, retriever, searched, _depth(collection))
    best = would_say(given)
    outcome = _found(question, given.searched, ranking(given.hits, collection), relevant)
    values = outcome.values | answer_values(question, given, best)
    is_read = not (relevant or {}).keys().isdisjoint(ranking(given.hits[:READ_PASSAGES], collection))
    return replace(
        outcome,
        gold=gold_quote(question, retriever),
        status=given.status,
        confidence=given.confidence,
        said=_said(best),
        stage=stage_of(question, given, values, bool(relevant), is_read),
        elapsed_ms=given.elapsed_ms["total"],
        values=values
        | reranked_values(given, collection, relevant)
        | isolated_values(question, given, retriever, collection),
    )


def find(
    question: Question, retriever: Retriever, collection: Collection, relevant: Mapping[str, int] | None
) -> Outcome:
    """Search for it, and judge the ranking alone."""
    started = perf_counter()
    with _told(question):
        searched = contextualise(question.question, question.history)
        hits = retriever.search(searched, _depth(collection))
    outcome = _found(question, searched, ranking(hits, collection), relevant)
    return replace(outcome, elapsed_ms=(perf_counter() - started) * 1000)


def _found(question: Question, searched: str, found: dict[str, float], relevant: Mapping[str, int] | None) -> Outcome:
    """The outcome of the search: right where something right is among as many as the reader reads."""
    rank = next((rank for rank, name in enumerate(found, 1) if relevant and relevant.get(name, 0) > 0), None)
    values = {} if relevant is None else search_scores({question.id: relevant}, {question.id: found})[question.id]
    return Outcome(
        id=question.id,
        split=question.split,
        kind=question.kind,
        language=question.language,
        question=question.question,
        searched=searched,
        document=question.document,
        answers=question.answers,
        gold="",
        status="searched",
        confidence=0.0,
        said=None,
        found=found,
        rank=rank,
        stage="right" if rank and rank <= READ_PASSAGES else "not among those read",
        elapsed_ms=0.0,
        values=values,
    )


def _depth(collection: Collection) -> int:
    return DEPTH if collection.unit == "passage" else DEPTH * _PASSAGES_A_DOCUMENT


@contextmanager
def _told(question: Question) -> Iterator[None]:
    try:
        yield
    except QuestionError as error:
        raise EvaluationError(f"question {question.id} can't be asked: {error}") from error


def would_say(given: Answer) -> AnswerText | None:
    """The first answer; where it was too unsure to be given, the one that would have been."""
    return next(iter(given.answers or agree(given.candidates, given.confidence)), None)


def answer_values(question: Question, given: Answer, best: AnswerText | None) -> dict[str, float]:
    """The measures of the answer that apply to this question.

    A refusal of an answerable question counts as zero in all but the precisions, which are of what was answered.
    """
    if question.kind == "smalltalk":
        return {RIGHT: float(given.status == "smalltalk")}
    first = given.answers[0] if given.answers else None
    right = float(best is not None and is_right_and_shown(question, best))
    of_answered = {"precision": right, "citation precision": float(is_cited(question, first))} if first else {}
    if not question.is_answerable:
        refused = float(given.status == "abstained")
        return {RIGHT: refused, "false answers": float(first is not None), **of_answered}
    text = first.text if first else ""
    return {
        "exact match": exact_match(text, question.answers),
        "token F1": token_f1(text, question.answers),
        "right and shown": right if first else 0.0,
        RIGHT: right if first else 0.0,
        "coverage": float(first is not None),
        "best right": right,
        "best exact match": exact_match(best.text if best else "", question.answers),
        "best token F1": token_f1(best.text if best else "", question.answers),
        **of_answered,
    }


def reranked_values(given: Answer, collection: Collection, relevant: Mapping[str, int] | None) -> dict[str, float]:
    """Whether the passage that the reader puts first is right; empty for what can't be answered."""
    if relevant is None:
        return {}
    first = ranking([candidate.hit for candidate in given.candidates[:1]], collection)
    return {RERANKED: float(any(relevant.get(name, 0) > 0 for name in first))}


def isolated_values(
    question: Question, given: Answer, retriever: Retriever, collection: Collection
) -> dict[str, float]:
    """The reader alone, given the right passage (or all passages of the right document, where that is the unit), and
    whatever it would have refused. Empty for what can't be answered."""
    if question.document is None:
        return {}
    vector = retriever.encoder.embed_query(given.searched)
    hits = retriever.search_document(given.searched, vector, question.document)
    if collection.unit == "passage":
        hits = [max(hits, key=lambda hit: held(hit.passage, hit.document, question.evidence[0]))]
    best = would_say(read_answer(question.question, given.searched, hits, retriever))
    text = best.text if best else ""
    return {
        "reader exact match": exact_match(text, question.answers),
        "reader token F1": token_f1(text, question.answers),
        "reader right": float(best is not None and is_right_and_shown(question, best)),
    }


def is_right_and_shown(question: Question, text: AnswerText) -> bool:
    """Whether an accepted answer stands in what the person sees, and the first citation is of the evidence."""
    return is_cited(question, text) and holds(f"{text.citations[0].quote} {text.text}", question.answers)


def is_cited(question: Question, text: AnswerText) -> bool:
    """Whether the first citation touches a place that answers the question."""
    return touches(text.citations[0].document, text.citations[0].spans, question.evidence)


def stage_of(
    question: Question, given: Answer, values: Mapping[str, float], is_in_passages: bool, is_read: bool
) -> Stage:
    """Which stage lost the question, the first in the order they work."""
    if values[RIGHT]:
        return "right"
    if given.status == "smalltalk":
        return "taken for small talk"
    if question.kind == "smalltalk":
        return "not taken for small talk"
    if not question.is_answerable:
        return "answered wrongly"
    if not is_in_passages:
        return "not in any passage"
    if not is_read:
        return "not among those read"
    return "refused wrongly" if values["best right"] else "reader chose another span"


def gold_quote(question: Question, retriever: Retriever) -> str:
    """The clearest place as a person reads it, "" where there is none."""
    if not question.evidence:
        return ""
    place = question.evidence[0]
    return quote_spans(retriever.store.document_by_id(place.document).text, place.spans)


def _said(text: AnswerText | None) -> Said | None:
    if text is None:
        return None
    first = text.citations[0]
    return Said(text.text, first.quote, first.document, first.spans, first.lines)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON holds it. Figures stay as they are: rounded, a system would differ from itself."""
    stored = asdict(outcome)
    del stored["found"]  # the run has it
    stored["elapsed_ms"] = round(outcome.elapsed_ms, 1)
    return stored


def outcome_of(stored: dict[str, Any]) -> Outcome:
    """The outcome that was stored. Raises KeyError or TypeError for another form."""
    said = stored["said"]
    return Outcome(
        **{
            **stored,
            "found": {},
            "answers": tuple(stored["answers"]),
            "said": said
            and Said(
                said["text"],
                said["quote"],
                said["document"],
                tuple((a, b) for a, b in said["spans"]),
                (said["lines"][0], said["lines"][1]),
            ),
        }
    )
