"""Our own texts, dates and numbers in each language.

English is the source language; its texts are in the code. The catalogues in bot/locale are read as committed (.po), so
nothing has to be compiled. Dates and numbers follow each language's conventions (Unicode CLDR, from Babel).
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

from bot.language.wording import shown_confidence
from bot.plain_text import ISO_DATE

LOCALES = {"en": "en_GB", "es": "es", "pt": "pt_BR", "ja": "ja"}
"""The languages, each with the CLDR locale of its dates and numbers."""
CODES = tuple(LOCALES)
CATALOGUES = Path(__file__).parent.parent / "locale"
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which the bot can write."""

    code: str

    def translate(self, text: str) -> str:
        """The translation of the text; the text itself if there is none."""
        return _catalogue(self.code).gettext(text)

    def plural(self, one: str, many: str, number: int) -> str:
        """The translation with the plural form for the number, {number} filled in."""
        return _catalogue(self.code).ngettext(one, many, number).replace("{number}", self.number(number))

    def number(self, number: int) -> str:
        """An integer with thousands separators."""
        return str(format_decimal(number, locale=LOCALES[self.code]))

    def percent(self, share: float) -> str:
        """A confidence (0 to 1) as a percentage, from 1% to 99%."""
        return str(format_percent(shown_confidence(share), locale=LOCALES[self.code]))

    def date(self, text: str) -> str:
        """An ISO 8601 date to the same precision (year, month or day); any other text unchanged."""
        match = ISO_DATE.fullmatch(text)
        try:
            year, month, day = (int(part) if part else 1 for part in match.groups()) if match else (0, 0, 0)
            at = date(year, month, day)
        except ValueError:  # not a date, or a 30th of February
            return text
        if match and match[3]:
            return str(format_date(at, "long", LOCALES[self.code]))
        return str(format_skeleton("yMMMM" if match and match[2] else "y", at, locale=LOCALES[self.code]))


def language_of(tag: str | None) -> Language:
    """The language for an IETF tag as Telegram sends it ("pt-br"); English if there is no catalogue for it."""
    found = re.split("[-_]", tag or "")[0].lower()
    return Language(found if found in LOCALES else SOURCE)


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
