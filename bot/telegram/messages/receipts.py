"""What /verify and /cite answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.language import Language
from bot.language.wording import RECEIPT
from bot.receipts.check import CheckedCitation, check_notes, is_standing
from bot.receipts.citing import CiteFormat, cite
from bot.receipts.receipt import Receipt
from bot.receipts.wording import located
from bot.telegram.messages.blocks import QUOTE_UNITS, fill, noted, quotation
from bot.telegram.messages.message import Block, Message, lay_out, own, pack
from bot.terminal.checking import NOT_STANDING

CITE_FORMATS: tuple[CiteFormat, ...] = ("text", "markdown", "bibtex")
"""The formats of `quoth cite` that people can paste from a message; the first is the usual one."""


def check_messages(receipt: Receipt, checks: Sequence[CheckedCitation], language: Language) -> list[Message]:
    """What became of each citation, and what to do if a quotation is no longer in the files."""
    blocks: list[Block] = [fill(language.translate(RECEIPT), id=own(receipt.id, "code"))]
    for checked in checks:
        notes = check_notes(checked, lambda citation: located(citation, language))
        lines = [noted(note, language) for note in notes]
        first, *others = lines
        more = [run for other in others for run in (own("\n"), *other)]
        blocks.append((own(f"[{checked.cited.number}] "), *first, *more))
    if not is_standing(checks):
        blocks.append((own(language.translate(NOT_STANDING)),))
    return pack(blocks)


def cite_messages(receipt: Receipt, format_: CiteFormat, language: Language) -> list[Message]:
    """The citations in that format, each in a style that a tap copies; long quotations are shortened."""
    cited = cite(receipt, format_, language).split("\n\n")
    blocks = [quotation(one, "code", None, QUOTE_UNITS) for one in cited]
    return pack([block for block in blocks if block]) or [lay_out([(own(receipt.id),)])]
