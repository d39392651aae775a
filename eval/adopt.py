"""People's verdicts -> questions of the evaluation set, through a small review in the terminal.

The reviewer chooses the evidence among what was cited and found, or types a quotation that is looked up in the
documents; what can't be shown in a file is not adopted. Pure but for the given `ask`, `say` and files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.feedback.store import Feedback, FeedbackStore
from eval.dataset import KINDS, Kind, Place, Question, Split, locate, overlaps, question_line, read_questions
from eval.measures import holds
from eval.split import split_at
from retrieval.errors import EvaluationError
from retrieval.schema import INTERRUPTION, Document, Span, quote_spans
from retrieval.text import words

ID_PREFIX = "a"
UNANSWERABLE: tuple[Kind, ...] = ("unanswerable", "far", "smalltalk")
_SHOWN_CHARS = 300

Ask = Callable[[str], str]
"""Shows a prompt and gives the line typed; raises EOFError at the end of input."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a review needs: where people's verdicts are, the documents, the set, and the person."""

    store: FeedbackStore
    documents: Sequence[Document]
    questions: Path
    ask: Ask
    say: Say


def review(desk: Desk) -> int:
    """Goes through the verdicts nobody looked at; how many questions were added to the set.

    Leaving (q, or the end of input) keeps the rest for another time. Raises EvaluationError or FeedbackError.
    """
    waiting = _by_answer(desk.store.verdicts())
    added = 0
    for number, verdicts in enumerate(waiting, 1):
        desk.say(f"\n{number} of {len(waiting)}")
        _show(verdicts, desk.say)
        try:
            choice = _choose(desk, "[a]dopt, [d]ismiss, [s]kip for now, [q]uit: ", "adsq")
            question = _judge(desk, verdicts[0]) if choice == "a" else None
        except EOFError:
            return added
        if choice == "q":
            return added
        if question:
            append_question(desk.questions, question)
            desk.say(f"adopted as {question.id} ({question.split})")
            added += 1
        if question or choice == "d":
            desk.store.review(verdicts[0].answer_id)
    return added


