"""The view behind a source button: a passage in its document, with buttons for more context. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.memory.kept import KeptAnswer, KeptCitation
from bot.telegram.messages.blocks import (
    FILE_CHARS,
    TITLE_CHARS,
    citation_line,
    fill,
    mark_style,
    passage_mark,
    quotation,
)
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import MAX_UNITS, Block, Button, Message, fits, foreign, lay_out, own
from retrieval.schema import Citation

DOCUMENT_GONE = translatable("This document is no longer in the collection. This is what it said:")
DOCUMENT_RENAMED = translatable("This document is now called {name}.")
DOCUMENT_CHANGED = translatable("This document has changed since. This is what it said:")
PAGE_OF = translatable("{title}, page {page} of {pages}")
BEFORE, AFTER = translatable("▲ Before"), translatable("▼ After")
SECTION = translatable("Section")
STEP_CHARS = 500
"""How much of the document one press on "before" or "after" adds."""
_STEPS = 32
MAX_PAGES = 1000
AT_QUOTATION = MAX_PAGES - 1
"""Instead of the number of a section's page: the page that has the quotation."""
_LINE_WRAP = re.compile(r"[^\S\n]*\n[^\S\n]*")
_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")
_SENTENCE_ENDS = re.compile(r"\n\s*\n|(?<=[.!?。])\s+")
_NEAR_CHARS = 250


@dataclass(frozen=True, slots=True)
class DocumentNow:
    """A cited document as it is in the current index: its path and the hash of its file.

    `section` is the text of the section that the passage stands in, None where the file has changed.
    """

    doc_id: str
    sha256: str
    section: str | None = None


def source_press(answer_id: str, number: int, before: int = 0, after: int = 0) -> Press:
    """The press that opens a citation with that many steps of context before and after its passage."""
    return Press(answer_id, "source", (number * _STEPS + before) * _STEPS + after)


def section_press(answer_id: str, number: int, page: int = AT_QUOTATION) -> Press:
    """The press that shows a page of the section around the citation with that number."""
    return Press(answer_id, "section", number * MAX_PAGES + page)


def section_of_press(n: int) -> tuple[int, int]:
    """The number of the citation and the page, from the n of a section press."""
    return divmod(n, MAX_PAGES)


def is_first_view(n: int) -> bool:
    """Whether a source press with this n opens a view; the buttons of a view ask for more context in it."""
    return n % _STEPS**2 == 0


def cited_in(kept: KeptAnswer, n: int) -> KeptCitation | None:
    """The citation in the n of a source press; None if there is no such citation."""
    return kept.citation(n // _STEPS**2)


def source_message(kept: KeptAnswer, language: Language, n: int, now: DocumentNow | None) -> Message | None:
    """A passage in its document, with buttons for more before and after; None if there is no such citation.

    `n` comes from the press. `now` is the document in the current index, None if it is gone; if it was renamed, or if
    the passage was cut from another version, the message says so.
    """
    found = cited_in(kept, n)
    if found is None:
        return None
    before, after = n // _STEPS % _STEPS, n % _STEPS
    message = _view(found, language, before, after, now)
    while not fits(message) and before + after:
        before, after = (before - 1, after) if before >= after else (before, after - 1)
        message = _view(found, language, before, after, now)
    more = []
    for label, wider in ((BEFORE, (before + 1, after)), (AFTER, (before, after + 1))):
        view = _view(found, language, *wider, now) if max(wider) < _STEPS else message
        if view != message and fits(view):
            more.append(Button(language.translate(label), source_press(kept.id, found.citation.number, *wider).data()))
    if now and now.section and len(now.section.strip()) > len(found.passage.text):
        more.append(Button(language.translate(SECTION), section_press(kept.id, found.citation.number).data()))
    return Message(message.text, message.entities, (tuple(more),) if more else ())


def page_caption(citation: Citation, language: Language, page: int, pages: int) -> Message:
    """What stands below the picture of a page: the title, and which page it is."""
    title = line(citation.title, TITLE_CHARS) or line(citation.document, FILE_CHARS)
    numbers = {"page": own(language.number(page)), "pages": own(language.number(pages))}
    return lay_out([fill(language.translate(PAGE_OF), title=foreign(title, "italic"), **numbers)])


def _view(found: KeptCitation, language: Language, before: int, after: int, now: DocumentNow | None) -> Message:
    # 0 is the number of a refusal's closest passage in answers stored before it had the number 1.
    number = f"[{found.citation.number}] " if found.citation.number else ""
    blocks: list[Block] = [(own(number), *citation_line(found.citation, language))]
    if now is None:
        blocks.append((own(language.translate(DOCUMENT_GONE), "italic"),))
    elif now.sha256 != found.passage.sha256:
        blocks.append((own(language.translate(DOCUMENT_CHANGED), "italic"),))
    elif now.doc_id != found.citation.document:
        name = foreign(line(now.doc_id, FILE_CHARS), "code")
        blocks.append(fill(language.translate(DOCUMENT_RENAMED), name=name))
    quotes = (
        quotation(joined_lines(_last(found.passage.before, before * STEP_CHARS)), "blockquote", None, MAX_UNITS),
        quotation(found.passage.text, "blockquote", passage_mark(found), mark_style=mark_style(found.citation)),
        quotation(joined_lines(first_of(found.passage.after, after * STEP_CHARS)), "blockquote", None, MAX_UNITS),
    )
    return lay_out([*blocks, *(quote for quote in quotes if quote)])


def _last(text: str, size_chars: int) -> str:
    """The end of the text, starting with a sentence if one starts nearby, otherwise with a word."""
    if size_chars >= len(text):
        return text
    near = text[len(text) - size_chars :][:_NEAR_CHARS]
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(near)] or [near.find(" ") + 1]
    return text[len(text) - size_chars + ends[0] :]


def first_of(text: str, size_chars: int) -> str:
    """The beginning of the text, ending with a sentence if one ends nearby, otherwise with a word."""
    if size_chars >= len(text):
        return text
    from_ = max(size_chars - _NEAR_CHARS, 0)
    near = text[from_:size_chars]
    ends = [match.start() for match in _SENTENCE_ENDS.finditer(near)] or [near.rfind(" ") if " " in near else len(near)]
    return text[: from_ + ends[-1]]


def joined_lines(text: str) -> str:
    """The text with wrapped lines joined; an empty line stays a break."""
    parts = _PARAGRAPH.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_LINE_WRAP.sub(" ", part) for part in parts)
