"""A question and its conversation -> what it asks about the collection of documents; None for any other question. Pure.

The wording is only half of it: "what is the harbour about?" is such a question where a document is called so, and an
ordinary one elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from retrieval.conversation.collection.called import KINDS, Closeness, Known, Named, called
from retrieval.conversation.collection.forms import Form
from retrieval.conversation.collection.items import Item, articles, by_date, contents, documents, news, within
from retrieval.conversation.collection.periods import Period, read_day, read_period
from retrieval.conversation.collection.pointing import Pointer, pointer
from retrieval.conversation.collection.wording import Wording, wordings
from retrieval.schema import Source, Turn
from retrieval.text import fold

Task = Literal["documents", "contents", "overview", "about", "topic", "mentions", "latest", "dated", "news"]

FEW, MANY = 5, 20
"""Lines at most, where the newest are asked for and where all are."""
_TURNS = 8  # as many turns back a question may depend on the one before it
_LONGEST_TOPIC = 20  # in words
_NO_TOPIC = re.compile(
    r"(?:is|are|was|were|means?|has|does|did|vs|or|significa)\b.*"
    r"|(?:the )?(?:other|same|next|previous) one|me|us|you|yourself|it|this|that|them|these|those|him|her"
    r"|esto|eso|isso|isto|これ|それ|あなた",
    re.IGNORECASE | re.DOTALL,
)
"""What is asked about the word "summarise", or about nothing that could be searched."""
_OCCASIONS = frozenset(
    "meeting session call assembly issue edition entry reunion sesion junta asamblea edicion reuniao sessao assembleia "
    "edicao".split()
)
"""What documents of a date are often about, or are called beside their name."""
_SMALL = frozenset("the of from in on el la los las de del en o a os as do da em".split())


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """What is asked.

    "documents": which there are; "contents": what there is to ask about; "overview": what each of `items` is about, or
    of all documents where there are none; "about": what one item is about; "topic": what the documents say about
    `topic`, "mentions": which of them do, "latest": the newest they say; "dated": documents by date, "news": whatever
    has a date by date. `most` is how many lines are wanted at most. `missing` is a number that no document has.
    """

    task: Task
    items: tuple[Item, ...] = ()
    topic: str | None = None
    period: Period | None = None
    is_oldest_first: bool = False
    most: int = MANY
    missing: str | None = None


class _Context:
    """What a question is read with: the documents, the turns before, oldest first, and the documents at hand."""

    def __init__(self, known: Known, history: Sequence[Turn], at_hand: Sequence[str] = ()) -> None:
        self.known, self._history, self._at_hand = known, history, at_hand

    @cached_property
    def earlier(self) -> _Context | None:
        """The context of the question before; None where there was none."""
        return _Context(self.known, self._history[:-1]) if self._history else None

    @cached_property
    def asked(self) -> CollectionQuestion | None:
        """The question before, where it was about the collection and its answer is what is talked of."""
        return _read(self._history[-1].question, self.earlier) if self.earlier and not self._at_hand else None

    @cached_property
    def cited(self) -> list[Item]:
        """The documents at hand, by default those that the last answer cited."""
        known = {item.document: item for item in documents(self.known.sources)}
        at_hand = self._at_hand or (self._history[-1].documents if self._history else ())
        return [known[document] for document in at_hand if document in known]

    @cached_property
    def lines(self) -> list[Item]:
        """What the lines of the last list were about, in order; a question about one of its lines keeps the list."""
        if self.asked is None or self.asked.topic:
            return self.cited
        if self.asked.task == "about":
            return (self.earlier.lines if self.earlier else []) or self.cited
        shown = listed(self.asked, self.known.sources)[: self.asked.most]
        there = {item.document for item in self.cited}
        return [line for line in shown if not there or line.document in there]

    @cached_property
    def this(self) -> list[Item]:
        """What the last answer was about: one item, or the lines of a list."""
        return list(self.asked.items) if self.asked and self.asked.task == "about" else self.lines


def collection_question(
    question: str, history: Sequence[Turn], known: Known, at_hand: Sequence[str] = ()
) -> CollectionQuestion | None:
    """What the question asks of the collection; None where it is an ordinary question.

    `history` is oldest first. `at_hand` are the documents that "this" means, by default those of the last answer.
    """
    return _read(question, _Context(known, history[-_TURNS:], at_hand))


def listed(asked: CollectionQuestion, sources: Sequence[Source]) -> list[Item]:
    """The items that a question without a topic lists, in order, also those beyond `most`; undated ones last."""
    if asked.task == "contents":
        return contents(sources)
    if asked.task in ("documents", "overview"):
        return list(asked.items) or documents(sources)
    if asked.task == "about":
        return list(asked.items)
    found = by_date(news(sources) if asked.task == "news" else articles(sources), asked.is_oldest_first)
    return within(found, asked.period.after, asked.period.before) if asked.period else found


def _read(question: str, context: _Context) -> CollectionQuestion | None:
    for wording in wordings(question):
        if asked := _asked(wording, context):
            return asked
    return None


def _asked(wording: Wording, context: _Context) -> CollectionQuestion | None:
    """What a wording asks for; None where it names what isn't there."""
    match wording.form:
        case "documents" | "contents" | "overview":
            return CollectionQuestion(wording.form)
        case "by date":
            return CollectionQuestion("dated", is_oldest_first=wording.is_oldest_first)
        case "newest" | "oldest":
            most = 1 if wording.is_one else FEW
            return CollectionQuestion("dated", is_oldest_first=wording.form == "oldest", most=most)
        case "of period" | "news":
            return _of_period("news" if wording.form == "news" else "dated", wording.period)
        case "published":
            asked = _of_period("news", wording.period)
            return asked if asked and listed(asked, context.known.sources) else None
        case "latest" | "topic" | "mentions":
            return _on_topic(wording.form, wording.name)
        case "again":
            return _again(wording.name, context)
    name = wording.name or "this"
    found = _meant(name, wording.form, context)
    return _on_topic("topic", name) if found is None and wording.form == "summary" and not _points(name) else found


