"""Ablations: one setting changed at a time, compared with the system that ships, on any collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from eval.collection import Collection
from eval.markdown import markdown_table, with_interval
from eval.outcome import Outcome
from eval.results import rounded
from eval.run import score_collection
from eval.scores import MAIN_LANGUAGE, compare, estimates
from eval.systems import System
from retrieval.index.build import OnProgress
from retrieval.settings import IndexSettings, PassageSettings

AS_SHIPPED = "as shipped"
ABLATION_MEASURES = ("success@1", "success@5", "MRR@10", "nDCG@10", "right and answered")
_INDEX, _PASSAGES = IndexSettings(), PassageSettings()


def systems() -> dict[str, System]:
    """The system that ships, and those that differ from it in one setting."""
    passages = {
        "no passage header": replace(_PASSAGES, with_header=False),
        "passages of 60 word pieces": replace(_PASSAGES, size_tokens=60),
        "passages of 200 word pieces": replace(_PASSAGES, size_tokens=200),
    }
    return {
        AS_SHIPPED: System(),
        "BM25 alone": System(fusion="sparse"),
        "cosine alone": System(fusion="dense"),
        "rank fusion": System(fusion="rank"),
        "fp32 instead of int8": System(index=replace(_INDEX, dtype="fp32")),
        **{name: System(index=replace(_INDEX, passages=changed)) for name, changed in passages.items()},
    }


def ablate(collection: Collection, on_progress: OnProgress, seed: int = 0) -> dict[str, Any]:
    """Each system's measures on the test split in the main language, with the p of its difference to what ships.

    Answers are judged on the evaluation set only; on other collections the search is.
    """
    search_only = collection.unit == "document"
    kept = [one for one in collection.questions if one.split == "test" and one.language == MAIN_LANGUAGE]
    reported = replace(collection, questions=tuple(kept))
    rows: dict[str, Any] = {}
    shipped: Sequence[Outcome] = ()
    signature: Mapping[str, Any] = {}
    for number, (name, system) in enumerate(systems().items(), 1):
        labelled = _labelled(on_progress, f"{number}. {name}")
        scored = score_collection(reported, system, labelled, search_only=search_only)
        own = scored.outcomes
        if name == AS_SHIPPED:
            shipped, signature = own, scored.signature
        against = compare(shipped, own, measures=ABLATION_MEASURES, seed=seed) if name != AS_SHIPPED else {}
        rows[name] = {
            "passages": scored.signature["passages"]["number"],
            **{
                measure: {**rounded(asdict(value)), "p": round(against[measure].p, 4) if measure in against else None}
                for measure, value in estimates(own, seed).items()
                if measure in ABLATION_MEASURES
            },
        }
    return {"signature": dict(signature), "rows": rows}


def _labelled(on_progress: OnProgress, label: str) -> OnProgress:
    """The callback with the label before each stage."""

    def labelled(stage: str, done: int, total: int) -> None:
        on_progress(f"{label}: {stage}", done, total)

    return labelled


def table(found: Mapping[str, Any], shipped_label: str = AS_SHIPPED) -> str:
    """The measures as a Markdown table; * marks a difference to what ships with p < .05, uncorrected.

    `shipped_label` names the row of the system that the others are compared with.
    """
    measures = [measure for measure in ABLATION_MEASURES if measure in found["rows"][AS_SHIPPED]]
    labels = {AS_SHIPPED: shipped_label}
    rows = (
        (labels.get(name, name), [_cell(row[measure]) for measure in measures]) for name, row in found["rows"].items()
    )
    return markdown_table(measures, rows)


def _cell(estimate: Mapping[str, Any]) -> str:
    star = "*" if estimate["p"] is not None and estimate["p"] < 0.05 else ""
    return f"{with_interval(estimate)}{star}"
