"""Greetings, thanks, praise, blame, questions about Quoth itself, and nonsense: a kind reply, never a citation. Pure.

A message is small talk only if it consists of phrases of small talk of one language from its first word to its last
(retrieval.conversation.phrases), or of no word at all. One word more, and it is a question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.conversation.nonsense import is_nonsense
from retrieval.conversation.phrases import PHRASES, PieceKind, TalkKind
from retrieval.conversation.pieces import IsKnownWord, Token, pieces, tokens_of, written_words
from retrieval.restrictions import read_restrictions
from retrieval.schema import Restrictions

_BLAMED = "I'm sorry. Other words may find it. If an answer was wrong, mark it with 👎 or /wrong."
_GO_ON = "All right. What would you like to know?"
REPLIES: Mapping[TalkKind, str] = {
    "greeting": "Hello! Ask me something about the documents. I answer in their own words and show you the source.",
    "how are you": "I'm well, thank you. What would you like to know?",
    "who are you": (
        "I am Quoth. I look for answers in a folder of documents, quote them word for word and show you the source. "
        "Nothing is made up: no language model writes anything."
    ),
    "help": (
        "Ask a question in your own words, as you would ask someone who has read the documents. "
        "/help shows what else you can do."
    ),
    "thanks": "You're welcome.",
    "praise": "Thank you. What else would you like to know?",
    "blame": _BLAMED,
    "abuse": "I'm sorry that I let you down. Tell me what you are looking for, and I'll do my best to find it.",
    "no": _BLAMED,
    "yes": _GO_ON,
    "apology": "No problem. What would you like to know?",
    "bye": "Goodbye!",
    "ok": _GO_ON,
    "laugh": "I'm glad you are in a good mood. What would you like to know?",
    "emoji": "Ask me something about the documents. I answer in their own words.",
    "nonsense": "I couldn't make sense of that. Ask me something about the documents, in your own words.",
}
"""The reply to each kind of small talk, in English; the catalogues of translations have them all."""

# Of several kinds in one message ("ok thanks, bye"), the first of these is replied to.
_BY_WEIGHT: tuple[TalkKind, ...] = (
    "help", "who are you", "how are you", "abuse", "blame", "no", "bye", "thanks", "praise", "greeting", "apology",
    "yes", "ok", "laugh", "emoji",
)  # fmt: skip
_JUDGEMENTS = frozenset[PieceKind](["praise", "blame", "no"])
_ASKS = re.compile(r"[?？][^\w]*$|[かはの][。．\s]*$")  # "最高は" asks what is the highest
_JUDGEMENT_ASKED = frozenset("is was were does did".split())  # "was that helpful" needs no question mark
_ARTICLES = frozenset("the el la los las o os as".split())  # "the fine" and "The Idiot" name something
_QUOTED = re.compile(r"[\"“„«]\w.*[\"”“»]")
_MOST_CHARS = 400


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A reply in English, to be translated where it is shown.

    `language` is the ISO 639-1 code of what was said, None where people of several languages say it.
    """

    text: str
    language: str | None


def small_talk(message: str, is_known_word: IsKnownWord, is_first: bool = True) -> SmallTalk | None:
    """The reply if the whole message is small talk or nonsense, else None: it may be a question.

    `is_known_word` tells whether a folded word is one of the documents: such a word is never nonsense or laughter.
    `is_first`: nothing was asked before, so that "how does this work?" can be only about Quoth.
    """
    if len(message) > _MOST_CHARS or _searches(message):
        return None
    tokens = tokens_of(message)
    if not tokens:
        return SmallTalk(REPLIES["help"], None) if _has_signs(message) else None
    if len(tokens) == 2 and tokens[0].text in _ARTICLES:
        return None
    found = {}
    for language in (None, *PHRASES):
        cut = pieces(tokens, language, is_known_word)
        kind = _kind(cut, message, tokens, is_first) if cut else None
        if kind and language is None:
            return SmallTalk(REPLIES[kind], None)
        if kind and language:
            found[language] = kind
    if found:
        spoken = [language for language in found if _is_spelled_in(message, language)] or list(found)
        return SmallTalk(REPLIES[found[spoken[0]]], spoken[0] if len(spoken) == 1 else None)
    return SmallTalk(REPLIES["nonsense"], None) if is_nonsense(message, is_known_word) else None


def language_of_small_talk(message: str) -> str | None:
    """The ISO 639-1 code of the language of small talk; None where it is of several languages, or is no small talk."""
    found = small_talk(message, lambda word: False)
    return found.language if found else None


def _kind(cut: Sequence[PieceKind], message: str, tokens: Sequence[Token], is_first: bool) -> TalkKind | None:
    """What to reply to a message of these pieces; None where there are only fillers or it asks after all."""
    kinds = set(cut)
    if "opening" in kinds:
        return "help" if is_first else None
    if "not" in kinds:
        kinds = kinds - {"praise"} | {"blame"} if "praise" in kinds else kinds
        kinds = kinds | {"no"} if kinds <= {"not", "filler", "emoji"} else kinds
    has_words = not all(token.is_emoji for token in tokens)
    if has_words and kinds & _JUDGEMENTS and _ASKS.search(message):
        return None
    if kinds & {*_JUDGEMENTS, "abuse"} and tokens[0].text in _JUDGEMENT_ASKED:
        return None
    return next((kind for kind in _BY_WEIGHT if kind in kinds), None)


def _is_spelled_in(message: str, language: str) -> bool:
    """Whether the words with accents are words of the language's phrases: "¿cómo estás?" is not Portuguese."""
    accented = [word for word in re.findall(r"[^\W\d_]+", message.casefold()) if not word.isascii()]
    return written_words(language).issuperset(accented) and (language == "es" or not set("¿¡") & set(message))


def _searches(message: str) -> bool:
    """Whether it says where or for which words to search: `"thank you" in:letters`."""
    return _QUOTED.search(message) is not None or read_restrictions(message).restrictions != Restrictions()


def _has_signs(message: str) -> bool:
    """Whether there is something to see in a message without words: punctuation or symbols."""
    return any(unicodedata.category(char)[0] in "PS" for char in message)
