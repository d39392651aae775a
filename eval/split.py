"""Which parts of the seed documents are tuned on and which are reported, so that neighbours do not leak."""

from __future__ import annotations

import json
from pathlib import Path

from eval.dataset import Place, Split

REGIONS = Path(__file__).parent / "split.json"


def split_at(place: Place, regions: Path = REGIONS) -> Split:
    """The split of the region that the place begins in; "dev" for a document that has none."""
    stored = json.loads(regions.read_text(encoding="utf-8"))
    start = place.spans[0][0]
    return next((split for first, last, split in stored.get(place.document, ()) if first <= start < last), "dev")
