"""Comparatives in four languages, and the plain question that tells how each side stands: "older" asks when. Pure.

In a question {x} stands for the side.
"""

from __future__ import annotations

import re

_WHEN, _LARGE, _LONG, _COST = "When was {x}?", "How large is {x}?", "How long is {x}?", "How much does {x} cost?"
_FOUNDED, _BORN = "When was {x} established?", "When was {x} born?"
_ENGLISH = {
    "older oldest elder eldest younger youngest newer newest more-recent most-recent": _FOUNDED,
    "first last earlier earliest later latest sooner before after": _WHEN,
    "bigger biggest larger largest greater greatest smaller smallest": _LARGE,
    "longer longest shorter shortest": _LONG,
    "cheaper cheapest dearer costlier pricier more-expensive less-expensive": _COST,
    "higher highest lower lowest taller tallest": "How high is {x}?",
    "heavier heaviest lighter lightest": "What is the weight of {x}?",
    "faster fastest quicker quickest slower slowest": "How fast is {x}?",
    "louder loudest noisier quieter quietest": "How loud is {x}, what noise does it make?",
    "farther further farthest nearer nearest closer closest": "How far is {x}?",
    "hotter hottest warmer warmest cooler coolest colder coldest": "What is the temperature of {x}?",
    "stronger strongest weaker weakest more-powerful": "What power does {x} have?",
    "deeper deepest shallower": "How deep is {x}?",
    "wider widest broader narrower": "How wide is {x}?",
    "more most": "How many or how much is {x}?",
    "fewer fewest less least": "How many or how much is {x}?",
}
_SPANISH = {
    "más antiguo|más viejo|más reciente|más nuevo": "¿Cuándo se fundó {x}?",
    "antes|después|primero|más temprano|más tarde": "¿Cuándo fue {x}?",
    "más grande|mayor|más pequeñ|menor": "¿Qué tamaño tiene {x}?",
    "más larg|más cort": "¿Cuánto dura o mide {x}?",
    "más car|más barat|menos car": "¿Cuánto cuesta {x}?",
    "más alt|más baj": "¿Qué altura tiene {x}?",
    "más pesad|más liger": "¿Cuánto pesa {x}?",
    "más|menos": "¿Cuánto es {x}?",
}
_PORTUGUESE = {
    "mais antig|mais velh|mais recente|mais nov": "Quando foi fundado {x}?",
    "antes|depois|primeiro|mais cedo|mais tarde": "Quando foi {x}?",
    "maior|mais pequen|menor": "Qual é o tamanho de {x}?",
    "mais long|mais compri|mais curt": "Quanto dura ou mede {x}?",
    "mais car|mais barat|menos car": "Quanto custa {x}?",
    "mais alt|mais baix": "Qual é a altura de {x}?",
    "mais pesad|mais leve": "Quanto pesa {x}?",
    "mais|menos": "Quanto é {x}?",
}
_JAPANESE = {
    "古|新し|若|年上|年下": "{x}はいつ設立されましたか",
    "先|早|前|後|遅": "{x}はいつですか",
    "大き|小さ|広|狭": "{x}の大きさはどのくらいですか",
    "多|少な": "{x}はどのくらいありますか",
    "長|短": "{x}の長さはどのくらいですか",
    "高価|安|値段": "{x}はいくらですか",
    "高|低": "{x}の高さはどのくらいですか",
    "重|軽": "{x}の重さはどのくらいですか",
    "速|はや": "{x}の速さはどのくらいですか",
}
_IN_ENGLISH = {
    comparative.replace("-", " "): question for known, question in _ENGLISH.items() for comparative in known.split()
}
_IRREGULAR = {"better": "good", "best": "good", "worse": "bad", "worst": "bad"}
COMPARATIVE = r"(?:(?:more|most|less|least)(?: [\w-]+(?<!than))?|better|best|worse|worst|first|last|\w{2,}(?:er|est))"
"""A comparative of English as a pattern, for others than those in the table too."""


def english_question(comparative: str, is_person: bool = False) -> str:
    """The question that tells how a side stands, {x}; of an adjective that is not in the table, how much so it is."""
    known = _IN_ENGLISH.get(" ".join(comparative.lower().split()))
    if known:
        return _BORN if is_person and known == _FOUNDED else known
    adjective = _IRREGULAR.get(comparative.lower()) or re.sub(
        r"^(?:more|most|less|least) |(?:er|est)$", "", comparative
    )
    return f"How {adjective} is {{x}}?"


def other_question(comparative: str, language: str) -> str:
    """The same for Spanish, Portuguese and Japanese, whose tables know stems; the first that occurs counts."""
    tables = {
        "es": (_SPANISH, "¿Cómo es {x}?"),
        "pt": (_PORTUGUESE, "Como é {x}?"),
        "ja": (_JAPANESE, "{x}とは何ですか"),
    }
    table, otherwise = tables[language]
    return next((table[stems] for stems in table if re.search(stems, comparative, re.IGNORECASE)), otherwise)
