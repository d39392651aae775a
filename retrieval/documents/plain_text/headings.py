"""Which blocks of a plain text are headings. Several signs together tell, never one alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.documents.dates import whole_date
from retrieval.documents.plain_text.lines import Block, starts_lower

HEADING_CHARS = 160
HEADING_LINES = 3
_LEAST_SIGNS = 3
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]*_]*\s*(?:\d{1,3})?\s*$")
_NUMBER = re.compile(
    r"\(?(?:[^\W\d_]{2,12}\.?\s+)?(?:\d{1,3}(?:\.\d{1,3})*[.):]?|[IVXLCDM]{1,7}[.):]?|[A-Z][.)])\)?(?=\s|$)"
)
_UNDERLINE = re.compile(r"\s*([=\-~*_#^])\1{2,}\s*")


def is_underline(text: str) -> bool:
    """Whether the line consists of nothing but one sign, such as "=====", three times or more."""
    return bool(_UNDERLINE.fullmatch(text))


def is_heading(block: Block, after: Block | None, is_wrapped: bool) -> bool:
    """Whether a body block is a heading of the block after it: short, without an end of a sentence, and three signs.

    The signs are white space above, white space below, words in title case, and, of which one must be there: nothing
    but capitals, a number ("2.1", "CHAPTER IV", "(Note 1)"), a colon at the end, a text below that is at least twice as
    long, and a text below that is indented deeper. Where lines are wrapped, capitals must be among them, because a line
    of a broken paragraph has the other signs, too.
    """
    text = block.bare
    if (
        after is None
        or after.kind not in ("body", "header row", "row")
        or len(text) > HEADING_CHARS
        or len(block.lines) > HEADING_LINES
    ):
        return False
    is_upper = text.isupper() and len(text) > 3
    if (
        (_TERMINAL.search(text) and not (is_upper and text.endswith(".")))
        or text[-1] in ",;、，；，"
        or starts_lower(text)
    ):
        return False
    if starts_lower(after.text) and not after.blank_before and not is_upper:
        return False
    stands_out = is_upper or is_title_case(text)
    if is_wrapped and not stands_out:
        return False
    strong = [
        is_upper,
        number_of(text) is not None,
        text.endswith((":", "：")) and len(text.split()) <= 8,
        len(after.bare) >= max(2 * len(text), 60),
        after.lines[0].indent > block.lines[0].indent,
    ]
    return any(strong) and sum([block.blank_before, after.blank_before, stands_out, *strong]) >= _LEAST_SIGNS


def level_of(text: str) -> int:
    """A heading's level: 2 for "3", 3 for "3.2" and so on, 1 for a heading without a number."""
    number = number_of(text)
    return 1 + len(re.findall(r"\d+", number)) if number and number[0].isdigit() else 1


def number_of(text: str) -> str | None:
    """The number at the beginning of a heading, with the word before it; None where there is none.

    "36" alone, and "2 kilos", are amounts.
    """
    found = _NUMBER.match(text)
    rest = text[found.end() :].lstrip() if found else ""
    is_amount = found is not None and found[0].isdigit() and not rest[:1].isupper()
    return found[0] if found and not is_amount else None


def is_title_case(text: str) -> bool:
    """True where nearly all longer words begin with a capital, as in a heading."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3 or word[0].isupper()]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


def split_heading(block: Block, width: int) -> list[Block]:
    """The block split after a heading of one to three short lines that has no blank line below it."""
    for count in (1, 2, 3):
        head, rest = block.lines[:count], block.lines[count:]
        if not rest:
            break
        short = all(len(line.text.strip()) <= 0.6 * width for line in head)
        follows = len(rest[0].text.strip()) >= 0.7 * width and not starts_lower(rest[0].text)
        if short and follows and is_title_case(" ".join(line.text for line in head)):
            return [Block(head, block.blank_before, block.page), Block(rest, False, block.page)]
    return [block]


def joined_headings(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks one by one, but a heading together with the headings of the same level right below it.

    "CHAPTER IV" and "The Hound" are one heading in two lines; a date is a heading of its own.
    """
    groups: list[list[Block]] = []
    for block in blocks:
        above = groups[-1][-1] if groups else None
        if above and above.kind == block.kind == "heading" and _belong_together(above.bare, block.bare):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _belong_together(above: str, below: str) -> bool:
    return level_of(above) == level_of(below) and not whole_date(above) and not whole_date(below)
