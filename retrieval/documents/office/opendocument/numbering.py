"""The numbers of headings and list items in OpenDocument files, which the files do not hold: they are counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.documents.office.list_numbers import written
from retrieval.documents.office.opendocument.styles import MAX_LEVELS, ListLevel


@dataclass(slots=True)
class Counter:
    """How far a list, or the headings, have counted at each level."""

    _counts: dict[int, int] = field(default_factory=dict)

    def next_label(self, levels: dict[int, ListLevel], level: int, start: int | None = None) -> str:
        """The number of the next item at a level from 1, such as "4.2.", "" where none is shown.

        `start` is the number that the item states for itself.
        """
        level = min(level, MAX_LEVELS)
        stated = levels.get(level)
        first = stated.start if stated else 1
        self._counts[level] = start if start is not None else self._counts.get(level, first - 1) + 1
        for deeper in range(level + 1, MAX_LEVELS + 1):
            self._counts.pop(deeper, None)
        if stated is None or stated.number_format == "none":
            return ""
        numbers = []
        for above in range(level - stated.shown + 1, level + 1):
            known = levels.get(above)
            if known and known.number_format != "none":
                numbers.append(written(self._counts.get(above, known.start), known.number_format))
        return f"{stated.prefix}{'.'.join(numbers)}{stated.suffix}"
