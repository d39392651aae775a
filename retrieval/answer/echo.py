"""Sentences that only ask what was asked. Pure, no model."""

from __future__ import annotations


def repeats_question(share: float, sentence: str) -> bool:
    """Whether the sentence only asks what was asked: it ends in a question mark and has `share` >= .5 of its words."""
    return share >= 0.5 and sentence.rstrip(" \"”’'*_)").endswith(("?", "？"))
