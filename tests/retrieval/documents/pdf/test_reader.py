"""A PDF file's elements stand in reading order, with headings, lists, tables, captions and notes told apart."""

from __future__ import annotations

import random

import pytest
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from retrieval.documents.elements import Element, Extraction, Limits, ReadOptions
from retrieval.documents.pdf import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.pdf.made_pdf import (
    BOLD,
    BRIDGES,
    FERRIES,
    HEIGHT,
    LEFT,
    PLAIN,
    TOLLS,
    WIDTH,
    Drawing,
    columns,
    report,
)


def read_made(raw: bytes) -> Extraction:
    return read(raw, ReadOptions())


def texts(raw: bytes) -> list[str]:
    return [element.reading.text for element in read_made(raw).elements]


def cells(element: Element) -> list[str]:
    return [element.reading.text[start:end] for start, end in element.cells]


def test_a_report_is_read_as_its_elements():
    elements = read_made(report()).elements
    assert [(element.kind, element.level, element.reading.text) for element in elements] == [
        ("heading", 1, "The bridges of Holm"),
        ("heading", 2, "1 The old bridge"),
        ("paragraph", 0, BRIDGES),
        ("paragraph", 0, "The deck has 480 m² of planks."),
        ("heading", 3, "Tools"),
        ("paragraph", 0, "Bring these tools:"),
        ("item", 0, "a hammer"),
        ("item", 0, "nails:"),
        ("item", 1, "long ones"),
        ("item", 1, "short ones"),
        ("item", 0, "1. Lift the plank."),
        ("item", 0, "2. Draw the nails."),
        ("item", 0, "3. Put the plank back."),
        ("caption", 0, "Figure 1: The bridge from the west"),
        ("paragraph", 0, "1 Measured in 1960."),
        (
            "paragraph",
            0,
            "In the spring of 1963 the county bought a new crane, and with it the workers lifted the arch back onto "
            "its piers.",
        ),
        ("heading", 2, "2 Parts and visitors"),
        ("caption", 0, "Table 1. Parts in store"),
        ("header row", 0, "Part | Weight | Price"),
        ("row", 0, "Beam | 120 kg | 14.50"),
        ("row", 0, "Bolt |  | 0.20"),
        ("paragraph", 0, FERRIES),
        ("header row", 0, "Year | Carts | Walkers"),
        ("row", 0, "1890 | 120 | 4,000"),
        ("row", 0, "1900 | 340 | 5,100"),
        ("row", 0, "1910 | 410 | 6,050"),
        ("paragraph", 0, TOLLS),
        ("paragraph", 0, TOLLS),
    ]


def test_every_element_is_a_slice_of_the_text():
    extraction = read_made(report())
    for element in extraction.elements:
        ((reading, original, length),) = element.reading.runs
        assert reading == 0 and extraction.text[original : original + length] == element.reading.text


def test_a_page_begins_in_the_middle_of_a_paragraph_that_goes_on_over_it():
    extraction = read_made(report())
    assert [place.label for place in extraction.places] == ["1", "2", "3", "4"]
    starts = [extraction.text[place.start :] for place in extraction.places]
    assert starts[1].startswith("back onto its piers.") and starts[2].startswith(TOLLS)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("gutter", [11, 24])
def test_columns_are_read_one_after_the_other(count: int, gutter: float):
    expected = ["A heading across all columns", BRIDGES, FERRIES, TOLLS]
    assert texts(columns(count, gutter=gutter)) == expected[: count + 1]


def test_columns_are_found_where_the_words_are_drawn_in_any_order():
    words = []
    for column, text in enumerate((BRIDGES, FERRIES)):
        for number, line in enumerate(simpleSplit(text, PLAIN, 10, 220)):
            x = LEFT + 250 * column
            for word in line.split():
                words.append((x, 90 + 12 * number, word))
                x += stringWidth(f"{word} ", PLAIN, 10)
    random.Random(3).shuffle(words)
    drawing = Drawing()
    for word in words:
        drawing.line(*word)
    drawing.page()
    assert texts(drawing.file()) == [BRIDGES, FERRIES]


def test_a_heading_across_columns_parts_them():
    drawing = Drawing()
    y = 60.0
    for heading, left, right in (("Bridges", BRIDGES, TOLLS), ("Ferries", FERRIES, BRIDGES)):
        drawing.line(LEFT, y, heading, 14, BOLD)
        foot = drawing.wrapped(LEFT, y + 22, left, 220)
        drawing.wrapped(LEFT + 240, y + 22, right, 220)
        y = foot + 30
    drawing.page()
    assert texts(drawing.file()) == ["Bridges", BRIDGES, TOLLS, "Ferries", FERRIES, BRIDGES]


