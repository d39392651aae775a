"""Enumerations in a sentence: where the one that an answer is part of begins and ends, and its items. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.spans import Span

_PARTICLES = r"(?:de la|de los|de|del|la|da|dos|van|von|der|bin|al|el|of|and the)"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'.-]*[\w]"
# A list of names ("Chile, Colombia, and Peru"), or whatever follows a word that announces a list.
_NAME_ITEM = rf"{_CAPITAL}(?:\s+(?:(?:{_PARTICLES}|&)\s+)?{_CAPITAL}){{0,5}}(?:\s\([^()]{{1,60}}\))?"
_NAME_LIST = re.compile(rf"{_NAME_ITEM}(?:,\s+{_NAME_ITEM})+,?\s+(?:and|or|y|e)\s+{_NAME_ITEM}")
_ITEM = r"[^,;:.!?—]{2,80}"
_ANNOUNCED = re.compile(
    r"(?:\b(?:such as|including|namely,?|related to|as follows|the following)\b:?|:(?=\s)|—)\s*"
    rf"({_ITEM}(?:[,;]\s+{_ITEM})+)(?=[.;:!?—]|$)"
)
_BETWEEN_ITEMS = re.compile(r"\s*[,;、]\s*(?:(?:and|or|y|e|o|ou)\s+)?|\s+(?:and|or|y|e|ou)\s+")

# What an enumeration begins after: a word that announces one, or else a word that may do so.
_OPENS = re.compile(
    r"(?:\b(?:includ(?:e|es|ed|ing)|cover(?:s|ed|ing)?|contain(?:s|ed|ing)?|compris(?:e|es|ed|ing)(?: of)?|"
    r"consist(?:s|ed|ing)? of|composed of|made up of|participation of|signed by|attended by|namely|such as|"
    r"(?:the )?following|incluyen?|abarcan?|cubren?|contienen?|comprenden?|firmado por|inclu(?:i|em)|abrangem?|contêm|"
    r"assinado por)\b:?|:(?=\s)|[：(])\s*",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(r"\b(?:by|between|among|are|were|son|por|entre|são)\s+", re.IGNORECASE)
_COMMA, _SEMICOLON = re.compile(r",\s+|、"), re.compile(r";\s+")
_BRACKETED = re.compile(r"\([^()]{0,200}\)")
_NAMED_AFTER = re.compile(r"\s?\(([^()]{5,300})\)")  # "four countries (Chile, Colombia, Mexico, Peru)"
_LAST = re.compile(r"(?:and|or|as well as|y|e|o|ou)\s", re.IGNORECASE)
_NO_ITEM = re.compile(
    r"(?:which|who|whose|where|when|while|but|because|although|so|with|if|as|for (?:example|instance)|e\.g\.|"
    r"respectively|that is|que|quien|donde|pero|por ejemplo|mas|onde|quando|por exemplo)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r",?\s+(?:and|but)\s+(?:also\s+)?(?:is|are|was|were|has|have|had|will|would|can|could|may|might|does|did|do|it|they|he|"
    r"she|we|this|these)\s|,\s+(?:which|who|where|while|but|because|although|so that)\s"
)
_MOST_ITEM_WORDS, _MOST_SHORT_WORDS = 12, 6
_LEAST_ITEMS = 3


def whole_list(text: str, sentence: Span, span: Span) -> Span:
    """The whole enumeration that the span is part of in its sentence; the span itself where there is none."""
    said = text[slice(*sentence)]
    named = _NAMED_AFTER.match(text, span[1], sentence[1])
    if named and len(items_of(named[1])) >= _LEAST_ITEMS:
        return span[0], named.end()
    inside = span[0] - sentence[0], span[1] - sentence[0]
    for start, found in _lists(said, inside):
        end = _without_clause(said, start, found)
        if start < inside[1] and inside[0] < end:
            return sentence[0] + min(start, inside[0]), sentence[0] + max(end, inside[1])
    return span


def _without_clause(sentence: str, start: int, end: int) -> int:
    """The end of the enumeration without a clause that follows it: "A, B and C, and has been open since"."""
    clause = _CLAUSE.search(sentence, start, end)
    return clause.start() if clause and len(items_of(sentence[start : clause.start()])) >= _LEAST_ITEMS else end


def items_of(text: str) -> list[str]:
    """The items of an enumeration, split at commas, semicolons and "and"; a text that is none is one item."""
    return [item for item in _BETWEEN_ITEMS.split(text) if item.strip()]


def _lists(sentence: str, span: Span) -> Iterator[Span]:
    """The enumerations that the span may be part of, the surest first."""
    yield from _run(sentence, span, _SEMICOLON)
    yield from (match.span() for match in _NAME_LIST.finditer(sentence))
    announced = (_before_clause(sentence, match.span(1)) for match in _ANNOUNCED.finditer(sentence))
    yield from (span for span in announced if len(items_of(sentence[slice(*span)])) >= _LEAST_ITEMS)
    yield from _run(sentence, span, _COMMA)


def _before_clause(sentence: str, span: Span) -> Span:
    """The enumeration without what follows its last item: a clause between commas, or one after its only semicolon."""
    before, semicolon, after = sentence[slice(*span)].partition(";")
    items = (
        before if semicolon and ";" not in after and len(items_of(before)) >= _LEAST_ITEMS else sentence[slice(*span)]
    )
    clause = next((match for match in _COMMA.finditer(items) if _NO_ITEM.match(items, match.end())), None)
    return span[0], span[0] + (clause.start() if clause else len(items))


def _run(sentence: str, span: Span, separator: re.Pattern[str]) -> Iterator[Span]:
    """The sequence of items, divided by the separator, that the span stands in; none where that is not clear.

    It begins after a word that announces it, or is all of the sentence where that is nothing but short items.
    """
    hidden = _BRACKETED.sub(lambda match: "." * len(match[0]), sentence)  # commas in brackets divide nothing
    cuts = [match.span() for match in separator.finditer(hidden)]
    edges = [(0, 0), *cuts, (len(sentence), len(sentence))]
    pieces = [(before[1], after[0]) for before, after in pairwise(edges)]
    own = next((n for n, (_, end) in enumerate(pieces) if span[0] < end), None)
    if own is None or len(pieces) < 2:
        return
    is_item = [_is_item(hidden[slice(*piece)]) or separator is _SEMICOLON for piece in pieces]
    first = own
    while first and not _OPENS.search(hidden, *pieces[first]) and is_item[first]:
        first -= 1
    last = own
    while last + 1 < len(pieces) and _goes_on(hidden, pieces[last], pieces[last + 1]) and is_item[last + 1]:
        last += 1
    start = _start(hidden, pieces[first][0], span[0] if first == own else pieces[first][1])
    is_bare = first == 0 and not sentence.endswith((".", "!", "?", "。"))
    if start is None and is_bare and all(len(hidden[slice(*p)].split()) <= _MOST_SHORT_WORDS for p in pieces):
        start, last = 0, len(pieces) - 1
    if start is None:
        return
    end = pieces[last][0] + len(sentence[slice(*pieces[last])].rstrip(" .;:!?。"))
    items = last - first + 1 if separator is _SEMICOLON else len(items_of(hidden[start:end]))
    if items >= _LEAST_ITEMS:
        yield start, end


def _start(sentence: str, start: int, limit: int) -> int | None:
    """Where the first item begins in the piece that opens an enumeration; None where no word opens one."""
    for opening in (_OPENS, _MAY_OPEN):
        ends = [match.end() for match in opening.finditer(sentence, start, limit)]
        if ends:
            return ends[-1]
    return None


def _goes_on(sentence: str, piece: Span, after: Span) -> bool:
    """Whether the next piece may be an item of the same enumeration, which ends with "and" and in which none opens."""
    return not _LAST.match(sentence, piece[0]) and not _OPENS.search(sentence, *after)


def _is_item(piece: str) -> bool:
    """Whether what stands between two commas may be an item, and not a clause."""
    return len(piece.split()) <= _MOST_ITEM_WORDS and not _NO_ITEM.match(piece)
