"""Questions that compare two things, and the plain questions about each that Quoth asks in their place. Pure.

"Which is older, A or B?" asks when A was founded and when B was. Nothing is concluded from the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.conversation.comparatives import COMPARATIVE, english_question, other_question

_OPENERS = r"(?:(?:and|but|so|ok|okay|hi|hello|please|can you|could you|y|e)[\s,]+)*"
_A, _B = r"(?P<a>[^,;:]+?)", r"(?P<b>[^,;:]+?)"
_OR = rf"(?:between )?{_A},? (?:or|and) {_B}"
_WHICH = r"(?:which|who|what)(?: one| of (?:them|these|the two|both))?"
_ADVERB = r"(?:more|less|fewer|longer|higher|lower|faster|first|last|earlier|later|sooner|better|further)"
_IN = r"in|at|on|after|under|during|for|with"
_PLACE, _OTHER_PLACE = rf"(?P<a>(?:{_IN}) [^,;:]+?)", rf"(?P<b>(?:{_IN}) [^,;:]+)"
_WHAT_IS = r"(?:what(?:['’]?s| is| are)? )?"
_MOST_CHARS = 300  # a longer question tells a story
_END = r"(?: in the documents?)?"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, as typed, and the question about each side."""

    sides: tuple[str, str]
    questions: tuple[str, str]


def comparison_in(question: str) -> Comparison | None:
    """The comparison that the question asks for; None where it asks for none, or compares more than two things."""
    bare = " ".join(question.strip(' ¿?？。.!"“”').split())
    if len(bare) > _MOST_CHARS:
        return None
    for form, asks in _FORMS:
        match = form.fullmatch(bare)
        if match:
            sides = _sides(match["a"], match["b"])
            return sides and Comparison(sides, (asks(match, sides[0]), asks(match, sides[1])))
    return None


_PREPOSITION = re.compile(
    r"\b(?:of|for|in|at|on|with|to|from|by|under|during|after|de|del|en|para|con|do|da|em|no|na|com)\s+", re.IGNORECASE
)
_DETERMINERS = r"(?:the|a|an|el|la|los|las|un|una|o|os|as|um|uma)"
_THAT_OF = re.compile(
    r"(?:that|those|the ones?|el|la|los|las|o|a|os|as)\s+(?=(?:of|for|in|at|on|de|del|do|da|en|em)\b)"
)
_POINTS_BACK = re.compile(r"(?:it|this|that|they|these|those|there|he|she|you|we|i)$", re.IGNORECASE)
_MEASURE = re.compile(
    r"\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|half|an? (?:second|minute|hour|day|week|month|year))\b",
    re.IGNORECASE,
)


def _sides(one: str, other: str) -> tuple[str, str] | None:
    """Both sides in full: "the price of A" and "B" are the price of A and the price of B.

    None where a side is no thing of its own: "is it longer than 5 km" compares with a measure.
    """
    one, other = one.strip(), _THAT_OF.sub("", other.strip())
    if not one or not other or one.lower() == other.lower() or _POINTS_BACK.match(one) or _MEASURE.match(other):
        return None
    shared = list(_PREPOSITION.finditer(one))
    opening = _PREPOSITION.match(other)
    if opening:
        same = [match for match in shared if match[0].strip().lower() == opening[0].strip().lower()]
        return one, one[: (same or shared)[-1].start()] + other if shared else f"{one} {other}"
    if shared and not _PREPOSITION.search(other) and _are_alike(one[shared[-1].end() :], other):
        noun = one[: shared[-1].start()].rstrip().rpartition(" ")[2]
        if noun.islower() and not re.fullmatch(_DETERMINERS, noun):
            return one, one[: shared[-1].end()] + other
    return one, other


def _are_alike(one: str, other: str) -> bool:
    """Whether both are names, share a word, or differ in figures alone, as "the DH-40" and "the DH-60" do."""
    words, more = ([word for word in side.split() if not re.fullmatch(_DETERMINERS, word)] for side in (one, other))
    names = all(side and all(word[0].isupper() for word in side) for side in (words, more))
    return names or bool({*words} & {*more}) or re.sub(r"\d+", "0", one) == re.sub(r"\d+", "0", other)


