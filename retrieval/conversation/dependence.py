"""How a question depends on those before it: by a pronoun, by saying only what is new, or by "the ..." alone. Pure.

Only the form of the question tells, in English, Spanish, Portuguese and Japanese. What it refers to is found elsewhere.
"""

from __future__ import annotations

import re
from typing import Literal

from retrieval.conversation.names import WORD, content
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, language_by_words, phrases

FollowUp = Literal["pronoun", "ellipsis", "definite"]
"""How a question depends on those before it; the last may also be meant by itself."""
PointsTo = Literal["person", "place", "many", "thing"]
"""What a pronoun stands for."""

MOST_CHARS = 1_000
"""A longer question stands alone and is not taken up by a later one: it names too much; guess."""
_FEW_WORDS = 3  # words that name something in a continuation such as "and in Peru?", at most
_JAPANESE_CHARS = 20  # in a continuation such as "2021年は？", at most

_OPENER = re.compile(
    r"(?:(?:ok|okay|so|well|y|e|and|but|or|then|pero|mas|ou|o)\b[\s,]*)*"
    r"(?:(?:what|how) about|what else|who else|where else|anything else|any others?|and|but|or|y|pero|e|mas|ou|"
    r"qué más|quién más|algo más|qué hay de|o que mais|quem mais|mais alguma coisa|e quanto a)\b"
    r"|(?:では|じゃあ|じゃ|それで|ほかに|他に)",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"(?:(?:ok|okay|so|well|and|but|or|then|also|y|e|pero|mas|entonces|então|what about|how about|"
    r"qué hay de|e quanto a)\b"
    r"[\s,.!]*)+|(?:それでは|では|じゃあ|じゃ|それで)[、\s]*",
    re.IGNORECASE,
)
_POINTING: dict[str, PointsTo] = {
    **dict.fromkeys("he him his himself she her hers herself él ella ele ela dele dela 彼 彼女".split(), "person"),
    **dict.fromkeys("there allí allá ahí lá ali aí そこ そちら あそこ".split(), "place"),
    **dict.fromkeys(
        "they them their theirs these those both ellos ellas sus esos esas eles elas deles delas seus suas".split(),
        "many",
    ),
    **dict.fromkeys(
        "it its itself this that one ones such su lo esto eso ese esa ello dicho dicha "
        "seu sua isso isto esse essa disso nisso nele nela それ その この これ あの あれ".split(),
        "thing",
    ),
}
POSSESSIVES = frozenset("his her its their theirs hers su sus seu sua seus suas dele dela deles delas".split())
NEVER_WITHIN = frozenset("one ones this that these those such".split())
"""Words that never mean something named before them in the same question."""
_DEFINITE = {
    "en": frozenset(["the"]),
    "es": frozenset("el la los las lo".split()),
    "pt": frozenset("o a os as do da dos das no na nos nas ao à".split()),
}
_CLAUSE = re.compile(
    r"\b(?:when|while|because|if|after|before|since|until|that|although|as|so|who|which|what|where|how|why|whether|than|"
    r"and|but|cuando|mientras|si|"
    r"después|antes|que|quando|enquanto|se|depois|porque|y|e|pero|mas)\b[^,]*$",
    re.IGNORECASE,
)
# "When the bridge was built, ...": what follows may refer to what this clause names.
_OPENING_CLAUSE = re.compile(
    r"[\s¿¡]*(?:when|while|because|if|although|cuando|mientras|si|aunque|quando|enquanto|se|embora|porque)\b.*,",
    re.IGNORECASE,
)
_JAPANESE_POINTING = re.compile(
    r"それ(?!ぞれ|で|では|でも|なら)|その(?!他|まま)|この|これ(?!から)|あの|あれ|彼女?|そこ|そちら"
)
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|must|should)"
"""A pattern of the verbs that an English question begins with or has behind what it asks for."""
_BE = frozenset("is are was were be been".split())
_AUXILIARIES = _BE | frozenset("does did do has have had will would can could should must may might".split())
_BEFORE_THAT = _AUXILIARIES | frozenset("about of for in at and after before why".split())
_BEFORE_ONE = frozenset("the this that which first second third last other".split())
_INFINITIVE = (
    r"(?:\s+\w+){1,3}?\s+(?:to\b(?!\s+(?:the|an?|this|that|my|our)\b)|that\b|if\b|whether\b|for\b(?=.{1,40}\sto\b))"
)
# Nothing is meant by "it": "is it allowed to ...", "it is true that ...", "does it take long to ...", "is it raining",
# "what time is it", "how long does it take to ...".
_EXPLETIVE = re.compile(
    rf"\b(?:is|was|will|would|can|be) it\b(?={_INFINITIVE})|\bit(?=\s+(?:is|was|will be|would be){_INFINITIVE})"
    r"|\b(?:do|does|did|will|would|can) it(?=\s+(?:take|cost|make sense|matter|help|"
    r"hurt)(?:\s+\w+){0,3}?\s+(?:to|if|that|whether)\b)"
    r"|\b(?:is|was|will|would|can|does|did) it(?=\s+(?:rain|snow|dark|cold|hot|late|early))"
    r"|\b(?:is|was) it(?=\s+(?:that|called)\b)|\bwhat time is it\b|\bhow long has it been\b(?!\s*\??$)",
    re.IGNORECASE,
)
# "which countries ... their": what is asked for is what the pronoun means.
_ANTECEDENT = re.compile(
    r"\b(?:which|what|how many|how much)\s+(?:\w+\s+)?\w{3,}(?:s|people|men|women|children)\b", re.IGNORECASE
)
# "can dogs ... their", "how do bees ... their": so is what does something.
_SUBJECT = re.compile(r"\b(?:do|does|did|can|could|will|would|should|may|might|must)\s+\w{3,}s\s+\w", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;。]\s*(?=\S)")
_FRONTED = re.compile(
    r"^(?:\s+\w+){1,3}\s+(?:do|does|did|has|have|is|are|was|were|will|can|could|would)\b", re.IGNORECASE
)
_ANOTHER_ONE = re.compile(
    r"(?:\b(?:after|before|than|and|or|like)|,)\s+(?:the|this|that)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
# "tell me about cassoulet and its": so is what "and" joins.
_AND = re.compile(r"\w{3,} (?:and|y|e) $", re.IGNORECASE)
# "la inauguró", "o fundaram": before a verb in the past, the article is a pronoun.
OBJECT = re.compile(
    r"\b(?P<pronoun>lo|la|los|las|o|a|os|as)\s+(?P<verb>\w+(?:ó|aron|ieron|yeron|ou|aram|iram)|escreveu|"
    r"construiu|descobriu)\b",
    re.IGNORECASE,
)
_TIME_WORDS = frozenset(
    "year month week weekend day morning evening afternoon time moment way case ano mês semana año mes vez".split()
)
ASKING = (
    r"why|when|where|who|whom|whose|how(?: (?:much|many|long|old|far|often|big|large|high|tall|fast))?|"
    r"since when|until when|"
    r"what time|by whom|with whom|to whom|where exactly|how come|"
    r"por qué|por que|por quê|porque|cuándo|cuando|dónde|donde|quién|quien|cómo|como|cuánt[oa]s?|"
    r"desde cuándo|hasta cuándo|"
    r"quando|onde|quem|quant[oa]s?|desde quando|até quando"
)
"""A pattern of the words that ask, but for those that need a noun, such as "which"."""
BARE = re.compile(
    rf"(?P<asking>(?:{ASKING})(?: (?:else|more|más|mais))?)(?: (?:exactly|so|not|then|exactamente|exatamente))?"
    r"(?: (?:is|was|were|has|had|fue|es|era|foi|é) (?:all )?(?:that|this|eso|esto|isso|isto)"
    r"| (?:did|does|has) (?:all )?(?:that|this|it) (?:happen(?:ed)?|take place)| (?:pasó|ocurrió|"
    r"aconteceu) (?:eso|isso))?[\s?!.…]*",
    re.IGNORECASE,
)
"""A question of asking words alone, or with a word for all that was said: "why?", "who else?", "when was that?"."""
BARE_JAPANESE = re.compile(
    r"(?P<asking>(?:なぜ|どうして|いつ|どこ|誰|だれ|いくら|何人)(?:から|まで|で|に|が)?)(?:ですか|なの|だったの|でしたか)?[?？。]*"
)
"""The same in Japanese."""
ASKS = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|"
    r"should|has|have|"
    r"had|qué|quién|cuándo|dónde|cuánt[oa]s?|cómo|hay|es|son|está|están|fue|fueron|hubo|tiene|tienen|"
    r"quem|quando|onde|quant[oa]s?|qual|quais|há|é|são|estão|foi|foram|tem|têm|"
    r"tell|describe|explain|show|list|compare|summari[sz]e|dime|cuéntame|explica|descríbeme|muéstrame|compara|resume|"
    r"diga|conte|explique|descreva|mostre|liste|compare|resuma)\b|(?:か|(?:教えて|説明して|まとめて|見せて|挙げて)(?:ください|下さい)?)[?？。]*$",
    re.IGNORECASE,
)
"""Words that a whole question has, unlike "and in Peru?"."""
# "the one in Lima", "that one?"
_THE_ONE = re.compile(
    r"(?:the|that|this)?\s*(?:\w+\s+){0,3}ones?(?:\s+(?:in|from|with|of|at|on|for)\s+[\w\s]+)?[?!. ]*", re.IGNORECASE
)
# "the museum of the city" says which, "the museum" does not.
_SAYS_WHICH = re.compile(
    r"\s+(?:of|for|in|between|with|that|who|which|de|del|da|do|em|en|entre|para|que|to|from|on|at|by)\b", re.IGNORECASE
)


