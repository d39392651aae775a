"""Files that are not what their names say, known by how they start."""

from __future__ import annotations

import re

PROTECTED = "it is protected by a password; save a copy without the password"
DAMAGED = "it is damaged, or not what its name says; open it in the program that made it and save it again"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = {
    "EncryptedPackage": PROTECTED,
    "WordDocument": "it is an old Word file (.doc); save it as .docx",
    "PowerPoint Document": "it is an old PowerPoint file (.ppt); save it as .pptx",
    "Workbook": "it is an old Excel file (.xls); save it as .xlsx",
}
"""What an OLE container is, by the name of its main stream."""
_STARTS = (
    (re.compile(rb"PK\x03\x04"), "it is a packed file, perhaps of Word; rename it to end in .docx"),
    (re.compile(rb"\s*%PDF-"), "it is a PDF file; rename it to end in .pdf"),
    (re.compile(rb"\s*\{\\rtf"), "it is an RTF file; rename it to end in .rtf"),
    (re.compile(rb"(?s).{0,1000}?(?:<!doctype\s+html|<html)", re.I), "it is a web page; rename it to end in .html"),
)


def why_unreadable(raw: bytes) -> str:
    """Why a file that does not start as its name says can't be read, and what to do about it."""
    if not raw.strip(b"\x00\t\n\r "):
        return "it is empty"
    if raw.startswith(_OLE):
        found = (reason for stream, reason in _OLE_KINDS.items() if stream.encode("utf-16-le") in raw)
        return next(found, "it is an old office file; save it in the newer format")
    return next((reason for start, reason in _STARTS if start.match(raw)), DAMAGED)
