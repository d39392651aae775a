"""Settings, filled once from flags and environment in main and passed down."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.settings import DEFAULT_MODEL, DEFAULT_PRECISION, FLAT, IndexSettings, PassageSettings

DEFAULT_INDEX = Path(".quoth/index")
_SEEDS = Path("seeds")


@dataclass(frozen=True, slots=True)
class Config:
    """Where the documents and the index are, and how the index is made where it has to be."""

    index: Path
    docs: Path | None
    settings: IndexSettings

    @property
    def history(self) -> Path:
        """The REPL's history, beside the index."""
        return self.index.parent / "history"


def read_config(given: argparse.Namespace, environment: Mapping[str, str]) -> Config:
    """Flags first, then QUOTH_INDEX, then the defaults. A command without a flag has the default of it."""
    index = getattr(given, "index", None) or environment.get("QUOTH_INDEX") or DEFAULT_INDEX
    standard = PassageSettings()
    return Config(
        index=Path(index),
        docs=getattr(given, "docs", None),
        settings=IndexSettings(
            model=getattr(given, "model", DEFAULT_MODEL),
            precision=getattr(given, "precision", DEFAULT_PRECISION),
            passages=PassageSettings(
                size_tokens=getattr(given, "passage_tokens", standard.size_tokens),
                overlap_sentences=getattr(given, "overlap", standard.overlap_sentences),
                with_header=getattr(given, "header", standard.with_header),
            ),
            faiss=getattr(given, "faiss", FLAT),
        ),
    )


def seeds_folder() -> Path:
    """The documents an index is built from where nobody named any: seeds/ here, else the one that came along."""
    return _SEEDS if _SEEDS.is_dir() else Path(__file__).resolve().parent.parent / _SEEDS
