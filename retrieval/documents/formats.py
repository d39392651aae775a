"""Which files are read, and the module that reads each kind. Light to import: no reader is loaded until it is needed.

To read another kind of file, add its suffix here and a module with a function `read` beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath

from retrieval.documents.elements import Extraction, ReadOptions

Reader = Callable[[bytes, ReadOptions], Extraction]
"""Turns a file's bytes into its text and elements. Raises DocumentError."""

_MODULES = {
    "plain_text": ".txt .text .log",
    "markdown": ".md .markdown .mdx",
    "pdf": ".pdf",
    "office.word": ".docx",
    "office.opendocument": ".odt .odp .ods",
    "office.rtf": ".rtf",
    "html": ".html .htm .xhtml",
    "epub": ".epub",
    "office.powerpoint": ".pptx",
    "office.excel": ".xlsx",
    "delimited": ".csv .tsv",
    "messages.subtitles": ".srt .vtt",
    "messages.mail": ".eml .mbox",
    "messages.telegram_export": ".json",
}
SUFFIXES = {suffix: module for module, suffixes in _MODULES.items() for suffix in suffixes.split()}
"""The name of the module that reads a file, by the file's suffix in lower case."""
EXAMPLES = ".txt, .md, .pdf, .docx or .html"


def is_read(name: str) -> bool:
    """Whether files of that name are read, by its suffix."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def reader_of(name: str) -> Reader:
    """The function that reads files of that name; that of plain text where the suffix is unknown."""
    module = SUFFIXES.get(PurePosixPath(name).suffix.lower(), "plain_text")
    reader: Reader = import_module(f"retrieval.documents.{module}").read
    return reader
