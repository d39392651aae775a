"""The kinds of small talk, and the kinds of pieces that a message of small talk consists of."""

from __future__ import annotations

from typing import Literal

TalkKind = Literal[
    "greeting",
    "how are you",
    "who are you",
    "help",
    "thanks",
    "praise",
    "blame",
    "abuse",
    "no",
    "yes",
    "apology",
    "bye",
    "ok",
    "laugh",
    "emoji",
    "nonsense",
]
"""What a message of small talk is; each has its reply."""

PieceKind = TalkKind | Literal["opening", "not", "filler"]
"""What one phrase of a message is.

"opening" is a question about Quoth where nothing was asked before, and may be about the last answer later ("how does
this work?"). "not" makes blame of praise. A filler stands beside small talk and is none by itself.
"""
