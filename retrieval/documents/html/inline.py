"""Inline content -> text: one space for white space, a line break for <br>, without notes' marks and small signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.documents.html.tree import Node

_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *\n *")
_NEXT_ITEM = "\x1f"  # no text of a page has it: see tree.py
_AROUND_NEXT_ITEM = re.compile(rf"\s*{_NEXT_ITEM}\s*")
_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_NOTE_CHARS = 6  # "[12]", "12,13": longer raised text is no mark
_DISPLAY_STYLE = re.compile(r"\{\\displaystyle\s+(.*)\}", re.DOTALL)
_NOTE_MARKS = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
_UNREAD_TAGS = frozenset({"rt", "rp", "annotation"})


def text_of(node: Node) -> str:
    """The node's text; blocks inside it are separated by spaces, items of a list by commas."""
    text = _AROUND_NEXT_ITEM.sub(", ", "".join(_pieces(node)))
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip()


def line_of(node: Node) -> str:
    """The node's text as one line."""
    return " ".join(text_of(node).split())


def code_of(node: Node) -> str:
    """The text of a <pre>, with all its white space except blank lines around it."""
    text = "".join(_code_pieces(node)).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", text).rstrip()


def image_text(node: Node) -> str:
    """What the images in the node show, in the words of their authors."""
    return " ".join(" ".join(image.get("alt").split()) for image in node.walk() if image.tag == "img").strip()


def _pieces(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield _SPACE.sub(" ", child)
        elif child.is_left_out or child.tag in _UNREAD_TAGS or _is_mark(child):
            if child.is_block:
                yield " "
        elif child.tag in ("br", "hr"):
            yield "\n"
        elif child.tag == "math":
            yield _formula(child)
        elif child.tag == "sup":
            yield _raised("".join(_pieces(child)))
        elif child.tag == "q":
            yield from ("“", *_pieces(child), "”")
        elif child.is_block:
            yield _NEXT_ITEM if child.tag == "li" and _is_after_another(child) else " "
            yield from _pieces(child)
            yield " "
        else:
            yield from _pieces(child)


def _is_after_another(item: Node) -> bool:
    return item.parent is not None and next(item.parent.elements, None) is not item


def _formula(math: Node) -> str:
    tex = next((node for node in math.walk() if node.tag == "annotation" and "tex" in node.get("encoding")), None)
    written = math.get("alttext") or ("".join(_pieces(tex)) if tex else "") or "".join(_pieces(math))
    written = " ".join(written.split())
    inner = _DISPLAY_STYLE.fullmatch(written)
    return inner[1].strip() if inner else written


def _raised(text: str) -> str:
    """Digits as superscripts, so that "10" and a raised "2" do not become "102"."""
    bare = text.strip()
    return bare.translate(_SUPERSCRIPT) if re.fullmatch(r"[-−+]?[\d=()n]+", bare, re.ASCII) else text


def _is_mark(node: Node) -> bool:
    """Whether it is a footnote's mark, the way back from a note, or a sign that links to a place of its page."""
    if node.tag not in ("a", "sup", "span"):
        return False
    if _NOTE_MARKS & (node.words("epub:type") | node.words("role")):
        return True
    link = node if node.tag == "a" else node.find("a") if node.tag == "sup" else None
    if not link or "#" not in link.get("href"):
        return False
    text = _beginning(node)
    if not any(letter.isalnum() for letter in text):
        return bool(text) and link.get("href").startswith("#")
    is_raised = node.tag == "sup" or [part.tag for part in node.elements] == ["sup"]
    return is_raised and len(text) <= _NOTE_CHARS


def _beginning(node: Node) -> str:
    """Enough of the text to see that it is too long for a mark, without white space and in any order."""
    text = ""
    for part in node.walk():
        for piece in part.children:
            if isinstance(piece, str):
                text += "".join(piece[: 4 * _NOTE_CHARS].split())
        if len(text) > _NOTE_CHARS:
            break
    return text


def _code_pieces(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif not child.is_left_out:
            if child.tag == "br":
                yield "\n"
            yield from _code_pieces(child)
            if child.is_block:
                yield "\n"
