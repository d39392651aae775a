"""Answers, hits and documents as terminal text. Pure: values in, Rich renderables out.

Documents, titles and questions are hostile: each reaches the terminal as a `Text` that went through `visible`, never as
markup. The answer inside a quotation is bold and coloured, or, where `is_plain`, stands between ** and ** (guillemets
would look like the quotation marks of a Spanish or French document).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_SURE,
    PLACES,
    SEARCHED,
    confidence_words,
    shown_confidence,
    with_near_spelling,
)
from bot.plain_text import counted, excerpt, merged, shown_date, visible
from retrieval.answer.agreement import rivals_of_first
from retrieval.schema import (
    Answer,
    AnswerText,
    Candidate,
    Citation,
    Document,
    Features,
    Hit,
    Source,
    Span,
)

DISAGREES = "Another document gives a different answer:"
NO_PASSAGE = "No passage was found."
NO_CANDIDATE = "No candidate was found."
NO_DOCUMENTS = "There are no documents."
WHY_CANDIDATES = 5
PLAIN_MARK = "**"
MARK_STYLE = "bold green"

_LINE_BREAK = re.compile(r"\r\n|\n|\r")  # what schema.line_range counts


def is_plain(console: Console) -> bool:
    """Whether marks must be characters because the console shows no colour."""
    return console.color_system is None or console.no_color


def confidence_line(confidence: float, is_perhaps: bool = False) -> str:
    """A confidence (0 to 1) in words and per cent: "Very sure · 99%", or "Not sure · 42%" for a "perhaps"."""
    return confidence_words(confidence, is_perhaps).format(percent=f"{shown_confidence(confidence):.0%}")


def how_long(elapsed_ms: float) -> str:
    """A time given in milliseconds: "66 ms", or "1.2 s" from one second on."""
    return f"{elapsed_ms / 1000:.1f} s" if elapsed_ms >= 1000 else f"{elapsed_ms:.0f} ms"


def titled(citation: Citation) -> str:
    """Title, date and section on one line, the section only where it differs from the title."""
    parts = [visible(citation.title)]
    if citation.date:
        parts.append(shown_date(citation.date))
    if citation.section and citation.section != citation.title:
        section = visible(citation.section)
        parts.append(f"section {section if section.startswith('“') else f'“{section}”'}")
    return ", ".join(parts)


def located(citation: Citation) -> str:
    """File and lines, or page and the like where the format has them: "a.txt, lines 171-172" or "b.pdf, page 3"."""
    first, last = citation.lines
    where = f"line {first}" if first == last else f"lines {first}-{last}"
    if citation.place:
        where = PLACES[citation.place.kind].format(label=visible(citation.place.label))
    return f"{visible(citation.document)}, {where}"


def searched_line(answer: Answer) -> str | None:
    """The line that says what was searched and where, None where that is the question itself, everywhere."""
    searched = answer.searched.strip()
    if answer.restrictions:
        searched = f"{searched} [{answer.restrictions.typed()}]"
    return None if searched == answer.question.strip() else SEARCHED.format(searched=visible(searched))


def marked(text: str, spans: Sequence[Span], is_plain: bool) -> Text:
    """The visible text with the spans marked; they may come in any order, touch or overlap."""
    shown = Text(visible(text))
    for start, end in reversed(merged(spans)):
        if is_plain:
            shown = Text("").join([shown[:start], Text(PLAIN_MARK), shown[start:end], Text(PLAIN_MARK), shown[end:]])
        else:
            shown.stylize(MARK_STYLE, start, end)
    return shown


def render_answer(answer: Answer, is_plain: bool, top: int = 1) -> RenderableType:
    """The reply to a question: small talk, a refusal, or the `top` best texts with confidence and time.

    Answers that contradict the best one are shown below it. A "perhaps" begins with a line that says that it is one.
    """
    if answer.status == "smalltalk":
        return Text(visible(answer.reply or ""))
    parts: list[RenderableType] = []
    if searched := searched_line(answer):
        parts.append(Text(searched, style="dim"))
    parts += [Text(visible(note.line())) for note in answer.notes]
    if answer.status == "abstained":
        return Group(*parts, *_refusal(answer, is_plain))
    is_perhaps = answer.status == "perhaps"
    if is_perhaps:
        parts.append(Text(NOT_SURE, style="bold"))
    for number, text in enumerate(answer.answers[:top]):
        if number:
            parts.append(Text(""))
        parts.append(render_text(text, is_plain, is_perhaps, answer.elapsed_ms.get("total")))
    for text in rivals_of_first(answer.answers):
        if text not in answer.answers[:top]:
            parts += [Text(""), Text(DISAGREES, style="bold"), render_text(text, is_plain, is_perhaps)]
    return Group(*parts)


def render_text(
    text: AnswerText, is_plain: bool, is_perhaps: bool = False, elapsed_ms: float | None = None
) -> RenderableType:
    """One answer: its sentence with the answer marked, its citations, its confidence, and the time if given."""
    best, *others = text.citations
    parts = _cited(best, is_plain)
    if others:
        parts += [Text(ALSO_SAID_IN, style="dim"), _citations(others)]
    confidence = confidence_line(text.confidence, is_perhaps)
    last_line = confidence if elapsed_ms is None else f"{confidence}, {how_long(elapsed_ms)}"
    return Group(*parts, Text(last_line, style="dim"))


def _cited(citation: Citation, is_plain: bool) -> list[RenderableType]:
    """The quotation, above it what it hangs on, and below it where it stands."""
    lead = [Text(visible(citation.lead), style="dim")] if citation.lead else []
    return [*lead, quotation(citation, is_plain), Text(""), _citations([citation])]


def quotation(citation: Citation, is_plain: bool) -> Text:
    """The quoted words between quotation marks, the answer marked."""
    mark = [citation.mark] if citation.mark else []
    return Text.assemble("“", marked(citation.quote, mark, is_plain), "”")


def _citations(citations: Sequence[Citation]) -> Table:
    grid = _numbered_grid()
    for citation in citations:
        grid.add_row(Text(f"[{citation.number}]", style="bold"), Text(titled(citation)))
        grid.add_row("", Text(located(citation), style="dim"))
    return grid


def _numbered_grid() -> Table:
    """Rows of a number, aligned right, and a text, in which long words are folded."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    return grid