def _of_period(task: Task, words: str) -> CollectionQuestion | None:
    if not words:
        return CollectionQuestion(task, most=FEW)
    period = read_period(words)
    return CollectionQuestion(task, period=period) if period else None


def _on_topic(task: Task, words: str) -> CollectionQuestion | None:
    """A question about a topic, apart from the period that it may end in; None for what can be no topic."""
    topic, period = _without_period(words) if task == "latest" else (words, None)
    if _NO_TOPIC.fullmatch(topic) or len(topic.split()) > _LONGEST_TOPIC:
        return None
    return CollectionQuestion(task, topic=topic, period=period, most=FEW if task == "latest" else MANY)


def _without_period(words: str) -> tuple[str, Period | None]:
    """The words without the period at their end: "the ferry in 2022"."""
    for space in re.finditer(r"\s+", words):
        if period := read_period(words[space.end() :]):
            return words[: space.start()], period
    return words, None


def _meant(name: str, form: Form, context: _Context) -> CollectionQuestion | None:
    """What is asked of the documents that are pointed at or called so; None where there are none."""
    closeness: Closeness = "loose" if form in ("about", "summary") else "equal"
    found = pointer(name)
    if found and form == "explicit" and not _is_explicit(found, context):
        return None
    if found and _points(name):
        so_called = called(name, context.known.named, "loose") if found.is_definite else []
        return _about(so_called) or _pointed(found, context)
    if form == "explicit":
        return None
    items = called(name, context.known.named, closeness)
    if not items and closeness == "loose":
        items = _called_of_period(name, context.known.named) or _of_date(name, context.known.sources)
    return _about(items or (called(found.name, context.known.named, "part") if found else []))


def _is_explicit(found: Pointer, context: _Context) -> bool:
    """Whether the words mean a document though nothing else says so: "the second one" may be any answer's second."""
    match found.kind:
        case "line":
            return context.asked is not None
        case "this":
            return found.is_document and not found.is_definite
    return found.kind != "noun"


def _points(name: str) -> bool:
    """Whether the words only point at a document, so that they can be no topic either."""
    found = pointer(name)
    return found is not None and found.kind != "noun"


def _called_of_period(name: str, named: Sequence[Named]) -> list[Item]:
    """The items called so that are of the period at the end of the name: "the minutes of May 2023"."""
    bare, period = _without_period(name)
    return within(called(bare, named, "loose"), period.after, period.before) if period else []


def _of_date(name: str, sources: Sequence[Source]) -> list[Item]:
    """The documents and articles of the date that is all a name says: "the November meeting", "the May 2023 report"."""
    words = [fold(word) for word in name.split()]
    if not any(word in KINDS | _OCCASIONS for word in words):
        return []
    telling = " ".join(word for word in name.split() if fold(word) not in KINDS | _OCCASIONS | _SMALL)
    if period := read_period(telling):
        return within(articles(sources), period.after, period.before)
    day = read_day(telling)
    return [item for item in articles(sources) if day and item.date and item.date[4:].startswith(day)]


def _about(items: Sequence[Item]) -> CollectionQuestion | None:
    if not items:
        return None
    return CollectionQuestion("about" if len(items) == 1 else "overview", tuple(items))


def _pointed(found: Pointer, context: _Context) -> CollectionQuestion | None:
    """What is asked of a document by its number, its place in the last answer, or as "this one"; None where none is."""
    if found.kind == "file":
        return _about(called(found.name, context.known.named, "equal"))
    everything = documents(context.known.sources)
    if found.kind == "this":
        if found.is_document and not context.this and len(everything) <= FEW:
            return _about(everything)
        return _about(context.this if found.is_plural else context.this[:1])
    of_lines = found.kind == "line" or (found.is_ordinal and context.asked is not None and context.lines)
    among = context.lines if of_lines else everything
    number = found.number or 0
    if not 0 < abs(number) <= len(among):
        return None if found.kind == "line" else CollectionQuestion("about", missing=str(number))
    return _about([among[number - 1 if number > 0 else number]])


def _again(words: str, context: _Context) -> CollectionQuestion | None:
    """The question before, asked of something else: another name, topic or period; None where there was none."""
    asked = context.asked
    if asked is None:
        return None
    period = read_period(words)
    if period and asked.task in ("dated", "news", "latest"):
        return replace(asked, period=period, most=FEW if asked.task == "latest" else MANY)
    if asked.task == "dated" and (turned := _EXTREMES.fullmatch(words.strip(" ?!."))):
        return replace(asked, is_oldest_first=bool(turned["oldest"]))
    if asked.topic:
        return _on_topic(asked.task, words)
    return _meant(words, "about", context) if asked.task in ("about", "overview") else None


_EXTREMES = re.compile(
    r"(?:the |el |la |o |a )?"
    r"(?:(?P<oldest>oldest|earliest|m[aá]s (?:antigu[oa]|viej[oa])|mais antig[oa]|(?:一番)?古い(?:もの|の)?)"
    r"|(?P<newest>newest|latest|m[aá]s (?:reciente|nuev[oa])|mais (?:recente|nov[oa])|(?:一番)?新しい(?:もの|の)?))"
    r"(?: one| document)?",
    re.IGNORECASE,
)
