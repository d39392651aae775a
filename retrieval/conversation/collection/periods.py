"""The words for a period -> its first day and the day after it: "2022", "since May 2021", "entre 2019 y 2021". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.documents.dates import whole_date

_PLAIN = r"(?:in|of|from|for|during|within|dated|the year|en|de|del|em|no|do|da|durante|el año|o ano|año|ano)\s+"
_SINCE = r"(?:since|after|from|as of|starting|desde|después de|despues de|a partir de|após|apos|depois de)\s+"
_UNTIL = r"(?:until|till|up to|hasta|até|ate)\s+"
_BEFORE = r"(?:before|prior to|antes de|antes do)\s+"
_BETWEEN = re.compile(
    r"(?:between|from|entre|desde|de)\s+(.+?)\s+(?:and|to|until|till|y|e|a|hasta|até|ate)\s+(.+)", re.IGNORECASE
)
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_YEAR_MONTH = re.compile(r"((?:1[5-9]|20|21)\d\d)[-/.](0?[1-9]|1[0-2])")
_JAPANESE = re.compile(
    r"((?:1[5-9]|20|21)\d\d)年(?:(1[0-2]|0?[1-9])月(?:(3[01]|[12]\d|0?[1-9])日)?)?(以降|から|以後|以前|まで|より前)?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the ISO date `after` on, and before the ISO date `before`, None where it is open; `words` as typed."""

    after: str | None
    before: str | None
    words: str


def read_period(words: str) -> Period | None:
    """The period that the words mean; None where they mean none, or nobody could tell without knowing today's date."""
    typed = words.strip(" \t\n?!.,;:¿¡。？！")
    if japanese := _JAPANESE.fullmatch(typed):
        return _japanese(japanese)
    bare = re.sub(rf"^(?:{_PLAIN})+", "", typed, flags=re.IGNORECASE)
    if between := _BETWEEN.fullmatch(typed):
        first, last = _date(between[1]), _date(between[2])
        return Period(first, following(last), typed) if first and last else None
    for pattern, is_start in ((_SINCE, True), (_UNTIL, False), (_BEFORE, False)):
        match = re.match(pattern, typed, re.IGNORECASE)
        if match and (found := _date(typed[match.end() :])) and not _is_plain_from(match[0]):
            if is_start:
                return Period(found, None, typed)
            return Period(None, found if pattern is _BEFORE else following(found), typed)
    found = _date(bare)
    return Period(found, following(found), bare) if found else None


def read_day(words: str) -> str | None:
    """What ISO dates of a month or day without a year have: "-11" for "November", "-11-14" for "14 November".

    None for other words.
    """
    of_some_year = whole_date(f"{words.strip()} 2000") or whole_date(f"{words.strip()} de 2000")
    return of_some_year.removeprefix("2000") if of_some_year else None


def following(iso: str) -> str:
    """The year, month or day after that one."""
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + 1:04d}"
    if len(parts) == 2:
        return f"{parts[0] + parts[1] // 12:04d}-{parts[1] % 12 + 1:02d}"
    return (date(*parts) + timedelta(days=1)).isoformat()


def _is_plain_from(preposition: str) -> bool:
    """ "News from 2022" is news of that year."""
    return preposition.strip().lower() == "from"


def _date(words: str) -> str | None:
    """The ISO date of words that say nothing else."""
    bare = re.sub(rf"^(?:{_PLAIN}|the\s+)+", "", words.strip(), flags=re.IGNORECASE)
    if _YEAR.fullmatch(bare):
        return bare
    if month := _YEAR_MONTH.fullmatch(bare):
        return f"{month[1]}-{int(month[2]):02d}"
    return whole_date(re.sub(r"\bmarco\b", "março", bare, flags=re.IGNORECASE))


def _japanese(match: re.Match[str]) -> Period:
    year, month, day, side = match.groups()
    iso = "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])
    if side in ("以降", "から", "以後"):
        return Period(iso, None, match[0])
    if side in ("以前", "まで", "より前"):
        return Period(None, iso if side == "より前" else following(iso), match[0])
    return Period(iso, following(iso), match[0])
