"""Vectors as every part of the search sees them. Light to import: no tokenizer, no ONNX Runtime."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""float32, shape (n, dimension), rows of unit length; or one such vector, shape (dimension,)."""


def unit_rows(vectors: Vectors) -> Vectors:
    """Each row divided by its length, so that inner products are cosines; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
