"""A passage in its section: the view behind a source button, with a ladder of context before and after. Pure."""

from __future__ import annotations

import re

from bot.language.language import Language
from bot.telegram.memory.kept import KeptAnswer, KeptCitation
from bot.telegram.messages.blocks import passage_mark, place, quotation
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import MOST_UNITS, Block, Button, Message, fits, lay_out, own

STEP_CHARS = 500
"""How much of the document one press on "before" or "after" adds."""
_STEPS = 32
_LINE_WRAP = re.compile(r"[^\S\n]*\n[^\S\n]*")
_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")
_SENTENCE_ENDS = re.compile(r"\n\s*\n|(?<=[.!?。])\s+")
_NEAR_CHARS = 250


def source_press(answer_id: str, number: int, before: int = 0, after: int = 0) -> Press:
    """The press that opens a citation with so many steps of context around its passage."""
    return Press(answer_id, "source", (number * _STEPS + before) * _STEPS + after)


def is_first_view(n: int) -> bool:
    """Whether a source press with this n opens a view: buttons of a view itself ask for more around the passage."""
    return n % _STEPS**2 == 0


def source_document(kept: KeptAnswer, n: int) -> str | None:
    """The doc_id of the citation that a source press with this n names; None where it names none."""
    found = kept.citation(n // _STEPS**2)
    return found.citation.document if found else None


def source_message(kept: KeptAnswer, language: Language, n: int, sha256_now: str | None) -> Message | None:
    """A passage in its section, with buttons for more before and after; None where `n` names no citation of it.

    `n` is the press's. `sha256_now` is that of the document in the index now, None where it is gone; where it is not
    the one the passage was cut from, the message says so.
    """
    found = kept.citation(n // _STEPS**2)
    if found is None:
        return None
    before, after = n // _STEPS % _STEPS, n % _STEPS
    message = _view(found, language, before, after, sha256_now)
    while not fits(message) and before + after:
        before, after = (before - 1, after) if before >= after else (before, after - 1)
        message = _view(found, language, before, after, sha256_now)
    more = []
    for label, wider in (
        (language.say("▲ Before"), (before + 1, after)),
        (language.say("▼ After"), (before, after + 1)),
    ):
        view = _view(found, language, *wider, sha256_now) if max(wider) < _STEPS else message
        if view != message and fits(view):
            more.append(Button(label, source_press(kept.id, found.citation.number, *wider).data()))
    return Message(message.text, message.entities, (tuple(more),) if more else ())


def _view(found: KeptCitation, language: Language, before: int, after: int, sha256_now: str | None) -> Message:
    number = f"[{found.citation.number}] " if found.citation.number else ""
    blocks: list[Block] = [(own(number), *place(found.citation, language))]
    if sha256_now is None:
        gone = language.say("The document is no longer among those searched. This is what it said:")
        blocks.append((own(gone, "italic"),))
    elif sha256_now != found.passage.sha256:
        changed = language.say("The document has changed since. This is what it said:")
        blocks.append((own(changed, "italic"),))
    quotes = (
        quotation(_paragraphs(_last(found.passage.before, before * STEP_CHARS)), "blockquote", None, MOST_UNITS),
        quotation(found.passage.text, "blockquote", passage_mark(found)),
        quotation(_paragraphs(_first(found.passage.after, after * STEP_CHARS)), "blockquote", None, MOST_UNITS),
    )
    return lay_out([*blocks, *(quote for quote in quotes if quote)])


def _last(text: str, size_chars: int) -> str:
    """The end of the text, from the start of a sentence where there is one near, else of a word."""
    if size_chars >= len(text):
        return text
    near = text[len(text) - size_chars :][:_NEAR_CHARS]
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(near)] or [near.find(" ") + 1]
    return text[len(text) - size_chars + ends[0] :]


def _first(text: str, size_chars: int) -> str:
    """The beginning of the text, to the end of a sentence where there is one near, else of a word."""
    if size_chars >= len(text):
        return text
    from_ = max(size_chars - _NEAR_CHARS, 0)
    near = text[from_:size_chars]
    ends = [match.start() for match in _SENTENCE_ENDS.finditer(near)] or [near.rfind(" ") if " " in near else len(near)]
    return text[: from_ + ends[-1]]


def _paragraphs(text: str) -> str:
    """Lines that were wrapped by hand as one; an empty line stays a break."""
    parts = _PARAGRAPH.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_LINE_WRAP.sub(" ", part) for part in parts)
