"""The fixed texts in the languages people read them in; the only importer of babel.

English is the source. The catalogues in bot/locale are read as they are committed (.po), so nothing has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass

CODES = ("en", "es", "pt", "ja")


@dataclass(frozen=True, slots=True)
class Language:
    """A language to speak: `say` translates, `count` has plural forms; numbers and dates are written its way."""

    code: str

    def say(self, text: str) -> str:
        raise NotImplementedError

    def count(self, one: str, many: str, number: int) -> str:
        """The form for the number, with {number} already filled in."""
        raise NotImplementedError

    def date(self, date: str) -> str:
        """An ISO 8601 date, as exact as it is (year, year-month or day); anything else as it came."""
        raise NotImplementedError

    def percent(self, share: float) -> str:
        """A share (0 to 1) as per cent, never 0 or 100: no reader can promise them."""
        raise NotImplementedError


def language(code: str | None) -> Language:
    """The language for an IETF tag as Telegram gives it ("pt-br"); English for any that there is no catalogue for."""
    raise NotImplementedError
