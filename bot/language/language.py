"""The fixed texts in the languages people read.

English is the source, in the code. The catalogues in bot/locale are read as they are committed (.po), so nothing has to
be compiled. Dates and numbers are written as each language writes them (Unicode CLDR, which Babel brings).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LOCALES = {"en": "en_GB", "es": "es", "pt": "pt_BR", "ja": "ja"}
"""The languages, and the CLDR locale that writes the dates of each."""
CODES = tuple(LOCALES)
CATALOGUES = Path(__file__).parent.parent / "locale"
SOURCE = "en"

_ISO_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Language:
    """A language to speak."""

    code: str

    def say(self, text: str) -> str:
        """The translation; the text itself where there is none."""
        return _catalogue(self.code).gettext(text)

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for the number, with {number} filled in."""
        return _catalogue(self.code).ngettext(one, many, number).replace("{number}", self.number(number))

    def number(self, number: int) -> str:
        """A whole number with the marks between thousands."""
        return str(format_decimal(number, locale=LOCALES[self.code]))

    def percent(self, share: float) -> str:
        """A share (0 to 1) as per cent; never 0 or 100, which no reader can promise."""
        return str(format_percent(min(max(round(share, 2), 0.01), 0.99), locale=LOCALES[self.code]))

    def date(self, text: str) -> str:
        """An ISO 8601 date, as exact as it is (year, month or day); anything else as it came."""
        match = _ISO_DATE.fullmatch(text)
        try:
            year, month, day = (int(part) if part else 1 for part in match.groups()) if match else (0, 0, 0)
            at = date(year, month, day)
        except ValueError:  # no date at all, or a 30th of February
            return text
        if match and match[3]:
            return str(format_date(at, "long", LOCALES[self.code]))
        return str(format_skeleton("yMMMM" if match and match[2] else "y", at, locale=LOCALES[self.code]))


def language(code: str | None) -> Language:
    """The language for an IETF tag as Telegram gives it ("pt-br"); English for any that there is no catalogue for."""
    found = re.split("[-_]", code or "")[0].lower()
    return Language(found if found in LOCALES else SOURCE)


def later(text: str) -> str:
    """The text as it is, marked for the catalogues: it stands in a table and is said later."""
    return text


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    with (CATALOGUES / code / "LC_MESSAGES" / "quoth.po").open("rb") as file:
        catalogue = read_po(file, code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
