"""The parts that answers are made of: quotations, citations, lines of our own words with foreign ones in them. Pure."""

from __future__ import annotations

import string
from collections.abc import Sequence

from bot.language.language import Language
from bot.telegram.memory.kept import KeptCitation
from bot.telegram.messages.cleaning import clean, line
from bot.telegram.messages.message import COPY_UNITS, Block, EntityType, Run, foreign, own, units
from retrieval.schema import Citation, Span

QUOTE_UNITS = 1500
"""How much is quoted in one piece; a passage has some 600 characters, this is for hostile ones."""
TITLE_CHARS, SECTION_CHARS, FILE_CHARS = 160, 160, 160
OMITTED = "[…]"
_LONG_WORD_CHARS = 30


def fill(template: str, **values: Run) -> Block:
    """The template in our own words with the values in its places."""
    runs = []
    for words, name, _, _ in string.Formatter().parse(template):
        runs += [own(words)] if words else []
        runs += [values[name]] if name else []
    return tuple(runs)


def joined(parts: Sequence[Block], separator: str) -> Block:
    """The parts as one block."""
    return tuple(run for number, part in enumerate(parts) for run in (*([own(separator)] if number else []), *part))


def quotation(text: str, kind: EntityType, mark: Span | None = None, most_units: int = QUOTE_UNITS) -> Block:
    """Words of a document as a quotation with the mark in bold; around the mark, with "[…]" where words were left out,
    if it is longer than that. No run where nothing of the text can be shown."""
    shown, mark = clean(text, mark)
    start, end = _window(shown, mark or (0, 0), most_units)
    first, last = (min(max(at, start), end) for at in mark or (end, end))
    runs = (
        Run(f"{OMITTED} " if start else "", frozenset([kind])),
        foreign(shown[start:first], kind),
        foreign(shown[first:last], kind, "bold"),
        foreign(shown[last:end], kind),
        Run(f" {OMITTED}" if end < len(shown) else "", frozenset([kind])),
    )
    return tuple(run for run in runs if run.text)


def place(citation: Citation, language: Language) -> Block:
    """Title, date and section, and on the next line file and lines; the section only where it says more than the
    title."""
    comma = language.say(", ")
    title, date = line(citation.title, TITLE_CHARS), line(language.date(citation.date or ""), TITLE_CHARS)
    section = line(citation.section or "", SECTION_CHARS).removeprefix("“").removesuffix("”")
    parts: list[Block] = [(foreign(title, "italic"),)] if title else []
    if date:
        parts.append((foreign(date),))
    if section and citation.section != citation.title:
        parts.append(fill(language.say("section “{section}”"), section=foreign(section)))
    file = (foreign(line(citation.document, FILE_CHARS), "code"),)
    where = joined([file, (own(lines(citation, language)),)], comma)
    return (*joined(parts, comma), own("\n"), *where) if parts else where


def lines(citation: Citation, language: Language) -> str:
    """Where in the file: "line 171", "lines 171–172"."""
    first, last = citation.lines
    if first == last:
        return language.say("line {first}").format(first=first)
    return language.say("lines {first}–{last}").format(first=first, last=last)


def numbered(kept: KeptCitation, language: Language) -> Block:
    """A citation: its number, its place, and the passage it stands in as a quotation to unfold."""
    passage = quotation(kept.passage.text, "expandable_blockquote", passage_mark(kept))
    head = (own(f"[{kept.citation.number}] "), *place(kept.citation, language))
    return (*head, own("\n"), *passage) if passage else head


def passage_mark(kept: KeptCitation) -> Span | None:
    """Where the answer stands in the passage; None where the quotation is not found there as it is."""
    mark, quote = kept.citation.mark, kept.citation.quote
    at = kept.passage.text.find(quote)
    return (at + mark[0], at + mark[1]) if mark and at >= 0 else None


def copied(citation: Citation, language: Language) -> str:
    """The citation as text to paste, at most COPY_UNITS long: the quotation is cut first, then the place."""
    said = "".join(run.text for run in place(citation, language)).replace("\n", language.say(", "))
    said = _cut(f" ({said})", COPY_UNITS - 40)
    return f"“{_cut(line(citation.quote, COPY_UNITS), COPY_UNITS - 2 - units(said))}”{said}"


def _cut(text: str, most_units: int) -> str:
    """The text, cut after a word where it is longer."""
    if units(text) <= most_units:
        return text
    kept = text[: most_units - 1]
    while units(kept) > most_units - 1:
        kept = kept[:-1]
    words, _, rest = kept.rpartition(" ")
    return (words if words and len(rest) < _LONG_WORD_CHARS else kept).rstrip(" ,;:") + "…"


def _window(text: str, mark: Span, most_units: int) -> Span:
    """The stretch around the mark that is at most so many units long, at white space where there is any near."""
    if units(text) <= most_units:
        return 0, len(text)
    size = most_units // 2  # in characters, of which each may be two units
    size = most_units if units(text) == len(text) else size
    start = min(max(sum(mark) // 2 - size // 2, 0), len(text) - size)
    end = start + size
    if start and (space := text.find(" ", start, start + size // 8)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - size // 8, end)) >= 0:
        end = space
    return start, end
