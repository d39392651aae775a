"""Documents and passages found, as lists in the terminal. Pure: values in, Rich renderables out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.language.wording import translatable
from bot.plain_text import excerpt, visible
from bot.terminal.citations import numbered_grid
from retrieval.schema import Hit, Source

NO_PASSAGE = "No passage was found."
NO_DOCUMENTS = translatable("There are no documents.")


def render_hits(hits: Sequence[Hit]) -> RenderableType:
    """Ranked passages: rank, title and file, the score and its two parts, and the beginning of the passage."""
    if not hits:
        return Text(NO_PASSAGE)
    grid = numbered_grid()
    for hit in hits:
        scores = f"score {hit.score:.2f}: dense {hit.dense:.2f}, sparse {hit.sparse:.1f}"
        grid.add_row(str(hit.rank), Text(_place(hit), style="bold"))
        grid.add_row("", Text(scores, style="dim"))
        grid.add_row("", Text(excerpt(hit.passage.text)))
    return grid


def _place(hit: Hit) -> str:
    """The title and the file of a hit: enough to find the passage, but not a citation."""
    return f"{visible(hit.document.title_of(hit.section))}, {visible(hit.document.doc_id)}"


def render_sources(sources: Sequence[Source], language: Language = ENGLISH) -> RenderableType:
    """The documents, numbered from 1: title, date, number of passages, file, and below it any articles."""
    if not sources:
        return Text(language.translate(NO_DOCUMENTS))
    comma = language.translate(", ")
    grid = numbered_grid()
    for number, source in enumerate(sources, 1):
        details = [visible(language.date(source.date))] if source.date else []
        details += [passages(source.passages, language), visible(source.document)]
        grid.add_row(str(number), Text(visible(source.title), style="bold"))
        grid.add_row("", Text(comma.join(details), style="dim"))
        for section in source.sections:
            if section.is_article and section.heading:
                date = f"{comma}{visible(language.date(section.date))}" if section.date else ""
                grid.add_row("", Text(f"- {visible(section.heading)}{date}"))
    return grid


def documents(number: int, language: Language = ENGLISH) -> str:
    """ "1 document", "5 documents"."""
    return language.plural("{number} document", "{number} documents", number)


def passages(number: int, language: Language = ENGLISH) -> str:
    """ "1 passage", "1,200 passages"."""
    return language.plural("{number} passage", "{number} passages", number)
