"""Greetings, thanks, praise, blame and questions about Quoth itself: a friendly reply, never a citation. Pure."""

from __future__ import annotations

import re
import unicodedata

from retrieval.text import fold, words

_GREETING = "Hello! Ask me something about the documents. I answer in their own words and show you the source."
_THANKS = "You're welcome."
_WHO = (
    "I am Quoth. I look for answers in a folder of documents, quote them word for word and show you the source. "
    "Nothing is made up: no language model writes anything."
)
_BYE = "Goodbye!"
_EMOJI_REPLY = "Ask me something about the documents. I answer in their own words."
_FINE = "I'm well, thank you. What would you like to know?"
_PRAISED = "Thank you. What else would you like to know?"
_BLAMED = (
    "I'm sorry. Different words may find more. If an answer was wrong, mark it as wrong: "
    "whoever runs this bot reads these ratings."
)
REPLIES = (_GREETING, _THANKS, _WHO, _BYE, _EMOJI_REPLY, _FINE, _PRAISED, _BLAMED)
"""Every reply, for the translators."""

# Small talk consists of the words of a group alone, at least one of them from its core.
_GREETING_WORDS = frozenset(
    "hi hello hey hiya howdy greetings good morning afternoon evening day hola buenos buenas dias tardes "
    "noches ola bom boa dia tarde noite there quoth everyone all こ ん に ち は".split()
)
_THANKS_WORDS = frozenset(
    "thanks thank you thx ty cheers very so much a lot many great nice perfect ok okay cool good gracias "
    "muchas obrigado obrigada muito for the that this it you re your was is did all helped helps help helpful useful "
    "really awesome wonderful answer answers quoth".split()
)
_GREETING_CORE = frozenset("hi hello hey hiya howdy greetings good hola buenos buenas ola bom boa こ".split())
_THANKS_CORE = frozenset("thanks thank thx ty cheers gracias obrigado obrigada".split())
_ABOUT_ME = frozenset(
    "you your re are is was were this that it thats its s did the a an at so very really too all i see got done job "
    "work bot answer answers quoth".split()
)
_PRAISE = frozenset(
    "ok okay k good great nice perfect cool fine super wow awesome amazing brilliant excellent wonderful impressive "
    "helpful useful well love like smart clever alright yay bravo genial".split()
)
_BLAME = frozenset(
    "bad wrong useless stupid dumb terrible awful rubbish nonsense garbage incorrect disappointing hate sucks "
    "unhelpful".split()
)
_NEGATIONS = frozenset("not no isn wasn aren t dont don doesn help helped".split())
_QUESTION_OPENERS = frozenset("is was are were".split())
_BYE_WORDS = frozenset("bye goodbye see you later adios adeus tchau ciao good night quoth for now".split())
_BYE_CORE = frozenset("bye goodbye later night adios adeus tchau ciao".split())
_WHO_PATTERN = re.compile(
    r"(?:(?:so )?(?:who|what) (?:are|r) (?:you|u)|what(?: is|s) your name"
    r"|are you (?:a )?(?:bot|robot|human|person|ai|real)"
    r"|what can you do|what do you do|how do you work|quien eres|quem e voce|que eres)(?: exactly| anyway)?"
)
_FINE_PATTERN = re.compile(
    r"(?:hi |hello |hey )?how are (?:you|u)(?: doing)?(?: today)?|how do you do|whats up|como estas"
)


def small_talk(question: str) -> str | None:
    """The reply if the whole message is small talk, else None: it may be a question."""
    question_words = [word for word, _ in words(question)]
    if is_emoji_only(question):
        return _EMOJI_REPLY
    if not question_words or len(question_words) > 8:
        return None
    text = fold(" ".join(question_words)).replace("what s ", "whats ")
    if _WHO_PATTERN.fullmatch(text):
        return _WHO
    if _FINE_PATTERN.fullmatch(text):
        return _FINE
    found = set(question_words)
    if found & _THANKS_CORE and found <= _THANKS_WORDS:
        return _THANKS
    if found & _BYE_CORE and found <= _BYE_WORDS:
        return _BYE
    if "?" not in question and question_words[0] not in _QUESTION_OPENERS and (reply := _praise_or_blame(found)):
        return reply
    return _GREETING if found & _GREETING_CORE and found <= _GREETING_WORDS else None


def _praise_or_blame(found: set[str]) -> str | None:
    """The reply to praise or to blame, if the message holds nothing else."""
    if not found <= _ABOUT_ME | _PRAISE | _BLAME | _NEGATIONS:
        return None
    if found & _BLAME:
        return _PRAISED if "not" in found else _BLAMED
    if found & _NEGATIONS and found & (_PRAISE | {"help", "helped"}):
        return _BLAMED
    return _PRAISED if found & _PRAISE else None


def is_emoji_only(message: str) -> bool:
    """Whether the message has an emoji and no word: there is nothing to search for, but it deserves a reply."""
    return not words(message) and any(unicodedata.category(char) == "So" for char in message)
