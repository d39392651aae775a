"""What a passage lacks or adds, seen from the question: names, ranks, directions, the kind of answer. Pure, no model.

Each function states one fact about a question and a text. None of them decides: training/fit_confidence.py learns from
judged questions how much each fact lowers the probability that an answer is right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import permutations

from rapidfuzz.distance import Prefix

from retrieval.answer.answer_type import AnswerType
from retrieval.documents.dates import find_dates
from retrieval.text import STOP_WORDS, words

_MIN_ROOT = 4  # letters; "Peru" and "Peruvian", "Chile" and "Chilean" have at least as many in common
_CAPITALISED = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'.&-]*")
_THOUSANDS = re.compile(r"(?<=\d)[,.  ](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d[\d,.]*\d")

_MONTHS_AND_DAYS = (
    "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|oct|october|nov|"
    "november|dec|december|mon|monday|tue|tuesday|wed|wednesday|thu|thursday|fri|friday|sat|saturday|sun|sunday"
)
_TIME = re.compile(
    rf"\b(?:{_MONTHS_AND_DAYS})\b|\b(?:1\d|20|21)\d\ds?\b|\b\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}}\s?(?:a\.?m|p\.?m|o’clock)\b|"
    r"\b(?:century|centuries|today|yesterday|tomorrow|tonight|noon|midnight|spring|summer|autumn|fall|winter|morning|"
    r"afternoon|evening|night|daily|weekly|monthly|annually|every|years?|months?|weeks?|days?|hours?|minutes?)\b|"
    r"[年月日時]|\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|"
    r"fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|años?|anos?|siglo|século)\b",
    re.IGNORECASE,
)
_ORDINAL_ONLY = re.compile(r"\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMERAL = re.compile(
    r"\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?|thousands?|"
    r"millions?|billions?|trillions?|dozens?|half|third|quarter|fifth|once|twice|double|triple|several|many|few|most|all|"
    r"uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|mil|millones|um|uma|dois|duas|três|quatro|oito|nove|"
    r"milhões)\b|[一二三四五六七八九十百千万億]",
    re.IGNORECASE,
)
# Words that make another thing of the one they stand before: the second-largest is not the largest.
_MODIFIER = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|vice|deputy|former|ex|acting|"
    r"assistant|interim|non|average|median|minimum|maximum|net|gross)[\s-]+(?=(\w+))|\b(per)\s+\w+",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\b(from|to|into|by|with|for|against|over|toward|towards)(?:\s+the)?\s+$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b|['’](?!\w)")


def missing_names(question: str, texts: Sequence[str], read: Sequence[str] = ()) -> int:
    """How many names and numbers of the question are in none of `texts`; 0 where it has no name.

    A word counts as a name if it is capitalised in the question, other than as its first word, or if `read`, the texts
    around, write it with a capital throughout. Another form of a name ("Peruvian"), its initials and another spelling
    of a date or number count as the name.
    """
    found = {word for text in texts for word, _ in words(text)}
    joined = " ".join(texts)
    missing = [name for name in _names(question, [*texts, *read]) if not _is_found(name, found)]
    spelt_out = _spelt_out(question, joined) if missing else set()
    return sum(name not in spelt_out for name in missing) + missing_numbers(question, texts)


def missing_numbers(question: str, texts: Sequence[str]) -> int:
    """How many numbers of two digits or more of the question are in none of the texts."""
    digits = _THOUSANDS.sub("", " ".join(texts))
    numbers = [_THOUSANDS.sub("", match[0]) for match in _NUMBER.finditer(question)]
    return sum(not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", digits) for number in numbers)


def _names(question: str, texts: Sequence[str]) -> list[str]:
    """The folded words of the question that are parts of names."""
    found = []
    for number, (word, (start, end)) in enumerate(words(question)):
        if word in STOP_WORDS or word[0].isdigit() or len(word) < 2:
            continue
        is_capital = question[start].isupper()
        if (is_capital and number) or (len(word) > 2 and _is_always_capitalised(question[start:end], texts)):
            found.append(word)
    return found


def _is_always_capitalised(word: str, texts: Sequence[str]) -> bool:
    """Whether the word occurs in the middle of a sentence with a capital, and nowhere without."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    seen = [(text[match.start()], text[: match.start()]) for text in texts for match in pattern.finditer(text)]
    return (
        bool(seen)
        and all(first.isupper() for first, _ in seen)
        and any(re.search(r"[\w,;’')]\s$", before) for _, before in seen)
    )


