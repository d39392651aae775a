"""/verify and /cite: whether the files still say what an answer cited, and its citations to paste elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.language.wording import translatable
from bot.plain_text import excerpt, visible
from bot.receipts.check import check_receipt, is_standing
from bot.receipts.citing import FORMATS, CiteFormat, cite
from bot.receipts.receipt import Receipt, read_id
from bot.terminal.chat import ASK_FIRST, TerminalChat
from bot.terminal.receipts import render_check

NO_RECEIPT = translatable("There is no receipt {id}; {command} alone takes the last answer.")
_ID_CHARS = 40
NOT_STANDING = translatable(
    "Not every quotation is still in the files. Ask again for an answer from the files as they are."
)


def verify_receipt(chat: TerminalChat, words: Sequence[str]) -> None:
    """Check the receipt with that id, without one that of the last answer, against the files as they are now."""
    receipt = _receipt(chat, "/verify", words)
    if receipt is None:
        return
    checks = check_receipt(receipt, chat.library)
    chat.console.print(render_check(receipt, checks, chat.language))
    if not is_standing(checks):
        chat.say(NOT_STANDING)


def cite_receipt(chat: TerminalChat, words: Sequence[str]) -> None:
    """Print the citations of a receipt, without an id those of the last answer, as Markdown or in another format."""
    format_: CiteFormat = next((name for name in FORMATS if name in map(str.lower, words)), FORMATS[0])
    receipt = _receipt(chat, "/cite", [word for word in words if word.lower() != format_])
    if receipt is not None:
        for line in cite(receipt, format_, chat.language).splitlines():
            chat.console.print(Text(visible(line)), soft_wrap=True)


def _receipt(chat: TerminalChat, command: str, words: Sequence[str]) -> Receipt | None:
    """The receipt that is meant; None where there is none, which has been said."""
    if not words:
        receipt = chat.log.last_receipt()
        if receipt is None:
            chat.say(ASK_FIRST)
        return receipt
    id_ = read_id(words[0])
    receipt = chat.log.find(id_) if id_ else None
    if receipt is None:
        chat.say(NO_RECEIPT, id=excerpt(words[0], _ID_CHARS), command=command)
    return receipt
