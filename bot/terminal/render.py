"""An Answer as terminal text, and the wording that every surface shares. Pure: values in, Rich renderables out.

Documents, titles and questions are hostile: each reaches the terminal as a `Text` that went through `visible`, never as
markup. Marking: the answer inside a quotation is bold and coloured, or, where `is_plain`, between ** and ** (guillemets
would be taken for the quotation marks of a Spanish or French document).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from retrieval.answer.agreement import differing
from retrieval.schema import (
    Answer,
    AnswerText,
    Candidate,
    Citation,
    Document,
    Hit,
    Source,
    Span,
    times_in_ten,
    with_near,
)

NO_ANSWER = "No sure answer in the documents."
CLOSEST = "Closest passage (not an answer):"
IN_NO_DOCUMENT = "In no document:"
ALSO_SAID_BY = "Also said by"
DIFFERS = "Another document says otherwise:"
EXCERPT_CHARS = 240
WHY_CANDIDATES = 5
PLAIN_MARK = "**"
MARK_STYLE = "bold green"

_MONTHS = "January February March April May June July August September October November December"
_MONTH_NAMES = dict(enumerate(_MONTHS.split(), 1))
_ISO_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")  # what schema.line_range counts
# A character for a character, so offsets stay true: control pictures, spaces for white space, U+FFFD for what has no
# picture (C1 controls), for what reorders the line (bidirectional marks) and for what can't be encoded (surrogates).
_VISIBLE = (
    {code: 0x2400 + code for code in range(0x20)}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), "�")
    | dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "�")
    | dict.fromkeys(range(0xD800, 0xE000), "�")
    | dict.fromkeys([0x09, 0x0A, 0x2028, 0x2029], " ")
)


def visible(text: str) -> str:
    """The text on one line with nothing in it that a terminal obeys; as many characters, each in its place."""
    return text.translate(_VISIBLE)


def is_plain(console: Console) -> bool:
    """Whether marks must be characters because the console shows no colour."""
    return console.color_system is None or console.no_color


def shown_date(date: str) -> str:
    """ "16 May 2022", "May 2022" or "2022" for an ISO 8601 date, as exact as it is; anything else as it came."""
    match = _ISO_DATE.fullmatch(date)
    if not match:
        return visible(date)
    year, month, day = match.groups()
    return " ".join([*([str(int(day))] if day else []), *([_MONTH_NAMES[int(month)]] if month else []), year])


def how_sure(confidence: float) -> str:
    """A probability (0 to 1) in words and per cent; never a hundred or none, which no reader can promise.

    The words only say the number again, nothing is decided by them.
    """
    words = "very sure" if confidence >= 0.9 else "fairly sure" if confidence >= 0.7 else "not very sure"
    percent = min(max(round(confidence * 100), 1), 99)
    return f"{words} ({percent} per cent): answers this sure were right {times_in_ten(confidence)} times in 10"


def how_long(elapsed_ms: float) -> str:
    """A time in milliseconds, in seconds from one second on."""
    return f"{elapsed_ms / 1000:.1f} s" if elapsed_ms >= 1000 else f"{elapsed_ms:.0f} ms"


def counted(number: int, noun: str) -> str:
    """ "1 passage", "1,200 passages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def titled(citation: Citation) -> str:
    """Title, date and section on one line, the section only where it says more than the title."""
    parts = [visible(citation.title)]
    if citation.date:
        parts.append(shown_date(citation.date))
    if citation.section and citation.section != citation.title:
        section = visible(citation.section)
        parts.append(f"section {section if section.startswith('“') else f'“{section}”'}")
    return ", ".join(parts)


def located(citation: Citation) -> str:
    """File and lines: "a.txt, line 171" or "a.txt, lines 171-172"."""
    first, last = citation.lines
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    return f"{visible(citation.document)}, {lines}"


def excerpt(text: str, size_chars: int = EXCERPT_CHARS) -> str:
    """The text on one line, cut between words to at most `size_chars` with "…" where it was longer."""
    line = " ".join(visible(text).split())
    if len(line) <= size_chars:
        return line
    head = line[:size_chars]
    return (head.rsplit(" ", 1)[0] if " " in head else head[:-1]) + "…"