_BASE_FORMS = {
    "has": "have", "had": "have", "came": "come", "costs": "cost", "lasts": "last", "weighs": "weigh", "gave": "give",
    "got": "get", "made": "make", "paid": "pay", "sold": "sell", "took": "take", "won": "win", "spent": "spend",
}  # fmt: skip


def _by_adjective(match: re.Match[str], side: str) -> str:
    is_person = match[0].lower().startswith("who ")
    return english_question(match["adj"], is_person).format(x=side.replace(f" {match['adj']} ", " "))


def _by_verb(match: re.Match[str], side: str) -> str:
    """“Which has more piers”: how many piers the side has; “which opened first”: when it opened."""
    verb = _BASE_FORMS.get(match["verb"].lower(), match["verb"])
    adverb, noun = match["adj"].lower(), (match["noun"] or "").strip()
    if noun:
        place = _PREPOSITION.search(noun)
        what, rest = (noun[: place.start()], f" {noun[place.start() :]}") if place else (noun, "")
        return f"How many or how much {what.strip()} does {side} {verb}{rest}?"
    if adverb in ("first", "last", "earlier", "later", "sooner"):
        return f"When was {side}?" if verb in ("come", "happened") else f"When did {side} {verb}?"
    asked = {"longer": "long", "higher": "high", "lower": "high", "faster": "fast", "further": "far", "better": "well"}
    return f"How {asked.get(adverb, 'much')} does {side} {verb}?"


def _by_clause(match: re.Match[str], side: str) -> str:
    """“Did A open before B”: when A opened, and when B was."""
    is_clause = side.split()[:2] == match["a"].split()[:2]
    return f"When {match['do'].lower() if is_clause else 'was'} {side}?"


def _by_place(match: re.Match[str], side: str) -> str:
    """“Is there more salt in A than in B”: how much salt there is in it."""
    return f"How many or how much {match['noun']} is there {side}?"


def _has(match: re.Match[str], side: str) -> str:
    """What the side is, where it is a feature of something ("the price of A"), else what it has."""
    is_feature = _PREPOSITION.search(side) is not None
    return f"What is {side}?" if is_feature else f"What does {side} have?"


def _in(language: str) -> Callable[[re.Match[str], str], str]:
    def asks(match: re.Match[str], side: str) -> str:
        return other_question(match["adj"], language).format(x=side)

    return asks


def _always(template: str) -> Callable[[re.Match[str], str], str]:
    return lambda match, side: template.format(x=side)


_MORE_ES, _MORE_PT = r"(?P<adj>(?:más|menos) \w+|mayor|menor)", r"(?P<adj>(?:mais|menos) \w+|maior|menor)"
_A_JA, _B_JA = r"(?P<a>[^、。]+?)", r"(?P<b>[^、。]+?)"
_IS = r"(?:is|are|was|were)"
_OF_TWO = r"(?:which|who) of (?:the |these |those |your |our )?(?:two |both )?[\w-]+(?: [\w-]+)?[,:;–-]"
_FIRST_ES = r"(?:vino|pasó|ocurrió|empezó|fue|es) (?P<adj>primero|antes)"
_FIRST_PT = r"(?:veio|aconteceu|começou|foi|é) (?P<adj>primeiro|antes)"

