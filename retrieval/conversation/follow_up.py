"""A follow-up question -> a query that can be searched on its own. Pure.

Simple rules recognise a follow-up, and words of the conversation are added to it. Nothing is rewritten, so the query
can be shown to the person who asked. No clock, no files, no search in here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from retrieval.schema import Turn

FollowUp = Literal["ellipsis", "pronoun"]

SHORT_ANSWER_WORDS = 8
"""An answer of at most this many words names a thing ("the Mothers of Invention"); a longer one describes something."""
CARRIED_TURNS = 8
"""How many turns back a chain of follow-ups is traced to the question that opened the topic."""

_OPENER = re.compile(r"(?:and|but|or|what about|how about|what else|who else|anything else)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_JOINER = re.compile(r" (?:(?:of|and|the|for|de|del|da|do|y) )*")
_POINTING = "he him his she her hers it its they them their theirs this that these those there one ones such"
# Words without a topic: function words, and common words of questions. Better too few than too many.
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
    """The query: the question and, if it is a follow-up, the words of the conversation that it refers to.

    `history` is oldest first. A question that stands alone is returned unchanged. No word is added twice, and a number
    in the question ("and in 2021?") replaces earlier numbers.
    """
    kind = follow_up(question)
    if kind is None or not history:
        return question
    known = {word.lower() for word in _WORD.findall(question)}
    has_number = any(word.isdecimal() for word in known)
    carried = []
    for phrase in _topic(history[-CARRIED_TURNS:], kind):
        words = {word.lower() for word in _content(phrase)}
        if not words <= known and not (has_number and phrase.isdecimal()):
            known |= words
            carried.append(phrase)
    return " ".join([question.strip(), *carried])


def follow_up(question: str) -> FollowUp | None:
    """How a question depends on the turns before it; None where it stands alone.

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
    """The names in a text, in order: sequences of capitalised words, with words such as "of" between them.

    The capital of the first word does not count unless another capitalised word follows it.
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
    if words[position] == "there":  # "is there a treaty" does not point back, "who lives there" does
        return not _BE.intersection(before + words[position + 1 : position + 2])
    if words[position] == "that":  # "said that ..." does not point back; "the ports that ..." has its own noun
        return not {"say", "said", "know", "tell", "so"}.intersection(before)
    return words[position] in _PRONOUNS


def _topic(history: Sequence[Turn], kind: FollowUp) -> list[str]:
    """The names and words that a follow-up of this kind refers to, from the turns back to one that stands alone.

    A pronoun refers to names if there are any; the other words of a question tell what was asked about them.
    """
    turn = history[-1]
    if kind == "pronoun" and (named := _named(turn)):
        return named
    turn_kind = follow_up(turn.question) if len(history) > 1 else None
    earlier = _topic(history[:-1], turn_kind) if turn_kind else []
    if kind == "pronoun":
        answer_words = _content(turn.answer) if _is_thing(turn.answer) else []
        return (earlier or _content(turn.question)) + answer_words
    return earlier + _content(turn.question)


def _named(turn: Turn) -> list[str]:
    """The names in the question and in a short answer; of a long answer only the first, if the question has none."""
    in_question = names(turn.question)
    in_answer = names("- " + turn.answer)  # an answer is cut from mid-sentence, so its first capital counts
    if len(_WORD.findall(turn.answer)) > SHORT_ANSWER_WORDS:
        return in_question or in_answer[:1]
    return in_question + in_answer if _is_thing(turn.answer) else in_question


def _is_thing(answer: str) -> bool:
    """Whether "it" could mean the answer: "a trade agreement" yes, "8 March 2018" no."""
    return len(_WORD.findall(answer)) <= SHORT_ANSWER_WORDS and not re.search(r"\d", answer)


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.lower().removesuffix("'s") not in _EMPTY]