def searched_line(answer: Answer) -> str | None:
    """ "(searched: ...)" where that is not the question itself, else None."""
    if answer.searched.strip() == answer.question.strip():
        return None
    return f"(searched: {visible(answer.searched.strip())})"


def marked(text: str, spans: Sequence[Span], is_plain: bool) -> Text:
    """The text made visible with the spans marked, whatever their order; they may touch or overlap."""
    shown = Text(visible(text))
    for start, end in reversed(_merged(spans)):
        if is_plain:
            shown = Text("").join([shown[:start], Text(PLAIN_MARK), shown[start:end], Text(PLAIN_MARK), shown[end:]])
        else:
            shown.stylize(MARK_STYLE, start, end)
    return shown


def render_answer(answer: Answer, is_plain: bool, top: int = 1) -> RenderableType:
    """What is said to a question: small talk, a refusal, or its `top` best texts with how sure and how long."""
    parts: list[RenderableType] = []
    if answer.status == "smalltalk":
        return Text(visible(answer.reply or ""))
    if searched := searched_line(answer):
        parts.append(Text(searched, style="dim"))
    if answer.status == "abstained":
        return Group(*parts, *_refusal(answer))
    for number, text in enumerate(answer.answers[:top]):
        parts += [Text("")] * (number > 0) + [render_text(text, is_plain, answer.elapsed_ms.get("total"))]
    for text in differing(answer.answers):
        if text not in answer.answers[:top]:
            parts += [Text(""), Text(DIFFERS, style="bold"), render_text(text, is_plain)]
    return Group(*parts)


def render_text(text: AnswerText, is_plain: bool, elapsed_ms: float | None = None) -> RenderableType:
    """One answer text: the sentence quoted with the answer marked, its citations, how sure, and the time if given."""
    best, *others = text.citations
    parts: list[RenderableType] = [quotation(best, is_plain), Text(""), _citations([best])]
    if others:
        parts += [Text(ALSO_SAID_BY, style="dim"), _citations(others)]
    sure = how_sure(text.confidence)
    parts.append(Text(sure if elapsed_ms is None else f"{sure}, {how_long(elapsed_ms)}", style="dim"))
    return Group(*parts)


def quotation(citation: Citation, is_plain: bool) -> Text:
    """The quoted words between quotation marks, the answer marked."""
    mark = [citation.mark] if citation.mark else []
    return Text.assemble("“", marked(citation.quote, mark, is_plain), "”")


def _citations(citations: Sequence[Citation]) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    for citation in citations:
        grid.add_row(Text(f"[{citation.number}]", style="bold"), Text(titled(citation)))
        grid.add_row("", Text(located(citation), style="dim"))
    return grid


def _refusal(answer: Answer) -> Iterator[RenderableType]:
    yield Text(NO_ANSWER, style="bold")
    if answer.unknown_words:
        words = [visible(with_near(word, answer.near_spellings)) for word in answer.unknown_words]
        yield Text(f"{IN_NO_DOCUMENT} {', '.join(words)}")
    if answer.closest:
        hit, start = answer.closest
        yield Text.assemble((f"{CLOSEST} ", "dim"), excerpt(hit.passage.text[start:]), (f" ({_place(hit)})", "dim"))


def _place(hit: Hit) -> str:
    """The title and the file of a hit: enough to find it, and no citation."""
    return f"{visible(hit.document.title_of(hit.section))}, {visible(hit.document.doc_id)}"


def render_why(answer: Answer) -> RenderableType:
    """How the answer was found: hits, the best candidates with the figures behind them, the threshold, the times."""
    times = ", ".join(f"{visible(stage)} {how_long(spent)}" for stage, spent in answer.elapsed_ms.items())
    return Group(
        Text(f"Searched: {visible(answer.searched)}"),
        _hits_table(answer.hits) if answer.hits else Text("No passage was found."),
        Text(""),
        _candidates_table(answer.candidates[:WHY_CANDIDATES]) if answer.candidates else Text("Nothing was read."),
        Text(f"It answers from {answer.threshold:.2f} up; this question came to {answer.confidence:.2f}."),
        Text(f"Time: {times}"),
    )


