"""The names in a text and what they are names of, by their form alone. Pure but for the list of countries.

There is no model here: a name is a sequence of capitalised words. What it names is told by the words in it and before
it, by a list of countries (Unicode CLDR, from Babel), and is left open where they don't tell.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from retrieval.text import STOP_WORDS, fold

NameKind = Literal["person", "country", "time", "thing", "open"]
"""What a name is of; "thing" is an organisation, agreement, building or the like, "open" may be anything."""

WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_JOINER = re.compile(
    r"(?:(?<=\bMr|\bMs|\bDr|\bSt)\.|(?<=\bMrs)\.|(?<=\bProf)\.)?"
    r" (?:(?:of|and|the|for|de|del|da|do|dos|das|e|y|la|los|las|van|von|bin) )*"
)
# "2021", "12" and "3rd", but not "1,200", "2.5" or "TPP11".
_NUMBER = re.compile(r"(?<![A-Za-z\d.,])(?:(?:1\d|20)\d\d|\d{1,2})(?![A-Za-z\d]|[.,]\d)|\b\d{1,2}(?=(?:st|nd|rd|th)\b)")
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
# Words that stand in or before the name of a person, and words that stand in the names of things.
_PERSON_WORDS = frozenset(
    "mr mrs ms miss dr prof sir lord lady dame king queen prince princess saint st pope president minister ambassador "
    "professor doctor captain general judge senator governor mayor secretary director chancellor chairman chairwoman "
    "uncle aunt señor señora don doña senhor senhora dona presidente ministro ministra".split()
)
_THING_WORDS = frozenset(
    "alliance agreement treaty accord act law ministry department bank company corporation corp inc ltd llc plc gmbh "
    "co university college school institute academy council committee commission board association union federation "
    "conference summit forum fund agency authority office bureau group party club team league society foundation "
    "partnership network organization organisation programme program project initiative plan policy strategy report "
    "bill convention protocol declaration statement embassy parliament congress court church hospital museum library "
    "hotel restaurant street road avenue bridge river lake mount mountain island port harbour harbor airport station "
    "centre center park house hall tower city town province state states region kingdom republic ocean sea bay "
    "acuerdo alianza tratado ministerio banco empresa universidad instituto consejo comité comisión asociación "
    "acordo aliança ministério universidade conselho comissão associação".split()
)
_CLOSING = " \t?!.,;:…。？！"


def names(text: str) -> list[str]:
    """The names in a text, in order: sequences of capitalised words, with words such as "of" between them.

    The capital of the first word does not count unless another capitalised word follows it, or it is written as no
    common word is: "JALAC", "McBride".
    """
    found = [word for word in WORD.finditer(text) if word.group()[0].isupper() and not is_empty(word.group())]
    runs: list[list[re.Match[str]]] = []
    for word in found:
        if runs and _JOINER.fullmatch(text, runs[-1][-1].end(), word.start()):
            runs[-1].append(word)
        else:
            runs.append([word])
    first = len(text) - len(text.lstrip(' \t\n¿¡"“«('))
    return [
        text[run[0].start() : run[-1].end()]
        for run in runs
        if len(run) > 1 or run[0].start() != first or any(char.isupper() for char in run[0].group()[1:])
    ]


def kind_of(name: str, before: str = "") -> NameKind:
    """What the name is of; `before` is the text before it, whose last word may tell."""
    words = [fold(word) for word in WORD.findall(name)]
    if is_country(name):
        return "country"
    if words and all(word in _MONTHS or word.isdecimal() for word in words):
        return "time"
    last_before = [fold(word) for word in WORD.findall(before)][-1:]
    if _PERSON_WORDS & {*words, *last_before}:
        return "person"
    if _THING_WORDS & set(words) or (len(words) == 1 and name.isupper() and len(name) > 1):
        return "thing"
    return "open"


def is_country(name: str) -> bool:
    """Whether it is the name of a country or territory in one of the languages of our texts."""
    return fold(name).removeprefix("the ") in _countries()


def years(text: str) -> list[str]:
    """The numbers in the text that may be years or days, in order."""
    return [match.group() for match in _NUMBER.finditer(text)]


def is_empty(word: str) -> bool:
    """Whether the word names nothing: a function word, or a common word of questions."""
    lower = re.sub(r"['’]s$", "", word.lower())
    return lower in _EMPTY or fold(lower) in _EMPTY


def content(text: str) -> list[str]:
    """The words of the text that name something, in order."""
    return [word for word in WORD.findall(text) if not is_empty(word)]


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(
        fold(name)
        for language in ("en", "es", "pt", "ja")
        for code, name in Locale(language).territories.items()
        if code.isalpha()
    )


# Words without a topic: function words, and common words of questions. Better too few than too many.
_EMPTY = STOP_WORDS | frozenset(
    """
he him his she her hers it its they them their theirs this that these those there one ones such a an the and or but
nor if so than then as at by for from in into of off on onto out over to under up with without about after again
against before between during through until while since because i me my we us our you your who whom whose what which
when where why how is are was were be been being am do does did done doing has have had having can could may might
must shall should will would not no yes any some all both each few more most much many other another else only own
same per too very just also even ever still now here please tell know say said happened thing things exactly kind
sort type entre sobre desde hasta sin según el la los las un una unos unas y o pero de del al en con por para que
qué quién quien quiénes cuál cual cuáles cuándo cuando dónde donde cómo como cuánto cuánta cuántos cuántas es son
era fue fueron ser está están hay se su sus lo le les más esto eso esa ese esos esas este esta estos estas él ella
ellos ellas allí ahí sem até pelo pela pelos pelas num numa o os as um uma uns umas e ou mas do da dos das no na nos
nas ao à em com por para que quem qual quais quando onde como quanto quanta quantos quantas é foi foram ser está
estão há seu sua seus suas isso isto esse essa esses essas ele ela eles elas dele dela deles delas lá ali
mais""".split()
)
