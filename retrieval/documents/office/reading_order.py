"""Shapes on a slide in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Shape = TypeVar("Shape")


def in_reading_order(
    shapes: Iterable[Shape], position: Callable[[Shape], tuple[float, float]], same_line: float
) -> list[Shape]:
    """The shapes from top to bottom, and from left to right where they stand side by side, as `in_lines` has them."""
    return [shape for line in in_lines(shapes, position, same_line) for shape in line]


def in_lines(
    shapes: Iterable[Shape], position: Callable[[Shape], tuple[float, float]], same_line: float
) -> list[list[Shape]]:
    """The shapes that stand side by side, from left to right, in lines from top to bottom.

    `position` gives a shape's top and left. Shapes are side by side whose tops are at most `same_line` below that of
    the first of them.
    """
    lines: list[list[Shape]] = []
    for shape in sorted(shapes, key=lambda shape: position(shape)[0]):
        if not lines or position(shape)[0] - position(lines[-1][0])[0] > same_line:
            lines.append([])
        lines[-1].append(shape)
    return [sorted(line, key=lambda shape: position(shape)[1]) for line in lines]
