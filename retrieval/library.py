"""The one door: a Library opens an index once and then answers.

`ask` goes step by step: small talk is answered at once; otherwise the restrictions typed in the question select the
passages, question and history become a query, the search brings hits from these passages, the reader finds candidates
in them, and the decision turns these into an Answer or a refusal.
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
from retrieval.answer.spelling import correct_spelling, is_known
from retrieval.conversation.follow_up import contextualise
from retrieval.conversation.small_talk import small_talk
from retrieval.encoder.encoder import Encoder
from retrieval.index.fusion import Fusion, fuse
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.index.selection import Selection, Selector
from retrieval.index.store import open_store
from retrieval.index.verify import verify
from retrieval.query import clean_question
from retrieval.restrictions import NO_QUESTION, read_restrictions
from retrieval.schema import Answer, Document, Found, Hit, Note, Source, Status, Turn
from retrieval.settings import TARGET_PRECISION


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

    def ask(
        self, question: str, history: Sequence[Turn] = (), top: int = 5, first_in: Sequence[str] = ()
    ) -> Answer:
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
        text, selection = self._select(question)
        query = contextualise(text, [replace(turn, question=read_restrictions(turn.question).text) for turn in history])
        if selection.restrictions and not _has_words(query):
            note = Note(NO_QUESTION, {"restrictions": selection.restrictions.typed()})
            return replace(self._unsearched(question, cleaned, "abstained"), notes=(note,))
        query = correct_spelling(clean_question(query), self.store, self.reader.network.is_common_word)
        hits = self.retriever.search(query, max(top, READ_PASSAGES), selection.allowed)
        search_ms = milliseconds_since(started)
        answer = self.answer_from(text if _has_words(text) else query, query, hits)
        elapsed_ms = {"search": search_ms, "read": answer.elapsed_ms["read"], "total": milliseconds_since(started)}
        return replace(
            answer,
            question=question,
            hits=tuple(hits[:top]),
            elapsed_ms=elapsed_ms,
            restrictions=selection.restrictions,
            notes=selection.notes,
        )

    def _select(self, question: str) -> tuple[str, Selection]:
        """The question without the restrictions in force, and the passages that these allow.

        Quotation marks stay where no passage has the words between them.
        """
        read = read_restrictions(question)
        selection = self._selector.select(read.restrictions)
        return read.text if selection.restrictions else question, selection

    def answer_from(self, question: str, query: str, hits: Sequence[Hit]) -> Answer:
        """The Answer that the reader finds in these hits alone; `query` is what was searched for the question."""
        return answer_from_hits(
            question, query, hits, self.store, self.retriever.encoder, self.reader, self._target_precision
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

    def verify(self) -> list[str]:
        """A line for each document or passage that differs from its file on disk; empty where all is as it was."""
        return list(verify(self.store))

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
