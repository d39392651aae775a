"""Questions and passages changed so that they no longer fit, as people do who write unanswerable questions.

SQuAD 2.0's name another person or number, say the opposite, deny, or ask for something near (Rajpurkar, Jia and Liang
2018, table 2). Its training part is not used; these changes are made from the questions and passages at hand. All
chance is given by the caller.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from retrieval.schema import Span

Place = tuple[str, str]
"""Where a word stands: the word before it and the one after."""

_NAME = re.compile(r"(?<=[\w,;]\s)(?:[A-Z](?:[\w-]|'(?!s\b))+(?:\s[A-Z](?:[\w-]|'(?!s\b))+)*|\d[\d,.]*\d|\d)")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_COMMON = 0.01  # a word that stands in more of the questions is taken for one of grammar
_PAIRS = """first/last most/least more/less more/fewer before/after largest/smallest biggest/smallest highest/lowest
oldest/youngest oldest/newest earliest/latest best/worst longest/shortest north/south northern/southern east/west
eastern/western increase/decrease increased/decreased higher/lower larger/smaller older/younger above/below
maximum/minimum major/minor majority/minority early/late public/private male/female men/women king/queen husband/wife
father/mother son/daughter brother/sister win/lose won/lost began/ended begin/end start/stop started/stopped
opened/closed born/died create/destroy created/destroyed support/oppose supported/opposed accept/reject
accepted/rejected import/export legal/illegal positive/negative internal/external urban/rural ancient/modern old/new
hot/cold warm/cold strong/weak strongest/weakest rich/poor high/low long/short large/small allowed/forbidden
common/uncommon popular/unpopular arrived/left buy/sell bought/sold always/never attack/defend attacked/defended
ally/enemy allies/enemies with/without"""
OPPOSITES: dict[str, list[str]] = defaultdict(list)
for _one, _, _other in (pair.partition("/") for pair in _PAIRS.split()):
    OPPOSITES[_one].append(_other)
    OPPOSITES[_other].append(_one)
_OPPOSITE = re.compile(rf"\b(?:{'|'.join(OPPOSITES)})\b")
_VERB = re.compile(r"\b(?:did|was|were|is|are|does|has|have|had|could|would)\b")


def names(text: str) -> list[str]:
    """Names and numbers of a text, the first words of sentences left out."""
    return _NAME.findall(text)


def another_name(question: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The question with one name or number exchanged for another of its sort; None where there is none."""
    places = list(_NAME.finditer(question))
    if not places:
        return None
    place = chance.choice(places)
    fitting = _of_its_sort(place[0], others, question)
    return question[: place.start()] + chance.choice(fitting) + question[place.end() :] if fitting else None


def _of_its_sort(name: str, others: Sequence[str], text: str) -> list[str]:
    known = text.lower()
    return [other for other in others if other[0].isdigit() == name[0].isdigit() and other.lower() not in known]


def opposite(question: str, chance: random.Random) -> str | None:
    """The question with a word exchanged for its opposite."""
    return _exchanged(question, _OPPOSITE, lambda word: chance.choice(OPPOSITES[word]), chance)


def denied(question: str, chance: random.Random) -> str | None:
    """The question with its verb denied."""
    return _exchanged(question, _VERB, lambda word: chance.choice((f"{word}n't", f"{word} never")), chance)


def _exchanged(question: str, places: re.Pattern[str], by: Callable[[str], str], chance: random.Random) -> str | None:
    found = list(places.finditer(question))
    if not found:
        return None
    place = chance.choice(found)
    return question[: place.start()] + by(place[0]) + question[place.end() :]


def _places(text: str) -> Iterator[tuple[Place, str]]:
    """Each word but the first and the last, with the two it stands between."""
    words = _TOKEN.findall(text.lower())
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        yield (before, after), word


class Neighbours:
    """Which words are used between the same two words: what may take another's place in a question."""

    def __init__(self, questions: Sequence[str], texts: Iterable[str]) -> None:
        self._between: dict[Place, dict[str, None]] = {}  # words in the order they were met: a set's is by chance
        for place, word in chain.from_iterable(map(_places, questions)):
            self._between.setdefault(place, {})[word] = None
        for place, word in chain.from_iterable(map(_places, texts)):
            if place in self._between:
                self._between[place][word] = None
        seen = Counter(word for question in questions for word in set(_TOKEN.findall(question.lower())))
        self._common = {word for word, count in seen.items() if count > _COMMON * len(questions)}

    def another_word(self, question: str, near: frozenset[str], chance: random.Random) -> str | None:
        """The question with a word of meaning exchanged for another, one of `near` where there is one that fits."""
        tokens = list(_TOKEN.finditer(question))
        close: list[tuple[Span, str]] = []
        far: list[tuple[Span, str]] = []
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if not self._means(token[0]):
                continue
            for word in self._between.get((before[0].lower(), after[0].lower()), ()):
                if self._means(word) and word[:4] != token[0][:4] and word not in question.lower():
                    (close if word in near else far).append((token.span(), word))
        if not close and not far:
            return None
        (start, end), word = chance.choice(close or far)
        return question[:start] + word + question[end:]

    def _means(self, word: str) -> bool:
        return word.isalpha() and word.islower() and len(word) > 2 and word not in self._common


def renamed(
    question: str, text: str, answer: tuple[str, int], others: Sequence[str], chance: random.Random
) -> tuple[str, str, tuple[str, int]] | None:
    """Question, text and answer with a name that both have exchanged for another throughout.

    None where they share no name outside the answer, or a part of it stands elsewhere in the text.
    """
    shared = [name for name in names(question) if name in text and name not in answer[0] and answer[0] not in name]
    if not shared:
        return None
    name = chance.choice(shared)
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    fitting = _of_its_sort(name, others, question + " " + text)
    if not fitting or any(part in whole.sub("", text) for part in name.split()):
        return None
    other = chance.choice(fitting)
    words, start = answer
    begins = len(_put(whole, other, text[:start]))
    text = _put(whole, other, text)
    return (_put(whole, other, question), text, (words, begins)) if text.startswith(words, begins) else None


def _put(places: re.Pattern[str], name: str, text: str) -> str:
    return places.sub(lambda _: name, text)