def _is_found(name: str, found: Collection[str]) -> bool:
    return name in found or any(_same_root(name, other) for other in found)


def _same_root(one: str, other: str) -> bool:
    """Whether two folded words are forms of one name, such as a country and its adjective."""
    return Prefix.similarity(one, other) >= max(_MIN_ROOT, min(len(one), len(other)) - 2)


def _spelt_out(question: str, text: str) -> set[str]:
    """The folded words of the question that the text abbreviates, and its abbreviations that the text spells out."""
    return _abbreviated(question, text) | _abbreviated(text, question, keep_initials=True)


def _abbreviated(long: str, short: str, keep_initials: bool = False) -> set[str]:
    """Words of runs of capitalised words in `long` whose initials stand in `short`; or these initials."""
    initials = {match[0] for match in re.finditer(r"\b[A-Z]{2,7}\b", short)}
    if not initials:
        return set()
    found: set[str] = set()
    tokens = [match[0] for match in re.finditer(r"\w[\w’'-]*", long)]
    for start, token in enumerate(tokens):
        if not token[0].isupper():
            continue
        letters, used = "", []
        for word in tokens[start : start + 10]:
            if word[0].isupper():
                letters += word[0]
                used.append(word)
            elif len(word) > 3:
                break
            if len(letters) > 1 and letters in initials:
                found |= {letters.lower()} if keep_initials else {word.lower() for word in used}
    return found


def is_wrong_kind(asked: AnswerType, answer: str) -> bool:
    """Whether the answer is evidently not of the kind asked for: a name for "when", no figure for "how many"."""
    if asked == "date":
        bare = _ORDINAL_ONLY.sub("", answer)
        return not (_TIME.search(bare) or next(find_dates(answer), None))
    if asked == "amount":
        return not _NUMERAL.search(answer)
    if asked in ("person", "place"):
        is_latin = bool(re.search(r"[A-Za-z]", answer))
        return is_latin and not _CAPITALISED.search(answer)
    return False


def adds_modifier(question: str, sentence: str) -> bool:
    """Whether the sentence speaks of another rank, office or rate than the question, or the question than it.

    "The sixth-largest partner" is not what "the largest partner" asks for, nor "GDP per capita" what "GDP" does.
    """
    asked, said = set(_modified(question)), set(_modified(sentence))
    asked_words = {word for word, _ in words(question)}
    added = {
        (modifier, word) for modifier, word in said if modifier not in asked_words and (not word or word in asked_words)
    }
    said_words = {word for word, _ in words(sentence)}
    dropped = {(modifier, word) for modifier, word in asked if modifier not in said_words and word in said_words}
    return bool(added or dropped)


def _modified(text: str) -> Iterator[tuple[str, str]]:
    """Each modifier with the word that it modifies, "" after "per"."""
    for match in _MODIFIER.finditer(text):
        if match[2]:
            yield "per", ""
        else:
            modifier = match[0].strip(" -\n").lower()
            yield modifier, match[1].lower()


def reverses_relation(question: str, sentence: str) -> bool:
    """Whether two names have exchanged their parts: "exports from Peru to Japan" for "from Japan to Peru"."""
    asked, said = _roles(question), _roles(sentence)
    both = [name for name in asked if name in said]
    return any(
        asked[one] and asked[one] == said[other] and asked[one] != said[one] and asked[other] != said[other]
        for one, other in permutations(both, 2)
    )


def _roles(text: str) -> dict[str, str]:
    """The role of each capitalised word: the preposition before it, "'s" where it is a possessor, else ""."""
    roles: dict[str, str] = {}
    for match in _CAPITALISED.finditer(text):
        word = _POSSESSIVE.sub("", match[0]).rstrip(".’'&-")
        if word.lower() in STOP_WORDS:
            continue
        before = _ROLE.search(text[: match.start()])
        role = "'s" if _POSSESSIVE.search(match[0]) else before[1].lower() if before else ""
        roles.setdefault(word.lower(), role)
    return roles


def repeats_question(share: float, sentence: str) -> bool:
    """Whether the sentence only asks what was asked: it ends in a question mark and has `share` >= .5 of its words."""
    return share >= 0.5 and sentence.rstrip(" \"”’'*_)").endswith(("?", "？"))