def follow_up(question: str) -> FollowUp | None:
    """How a question depends on the turns before it; None where it stands alone.

    "pronoun": a pronoun in it has nothing before it to refer to. "ellipsis": it opens like a continuation and says
    little ("and in 2021?"), or has no content word at all ("why?"). "definite": "the ..." of something that it does not
    name ("who are the members?").
    """
    if len(question) > MOST_CHARS:
        return None
    asked = without_lead_in(question)
    if _THE_ONE.fullmatch(asked) and not ASKS.search(asked):
        return "ellipsis"
    if BARE.fullmatch(asked):
        return "ellipsis"
    if pointing(asked):
        return "pronoun"
    named = content(asked)
    if BARE_JAPANESE.fullmatch(asked) or not named:
        return "ellipsis"
    is_continued = _OPENER.match(question.strip().lstrip("¿¡")) is not None
    is_short, is_whole = len(named) <= _FEW_WORDS, ASKS.search(asked) is not None
    if "の" in asked and asked.rstrip("?？ ").endswith("は"):  # "大阪城の高さは？" says whose
        return "definite" if is_continued else None
    if is_continued and is_short and not (is_whole and phrases(asked)):
        return "ellipsis"
    if asked.rstrip("?？ ").endswith("は") and len(asked) <= _JAPANESE_CHARS:  # "2021年は？"
        return "ellipsis"
    if is_continued or _lacks_subject(asked) or (len(named) < _FEW_WORDS and not is_whole):
        return "definite"
    return None


