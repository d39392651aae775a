"""The data of a button: `v1:<id>:<action>:<n>`, at most 64 bytes, parsed by a strict grammar. Pure.

Telegram users can send any data, so whatever does not fit the grammar is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal[
    "source", "next", "right", "wrong", "reason", "back", "ask", "page", "document", "forget", "keep", "picture",
    "turn", "section", "why", "again", "uploads", "remove", "delete",
]  # fmt: skip
MAX_DATA_BYTES = 64
NO_ID = "-"
"""The id in a button that belongs to no answer and no document."""

_ACTIONS = frozenset(get_args(Action))
_DATA = re.compile(r"v1:([A-Za-z0-9_-]{1,32}):([a-z]{1,12}):(0|[1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed. `id` and `n` by action:

    source          answer id; the citation and the amount of context, packed by `source.source_press`
    section         answer id; the citation and the page of its section, packed by `section.section_press`
    why             answer id; 0: how the answer was found
    picture         answer id; the number of a citation: show the page that it names
    next            answer id; the position of the answer text to show, from 0
    turn            answer id; the page to show of answers that are shown together, from 0
    right, wrong    answer id; the position of the answer text above the buttons, or the page
    reason          answer id; that position and the index in feedback.REASONS, packed by `answers.reason_press`
    back            answer id; that position: replace the reasons with the usual buttons
    ask             suggestion id; 0: ask the suggested question
    page            NO_ID; the page of /sources, from 0
    document        document key; the page of its sections, from 0
    again           NO_ID; whether to send the outcome as a new message: ask the questions without an answer again
    forget, keep    NO_ID; 0: yes or no to /forget; `keep` is also no to /remove
    uploads         NO_ID; the page of /remove, from 0
    remove, delete  key of an uploaded document; 0: ask whether to remove it, and do so
    """

    id: str
    action: Action
    n: int = 0

    def data(self) -> str:
        return f"v1:{self.id}:{self.action}:{self.n}"


def read_press(data: str | None) -> Press | None:
    """The press with that data; None for anything that `Press.data` did not produce."""
    match = _DATA.fullmatch(data or "")
    if not match or match[2] not in _ACTIONS:
        return None
    return Press(match[1], match[2], int(match[3]))  # type: ignore[arg-type]  # checked the line before
