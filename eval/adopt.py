"""People's ratings -> questions of the evaluation set, through a review in the terminal.

The reviewer chooses the evidence from the citations and hits of the rated answer, or types a quotation that is looked
up in the documents. A question without evidence in a document is not adopted, unless no document answers it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.feedback.store import Rating, RatingStore
from bot.plain_text import excerpt
from eval.dataset import (
    KINDS,
    Evidence,
    Kind,
    Question,
    Split,
    kind_file,
    locate,
    overlaps,
    question_line,
    read_questions,
)
from eval.measures import holds
from eval.split import split_of
from retrieval.errors import EvaluationError
from retrieval.schema import Document
from retrieval.spans import INTERRUPTION, Span, quote_spans
from retrieval.text import words

ID_PREFIX = "a"
UNANSWERABLE: tuple[Kind, ...] = ("unanswerable", "far", "smalltalk")
_SHOWN_CHARS = 300

KIND_UNKNOWN = f"Type one of these kinds: {', '.join(KINDS)}."
ALREADY_ASKED = "The set already has this question, as {id}. Dismiss the rating, or correct that line."
EVIDENCE_NEEDED = "An answerable question needs evidence."
ANSWER_NEEDED = "An answerable question needs an answer."
NOT_IN_EVIDENCE = "The evidence does not contain that."
NOT_IN_DOCUMENTS = "No document contains these words."
IN_SEVERAL_PLACES = "These words occur {count} times. Type more of them."
NO_SUCH_NUMBER = "Type a number from 1 to {count}."
NOTHING_OFFERED = "There is nothing to choose from. Type a quotation."
LETTERS = "Type one of {letters}."
ADOPTED = "Adopted as {id} ({split})."

Ask = Callable[[str], str]
"""Shows a prompt and returns the line typed; raises EOFError at the end of input."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Review:
    """What a review works with: the ratings, the documents, the folder of questions, and the reviewer's terminal."""

    ratings: RatingStore
    documents: Sequence[Document]
    questions: Path
    ask: Ask
    say: Say


def adopt_questions(review: Review) -> int:
    """Go through the ratings that have not been reviewed; the number of questions added to the set.

    Quitting (q, or the end of input) leaves the rest for later. Raises EvaluationError or DatabaseError.
    """
    ratings = review.ratings
    waiting = _by_answer(ratings.ratings())
    added = 0
    for number, group in enumerate(waiting, 1):
        review.say(f"\n{number} of {len(waiting)}")
        _show(group, review.say)
        try:
            choice = _choose(review, "[a]dopt, [d]ismiss, [s]kip for now, [q]uit: ", "adsq")
            question = _judge(review, group) if choice == "a" else None
        except EOFError:
            return added
        if choice == "q":
            return added
        if question:
            append_question(review.questions, question)
            review.say(ADOPTED.format(id=question.id, split=question.split))
            added += 1
        if question or choice == "d":
            ratings.review(group[0].answer_id)
    return added