def without_lead_in(question: str) -> str:
    """The question without the words that only join it to what was said before: "and ", "so "."""
    asked = question.strip().lstrip("¿¡")
    found = _LEAD_IN.match(asked)
    return asked[found.end() :] if found else asked


def pointing(question: str) -> re.Match[str] | None:
    """The first word that points back to what was said before; None where each has something to refer to."""
    if found := _JAPANESE_POINTING.search(question):
        return found
    matches = list(WORD.finditer(question))
    lower = [match.group().lower() for match in matches]
    objects = {found.start("pronoun") for found in OBJECT.finditer(question)}
    empty = [found.span() for found in _EXPLETIVE.finditer(question)]
    for position, match in enumerate(matches):
        if lower[position] == "it" and any(start <= match.start() < end for start, end in empty):
            continue
        is_name = position > 0 and match.group() != lower[position]  # "Ali" is no Portuguese "there"
        is_pronoun = match.start() in objects or (not is_name and _points_back(lower, position))
        if not is_pronoun or _is_told(lower, position, question[match.end() :]):
            continue
        if not _has_antecedent(question[: match.start()], lower, position):
            return match
    return None


def points_to(pronoun: str) -> PointsTo:
    """What a word found by `pointing` stands for."""
    return _POINTING.get(pronoun.lower(), "thing")


