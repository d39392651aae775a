"""The picture of a page highlights exactly the words of a quotation, and says so where the file has changed."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from retrieval.documents.elements import ReadOptions
from retrieval.documents.pdf import read
from retrieval.documents.pdf.page_image import PageImage, page_image
from retrieval.errors import DocumentError
from tests.retrieval.documents.pdf.made_pdf import (
    BRIDGES,
    FERRIES,
    LEFT,
    PLAIN,
    WIDTH,
    Drawing,
    columns,
    report,
    running_text,
)

A4_WIDTH = 595  # pictures of this width show a point as a pixel


def picture_of(raw: bytes, quote: str, *, width_px: int = A4_WIDTH) -> PageImage:
    extraction = read(raw, ReadOptions())
    start = extraction.text.index(quote)
    return page_image(raw, extraction.text, [(start, start + len(quote))], extraction.places, width_px=width_px)


def highlighted(image: PageImage) -> list[tuple[int, int, int, int]]:
    """The highlighted stripes from top to bottom: left, top, right and foot, in pixels."""
    pixels = np.asarray(Image.open(io.BytesIO(image.png)).convert("RGB")).astype(int)
    is_yellow = (pixels[:, :, 0] > 200) & (pixels[:, :, 2] < 160)
    rows = np.flatnonzero(is_yellow.any(axis=1))
    stripes = []
    for block in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        columns_ = np.flatnonzero(is_yellow[block].any(axis=0))
        stripes.append((int(columns_[0]), int(block[0]), int(columns_[-1]), int(block[-1])))
    return stripes


def test_the_highlight_covers_the_words_and_nothing_else():
    drawing = Drawing()
    drawing.line(LEFT, 100, "The bridge at Holm was opened in 1887.", 20)
    drawing.page()
    ((left, top, right, foot),) = highlighted(picture_of(drawing.file(), "at Holm"))
    before = stringWidth("The bridge ", PLAIN, 20)
    assert abs(left - (LEFT + before)) <= 2
    assert abs(right - (LEFT + before + stringWidth("at Holm", PLAIN, 20))) <= 2
    assert 80 <= top <= 86 and 102 <= foot <= 107


def test_a_quotation_in_the_right_column_is_marked_line_by_line_in_that_column():
    width = (WIDTH - 18) / 2
    lines = simpleSplit(FERRIES, PLAIN, 10, width)
    stripes = highlighted(picture_of(columns(2), FERRIES))
    left = LEFT + width + 18
    # The lines' stripes touch, because lines stand 12 points apart and a stripe is 11 high, rounded outwards.
    assert min(stripe[0] for stripe in stripes) >= left - 1
    assert abs(stripes[0][1] - (90 - 8.5)) <= 1
    assert abs(stripes[-1][3] - (90 + 12 * (len(lines) - 1) + 2.5)) <= 1


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_highlight_follows_a_turned_page(rotation: int):
    drawing = Drawing((600, 600))
    drawing.canvas.setPageRotation(rotation)
    drawing.line(100, 150, "The bridge", 20)
    drawing.page()
    ((left, top, right, foot),) = highlighted(picture_of(drawing.file(), "The bridge", width_px=600))
    end = 100 + stringWidth("The bridge", PLAIN, 20)
    expected = {
        0: (100, 133, end, 155),
        90: (600 - 155, 100, 600 - 133, end),
        180: (600 - end, 600 - 155, 500, 600 - 133),
        270: (133, 600 - end, 155, 500),
    }[rotation]
    assert np.abs(np.subtract((left, top, right, foot), expected)).max() <= 2


def test_text_that_reads_upwards_is_marked_where_it_stands():
    drawing = Drawing((600, 600))
    drawing.canvas.translate(300, 100)
    drawing.canvas.rotate(90)
    drawing.canvas.setFont(PLAIN, 20)
    drawing.canvas.drawString(0, 0, "The bridge")
    drawing.page()
    ((left, top, right, foot),) = highlighted(picture_of(drawing.file(), "The bridge", width_px=600))
    expected = (300 - 17, 500 - stringWidth("The bridge", PLAIN, 20), 305, 500)
    assert np.abs(np.subtract((left, top, right, foot), expected)).max() <= 2


def test_only_the_part_on_the_first_page_is_marked():
    image = picture_of(report(), "lifted the arch back onto its piers.")
    assert (image.page, image.pages) == (1, 4)
    ((left, top, _, foot),) = highlighted(image)
    assert left > 300 and abs(top - (730 - 8.5)) <= 1 and abs(foot - 732.5) <= 1


def test_what_stands_on_the_next_page_alone_is_shown_there():
    assert picture_of(report(), "back onto its piers.").page == 2


def test_every_element_of_a_report_can_be_shown():
    raw = report()
    extraction = read(raw, ReadOptions())
    for element in extraction.elements:
        ((_, start, length),) = element.reading.runs
        image = page_image(raw, extraction.text, [(start, start + length)], extraction.places, width_px=300)
        assert highlighted(image)


def test_a_changed_file_is_told():
    extraction = read(columns(2), ReadOptions())
    start = extraction.text.index(FERRIES)
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES)
    drawing.page()
    with pytest.raises(DocumentError, match="the file has changed since it was indexed; run `quoth index` again"):
        page_image(drawing.file(), extraction.text, [(start, start + 50)], extraction.places)


def test_a_file_that_lost_its_page_is_told():
    extraction = read(running_text(3), ReadOptions())
    start = extraction.places[2].start
    with pytest.raises(DocumentError, match="the file has changed"):
        page_image(running_text(2), extraction.text, [(start, start + 50)], extraction.places)


def test_a_page_of_a_kilometre_gives_a_small_picture():
    drawing = Drawing((14_000, 2_800_000))
    drawing.line(LEFT, 80, "The bridge")
    drawing.page()
    picture = Image.open(io.BytesIO(picture_of(drawing.file(), "The bridge").png))
    assert picture.width <= A4_WIDTH and picture.height <= 4 * A4_WIDTH


def test_a_page_of_a_long_file_is_shown_at_once():
    raw = running_text(300, paragraphs=1)
    extraction = read(raw, ReadOptions())
    start = extraction.places[250].start
    begin = time.perf_counter()
    image = page_image(raw, extraction.text, [(start, start + 200)], extraction.places)
    assert (image.page, image.pages) == (251, 300)
    assert time.perf_counter() - begin < 5  # about .3 s on an idle machine
