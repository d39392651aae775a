"""A correction of the last question: "no, I meant Toyota", "not Chile, Peru". Pure.

The forms are those of English, Spanish, Portuguese and Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.conversation.dependence import ASKS, BARE, without_lead_in
from retrieval.conversation.follow_up import Reading, standing_alone, with_topic
from retrieval.conversation.names import content
from retrieval.conversation.noun_phrases import phrases
from retrieval.conversation.replacing import replaced
from retrieval.conversation.turns import recent
from retrieval.schema import Turn

_SORRY = (
    r"(?:no|nope|nah|sorry|oops|wait|hmm?|actually|my mistake|my bad|wrong|perdón|perdona|perdone|disculpa|disculpe|"
    r"lo siento|não|nao|desculpa|desculpe|perdão|aliás|ops)"
)
_MEAN = (
    r"(?:i(?: actually| really)? (?:mean|meant|was asking about|am asking about)|i['’]m asking about|"
    r"i was talking about|make that|or rather|quiero decir|quise decir|quería decir|querría decir|digo|decía|"
    r"me refiero a|me refería a|mejor dicho|quero dizer|quis dizer|queria dizer|dizia|refiro-me a|me refiro a)"
)
_FORMS = [
    # "not Chile, Peru", "no, not Chile but Peru", "no Chile, sino Perú"
    re.compile(
        rf"(?:{_SORRY}[\s,.!]+)?(?:i (?:mean|meant) )?(?:not|no|não|nao)\s+(?P<old>(?!(?:i|only|just|sólo|solo|"
        rf"só)\b)[^,;.]+?)\s*"
        r"(?:[,;.]\s*(?:but |sino |mas |e sim |i (?:mean|meant) )?|\s(?:but|sino|mas sim|e sim)\s)(?P<new>[^,;]+)",
        re.IGNORECASE,
    ),
    # "Chile, not Peru", "in 2020, not in 2021"
    re.compile(
        rf"(?:{_SORRY}[\s,.!…]+)*(?:{_MEAN}\s+)?(?P<new>[^,;.?]+?)\s*,\s*(?:and )?(?:not|no|não|nao) (?P<old>[^,;.?]+)",
        re.IGNORECASE,
    ),
    # "no, I meant Peru", "wrong country, I meant Peru", "sorry, for the September one I mean"
    re.compile(
        rf"(?:{_SORRY}[\s,.!…]+)*+(?:[^\s,.!?][^,.!?]{{,20}}[,.!…]\s*)?{_MEAN}[\s,:]+(?P<new>.+)", re.IGNORECASE
    ),
    re.compile(
        rf"(?:{_SORRY}[\s,.!…]+)*(?P<new>.+?)[\s,]+(?:i (?:mean|meant)|instead|digo|quiero decir|quero dizer)",
        re.IGNORECASE,
    ),
    # "no, Peru", "sorry, the second one", "actually I want the second one"
    re.compile(
        rf"(?:{_SORRY}[\s,.!…]+)*{_SORRY}(?P<pause>\s*[,.!…]+\s*|\s(?!.*\?))(?:i want(?:ed)? )?(?P<new>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?:いや|いえ|いいえ|違う|違います|ちがう|ごめん(?:なさい)?|すみません|間違えた|間違い)[、。,!！\s]*)*"
        r"(?P<old>[^、。]+?)(?:では|じゃ)なく(?:て)?[、\s]*(?P<new>[^、。]+?)(?:のこと|の方|のほう)?(?:です|だ)?(?:よ)?[。]?"
    ),
    re.compile(
        r"(?:(?:いや|いえ|いいえ|違う|違います|ちがう|ごめん(?:なさい)?|すみません|間違えた|間違い)[、。,!！\s]*)+"
        r"(?P<new>[^、。]+?)(?:のこと|の方|のほう|は)?(?:です|だ)?(?:よ)?[。?？]?"
    ),
    re.compile(r"(?P<new>[^、。？?]+?)(?:のこと|の方|のほう)(?:です|だ)(?:よ)?[。]?"),
]
_AND_ASKED = re.compile(r"[.,;]\s+(?=[^.,;]*[?？]?$)")  # "I meant Peru. How much?"
_THE_ONE = re.compile(r"\bones?\b", re.IGNORECASE)
_MOST_WORDS = 6
_MOST_CHARS = 200  # a correction is short; the forms would take long in a text without end


@dataclass(frozen=True, slots=True)
class Correction:
    """What was meant, and what it replaces, None where that was not said; `question` is one asked about it anew."""

    new: str
    old: str | None = None
    question: str = ""


def correction_in(message: str) -> Correction | None:
    """The correction that the whole message is; None where it is something else, such as a question."""
    said = message.strip().rstrip(".! ")
    if len(said) > _MOST_CHARS:
        return None
    for form in _FORMS:
        found = form.fullmatch(said)
        if found is None:
            continue
        new, old = found["new"].strip(" ,.:"), found.groupdict().get("old")
        if not _names_something(new) or (old is not None and not _names_something(old)):
            continue
        if found.groupdict().get("pause") == " " and not _may_follow_no(new):
            return None
        new, _, rest = (part.strip(" ?？") for part in _AND_ASKED.sub("\n", new, count=1).partition("\n"))
        rest = without_lead_in(rest)
        if rest and not ASKS.search(rest):  # "the other one, Peru" says the same twice
            new, rest = (rest, "") if _THE_ONE.search(new) else (f"{new} {rest}", "")
        if ASKS.search(new) or len(content(new)) > _MOST_WORDS:
            return None
        return Correction(new, old.strip() if old else None, rest)
    return None


def _names_something(text: str) -> bool:
    return bool(content(text)) or any(char.isdecimal() for char in text)


def _may_follow_no(text: str) -> bool:
    """Whether it may be a correction after "no" without a comma: "no the second one", unlike "no idea"."""
    return bool(phrases(f"- {text}")) or any(char.isdecimal() for char in text)


def _has(text: str, phrase: str) -> bool:
    """Whether the text has the phrase as whole words; it always has an empty one."""
    return not phrase or re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE) is not None


def corrected(message: str, history: Sequence[Turn]) -> list[Reading]:
    """The last question with the corrected part replaced, the likeliest first; empty where there is none to correct.

    Unlike a follow-up, it also repeats a question that had no answer.
    """
    found = correction_in(message)
    turns = standing_alone(recent(history))
    if found is None or not turns:
        return []
    asked_again = BARE.fullmatch(found.question)
    last = turns[-1]
    for turn in reversed(turns):
        if _has(turn.searched, found.old or "") and _has(turn.searched, asked_again["asking"] if asked_again else ""):
            last = turn
            break
    if found.question and not asked_again:
        return [Reading(with_topic(found.question, found.new), "correction", last.documents)]
    queries = replaced(last.searched, found.new, found.old)
    if not queries:
        queries = [with_topic(last.searched, found.new)]
    return [Reading(query, "correction", last.documents) for query in queries]
