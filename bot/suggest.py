"""Questions that the documents can answer, for a person who doesn't know what to ask.

A sentence that says when something was founded, what it is or what somebody signed is turned into its question by rule;
the question is asked, and kept only if that very sentence is the answer. The rules are for English: documents in other
languages suggest nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from retrieval.answer.answer import answer
from retrieval.conversation.follow_up import names
from retrieval.index.retriever import Retriever
from retrieval.schema import Passage
from retrieval.text import words

MOST_ASKED = 30
"""How many are tried: a second or two of work."""
MOST_DOCUMENTS, MOST_SENTENCES = 500, 500
"""How many documents are looked at where none lends itself, and of each how many sentences: six seconds of work."""
Candidate = tuple[str, str]
"""A question and the sentence that it was made of."""

_CAPITAL = r"[A-Z][\w’'-]*"
_NAMED = rf"(?:[Tt]he )?{_CAPITAL}(?: (?:(?:of|and|the|for|de|del|da|do) ){{0,2}}{_CAPITAL}){{0,5}}"
_VERB = r"(?:is|are|was|were|be|been|has|have|had|that|which|who)\b"
_THING = rf"(?:^|[,;:–—] )(?P<name>[Tt]he(?: (?!{_VERB})[\w’'-]+){{1,6}}?|{_NAMED})"
_NAME = rf"(?:^|[,;:–—] )(?P<name>{_NAMED})"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"\b[^.]{{0,80}}\b(?:\d{{4}}\b|(?:{_MONTH}) \d)"
_DONE = "founded|established|created|opened|built|signed|launched|born|published|adopted|inaugurated|held|concluded"
_DID = "burn(?=ed down)|end(?=ed)|start(?=ed)|open(?=ed)|close(?=d)|die(?=d)|arrive(?=d)|retire(?=d)"
# What a sentence says and the question it answers.
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


@lru_cache(maxsize=1)  # a second's work, and the same as long as the index is
def suggest(retriever: Retriever, count: int) -> tuple[str, ...]:
    """Up to `count` questions, from as many documents as there are; none where no sentence lends itself."""
    numbers = retriever.store.document_numbers()[:MOST_DOCUMENTS]
    found: list[str] = []
    in_turn = _in_turn(_of_document(retriever, number) for number in numbers)
    for question, sentence in islice(in_turn, MOST_ASKED):
        if question not in found and _is_answered(question, sentence, retriever):
            found.append(question)
        if len(found) >= count:
            break
    return tuple(found[:count])


def _in_turn(per_document: Iterable[Iterator[Candidate]]) -> Iterator[Candidate]:
    """The first of each document, then the second of each, and so on; no document is looked at before its turn."""
    begun: deque[Iterator[Candidate]] = deque()
    for candidates in per_document:
        if (first := next(candidates, None)) is not None:
            yield first
            begun.append(candidates)
    while begun:
        candidates = begun.popleft()
        if (further := next(candidates, None)) is not None:
            yield further
            begun.append(candidates)


def _of_document(retriever: Retriever, number: int) -> Iterator[Candidate]:
    yield from _candidates(_sentences(retriever.store.passages_of(number)))  # read once the first is wanted


def _sentences(passages: Sequence[Passage]) -> list[str]:
    found = (passage.text[start:end] for passage in passages for start, end in passage.sentences)
    return list(islice(found, MOST_SENTENCES))


def _candidates(sentences: Sequence[str]) -> Iterator[Candidate]:
    """In the order of the rules."""
    for pattern, template in _RULES:
        for sentence in sentences:
            if match := re.search(pattern, sentence):
                said = {name: words or "" for name, words in match.groupdict().items()}
                said["name"] = re.sub("^The ", "the ", said["name"])
                if said.get("done") == "announc":
                    said["done"] = "announce"
                if said["name"].startswith("the ") or names(f"- {said['name']}"):  # "This is a ..." names nothing
                    yield template.format(**said), sentence


def _is_answered(question: str, sentence: str, retriever: Retriever) -> bool:
    """Whether the first answer is that sentence."""
    quotes = [text.citations[0].quote for text in answer(question, retriever).answers[:1]]
    return any(_words(sentence) in _words(quote) for quote in quotes)


def _words(text: str) -> str:
    return " ".join(word for word, _ in words(text))
