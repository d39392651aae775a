"""Broken, locked, endless and strange PDF files are refused in one sentence or read as far as they go."""

from __future__ import annotations

import io
import time

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from retrieval.documents.elements import Limits, ReadOptions
from retrieval.documents.pdf import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.pdf.made_pdf import BRIDGES, FERRIES, HEIGHT, LEFT, PLAIN, Drawing, running_text


def text_of(drawing: Drawing) -> str:
    drawing.page()
    return read(drawing.file(), ReadOptions()).text


def refusal(raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        read(raw, ReadOptions(limits=limits or Limits()))
    return str(caught.value)


def test_a_file_locked_with_a_password_says_so():
    drawing = Drawing(encryption=StandardEncryption("secret", ownerPassword="owner"))
    drawing.line(LEFT, 80, "The bridge")
    drawing.page()
    assert refusal(drawing.file()) == "it is locked with a password; save a copy without one"


def test_a_file_that_may_only_not_be_changed_is_read():
    drawing = Drawing(encryption=StandardEncryption("", ownerPassword="owner", canModify=0, canCopy=0))
    drawing.line(LEFT, 80, "The bridge")
    assert text_of(drawing) == "The bridge"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused_or_named(share: float):
    raw = running_text(4)
    assert refusal(raw[: int(len(raw) * share)]) == "it is damaged or cut off; get an intact copy"


def test_garbage_with_the_sign_of_a_pdf_file_is_refused():
    assert refusal(b"%PDF-1.7\n" + bytes(range(256)) * 40) == "it is damaged or cut off; get an intact copy"


def test_a_file_of_any_broken_byte_is_read_or_refused_in_a_sentence():
    raw = running_text(2)
    for place in range(0, len(raw), len(raw) // 60):
        try:
            read(raw[:place] + b"\x00\xff" + raw[place + 2 :], ReadOptions())
        except DocumentError as error:
            assert "\n" not in str(error)


def test_ten_thousand_pages_are_counted_before_they_are_read():
    pdf = pypdfium2.PdfDocument.new()
    for _ in range(10_000):
        pdf.new_page(100, 100)
    file = io.BytesIO()
    pdf.save(file)
    pdf.close()
    start = time.perf_counter()
    assert "raise the limit of 5000 with `--max-pages`" in refusal(file.getvalue())
    assert time.perf_counter() - start < 5


def test_a_file_above_the_limit_of_size_names_its_flag():
    drawing = Drawing()
    drawing.line(LEFT, 80, "The bridge")
    drawing.page()
    raw = drawing.file() + b"\n" * 1_000_001
    assert refusal(raw, Limits(file_mb=1)) == "it has more than 1 MB; raise the limit with `--max-file-mb` to read it"


def test_more_text_than_the_limit_names_its_flag():
    drawing = Drawing()
    for number in range(260):
        drawing.line(LEFT, 3 * number, "bridge " * 700, 1)
    drawing.page()
    message = "it has more than 1 MB of text; raise the limit with `--max-unpacked-mb` to read it"
    assert refusal(drawing.file(), Limits(unpacked_mb=1)) == message


def test_nothing_but_pictures_is_refused_with_what_to_do():
    drawing = Drawing()
    for _ in range(2):
        drawing.picture(0, 0, 595, HEIGHT)
        drawing.page()
    expected = "its pages are pictures without text; run them through an OCR program to have them read"
    assert refusal(drawing.file()) == expected


def test_empty_pages_are_refused():
    drawing = Drawing()
    drawing.page()
    assert refusal(drawing.file()) == "its pages have no text; check that it is the right file"


def test_an_empty_page_among_others_is_passed_over():
    drawing = Drawing()
    drawing.line(LEFT, 80, "First")
    drawing.page()
    drawing.page()
    drawing.line(LEFT, 80, "Third")
    drawing.page()
    extraction = read(drawing.file(), ReadOptions())
    assert (extraction.text, extraction.remarks) == ("First\n\nThird", ())
    assert [place.label for place in extraction.places] == ["1", "3"]


def test_a_page_of_a_kilometre_is_read():
    drawing = Drawing((2_800_000, 2_800_000))
    drawing.line(LEFT, 80, "The bridge")
    assert text_of(drawing) == "The bridge"


def test_scripts_are_ignored():
    drawing = Drawing()
    drawing.line(LEFT, 80, "The bridge")
    drawing.page()
    script = b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    raw = drawing.file().replace(b"/Type /Catalog", script)
    assert script in raw
    assert read(raw, ReadOptions()).text == "The bridge"


def test_text_outside_of_the_page_is_not_read():
    drawing = Drawing()
    drawing.line(LEFT, 80, "The bridge")
    drawing.line(5_000, 80, "nobody sees this")
    assert text_of(drawing) == "The bridge"


def test_text_in_all_directions_is_read():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES)
    for degrees in (90, 180, 270, 45):
        drawing.canvas.saveState()
        drawing.canvas.translate(300, 300)
        drawing.canvas.rotate(degrees)
        drawing.canvas.setFont(PLAIN, 10)
        drawing.canvas.drawString(20, 0, f"turned by {degrees} degrees")
        drawing.canvas.restoreState()
    text = text_of(drawing)
    assert text.startswith(BRIDGES)
    assert all(f"turned by {degrees} degrees" in text for degrees in (90, 180, 270, 45))


def test_vertical_writing_is_one_line():
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3", isVertical=True))
    drawing = Drawing()
    drawing.line(380, 100, "開通した。", 12, "HeiseiMin-W3")
    assert text_of(drawing) == "開通した。"


def test_a_page_of_many_words_in_no_order_is_read_in_time():
    drawing = Drawing()
    for number in range(20_000):
        drawing.line((number * 7919) % 560, (number * 104_729) % 830, "ab", 4)
    start = time.perf_counter()
    assert text_of(drawing).count("ab") > 10_000
    assert time.perf_counter() - start < 20


def test_a_page_of_many_lines_is_read_in_time():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, FERRIES)
    for number in range(30_000):
        drawing.rule(number % 500, number % 800, number % 500 + 30, number % 800)
    start = time.perf_counter()
    assert text_of(drawing) == FERRIES
    assert time.perf_counter() - start < 20