def test_a_sentence_goes_on_in_the_next_column():
    drawing = Drawing()
    lines = simpleSplit(f"{BRIDGES} {FERRIES}", PLAIN, 10, 220)
    half = len(lines) // 2
    drawing.lines(LEFT, 80, lines[:half])
    drawing.lines(LEFT + 240, 80, lines[half:])
    drawing.page()
    assert texts(drawing.file()) == [f"{BRIDGES} {FERRIES}"]


def test_wide_gaps_between_words_of_one_column_part_nothing():
    drawing = Drawing()
    for number in range(4):
        drawing.line(LEFT, 80 + 12 * number, "the keeper wrote every crossing into a book and")
        drawing.line(LEFT + 230, 80 + 12 * number, "the books are in the county archive of the town")
    drawing.page()
    assert texts(drawing.file()) == [
        " ".join(
            ["the keeper wrote every crossing into a book and the books are in the county archive of the town"] * 4
        )
    ]


def test_paragraphs_are_told_apart_by_an_indented_first_line():
    drawing = Drawing()
    y = 80.0
    for text in (BRIDGES, FERRIES, TOLLS):
        first = simpleSplit(text, PLAIN, 10, WIDTH - 15)[0]
        drawing.line(LEFT + 15, y, first)
        y = drawing.wrapped(LEFT, y + 12, text[len(first) + 1 :])
    drawing.page()
    assert texts(drawing.file()) == [BRIDGES, FERRIES, TOLLS]


def test_wrapped_cells_of_an_open_table_are_one_cell():
    drawing = Drawing()
    y = 80.0
    for name, text in (("Bridge", BRIDGES), ("Ferry", FERRIES), ("Toll", TOLLS)):
        drawing.line(LEFT, y, name)
        y = drawing.wrapped(LEFT + 90, y, text, 330) + 6
    drawing.page()
    elements = read_made(drawing.file()).elements
    assert [cells(element) for element in elements] == [["Bridge", BRIDGES], ["Ferry", FERRIES], ["Toll", TOLLS]]


def test_wrapped_cells_between_lines_are_one_cell():
    drawing = Drawing()
    for y in (60, 100, 140):
        drawing.rule(LEFT, y, LEFT + 300, y)
    for x in (0, 100, 300):
        drawing.rule(LEFT + x, 60, LEFT + x, 140)
    drawing.cells(LEFT + 5, 75, ("Beam", "carries the deck"), (100, 200))
    drawing.cells(LEFT + 5, 87, ("of oak", "and the railing"), (100, 200))
    drawing.cells(LEFT + 5, 115, ("Bolt", "holds the beam"), (100, 200))
    drawing.page()
    elements = read_made(drawing.file()).elements
    assert [cells(element) for element in elements] == [
        ["Beam of oak", "carries the deck and the railing"],
        ["Bolt", "holds the beam"],
    ]


def test_a_hyphen_at_a_line_end_goes_in_a_hyphenated_document_but_not_from_a_compound():
    drawing = Drawing()
    drawing.lines(
        LEFT,
        80,
        [
            "The remark-",
            "able bridge is a well-",
            "known one, for exam-",
            "ple to sail-",
            "ors. A sailor and a remarkable",
        ],
    )
    drawing.line(LEFT, 160, "keeper, both well-known, met.")
    drawing.page()
    assert texts(drawing.file())[0] == (
        "The remarkable bridge is a well-known one, for example to sailors. A sailor and a remarkable"
    )


def test_running_heads_go_only_where_they_recur():
    drawing = Drawing()
    for number in range(4):
        drawing.line(LEFT, 30, f"Chapter {number // 2 + 1}", 8)
        drawing.right(LEFT + WIDTH, 30, str(number + 11), 8)
        drawing.line(LEFT, 50, f"Only on page {'abcd'[number]}", 8)
        drawing.wrapped(LEFT, 90, BRIDGES)
        drawing.page()
    assert texts(drawing.file()) == [text for letter in "abcd" for text in (f"Only on page {letter}", BRIDGES)]


def test_a_table_that_goes_on_over_pages_keeps_its_header_and_numbers():
    drawing = Drawing()
    for _ in range(4):
        drawing.cells(LEFT, 40, ("Year", "Carts", "Walkers"), (80, 80, 80), BOLD)
        for number in range(51):
            drawing.cells(LEFT, 54 + 14 * number, ("1890", "120", "4,000"), (80, 80, 80))
        drawing.page()
    kinds = [element.kind for element in read_made(drawing.file()).elements]
    assert kinds == (["header row"] + ["row"] * 51) * 4