def append_question(folder: Path, question: Question) -> None:
    """Add the question as the last line of its kind's file. Raises EvaluationError where it can't be written."""
    path = kind_file(question.kind, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        beside = path.with_suffix(".new")
        beside.write_text(text + question_line(question) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise EvaluationError(f"can't write {path}: {error.strerror}; nothing was changed") from error


def _by_answer(ratings: Sequence[Rating]) -> list[list[Rating]]:
    groups: dict[str, list[Rating]] = {}
    for rating in ratings:
        groups.setdefault(rating.answer_id, []).append(rating)
    return list(groups.values())


def _show(ratings: Sequence[Rating], say: Say) -> None:
    first = ratings[0]
    for turn in first.history:
        say(f"  before: {turn.question}")
    say(f"question: {first.question}")
    answer = json.loads(first.answer)
    if answer["answers"]:
        best = answer["answers"][0]
        say(f"answer: {best['text']}")
        for cited in best["citations"][:1]:
            say(f"  “{_short(cited['quote'])}” ({cited['document']}, line {cited['lines'][0]})")
    else:
        say(f"answer: none ({answer['status']})")
    for rating in ratings:
        say(f"rated: {rating.verdict}{f', {rating.reason}' if rating.reason else ''}")
        if rating.proposed:
            say(f"proposed: {_short(rating.proposed)}")


def _judge(review: Review, ratings: Sequence[Rating]) -> Question | None:
    """The question as the reviewer judges it; None if they cancel, or if the set has it already."""
    rating = ratings[0]
    questions = read_questions(review.questions)
    known = next((question.id for question in questions if _words_if_alone(question) == _words(rating.question)), None)
    if known:
        review.say(ALREADY_ASKED.format(id=known))
        return None
    kind = _kind(review)
    if kind is None:
        return None
    evidence = [] if kind in UNANSWERABLE else _evidence(review, rating)
    if evidence is None:
        return None
    answers = _answers(review, ratings, evidence) if evidence else []
    split: Split = split_of(evidence[0]) if evidence else "dev"
    language = review.ask("language (en): ").strip() or "en"
    return Question(
        id=_next_id(questions),
        split=split,
        kind=kind,
        language=language,
        question=rating.question,
        answers=tuple(answers),
        evidence=tuple(evidence),
        history=rating.history if kind == "follow-up" else (),
    )


def _kind(review: Review) -> Kind | None:
    """The kind typed; None if the reviewer cancels."""
    while True:
        typed = review.ask(f"kind ({', '.join(KINDS)}; - cancels): ").strip()
        if typed == "-":
            return None
        for kind in KINDS:
            if typed == kind:
                return kind
        review.say(KIND_UNKNOWN)


def _words_if_alone(question: Question) -> list[str] | None:
    """The words of a question that stands alone; None for a follow-up, whose words depend on its history."""
    return None if question.history else _words(question.question)


def _words(text: str) -> list[str]:
    return [word for word, _ in words(text)]


def _evidence(review: Review, rating: Rating) -> list[Evidence] | None:
    """The evidence chosen, at least one; None if the reviewer cancels."""
    offered = list(_candidates(json.loads(rating.answer), review.documents))
    for number, evidence in enumerate(offered, 1):
        review.say(f"  {number}: “{_short(_quote(evidence, review.documents))}” ({evidence.document})")
    chosen: list[Evidence] = []
    while True:
        typed = review.ask("evidence (a number, or a quotation; Enter when done; - cancels): ").strip()
        if typed == "-":
            return None
        if not typed:
            if chosen:
                return chosen
            review.say(EVIDENCE_NEEDED)
        elif typed.isdecimal():
            if 1 <= int(typed) <= len(offered):
                chosen.append(offered[int(typed) - 1])
            else:
                review.say(NO_SUCH_NUMBER.format(count=len(offered)) if offered else NOTHING_OFFERED)
        else:
            chosen += _looked_up(review, typed)


def _looked_up(review: Review, quotation: str) -> list[Evidence]:
    """The one place in the documents that has the quotation; none where no place has it, or several have."""
    found = [
        Evidence(document.doc_id, (span,)) for document in review.documents for span in locate(quotation, document.text)
    ]
    if len(found) == 1:
        review.say(f"  found in {found[0].document}: “{_short(_quote(found[0], review.documents))}”")
        return found
    review.say(IN_SEVERAL_PLACES.format(count=len(found)) if found else NOT_IN_DOCUMENTS)
    return []


def _answers(review: Review, ratings: Sequence[Rating], evidence: Sequence[Evidence]) -> list[str]:
    """The accepted answers typed, each of which the evidence contains; at least one.

    The first one suggested is what a person proposed, else what was answered, if the evidence contains it.
    """
    quoted = " ".join(_quote(one, review.documents) for one in evidence)
    given = json.loads(ratings[0].answer)["answers"]
    offered = [rating.proposed for rating in ratings if rating.proposed] + [text["text"] for text in given[:1]]
    suggested = next((text for text in offered if holds(quoted, [text])), None)
    answers: list[str] = []
    while True:
        hint = f" (Enter for “{_short(suggested)}”)" if suggested and not answers else ""
        typed = review.ask(f"accepted answer{hint}, shortest first; Enter when done: ").strip()
        if not typed and not answers and suggested:
            return [suggested]
        if not typed and answers:
            return answers
        if typed and holds(quoted, [typed]):
            answers.append(typed)
        else:
            review.say(NOT_IN_EVIDENCE if typed else ANSWER_NEEDED)


def _candidates(answer: Any, documents: Sequence[Document]) -> Iterator[Evidence]:
    """The citations, then the hits, each once and where it stands in the documents now."""
    texts = {document.doc_id: document.text for document in documents}
    seen: list[Evidence] = []
    stored = [
        (cited["document"], cited["spans"], cited["quote"]) for text in answer["answers"] for cited in text["citations"]
    ] + [(hit["document"], hit["spans"], None) for hit in answer["hits"]]
    for doc_id, spans, quoted in stored:
        evidence = _relocated(doc_id, [(start, end) for start, end in spans], quoted, texts)
        if evidence and not any(other.document == doc_id and overlaps(other.spans, evidence.spans) for other in seen):
            seen.append(evidence)
            yield evidence


def _relocated(doc_id: str, spans: Sequence[Span], quoted: str | None, texts: dict[str, str]) -> Evidence | None:
    """The spans if the document still has the quotation there, else where it moved to; None if it is gone."""
    text = texts.get(doc_id)
    if text is None:
        return None
    if quoted is None:
        return Evidence(doc_id, tuple(spans)) if all(end <= len(text) for _, end in spans) else None
    if quote_spans(text, spans) == quoted:
        return Evidence(doc_id, tuple(spans))
    moved = [locate(part, text) for part in quoted.split(INTERRUPTION)]
    return Evidence(doc_id, tuple(found[0] for found in moved)) if all(len(found) == 1 for found in moved) else None


def _quote(evidence: Evidence, documents: Sequence[Document]) -> str:
    text = next(document.text for document in documents if document.doc_id == evidence.document)
    return quote_spans(text, evidence.spans)


def _next_id(questions: Sequence[Question]) -> str:
    taken = {question.id for question in questions}
    return next(id_ for number in range(1, len(taken) + 2) if (id_ := f"{ID_PREFIX}{number:03d}") not in taken)


def _choose(review: Review, prompt: str, letters: str) -> str:
    while True:
        typed = review.ask(prompt).strip().lower()
        if len(typed) == 1 and typed in letters:
            return typed
        review.say(LETTERS.format(letters=", ".join(letters)))


def _short(text: str) -> str:
    return excerpt(text, _SHOWN_CHARS)
