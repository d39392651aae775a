"""What a check of a receipt found, as terminal text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.plain_text import visible
from bot.receipts.check import STANDING, CheckedCitation, check_notes
from bot.receipts.receipt import Receipt
from bot.receipts.wording import located
from bot.terminal.citations import numbered_grid


def render_check(receipt: Receipt, checks: Sequence[CheckedCitation], language: Language = ENGLISH) -> RenderableType:
    """The id and the question of the receipt, and for each citation whether the files still have its words."""
    grid = numbered_grid()
    for check in checks:
        style = "green" if check.status in STANDING else "red"
        for line, note in enumerate(check_notes(check, lambda citation: located(citation, language))):
            said = visible(language.translate(note.text).format(**note.values))
            number = "" if line else f"[{check.cited.number}]"
            grid.add_row(Text(number, style="bold"), Text(said, style="" if line else style))
    return Group(Text(f"{receipt.id}: {visible(receipt.question)}", style="bold"), grid)