def test_a_title_that_recurs_as_a_running_head_is_kept_once():
    drawing = Drawing()
    for _ in range(3):
        drawing.line(LEFT, 40, "The bridges of Holm", 16, BOLD)
        drawing.wrapped(LEFT, 90, BRIDGES)
        drawing.page()
    assert texts(drawing.file()) == ["The bridges of Holm", BRIDGES, BRIDGES, BRIDGES]


def test_a_raised_number_without_a_footnote_is_a_superscript():
    drawing = Drawing()
    drawing.marked(LEFT, 80, [("In 2005", False), ("3", True), (" the deck had 480 m", False), ("2", True)])
    drawing.page()
    assert texts(drawing.file()) == ["In 2005³ the deck had 480 m²"]


def test_an_initial_begins_its_word():
    drawing = Drawing()
    drawing.line(LEFT, 98, "T", 34)
    lines = simpleSplit(BRIDGES[1:], PLAIN, 10, WIDTH - 25)
    drawing.lines(LEFT + 24, 82, lines[:2])
    drawing.wrapped(LEFT, 106, " ".join(lines[2:]))
    drawing.page()
    assert texts(drawing.file()) == [BRIDGES]


def test_text_drawn_character_by_character_is_read_as_words():
    drawing = Drawing()
    for number, line in enumerate(simpleSplit(BRIDGES, PLAIN, 10, WIDTH)):
        x = LEFT
        for char in line:
            drawing.line(x, 80 + 12 * number, char)
            x += stringWidth(char, PLAIN, 10)
    drawing.page()
    assert texts(drawing.file()) == [BRIDGES]


def test_text_that_is_drawn_twice_to_look_bold_is_read_once():
    drawing = Drawing()
    for shift in (0, 0.4):
        drawing.line(LEFT + shift, 80, "The bridge at Holm")
    drawing.page()
    assert texts(drawing.file()) == ["The bridge at Holm"]


def test_invisible_text_of_an_ocr_layer_is_read():
    drawing = Drawing()
    drawing.picture(0, 0, 595, HEIGHT)
    text = drawing.canvas.beginText(LEFT, 700)
    text.setFont(PLAIN, 10)
    text.setTextRenderMode(3)
    text.textOut("The bridge at Holm")
    drawing.canvas.drawText(text)
    drawing.page()
    extraction = read_made(drawing.file())
    assert extraction.text == "The bridge at Holm" and extraction.remarks == ()


def test_what_is_written_in_a_form_is_read():
    drawing = Drawing()
    drawing.line(LEFT, 80, "Keeper:")
    drawing.canvas.acroForm.textfield(name="keeper", value="Ada Holm", x=120, y=755, width=200, height=20, fontSize=10)
    drawing.page()
    assert " ".join(texts(drawing.file())) == "Keeper: Ada Holm"


def test_pages_without_text_are_named_as_pictures():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES)
    drawing.page()
    for _ in range(2):
        drawing.picture(0, 0, 595, HEIGHT)
        drawing.page()
    assert read_made(drawing.file()).remarks == (
        "pages 2 and 3 are pictures without text; run them through an OCR program to have them read",
    )


def test_a_title_counts_unless_it_is_a_file_name():
    drawing = Drawing()
    drawing.line(LEFT, 80, "The bridge at Holm")
    drawing.canvas.setTitle("The bridges  of Holm")
    drawing.canvas.setAuthor("County of Holm")
    metadata = read_made(drawing.file()).metadata
    assert (metadata.title, metadata.publisher, metadata.date) == ("The bridges of Holm", "County of Holm", None)
    for name in ("Microsoft Word - report.doc", "untitled", "bridges_final.docx", "C:\\texts\\bridges"):
        drawing = Drawing()
        drawing.line(LEFT, 80, "The bridge at Holm")
        drawing.canvas.setTitle(name)
        drawing.canvas.setAuthor("admin")
        metadata = read_made(drawing.file()).metadata
        assert (metadata.title, metadata.publisher) == (None, None)


def test_the_limit_of_pages_names_its_flag():
    with pytest.raises(DocumentError, match="it has 4 pages; raise the limit of 3 with `--max-pages` to read it"):
        read(report(), ReadOptions(limits=Limits(pages=3)))