def _refusal(answer: Answer, is_plain: bool) -> Iterator[RenderableType]:
    yield Text(NO_ANSWER, style="bold")
    if answer.nearest:
        yield Text(CLOSEST_PASSAGE, style="dim")
        yield from _cited(answer.nearest, is_plain)
    if answer.unknown_words:
        words = [visible(with_near_spelling(word, answer.near_spellings)) for word in answer.unknown_words]
        yield Text(NOT_IN_ANY_DOCUMENT.format(words=", ".join(words)))


def _place(hit: Hit) -> str:
    """The title and the file of a hit: enough to find the passage, but not a citation."""
    return f"{visible(hit.document.title_of(hit.section))}, {visible(hit.document.doc_id)}"


def render_why(answer: Answer) -> RenderableType:
    """How the answer was found: hits, best candidates with their features, confidence and thresholds, times."""
    thresholds = f"for an answer: {answer.threshold:.2f}, for “perhaps”: {answer.perhaps_threshold:.2f}"
    times = ", ".join(f"{visible(stage)} {how_long(spent)}" for stage, spent in answer.elapsed_ms.items())
    restrictions = [Text(f"Restrictions: {visible(answer.restrictions.typed())}")] if answer.restrictions else []
    return Group(
        Text(f"Searched: {visible(answer.searched)}"),
        *restrictions,
        _hits_table(answer.hits) if answer.hits else Text(NO_PASSAGE),
        Text(""),
        _candidates_table(answer.candidates[:WHY_CANDIDATES]) if answer.candidates else Text(NO_CANDIDATE),
        Text(f"Confidence: {answer.confidence:.2f}; threshold {thresholds}"),
        Text(f"Time: {times}"),
    )


def _hits_table(hits: Sequence[Hit]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("#", "dense", "sparse", "score"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("document, section", overflow="fold")
    for hit in hits:
        scores = (str(hit.rank), f"{hit.dense:.2f}", f"{hit.sparse:.1f}", f"{hit.score:.2f}")
        place = Text(visible(hit.document.doc_id))
        if hit.section.heading:
            place.append(f"\n{visible(hit.section.heading)}", style="dim")
        table.add_row(*scores, place)
    return table


def _candidates_table(candidates: Sequence[Candidate]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("confidence", justify="right", no_wrap=True)
    table.add_column("candidate", overflow="fold")
    for candidate in candidates:
        text = candidate.hit.passage.text
        cell = Text(excerpt(text[candidate.start : candidate.end]))
        answer = excerpt(text[slice(*candidate.answer)], 80)
        cell.append(f"\nanswer “{answer}”; {_features_line(candidate.features)}", style="dim")
        table.add_row(f"{candidate.confidence:.2f}", cell)
    return table


def _features_line(features: Features) -> str:
    """Every feature by name: "span 3.21, relevance 0.8"."""
    named = ((field.name.replace("_", " "), getattr(features, field.name)) for field in fields(features))
    return ", ".join(f"{name} {value:.3g}" for name, value in named)


def render_hits(hits: Sequence[Hit]) -> RenderableType:
    """Ranked passages: rank, title and file, the score and its two parts, and the beginning of the passage."""
    if not hits:
        return Text(NO_PASSAGE)
    grid = _numbered_grid()
    for hit in hits:
        scores = f"score {hit.score:.2f}: dense {hit.dense:.2f}, sparse {hit.sparse:.1f}"
        grid.add_row(str(hit.rank), Text(_place(hit), style="bold"))
        grid.add_row("", Text(scores, style="dim"))
        grid.add_row("", Text(excerpt(hit.passage.text)))
    return grid


def render_sources(sources: Sequence[Source]) -> RenderableType:
    """The documents, numbered from 1: title, date, number of passages, file, and below it any articles."""
    if not sources:
        return Text(NO_DOCUMENTS)
    grid = _numbered_grid()
    for number, source in enumerate(sources, 1):
        details = [shown_date(source.date)] if source.date else []
        details += [counted(source.passages, "passage"), visible(source.document)]
        grid.add_row(str(number), Text(visible(source.title), style="bold"))
        grid.add_row("", Text(", ".join(details), style="dim"))
        for section in source.sections:
            if section.is_article and section.heading:
                date = f", {shown_date(section.date)}" if section.date else ""
                grid.add_row("", Text(f"- {visible(section.heading)}{date}"))
    return grid


def render_document(
    document: Document, citation: Citation, is_plain: bool, context_lines: int | None = None
) -> RenderableType:
    """The document's numbered lines around the citation, its slices marked; every line if `context_lines` is None.

    Lines are counted as in Citation.lines; "⋮" stands for lines left out between two slices.
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
