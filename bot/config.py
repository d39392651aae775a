"""Settings, filled once from flags and environment in main and passed down."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.telegram.settings import TelegramConfig, read_telegram
from retrieval.errors import QuothError
from retrieval.settings import (
    ANSWER_PRECISION,
    LEAST_PRECISION,
    MOST_PRECISION,
    IndexSettings,
    PassageSettings,
    Precision,
)

DEFAULT_INDEX = Path(".quoth/index")
_SEEDS = Path("seeds")
_PRECISION = "QUOTH_ANSWER_PRECISION"


@dataclass(frozen=True, slots=True)
class Config:
    """Where the documents and the index are, and what was said of how to make it; None where nothing was said.

    `answer_precision` is the share of right answers that is wanted. `telegram` is None but for `quoth telegram`.
    """

    index: Path
    docs: Path | None = None
    model: str | None = None
    precision: Precision | None = None
    faiss: str | None = None
    passage_tokens: int | None = None
    overlap: int | None = None
    header: bool | None = None
    answer_precision: float = ANSWER_PRECISION
    telegram: TelegramConfig | None = None

    @property
    def history(self) -> Path:
        """The REPL's history, beside the index."""
        return self.index.parent / "history"

    @property
    def feedback(self) -> Path:
        """What people said of answers, beside the index."""
        return self.index.parent / "feedback.sqlite"

    def settings(self, before: IndexSettings) -> IndexSettings:
        """What was said, and for the rest what was before."""
        said: dict[str, Any] = {"model": self.model, "precision": self.precision, "faiss": self.faiss}
        cut: dict[str, Any] = {
            "size_tokens": self.passage_tokens,
            "overlap_sentences": self.overlap,
            "with_header": self.header,
        }
        passages: PassageSettings = replace(before.passages, **_said(cut))
        return replace(before, passages=passages, **_said(said))


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def read_config(given: argparse.Namespace, environment: Mapping[str, str]) -> Config:
    """Flags first, then QUOTH_INDEX and QUOTH_ANSWER_PRECISION, then the defaults. Raises QuothError.

    A command without a flag says nothing of it.
    """
    names = ("docs", "model", "precision", "faiss", "passage_tokens", "overlap", "header")
    said = {name: getattr(given, name, None) for name in names}
    index = given.index or environment.get("QUOTH_INDEX") or DEFAULT_INDEX
    telegram = read_telegram(given, environment) if getattr(given, "is_telegram", False) else None
    wanted = getattr(given, "answer_precision", None)
    if wanted is None:
        try:
            wanted = wanted_precision(environment.get(_PRECISION) or str(ANSWER_PRECISION))
        except ValueError as error:
            raise QuothError(f"{_PRECISION}: {error}") from error
    return Config(index=Path(index), answer_precision=wanted, telegram=telegram, **said)


def wanted_precision(text: str) -> float:
    """The share of right answers that is wanted. Raises ValueError."""
    try:
        wanted = float(text)
    except ValueError:
        wanted = 0.0
    if not LEAST_PRECISION <= wanted <= MOST_PRECISION:
        raise ValueError(f"{text!r} is no number from {LEAST_PRECISION} to {MOST_PRECISION}")
    return wanted


def seeds_folder() -> Path:
    """The documents an index is built from where nobody named any: seeds/ here, else the one that came along."""
    return _SEEDS if _SEEDS.is_dir() else Path(__file__).resolve().parent.parent / _SEEDS
