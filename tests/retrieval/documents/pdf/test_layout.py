"""Columns stay apart and in order, on pages of any size, with tables, footnotes and headings in one of them."""

from __future__ import annotations

import pytest
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit

from retrieval.documents.elements import Extraction, ReadOptions
from retrieval.documents.pdf import read
from tests.retrieval.documents.pdf.made_pdf import BOLD, BRIDGES, FERRIES, LEFT, PLAIN, TOLLS, Drawing

CARTS = [("Bridge", "Carts", "Walkers"), *[(name, "1,840", "960") for name in ("Holm", "Sund", "Vik", "Odda", "Nes")]]
CART_ROWS = [" | ".join(row) for row in CARTS]


def read_made(drawing: Drawing) -> Extraction:
    drawing.page()
    return read(drawing.file(), ReadOptions())


def texts(drawing: Drawing) -> list[str]:
    return [element.reading.text for element in read_made(drawing).elements]


@pytest.mark.parametrize("page", [(148 * mm, 210 * mm), (170 * mm, 240 * mm), (210 * mm, 297 * mm)])
@pytest.mark.parametrize("gutter", [5 * mm, 10 * mm])
@pytest.mark.parametrize("size", [7, 9.5])
def test_a_table_in_one_column_leaves_the_other_column_alone(page: tuple[float, float], gutter: float, size: float):
    drawing = Drawing(page)
    margin = 14 * mm
    width = (page[0] - 2 * margin - gutter) / 2
    right = margin + width + gutter
    drawing.line(margin, page[1] - 40, "* A note of the left column.", 0.7 * size)
    drawing.line(right, page[1] - 40, "† A note of the right column,", 0.7 * size)
    drawing.line(right, page[1] - 40 + 0.85 * size, "of two lines.", 0.7 * size)
    drawing.wrapped(margin, 60, f"{BRIDGES} {FERRIES}", width, size)
    y = drawing.wrapped(right, 65, TOLLS, width, size) + 10
    for row in CARTS:
        for number, cell in enumerate(row):
            drawing.line(right + 0.35 * number * width, y, cell, size)
        y += 1.25 * size
    assert texts(drawing) == [
        f"{BRIDGES} {FERRIES}",
        TOLLS,
        *CART_ROWS,
        "* A note of the left column.",
        "† A note of the right column, of two lines.",
    ]


def test_a_heading_of_the_left_column_stays_there_where_the_right_one_has_ended():
    drawing = Drawing()
    y = drawing.wrapped(LEFT, 80, f"{BRIDGES} {FERRIES}", 220) + 20
    drawing.line(LEFT, y, "The tolls", 12, BOLD)
    drawing.wrapped(LEFT, y + 18, TOLLS, 220)
    drawing.line(LEFT + 240, 80, "The ferries", 12, BOLD)
    drawing.wrapped(LEFT + 240, 96, FERRIES, 220)
    assert texts(drawing) == [f"{BRIDGES} {FERRIES}", "The tolls", TOLLS, "The ferries", FERRIES]


def test_a_heading_above_the_first_line_of_the_other_column_heads_its_own():
    drawing = Drawing()
    drawing.line(LEFT + 240, 72, "The ferries", 12, BOLD)
    drawing.wrapped(LEFT + 240, 90, FERRIES, 220)
    drawing.wrapped(LEFT, 80, BRIDGES, 220)
    assert texts(drawing) == [BRIDGES, "The ferries", FERRIES]


def test_a_page_number_below_a_wide_gutter_is_in_no_column():
    drawing = Drawing()
    foot = drawing.wrapped(LEFT, 80, BRIDGES, 210)
    drawing.line(LEFT + 232, foot + 3, "7")
    drawing.wrapped(LEFT + 260, 80, TOLLS, 210)
    assert texts(drawing) == [BRIDGES, TOLLS, "7"]


def test_columns_of_a_table_may_stand_closer_than_columns_of_text():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES, 480)
    for number, row in enumerate((("Name", "1890", "1900"), ("Holm", "1,840", "860"), ("Hardangerbrua", "7", "9"))):
        drawing.line(LEFT, 150 + 14 * number, row[0])
        drawing.right(LEFT + 97, 150 + 14 * number, row[1])  # .6 em between the columns, but more in each row
        drawing.right(LEFT + 140, 150 + 14 * number, row[2])
    rows = [element.reading.text for element in read_made(drawing).elements if "row" in element.kind]
    assert rows == ["Name | 1890 | 1900", "Holm | 1,840 | 860", "Hardangerbrua | 7 | 9"]


def test_a_title_of_two_centred_lines_is_one_heading():
    drawing = Drawing()
    for number, line in enumerate(("The bridges of Holm and the ferries", "before them")):
        drawing.canvas.setFont(BOLD, 16)
        drawing.canvas.drawCentredString(297, 760 - 19 * number, line)
    drawing.wrapped(LEFT, 140, BRIDGES)
    assert texts(drawing) == ["The bridges of Holm and the ferries before them", BRIDGES]


