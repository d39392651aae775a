"""What no reader of a page sees is marked as left out: hidden elements, and controls of forms."""

from __future__ import annotations

from retrieval.documents.html.tree import HEADINGS, Node

_CONTROLS = frozenset("input select textarea button datalist option optgroup map colgroup head title".split())
_UNSEEN_CLASSES = frozenset("sr-only visually-hidden visuallyhidden screen-reader-text".split())
_NOTES = frozenset("footnote endnote rearnote doc-footnote doc-endnote".split())


def leave_out_hidden(root: Node) -> None:
    """Mark what no reader of the page sees, and controls of forms."""
    controlled = {name for node in root.walk() for name in node.words("aria-controls")}
    for node in root.walk():
        node.is_left_out = _is_control(node) or (
            bool(node.attributes) and _is_hidden(node) and node.get("id").lower() not in controlled
        )


def _is_control(node: Node) -> bool:
    """Form controls; but a button in a heading that opens a section of text is that section's heading."""
    if node.tag == "button" and {"aria-expanded", "aria-controls"} & node.attributes.keys():
        return not any(above.tag in HEADINGS for above in node.ancestors())
    return node.tag in _CONTROLS


def _is_hidden(node: Node) -> bool:
    """Hidden by attribute, style or class; not the text behind a formula or a note, nor the page's main text."""
    style = node.get("style").replace(" ", "").lower()
    is_unseen = (
        ("hidden" in node.attributes and node.get("hidden").lower() != "until-found")
        or "display:none" in style
        or "visibility:hidden" in style
        or node.get("aria-hidden").lower() == "true"
        or bool(_UNSEEN_CLASSES & node.words("class"))
        or bool({"pagebreak", "doc-pagebreak"} & (node.words("epub:type") | node.words("role")))
    )
    if not is_unseen or node.tag in ("html", "body") or _NOTES & (node.words("epub:type") | node.words("role")):
        return False
    return not node.find("math", "main", "article", "h1")
