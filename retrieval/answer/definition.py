"""Questions that ask what or who something is, and the sentences that say it. Pure, no model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.spans import Span
from retrieval.text import STOP_WORDS

_ARTICLE = r"(?:(?:the|a|an|el|la|los|las|un|una|o|os|as|um|uma)\s+)?"
_LONG_FORM = re.compile(rf"what\s+do(?:es)?\s+{_ARTICLE}(?P<x>.+?)\s+stand for", re.IGNORECASE)
_ASKED = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:what|who)(?:['’]?s|\s+(?:is|are|was|were))\s+(?:meant by\s+)?{_ARTICLE}(?P<x>.+)",
        rf"what\s+do(?:es)?\s+{_ARTICLE}(?P<x>.+?)\s+(?:mean|refer to)",
        rf"(?:define|definition of|meaning of|what is the (?:definition|meaning) of)\s+{_ARTICLE}(?P<x>.+)",
        rf"(?:qu[eé]|qui[eé]n(?:es)?)\s+(?:es|son|era|eran|fue)\s+{_ARTICLE}(?P<x>.+)",
        rf"(?:o\s+que|quem)\s+(?:é|são|era|eram|foi)\s+{_ARTICLE}(?P<x>.+)",
        r"(?P<x>.+?)(?:とは|って)(?:何|なに|誰|だれ|なん)?.*",
    )
]
_WHO = re.compile(r"^(?:who|qui[eé]n(?:es)?|quem)\b|誰|だれ", re.IGNORECASE)
_MAX_WORDS = 6
_LONGEST_SMALL_WORD = 4  # letters, such as "with" in a long form
_NOT_A_NAME = re.compile(
    r"\b(?:of|in|for|to|between|that|which|who|when|where|by|with|from|about|on|at|doing|de|para)\b", re.IGNORECASE
)
# "X is a ..." says what it is, "X is located ..." or "X was founded ..." only something about it.
_SAYS = (
    r"(?:\s*\([^()]{1,80}\))?\s*(?:,\s+[^,.;]{1,60},)?\s+"
    r"(?:means|refers to|stands for|denotes|describes|significa|"
    r"(?:is|are|was|were|es|son|era|fue|é|são|foi)\b(?!\s+(?:\w+ed|\w+ing|\w+ly|not|also|now|made|held|set|built|known)\b))"
    r"\s*"
)
_TITLE = r"(?:[A-Z][\w’'-]+\s+(?:(?:of|for|de|del|da|do)\s+(?:the\s+)?)?){1,7}"
_NOTE_NUMBER = r"(?:\(?[^\W\d_]{0,10}\.?\s*\d{1,3}\s*[.):]*\s*)?"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question asks to be defined, without its article.

    `is_short_form`: it asks what that stands for. `is_person`: it asks who that is.
    """

    name: str
    is_short_form: bool = False
    is_person: bool = False


def subject_of(question: str) -> Subject | None:
    """What the question asks to be defined or introduced; None for any other question.

    "What is the capital of Peru?" asks for a fact about Peru and has no subject here.
    """
    bare = question.strip().strip("¿¡ ").rstrip("?？.!。 ")
    for form in (_LONG_FORM, *_ASKED):
        match = form.fullmatch(bare)
        if match:
            name = match["x"].strip(" \"“”'‘’")
            is_name = bool(name) and len(name.split()) <= _MAX_WORDS and not _NOT_A_NAME.search(name)
            return Subject(name, form is _LONG_FORM, bool(_WHO.search(bare))) if is_name else None
    return None


def definition_in(subject: Subject, sentence: str, heading: str | None = None) -> Span | None:
    """Where the sentence says what the subject is, as a span of the sentence; None where it does not.

    The forms, with X the subject: "X (long name)" and "long name (X)", all that is looked for where the question asks
    what X stands for; "X is ...", "X: ..." as in a glossary, "X, the ...," and "Minister X" of a person; or the first
    sentence under a heading that is X.
    """
    name = rf"(?<!\w){_flexible(subject.name)}(?!\w)"
    opening = rf"^\W*{_ARTICLE}"
    bracketed = re.search(rf"\s*\({name}\)", sentence)
    if bracketed and (start := _start_of_long_form(subject.name, sentence[: bracketed.start()])) is not None:
        return start, bracketed.start()
    long_form = rf"{name}\s*\((?P<d>[^()]{{4,120}})\)"
    other_forms = (
        rf"{opening}{name}{_SAYS}(?P<d>.+)",
        rf"{opening}{name}\W{{0,4}}(?::|\s[–—-])\s*(?P<d>.+)",
        rf"{name},\s+(?P<d>(?:the|a|an|el|la|un|una|o|a|um|uma)\s[^,;.]{{3,120}})[,;.]",
    )
    for form in (long_form,) if subject.is_short_form else (*other_forms, long_form):
        match = re.search(form, sentence, re.IGNORECASE | re.DOTALL)
        if match:
            return _trimmed(sentence, match.span("d"))
    if subject.is_short_form:
        return None
    if subject.is_person and len(subject.name.split()) > 1:  # a full name, in whatever case it was typed
        named = re.search(rf"(?i:{name})", sentence)
        titled = re.search(rf"(?P<d>{_TITLE})$", sentence[: named.start()]) if named else None
        if titled and any(word.lower() not in STOP_WORDS for word in titled["d"].split()):
            return _trimmed(sentence, titled.span("d"))
    if heading and re.fullmatch(rf"\W*{_NOTE_NUMBER}{_ARTICLE}{_flexible(subject.name)}\W*", heading, re.IGNORECASE):
        return _trimmed(sentence, (0, len(sentence)))
    return None


def _start_of_long_form(initials: str, before: str) -> int | None:
    """Where the words begin that end `before` and have these initials, small words between them left out."""
    left = initials.upper()
    start = None
    for match in reversed(list(re.finditer(r"\w[\w’'-]*", before))):
        if not left:
            break
        if match[0][0].upper() == left[-1]:
            left, start = left[:-1], match.start()
        elif len(match[0]) > _LONGEST_SMALL_WORD:
            return None
    return None if left else start


def _flexible(name: str) -> str:
    """The name as a pattern: any white space between words, with or without a plural's s."""
    return r"\s+".join(map(re.escape, name.split())) + r"(?:e?s)?"


def _trimmed(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and not text[start].isalnum() and text[start] not in '“"‘(':
        start += 1
    while start < end and text[end - 1] in " \n\t.,;:":
        end -= 1
    return (start, end) if start < end else None
