"""How a follow-up becomes a text that can be searched alone. Pure.

A follow-up is told by rules that can be said aloud, and words of the conversation are added to it; nothing is
rewritten, so what was searched can be shown to the person who asked. No clock, no files, no search in here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from retrieval.schema import Turn

FollowUp = Literal["ellipsis", "pronoun"]

SHORT_ANSWER_WORDS = 8
"""An answer of at most so many words names a thing ("the Mothers of Invention"); a longer one tells a story."""
CARRIED_TURNS = 8
"""How far back a chain of follow-ups is followed to the question that opened the topic."""

_OPENER = re.compile(r"(?:and|but|or|what about|how about|what else|who else|anything else)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_JOINER = re.compile(r" (?:(?:of|and|the|for|de|del|da|do|y) )*")
_POINTING = "he him his she her hers it its they them their theirs this that these those there one ones such"
# Words that name nothing: closed classes, and the light words questions are made with. Better too few than too many.
_LIGHT = """
a an the and or but nor if so than then as at by for from in into of off on onto out over to under up with without about
after again against before between during through until while since because i me my we us our you your who whom whose
what which when where why how is are was were be been being am do does did done doing has have had having can could may
might must shall should will would not no yes any some all both each few more most much many other another else only own
same too very just also even ever still now here please tell know say said happened thing things"""
_PRONOUNS = frozenset(_POINTING.split())
_EMPTY = _PRONOUNS | frozenset(_LIGHT.split())
_BE = frozenset(["is", "are", "was", "were", "be", "been"])


def contextualise(question: str, history: Sequence[Turn]) -> str:
    """The text to search: the question, and after it the words of the conversation it leans on, if it is a follow-up.

    `history` is oldest first. A question that stands alone comes back unchanged. No word is added twice, and a number
    of the question's own ("and in 2021?") takes the place of earlier numbers.
    """
    kind = follow_up(question)
    if kind is None or not history:
        return question
    known = {word.lower() for word in _WORD.findall(question)}
    dropped = any(word.isdecimal() for word in known)
    carried = []
    for phrase in _topic(history[-CARRIED_TURNS:], kind):
        words = {word.lower() for word in _content(phrase)}
        if not words <= known and not (dropped and phrase.isdecimal()):
            known |= words
            carried.append(phrase)
    return " ".join([question.strip(), *carried])


def follow_up(question: str) -> FollowUp | None:
    """How a question leans on those before it; None where it stands alone.

    "pronoun": a pronoun in it has neither a name nor "the ..." before it to refer to.
    "ellipsis": it opens like a continuation ("and", "what about") or has no content word at all ("why?").
    """
    matches = list(_WORD.finditer(question))
    words = [match.group().lower() for match in matches]
    for position, match in enumerate(matches):
        if _points_back(words, position):
            before = question[: match.start()]
            if not names(before) and "the" not in words[:position]:
                return "pronoun"
            break
    return "ellipsis" if _OPENER.match(question.strip()) or not _content(question) else None


def names(text: str) -> list[str]:
    """The names in a text: runs of capitalised words, "of" and its like inside them, in order.

    The first word's capital says nothing unless another capitalised word follows it.
    """
    words = [word for word in _WORD.finditer(text) if word.group()[0].isupper() and _content(word.group())]
    runs: list[list[re.Match[str]]] = []
    for word in words:
        if runs and _JOINER.fullmatch(text, runs[-1][-1].end(), word.start()):
            runs[-1].append(word)
        else:
            runs.append([word])
    first = len(text) - len(text.lstrip())
    return [text[run[0].start() : run[-1].end()] for run in runs if len(run) > 1 or run[0].start() != first]


def _points_back(words: list[str], position: int) -> bool:
    before = words[max(position - 1, 0) : position]
    if words[position] == "there":  # "is there a treaty" points at nothing, "who lives there" does
        return not _BE.intersection(before + words[position + 1 : position + 2])
    if words[position] == "that":  # "said that ..." points at nothing; "the countries that ..." has its noun before it
        return not {"say", "said", "know", "tell", "so"}.intersection(before)
    return words[position] in _PRONOUNS


def _topic(history: Sequence[Turn], kind: FollowUp) -> list[str]:
    """What a follow-up of this kind leans on, as names and words, from the turns back to one that stands alone.

    A pronoun leans on names where there are any: the words about them were what was asked, not what is meant.
    """
    turn = history[-1]
    if kind == "pronoun" and (named := _named(turn)):
        return named
    leans = follow_up(turn.question) if len(history) > 1 else None
    earlier = _topic(history[:-1], leans) if leans else []
    if kind == "pronoun":
        said = _content(turn.answer) if _is_thing(turn.answer) else []
        return (earlier or _content(turn.question)) + said
    return earlier + _content(turn.question)


def _named(turn: Turn) -> list[str]:
    """Names of the question and of a short answer; of a long one only the first, where the question has none."""
    asked, said = names(turn.question), names("- " + turn.answer)  # cut from mid-sentence: its first capital counts
    if len(_WORD.findall(turn.answer)) > SHORT_ANSWER_WORDS:
        return asked or said[:1]
    return asked + said if _is_thing(turn.answer) else asked


def _is_thing(answer: str) -> bool:
    """Whether "it" could mean the answer: "a trade agreement" yes, "8 March 2018" hardly."""
    return len(_WORD.findall(answer)) <= SHORT_ANSWER_WORDS and not re.search(r"\d", answer)


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.lower().removesuffix("'s") not in _EMPTY]
