"""The values that pass between folders: Document, Passage, Hit, Citation, Answer, and the rule for offsets.

The rule: every span is a half-open pair of code point offsets into `Document.text`, the decoded file or what was
extracted from it, which is never edited. A Citation is built by slicing the document, so its quotation can't differ
from the file.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from retrieval.spans import ReadingText, Span

Status = Literal["answered", "perhaps", "abstained", "smalltalk"]
Kind = Literal["fact", "list", "collection", "comparison", "smalltalk"]
PlaceKind = Literal["page", "slide", "row", "paragraph", "chapter", "anchor", "time", "message"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where part of a document's text stands in its file, for people: from offset `start` to the next place's.

    The label is a number for a page, slide or paragraph ("3"), sheet and row for a row ("Prices 12"), a chapter's
    title, an HTML id without "#", a time ("00:01:12"), and sender and date for a message.
    """

    start: int
    kind: PlaceKind
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under its own heading.

    `heading` is None for the part before the first heading. `date` is ISO 8601, as exact as the text states it (year,
    year-month or year-month-day), None where the section states none. An article is a section of a file that holds
    several articles: citations give its heading as their title.
    """

    heading: str | None
    date: str | None
    is_article: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file, decoded once.

    `doc_id` is its path below the folder, with slashes; `sha256` is of the file's bytes. `language` is an ISO 639-1
    code, None where the text does not tell it or was not asked. `encoding` is "" for a converted format (PDF, Word,
    HTML, mail): its text is what was extracted, and `places` tell where in the file it stands, in order of `start`.
    `tags` and `aliases` are what the file's front matter states.
    """

    doc_id: str
    text: str
    sha256: str
    encoding: str
    title: str
    date: str | None
    publisher: str | None
    sections: tuple[Section, ...]
    language: str | None = None
    places: tuple[Place, ...] = ()
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def is_converted(self) -> bool:
        """Whether `text` was extracted from a file that is not text itself."""
        return not self.encoding

    def place_of(self, offset: int) -> Place | None:
        """Where the character at `offset` stands; None where the format has no such places."""
        number = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[number - 1] if number else None

    def title_of(self, section: Section) -> str:
        """The title in a citation of the section: an article's own heading, else the document's title."""
        return section.heading if section.is_article and section.heading else self.title

    def date_of(self, section: Section) -> str | None:
        """The section's date, else the document's; for an article only its own date."""
        return section.date if section.is_article else section.date or self.date


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that stand together, in reading order; `sentences` are spans of `reading.text`.

    A table row, list item or code block is one sentence, too. The first `headings` sentences are the headings that the
    passage stands under, the highest first. `leads` has for each sentence the spans of the document's text that it
    hangs on: the names of a row's columns, an item's parents, the question that it answers, the line ending in ":"
    before it. `labels` are spans of `reading.text` that name a speaker, a time or a mail's header: they answer only who
    and when. `lists` are the spans of lists, each of at least two items of one level.
    """

    doc_id: str
    section: int
    reading: ReadingText
    sentences: tuple[Span, ...]
    headings: int = 0
    leads: tuple[tuple[Span, ...], ...] = ()
    labels: tuple[Span, ...] = ()
    lists: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        return self.reading.text


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. Higher scores are better; ranks start at 1; `dense` is a cosine, `sparse` a BM25 score."""

    passage_id: int
    passage: Passage
    document: Document
    score: float
    rank: int
    dense: float
    sparse: float

    @property
    def section(self) -> Section:
        return self.document.sections[self.passage.section]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quotation stands: exact slices of one document.

    `lines` are the first and the last line touched, counted from 1. `mark` is the span of `quote` that holds the
    answer; None where no part of the quotation stands out as the answer. `lead` is what the quotation hangs on, such as
    the names of a table's columns, with its own `lead_spans`; "" where it stands by itself. `place` is a page, slide or
    the like, where the format has them. `likeliest` is the span of a refusal's `quote` that the reader would have
    chosen: a hint where to look, and no claim that it is the answer; None in every other citation.
    """

    number: int
    document: str
    title: str
    date: str | None
    section: str | None
    spans: tuple[Span, ...]
    lines: Span
    quote: str
    mark: Span | None = None
    lead: str = ""
    lead_spans: tuple[Span, ...] = ()
    place: Place | None = None
    likeliest: Span | None = None

    @property
    def page(self) -> int | None:
        """The number of the page, from 1; None where the format has no pages."""
        return int(self.place.label) if self.place and self.place.kind == "page" else None


@dataclass(frozen=True, slots=True)
class RankingFeatures:
    """The features of one span that may be the answer, without looking at the other spans.

    `span` is the network's log odds of the span, `relevance` its log odds that the passage holds any answer, `cosine`
    the search's cosine of the passage, `behind_best` how far the passage's search score is below the best hit's.
    `shared` and `shared_before` are the shares of the query's term weight in the sentence, alone and with the sentence
    before it; `pairs` is the share of the query's neighbouring terms that are neighbours in the sentence.
    `defines` is 1 where the sentence says what the subject is of a question that asks what or who something is, or
    stands below a question that asks the same; -1 where a definition is asked for and it is none, else 0.
    """

    span: float
    relevance: float
    cosine: float
    behind_best: float
    shared: float
    shared_before: float
    pairs: float
    defines: float


@dataclass(frozen=True, slots=True)
class Features(RankingFeatures):
    """All features that the probability of an answer is computed from.

    `ahead` is its lead in ranking score over the best span with a different answer, `agreeing` how many other documents
    agree (0 to 3), `overlap` the share of the query's term weight in the passage, `missing` the share that is in no
    passage read, `reason` 1 where the question asks why or how, else 0.
    """

    ahead: float
    agreeing: float
    overlap: float
    missing: float
    reason: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a hit's passage that the reader weighed, best first in Answer.candidates.

    `start` and `end` are offsets in the passage's text: a whole sentence or two. `answer` is the span inside it that is
    the answer itself, equal to (start, end) where no part stands out. `confidence` is the probability that it is right,
    0 to 1, and `features` what that probability is computed from.
    """

    hit: Hit
    start: int
    end: int
    answer: Span
    confidence: float
    features: Features


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One answer in a document's words, its confidence (0 to 1), and every place that gives it, best first."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Which passages may answer a question, as typed in it; each one narrows the search further.

    `names` are what the names of the document contain, `after` and `before` ISO dates (year, month or day), `phrases`
    what the passage contains word for word, `excluded` words that it must not have.
    """

    names: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def typed(self) -> str:
        """All of them as a person types them, "" where there is none: `in:"staff handbook" after:2019-05 -draft`."""
        typed = [f'in:"{name}"' if " " in name else f"in:{name}" for name in self.names]
        typed += [f"after:{self.after}"] if self.after else []
        typed += [f"before:{self.before}"] if self.before else []
        typed += [f"“{phrase}”" for phrase in self.phrases]
        return " ".join([*typed, *(f"-“{word}”" if " " in word else f"-{word}" for word in self.excluded)])


@dataclass(frozen=True, slots=True)
class Note:
    """One line on how a question was searched: `text`, in English, has a {placeholder} for each of the values."""

    text: str
    values: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """The line in English."""
        return self.text.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes back for a question.

    `confidence` is the probability that the best candidate is right. From `threshold` on the question is answered, from
    `perhaps_threshold` on an answer is offered as "perhaps"; below it, the library abstains. `answers` is empty unless
    status is "answered" or "perhaps". `nearest` is the closest passage, cut around its likeliest sentence, where status
    is "abstained" and a passage was found, else None. `reply` is the reply to small talk, else None. `hits` are the
    best passages in rank order, whatever the status. `unknown_words` are the question's words that are in no document,
    `near_spellings` the documents' words that some of them may be typos of. `candidates` are the spans the reader
    weighed, best first. `elapsed_ms` has a time for each stage and "total". `restrictions` are those in force, which
    `searched` is without; None where there is none. `notes` say what became of the others.

    `kind` is what the question asks for: a list, something about the collection of documents, a comparison, else a
    fact. `heading` is our own line above the answers, such as "The documents say:", None where they need none.
    `is_together` is true where all answers are shown at once, as the lines of one reply.
    `language` is the ISO 639-1 code of the question's language, None where it is not clear.
    """

    question: str
    searched: str
    status: Status
    confidence: float
    threshold: float
    perhaps_threshold: float
    elapsed_ms: dict[str, float]
    answers: tuple[AnswerText, ...] = ()
    nearest: Citation | None = None
    hits: tuple[Hit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    unknown_words: tuple[str, ...] = ()
    near_spellings: dict[str, str] = field(default_factory=dict)
    reply: str | None = None
    restrictions: Restrictions | None = None
    notes: tuple[Note, ...] = ()
    kind: Kind = "fact"
    heading: Note | None = None
    is_together: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings: the best passages in rank order, and what was searched, as in Answer."""

    searched: str
    hits: tuple[Hit, ...]
    restrictions: Restrictions | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and its answer, "" where it had none.

    `searched` is what was searched for it, "" where that is not known; `documents` are those that the answer cites, in
    the order of the citations, and `kind` is the answer's.
    """

    question: str
    answer: str
    searched: str = ""
    documents: tuple[str, ...] = ()
    kind: Kind = "fact"


@dataclass(frozen=True, slots=True)
class Source:
    """What `quoth sources` lists for a document: its title, date, publisher, articles or sections, and passages."""

    document: str
    title: str
    date: str | None
    publisher: str | None
    sections: tuple[Section, ...]
    passages: int
