"""Answers that are shown at once, as the numbered lines of one reply. Pure: values in, Rich renderables out.

What is said of the collection is a line for each document or passage; a comparison, each side's quotation with its
citation; a list, the quotations below the document that they are from.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.plain_text import excerpt, visible
from bot.receipts.wording import located, place_of
from bot.terminal.citations import numbered_grid, quotation, render_cited, titled
from retrieval.schema import Answer, AnswerText, Citation

_LINE_CHARS = 300


def render_together(answer: Answer, is_plain: bool, language: Language = ENGLISH) -> RenderableType:
    """All answers, each with the number of its citation and where it stands."""
    if answer.kind == "comparison":
        return Group(*_comparison(answer, is_plain, language))
    if answer.kind == "collection":
        return _lines(answer, is_plain, language)
    return Group(*_by_document(answer, is_plain, language))


def _comparison(answer: Answer, is_plain: bool, language: Language) -> Iterator[RenderableType]:
    for number, text in enumerate(answer.answers):
        if number:
            yield Text("")
        for citation in text.citations:
            yield from render_cited(citation, is_plain, language)


def _lines(answer: Answer, is_plain: bool, language: Language) -> Table:
    grid = numbered_grid()
    for text in answer.answers:
        if not text.citations:
            grid.add_row("", Text(excerpt(text.text, _LINE_CHARS)))
            continue
        citation = text.citations[0]
        grid.add_row(_number(citation), _said(text, citation, is_plain))
        where = located(citation, language)
        if visible(text.text) != visible(citation.title):
            where = language.translate(", ").join([titled(citation, language), where])
        elif citation.date:
            where = language.translate(", ").join([visible(language.date(citation.date)), where])
        grid.add_row("", Text(where, style="dim"))
    return grid


def _by_document(answer: Answer, is_plain: bool, language: Language) -> Iterator[RenderableType]:
    """The document's title and file, then its quotations; the same document again where others came between."""
    for head, texts in groupby(answer.answers, key=lambda text: _document(text, language)):
        if head:
            yield Text(head[0], style="bold")
            yield Text(head[1], style="dim")
        grid = numbered_grid()
        for text in texts:
            if not text.citations:
                grid.add_row("", Text(excerpt(text.text, _LINE_CHARS)))
            for citation in text.citations:
                grid.add_row(_number(citation), quotation(citation, is_plain))
                grid.add_row("", Text(_place(citation, language), style="dim"))
        yield grid


def _document(text: AnswerText, language: Language) -> tuple[str, str] | None:
    if not text.citations:
        return None
    citation = text.citations[0]
    date = [visible(language.date(citation.date))] if citation.date else []
    return language.translate(", ").join([visible(citation.title), *date]), visible(citation.document)


def _place(citation: Citation, language: Language) -> str:
    section = citation.section if citation.section != citation.title else None
    return language.translate(", ").join([*([visible(section)] if section else []), place_of(citation, language)])


def _number(citation: Citation) -> Text:
    return Text(f"[{citation.number}]", style="bold")


def _said(text: AnswerText, citation: Citation, is_plain: bool) -> Text:
    """The answer's own words, or its quotation with them marked where that says more."""
    if citation.mark and (0, len(citation.quote)) != citation.mark and len(citation.quote) <= _LINE_CHARS:
        return quotation(citation, is_plain)
    return Text(excerpt(text.text, _LINE_CHARS), style="bold")
