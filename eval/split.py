"""The split of each region of the seed documents. Whole sections go to one split, so that dev never leaks into test."""

from __future__ import annotations

import json
from pathlib import Path

from eval.dataset import Evidence, Split

REGIONS = Path(__file__).parent / "split.json"


def split_of(evidence: Evidence, regions: Path = REGIONS) -> Split:
    """The split of the region that the evidence begins in; "dev" for a document without regions."""
    stored = json.loads(regions.read_text(encoding="utf-8"))
    start = evidence.spans[0][0]
    return next((split for first, last, split in stored.get(evidence.document, ()) if first <= start < last), "dev")
