"""The figures of a running bot for its operator, in a file that `quoth health` reads: one object of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NAME = "telegram.figures"
Figures = Mapping[str, str | int | float]


def write_figures(path: Path, figures: Figures) -> None:
    """Replace the file. Where it can't be written, `quoth health` has no figures, and nothing else is missing."""
    half = path.with_name(f"{path.name}.half")
    with suppress(OSError):
        half.write_text(json.dumps(figures), encoding="utf-8")
        os.replace(half, path)


def read_figures(path: Path) -> Figures:
    """The figures that were written last; none where there is no such file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
