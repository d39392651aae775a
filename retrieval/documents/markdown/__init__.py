"""Markdown files (CommonMark, GitHub's tables and footnotes, Obsidian's links, front matter) -> their elements.

The document's text is the file's own: signs such as "#", "**" and link addresses are left out of the elements, not of
the text.
"""

from __future__ import annotations

from retrieval.documents.elements import Dropped, Element, Extraction, Metadata, ReadOptions
from retrieval.documents.encodings import decode
from retrieval.documents.markdown.blocks import read_blocks
from retrieval.documents.markdown.front_matter import FrontMatter, read_front_matter
from retrieval.documents.markdown.remainder import remainder
from retrieval.documents.reading import reading_of


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The elements of a Markdown file, none where it has no text. Raises DocumentError where no encoding fits."""
    decoded = decode(raw, options.encoding)
    text = decoded.text
    front = read_front_matter(text)
    body, left_out = read_blocks(text, front.span[1] if front else 0)
    elements = [*_title(text, front, body), *body]
    if front:
        left_out.insert(0, Dropped(front.span, "front matter"))
    return Extraction(
        text=text,
        encoding=decoded.encoding,
        elements=tuple(elements),
        dropped=remainder(text, elements, left_out, "markup"),
        metadata=front.metadata if front else Metadata(),
        remarks=decoded.remarks,
    )


def _title(text: str, front: FrontMatter | None, body: list[Element]) -> list[Element]:
    """The front matter's title as a heading, for people ask for it; none where the first heading says the same."""
    if not front or not front.title:
        return []
    reading = reading_of(text, [front.title])
    first = next((element.reading.text for element in body if element.kind == "heading"), "")
    return [] if first.casefold() == reading.text.casefold() else [Element("heading", reading, level=1)]
