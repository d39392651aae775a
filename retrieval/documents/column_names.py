"""Whether a table's first row names its columns, for tables whose format does not tell: CSV files and spreadsheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

ROWS_COMPARED = 100
_MOST = 0.8
_NAME_CHARS = 100
_NUMBER = re.compile(r"(?=.*\d)[\d\s.,:;/%+()'’$€£¥TZ-]+")  # also dates, times and amounts
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDS, _CODE, _VALUE = 0, 1, 2


def has_column_names(rows: Sequence[Sequence[str]], *, if_unclear: bool = True) -> bool:
    """Whether the first row names the columns of the others; "" is an empty cell.

    A name is told from values by its kind: words above numbers, or above codes that have digits. Where no column tells,
    `if_unclear` is returned, provided that the first row could be names: several, short, and none twice.
    """
    if not rows:
        return False
    first, *others = rows[: ROWS_COMPARED + 1]
    below = [row for row in others if row != first]  # long tables repeat the names
    names = [name for name in first if name]
    if not below or not names or 2 * len(names) < len(first) or max(map(len, names)) > _NAME_CHARS:
        return False
    votes = [
        _vote(name, [row[column] for row in below if column < len(row) and row[column]])
        for column, name in enumerate(first)
        if name
    ]
    if any(votes):
        return sum(votes) > 0
    return if_unclear and len(names) > 1 and len(set(names)) == len(names)


def _vote(name: str, values: Sequence[str]) -> int:
    """1 if the name is of another kind than the values below it, -1 if it could be one of them, 0 if nothing tells."""
    if not values:
        return 0
    if name in values:
        return -1
    kind, count = Counter(map(_kind, values)).most_common(1)[0]
    if kind == _WORDS or count < _MOST * len(values):
        return 0
    if kind == _VALUE and _YEAR.fullmatch(name) and not all(map(_YEAR.fullmatch, values)):
        return 1
    return 1 if _kind(name) < kind else -int(kind == _VALUE)


def _kind(cell: str) -> int:
    if _NUMBER.fullmatch(cell):
        return _VALUE
    return _CODE if any(map(str.isdecimal, cell)) else _WORDS
