"""What a pronoun may mean after the turns of a conversation. Pure.

A pronoun for a person means a name, one for a place a name that may be of a place, any other a thing that was asked
about or named in the answer. What most turns are about is tried with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from retrieval.conversation.dependence import AUXILIARY, NEVER_WITHIN, PointsTo, pointing, points_to, without_lead_in
from retrieval.conversation.names import WORD, content
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, groups, phrases
from retrieval.schema import Turn

# An answer of at most this many words names a thing ("the Mothers of Invention"); a longer one describes something.
_SHORT_ANSWER_WORDS = 8
_ASKED_FOR = re.compile(
    rf"\b(?:which|what|how many|how much) (?!else\b)(?P<noun>(?:(?!of\b)\w+ ){{0,2}}?\w+) {AUXILIARY}\b",
    re.IGNORECASE,
)
_ASKS_WHO = re.compile(r"\bwho(?:m|se)?\b|\bqui[eé]n(?:es)?\b|\bquem\b|誰|だれ", re.IGNORECASE)
_SEVERAL = re.compile(r",|\s(?:and|y|e)\s|、|と")  # "Peru, Bolivia and Chile"
UNSPACED = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
"""A letter of Japanese, which is written without spaces."""


def meant_by(kind: PointsTo, turns: Sequence[Turn]) -> list[list[str]]:
    """Sequences of phrases that a pronoun of this kind may mean after these turns, the likeliest first.

    Where the last turn has none, those before it are looked at in turn. The first of them together with
    what the conversation is about comes last.
    """
    options = next((options for turn in reversed(turns) if (options := _mentioned(kind, turn))), [])
    if same := _meant_before(kind, turns[-1]):
        options = [same, *(option for option in options if option != same)]
    found = [[phrase] for phrase in options[:2]]
    own = " ".join(options[:1])
    topic = persistent_topic(turns)
    last = turns[-1].searched
    others = [topic] if topic not in own and own not in topic else [phrase.named_again for phrase in groups(last)]
    others = [other for other in others if other not in own]
    if others and not UNSPACED.search(last):
        found.append([*options[:1], *others])
    return found


def persistent_topic(turns: Sequence[Turn]) -> str:
    """The phrase that most of the turns are about, the first of several; "" for none."""
    named = Counter(
        phrase.named_again for turn in turns for phrase in [*groups(turn.searched), *_first_of(turn.answer)]
    )
    return max(named, key=lambda phrase: named[phrase], default="")


def _first_of(answer: str) -> list[Phrase]:
    """The first phrase of an answer."""
    return groups(f"- {answer}")[:1]


def _meant_before(kind: PointsTo, turn: Turn) -> str | None:
    """What a pronoun of this kind was taken to mean in the turn's own question, None where it has none.

    Who is called "she" twice in a row is mostly the same person.
    """
    asked = without_lead_in(turn.question)
    match = pointing(asked)
    if match is None or points_to(match.group()) != kind or match.group().lower() in NEVER_WITHIN:
        return None
    before, after = asked[: match.start()], asked[match.end() :].rstrip(" ?？!.")
    inside = turn.searched[len(before) :]
    end = inside.rfind(after) if after else -1
    if not turn.searched.startswith(before) or end <= 0:
        return None
    return inside[:end].removesuffix("’s").removesuffix("’")


def _mentioned(kind: PointsTo, turn: Turn) -> list[str]:
    """What a pronoun of this kind may mean in the turn, the likeliest first."""
    split = phrases if kind in ("person", "place") else groups
    in_question, in_answer = split(turn.searched), split(f"- {turn.answer}")
    is_brief = is_short(turn.answer)
    if not is_brief:
        has_person = kind != "person" or any(phrase.kind in ("person", "open") for phrase in in_question)
        in_answer = [] if in_question and has_person else in_answer[:1]
    if kind == "person":
        found = [phrase for phrase in in_question if phrase.kind in ("person", "open")]
        people = [phrase for phrase in in_answer if phrase.kind in ("person", "open")]
        found = people + found if _ASKS_WHO.search(turn.searched) else found + people
    elif kind == "place":
        found = [phrase for phrase in in_answer + in_question if phrase.kind in ("country", "thing", "open")]
    else:
        things = [phrase for phrase in in_question if phrase.kind in ("thing", "noun")]
        found = things + [phrase for phrase in in_question if phrase not in things]
        found += [phrase for phrase in in_answer if phrase.kind != "time"]
        bare = sorted(bare_phrases(turn.searched), key=lambda phrase: -len(phrase.text))
        if all(phrase.kind == "noun" for phrase in found) and not in_question and not is_brief:
            found = bare + found  # a long answer speaks of much
        found = found or bare
    options = [phrase.named_again for phrase in found]
    if kind in ("many", "thing") and (asked_for := _ASKED_FOR.match(turn.searched)):
        is_named = any(phrase.kind in ("thing", "noun") for phrase in in_question)
        if kind == "many" or not is_named:
            options.insert(0, f"the {asked_for['noun']}")
    if kind != "person" and is_brief and not re.search(r"\d", turn.answer) and content(turn.answer):
        options.insert(0 if kind == "many" and _SEVERAL.search(turn.answer) else 1, turn.answer.strip(" ."))
    return options


def is_short(answer: str) -> bool:
    return len(WORD.findall(answer)) <= _SHORT_ANSWER_WORDS
