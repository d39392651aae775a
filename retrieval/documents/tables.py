"""Which row of a table names its columns, where the format does not say."""

from __future__ import annotations

from collections.abc import Sequence


def header_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The number, from 0, of the first row with text in two cells; None where no row follows it.

    What stands above it is the table's title.
    """
    return next((number for number, row in enumerate(rows[:-1]) if sum(map(bool, row)) > 1), None)
