"""The citations of a receipt, to paste into another text: Markdown, plain text, BibTeX or JSON. Pure."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, get_args

from bot.language.language import ENGLISH, Language
from bot.plain_text import ISO_DATE, visible
from bot.receipts.receipt import Cited, Receipt
from bot.receipts.wording import located
from retrieval.schema import Citation

CiteFormat = Literal["markdown", "text", "bibtex", "json"]
FORMATS: tuple[CiteFormat, ...] = get_args(CiteFormat)
_DATE_FIELDS = ("year", "month", "day")
# What Markdown reads as markup: some signs anywhere, others only where they begin a line.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>~|&$]|^[#+\-=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped ones too
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "“": "``",
    "”": "''",
    '"': "''",
}


def cite(receipt: Receipt, format_: CiteFormat, language: Language = ENGLISH) -> str:
    """Every citation of the receipt in that format, without the question; it ends without a line break."""
    if format_ == "json":
        return _json(receipt)
    write = {"markdown": _markdown, "text": _text, "bibtex": _bibtex}[format_]
    return "\n\n".join(write(receipt.id, cited, language) for cited in receipt.citations)


def _text(id_: str, cited: Cited, language: Language) -> str:
    return f"“{visible(cited.citation.quote)}” ({_source(cited.citation, language)}; Quoth {id_})"


def _markdown(id_: str, cited: Cited, language: Language) -> str:
    quote, source = (_in_markdown(text) for text in (cited.citation.quote, _source(cited.citation, language)))
    return f"> {quote}\n>\n> — {source} (Quoth `{id_}`)"


def _source(citation: Citation, language: Language) -> str:
    """Title, date, section, file and place, separated by commas; the section only if it differs from the title."""
    section = citation.section if citation.section != citation.title else None
    date = language.date(citation.date) if citation.date else None
    parts = [visible(part) for part in (citation.title, date, section) if part]
    return language.translate(", ").join([*parts, located(citation, language)])


def _in_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", visible(text))


def _bibtex(id_: str, cited: Cited, language: Language) -> str:
    citation = cited.citation
    fields = {"title": f"{{{_in_tex(citation.title)}}}"}
    date = ISO_DATE.fullmatch(citation.date or "")
    if date:
        fields |= {name: str(int(part)) for name, part in zip(_DATE_FIELDS, date.groups(), strict=True) if part}
    fields["howpublished"] = _in_tex(located(citation, language))
    fields["note"] = f"``{_in_tex(citation.quote)}'' SHA-256 of the file: {cited.sha256}"
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{quoth-{id_}-{citation.number},\n{lines}\n}}"


def _in_tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in visible(text))


def _json(receipt: Receipt) -> str:
    return json.dumps({"receipt": receipt.id, "citations": [_citation(cited) for cited in receipt.citations]})


def _citation(cited: Cited) -> dict[str, Any]:
    citation = cited.citation
    return {
        "number": citation.number,
        "document": citation.document,
        "sha256": cited.sha256,
        "title": citation.title,
        "date": citation.date,
        "section": citation.section,
        "page": citation.page,
        "place": {"kind": citation.place.kind, "label": citation.place.label} if citation.place else None,
        "spans": citation.spans,
        "lines": citation.lines,
        "quote": citation.quote,
    }
