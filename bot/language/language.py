"""Our own texts, dates and numbers in each language.

English is the source language; its texts are in the code. The catalogues in bot/locale are read as committed (.po), so
nothing has to be compiled. Light to import: Babel is loaded only to write another language than English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.wording import shown_confidence
from bot.plain_text import ISO_DATE, shown_date

LOCALES = {"en": "en_GB", "es": "es", "pt": "pt_BR", "ja": "ja"}
"""The languages, each with the CLDR locale of its dates and numbers."""
CODES = tuple(LOCALES)
_ORDINALS = {"es": "{number}.º", "pt": "{number}º", "ja": "{number}番目"}
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which we can write."""

    code: str

    def translate(self, text: str) -> str:
        """The translation of the text; the text itself if there is none."""
        if self._is_source:
            return text
        from bot.language.conventions import catalogue

        return catalogue(self.code).gettext(text)

    def plural(self, one: str, many: str, number: int) -> str:
        """The translation with the plural form for the number, {number} filled in."""
        if self._is_source:
            form = one if number == 1 else many
        else:
            from bot.language.conventions import catalogue

            form = catalogue(self.code).ngettext(one, many, number)
        return form.replace("{number}", self.number(number))

    def number(self, number: int) -> str:
        """An integer with thousands separators."""
        if self._is_source:
            return f"{number:,}"
        from bot.language.conventions import written_number

        return written_number(number, LOCALES[self.code])

    def ordinal(self, number: int) -> str:
        """A place in an order: "3rd"."""
        if self._is_source:
            last_two = number % 100
            ending = "th" if 11 <= last_two <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
            return f"{self.number(number)}{ending}"
        return _ORDINALS[self.code].format(number=self.number(number))

    def percent(self, share: float) -> str:
        """A confidence (0 to 1) as a percentage, from 1% to 99%."""
        if self._is_source:
            return f"{shown_confidence(share):.0%}"
        from bot.language.conventions import written_percent

        return written_percent(shown_confidence(share), LOCALES[self.code])

    def date(self, text: str) -> str:
        """An ISO 8601 date to the same precision (year, month or day); any other text unchanged."""
        match = ISO_DATE.fullmatch(text)
        if not match:
            return text
        if self._is_source:
            return shown_date(text)
        from bot.language.conventions import written_date

        month, day = (int(part) if part else None for part in match.groups()[1:])
        return written_date(int(match[1]), month, day, LOCALES[self.code]) or text

    def name_of(self, code: str) -> str:
        """What this language calls the one with that ISO 639-1 code ("inglés"); the code where that is not known."""
        from bot.language.conventions import language_name

        return language_name(code, LOCALES[self.code]) or code

    @property
    def _is_source(self) -> bool:
        return self.code == SOURCE


ENGLISH = Language(SOURCE)


def language_of(tag: str | None) -> Language:
    """The language for an IETF tag as Telegram sends it ("pt-br"); English if there is no catalogue for it."""
    found = re.split("[-_]", tag or "")[0].lower()
    return Language(found if found in LOCALES else SOURCE)


def session_language(question: str, before: Language) -> Language:
    """The language of a question or of small talk; `before`, that of the conversation so far, where it is not clear.

    That is so for few words that could be names, and for a language in which we can't write.
    """
    from retrieval.conversation.spoken import spoken_language

    code = spoken_language(question)
    return Language(code) if code in LOCALES else before
