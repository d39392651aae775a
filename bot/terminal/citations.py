"""Quotations and citations as terminal text. Pure: values in, Rich renderables out.

Documents, titles and questions are hostile: each reaches the terminal as a `Text` that went through `visible`, never as
markup. The answer inside a quotation is bold and coloured, or, where `is_plain`, stands between ** and ** (guillemets
would look like the quotation marks of a Spanish or French document).
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.language.wording import SECTION
from bot.plain_text import merged, visible
from bot.receipts.wording import located
from retrieval.schema import Answer, Citation
from retrieval.spans import Span

PLAIN_MARK = "**"
MARK_STYLE = "bold green"
LIKELIEST_STYLE = "underline"  # a hint where to look; a mark would claim that it is the answer


def first_citation(answer: Answer) -> Citation | None:
    """The citation of the best answer, or of a refusal's closest passage."""
    cited = (citation for text in answer.answers for citation in text.citations)
    return next(cited, answer.nearest)


def is_plain(console: Console) -> bool:
    """Whether marks must be characters because the console shows no colour."""
    return console.color_system is None or console.no_color


def titled(citation: Citation, language: Language = ENGLISH) -> str:
    """Title, date and section on one line, the section only where it differs from the title."""
    parts = [visible(citation.title)]
    if citation.date:
        parts.append(visible(language.date(citation.date)))
    if citation.section and citation.section != citation.title:
        section = visible(citation.section).removeprefix("“").removesuffix("”")
        parts.append(language.translate(SECTION).format(section=section))
    return language.translate(", ").join(parts)


def marked(text: str, spans: Sequence[Span], is_plain: bool) -> Text:
    """The visible text with the spans marked; they may come in any order, touch or overlap."""
    shown = Text(visible(text))
    for start, end in reversed(merged(spans)):
        if is_plain:
            shown = Text("").join([shown[:start], Text(PLAIN_MARK), shown[start:end], Text(PLAIN_MARK), shown[end:]])
        else:
            shown.stylize(MARK_STYLE, start, end)
    return shown


def quotation(citation: Citation, is_plain: bool) -> Text:
    """The quoted words between quotation marks, the answer marked, or a refusal's likeliest words underlined."""
    shown = marked(citation.quote, [citation.mark] if citation.mark else [], is_plain)
    if citation.likeliest and not citation.mark:
        shown.stylize(LIKELIEST_STYLE, *citation.likeliest)
    return Text.assemble("“", shown, "”")


def render_cited(citation: Citation, is_plain: bool, language: Language = ENGLISH) -> list[RenderableType]:
    """What the quotation hangs on, if anything; the quotation; and where it stands."""
    lead = [Text(visible(citation.lead), style="dim")] if citation.lead else []
    return [*lead, quotation(citation, is_plain), Text(""), render_places([citation], language)]


def render_places(citations: Sequence[Citation], language: Language = ENGLISH) -> Table:
    """Where the quotations stand: number, title and section, then file and place."""
    grid = numbered_grid()
    for citation in citations:
        grid.add_row(Text(f"[{citation.number}]", style="bold"), Text(titled(citation, language)))
        grid.add_row("", Text(located(citation, language), style="dim"))
    return grid


def numbered_grid() -> Table:
    """Rows of a number, aligned right, and a text, in which long words are folded."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    return grid
