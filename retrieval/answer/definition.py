"""Questions that ask what or who something is, and the sentences that say it. Pure, no model."""

from __future__ import annotations

import re

from retrieval.schema import Span

_ARTICLE = r"(?:(?:the|a|an|el|la|los|las|un|una|o|os|as|um|uma)\s+)?"
_ASKED = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:what|who)(?:['’]?s|\s+(?:is|are|was|were))\s+(?:meant by\s+)?{_ARTICLE}(?P<x>.+)",
        rf"what\s+do(?:es)?\s+{_ARTICLE}(?P<x>.+?)\s+(?:mean|stand for|refer to)",
        rf"(?:define|definition of|meaning of|what is the (?:definition|meaning) of)\s+{_ARTICLE}(?P<x>.+)",
        rf"(?:qu[eé]|qui[eé]n(?:es)?)\s+(?:es|son|era|eran|fue)\s+{_ARTICLE}(?P<x>.+)",
        rf"(?:o\s+que|quem)\s+(?:é|são|era|eram|foi)\s+{_ARTICLE}(?P<x>.+)",
        r"(?P<x>.+?)(?:とは|って)(?:何|なに|誰|だれ|なん)?.*",
    )
]
_MAX_WORDS = 6
_LONGEST_SMALL_WORD = 4  # letters, such as "with" in a long form
_NOT_A_NAME = re.compile(
    r"\b(?:of|in|for|to|between|that|which|who|when|where|by|with|from|about|on|at|doing|de|para)\b", re.IGNORECASE
)
_SAYS = (
    r"(?:\s*\([^()]{1,80}\))?\s*(?:,\s+[^,.;]{1,60},)?\s+"
    r"(?:is|are|was|were|means|refers to|stands for|denotes|describes|es|son|era|fue|significa|é|são|foi)\b\s*"
)


def subject_of(question: str) -> str | None:
    """What the question asks to be defined or introduced, without its article; None for any other question.

    "What is the capital of Peru?" asks for a fact about Peru and has no subject here.
    """
    bare = question.strip().strip("¿¡ ").rstrip("?？.!。 ")
    for form in _ASKED:
        match = form.fullmatch(bare)
        if match:
            subject = match["x"].strip(" \"“”'‘’")
            is_name = len(subject.split()) <= _MAX_WORDS and not _NOT_A_NAME.search(subject)
            return subject if subject and is_name else None
    return None


def definition_in(subject: str, sentence: str, heading: str | None = None) -> Span | None:
    """Where the sentence says what the subject is, as a span of the sentence; None where it does not.

    The forms, with X the subject: "X is ...", "X (long name)", "long name (X)", "X: ..." as in a glossary, "X, a ...,"
    and "Minister X" before a name; or any first words under a heading that is X.
    """
    name = rf"(?<!\w){_flexible(subject)}(?!\w)"
    opening = rf"^\W*{_ARTICLE}"
    for form in (
        rf"{opening}{name}{_SAYS}(?P<d>.+)",
        rf"{opening}{name}\W{{0,4}}(?::|\s[–—-])\s*(?P<d>.+)",
        rf"{name}\s*\((?P<d>[^()]{{4,120}})\)",
        rf"{name},\s+(?P<d>(?:(?:the|a|an|el|la|un|una|o|a|um|uma)\s+)?[^,;.]{{4,120}})[,;.]",
    ):
        match = re.search(form, sentence, re.IGNORECASE | re.DOTALL)
        if match:
            return _trimmed(sentence, match.span("d"))
    bracketed = re.search(rf"\s*\({name}\)", sentence)
    if bracketed and (start := _start_of_long_form(subject, sentence[: bracketed.start()])) is not None:
        return start, bracketed.start()
    if subject[:1].isupper():
        titled = re.search(rf"(?P<d>(?:[A-Z][\w’'-]+\s+){{1,6}}){name}", sentence)
        if titled:
            return _trimmed(sentence, titled.span("d"))
    if heading and re.fullmatch(rf"\W*{_ARTICLE}{_flexible(subject)}\W*", heading, re.IGNORECASE):
        return _trimmed(sentence, (0, len(sentence)))
    return None


def _start_of_long_form(initials: str, before: str) -> int | None:
    """Where the words begin that end `before` and have these initials, small words between them left out."""
    left = initials.upper()
    for match in reversed(list(re.finditer(r"\w[\w’'-]*", before))):
        if not left:
            break
        if match[0][0].upper() == left[-1]:
            left, start = left[:-1], match.start()
        elif len(match[0]) > _LONGEST_SMALL_WORD:
            return None
    return None if left else start


def _flexible(subject: str) -> str:
    """The subject as a pattern: any white space between words, with or without a plural's s."""
    return r"\s+".join(map(re.escape, subject.split())) + r"(?:e?s)?"


def _trimmed(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and not text[start].isalnum() and text[start] not in '“"‘(':
        start += 1
    while start < end and text[end - 1] in " \n\t.,;:":
        end -= 1
    return (start, end) if start < end else None
