"""Rows of a CSV file are elements whose cells map into the file; prose is no table."""

import time

import pytest

from retrieval.documents.column_names import has_column_names
from retrieval.documents.delimited import read, table_in
from retrieval.documents.elements import Dropped, ReadOptions
from retrieval.errors import DocumentError

PHONES = "name,department,phone\nAnn,Operations,555-0101\nBob,Finance,555-0102\n"


def read_text(text: str, encoding: str = "utf-8"):
    return read(text.encode(encoding), ReadOptions())


def cells_of(extraction) -> list[list[str]]:
    """The cells of each row, after checking that every mapped character is the file's."""
    for element in extraction.elements:
        for reading, original, length in element.reading.runs:
            ours = element.reading.text[reading : reading + length]
            theirs = extraction.text[original : original + length]
            assert all(a == b or (a == " " and b.isspace()) for a, b in zip(ours, theirs, strict=True))
    return [[element.reading.text[slice(*cell)] for cell in element.cells] for element in extraction.elements]


def kinds_of(extraction) -> list[str]:
    return [element.kind for element in extraction.elements]


def test_a_table_has_a_header_row_and_rows_with_cells():
    found = read_text(PHONES)
    assert (found.text, found.encoding) == (PHONES, "utf-8")
    assert kinds_of(found) == ["header row", "row", "row"]
    assert cells_of(found) == [
        ["name", "department", "phone"],
        ["Ann", "Operations", "555-0101"],
        ["Bob", "Finance", "555-0102"],
    ]
    assert found.elements[1].reading.text == "Ann | Operations | 555-0101"


def test_what_stands_between_two_cells_maps_to_nothing():
    found = read_text(PHONES)
    assert found.elements[1].reading.runs == ((0, 22, 3), (6, 26, 10), (19, 37, 8))


def test_the_place_of_a_row_is_its_number_in_the_file_and_the_header_is_row_1():
    found = read_text("name,phone\nAnn,5\n\nBob,6\n")
    assert [(place.kind, place.label) for place in found.places] == [("row", "1"), ("row", "2"), ("row", "4")]
    assert [found.text[place.start] for place in found.places] == ["n", "A", "B"]


def test_quoted_fields_hold_delimiters_line_breaks_and_doubled_quotes():
    found = read_text('name,note,n\n"Ann ""A"" Archer","one,\r\ntwo",1\nBob,"",2\n"Carl","",3\n')
    assert cells_of(found)[1:] == [['Ann "A" Archer', "one, two", "1"], ["Bob", "", "2"], ["Carl", "", "3"]]
    assert [place.label for place in found.places] == ["1", "2", "3", "4"]


def test_the_quotation_of_a_quoted_cell_has_no_doubled_quotes_in_it():
    found = read_text('name,n\n"The ""Old"" Mill",1\n"B",2\n')
    reading = found.elements[1].reading
    assert reading.text[:14] == 'The "Old" Mill'
    assert reading.runs[:3] == ((0, 8, 5), (5, 14, 4), (9, 19, 5))


def test_a_quote_that_is_not_closed_spoils_only_its_own_field():
    found = read_text('size,name,n\n5",disk,1\n"3,tape,2\n"a"b,c,3\n')
    assert cells_of(found)[1:] == [['5"', "disk", "1"], ['"3', "tape", "2"], ['"a"b', "c", "3"]]


@pytest.mark.parametrize(
    ("delimiter", "row"), [(",", "Ann,1.5,2.5"), (";", "Ann;1,5;2,5"), ("\t", "Ann\t1,5\t2;5"), ("|", "Ann|1,5|2;5")]
)
def test_the_delimiter_is_found_though_other_signs_stand_in_the_cells(delimiter, row):
    found = read_text("\n".join([f"name{delimiter}size{delimiter}weight", row, row.replace("Ann", "Bob")]))
    assert [len(cells) for cells in cells_of(found)] == [3, 3, 3]
    assert kinds_of(found) == ["header row", "row", "row"]


def test_decimal_commas_do_not_hide_the_semicolons():
    found = read_text("1,5;2,5;3,5\n1,6;2,6;3,6\n1,7;2,7;3,7\n")
    assert cells_of(found)[0] == ["1,5", "2,5", "3,5"]
    assert kinds_of(found) == ["row", "row", "row"]


def test_a_separator_line_decides_and_is_dropped():
    found = read_text("sep=;\nname;a,b,c\nAnn;1,2,3\nBob;1,2,3\n")
    assert cells_of(found)[1] == ["Ann", "1,2,3"]
    assert found.dropped == (Dropped((0, 6), "separator line"),)
    assert [place.label for place in found.places] == ["1", "2", "3"]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    found = read_text("\ufeff" + PHONES)
    assert cells_of(found)[0][0] == "name"
    assert found.encoding == "utf-8-sig"


def test_a_stated_encoding_and_remarks_on_the_encoding_are_passed_on():
    raw = "jméno;město\nJiří;Plzeň\n".encode("mac-latin2")
    assert cells_of(read(raw, ReadOptions("mac-latin2")))[1] == ["Jiří", "Plzeň"]
    remarked = read("jméno;město\nJiří;Plzeň\n".encode() * 9 + b"\xff;x\n", ReadOptions())
    assert remarked.remarks == ("byte 253 is not valid UTF-8; it is shown as \ufffd",)


def test_a_table_without_names_has_no_header_row():
    found = read_text("Ann,34,Lund\nBob,51,Ystad\nCarla,27,Malmö\n")
    assert kinds_of(found) == ["row", "row", "row"]


