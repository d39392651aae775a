"""The visible text of an OpenDocument paragraph, and what is read after it."""

from __future__ import annotations

from lxml import etree

from retrieval.documents.office.opendocument.styles import DRAW, OFFICE, PRESENTATION, SVG, TEXT, Styles

_SPACES = frozenset(f"{TEXT}{name}" for name in ("s", "tab", "line-break"))
_UNSEEN = frozenset(
    (
        f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{TEXT}ruby-text", f"{TEXT}hidden-text", f"{TEXT}number",
        f"{SVG}title", f"{SVG}desc", f"{PRESENTATION}notes", f"{TEXT}script", f"{OFFICE}event-listeners",
    )
)  # fmt: skip


class Flow:
    """The text of one paragraph, its notes, and the drawings in it, which may hold text."""

    def __init__(self, styles: Styles) -> None:
        self.notes: list[etree._Element] = []
        self.drawings: list[etree._Element] = []
        self._styles = styles
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def read(self, parent: etree._Element) -> None:
        """Add the text of an element and all inside it."""
        if parent.get(f"{TEXT}style-name") not in self._styles.hidden:
            self._parts.append(parent.text or "")
            for child in parent:
                self._read_child(child)
                self._parts.append(child.tail or "")

    def _read_child(self, child: etree._Element) -> None:
        if child.tag in _SPACES:
            self._parts.append(" ")
        elif child.tag == f"{TEXT}note":
            self.notes.append(child)
        elif child.tag.startswith(DRAW):
            self.drawings.append(child)
        elif child.tag not in _UNSEEN and child.get(f"{TEXT}is-hidden") != "true":
            self.read(child)
