"""Answers that are shown at once, as the numbered lines of one reply. Pure: values in, Rich renderables out.

A comparison shows each side's quotation with its citation. What is said of the collection, and a list, are shorter: a
document's title once, and below it what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.plain_text import excerpt, visible
from bot.receipts.wording import located, place_of
from bot.terminal.citations import numbered_grid, quotation, render_cited
from retrieval.schema import Answer, AnswerText, Citation

_LINE_CHARS = 300


def render_together(answer: Answer, is_plain: bool, language: Language = ENGLISH) -> RenderableType:
    """All answers, each with the number of its citation and where it stands."""
    if answer.kind == "comparison":
        return Group(*_comparison(answer, is_plain, language))
    named = set(answer.heading.values.values()) if answer.heading else set()
    parts: list[RenderableType] = []
    for head, texts in groupby(answer.answers, key=lambda text: _head(text, language)):
        parts += _document(head, list(texts), is_plain, language, named)
    return Group(*parts)


def _comparison(answer: Answer, is_plain: bool, language: Language) -> Iterator[RenderableType]:
    for number, text in enumerate(answer.answers):
        if number:
            yield Text("")
        if not text.citations:
            yield Text(visible(text.text))
        for citation in text.citations:
            yield from render_cited(citation, is_plain, language)


def _head(text: AnswerText, language: Language) -> tuple[str, str] | None:
    """The title and date of an answer's document, and its file; None where the answer cites none."""
    if not text.citations:
        return None
    citation = text.citations[0]
    date = [visible(language.date(citation.date))] if citation.date else []
    return language.translate(", ").join([visible(citation.title), *date]), citation.document


def _document(
    head: tuple[str, str] | None,
    texts: Sequence[AnswerText],
    is_plain: bool,
    language: Language,
    named: Collection[str],
) -> Iterator[RenderableType]:
    """What one document says: its title beside the number of the one thing, or above the several.

    It is not repeated if it is among the titles `named` in the line above.
    """
    if head is None:
        yield from (Text(excerpt(text.text, _LINE_CHARS)) for text in texts)
        return
    grid = numbered_grid()
    cited = [(text, citation) for text in texts for citation in text.citations]
    if len(cited) == 1:
        ((text, citation),) = cited
        grid.add_row(_number(citation), Text(head[0], style="bold"))
        if not _is_said_by(citation.title, citation.quote):
            grid.add_row("", _said(text, citation, is_plain))
        grid.add_row("", Text(located(citation, language), style="dim"))
    else:
        if cited[0][1].title not in named:
            yield Text(head[0], style="bold")
        yield Text(visible(head[1]), style="dim")
        for text, citation in cited:
            grid.add_row(_number(citation), _said(text, citation, is_plain))
            grid.add_row("", Text(_place(citation, language), style="dim"))
    yield grid


def _number(citation: Citation) -> Text:
    return Text(f"[{citation.number}]", style="bold")


def _said(text: AnswerText, citation: Citation, is_plain: bool) -> Text:
    """The quotation, or of a long one the answer's own words."""
    if len(citation.quote) <= _LINE_CHARS:
        return quotation(citation, is_plain)
    return Text(f"“{excerpt(text.text, _LINE_CHARS)}”")


def _is_said_by(title: str, quote: str) -> bool:
    """Whether the quotation is the title and nothing else; a title may be cut, and a footnote may follow it."""
    whole, cut = _letters(quote), _letters(title)
    return whole == cut or (title.rstrip().endswith("…") and whole.startswith(cut))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalpha())


def _place(citation: Citation, language: Language) -> str:
    """The section, unless it is the title, and the place in the document."""
    section = [visible(citation.section)] if citation.section and citation.section != citation.title else []
    return language.translate(", ").join([*section, place_of(citation, language)])
