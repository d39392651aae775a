"""The lettering of charts: numbers and names at their axes, in small type, and labels that are turned.

A reader of the page sees it in the chart, so it belongs to no sentence: it stands after the text of its page. What is
turned is a label of the chart that it stands beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from retrieval.documents.pdf.paragraphs import CAPTION, Block
from retrieval.documents.pdf.parts import Box, Piece
from retrieval.documents.pdf.tables import is_number

# Guesses, tried on made files.
_SIZE = 0.93  # a label's type is at most this large, compared with the page's
_CHARS = 40
_LEAST_LINES = 3  # of a chart's lettering
_LEAST_NUMBERS = 2
_TURNED_SHARE = 0.1  # of the page's text: more is text that runs in another direction
_BESIDE_EM = 4.0


def without_labels(blocks: Sequence[Block], size: float) -> tuple[list[Block], list[Block]]:
    """A column's blocks without the lettering of charts, and that of each chart as one block.

    Such lettering is three lines or more below one another, all short and in small type of one size, two of them
    numbers; `size` is the type size of the page.
    """
    text: list[Block] = []
    charts: list[Block] = []
    for label_size, group in groupby(blocks, lambda block: block.size if _is_label(block, size) else None):
        run = list(group)
        if label_size and len(run) >= _LEAST_LINES and sum(map(_counts, run)) >= _LEAST_NUMBERS:
            charts.append(Block(tuple(line for block in run for line in block.lines)))
        else:
            text += run
    return text, charts


def turned_labels(pieces: Sequence[Piece]) -> list[int]:
    """The positions of the pieces that are turned, and short and few beside the text of the page."""
    upright = sum(len(piece.text) for piece in pieces if piece.turn == 0)
    turned = [at for at, piece in enumerate(pieces) if piece.turn in (1, 3) and len(piece.text) <= _CHARS]
    others = sum(len(piece.text) for piece in pieces) - upright
    return turned if others <= _TURNED_SHARE * upright else []


def with_turned(charts: Sequence[Block], turned: Sequence[Piece]) -> list[Block]:
    """The lettering of charts, with each turned label before that of the chart it stands beside, or else on its own."""
    lines = [list(chart.lines) for chart in charts]
    boxes = [_around(chart.lines) for chart in charts]
    alone = []
    for piece in turned:
        own = _upright(piece)
        beside = [at for at, box in enumerate(boxes) if _is_beside(own, box, _BESIDE_EM * piece.size)]
        if beside:
            lines[beside[0]].insert(0, piece)
        else:
            alone.append([piece])
    return [Block(tuple(chart)) for chart in [*lines, *alone]]


def _is_label(block: Block, size: float) -> bool:
    text = block.lines[0].text
    is_small = len(block.lines) == 1 and block.size <= _SIZE * size and len(text) <= _CHARS
    return is_small and not (block.is_bullet or block.is_leader or CAPTION.match(text))


def _counts(block: Block) -> bool:
    return is_number(block.lines[0])


def _around(lines: Sequence[Piece]) -> Box:
    boxes = [_upright(line) for line in lines]
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _upright(piece: Piece) -> Box:
    """Where the piece stands in the frame of upright text."""
    if piece.turn == 1:
        return Box(piece.y - piece.size, -piece.x1, piece.y, -piece.x0)
    if piece.turn == 3:
        return Box(-piece.y, piece.x0, piece.size - piece.y, piece.x1)
    return Box(piece.x0, piece.y - piece.size, piece.x1, piece.y)


def _is_beside(own: Box, other: Box, reach: float) -> bool:
    """Whether the boxes share heights and the gap between their sides is at most `reach`."""
    return own.y0 < other.y1 and own.y1 > other.y0 and max(other.x0 - own.x1, own.x0 - other.x1) <= reach
