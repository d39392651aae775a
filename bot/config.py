"""Settings, read once from flags and environment in main and passed down."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.folders import find_index
from bot.plain_text import parse_integer
from bot.telegram.settings import TelegramConfig, read_telegram
from retrieval.errors import QuothError
from retrieval.index.manifest import INDEX_IN_FOLDER
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION, TARGET_PRECISION, Dtype, IndexSettings

PRECISION_RANGE = f"must be a number from {MIN_TARGET_PRECISION} to {MAX_TARGET_PRECISION}"
_PRECISION_VARIABLE = "QUOTH_ANSWER_PRECISION"
LOG_RANGE = "QUOTH_LOG, the days that the terminal keeps its answers, {error}; write `QUOTH_LOG=0` to keep none"
LOG_DAYS = 365  # a receipt is often checked long after; nobody but the owner of the files reads this log


@dataclass(frozen=True, slots=True)
class Config:
    """Where the documents and the index are, and how to build the index; None for a setting that was not given.

    `is_index_named` tells whether flags or environment name the index, rather than the working folder.
    `target_precision` is the share of answers that should be right, 0 to 1. `log_days` is how long the terminal keeps
    its answers, 0 where it keeps none. `telegram` is None for every command but `quoth telegram`.
    """

    index: Path
    is_index_named: bool = False
    docs: Path | None = None
    model: str | None = None
    dtype: Dtype | None = None
    faiss: str | None = None
    passage_tokens: int | None = None
    overlap: int | None = None
    header: bool | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    target_precision: float = TARGET_PRECISION
    log_days: int = LOG_DAYS
    telegram: TelegramConfig | None = None

    @property
    def typed_lines(self) -> Path:
        """The file of the lines typed in `quoth chat`, beside the index."""
        return self.index.parent / "history"

    @property
    def feedback(self) -> Path:
        """The database of answers, receipts and ratings, beside the index."""
        return self.index.parent / "feedback.sqlite"

    def settings(self, before: IndexSettings) -> IndexSettings:
        """The settings of an index: those given, and for the others the ones it was built with `before`."""
        passages = {
            "size_tokens": self.passage_tokens,
            "overlap_sentences": self.overlap,
            "with_header": self.header,
        }
        return replace(
            before,
            passages=replace(before.passages, **_given(passages)),
            limits={**before.limits, **self.limits},
            **_given({"model": self.model, "dtype": self.dtype, "faiss": self.faiss}),
        )


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def read_config(given: argparse.Namespace, environment: Mapping[str, str]) -> Config:
    """The configuration: flags first, then QUOTH_INDEX, QUOTH_ANSWER_PRECISION and QUOTH_LOG, then the defaults.

    A flag that the command does not have counts as not given. Raises QuothError for a wrong value.
    """
    named = given.index or environment.get("QUOTH_INDEX")
    return Config(
        index=Path(named) if named else _index_of(given),
        is_index_named=bool(named),
        docs=getattr(given, "folder", None) or getattr(given, "docs", None),
        model=getattr(given, "model", None),
        dtype=getattr(given, "dtype", None),
        faiss=getattr(given, "faiss", None),
        passage_tokens=getattr(given, "passage_tokens", None),
        overlap=getattr(given, "overlap", None),
        header=getattr(given, "header", None),
        limits=_given({name: getattr(given, f"max_{name}", None) for name in ("file_mb", "unpacked_mb", "pages")}),
        target_precision=_target_precision(given, environment),
        log_days=0 if getattr(given, "no_log", False) else _log_days(environment),
        telegram=read_telegram(given, environment) if getattr(given, "is_telegram", False) else None,
    )


def _index_of(given: argparse.Namespace) -> Path:
    """The index where none is named: the one inside the folder given, or the one that the working folder belongs to."""
    folder: Path | None = getattr(given, "folder", None)
    if folder is not None:
        return folder / INDEX_IN_FOLDER
    if getattr(given, "docs", None) is not None:
        return INDEX_IN_FOLDER
    return find_index()


def _target_precision(given: argparse.Namespace, environment: Mapping[str, str]) -> float:
    flag: float | None = getattr(given, "answer_precision", None)
    if flag is not None:
        return flag
    try:
        return parse_target_precision(environment.get(_PRECISION_VARIABLE) or str(TARGET_PRECISION))
    except ValueError as error:
        raise QuothError(f"{_PRECISION_VARIABLE} {error}") from error


def _log_days(environment: Mapping[str, str]) -> int:
    text = environment.get("QUOTH_LOG", "").strip()
    try:
        return parse_integer(text, 0) if text else LOG_DAYS
    except ValueError as error:
        raise QuothError(LOG_RANGE.format(error=error)) from error


def parse_target_precision(text: str) -> float:
    """The target precision that the text states. Raises ValueError where it is outside the allowed range."""
    try:
        precision = float(text)
    except ValueError:
        precision = 0.0
    if not MIN_TARGET_PRECISION <= precision <= MAX_TARGET_PRECISION:
        raise ValueError(f"{PRECISION_RANGE}, not {text!r}")
    return precision