def test_lines_above_the_table_are_paragraphs_and_comments_inside_it_have_no_cells():
    found = read_text("Staff 2024,,\n# made by hand\n\nname,room,n\nAnn,A12,1\n# on leave\nBob,B07,2\n")
    assert kinds_of(found) == ["paragraph", "paragraph", "header row", "row", "row", "row"]
    assert [element.reading.text for element in found.elements[:2]] == ["Staff 2024", "# made by hand"]
    assert (found.elements[4].reading.text, found.elements[4].cells) == ("# on leave", ())


def test_a_blank_line_inside_a_table_is_no_second_header():
    found = read_text("name,town\nAnn,Lund\nBob,Ystad\n\nCarla,Malmö\nDan,Visby\n")
    assert kinds_of(found) == ["header row", "row", "row", "row", "row"]


def test_a_second_table_below_the_first_has_its_own_names():
    found = read_text("name,n\nAnn,1\nBob,2\n\ntown,people\nLund,94\nYstad,20\n")
    assert kinds_of(found) == ["header row", "row", "row", "header row", "row", "row"]


def test_rows_may_be_shorter_or_longer_than_the_others_and_columns_empty():
    found = read_text("name,,phone\nAnn,,1\nBob\nCarla,,3,late\n,,\nDan,,4\n")
    assert cells_of(found) == [
        ["name", "", "phone"],
        ["Ann", "", "1"],
        ["Bob"],
        ["Carla", "", "3", "late"],
        ["Dan", "", "4"],
    ]


def test_one_column_is_a_table_too():
    found = read_text("town\nLund\nYstad\n")
    assert cells_of(found) == [["town"], ["Lund"], ["Ystad"]]


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,\n", '""\n', "\u200b\n"])
def test_a_file_without_text_has_no_elements(text):
    assert read_text(text).elements == ()


def test_invisible_and_right_to_left_characters_are_mapped():
    found = read_text("שם,כמות\nאבן\u200f,1\nעץ\u202e,2\n𝔘\xa0𝔙,3\n")
    assert [row[0] for row in cells_of(found)] == ["שם", "אבן", "עץ", "𝔘 𝔙"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_any_line_break_ends_a_row(end):
    found = read_text(PHONES.replace("\n", end))
    assert [row[0] for row in cells_of(found)] == ["name", "Ann", "Bob"]


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(DocumentError, match="not text"):
        read(b"\x00\x01\x02" * 100, ReadOptions())


@pytest.mark.parametrize(
    "text",
    [
        "n,a\n" + "1,2\n" * 25_000,
        '"' * 75_000,
        ('"a,""' * 25_000) + "\n",
        ('"a\n' * 25_000),
        '"' + "a,b\n" * 25_000,
        "\n".join(",".join(f"v{column}" for column in range(10_000)) for _ in range(4)),
        "," * 100_000,
        "#\n" * 25_000,
    ],
    ids=["rows", "quotes", "open quotes", "open lines", "one open quote", "wide rows", "commas", "comments"],
)
def test_a_large_or_hostile_file_takes_a_few_seconds(text):
    started = time.process_time()
    read_text(text)
    table_in(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["name", "age"], ["Ann", "34"], ["Bob", "51"]], True),
        ([["Ann", "34"], ["Bob", "51"]], False),
        ([["name", "room"], ["Ann", "A12"], ["Bob", "B07"]], True),
        ([["country", "2019", "2020"], ["Peru", "12", "14"], ["Chile", "11", "9"]], True),
        ([["Ann", "2019", "12"], ["Bob", "2020", "14"]], False),
        ([["name", "since"], ["Ann", "2019-04-01"], ["Bob", "2020-05-02"]], True),
        ([["name", "town"], ["Ann", "Lund"], ["Bob", "Ystad"]], True),  # nothing tells, and most tables have names
        ([["Ann", "Lund"], ["Bob", "Lund"]], False),
        ([["name", "town"]], False),
        ([["", "", "", "total"], ["a", "1", "2", "3"]], False),
        ([["", "2019", "2020"], ["north", "7", "8"], ["south", "5", "6"]], True),
        ([["name", "n"], ["Ann", "1"], ["name", "n"], ["Bob", "2"]], True),
        ([], False),
    ],
)
def test_column_names_are_told_from_values(rows, expected):
    assert has_column_names(rows) is expected


@pytest.mark.parametrize(
    "text",
    [
        PHONES,
        "name;town\nAnn;Lund\nBob;Ystad\n",
        "name\ttown\nAnn\tLund\nBob\tYstad\n",
        "name, room, floor\nAnn, A12, 1\nBob, B07, 2\n",
        'name,note,n\n"Archer, Ann","left, then back",1\nBob,,2\n',
    ],
)
def test_a_plain_text_that_is_a_table_is_read_as_one(text):
    found = table_in(text)
    assert found is not None
    assert kinds_of(found) == ["header row", "row", "row"]
    assert cells_of(found)
    assert (found.text, found.encoding) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line, with commas, and more\n",
        "We went to Lund, Ystad, and Visby.\nThen home, tired, wet.\nAll slept, ate, slept.\n",
        "Red, green, blue\nGold, silver, bronze\nOak, ash, elm\n",
        "1.\tOpen the valve and wait.\n2.\tClose it again.\n3.\tCall the office.\n",
        "\tThe rain had stopped\n\tand nobody spoke\n\tuntil the morning\n",
        "name,town\nAnn,Lund\nBob,Ystad\n",
        "name,room,n\nAnn,A12,1\nsome prose stands here\nand goes on\n",
        "a,b,c\n1,2,3\n",
        "Dear Ann;\nthank you for the letter; it came today\nYours; Bob\n",
    ],
)
def test_a_plain_text_that_is_no_table_is_left_alone(text):
    assert table_in(text) is None
