"""Labels of speakers: "Mara Ives:", "[00:12:31] Anna:", "Q:", and whether a document is a dialogue at all.

A label alone proves nothing, because lists of values, glossaries and minutes have them too ("Price:", "Decision:").
What tells a dialogue is the order of all labels: the same few names return, each after another's turn, and no heading
stands between. The text of a turn is a sentence, not a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.documents.elements import Element

CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
"""Regex of a time of day, or of the time since a recording began."""

_STAMP = rf"(?:\[{CLOCK}\]|\({CLOCK}\)|{CLOCK})"
_WORD = r"[^\W_][\w.'’-]{0,39}"
_LABEL = re.compile(
    rf"(?:(?P<stamp>{_STAMP})\s*[-–]?\s*)?(?P<name>{_WORD}(?:\s{_WORD}){{0,4}})"
    rf"(?:\s\([^():\n]{{1,40}}\))?(?:\s(?P<late_stamp>{_STAMP}))?\s?(?::(?!\S)|：)"
)
_MAX_NAME_CHARS = 40
_MAX_PARTICLE_CHARS = 3  # "de", "van", "bin": lower-case words inside names
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]*_]*(?:\s*[\[(][^\[\]()]{1,40}[\])])?\s*$")
_QUESTION = re.compile(r"[?？؟]")
# All four are guesses that separate the dialogues from the other files in eval/folders and seeds.
_MIN_TURNS_SHARE = 2 / 5
_MIN_RETURNS_SHARE = 1 / 3
_MIN_SENTENCES_SHARE = 1 / 2
_MIN_CYCLE = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """A text that begins with a label: its place among the texts, the label's name and end, and what is said."""

    number: int
    name: str
    end: int
    is_stamped: bool
    said: str

    @property
    def style(self) -> tuple[bool, bool]:
        return self.is_stamped, self.name.isupper()

    @property
    def is_surely_a_person(self) -> bool:
        """A time stamp, capitals or a name of two words: few other labels have these."""
        return self.is_stamped or self.name.isupper() or " " in self.name


def label_end(text: str) -> int:
    """The end of the label that a text begins with, its colon included; 0 where it begins with none.

    A label is a time (optional), a name of up to five words that each begin with a capital, a remark in brackets
    (optional) and a colon that white space follows.
    """
    found = _label(text)
    return found.end() if found else 0


def is_name(text: str) -> bool:
    """Whether a text could be a person's name by its form: no word but particles in lower case, and not too long."""
    words = text.split()
    return 0 < len(text) <= _MAX_NAME_CHARS and not any(
        word[0].islower() and (number in (0, len(words) - 1) or len(word) > _MAX_PARTICLE_CHARS)
        for number, word in enumerate(words)
    )


def with_labels(elements: Sequence[Element]) -> tuple[Element, ...]:
    """The elements, with the labels of speakers marked if the document is a dialogue; labels that are there stay."""
    ends = labels_of([None if element.kind == "heading" else element.reading.text for element in elements])
    return tuple(
        replace(element, label_chars=end)
        if end and element.kind == "paragraph" and not element.label_chars
        else element
        for element, end in zip(elements, ends, strict=True)
    )


def labels_of(texts: Sequence[str | None]) -> list[int]:
    """The end of each text's label if the texts are a dialogue, else 0 for all; None stands for a heading."""
    ends = [0] * len(texts)
    turns = _turns(texts)
    if not _is_dialogue(turns, texts):
        return ends
    counts = Counter(turn.name for turn in turns)
    styles = {turn.style for turn in turns if counts[turn.name] > 1 or len(turns) == 2}
    for turn in turns:
        if counts[turn.name] > 1 or turn.style in styles:
            ends[turn.number] = turn.end
    return ends


def _label(text: str) -> re.Match[str] | None:
    found = _LABEL.match(text)
    return found if found and is_name(found["name"]) else None


def _turns(texts: Sequence[str | None]) -> list[_Turn]:
    """The texts with a label; what is said is in the next text where a label stands alone."""
    turns = []
    for number, text in enumerate(texts):
        found = _label(text) if text else None
        if text and found:
            said = text[found.end() :].strip()
            if not said and number + 1 < len(texts):
                said = texts[number + 1] or ""
            is_stamped = bool(found["stamp"] or found["late_stamp"])
            turns.append(_Turn(number, found["name"], found.end(), is_stamped, said))
    return turns


def _is_dialogue(turns: Sequence[_Turn], texts: Sequence[str | None]) -> bool:
    names = {turn.name for turn in turns}
    if len(names) < 2 or len(turns) < _MIN_TURNS_SHARE * sum(text is not None for text in texts):
        return False
    if not all(turn.is_stamped for turn in turns):
        sentences = sum(bool(_SENTENCE_END.search(turn.said[-80:])) for turn in turns)
        if sentences < _MIN_SENTENCES_SHARE * len(turns):
            return False
    if len(turns) == 2:
        return all(turn.is_surely_a_person for turn in turns)
    if _returns(turns, texts) < _MIN_RETURNS_SHARE * len(turns):
        return False
    surely = sum(turn.is_surely_a_person for turn in turns) >= len(turns) / 2
    if surely and _cycle(turns) < _MIN_CYCLE:
        return True
    # "Problem:" and "Solution:" alternate like two speakers, and records repeat longer series of labels.
    return _cycle(turns) < _MIN_CYCLE and any(_QUESTION.search(turn.said) for turn in turns)


def _returns(turns: Sequence[_Turn], texts: Sequence[str | None]) -> int:
    """How many turns bring back a speaker after another one, with no heading or the like in between."""
    returns, seen, last = 0, set[str](), ""
    for before, turn in pairwise([None, *turns]):
        assert turn
        if before and any(_is_break(text) for text in texts[before.number + 1 : turn.number]):
            seen, last = set(), ""
        returns += turn.name in seen and turn.name != last
        seen.add(turn.name)
        last = turn.name
    return returns


def _is_break(text: str | None) -> bool:
    """A heading, or a short text that is no sentence and may be one."""
    return text is None or (len(text) <= 80 and not _SENTENCE_END.search(text))


def _cycle(turns: Iterable[_Turn]) -> int:
    """The number of different names if all follow each other in one fixed order, as in records; 0 if they don't."""
    names = [turn.name for turn in turns]
    different = len(set(names))
    in_order = all(name == names[number % different] for number, name in enumerate(names))
    return different if in_order and len(names) >= 2 * different else 0
