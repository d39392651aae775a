"""The text of a Word file's headers and footers, without the numbers of pages.

A letterhead's address and telephone number often stand nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lxml import etree

from retrieval.documents.office.word.blocks import BlockWriter
from retrieval.documents.office.word.paragraphs import ParagraphReader
from retrieval.documents.office.word.styles import W
from retrieval.documents.office.word.text import clear_fields
from retrieval.documents.visible import visible_line

_PAGES = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
_NUMBER, _GAP = "\ufdd0", "\ufdd1"  # stand for a page's number and for a tab; Unicode has no such characters
_GAPS = (f"{W}tab", f"{W}ptab", f"{W}br", f"{W}cr")
_PART_END = re.compile(rf"({_GAP}|\s[-–—·•|]\s)")


def lines_of(margins: Sequence[etree._Element], reader: ParagraphReader, known: Collection[str]) -> list[str]:
    """The paragraphs and rows of headers or footers, each text once, and none that is in `known` (in lower case)."""
    writer = BlockWriter(reader, {}, lambda _: None)
    for margin in margins:
        _mark(margin)
        writer.add_blocks(margin)
    lines = (_without_numbers(element.reading.text) for element in writer.builder.extraction().elements)
    return [line for line in dict.fromkeys(lines) if re.search(r"\w", line) and line.lower() not in known]


def paragraphs_of(body: etree._Element) -> set[str]:
    """The texts of all paragraphs, in lower case."""
    paragraphs = ("".join(text.text or "" for text in found.iter(f"{W}t")) for found in body.iter(f"{W}p"))
    return {visible_line(text).lower() for text in paragraphs}


def _mark(margin: etree._Element) -> None:
    """Put signs where the numbers of pages and the tabs are."""
    clear_fields(margin, _PAGES)
    for code in list(margin.iter(f"{W}instrText")):
        if _PAGES.match(code.text or ""):
            code.tag, code.text = f"{W}t", _NUMBER
    for field in list(margin.iter(f"{W}fldSimple")):
        if _PAGES.match(field.get(f"{W}instr", "")):
            field.clear()
            etree.SubElement(etree.SubElement(field, f"{W}r"), f"{W}t").text = _NUMBER
    for gap in list(margin.iter(*_GAPS)):
        gap.tag, gap.text = f"{W}t", _GAP


def _without_numbers(text: str) -> str:
    """The text without the numbers of pages, and without parts that have no more words than numbers ("Page 3 of 7")."""
    pieces = _PART_END.split(text)  # a part, what separates it from the next, the next part, ...
    kept = ""
    for part, before in zip(pieces[::2], ["", *pieces[1::2]], strict=True):
        words = re.findall(r"\w+", part.replace(_NUMBER, " "))
        if _NUMBER not in part or len(words) > part.count(_NUMBER):
            kept += (before if kept else "") + part
    return visible_line(kept.replace(_NUMBER, " ").replace(_GAP, " "))
