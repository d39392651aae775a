"""A web page's bytes -> its text: which encoding the page states, and how far to believe it."""

from __future__ import annotations

import codecs
import re

from retrieval.documents.encodings import Decoded, decode, is_text_encoding

_STATED = re.compile(
    rb"""<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:-]{2,40})|<meta[^>]{1,500}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD_BYTES = 8192  # the HTML standard asks for the first 1,024; comments may stand before
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Encodings that browsers read as a larger one, as the Encoding Standard says.
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}


def decode_page(raw: bytes, stated: str | None) -> Decoded:
    """The text of a page; `stated` is the encoding that the file's owner states. Raises DocumentError.

    A byte order mark decides, then what the page itself states if all its bytes fit, then the owner's word.
    """
    if raw.startswith(_MARKS):
        return decode(raw)
    found = _STATED.search(raw[:_HEAD_BYTES])
    name = (found[1] or found[2]).decode("ascii", "replace") if found else ""
    if not is_text_encoding(name) or b"\0" in raw:
        return decode(raw, stated)
    usual = codecs.lookup(name).name
    # Text that is valid UTF-8 by chance is next to impossible: a page that states a code page then states it wrongly.
    for encoding in ("utf-8", _LARGER.get(usual, usual)) if usual.startswith(("cp", "iso8859")) else (usual,):
        try:
            return Decoded(raw.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return decode(raw, stated)
