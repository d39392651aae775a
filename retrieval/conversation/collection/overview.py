"""What a question about the collection gets: cited lines of the documents, under a heading of our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.citing import cite
from retrieval.conversation.collection.called import Known
from retrieval.conversation.collection.items import Item, news
from retrieval.conversation.collection.lines import Line, Lines
from retrieval.conversation.collection.question import MANY, CollectionQuestion, collection_question, listed
from retrieval.conversation.collection.topics import Topics
from retrieval.index.retriever import Retriever
from retrieval.index.selection import Mask
from retrieval.schema import AnswerText, Hit, Note, Status, Turn

ONE = "1 document:"
ALL = "{count} documents:"
SOME = "{shown} of {count} documents:"
CONTENTS = "You can ask about any of this:"
SOME_CONTENTS = "You can ask about any of this and more ({shown} of {count}):"
IN_SHORT = "In short:"
SOME_IN_SHORT = "In short ({shown} of {count}):"
NEWEST = "Newest first:"
SOME_NEWEST = "Newest first ({shown} of {count}):"
OLDEST = "Oldest first:"
SOME_OLDEST = "Oldest first ({shown} of {count}):"
FROM = "Newest first ({period}):"
SOME_FROM = "Newest first ({period}; {shown} of {count}):"
ABOUT = "From “{title}”:"
ON_TOPIC = "The documents on “{topic}”:"
LATEST_ON = "On “{topic}”, newest first:"
HEADINGS = (
    *(ONE, ALL, SOME, CONTENTS, SOME_CONTENTS, IN_SHORT, SOME_IN_SHORT, NEWEST, SOME_NEWEST, OLDEST, SOME_OLDEST),
    *(FROM, SOME_FROM, ABOUT, ON_TOPIC, LATEST_ON),
)
"""Every line above the answers, for the translators."""

NO_NUMBER = "There is no document {number}. The documents are numbered from 1 to {count}."
NOTHING_DATED = "None of the documents has a date."
NOTHING_FROM = "Nothing in the documents is dated: {period}"
UNDATED_LAST = "Without a date, at the end: {count}"
UNDATED_LEFT_OUT = "Left out, because they have no date: {count}"
NOTES = (NO_NUMBER, NOTHING_DATED, NOTHING_FROM, UNDATED_LAST, UNDATED_LEFT_OUT)
"""Every note of its own, for the translators."""

_TITLED = ("documents", "contents", "dated")
"""What is listed by titles; other lists have opening statements."""
_FEW = 5  # documents of which two sentences are shown
_BY_TASK = {
    "documents": (ALL, SOME),
    "contents": (CONTENTS, SOME_CONTENTS),
    "overview": (IN_SHORT, SOME_IN_SHORT),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """The lines of an answer with its heading; where status is "abstained", the notes that say why there are none."""

    asked: CollectionQuestion
    status: Status
    heading: Note | None = None
    answers: tuple[AnswerText, ...] = ()
    hits: tuple[Hit, ...] = ()
    notes: tuple[Note, ...] = ()


class Collection:
    """Answers questions about the documents of one index; their names are read once, when needed."""

    def __init__(self, retriever: Callable[[], Retriever], known: Known, corrected: Callable[[str], str]) -> None:
        """`retriever` is opened when it is needed; `corrected` is a text with its typos corrected."""
        self._retriever, self._known, self._corrected = retriever, known, corrected

    def ask(
        self, question: str, history: Sequence[Turn], allowed: Mask | None, at_hand: Sequence[str] = ()
    ) -> Overview | None:
        """What the documents have to show; None for an ordinary question. Raises IndexCorrupt.

        `allowed`, of shape (n_passages,), leaves out the other passages and what has none else. `at_hand` are the
        documents that "this" means, by default those of the last answer.
        """
        asked = collection_question(question, history, self._known, at_hand)
        if asked is None:
            return None
        if asked.missing:
            note = Note(NO_NUMBER, {"number": asked.missing, "count": str(len(self._known.sources))})
            return Overview(asked, "abstained", notes=(note,))
        lines = Lines(self._retriever(), allowed)
        if asked.topic:
            return self._on_topic(asked, asked.topic, lines)
        if asked.task == "about":
            return self._about(asked, lines)
        return self._listed(asked, lines)

    def _on_topic(self, asked: CollectionQuestion, topic: str, lines: Lines) -> Overview | None:
        """Lines about a topic; None where no passage is clearly about it, so that it is asked as any other question."""
        topics = Topics(lines, self._corrected(topic))
        if asked.task == "topic":
            return _overview(asked, Note(ON_TOPIC, {"topic": topic}), topics.summary())
        if asked.task == "latest":
            return _overview(asked, Note(LATEST_ON, {"topic": topic}), topics.latest(asked.period, asked.most))
        return _overview(asked, Note(ON_TOPIC, {"topic": topic}), topics.by_document(asked.most))

    def _about(self, asked: CollectionQuestion, lines: Lines) -> Overview | None:
        (item,) = asked.items
        sentences = lines.summary(item, self._articles_of(item))
        return _overview(asked, Note(ABOUT, {"title": lines.title_of(item)}), sentences)

    def _articles_of(self, item: Item) -> list[Item]:
        """The articles or dated sections that a document consists of; none for any other."""
        if item.section is not None:
            return []
        source = next(source for source in self._known.sources if source.document == item.document)
        parts = news([source])
        return parts if len(parts) > 1 and all(part.section is not None for part in parts) else []

    def _listed(self, asked: CollectionQuestion, lines: Lines) -> Overview | None:
        """A line for each item; undated ones come last in a list by date, and are left out of one of the newest."""
        items = lines.among(listed(asked, self._known.sources))
        notes: list[Note] = []
        if asked.task in ("dated", "news"):
            undated = [item for item in items if not item.date]
            if len(undated) == len(items):
                return self._without_dates(asked, items, lines)
            is_cut = asked.period is not None or len(items) - len(undated) >= asked.most
            items = [item for item in items if item.date] if is_cut else items
            left_out = self._undated(asked, lines) if asked.period else len(undated)
            notes = [Note(UNDATED_LEFT_OUT if is_cut else UNDATED_LAST, {"count": str(left_out)})] if left_out else []
        shown = [item for item in items[: asked.most] if lines.has(item)]
        if asked.task == "overview" and 0 < len(asked.items) <= _FEW:
            found = [line for item in shown for line in lines.summary(item, most=2)]
        else:
            found = lines.titles(shown) if asked.task in _TITLED else lines.openings(shown)
        return _overview(asked, _heading(asked, len(shown), len(items)), found, tuple(notes))

    def _undated(self, asked: CollectionQuestion, lines: Lines) -> int:
        """How many items a period leaves out because they have no date."""
        everything = listed(replace(asked, period=None), self._known.sources)
        return len(lines.among([item for item in everything if not item.date]))

    @staticmethod
    def _without_dates(asked: CollectionQuestion, items: Sequence[Item], lines: Lines) -> Overview | None:
        """What is shown where nothing has a date: a list by date is still a list."""
        if asked.period or asked.most < MANY:
            note = Note(NOTHING_FROM, {"period": asked.period.words}) if asked.period else Note(NOTHING_DATED)
            return Overview(asked, "abstained", notes=(note,))
        shown = [item for item in items[: asked.most] if lines.has(item)]
        heading = _heading(replace(asked, task="documents"), len(shown), len(items))
        return _overview(asked, heading, lines.titles(shown), (Note(NOTHING_DATED),))


def _heading(asked: CollectionQuestion, shown: int, count: int) -> Note:
    values = {"shown": str(shown), "count": str(count)}
    if asked.task in _BY_TASK:
        whole, part = _BY_TASK[asked.task]
        whole = ONE if whole == ALL and count == 1 else whole
    elif asked.period:
        whole, part = FROM, SOME_FROM
        values["period"] = asked.period.words
    else:
        whole, part = (OLDEST, SOME_OLDEST) if asked.is_oldest_first else (NEWEST, SOME_NEWEST)
    return Note(whole if shown == count else part, values)


def _overview(
    asked: CollectionQuestion, heading: Note, lines: Sequence[Line], notes: tuple[Note, ...] = ()
) -> Overview | None:
    """The overview with these lines; None where there are none."""
    if not lines:
        return None
    citations = [cite(number, line.hit, line.start, line.end) for number, line in enumerate(lines, 1)]
    answers = tuple(AnswerText(citation.quote, 1.0, (citation,)) for citation in citations)
    hits = {line.hit.passage_id: line.hit for line in lines}
    ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits.values(), 1))
    return Overview(asked, "answered", heading, answers, ranked, notes)
