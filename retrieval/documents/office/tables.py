"""Which row of a table names its columns, where the format does not say."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.documents.column_names import has_column_names


def header_of(rows: Sequence[Sequence[str]]) -> int | None:
    """The number, from 0, of the first row with text in two cells; None where it does not look like names of columns.

    What stands above it is the table's title.
    """
    first = next((number for number, row in enumerate(rows) if sum(map(bool, row)) > 1), None)
    return first if first is not None and has_column_names(rows[first:]) else None