def _points_back(lower: list[str], position: int) -> bool:
    """Whether the word there points back, by itself and the words on both sides of it."""
    word = lower[position]
    if word not in _POINTING:
        return False
    before, after = (lower[at] if 0 <= at < len(lower) else "" for at in (position - 1, position + 1))
    if word == "there":  # "is there a treaty" does not point back, "who lives there" does
        return not _BE & {before, after}
    if word in ("this", "that", "these", "those", "este", "esta", "esse", "essa", "ese", "esa"):
        if re.sub(r"(?:['’]?s|s['’])$", "", after) in _TIME_WORDS:  # "this week", "this year's", "those days"
            return False
        return word != "that" or not before or before in _BEFORE_THAT  # not "said that ...", "ports that ..."
    if word in ("one", "ones"):  # "the one with Peru", "that one"; not "one of", "one country"
        return before in _BEFORE_ONE
    if word == "lo":  # "lo que" is "what"
        return bool(before) and after not in ("", "que")
    return True


def _is_told(lower: list[str], position: int, after: str) -> bool:
    """Whether what follows the pronoun, or what it stands with, says what it means.

    "both sides"; "who were these others" where "others" were named before; "how high on its list does Tokyo put us".
    """
    word, following = lower[position], next(iter(lower[position + 1 :]), "")
    if word == "both":
        return bool(content(following))
    if word in ("this", "that", "these", "those") and following in lower[:position]:
        return bool(content(following))
    subject = _FRONTED.search(after) if word in POSSESSIVES else None
    return subject is not None and bool(phrases(after[subject.end() :]))


def _has_antecedent(before: str, lower: list[str], position: int) -> bool:
    """Whether something in the question itself, before the pronoun, may be what it means.

    In one clause, only a possessive can mean what the clause names already: "did Chile open its ports", but not "did
    Chile sign it".
    """
    before = _SENTENCE_END.split(before)[-1]
    if lower[position] in ("one", "ones") and (
        other := _ANOTHER_ONE.search(before)
    ):  # "a meeting after the one in Lima"
        return bool(phrases(before[: other.start()]) or bare_phrases(before[: other.start()]))
    if lower[position] in NEVER_WITHIN or lower[position - 1 : position] == ["of"]:
        return False
    is_possessive = lower[position] in POSSESSIVES
    named = [phrase.span[1] for phrase in phrases(before)] + [found.end() for found in _ANTECEDENT.finditer(before)]
    if is_possessive:
        return bool(named or _SUBJECT.search(before) or _AND.search(before))
    first = min([*named, *(phrase.span[1] for phrase in bare_phrases(before))], default=len(before))
    return bool(_CLAUSE.search(before, first) or (named and _OPENING_CLAUSE.match(before)))


def _is_vague(phrase: Phrase) -> bool:
    """Whether it is "the" and one word, which many things may be called: "the law", not "the fishing law"."""
    is_definite = phrase.article in _DEFINITE.get(phrase.language, frozenset())
    return phrase.kind == "noun" and is_definite and len(content(phrase.text)) == 1


def _lacks_subject(question: str) -> bool:
    """Whether it names nothing but one or more "the ..." that it does not say more of ("of ...", "that ...")."""
    found = phrases(question)
    if not found:  # "¿cuándo entró en vigor?"
        return language_by_words(question) != "en" and ASKS.search(question) is not None
    if not all(map(_is_vague, found)):
        return False
    return len(content(question)) <= 2 * _FEW_WORDS and not _SAYS_WHICH.match(question[found[-1].span[1] :])
