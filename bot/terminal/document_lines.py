"""Numbered lines of a document around what is cited. Pure: values in, Rich renderables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.plain_text import line_spans
from bot.receipts.wording import located
from bot.terminal.citations import marked, titled
from retrieval.schema import Citation, Document
from retrieval.spans import Span


def render_document(
    document: Document,
    citation: Citation,
    is_plain: bool,
    context_lines: int | None = None,
    language: Language = ENGLISH,
) -> RenderableType:
    """The document's numbered lines around the citation, its slices marked; every line if `context_lines` is None.

    Lines are counted as in Citation.lines; "⋮" stands for lines left out between two slices.
    """
    lines = line_spans(document.text)
    if context_lines is None:
        shown: Iterable[int] = range(len(lines))
    else:
        cited = _touched(lines, citation.spans)
        shown = {line for at in cited for line in range(at - context_lines, at + context_lines + 1)}
    return _render(document, citation, is_plain, lines, shown, language)


def render_section(
    document: Document, citation: Citation, is_plain: bool, spans: Sequence[Span], language: Language = ENGLISH
) -> RenderableType:
    """The document's numbered lines that the spans touch, the citation's slices marked."""
    lines = line_spans(document.text)
    return _render(document, citation, is_plain, lines, _with_blank_lines(document, lines, spans), language)


def _with_blank_lines(document: Document, lines: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """The lines that the spans touch, with the blank lines between two of them."""
    touched = _touched(lines, spans)
    shown = touched[:1]
    for before, line in pairwise(touched):
        gap = range(before + 1, line)
        shown += [*gap, line] if not any(document.text[slice(*lines[at])].strip() for at in gap) else [line]
    return shown


def _render(
    document: Document,
    citation: Citation,
    is_plain: bool,
    lines: Sequence[Span],
    shown: Iterable[int],
    language: Language,
) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    previous = -1
    for number in sorted(line for line in shown if 0 <= line < len(lines)):
        if previous >= 0 and number > previous + 1:
            grid.add_row("⋮", "")
        grid.add_row(str(number + 1), _marked_line(document.text, lines[number], citation.spans, is_plain))
        previous = number
    where = Text(located(citation, language), style="dim")
    return Group(Text(titled(citation, language), style="bold"), where, Text(""), grid)


def _touched(lines: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """The numbers of the lines, from 0, that have a part of a span; both are in the order of the text."""
    ordered = sorted(spans)
    touched, at = [], 0
    for number, (start, end) in enumerate(lines):
        while at < len(ordered) and ordered[at][1] <= start:
            at += 1
        if at < len(ordered) and ordered[at][0] < end:
            touched.append(number)
    return touched


def _marked_line(text: str, line: Span, spans: Sequence[Span], is_plain: bool) -> Text:
    start, end = line
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in spans]
    return marked(text[start:end], inside, is_plain)
