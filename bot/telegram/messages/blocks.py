"""The blocks of an answer: quotations, citations, and our own text with document text filled in. Pure."""

from __future__ import annotations

import string
from collections.abc import Sequence

from bot.language.language import Language
from bot.language.wording import PLACES, SECTION
from bot.telegram.memory.kept import KeptCitation
from bot.telegram.messages.cleaning import clean, line
from bot.telegram.messages.message import COPY_UNITS, Block, EntityType, TextRun, foreign, own, units
from retrieval.schema import Citation, Note
from retrieval.spans import Span

QUOTE_UNITS = 1500
"""The longest quotation in one piece; a passage has some 600 characters, so this limits only hostile ones."""
TITLE_CHARS, SECTION_CHARS, FILE_CHARS, LEAD_CHARS, VALUE_CHARS = 160, 160, 160, 300, 300
OMITTED = "[…]"
_LONG_WORD_CHARS = 30


def fill(template: str, **values: TextRun) -> Block:
    """The template, which is our own text, with the values for its placeholders."""
    runs = []
    for words, name, _, _ in string.Formatter().parse(template):
        runs += [own(words)] if words else []
        runs += [values[name]] if name else []
    return tuple(runs)


def noted(note: Note, language: Language) -> Block:
    """A note, in the language; its values are text of documents and people."""
    values = {name: foreign(line(value, VALUE_CHARS)) for name, value in note.values.items()}
    return fill(language.translate(note.text), **values)


def joined(parts: Sequence[Block], separator: str) -> Block:
    """The parts as one block, with the separator between them."""
    return tuple(run for number, part in enumerate(parts) for run in (*([own(separator)] if number else []), *part))


def quotation(
    text: str,
    kind: EntityType,
    mark: Span | None = None,
    max_units: int = QUOTE_UNITS,
    mark_style: EntityType = "bold",
) -> Block:
    """Text of a document as a quotation, with the mark in bold or another style; () if none of it can be shown.

    Longer text is cut to a window around the mark, with "[…]" for what is left out.
    """
    shown, mark = clean(text, mark)
    start, end = _window(shown, mark or (0, 0), max_units)
    first, last = (min(max(at, start), end) for at in mark or (end, end))
    runs = (
        TextRun(f"{OMITTED} " if start else "", frozenset([kind])),
        foreign(shown[start:first], kind),
        foreign(shown[first:last], kind, mark_style),
        foreign(shown[last:end], kind),
        TextRun(f" {OMITTED}" if end < len(shown) else "", frozenset([kind])),
    )
    return tuple(run for run in runs if run.text)


def citation_line(citation: Citation, language: Language) -> Block:
    """Title, date and section, then file and place on the next line; the section only if it differs from the title."""
    parts = [titled(citation, language), *sectioned(citation, language)]
    head = joined([part for part in parts if part], language.translate(", "))
    where = filed(citation, language)
    return (*head, own("\n"), *where) if head else where


def titled(citation: Citation, language: Language, style: EntityType = "italic") -> Block:
    """Title and date; () if neither is known."""
    title, date = line(citation.title, TITLE_CHARS), line(language.date(citation.date or ""), TITLE_CHARS)
    parts: list[Block] = [(foreign(title, style),)] if title else []
    if date:
        parts.append((foreign(date),))
    return joined(parts, language.translate(", "))


def sectioned(citation: Citation, language: Language) -> list[Block]:
    """The section, if there is one that differs from the title."""
    section = line(citation.section or "", SECTION_CHARS).removeprefix("“").removesuffix("”")
    if not section or citation.section == citation.title:
        return []
    return [fill(language.translate(SECTION), section=foreign(section))]


def filed(citation: Citation, language: Language, has_place: bool = True) -> Block:
    """The file, and the place in it."""
    file = (foreign(line(citation.document, FILE_CHARS), "code"),)
    return joined([file, location(citation, language)], language.translate(", ")) if has_place else file


def location(citation: Citation, language: Language) -> Block:
    """The place in the file, such as "page 3"; where the format has none, the lines: "line 171", "lines 171–172"."""
    if citation.place:
        template = language.translate(PLACES[citation.place.kind])
        return fill(template, label=foreign(line(citation.place.label, SECTION_CHARS)))
    first, last = citation.lines
    if first == last:
        return (own(language.translate("line {first}").format(first=first)),)
    return (own(language.translate("lines {first}–{last}").format(first=first, last=last)),)


def led(citation: Citation, quoted: Block) -> Block:
    """The quotation below what it hangs on, such as the names of a table's columns, if there is any."""
    lead = line(citation.lead, LEAD_CHARS)
    return (foreign(lead, "italic"), own("\n"), *quoted) if lead and quoted else quoted


def numbered(citation: Citation, language: Language) -> Block:
    """A citation: its number, and where it is from."""
    return (own(f"[{citation.number}] "), *citation_line(citation, language))


def is_nothing_but(answer: str, quote: str) -> bool:
    """Whether the quotation has no other letters and digits than the answer."""
    return _letters(answer) == _letters(quote)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def mark_style(citation: Citation) -> EntityType:
    """Bold for an answer; underlined for a refusal's likeliest words, which are no claim."""
    return "bold" if citation.mark else "underline"


def passage_mark(kept: KeptCitation) -> Span | None:
    """The span in the passage of the answer, or of a refusal's likeliest words.

    None if there are none, or if the passage does not contain the quotation literally.
    """
    quote, mark = kept.citation.quote, kept.citation.mark or kept.citation.likeliest
    at = kept.passage.text.find(quote)
    return (at + mark[0], at + mark[1]) if mark and at >= 0 else None


def copied(citation: Citation, language: Language) -> str:
    """The citation as text to paste, at most COPY_UNITS long; the quotation is shortened before the source is."""
    source = "".join(run.text for run in citation_line(citation, language)).replace("\n", language.translate(", "))
    source = _cut(f" ({source})", COPY_UNITS - 40)
    return f"“{_cut(line(citation.quote, COPY_UNITS), COPY_UNITS - 2 - units(source))}”{source}"


def _cut(text: str, max_units: int) -> str:
    """The text; if it is longer than that, cut after a word."""
    if units(text) <= max_units:
        return text
    kept = text[: max_units - 1]
    while units(kept) > max_units - 1:
        kept = kept[:-1]
    words, _, rest = kept.rpartition(" ")
    return (words if words and len(rest) < _LONG_WORD_CHARS else kept).rstrip(" ,;:") + "…"


def _window(text: str, mark: Span, max_units: int) -> Span:
    """The span around the mark that is at most so many units long; it ends at white space if there is some nearby."""
    if units(text) <= max_units:
        return 0, len(text)
    size = max_units // 2  # in characters; each may be two units
    size = max_units if units(text) == len(text) else size
    start = min(max(sum(mark) // 2 - size // 2, 0), len(text) - size)
    end = start + size
    if start and (space := text.find(" ", start, start + size // 8)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - size // 8, end)) >= 0:
        end = space
    return start, end
