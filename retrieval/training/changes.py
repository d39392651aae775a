"""Questions and passages changed so that the passage no longer answers the question. Pure.

The changes follow SQuAD 2.0, whose unanswerable questions name another person or number, use an antonym, add a negation
or ask for something similar (Rajpurkar, Jia and Liang 2018, table 2). Its training part is not used: the changes come
from the given questions and passages. Every random choice comes from the caller's `rng`.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from retrieval.spans import Span

WordContext = tuple[str, str]
"""The words before and after a word."""

_NAME = re.compile(r"(?<=[\w,;]\s)(?:[A-Z](?:[\w-]|'(?!s\b))+(?:\s[A-Z](?:[\w-]|'(?!s\b))+)*|\d[\d,.]*\d|\d)")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_COMMON = 0.01  # a word in a larger share of the questions counts as a stop word
_PAIRS = """first/last most/least more/less more/fewer before/after largest/smallest biggest/smallest highest/lowest
oldest/youngest oldest/newest earliest/latest best/worst longest/shortest north/south northern/southern east/west
eastern/western increase/decrease increased/decreased higher/lower larger/smaller older/younger above/below
maximum/minimum major/minor majority/minority early/late public/private male/female men/women king/queen husband/wife
father/mother son/daughter brother/sister win/lose won/lost began/ended begin/end start/stop started/stopped
opened/closed born/died create/destroy created/destroyed support/oppose supported/opposed accept/reject
accepted/rejected import/export legal/illegal positive/negative internal/external urban/rural ancient/modern old/new
hot/cold warm/cold strong/weak strongest/weakest rich/poor high/low long/short large/small allowed/forbidden
common/uncommon popular/unpopular arrived/left buy/sell bought/sold always/never attack/defend attacked/defended
ally/enemy allies/enemies with/without total/average annual/monthly daily/yearly gross/net nominal/real"""
OPPOSITES: dict[str, list[str]] = defaultdict(list)
for _one, _, _other in (pair.partition("/") for pair in _PAIRS.split()):
    OPPOSITES[_one].append(_other)
    OPPOSITES[_other].append(_one)
_OPPOSITE = re.compile(rf"\b(?:{'|'.join(OPPOSITES)})\b")
_SUPERLATIVE = re.compile(
    r"(?<=\bthe )(?:most (?!of\b)|\w{3,}(?<!qu)est\b)|(?<='s )(?:most (?!of\b)|\w{3,}(?<!qu)est\b)"
)
_NOT_SUPERLATIVE = frozenset(
    "forest interest harvest request protest contest honest modest west suggest invest guest".split()
)
_ORDINALS = "second third fourth fifth sixth".split()
_TITLE = re.compile(
    r"\b(?:president|minister|chair(?:man|woman|person)?|director|governor|mayor|captain|commander|manager|editor)\b",
    re.IGNORECASE,
)
_LOWER_TITLES = "vice deputy former acting".split()
_SYMMETRIC = re.compile(r"\b(?:and|or|between|both|either|versus|vs)\b|[,/–]|^ of $")
_ROLE = re.compile(r"\b(?:from|to|of|with|for|against|by|over|did|does|do|was|is|has|had)(?: the)? $")
_VERB = re.compile(r"\b(?:did|was|were|is|are|does|has|have|had|could|would)\b")


def names(text: str) -> list[str]:
    """The names and numbers in a text, except those that begin a sentence."""
    return _NAME.findall(text)


def another_name(question: str, others: Sequence[str], rng: random.Random) -> str | None:
    """The question with a name replaced by one of `others`, or a number by a number; None where that can't be done."""
    matches = list(_NAME.finditer(question))
    if not matches:
        return None
    match = rng.choice(matches)
    fitting = _same_kind(match[0], others, question)
    return question[: match.start()] + rng.choice(fitting) + question[match.end() :] if fitting else None


def _same_kind(name: str, others: Sequence[str], text: str) -> list[str]:
    """The other names, or numbers if `name` is one, that are not in the text."""
    known = text.lower()
    return [other for other in others if other[0].isdigit() == name[0].isdigit() and other.lower() not in known]


def opposite(question: str, rng: random.Random) -> str | None:
    """The question with one word replaced by its antonym; None where no word has one."""
    return _replace_one(question, _OPPOSITE, lambda word: rng.choice(OPPOSITES[word]), rng)


