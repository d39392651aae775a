"""Which questions ask for a list, by their words, in English, Spanish, Portuguese and Japanese. Pure, no model.

They may have a date, an amount or persons for an answer all the same: "who signed the treaty" asks for all of them.
"""

from __future__ import annotations

import re

_PLURAL = r"(?:people|children|criteria|(?!(?:this|is|was|does|has|as|its|us|news)\b)\w{2,}[^\Wsui_]s|\w+ies)"
_OF_ALL = r"(?:(?:all|the|our|your|my|their|its|some|these|those) )*"
_HOLDS = (
    r"(?:cover|include|contain|comprise|consist|involve|entail|need|require|focus on|deal with|composed|"
    r"made (?:up )?of|part of)"
)
_HELPS = (
    r"(?:are|were|do|does|did|have|had|can|could|will|would|should|must|may|might|belong|exist|take|took|made|apply|need|"
    r"form|went|left|came|met)"
)
_DONE = r"(?:added|changed|covered|excluded|fixed|included|needed|new|removed|required)"
_JOINED = (
    r"(?:sign(?:s|ed)?|attend(?:s|ed)?|participat(?:es?|ed)|took part|takes? part|joined|belongs?|voted|contributed|"
    r"ha(?:s|ve) signed|(?:was|were) (?:there|present|at|elected)|are|were|can|may|will be)"
)
_FORMS = (
    # English
    r"\b(?:list|name|enumerate|give me|show me|tell me)\b (?:me )?(?:all|the|some|every|each|three|four|five)\b",
    rf"^list\b.{{0,40}}?\b{_PLURAL}\b",
    rf"\b(?:which|what) (?:all )?(?:are|were) {_OF_ALL}(?:[\w'’-]+ ){{0,3}}?{_PLURAL}\b",
    rf"\b(?:which|what) (?:[\w'’-]+ ){{0,3}}?{_PLURAL} (?:{_HELPS}|\w+ed)\b",
    r"\b(?:which|what) (?:[\w'’-]+ ){0,3}?(?:countries|nations|companies|firms|areas|fields|topics|issues|sectors|"
    r"kinds|types|sorts|members|states|cities|organi[sz]ations|subjects|projects|values|things)\b",
    r"\bwhat (?:all )?(?:do|does|did|will|would|should|is|are|was|were)\b[^?.]{0,80}?\b"
    rf"{_HOLDS}(?:s|d|ed|ing)?\b",
    rf"\bwhat (?:is|are|was|were|['’]s) (?:not |also |all )?{_DONE}\b|\bwhat(?:['’]s| is) (?:new )?in\b",
    r"\bwhat (?:has )?changed\b|\bwhat (?:can|must|should) .{1,40} (?:do|bring)\b|"
    r"\bwhat (?:do|does) .{1,40} (?:bring|have to|need to)\b",
    rf"\bwho(?: all)? {_JOINED}\b",
    # Spanish
    r"\bqu[eé] (?!horas\b)(?:otr[oa]s )?\w{2,}[aeioué]s (?!(?:es|fue)\b)\w|\bcu[aá]les\b|\bqui[eé]nes\b",
    r"\bqui[eé]n (?:firm|asisti|particip|estuvo|forma)",
    r"\bqu[eé] (?:incluye|cubre|abarca|contiene|comprende|necesit|se necesita|hace falta|hay que|cambi[óo])",
    r"\bqué (?:deben?|tengo que|tienen que) .{0,20}hacer\b",
    r"\b(?:enumer|list|nombr|mencion)(?:a|e|ar|ame|eme)\b (?:tod[oa]s|l[oa]s)\b",
    # Portuguese
    r"\bquais\b|\bque (?!horas\b)(?:outr[oa]s )?\w{2,}[aeioõãé]s (?!(?:é|foi)\b)\w",
    r"\bquem (?:assin|particip|esteve|são|eram|faz parte|compareceu)",
    r"\bo que (?:inclui|cobre|abrange|cont[eé]m|preciso|é preciso|é necessário|mudou)",
    r"\bo que (?:devo|devem?|tenho que) .{0,20}fazer\b",
    r"\b(?:enumer|list|nome|mencion)(?:a|e|ar)\b (?:tod[oa]s|[oa]s)\b",
    # Japanese
    r"一覧|列挙|挙げて|(?:すべて|全て|全部)(?:を|教え|示し)|(?:どんな|どのような)(?:もの|項目|分野|問題|材料|種類)|"
    r"どの(?:国|会社|企業|団体|分野|地域)が|国々",
    r"(?:何|なに)が(?:必要|含まれ|あり|入って)|(?:誰|だれ)が(?:署名|出席|参加)",
    r"(?:メンバー|加盟国|内訳|材料|手順|参加者|出席者|項目|種類)(?:は(?:何|なに|どこ|誰|だれ|どれ|どの|[?？]?$)|を(?:教え|知りた))",
)
_ASKS = re.compile("|".join(_FORMS), re.IGNORECASE)


def asks_for_list(question: str) -> bool:
    """Whether the question asks for everything of a kind, or for all that belongs to something."""
    return bool(_ASKS.search(question))
