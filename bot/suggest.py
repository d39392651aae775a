"""Questions that the documents can answer, for a person who doesn't know what to ask.

Rules turn a sentence that says when something was founded, what it is or what somebody signed into a question. The
question is then asked, and suggested only if that same sentence is the answer given. The rules are for English: no
question is suggested for documents in other languages.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from retrieval.conversation.names import names
from retrieval.library import Library
from retrieval.schema import Passage
from retrieval.text import words

MAX_TRIED = 30
"""How many candidate questions are asked: a second or two of work."""
MAX_DOCUMENTS, MAX_SENTENCES = 500, 500
"""How many documents are read at most, and how many sentences of each: six seconds of work if no rule applies."""
QuestionWithSentence = tuple[str, str]
"""A question and the sentence it was made from."""

_CAPITAL = r"[A-Z][\w’'-]*"
_NAMED = rf"(?:[Tt]he )?{_CAPITAL}(?: (?:(?:of|and|the|for|de|del|da|do) ){{0,2}}{_CAPITAL}){{0,5}}"
_VERB = r"(?:is|are|was|were|be|been|has|have|had|that|which|who)\b"
_THING = rf"(?:^|[,;:–—] )(?P<name>[Tt]he(?: (?!{_VERB})[\w’'-]+){{1,6}}?|{_NAMED})"
_NAME = rf"(?:^|[,;:–—] )(?P<name>{_NAMED})"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"\b[^.]{{0,80}}\b(?:\d{{4}}\b|(?:{_MONTH}) \d)"
_DONE = "founded|established|created|opened|built|signed|launched|born|published|adopted|inaugurated|held|concluded"
_DID = "burn(?=ed down)|end(?=ed)|start(?=ed)|open(?=ed)|close(?=d)|die(?=d)|arrive(?=d)|retire(?=d)"
# A pattern for a sentence, and the question that such a sentence answers.
_RULES = (
    (rf"{_THING} (?P<was>was|were) (?:\w+ly |first )?(?P<done>{_DONE}){_DATE}", "When {was} {name} {done}?"),
    (rf"{_THING} (?P<done>{_DID})(?:ed|d)(?P<down> down)?{_DATE}", "When did {name} {done}{down}?"),
    (
        rf"{_THING} (?P<was>is|was) (?:\w+ ){{0,2}}\d[\d.,]* \w+ (?P<done>long|high|tall|wide|deep)\b",
        "How {done} {was} {name}?",
    ),
    (rf"{_THING} cost (?:\w+ ){{0,2}}[$€£¥]?\d", "How much did {name} cost?"),
    (rf"{_THING} (?:has|had) (?:\w+ ){{0,2}}\d[\d.,]* (?P<done>[a-z]+s)\b", "How many {done} does {name} have?"),
    (rf"{_NAME} (?P<was>is|are) (?:an?|one|the) ", "What {was} {name}?"),
    (rf"{_NAME} (?:have |has )?(?P<done>sign|launch|adopt|announc)ed ", "What did {name} {done}?"),
    (rf"{_NAME} (?:have |has )?visited ", "Which places did {name} visit?"),
)


class Suggestions:
    """Up to `count` suggested questions, cached for the generation of the index they were made from.

    Only the questions are stored, not the library, so an old index can be released. Threads may share it.
    """

    def __init__(self, count: int) -> None:
        self._count, self._lock = count, threading.Lock()
        self._generation: str | None = None
        self._questions: tuple[str, ...] = ()

    def of(self, library: Library) -> tuple[str, ...]:
        """The questions for this library; made on the first call and whenever the index is a new one."""
        with self._lock:
            generation = library.store.manifest.generation
            if generation != self._generation:
                self._questions = suggest(library, self._count)
                self._generation = generation
            return self._questions


def suggest(library: Library, count: int) -> tuple[str, ...]:
    """Up to `count` questions, spread over as many documents as possible; none if no rule applies to any sentence."""
    answered = (question for question in tried(library) if question is not None)
    return tuple(islice(answered, count))


def tried(library: Library) -> Iterator[str | None]:
    """Each question that is answered, and None for each that was tried in vain, so that a caller may stop between."""
    numbers = library.store.document_numbers()[:MAX_DOCUMENTS]
    found: set[str] = set()
    in_turn = _in_turn(_of_document(library, number) for number in numbers)
    for question, sentence in islice(in_turn, MAX_TRIED):
        is_new = question not in found and _is_answered(question, sentence, library)
        found |= {question} if is_new else set()
        yield question if is_new else None


def suggest_from(library: Library, doc_id: str, count: int) -> tuple[str, ...]:
    """Up to `count` questions that this document answers; none if no rule applies to any of its sentences."""
    passages = [library.store.passage(int(row)) for row in library.store.rows_of(doc_id)]
    candidates = islice(_candidates(_sentences(passages)), MAX_TRIED)
    answered = (question for question, sentence in candidates if _is_answered(question, sentence, library))
    return tuple(islice(dict.fromkeys(answered), count))


def _in_turn(per_document: Iterable[Iterator[QuestionWithSentence]]) -> Iterator[QuestionWithSentence]:
    """The first candidate of each document, then the second of each, and so on; each document is read in its turn."""
    begun: deque[Iterator[QuestionWithSentence]] = deque()
    for candidates in per_document:
        if (first := next(candidates, None)) is not None:
            yield first
            begun.append(candidates)
    while begun:
        candidates = begun.popleft()
        if (further := next(candidates, None)) is not None:
            yield further
            begun.append(candidates)


def _of_document(library: Library, number: int) -> Iterator[QuestionWithSentence]:
    yield from _candidates(_sentences(library.store.passages_of(number)))  # read when the first one is requested


def _sentences(passages: Sequence[Passage]) -> list[str]:
    found = (passage.text[start:end] for passage in passages for start, end in passage.sentences)
    return list(islice(found, MAX_SENTENCES))


def _candidates(sentences: Sequence[str]) -> Iterator[QuestionWithSentence]:
    """Questions with their sentences, in the order of the rules."""
    for pattern, template in _RULES:
        for sentence in sentences:
            if match := re.search(pattern, sentence):
                parts = {name: words or "" for name, words in match.groupdict().items()}
                parts["name"] = re.sub("^The ", "the ", parts["name"])
                if parts.get("done") == "announc":
                    parts["done"] = "announce"
                if parts["name"].startswith("the ") or names(f"- {parts['name']}"):  # "This is a ..." names nothing
                    yield template.format(**parts), sentence


def _is_answered(question: str, sentence: str, library: Library) -> bool:
    """Whether the question is answered, not only perhaps, and the first answer quotes that sentence."""
    found = library.ask(question)
    return found.status == "answered" and _words(sentence) in _words(found.answers[0].citations[0].quote)


def _words(text: str) -> str:
    return " ".join(word for word, _ in words(text))