def qualified(question: str, rng: random.Random) -> str | None:
    """The question about another thing of the same kind: the second-largest for the largest, the vice president for
    the president; None where it names neither.
    """

    def replacement(word: str) -> str:
        return f"{rng.choice(_LOWER_TITLES)} {word}" if _TITLE.fullmatch(word) else f"{rng.choice(_ORDINALS)} {word}"

    patterns = [_SUPERLATIVE, _TITLE]
    rng.shuffle(patterns)
    for pattern in patterns:
        found = pattern.search(question)
        if found and found[0] not in _NOT_SUPERLATIVE:
            return _replace_one(question, pattern, replacement, rng)
    return None


def reversed_relation(question: str, rng: random.Random) -> str | None:
    """The question with two of its names exchanged ("exports from Peru to Japan" -> "from Japan to Peru").

    None where it has fewer than two, or joins them as equals ("between Peru and Japan").
    """
    found = [
        match
        for match in _NAME.finditer(question)
        if not match[0][0].isdigit() and _ROLE.search(question[: match.start()])
    ]
    pairs = [
        (one, other)
        for one, other in pairwise(found)
        if one[0] != other[0] and not _SYMMETRIC.search(question[one.end() : other.start()])
    ]
    if not pairs or re.search(r"\b(?:between|both)\b", question):
        return None
    one, other = rng.choice(pairs)
    between = question[one.end() : other.start()]
    return question[: one.start()] + other[0] + between + one[0] + question[other.end() :]


def negated(question: str, rng: random.Random) -> str | None:
    """The question with its verb negated; None where there is no such verb."""
    return _replace_one(question, _VERB, lambda word: rng.choice((f"{word}n't", f"{word} never")), rng)


def _replace_one(
    question: str, pattern: re.Pattern[str], replacement: Callable[[str], str], rng: random.Random
) -> str | None:
    """The question with one match of the pattern replaced; None where nothing matches."""
    matches = list(pattern.finditer(question))
    if not matches:
        return None
    match = rng.choice(matches)
    return question[: match.start()] + replacement(match[0]) + question[match.end() :]


def _contexts(text: str) -> Iterator[tuple[WordContext, str]]:
    """Each word except the first and the last, with its context."""
    words = _TOKEN.findall(text.lower())
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        yield (before, after), word


class Neighbours:
    """Words used in the same context, which may replace each other in a question."""

    def __init__(self, questions: Sequence[str], texts: Iterable[str]) -> None:
        self._by_context: dict[WordContext, dict[str, None]] = {}  # keeps the order of insertion, which a set does not
        for context, word in chain.from_iterable(map(_contexts, questions)):
            self._by_context.setdefault(context, {})[word] = None
        for context, word in chain.from_iterable(map(_contexts, texts)):
            if context in self._by_context:
                self._by_context[context][word] = None
        seen = Counter(word for question in questions for word in set(_TOKEN.findall(question.lower())))
        self._common = {word for word, count in seen.items() if count > _COMMON * len(questions)}

    def another_word(self, question: str, near: frozenset[str], rng: random.Random) -> str | None:
        """The question with one content word replaced by another, which is one of `near` if any of those fits."""
        tokens = list(_TOKEN.finditer(question))
        preferred: list[tuple[Span, str]] = []
        other: list[tuple[Span, str]] = []
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if not self._is_content_word(token[0]):
                continue
            for word in self._by_context.get((before[0].lower(), after[0].lower()), ()):
                if self._is_content_word(word) and word[:4] != token[0][:4] and word not in question.lower():
                    (preferred if word in near else other).append((token.span(), word))
        if not preferred and not other:
            return None
        (start, end), word = rng.choice(preferred or other)
        return question[:start] + word + question[end:]

    def _is_content_word(self, word: str) -> bool:
        return word.isalpha() and word.islower() and len(word) > 2 and word not in self._common


def renamed(
    question: str, text: str, answer: tuple[str, int], others: Sequence[str], rng: random.Random
) -> tuple[str, str, tuple[str, int]] | None:
    """Question, text and answer with one name that both contain replaced by another throughout.

    None where they share no name outside the answer, or a part of the name occurs elsewhere in the text.
    """
    shared = [name for name in names(question) if name in text and name not in answer[0] and answer[0] not in name]
    if not shared:
        return None
    name = rng.choice(shared)
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    fitting = _same_kind(name, others, question + " " + text)
    if not fitting or any(part in whole.sub("", text) for part in name.split()):
        return None
    other = rng.choice(fitting)
    words, start = answer
    new_start = len(_replace_all(whole, other, text[:start]))
    text = _replace_all(whole, other, text)
    if not text.startswith(words, new_start):
        return None
    return _replace_all(whole, other, question), text, (words, new_start)


def _replace_all(pattern: re.Pattern[str], name: str, text: str) -> str:
    return pattern.sub(lambda _: name, text)
