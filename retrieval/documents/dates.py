"""Dates in a text -> ISO 8601, as exact as they are written: 2022-05 or 2022-05-16.

English, Spanish and Portuguese month names, ISO and Japanese forms. Purely numeric forms such as 3/4/2021 are
ignored: the order of day and month differs between countries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from retrieval.spans import Span

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    )
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?!\d)"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_YEAR}-(?P<month_number>0[1-9]|1[0-2])-{_DAY}\b",
        rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s*{_YEAR}",
        rf"\b{_DAY}(?:st|nd|rd|th|º)?\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+|del\s+)?{_YEAR}",
        rf"\b{_MONTH},?\s+(?:of\s+|de\s+|del\s+)?{_YEAR}",
        rf"{_YEAR}年(?P<month_number>1[0-2]|[1-9])月{_DAY}日",
    )
]
# In a name, "2024-03-report" is of that month and "2024-report" of that year, but "model-2000-manual" of no year.
_YEAR_IN_NAME = re.compile(
    r"(?<![\w.])(?<!\d-)(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?!\w|-\d)"
    r"|(?<![\w.])(?<!\d-)(?:19|20)\d\d(?![\w-])|^(?:19|20)\d\d(?=-[^\W\d])"
)
_DATE_LINE_CHARS = 60
_LABEL = re.compile(r"(?:date|published|posted|updated|fecha|data)(?:\s+on)?\s*:?\s*", re.IGNORECASE)
# A dateline opens a news item: an optional place, a date, then a dash or a full stop: "Ottawa, Canada, May 13, 2022. ".
_PLACES = re.compile(r"(?:[^\W\d_][\w’'. -]{1,30},\s+){0,3}")
_CLOSING = re.compile(r"\s*(?:\.\s*[-–—]?|[-–—:])\s*")


def find_dates(text: str) -> Iterator[tuple[Span, str]]:
    """Each full date of the text (month and year at least) with its span, in order, none inside another."""
    found = sorted(
        ((match.span(), _iso(match)) for form in _FORMS for match in form.finditer(text)),
        key=lambda date: (date[0][0], -date[0][1]),
    )
    end = 0
    for span, iso in found:
        if span[0] >= end:
            yield span, iso
            end = span[1]


def whole_date(text: str) -> str | None:
    """The date of a line that contains nothing else ("September 26, 2018", "Published: 4 May 2021"), else None."""
    if len(text) > _DATE_LINE_CHARS:
        return None
    label = _LABEL.match(text)
    rest = text[label.end() if label else 0 :].strip(" .")
    return next((iso for span, iso in find_dates(rest) if span == (0, len(rest))), None)


def date_in_name(path: str) -> str | None:
    """The date in a file's name, such as "2023-09-12_minutes.txt", "2024-03-report.pdf" or "policy_2021.md"."""
    name = re.sub(r"[_\s]+", " ", path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    name = re.sub(
        r"(?<!\d)((?:19|20)\d\d)[-.]?(0[1-9]|1[0-2])(?:[-.]?(0[1-9]|[12]\d|3[01]))?(?!\d)", _with_hyphens, name
    )
    for _, iso in find_dates(name):
        return iso
    found = _YEAR_IN_NAME.search(name)
    return found[0] if found else None


def _with_hyphens(match: re.Match[str]) -> str:
    return "-".join(part for part in match.groups() if part)


def dateline(paragraph: str) -> tuple[str, int] | None:
    """The date of a news item's dateline and the offset where the item itself begins; None where there is none."""
    places = _PLACES.match(paragraph)
    starts = {0, *(match.end() for match in re.finditer(r",\s+", paragraph[: places.end()]))} if places else {0}
    for (start, end), iso in find_dates(paragraph[:120]):
        closing = _CLOSING.match(paragraph, end)
        if start in starts and closing:
            return iso, closing.end()
    return None


def _iso(match: re.Match[str]) -> str:
    """The ISO date; without its day where the month has no such day."""
    parts = match.groupdict()
    month = int(parts["month_number"]) if parts.get("month_number") else _month(parts["month"])
    stem = f"{parts['year']}-{month:02d}"
    if not parts.get("day"):
        return stem
    try:
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return stem


def _month(name: str) -> int:
    """The month's number, found by the pattern's own case folding: it accepts "auguſt", which `lower` keeps."""
    return next(number for known, number in _MONTHS.items() if re.fullmatch(known, name, re.IGNORECASE))
