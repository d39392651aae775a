"""Shapes are read from top to bottom, and from left to right where they stand side by side."""

from __future__ import annotations

from retrieval.documents.office.reading_order import in_reading_order


def test_shapes_whose_tops_nearly_agree_are_read_from_left_to_right():
    places = {"c": (5.0, 1), "b": (1.2, 9), "a": (1.4, 2), "d": (5.1, 7)}
    assert in_reading_order(places, places.__getitem__, 0.5) == ["a", "b", "c", "d"]


def test_a_staircase_of_shapes_is_not_one_line():
    places = {"low": (1.6, 1), "middle": (1.3, 2), "high": (1.0, 3)}
    assert in_reading_order(places, places.__getitem__, 0.5) == ["middle", "high", "low"]
