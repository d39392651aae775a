"""Questions that yes or no would answer: which they are, by the words that open and close them. Pure, no model.

Quoth gives no verdict. The documents' own sentence decides, and it is shown whole.
"""

from __future__ import annotations

import re

_OPENERS = r"(?:(?:and|but|so|or|also|then|well|ok|okay|hi|hello|hey|please|y|pero|entonces|e|mas|então)\b[\s,]+)*"
_BE_DO_HAVE = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|may|might|must|should|shall|need|"
    r"ain|isn|aren|wasn|weren|don|doesn|didn|hasn|haven|hadn|can|couldn|won|wouldn|mustn|shouldn)(?:['’]?n?['’]?t)?"
)
_ENGLISH = re.compile(rf"{_OPENERS}{_BE_DO_HAVE}\s+(?=\S+\s+\S|\S+\?)", re.IGNORECASE)
_WHETHER = re.compile(
    r"(?:\b(?:tell|ask|know|see|check|find out|wonder(?:ing)?|say|sure)\s+(?:me\s+|us\s+)?(?:whether|if)|"
    r"^(?:whether|is it true that|true or false))\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r",\s*(?:right|correct|yes|no|true|eh|(?:is|are|was|were|do|does|did|has|have|can|will|would)(?:n['’]t)?\s+"
    r"(?:it|he|she|they|there|you|we)|verdad|cierto|no es así|né|não é|certo)\s*\?*$",
    re.IGNORECASE,
)
# "Can you tell me who signed?" asks who; "do tell me ..." and "could you list ..." ask for no yes.
_POLITE = re.compile(
    rf"{_OPENERS}(?:do\s+(?:please\s+)?(?:tell|give|say|list|name|show|explain|let)\b|"
    r"(?:can|could|would|will|do|did|may|might|have|is|are)\s+(?:you|u|i|we|one|someone|anyone|anybody|somebody)\b"
    r".{0,60}?\b(?:who|whom|whose|when|where|why|how|what|which|tell|list|name|give|show|explain|describe|summari[sz]e|"
    r"recommend|suggest|remind|compare)\b)",
    re.IGNORECASE,
)

_ASKED_AT_START = re.compile(
    r"(?:(?:a|al|con|de|del|desde|en|hasta|para|por|sobre|com|desde|do|da|em|no|na|até|e|y)\s+)?"
    r"(?:qu[eéê]|cu[aá]l(?:es)?|qui[eé]n(?:es)?|cu[aá]ndo|d[oó]nde|ad[oó]nde|c[oó]mo|cu[aá]nt[oa]s?|"
    r"qual|quais|quem|quando|onde|aonde|como|quant[oa]s?|cuán|porqu[eê]|pq|qt[oa]s?|qdo|cadê)\b",
    re.IGNORECASE,
)
_ASKED_ANYWHERE = re.compile(
    r"\b(?:qué|cuál(?:es)?|quién(?:es)?|cuándo|dónde|adónde|cómo|cuánt[oa]s?|cuán|quê|o\s+que|qual|quais|quem|quando|"
    r"onde|quant[oa]s?|what|who|whom|whose|when|where|why|how|which)\b",
    re.IGNORECASE,
)
_PORTUGUESE_ASKED = re.compile(r"\b(?:a|até|com|como|de|do|durante|em|entre|para|por|sob|sobre)\s+que\b", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r"[,.;:]\s+")
# Words of Spanish and Portuguese that English sentences do not have in lower case; two of them tell such a question.
_ROMANCE = frozenset(
    """
    de del la las los el un una unos unas en con por para se su sus al es son fue fueron era eran está están ha han hay
    puede pueden puedo debe deben tiene tienen lo que ya no sí muy más estar haber tener y e
    o a os as um uma uns umas do da dos das na nas nos ao à às em com foi foram é são estão há tem têm pode podem posso
    deve devem vai vão já não sua seu mais ser ter
    """.split()
)
_LEAST_ROMANCE = 2
_WORD = re.compile(r"[^\W\d_]+")

_JAPANESE = re.compile(
    r"(?:です|ます|でした|ました|ません|ませんでした|でしょう|ましょう|だった|のだろう|[るたいうくすつぬむぐぶ])"
    r"(?:か|かな|かね|の|のか|んですか|よね)$"
)
_JAPANESE_ASKED = re.compile(
    r"(?:どこ|いつ|誰|何)(?!か(?![らヵ所国月年条]).)|なぜ|どう|どんな|どの|どれ|どちら|どっち|いくつ|いくら|だれ|どなた|なに|"
    r"なん(?:の|で|と|かい|人|年|時|個|回)|幾"
)


def is_yes_no(question: str) -> bool:
    """Whether yes or no would answer the question, in English, Spanish, Portuguese or Japanese."""
    asked = question.strip().strip("\"“”'‘’«» ").lstrip("¿¡ ")
    bare = asked.rstrip("?？.!。… ")
    whether = _WHETHER.search(asked)
    if _TAG.search(asked) or (whether and not _ASKED_ANYWHERE.search(asked, whether.end())):
        return True
    if _ENGLISH.match(asked) and not _ASKED_AT_START.match(asked):
        return not _POLITE.match(asked)
    return _is_romance(question, bare) or (bool(_JAPANESE.search(bare)) and not _JAPANESE_ASKED.search(bare))


def _is_romance(question: str, bare: str) -> bool:
    """Whether it is a question of Spanish or Portuguese without a question word."""
    if _ASKED_ANYWHERE.search(bare) or any(map(_ASKED_AT_START.match, _CLAUSE_ENDS.split(bare))):
        return False
    if "¿" in question:
        return True
    if _PORTUGUESE_ASKED.search(bare):
        return False
    known = {word for word in _WORD.findall(bare[:1].lower() + bare[1:]) if word in _ROMANCE}
    return question.rstrip().endswith("?") and len(known) >= _LEAST_ROMANCE
