"""Which files are read, and how: one Format for each kind of file.

To read another kind of file, add a Format here and a module for its reader beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from retrieval.documents.encodings import decode
from retrieval.documents.layout import Layout, read_layout


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read.

    `decode` turns the file's bytes into text and the name of its encoding and may raise DocumentError; `read_layout`
    turns that text into paragraphs and headings and lists what it leaves out.
    """

    decode: Callable[[bytes], tuple[str, str]]
    read_layout: Callable[[str], Layout]


PLAIN_TEXT = Format(decode, read_layout)
MARKDOWN = Format(decode, partial(read_layout, is_markdown=True))
FORMATS = {".txt": PLAIN_TEXT, ".text": PLAIN_TEXT, ".md": MARKDOWN, ".markdown": MARKDOWN}
"""The format of a file by its suffix in lower case; files with other suffixes are not read."""
EXAMPLES = ".txt or .md"


def format_of(doc_id: str) -> Format:
    """The format of a document by its path; plain text where the suffix is unknown."""
    return FORMATS.get(PurePosixPath(doc_id).suffix.lower(), PLAIN_TEXT)
