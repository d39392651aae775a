"""How each language but the source writes dates and numbers, what it calls languages, and its catalogue.

Conventions are those of Unicode CLDR, from Babel. Imported only when a language other than English is written, because
Babel takes a while to load.
"""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

CATALOGUES = Path(__file__).parent.parent / "locale"


def written_number(number: int, locale: str) -> str:
    """An integer with thousands separators."""
    return str(format_decimal(number, locale=locale))


def written_percent(share: float, locale: str) -> str:
    """A share (0 to 1) as a whole percentage."""
    return str(format_percent(share, locale=locale))


def written_date(year: int, month: int | None, day: int | None, locale: str) -> str | None:
    """The date to the same precision; None where there is no such day."""
    try:
        at = date(year, month or 1, day or 1)
    except ValueError:  # a 30th of February
        return None
    if day:
        return str(format_date(at, "long", locale))
    return str(format_skeleton("yMMMM" if month else "y", at, locale=locale))


def language_name(code: str, locale: str) -> str | None:
    """What the language with that ISO 639-1 code is called; None where that is not known."""
    name = Locale.parse(locale).languages.get(code)
    return str(name) if name else None


@cache
def catalogue(code: str) -> GNUTranslations:
    """The translations into the language with that code."""
    with (CATALOGUES / code / "LC_MESSAGES" / "quoth.po").open("rb") as file:
        read = read_po(file, code)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)
