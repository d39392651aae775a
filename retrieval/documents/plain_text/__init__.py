"""Plain text: prose, hard-wrapped or not, and the logs and tables that people keep in .txt files."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval.documents.delimited import table_in
from retrieval.documents.elements import Extraction, Metadata, ReadOptions
from retrieval.documents.encodings import decode
from retrieval.documents.messages.chat import messages_in
from retrieval.documents.plain_text.layout import read_layout

_HEADER_LINES = 60
_STATED = re.compile(r"^(?P<name>Title|Author|Release Date):[^\S\n]*(?P<value>\S.{0,200})$", re.MULTILINE)


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The elements of a plain text. Raises DocumentError where the bytes are not text."""
    decoded = decode(raw, options.encoding)
    if table := table_in(decoded.text):
        return replace(table, encoding=decoded.encoding, remarks=decoded.remarks)
    messages = messages_in(decoded.text)
    elements, dropped = (list(messages.elements), []) if messages else read_layout(decoded.text)
    return Extraction(
        text=decoded.text,
        encoding=decoded.encoding,
        elements=tuple(elements),
        dropped=tuple(dropped),
        places=messages.places if messages else (),
        metadata=_metadata(decoded.text),
        remarks=decoded.remarks,
    )


def _metadata(text: str) -> Metadata:
    """Title and author, where a header of lines such as "Title: ..." and "Author: ..." states both."""
    head = "\n".join(text.split("\n", _HEADER_LINES)[:_HEADER_LINES])
    stated = {match["name"]: match["value"].strip() for match in _STATED.finditer(head)}
    if "Title" not in stated or "Author" not in stated:
        return Metadata()
    return Metadata(title=stated["Title"], publisher=stated["Author"])
