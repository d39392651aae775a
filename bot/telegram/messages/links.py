"""Which spans of a text Telegram would turn into links. Pure.

Telegram finds mentions, commands, hashtags, cashtags, addresses and card numbers in any text, and a sender can't switch
that off. The rules here match more than Telegram's own (td/telegram/MessageEntity.cpp of TDLib), never less, because
Telegram may know letters of a newer Unicode. Times of day are left out: Telegram links them only in replies to videos.
"""

from __future__ import annotations

import re

from bot.plain_text import merged
from retrieval.spans import Span

# The characters of one token: all but white space, quotation marks, brackets, commas and full-width punctuation.
_TOKEN = re.compile(r"[^\s<>()\[\]{}|\"“”„«»‹›「」『』（）【】《》,;、。，；！？…]+")
_LINKS = re.compile(
    r"""
      @[A-Za-z0-9_]                                     # a mention, an e-mail address
    | (?<!\w)/[A-Za-z0-9_]                              # a command
    | \#\d*(?:[^\W\d]|[^\x00-\x7f])                     # a hashtag, which is more than digits
    | \$(?:1INCH|[A-Z])                                 # a cashtag
    | ://
    | \d\.\d{1,3}\.\d{1,3}\.\d                          # an IP address
    # A domain. A capital and small letters after the dot are the next sentence: no top-level domain is written so.
    | (?:[\w~-]|[^\x00-\x7f])\.(?![A-Z][a-z]+(?![\w.~-]))(?:xn--|[^\W\d_]{2})
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\+\d(?:[ ().-]{0,2}\d){6,}|(?<!\d)\d(?:[ -]?\d){11,}")  # a telephone, a card
_TRAILING = ".:!?'’*"


def linkable(text: str) -> list[Span]:
    """The spans of the text that could become links, in order; no two touch."""
    found = [match.span() for match in _NUMBER.finditer(text)]
    for token in _TOKEN.finditer(text):
        if _LINKS.search(text, *token.span()):
            start, end = token.span()
            found.append((start, start + len(text[start:end].rstrip(_TRAILING))))
    return merged(found)