_TABLE: list[tuple[str, Callable[[re.Match[str], str], str]]] = [
    # English
    (rf"{_WHICH}(?: [\w-]+){{0,2}}? {_IS} (?:the )?(?P<adj>{COMPARATIVE})[\s,:;–-]+{_OR}", _by_adjective),
    (rf"{_OR}[\s,:;–-]+{_WHICH} {_IS} (?:the )?(?P<adj>{COMPARATIVE})", _by_adjective),
    (
        rf"{_WHICH}(?: [\w-]+){{0,2}}? (?P<verb>[\w-]+) (?P<adj>{_ADVERB})(?P<noun>(?: [\w'’-]+){{1,9}}?)?[,:;–-] ?"
        rf"{_OR}",
        _by_verb,
    ),
    (
        rf"{_OF_TWO} {_A} (?:and|or) {_B},? (?P<verb>[\w-]+) (?P<adj>{_ADVERB})(?P<noun>(?: [\w'’-]+){{1,9}})?",
        _by_verb,
    ),
    (rf"{_OF_TWO} {_A} (?:and|or) {_B},? {_IS} (?:the )?(?P<adj>{COMPARATIVE})", _by_adjective),
    (rf"{_IS} {_A} (?P<adj>{COMPARATIVE}) than {_B}", _by_adjective),
    (rf"{_IS} there (?:more|less|fewer) (?P<noun>[\w-]+(?: [\w-]+)?) {_PLACE} than {_OTHER_PLACE}", _by_place),
    (rf"{_IS} (?P<a>[^,;:]+? (?P<adj>{COMPARATIVE}) (?:{_IN}) [^,;:]+?) than {_OTHER_PLACE}", _by_adjective),
    (rf"(?:do|does|did) {_A} (?P<verb>[\w-]+) (?P<adj>{_ADVERB})(?P<noun>(?: [\w'’-]+){{1,5}})? than {_B}", _by_verb),
    (rf"(?P<do>did|was|were) (?!.*\bthan\b){_A} (?:before|after) {_B}", _by_clause),
    (rf"(?:compare|contrast) {_A} (?:and|with|to|against|versus|vs\.?) {_B}", _has),
    (rf"{_WHAT_IS}(?:the )?(?:main )?(?:differences?|comparison) (?:between|of) {_A} (?:and|with) {_B}", _has),
    (rf"how (?:do|does|did|is|are) {_A} (?:differ(?:ent)? from|compared? (?:to|with)) {_B}", _has),
    (rf"how (?:do|does|did|are) {_A} and {_B} (?:differ|compare|different)", _has),
    (rf"{_A} (?:vs\.?|versus) {_B}", _has),
    # Spanish
    (rf"(?:cuál|quién|qué) (?:\w+ )?(?:es|era|fue|son) (?:el |la )?{_MORE_ES}[\s,:]+{_A} o {_B}", _in("es")),
    (rf"(?:es|era|fue|son) {_A} {_MORE_ES} que {_B}", _in("es")),
    (rf"(?:fue|es|se \w+) {_A} (?P<adj>antes|después) (?:que|de) {_B}", _in("es")),
    (rf"compar(?:a|ar|ame|e) {_A} (?:y|con) {_B}", _always("¿Qué tiene {x}?")),
    (rf"(?:qué|cuál es la) diferencia (?:hay )?entre {_A} y {_B}", _always("¿Qué tiene {x}?")),
    (rf"(?:qué|cuál|quién) {_FIRST_ES}[\s,:]+{_A} o {_B}", _in("es")),
    # Portuguese
    (rf"(?:o que|qual|quem) {_FIRST_PT}[\s,:]+{_A} ou {_B}", _in("pt")),
    (rf"(?:qual|quem) (?:\w+ )?(?:é|era|foi|são) (?:o |a )?{_MORE_PT}[\s,:]+{_A} ou {_B}", _in("pt")),
    (rf"{_A} (?:é|era|foi|são) {_MORE_PT} (?:do )?que {_B}", _in("pt")),
    (rf"compar(?:e|ar|a) {_A} (?:e|com) {_B}", _always("O que {x} tem?")),
    (rf"(?:qual (?:é )?a )?diferença entre {_A} e {_B}", _always("O que {x} tem?")),
    # Japanese
    (
        rf"{_A_JA}と{_B_JA}と?(?:では|で|は|のうち|の中で)、?(?:どちら|どっち)(?:の(?:ほう|方))?が(?P<adj>.+?)",
        _in("ja"),
    ),
    (rf"{_A_JA}は、?{_B_JA}よりも?(?P<adj>[^、。]+?)か", _in("ja")),
    (rf"{_A_JA}と{_B_JA}の(?:違い|差)(?:は.*|を.*)?", _always("{x}には何がありますか")),
    (rf"{_A_JA}と{_B_JA}を(?:比較|比べ).*", _always("{x}には何がありますか")),
]
_FORMS = [(re.compile(f"{_OPENERS}(?:{form}){_END}", re.IGNORECASE), asks) for form, asks in _TABLE]
