"""All that decides what an index holds, beside the documents themselves; light to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Precision = Literal["int8", "fp32"]

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_PRECISION: Precision = "int8"  # eval/LOG.md, 2026-11-22: as right as fp32, at twice the speed
FLAT = "Flat"
ANSWER_PRECISION = 0.9
"""The share of right answers that is wanted of what is answered; the reader abstains where it is less sure."""
LEAST_PRECISION, MOST_PRECISION = 0.5, 0.95
"""What may be wanted: thresholds are fitted from one to the other."""


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How documents are cut; sizes in word pieces. Chosen by measurement: eval/LOG.md, 2026-11-22."""

    size_tokens: int = 120
    overlap_sentences: int = 1
    with_header: bool = True


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """The encoder, how passages are cut, and the faiss index_factory string."""

    model: str = DEFAULT_MODEL
    precision: Precision = DEFAULT_PRECISION
    passages: PassageSettings = PassageSettings()
    faiss: str = FLAT
