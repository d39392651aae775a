"""The one door: a Library opens an index once and then answers.

`ask` goes step by step: small talk is answered at once; otherwise the restrictions typed in the question select the
passages. A question about the collection itself is answered from titles, dates and central sentences. For any other,
question and history become a query, the search brings hits from these passages, the reader finds candidates in them,
and the decision turns these into an Answer or a refusal.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from retrieval.answer.answer import answer_from_hits, milliseconds_since
from retrieval.answer.candidates import READ_PASSAGES
from retrieval.answer.ranking import ReaderWeights, load_weights
from retrieval.answer.reader import Reader, load_reader
from retrieval.answer.spelling import as_written, correct_spelling, is_foreign, is_known
from retrieval.answer.why_not import WhyNot, cited_hit, row_of, why_not
from retrieval.conversation.collection.called import Known
from retrieval.conversation.collection.overview import Collection, Overview
from retrieval.conversation.correction import corrected
from retrieval.conversation.dependence import without_lead_in
from retrieval.conversation.follow_up import Reading, contextualise
from retrieval.conversation.in_form import Asks, answer_in_form
from retrieval.conversation.pleasantries import without_pleasantries
from retrieval.conversation.small_talk import small_talk
from retrieval.conversation.spoken import spoken_language
from retrieval.conversation.understanding import understand
from retrieval.documents.elements import Limits
from retrieval.encoder.encoder import Encoder
from retrieval.index.fusion import Fusion, fuse
from retrieval.index.retriever import Ranks, Retriever, open_retriever
from retrieval.index.selection import Mask, Selection, Selector
from retrieval.index.store import open_store
from retrieval.index.verify import verify
from retrieval.query import clean_question
from retrieval.restrictions import NO_QUESTION, read_restrictions
from retrieval.schema import (
    Answer,
    Candidate,
    Citation,
    Document,
    Found,
    Hit,
    Note,
    Passage,
    Restrictions,
    Source,
    Status,
    Turn,
)
from retrieval.settings import TARGET_PRECISION

_PASSAGES_OF_ALL = 200
"""How many passages are looked through at most where something is asked of all documents."""
_PASSAGES_AROUND = 30
"""How many passages before and after an answer may belong to the same list or table."""


class Library:
    """An index, open for questions. Asking changes nothing in it, so threads may share it.

    `target_precision` is the share of given answers that should be right; from the threshold that gives it, the library
    answers, and below it offers an answer as "perhaps" or abstains. `encoder` and `reader` default to the encoder that
    the index was built with and to the reader that is shipped; they are loaded when they are first needed, or by
    `load`. `store` is the index's own interface. Raises IndexProblem where there is no usable index.
    """

    def __init__(
        self,
        index: Path | str,
        *,
        target_precision: float = TARGET_PRECISION,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        fusion: Fusion = fuse,
    ) -> None:
        self._index, self._target_precision, self._fusion = Path(index), target_precision, fusion
        self._encoder, self._reader = encoder, reader
        self._retriever: Retriever | None = None
        self._lock = threading.RLock()
        self.store = open_store(self._index)
        self._selector = Selector(self.store)
        known = Known(self.store.sources, self.store.aliases)
        self._collection = Collection(lambda: self.retriever, known, self._corrected)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index. The library can't be used afterwards."""
        self.store.close()

    def load(self) -> None:
        """Load the encoder and the reader now, so that no question has to wait. Raises IndexProblem or ModelError."""
        _ = self.retriever, self.reader

    @property
    def retriever(self) -> Retriever:
        """The search, with the index's encoder."""
        with self._lock:
            if self._retriever is None:
                self._retriever = open_retriever(self.store, self._encoder, self._fusion)
            return self._retriever

    @property
    def reader(self) -> Reader:
        """What finds answers in hits."""
        with self._lock:
            if self._reader is None:
                self._reader = load_reader()
            return self._reader

    def _spelled(self, question: str) -> str:
        """The question with its typos corrected; as it is in a language that the documents are not in."""
        spelled = correct_spelling(question, self.store, self._reader_knows)
        is_changed = spelled != question
        return question if is_changed and is_foreign(spoken_language(question), self.store) else spelled

    def _reader_knows(self, word: str) -> bool:
        """Whether the word is a common one to the reader."""
        return self.reader.network.is_common_word(word)

    @property
    def threshold(self) -> float:
        """The probability from which the library answers."""
        return self._weights.threshold(self._target_precision)

    @property
    def perhaps_threshold(self) -> float:
        """The probability below which the library abstains; from it to `threshold`, it offers an answer."""
        return self._weights.perhaps_threshold(self._target_precision)

    @property
    def _weights(self) -> ReaderWeights:
        """The reader's weights, also before its network is loaded."""
        with self._lock:
            return self._reader.weights if self._reader is not None else load_weights()

    def ask(self, question: str, history: Sequence[Turn] = (), top: int = 5, first_in: Sequence[str] = ()) -> Answer:
        """The Answer, with the `top` best passages as hits; `history` holds the turns before, oldest first.

        Restrictions typed in the question hold for this question alone. A follow-up is searched with its topic put
        back, and typos are corrected first: Answer.searched says what was searched. The documents `first_in` are
        searched first, the others only where these give no answer. Raises QuestionError for an empty or overlong
        question, IndexProblem or ModelError.
        """
        if talk := small_talk(question, lambda word: is_known(word, self.store), is_first=not history):
            blank = self._unsearched(question, question.strip(), "smalltalk")
            return replace(blank, confidence=1.0, reply=talk.text, language=talk.language, kind="smalltalk")
        cleaned = clean_question(question)
        self.load()  # once, and no part of what this question takes
        started = perf_counter()
        text, selection = self._select(without_pleasantries(question))
        turns = [self._as_written(turn) for turn in history]
        if selection.restrictions and not _has_words(contextualise(text, turns)):
            note = Note(NO_QUESTION, {"restrictions": selection.restrictions.typed()})
            return replace(self._unsearched(question, cleaned, "abstained"), notes=(note,))
        for asked in [text, without_lead_in(text), *(reading.query for reading in corrected(text, turns))]:
            if overview := self._collection.ask(asked, turns, selection.allowed, first_in):
                return self._overview(question, clean_question(asked), overview, selection, top, started)

        spelled = self._spelled(clean_question(text)) if _has_words(text) else text

        def read(reading: Reading) -> Answer:
            query = reading.query if reading.form else spelled
            asked = text if _has_words(text) else query
            return self._read(asked, replace(reading, query=query), selection, max(top, READ_PASSAGES), first_in)

        plain = understand(as_written(spelled, self.store), turns, read)
        answer = answer_in_form(plain, plain.searched, self._asks(selection, first_in))
        elapsed_ms = {**answer.elapsed_ms, "total": milliseconds_since(started)}
        return replace(
            answer,
            question=question,
            hits=answer.hits[:top],
            elapsed_ms=elapsed_ms,
            restrictions=selection.restrictions,
            notes=(*selection.notes, *answer.notes),
        )

    def _asks(self, selection: Selection, first_in: Sequence[str]) -> Asks:
        """How more is read for a question, within what its restrictions allow."""

        def one(question: str) -> Answer:
            return self._read(question, Reading(question), selection, READ_PASSAGES, first_in)

        def elsewhere(answer: Answer) -> list[Candidate]:
            hits = self.retriever.search(answer.searched, _PASSAGES_OF_ALL, selection.allowed)
            read = {hit.document.doc_id for hit in hits[:READ_PASSAGES]}
            unread = {hit.document.doc_id: hit for hit in reversed(hits) if hit.document.doc_id not in read}
            further = sorted(unread.values(), key=lambda hit: hit.rank)[: READ_PASSAGES - 1]
            found = self.answer_from(answer.question, answer.searched, [*hits[:1], *further]) if further else answer
            return [candidate for candidate in found.candidates if candidate.hit.document.doc_id in unread]

        def with_words(words: str) -> list[Hit]:
            having = self._selector.select(Restrictions(phrases=(words,)))
            if having.restrictions is None or having.allowed is None:
                return []
            allowed = having.allowed if selection.allowed is None else having.allowed & selection.allowed
            return self.retriever.search(words, _PASSAGES_OF_ALL, allowed)

        def around(hit: Hit) -> list[Passage]:
            rows = self.store.rows_of(hit.document.doc_id, hit.passage.section)
            near = range(hit.passage_id - _PASSAGES_AROUND, hit.passage_id + _PASSAGES_AROUND + 1)
            return [self.store.passage(int(row)) for row in rows if int(row) in near]

        return Asks(one, elsewhere, with_words, around)

    def _overview(
        self, question: str, cleaned: str, overview: Overview, selection: Selection, top: int, started: float
    ) -> Answer:
        """The answer to a question about the collection itself."""
        answer = self._unsearched(question, cleaned, overview.status)
        return replace(
            answer,
            confidence=1.0 if overview.answers else 0.0,
            answers=overview.answers,
            heading=overview.heading,
            kind="collection",
            is_together=True,
            hits=overview.hits[:top],
            restrictions=selection.restrictions,
            notes=(*selection.notes, *overview.notes),
            elapsed_ms={**answer.elapsed_ms, "total": milliseconds_since(started)},
        )

    def _as_written(self, turn: Turn) -> Turn:
        """The turn without its restrictions, with the capitals that names have in the documents."""
        question = as_written(read_restrictions(turn.question).text, self.store)
        return replace(turn, question=question, searched=as_written(turn.searched, self.store))

    def _read(
        self, question: str, reading: Reading, selection: Selection, k: int, first_in: Sequence[str] = ()
    ) -> Answer:
        """The answer to one reading of the question; `k` passages are searched, those of `first_in` before others."""
        started = perf_counter()
        query = clean_question(reading.query)
        if first_in:
            inside = self._selector.within(first_in, selection.allowed)
            answer = self._read(question, reading, replace(selection, allowed=inside), k) if inside.any() else None
            if answer is not None and answer.answers:
                return answer
        favoured = self._selector.within(reading.documents) if reading.documents else None
        hits = self.retriever.search(query, k, selection.allowed, favoured)
        search_ms = milliseconds_since(started)
        answer = self.answer_from(question, query, hits, reading.besides)
        return replace(answer, elapsed_ms={"search": search_ms, "read": answer.elapsed_ms["read"]})

    def _select(self, question: str) -> tuple[str, Selection]:
        """The question without the restrictions in force, and the passages that these allow.

        Quotation marks stay where no passage has the words between them.
        """
        read = read_restrictions(question)
        selection = self._selector.select(read.restrictions)
        return read.text if selection.restrictions else question, selection

    def answer_from(self, question: str, query: str, hits: Sequence[Hit], besides: str = "") -> Answer:
        """The Answer that the reader finds in these hits alone; `query` is what was searched for the question.

        An answer that says the same as `besides` is left out.
        """
        return answer_from_hits(
            question, query, hits, self.store, self.retriever.encoder, self.reader, self._target_precision, besides
        )

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """The `k` best passages, best first. Raises QuestionError, IndexProblem or ModelError."""
        return list(self.find(query, k).hits)

    def find(self, query: str, k: int = 5) -> Found:
        """The `k` best passages with what was searched. Raises QuestionError, IndexProblem or ModelError."""
        text, selection = self._select(query)
        searched = clean_question(text)
        hits = self.retriever.search(searched, k, selection.allowed)
        return Found(searched, tuple(hits), selection.restrictions, selection.notes)

    def sources(self) -> list[Source]:
        """Every document with its title, date and number of passages, ordered by path."""
        return self.store.sources()

    def document(self, doc_id: str) -> Document:
        """The document at that path below the folder, as it was indexed. Raises QuothError where there is none."""
        return self.store.document_by_id(doc_id)

    def doc_id_of(self, sha256: str) -> str | None:
        """The path of a document whose file has that hash, also after it was renamed; None where there is none."""
        return self.store.doc_id_of(sha256)

    def docs(self) -> Path:
        """The folder of the documents."""
        return Path(self.store.manifest.docs)

    def limits(self) -> Limits:
        """The largest files that are read for the index."""
        return Limits(**self.store.manifest.limits)

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of the document at that path, in reading order; none where there is no such document."""
        return self.store.passages_in(doc_id)

    def ranks(self, citation: Citation, answer: Answer) -> Ranks | None:
        """Where the search for the answer's question puts the cited passage, None if it was not among its hits.

        Raises IndexProblem or ModelError.
        """
        hit = cited_hit(citation, answer)
        row = row_of(hit.passage, self.store) if hit else None
        return None if row is None else self.retriever.ranks(answer.searched, row, self._allowed(answer))

    def why_not(self, words: str, answer: Answer) -> WhyNot:
        """Where the passage that has these words best was lost for the answer's question.

        Raises IndexProblem or ModelError.
        """
        return why_not(words, answer, self.retriever, self._allowed(answer))

    def _allowed(self, answer: Answer) -> Mask | None:
        """The passages that the answer's restrictions allow; None where all are."""
        return self._selector.select(answer.restrictions).allowed if answer.restrictions else None

    def verify(self) -> list[str]:
        """A line for each document or passage that differs from its file on disk; empty where all is as it was."""
        return list(verify(self.store))

    def _corrected(self, text: str) -> str:
        """The text without its typos."""
        return correct_spelling(text, self.store, self.reader.network.is_common_word)

    def _unsearched(self, question: str, cleaned: str, status: Status) -> Answer:
        return Answer(
            question=question,
            searched=cleaned,
            status=status,
            confidence=0.0,
            threshold=self.threshold,
            perhaps_threshold=self.perhaps_threshold,
            elapsed_ms={"search": 0.0, "read": 0.0, "total": 0.0},
        )


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