def append_question(path: Path, question: Question) -> None:
    """Add the question as the last line of the set. Raises EvaluationError where it can't be written."""
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        beside = path.with_suffix(".new")
        beside.write_text(text + question_line(question) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise EvaluationError(f"can't write {path}: {error.strerror}; nothing was changed") from error


def _by_answer(verdicts: Sequence[Feedback]) -> list[list[Feedback]]:
    groups: dict[str, list[Feedback]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.answer_id, []).append(verdict)
    return list(groups.values())


def _show(verdicts: Sequence[Feedback], say: Say) -> None:
    first = verdicts[0]
    for turn in first.history:
        say(f"  before: {turn.question}")
    say(f"question: {first.question}")
    given = json.loads(first.answer)
    if given["answers"]:
        best = given["answers"][0]
        cited = best["citations"][0]
        say(f"answer: {best['text']}")
        say(f"  “{_short(cited['quote'])}” ({cited['document']}, line {cited['lines'][0]})")
    else:
        say(f"answer: none ({given['status']})")
    for verdict in verdicts:
        say(f"said: {verdict.verdict}{f', {verdict.reason}' if verdict.reason else ''}")


def _judge(desk: Desk, said: Feedback) -> Question | None:
    """The question as the reviewer judges it; None where they give it up, or where the set has it already."""
    questions = read_questions(desk.questions)
    known = next((question.id for question in questions if _asks(question) == _words(said.question)), None)
    if known:
        desk.say(f"the set has this question already, as {known}; dismiss it, or mend that line")
        return None
    while True:
        kind = desk.ask(f"kind ({', '.join(KINDS)}; - gives it up): ").strip()
        if kind == "-":
            return None
        if kind in get_args(Kind):
            break
        desk.say("one of the kinds, please")
    places = [] if kind in UNANSWERABLE else _evidence(desk, said)
    if places is None:
        return None
    answers = _answers(desk, said, places) if places else []
    split: Split = split_at(places[0]) if places else "dev"
    language = desk.ask("language (en): ").strip() or "en"
    return Question(
        id=_next_id(questions),
        split=split,
        kind=kind,  # type: ignore[arg-type]  # one of KINDS, looked up above
        language=language,
        question=said.question,
        answers=tuple(answers),
        evidence=tuple(places),
        history=said.history if kind == "follow-up" else (),
    )


def _asks(question: Question) -> list[str] | None:
    """The words of a question that stands alone; a follow-up may have another's words and mean something else."""
    return None if question.history else _words(question.question)


def _words(text: str) -> list[str]:
    return [word for word, _ in words(text)]


def _evidence(desk: Desk, said: Feedback) -> list[Place] | None:
    """The places chosen, at least one; None where the reviewer gives it up."""
    offered = list(_candidates(json.loads(said.answer), desk.documents))
    for number, place in enumerate(offered, 1):
        desk.say(f"  {number}: “{_short(_quote(place, desk.documents))}” ({place.document})")
    chosen: list[Place] = []
    while True:
        typed = desk.ask("evidence: a number, a quotation typed, nothing when done, - gives it up: ").strip()
        if typed == "-":
            return None
        if not typed:
            if chosen:
                return chosen
            desk.say("a question that can be answered needs evidence")
        elif typed.isdecimal():
            if 1 <= int(typed) <= len(offered):
                chosen.append(offered[int(typed) - 1])
            else:
                desk.say(f"a number from 1 to {len(offered)}")
        else:
            chosen += _looked_up(desk, typed)


def _looked_up(desk: Desk, quotation: str) -> list[Place]:
    """The one place in the documents where the quotation stands; none where it stands nowhere or in several."""
    found = [
        Place(document.doc_id, (span,)) for document in desk.documents for span in locate(quotation, document.text)
    ]
    if len(found) == 1:
        desk.say(f"  found in {found[0].document}: “{_short(_quote(found[0], desk.documents))}”")
        return found
    desk.say(
        "no document has these words" if not found else f"these words stand in {len(found)} places; type more of them"
    )
    return []


def _answers(desk: Desk, said: Feedback, places: Sequence[Place]) -> list[str]:
    """The accepted answers typed, each of which stands in the evidence; at least one."""
    evidence = " ".join(_quote(place, desk.documents) for place in places)
    given = json.loads(said.answer)["answers"]
    suggested = given[0]["text"] if given and holds(evidence, [given[0]["text"]]) else None
    answers: list[str] = []
    while True:
        hint = f" (nothing: {_short(suggested)})" if suggested and not answers else ""
        typed = desk.ask(f"accepted answer, shortest first{hint}, nothing when done: ").strip()
        if not typed and not answers and suggested:
            return [suggested]
        if not typed and answers:
            return answers
        if typed and holds(evidence, [typed]):
            answers.append(typed)
        else:
            desk.say("the evidence does not say that" if typed else "a question that can be answered needs an answer")


def _candidates(given: Any, documents: Sequence[Document]) -> Iterator[Place]:
    """What was cited and then what was found, each where it stands in the documents as they are now, once."""
    texts = {document.doc_id: document.text for document in documents}
    seen: list[Place] = []
    stored = [
        (cited["document"], cited["spans"], cited["quote"]) for text in given["answers"] for cited in text["citations"]
    ] + [(hit["document"], hit["spans"], None) for hit in given["hits"]]
    for doc_id, spans, quoted in stored:
        place = _placed(doc_id, [(start, end) for start, end in spans], quoted, texts)
        if place and not any(other.document == doc_id and overlaps(other.spans, place.spans) for other in seen):
            seen.append(place)
            yield place


def _placed(doc_id: str, spans: Sequence[Span], quoted: str | None, texts: dict[str, str]) -> Place | None:
    """The spans, if the document still has the quotation there; else where it has moved to; None where it is gone."""
    text = texts.get(doc_id)
    if text is None:
        return None
    if quoted is None:
        return Place(doc_id, tuple(spans)) if all(end <= len(text) for _, end in spans) else None
    if quote_spans(text, spans) == quoted:
        return Place(doc_id, tuple(spans))
    moved = [locate(part, text) for part in quoted.split(INTERRUPTION)]
    return Place(doc_id, tuple(found[0] for found in moved)) if all(len(found) == 1 for found in moved) else None


def _quote(place: Place, documents: Sequence[Document]) -> str:
    text = next(document.text for document in documents if document.doc_id == place.document)
    return quote_spans(text, place.spans)


def _next_id(questions: Sequence[Question]) -> str:
    taken = {question.id for question in questions}
    return next(id_ for number in range(1, len(taken) + 2) if (id_ := f"{ID_PREFIX}{number:03d}") not in taken)


def _choose(desk: Desk, prompt: str, letters: str) -> str:
    while True:
        typed = desk.ask(prompt).strip().lower()
        if len(typed) == 1 and typed in letters:
            return typed
        desk.say(f"one of {', '.join(letters)}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 1] + "…"
