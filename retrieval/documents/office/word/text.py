"""The visible text of a Word paragraph: without deleted and hidden text, field codes and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from retrieval.documents.office.charts import DRAWN_ELSEWHERE
from retrieval.documents.office.word.styles import Styles, W, hidden, value

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"

_DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "rt"))  # rt: the reading above a character
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "hyperlink", "sdtContent", "dir", "bdo")
)
_DRAWINGS = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_NOT_INLINE = frozenset(f"{W}{name}" for name in ("p", "tbl", "pPr", "sdtPr", "rubyPr"))
_SPACES = frozenset(f"{W}{name}" for name in ("tab", "ptab", "br", "cr"))
_REFERENCES = {f"{W}footnoteReference": f"{W}footnote", f"{W}endnoteReference": f"{W}endnote"}
CONTENTS = re.compile(r"\s*TOC\b")
"""The code of a field that is a table of contents."""

# The font Symbol's Greek letters and signs, by code; its other signs are not text.
_SYMBOLS = (
    dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=False))
    | dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
    | dict(zip(range(0xA2, 0xBD), "′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", strict=True))
)

NoteKey = tuple[str, str]
"""The tag of a note (foot or end) and its id."""


class Flow:
    """The text of one paragraph, and what it refers to, which is read after it."""

    def __init__(self, styles: Styles, is_hidden: bool) -> None:
        """`is_hidden` is what the paragraph's style says of its runs."""
        self.notes: list[NoteKey] = []
        self.drawn: list[etree._Element] = []
        self._styles, self._is_hidden = styles, is_hidden
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def read(self, parent: etree._Element) -> None:
        """Add the text of an element's runs and all that holds runs."""
        for child in visible_children(parent):
            if child.tag == f"{W}r":
                if not self._hides(child.find(f"{W}rPr")):
                    self._read_run(child)
            elif child.tag == f"{_M}t":
                self._parts.append(child.text or "")
            elif child.tag not in _NOT_INLINE:
                self._parts.append("/" if child.tag == f"{_M}den" else "")  # a fraction
                self.read(child)  # a part of a formula, or what a later Word invented

    def _read_run(self, run: etree._Element) -> None:
        has_own_mark = False
        for child in visible_children(run):
            if child.tag == f"{W}t" or child.tag == f"{_M}t":
                self._parts.append("" if has_own_mark else child.text or "")
            elif child.tag in _SPACES:
                self._parts.append(" ")
            elif child.tag == f"{W}noBreakHyphen":
                self._parts.append("-")
            elif child.tag == f"{W}sym":
                self._parts.append(_symbol(child))
            elif child.tag in _REFERENCES:
                self.notes.append((_REFERENCES[child.tag], child.get(f"{W}id", "")))
                has_own_mark = True  # such as "*", which stands in the same run
            elif child.tag in _DRAWINGS:
                self._read_drawing(child)
            elif child.tag == f"{W}ruby":
                self.read(child)

    def _read_drawing(self, parent: etree._Element) -> None:
        for child in visible_children(parent):
            if child.tag == f"{W}txbxContent" or child.tag in DRAWN_ELSEWHERE:
                self.drawn.append(child)
            elif child.tag == _WORD_ART:
                self._parts.append(f" {child.get('string', '')} ")
            else:
                self._read_drawing(child)

    def _hides(self, properties: etree._Element | None) -> bool:
        if properties is None:
            return self._is_hidden
        style_id = value(properties, "rStyle")
        by_style = self._is_hidden or (style_id is not None and self._styles.of(style_id).is_hidden)
        return hidden(properties, by_style)


def visible_children(parent: etree._Element) -> Iterator[etree._Element]:
    """The children of an element as a reader sees them: without what was deleted, and inside what only wraps them."""
    for child in parent:
        tag = child.tag
        if tag in _WRAPPERS:
            yield from visible_children(child)
        elif tag in _DELETED:
            continue
        elif tag == f"{W}sdt":
            if not _is_contents(child):
                yield from visible_children(child)
        elif tag == f"{W}fldSimple":
            if not CONTENTS.match(child.get(f"{W}instr", "")):
                yield from visible_children(child)
        elif tag == f"{_MC}AlternateContent":
            choices = [*child.iterchildren(f"{_MC}Choice", f"{_MC}Fallback")]  # the same content, for newer and older
            if choices:
                yield from visible_children(choices[0])
        else:
            yield child


def clear_fields(root: etree._Element, codes: re.Pattern[str]) -> None:
    """Empty the fields with such a code, which may reach over many paragraphs.

    A field that never ends is left alone, so that a broken one can't hide the document.
    """
    fields: list[tuple[list[str], int]] = []  # each open field's code, and where its text begins in `texts`
    texts: list[etree._Element] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        if element.tag == f"{W}t":
            if fields:
                texts.append(element)
        elif element.tag == f"{W}instrText":
            if fields:
                fields[-1][0].append(element.text or "")
        elif element.get(f"{W}fldCharType") == "begin":
            fields.append(([], len(texts)))
        elif element.get(f"{W}fldCharType") == "end" and fields:
            code, start = fields.pop()
            if codes.match("".join(code)):
                for text in texts[start:]:
                    text.text = ""
                del texts[start:]
            if not fields:
                texts.clear()


def _is_contents(control: etree._Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _symbol(element: etree._Element) -> str:
    """The character of the font Symbol; signs of other fonts, such as arrows and boxes, are no text."""
    code = element.get(f"{W}char", "")
    if element.get(f"{W}font") != "Symbol" or not re.fullmatch("[0-9A-Fa-f]{4}", code):
        return ""
    return _SYMBOLS.get(int(code, 16) & 0xFF, "")
