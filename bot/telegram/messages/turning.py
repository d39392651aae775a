"""Buttons that turn the pages of a message. Pure."""

from __future__ import annotations

from bot.telegram.messages.buttons import Action, Press
from bot.telegram.messages.message import Button, ButtonRows


def turning(id_: str, action: Action, page: int, pages: int, first: int = 0) -> ButtonRows:
    """The row of buttons to turn the page; none for a single page. The middle one reloads the page shown.

    `first` is the n of the press that shows the first page.
    """
    if pages < 2:
        return ()
    labels = [(f"{page + 1}/{pages}", page)]
    if page > 0:
        labels.insert(0, ("◀", page - 1))
    if page + 1 < pages:
        labels.append(("▶", page + 1))
    return (tuple(Button(text, Press(id_, action, first + n).data()) for text, n in labels),)


def page_count(items: int, on_page: int) -> int:
    """How many pages the items take; one for no items."""
    return max(-(-items // on_page), 1)
