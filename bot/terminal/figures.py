"""Every figure behind an answer, for whoever tunes Quoth: `/why figures`. In English. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.plain_text import excerpt, how_long, visible
from bot.terminal.listings import NO_PASSAGE
from retrieval.schema import Answer, Candidate, Features, Hit

NO_CANDIDATE = "No candidate was found."
_CANDIDATES, _HITS = 5, 8


def render_figures(answer: Answer) -> RenderableType:
    """How the answer was found: hits, best candidates with their features, confidence and thresholds, times."""
    thresholds = f"for an answer: {answer.threshold:.2f}, for “perhaps”: {answer.perhaps_threshold:.2f}"
    times = ", ".join(f"{visible(stage)} {how_long(spent)}" for stage, spent in answer.elapsed_ms.items())
    restrictions = [Text(f"Restrictions: {visible(answer.restrictions.typed())}")] if answer.restrictions else []
    return Group(
        Text(f"Searched: {visible(answer.searched)}"),
        *restrictions,
        _hits_table(answer.hits[:_HITS]) if answer.hits else Text(NO_PASSAGE),
        Text(""),
        _candidates_table(answer.candidates[:_CANDIDATES]) if answer.candidates else Text(NO_CANDIDATE),
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
