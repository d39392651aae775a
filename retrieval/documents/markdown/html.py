"""HTML inside Markdown -> its tags, its comments and the text between them, with their spans. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

HEADING_TAGS = {f"h{level}": level for level in range(1, 7)}
BLOCK_TAGS = HEADING_TAGS.keys() | frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset head header hr html legend li main menu nav ol optgroup "
    "option p pre search section summary table tbody td tfoot th thead title tr ul".split()
)
"""Tags that end a line of text, so that a space stands where they stood."""
_INLINE_TAGS = frozenset(
    "a abbr acronym area audio b base basefont bdi bdo big br button canvas cite code col colgroup data datalist "
    "del dfn em embed font i iframe img input ins kbd label link map mark meta meter noframes noscript object "
    "output param picture progress q rb rp rt rtc ruby s samp script select slot small source span strike "
    "strong style sub sup svg template textarea time track tt u var video wbr".split()
)
# No part of it runs past the next "<", so that the time stays linear.
_TAG = re.compile(r"""<(/?)([A-Za-z][\w-]*)((?:[^<>"']++|"[^"<]*"|'[^'<]*')*+|[^<>]*)>""")
_DECLARATION = re.compile(r"<![A-Za-z][^<>]*>")
_CLOSING = {name: re.compile(rf"</{name}[^<>]*>", re.IGNORECASE) for name in ("script", "style")}


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of HTML; `name` is a tag's name in lower case, "" for what is no tag."""

    kind: Literal["text", "comment", "hidden", "open", "close"]
    start: int
    end: int
    name: str = ""


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of text[start:end], which cover all of it in order.

    "hidden" is a script, a style sheet or a declaration. A word in angle brackets that is no tag of HTML, such as
    `<your name>`, is text, and so is all that follows an unclosed comment, script or style sheet.
    """
    shown = at = start
    while (at := text.find("<", at, end)) >= 0:
        token = _token_at(text, at, end)
        if token is None:
            at += 1
            continue
        if shown < at:
            yield Token("text", shown, at)
        yield token
        shown = at = token.end
        if token.kind == "text":
            break
    if shown < end:
        yield Token("text", shown, end)


def _token_at(text: str, start: int, end: int) -> Token | None:
    """The comment, declaration or tag at `start`; None where there is none."""
    if text.startswith("<!--", start):
        closed = text.find("-->", start + len("<!--"), end)
        return Token("text", start, end) if closed < 0 else Token("comment", start, closed + len("-->"))
    if declaration := _DECLARATION.match(text, start, end):
        return Token("hidden", start, declaration.end())
    tag = _TAG.match(text, start, end)
    if not tag or not is_tag(tag[2], tag[3]):
        return None
    name = tag[2].lower()
    if name in _CLOSING and not tag[1]:
        closing = _CLOSING[name].search(text, tag.end(), end)
        return Token("hidden", start, closing.end()) if closing else Token("text", start, end)
    return Token("close" if tag[1] else "open", start, tag.end(), name)


def is_tag(name: str, attributes: str) -> bool:
    """Whether this is a tag of HTML, or one with attributes; `<your name>` and `List<String>` are not."""
    return "=" in attributes or name.lower() in BLOCK_TAGS or name.lower() in _INLINE_TAGS
