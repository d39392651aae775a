"""A tiny file in the layout of the default encoder's data file, and what was written to it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

WIDTH, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 1, 2, 64, 40, 2
PIECES = [
    *(("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)),
    *(("▁", -2.0), ("▁the", -1.5), ("▁mill", -3.0), ("▁m", -4.0), ("ill", -3.5), ("s", -2.5), ("水", -5.0)),
    *((letter, -6.0) for letter in "abcdefghiklmnoprtuvwy:"),
    ("<mask>", 0.0),
]
REPLACEMENTS = {0xA0: " ", 0x3F: "!?"}


def write_e5_file(path: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Write the file, and return its tensors as they can be read again: matrices in steps of a quarter."""
    chance = np.random.default_rng(0)
    shapes = {"emb.word": (len(PIECES) + 3, WIDTH), "emb.pos": (POSITIONS, WIDTH), "emb.type": (TYPES, WIDTH)}
    layer = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
    layer |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    shapes |= {"emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for name, shape in layer.items():
        shapes |= {f"l0.{name}.w": shape, f"l0.{name}.b": (shape[0],)}
    shapes |= {f"l0.{name}.{kind}": (WIDTH,) for name in ("aln", "oln") for kind in "wb"}
    tensors = {}
    for name, shape in shapes.items():
        values = chance.integers(-8, 8, shape).astype(np.float32).reshape(-1) / 4
        tensors[name] = values / 4 if name.endswith(".b") or name in ("emb.pos", "emb.type") else values
    path.write_bytes(_layout(tensors))
    return tensors


def _layout(tensors: dict[str, npt.NDArray[np.float32]]) -> bytes:
    text = [piece.encode() for piece, _ in PIECES]
    numbers = (1, WIDTH, LAYERS, HEADS, INNER, len(PIECES) + 3, POSITIONS, TYPES)
    head = struct.pack("<4s8If6IQ", b"E5S1", *numbers, 1e-12, 32, len(PIECES), 0, 2, 1, 3, sum(map(len, text)))
    head += np.cumsum([0, *map(len, text)]).astype("<u4").tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(text)
    changes = b"".join(struct.pack(f"<IB{len(to)}I", at, len(to), *map(ord, to)) for at, to in REPLACEMENTS.items())
    head += struct.pack("<2I", len(REPLACEMENTS), len(changes)) + changes + struct.pack("<I", len(tensors))
    is_matrix = {name: (name.endswith(".w") and "ln" not in name) or name == "emb.word" for name in tensors}
    stored = {name: _blocks(values) if is_matrix[name] else values.tobytes() for name, values in tensors.items()}
    offset = len(head) + sum(2 + len(name) + 21 for name in tensors)
    for name, raw in stored.items():
        entry = struct.pack("<BIQQ", is_matrix[name], len(tensors[name]), offset, len(raw))
        head += struct.pack("<H", len(name)) + name.encode() + entry
        offset += len(raw)
    return head + b"".join(stored.values())


def _blocks(values: npt.NDArray[np.float32]) -> bytes:
    halves = (values.reshape(-1, 32) * 4 + 8).astype(np.uint8)
    scale = np.array(0.25, "<f2").tobytes()
    return b"".join(scale + (row[:16] | row[16:] << 4).tobytes() for row in halves)