def test_a_raised_star_stays_with_its_name_and_a_raised_number_with_its_note():
    drawing = Drawing()
    drawing.line(LEFT, 74.5, "*", 9)  # .82 of the name's type, half an em higher
    drawing.right(LEFT, 80, "Ada Holm", 11)
    drawing.wrapped(LEFT, 110, BRIDGES)
    drawing.line(LEFT, 776, "1", 6)
    drawing.line(LEFT + 5, 780, "Measured in 1960.", 8)  # .43 em after the number
    assert texts(drawing) == ["Ada Holm*", BRIDGES, "1 Measured in 1960."]


@pytest.mark.parametrize(("sign", "kept"), [("✔", "✔ "), ("✗", "✗ "), ("❏", "❏ "), ("➤", ""), ("■", ""), ("→", "")])
def test_signs_of_all_kinds_begin_items_and_those_that_say_something_stay(sign: str, kept: str):
    drawing = Drawing()
    for number, text in enumerate(("lamps and radios", "bicycles", "wooden chairs")):
        drawing.line(LEFT, 80 + 14 * number, sign, font="ZapfDingbats")
        drawing.line(LEFT + 14, 80 + 14 * number, text)
    elements = read_made(drawing).elements
    assert [(element.kind, element.reading.text) for element in elements] == [
        ("item", f"{kept}lamps and radios"),
        ("item", f"{kept}bicycles"),
        ("item", f"{kept}wooden chairs"),
    ]


def chart(drawing: Drawing, x: float, y: float) -> None:
    """The lettering of a chart: a turned label, four numbers, and two names below them."""
    for number in range(4):
        drawing.right(x + 20, y + 20 * number, str(60 - 20 * number), 7)
    drawing.line(x + 40, y + 72, "Holm", 7)
    drawing.line(x + 90, y + 72, "Sund", 7)
    drawing.canvas.saveState()
    drawing.canvas.translate(x + 4, drawing.height - y - 55)
    drawing.canvas.rotate(90)
    drawing.canvas.setFont(PLAIN, 7)
    drawing.canvas.drawString(0, 0, "carts a day")
    drawing.canvas.restoreState()


def test_the_lettering_of_a_chart_stands_together_after_the_text():
    drawing = Drawing()
    lines = simpleSplit(f"{BRIDGES} {FERRIES}", PLAIN, 10, 220)
    half = len(lines) // 2
    drawing.lines(LEFT, 80, lines[:half])
    drawing.line(LEFT + 240, 56, "Holm then and now", 8.5)
    chart(drawing, LEFT + 240, 80)
    drawing.line(LEFT + 240, 175, "Figure 1. Carts in 1890.", 8)
    drawing.picture(LEFT + 262, 76, 120, 70)
    drawing.lines(LEFT + 240, 200, lines[half:])
    drawing.line(LEFT, 780, "* Measured in 1960.", 8)
    assert texts(drawing) == [
        "Holm then and now",
        f"{BRIDGES} {FERRIES}",
        "Figure 1. Carts in 1890.",
        "carts a day 60 40 20 0 Holm Sund",
        "* Measured in 1960.",
    ]


def test_small_numbers_without_a_chart_beside_them_stay_in_place():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES)
    drawing.line(LEFT, 160, "1890", 8)
    drawing.line(LEFT, 180, "the year of the ice", 8)
    drawing.wrapped(LEFT, 210, TOLLS)
    assert texts(drawing) == [BRIDGES, "1890", "the year of the ice", TOLLS]


def test_the_last_lines_of_a_text_in_the_right_column_are_not_read_across():
    drawing = Drawing()
    drawing.wrapped(LEFT, 80, BRIDGES, 220)
    drawing.lines(LEFT + 240, 80, ["The ferry was sold,", "and nobody rang."])
    assert texts(drawing) == [BRIDGES, "The ferry was sold, and nobody rang."]


def test_short_lines_of_two_columns_that_share_some_heights_are_no_table():
    names = [f"Keeper {number}" for number in range(12)]
    drawing = Drawing()
    for number, name in enumerate(names):
        drawing.line(LEFT, 80 + 16 * number, name)
    for number, name in enumerate(names[:4]):
        drawing.line(LEFT + 240, 80 + 16 * number, f"Mate {name[-1]}")
    assert " ".join(texts(drawing)) == " ".join([*names, "Mate 0", "Mate 1", "Mate 2", "Mate 3"])


def test_a_small_bold_heading_at_the_foot_of_a_column_is_no_footnote():
    drawing = Drawing()
    foot = drawing.wrapped(LEFT, 80, BRIDGES, 220)
    drawing.line(LEFT, foot + 4, "2. Tolls", 9, BOLD)
    drawing.wrapped(LEFT + 240, 80, TOLLS, 220)
    assert texts(drawing) == [BRIDGES, "2. Tolls", TOLLS]
