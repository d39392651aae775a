"""Word paragraphs: text, kind, and the number that Word puts before them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from retrieval.documents.elements import ElementKind
from retrieval.documents.office.clauses import is_clause
from retrieval.documents.office.word.numbering import Numbering
from retrieval.documents.office.word.styles import Style, Styles, W, depth_of, heading_level, hidden, value
from retrieval.documents.office.word.text import Flow, NoteKey
from retrieval.documents.visible import visible_line

_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without its number, which is in `label`; notes, text boxes and charts are read after it."""

    kind: ElementKind
    level: int
    label: str
    text: str
    notes: tuple[NoteKey, ...]
    drawn: tuple[etree._Element, ...]

    @property
    def labelled(self) -> str:
        """The text with its number."""
        return f"{self.label} {self.text}".strip()


class ParagraphReader:
    """Reads the paragraphs of a file in their order, because the numbers of lists count on."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles, self._numbering = styles, numbering

    def read(self, paragraph: etree._Element) -> Paragraph:
        """The paragraph; its text is "" where nothing of it is visible."""
        properties = paragraph.find(f"{W}pPr")
        style = self._styles.of(None if properties is None else value(properties, "pStyle"))
        flow = Flow(self._styles, style.is_hidden)
        flow.read(paragraph)
        text = visible_line(flow.text)
        label, depth = self._place_in_list(properties, style, text)
        kind, level = _kind(heading_level(properties), style, text, None if label is None else depth)
        return Paragraph(kind, level, visible_line(label or ""), text, tuple(flow.notes), tuple(flow.drawn))

    def _place_in_list(self, properties: etree._Element | None, style: Style, text: str) -> tuple[str | None, int]:
        """What the list puts before the paragraph, None where it is in no list, and how deep in it the paragraph is."""
        list_id, level = self._list_of(properties, style)
        if list_id is None or (not text and _is_gone(properties, style)):
            return None, 0
        label = self._numbering.next_label(list_id, level)
        return label, max(level, style.depth)

    def _list_of(self, properties: etree._Element | None, style: Style) -> tuple[str | None, int]:
        """The id of the paragraph's list, None where it is in none, and its level there."""
        listed = None if properties is None else properties.find(f"{W}numPr")
        level = None if listed is None else depth_of(value(listed, "ilvl"))
        own = None if listed is None else value(listed, "numId")
        if own is not None or style.list_id is None:
            return own, min(level or 0, _MAX_DEPTH)
        if level is None:
            tied = self._numbering.level_of_style(style.list_id, style.list_style)
            level = style.list_level if tied is None else tied
        return style.list_id, min(level, _MAX_DEPTH)


def _kind(stated: int | None, style: Style, text: str, depth: int | None) -> tuple[ElementKind, int]:
    """A paragraph's kind and level; `stated` is its own heading level, `depth` that in its list, None outside lists."""
    heading = (style.heading if stated is None else stated) or 0
    if heading and not is_clause(text):
        return "heading", heading
    if depth is not None:
        return "item", depth
    return ("caption" if style.is_caption else "paragraph"), 0


def _is_gone(properties: etree._Element | None, style: Style) -> bool:
    """Whether the end of the paragraph is hidden or deleted: without text it is not there, and takes no number."""
    mark = None if properties is None else properties.find(f"{W}rPr")
    return hidden(mark, style.is_hidden) or (mark is not None and mark.find(f"{W}del") is not None)
