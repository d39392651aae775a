"""What receipts say, in the words of the terminal and of Telegram, and where a citation stands."""

from __future__ import annotations

from bot.language.language import ENGLISH, Language
from bot.language.wording import PLACES, translatable
from bot.plain_text import visible
from retrieval.schema import Citation

UNCHANGED = translatable("Unchanged: {where}")
MOVED = translatable("Moved: now in {where}")
STILL_THERE = translatable("The file has changed, but the quotation is still in {where}")
CHANGED = translatable("Changed: the quotation is no longer in {file}")
CLOSEST_LINE = translatable("Line {number} comes closest now: “{line}”")
GONE = translatable("Gone: there is no file {file} any more")
UNREADABLE = translatable("Not checked: {file} can't be read ({reason})")


def located(citation: Citation, language: Language = ENGLISH) -> str:
    """The document and the place in it: "a.txt, lines 171–172", or "b.pdf, page 3" where the format has pages."""
    return f"{visible(citation.document)}{language.translate(', ')}{place_of(citation, language)}"


def place_of(citation: Citation, language: Language = ENGLISH) -> str:
    """The place in the document: "lines 171–172", or "page 3" where the format has pages."""
    first, last = citation.lines
    if citation.place:
        return language.translate(PLACES[citation.place.kind]).format(label=visible(citation.place.label))
    if first == last:
        return language.translate("line {first}").format(first=first)
    return language.translate("lines {first}–{last}").format(first=first, last=last)
