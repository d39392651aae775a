"""What decides, beside the documents, what an index holds; and how precise answers should be. Light to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Dtype = Literal["int8", "fp32"]
"""The number format of a network's weights."""

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
"""The default encoder until 2026-11-28; indexes built with it still work."""
DEFAULT_MODEL = "intfloat/multilingual-e5-small"
STATE_LAYER = 6
"""The layer of the default encoder whose hidden states the multilingual reader reads: eval/LOG.md, 2026-11-28."""
READER_BASE = MINILM
"""The network whose weights and word pieces the reader's training starts from."""
DEFAULT_DTYPE: Dtype = "int8"  # eval/LOG.md, 2026-11-22: as accurate as fp32, at twice the speed
FLAT = "Flat"
TARGET_PRECISION = 0.9
"""The share of given answers that should be right; where it is less sure, the answer is offered or held back."""
MIN_TARGET_PRECISION, MAX_TARGET_PRECISION = 0.5, 0.95
"""The range of target precisions for which thresholds are fitted."""


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How documents are cut into passages; sizes in word pieces. Chosen by measurement: eval/LOG.md, 2026-11-28."""

    size_tokens: int = 160
    overlap_sentences: int = 1
    with_header: bool = True


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """The encoder, how passages are cut, the faiss index_factory string, and the limits on files.

    `limits` has the limits that were set, by their names in documents/elements.py; the others are the defaults there.
    """

    model: str = DEFAULT_MODEL
    dtype: Dtype = DEFAULT_DTYPE
    passages: PassageSettings = PassageSettings()
    faiss: str = FLAT
    limits: Mapping[str, int] = field(default_factory=dict)