def _hits_table(hits: Sequence[Hit]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("#", "dense", "sparse", "score"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("document, section", overflow="fold")
    for hit in hits:
        figures = (str(hit.rank), f"{hit.dense:.2f}", f"{hit.sparse:.1f}", f"{hit.score:.2f}")
        where = Text(visible(hit.document.doc_id))
        if hit.section.heading:
            where.append(f"\n{visible(hit.section.heading)}", style="dim")
        table.add_row(*figures, where)
    return table


def _candidates_table(candidates: Sequence[Candidate]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("candidate", overflow="fold")
    for candidate in candidates:
        text = candidate.hit.passage.text
        parts = ", ".join(f"{visible(name)} {value:.3g}" for name, value in candidate.parts.items())
        said = Text(excerpt(text[candidate.start : candidate.end]))
        said.append(f"\nanswer “{excerpt(text[slice(*candidate.answer)], 80)}”; {parts}", style="dim")
        table.add_row(f"{candidate.score:.2f}", said)
    return table


def render_hits(hits: Sequence[Hit]) -> RenderableType:
    """Ranked passages without reading: rank, title and file, score with its parts, and the beginning of each."""
    if not hits:
        return Text("No passage was found.")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    for hit in hits:
        figures = f"score {hit.score:.2f}: dense {hit.dense:.2f}, sparse {hit.sparse:.1f}"
        grid.add_row(str(hit.rank), Text(_place(hit), style="bold"))
        grid.add_row("", Text(figures, style="dim"))
        grid.add_row("", Text(excerpt(hit.passage.text)))
    return grid


def render_sources(sources: Sequence[Source]) -> RenderableType:
    """The documents, numbered from 1: title, date, passages, file; under a document of articles, its articles."""
    if not sources:
        return Text("There are no documents.")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    for number, source in enumerate(sources, 1):
        figures = [shown_date(source.date)] if source.date else []
        figures += [counted(source.passages, "passage"), visible(source.document)]
        grid.add_row(str(number), Text(visible(source.title), style="bold"))
        grid.add_row("", Text(", ".join(figures), style="dim"))
        for section in source.sections:
            if section.is_article and section.heading:
                date = f", {shown_date(section.date)}" if section.date else ""
                grid.add_row("", Text(f"- {visible(section.heading)}{date}"))
    return grid


def render_document(
    document: Document, citation: Citation, is_plain: bool, context_lines: int | None = None
) -> RenderableType:
    """The document's numbered lines around the citation, its slices marked; the whole document for None.

    Lines are counted as in Citation.lines. Where slices stand far apart, "⋮" stands for the lines between them.
    """
    lines = _line_spans(document.text)
    cited = [number for number, line in enumerate(lines) if any(_overlaps(line, span) for span in citation.spans)]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    previous = -1
    for number in _with_context(cited, context_lines, len(lines)):
        if previous >= 0 and number > previous + 1:
            grid.add_row("⋮", "")
        grid.add_row(str(number + 1), _marked_line(document.text, lines[number], citation.spans, is_plain))
        previous = number
    return Group(Text(titled(citation), style="bold"), Text(located(citation), style="dim"), Text(""), grid)


def _line_spans(text: str) -> list[Span]:
    breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
    return list(zip([0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)], strict=True))


def _with_context(cited: Sequence[int], context_lines: int | None, count: int) -> list[int]:
    if context_lines is None:
        return list(range(count))
    near = {line for at in cited for line in range(at - context_lines, at + context_lines + 1)}
    return sorted(line for line in near if 0 <= line < count)


def _marked_line(text: str, line: Span, spans: Sequence[Span], is_plain: bool) -> Text:
    start, end = line
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in spans]
    return marked(text[start:end], inside, is_plain)


def _overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
