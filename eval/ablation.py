"""One setting changed at a time, each against what ships: which parts earn their place, and on which collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from eval.collection import Collection
from eval.outcome import Outcome
from eval.results import rounded
from eval.run import score
from eval.scores import MAIN_LANGUAGE, compare, figures
from eval.systems import System
from retrieval.index.build import Report
from retrieval.settings import IndexSettings, PassageSettings

SHIPPED = "as shipped"
MEASURES = ("success@1", "success@5", "MRR@10", "nDCG@10", "right and shown")
_INDEX, _PASSAGES = IndexSettings(), PassageSettings()


def systems() -> dict[str, System]:
    """What ships, and what differs from it in one thing."""
    cut = {
        "no passage header": replace(_PASSAGES, with_header=False),
        "passages of 60 word pieces": replace(_PASSAGES, size_tokens=60),
        "passages of 200 word pieces": replace(_PASSAGES, size_tokens=200),
    }
    return {
        SHIPPED: System(),
        "BM25 alone": System(fusion="sparse"),
        "MiniLM alone": System(fusion="dense"),
        "rank fusion": System(fusion="rank"),
        "fp32 for int8": System(index=replace(_INDEX, precision="fp32")),
        **{name: System(index=replace(_INDEX, passages=passages)) for name, passages in cut.items()},
    }


def ablate(collection: Collection, report: Report, seed: int = 0) -> dict[str, Any]:
    """Each system's figures on the test split in the main language, with the difference to what ships and its p.

    Answers are read on the evaluation set alone; elsewhere the search is judged.
    """
    search_only = collection.unit == "document"
    kept = [asked for asked in collection.questions if asked.split == "test" and asked.language == MAIN_LANGUAGE]
    reported = replace(collection, questions=tuple(kept))
    rows: dict[str, Any] = {}
    shipped: Sequence[Outcome] = ()
    signature: Mapping[str, Any] = {}
    for number, (name, system) in enumerate(systems().items(), 1):

        def tell(stage: str, done: int, total: int, label: str = f"{number}. {name}") -> None:
            report(f"{label}: {stage}", done, total)

        scored = score(reported, system, tell, search_only)
        own = scored.outcomes
        if name == SHIPPED:
            shipped, signature = own, scored.signature
        against = compare(shipped, own, MEASURES, seed) if name != SHIPPED else {}
        rows[name] = {
            "passages": scored.signature["passages"]["number"],
            **{
                measure: {**rounded(asdict(value)), "p": round(against[measure].p, 4) if measure in against else None}
                for measure, value in figures(own, seed).items()
                if measure in MEASURES
            },
        }
    return {"signature": dict(signature), "rows": rows}


def table(found: Mapping[str, Any]) -> str:
    """The figures as a table of Markdown; * marks a difference to what ships at p < .05, uncorrected."""
    measures = [measure for measure in MEASURES if measure in found["rows"][SHIPPED]]
    lines = [f"| | {' | '.join(measures)} |", f"|---|{'---|' * len(measures)}"]
    for name, row in found["rows"].items():
        cells = [_cell(row[measure]) for measure in measures]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(figure: Mapping[str, Any]) -> str:
    star = "*" if figure["p"] is not None and figure["p"] < 0.05 else ""
    return f"{_short(figure['value'])} [{_short(figure['low'])}, {_short(figure['high'])}]{star}"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.2f}"
