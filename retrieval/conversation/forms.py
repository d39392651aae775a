"""Forms of questions that are answered in a form of their own, by their words, in four languages. Pure.

`comparison` has those that compare, `answer.yes_no` and `answer.list_question` those that ask for yes or no and for a
list.
"""

from __future__ import annotations

import re

_EVERY = r"(?:all|every|each)(?: of)?(?: the| those| these| single)?"
_PLACES = r"(?:places?|passages?|sentences?|spots?|parts?|times|lines?|paragraphs?|sections?|documents?|files?|pages?)"
_NAMED = r"(?:mentioned|named|discussed|referred to|talked about|cited|quoted|used)"
_NAMES = r"(?:mentions?|names?|discuss(?:es)?|refers? to|talks? about|cites?|quotes?|contains?|uses?)"
_MOST_CHARS = 300
_MENTIONS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_EVERY} {_PLACES} (?:where|in which|that|which|when) (?P<x>.+?) (?:is|are|was|were|gets?|has been) "
        rf"{_NAMED}\b",
        rf"\b{_EVERY} {_PLACES} (?:that|which|where) (?:they )?{_NAMES} (?P<x>.+)",
        rf"\b{_EVERY} (?:mentions?|occurrences?|references?|appearances?) (?:of|to) (?P<x>.+)",
        rf"^where(?: all| else| everywhere)? (?:is|are|was|were) (?P<x>.+?) {_NAMED}\b",
        r"\btod[oa]s (?:los|las) (?:lugares|sitios|pasajes|partes|frases|veces|documentos) "
        r"(?:donde|en (?:los |las )?que|que) (?:se )?(?:mencionan?|nombran?|citan?|hablan? de|aparecen?) (?P<x>.+)",
        r"\btodas las menciones (?:de|a) (?P<x>.+)|^d[oó]nde se (?:mencionan?|nombran?|habla de|cita) (?P<y>.+)",
        r"\btod[oa]s (?:os|as) (?:lugares|sítios|trechos|partes|frases|vezes|documentos) (?:onde|em que|que) "
        r"(?:se )?(?:mencionam?|citam?|falam? de|aparecem?) (?P<x>.+)",
        r"\btodas as menções (?:de|a|ao|à) (?P<x>.+)|"
        r"^onde (?:é|são|se) (?:mencionad[oa]s?|mencionam?|fala de) (?P<y>.+)",
        r"(?P<x>.+?)(?:が|に|について|を)(?:出てくる|言及されている|言及している|書かれている|登場する|述べられている)"
        r"(?:箇所|場所|所|ところ|文|部分|文書)(?:を|は)?(?:すべて|全て|全部|一覧|リスト)",
    )
]
_HERE = re.compile(r"\s+in (?:the|all|any|these|my|our) (?:documents?|files?|folder)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an|el|la|los|las|o|os|as) ", re.IGNORECASE)
_LISTED = re.compile(
    rf"(?:^|\b(?:please|pls|you) )(?:list|name|enumerate|give me|show me|tell me) (?:me )?{_EVERY}\b|"
    rf"\b(?:in|across|from) (?:all|every|each)(?: of)?(?: the| my| our)? (?:documents?|files?)\b|"
    r"^(?:enumer|list|nombr|mencion)(?:a|e|ar|ame|eme) tod[oa]s\b|\b(?:en|em) tod[oa]s (?:los|las|os|as) documentos\b|"
    r"(?:すべて|全て|全部)(?:の|を)?.{0,20}(?:挙げ|教え|列挙|リスト)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^(?:(?:and|but|so|y|e|pero|mas) )?(?P<why>why|how come|for what reason|por qu[eéê]|porqu[eê])\s+"
    r"(?P<rest>\S.{3,})$",
    re.IGNORECASE,
)
_JAPANESE_WHY = re.compile(r"(?:なぜ|どうして|何故)(?:、)?")
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|might|must|should)(?:n['’]t)?\b",
    re.IGNORECASE,
)


def mentioned_in(question: str) -> str | None:
    """The words whose every mention the question asks for, as typed; None for any other question."""
    bare = _bare(question)
    for form in _MENTIONS:
        match = form.search(bare)
        if match:
            found = next(value for value in match.groupdict().values() if value)
            words = _HERE.sub("", found.strip()).strip("\"“”'‘’«»「」 ")
            return _ARTICLE.sub("", words) or None
    return None


def wants_all(question: str) -> bool:
    """Whether the question asks for all there is of a kind, wherever it stands: "list all fees"."""
    return bool(_LISTED.search(_bare(question)))


def premise_of(question: str) -> str | None:
    """What a question that asks why takes for granted, as a question itself; None for any other question.

    "Why did Chile leave?" becomes "did Chile leave?".
    """
    bare = _bare(question)
    if _JAPANESE_WHY.search(bare):
        return _JAPANESE_WHY.sub("", bare, count=1)
    match = _WHY.match(bare)
    if not match:
        return None
    opening, rest = match["why"].lower(), match["rest"]
    if opening == "why" or opening.startswith("for"):
        return f"{rest}?" if _AUXILIARY.match(rest) else None
    return f"¿{rest}?" if "¿" in question else f"{rest[0].upper()}{rest[1:]}?"


def _bare(question: str) -> str:
    """The question without the marks around it; "" for a story, which has no such form."""
    bare = " ".join(question.strip(' ¿?？¡!。."“”').split())
    return bare if len(bare) <= _MOST_CHARS else ""
