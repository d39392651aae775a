"""The phrases of small talk, by language and kind. To recognise more, add to the tables: no rule lives here.

A phrase is what people type, with " | " between two. It is folded when it is read, so capitals and accents do not
matter, nor do letters drawn out ("hellooo"). The tables are closed classes: greetings, thanks, judgements, insults, set
expressions. A word that somebody could be looking for in documents ("legal", "instructions") is in none of them, except
inside a longer phrase.
"""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.conversation.phrases import english, japanese, portuguese, spanish
from retrieval.conversation.phrases.kinds import PieceKind, TalkKind

__all__ = ["ANY_LANGUAGE", "LAUGHTER", "PHRASES", "QUESTION_OPENERS", "SPELLINGS", "PieceKind", "TalkKind"]

ANY_LANGUAGE: Mapping[PieceKind, str] = {
    "greeting": "👋",
    "thanks": "🙏 | thx",
    "praise": "👍 | 👏 | 🙌 | 👌 | ❤ | 😍 | 🥰 | 🤩 | 🎉 | 💯 | super | bravo",
    "abuse": "🖕 | 💩 | 🤬",
    "no": "👎 | no",
    "bye": "ciao",
    "ok": "ok | okay | okey | oki | k",
    "laugh": "😂 | 🤣 | 😆 | 😄 | 😅 | lol | lmao | rofl | xd | ha",
    "filler": "quoth",
}
"""What people type whatever their language is."""

PHRASES: Mapping[str, Mapping[PieceKind, str]] = {
    "en": english.PHRASES,
    "es": spanish.PHRASES,
    "pt": portuguese.PHRASES,
    "ja": japanese.PHRASES,
}
"""By ISO 639-1 code."""

SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "u": "you",
        "ur": "your",
        "r": "are",
        "im": "i'm",
        "youre": "you're",
        "thats": "that's",
        "whats": "what's",
        "hows": "how's",
        "isnt": "isn't",
        "wasnt": "wasn't",
        "arent": "aren't",
        "dont": "don't",
        "doesnt": "doesn't",
        "didnt": "didn't",
    },
    "es": {"q": "que", "tb": "también", "x": "por", "porfa": "por favor", "porfavor": "por favor"},
    "pt": {"vc": "você", "cê": "você", "tá": "está", "td": "tudo", "mt": "muito", "mto": "muito", "pra": "para"},
    "ja": {},
}
"""How people abbreviate in a chat, by language."""

LAUGHTER: Mapping[str, str | None] = {
    "ha": None,
    "he": None,
    "hi": None,
    "lo": None,
    "ja": "es",
    "je": "es",
    "ji": "es",
    "k": "pt",
    "rs": "pt",
    "hue": "pt",
    "w": "ja",
}
"""What laughter repeats ("haha", "jajaja", "kkkk", "www"), and in which language, None where in any."""

QUESTION_OPENERS: Mapping[str, str] = {
    "en": "what | when | where | which | who | whom | whose | why | how | can | could | do | does | did",
    "es": "qué | cuál | cuáles | cuándo | dónde | quién | quiénes | cómo | por | cuánto | cuánta | cuántos | cuántas",
    "pt": "que | qual | quais | quando | onde | quem | como | por | quanto | quanta | quantos | quantas",
}
"""The words that a question after a greeting begins with where no punctuation separates the two."""
