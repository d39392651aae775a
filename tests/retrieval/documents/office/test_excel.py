"""A workbook's sheets become headings, titles, header rows and rows with what Excel shows in each cell."""

import io
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.office.excel import read
from retrieval.documents.office.excel.values import shown
from retrieval.documents.passages import split_passages
from retrieval.documents.read import read_document
from retrieval.errors import DocumentError
from retrieval.settings import PassageSettings
from tests.conftest import FakeEncoder

STAFF = [["name", "since", "age"], ["Ann", date(2020, 1, 2), 34], ["Bob", date(2021, 3, 4), 51]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(**sheets: list[list[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def packed(made: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def read_workbook(made: openpyxl.Workbook) -> Extraction:
    return read(packed(made), ReadOptions())


def read_rows(*rows: list[object]) -> Extraction:
    return read_workbook(workbook(Sheet1=list(rows)))


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """The same file with another part of that name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return target.getvalue()


def with_sheet(data: str, start: str = "", end: str = "") -> bytes:
    """A workbook whose only sheet has this XML as its rows, after `start` and before `end`."""
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{start}<sheetData>{data}</sheetData>{end}</worksheet>"
    )
    return with_part(packed(workbook(Sheet1=[["a"]])), SHEET, xml.encode())


def seen(extraction: Extraction) -> list[tuple[str, str]]:
    """The kind and text of each element, after checking that it stands in the document's text."""
    for element in extraction.elements:
        for reading, original, length in element.reading.runs:
            assert element.reading.text[reading : reading + length] == extraction.text[original : original + length]
    return [(element.kind, element.reading.text) for element in extraction.elements]


def test_a_sheet_is_a_header_row_and_rows():
    found = read_rows(*STAFF)
    assert seen(found) == [
        ("header row", "name | since | age"),
        ("row", "Ann | 2020-01-02 | 34"),
        ("row", "Bob | 2021-03-04 | 51"),
    ]
    assert found.text == "name | since | age\nAnn | 2020-01-02 | 34\nBob | 2021-03-04 | 51"
    assert found.elements[1].cells == ((0, 3), (6, 16), (19, 21))


def test_the_place_of_a_row_is_the_sheet_and_the_row_s_number():
    found = read_rows(["Staff"], [], *STAFF)
    assert [(place.kind, place.label) for place in found.places] == [
        ("row", "Sheet1 1"),
        ("row", "Sheet1 3"),
        ("row", "Sheet1 4"),
        ("row", "Sheet1 5"),
    ]
    assert [found.text[place.start] for place in found.places] == ["S", "n", "A", "B"]


@pytest.mark.parametrize(
    ("name", "headings"),
    [("Sheet1", []), ("Tabelle1", []), ("Лист1", []), ("シート1", []), ("Prices", ["Prices"]), ("2024", ["2024"])],
)
def test_a_single_sheet_has_a_heading_only_where_its_name_says_something(name, headings):
    found = read_workbook(workbook(**{name: STAFF}))
    assert [text for kind, text in seen(found) if kind == "heading"] == headings


def test_each_of_several_sheets_has_a_heading_but_empty_ones_have_none():
    found = read_workbook(workbook(Sheet1=STAFF, Sheet2=[], Sheet3=[["town", "people"], ["Lund", 94]]))
    headings = [element for element in found.elements if element.kind == "heading"]
    assert [(element.reading.text, element.level) for element in headings] == [("Sheet1", 1), ("Sheet3", 1)]


def test_blank_rows_separate_tables_and_single_cells_above_one_are_its_title():
    found = read_rows(["Staff of the mill"], *STAFF, [], ["Towns"], ["town", "people"], ["Lund", 94], [], ["Checked."])
    assert seen(found) == [
        ("paragraph", "Staff of the mill"),
        ("header row", "name | since | age"),
        ("row", "Ann | 2020-01-02 | 34"),
        ("row", "Bob | 2021-03-04 | 51"),
        ("paragraph", "Towns"),
        ("header row", "town | people"),
        ("row", "Lund | 94"),
        ("paragraph", "Checked."),
    ]
    assert [element.table for element in found.elements] == [0, 1, 1, 1, 0, 2, 2, 0]


def test_a_blank_row_inside_a_table_does_not_end_it():
    found = read_rows(*STAFF, [], ["Carla", date(2022, 5, 6), 27], ["Dan", None, 44], [], ["Sum", None, 156])
    assert {element.table for element in found.elements} == {1}
    assert seen(found)[3:] == [("row", "Carla | 2022-05-06 | 27"), ("row", "Dan |  | 44"), ("row", "Sum |  | 156")]


def test_rows_of_another_table_do_not_take_the_names_of_the_one_above():
    found = read_rows(*STAFF, [], [None, None, None, 7, 8], [None, None, None, 9, 10])
    assert seen(found)[3:] == [("row", "7 | 8"), ("row", "9 | 10")]
    assert [element.cells for element in found.elements[3:]] == [(), ()]


def test_a_table_without_names_has_no_header_row():
    assert [kind for kind, _ in seen(read_rows(["Ann", 34], ["Bob", 51]))] == ["row", "row"]


def test_a_table_may_begin_anywhere_and_empty_columns_are_left_out():
    found = read_rows([], [None, None, "name", None, "age"], [None, None, "Ann", None, 34])
    assert seen(found) == [("header row", "name | age"), ("row", "Ann | 34")]
    assert found.places[0].label == "Sheet1 2"


def test_merged_names_stand_over_each_of_their_columns():
    made = workbook(
        Sheet1=[["region", "2023", None, "2024", None], [None, "Q1", "Q2", "Q1", "Q2"], ["North", 1, 2, 3, 4]]
    )
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        made["Sheet1"].merge_cells(area)
    assert seen(read_workbook(made)) == [
        ("header row", "region | 2023 Q1 | 2023 Q2 | 2024 Q1 | 2024 Q2"),
        ("row", "North | 1 | 2 | 3 | 4"),
    ]


def test_a_cell_merged_with_those_below_it_is_in_each_of_their_rows():
    made = workbook(Sheet1=[["region", "town", "n"], ["North", "Luleå", 1], [None, "Umeå", 2], ["South", "Lund", 3]])
    made["Sheet1"].merge_cells("A2:A3")
    assert [text for _, text in seen(read_workbook(made))][1:] == [
        "North | Luleå | 1",
        "North | Umeå | 2",
        "South | Lund | 3",
    ]


def test_a_title_merged_across_the_table_stands_once():
    made = workbook(Sheet1=[["Staff", None, None], *STAFF])
    made["Sheet1"].merge_cells("A1:C1")
    assert seen(read_workbook(made))[:2] == [("paragraph", "Staff"), ("header row", "name | since | age")]


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (35.0, "General", "35"),
        (0.1 + 0.2, "General", "0.3"),
        (1e300, "0.00", "1e+300"),
        (float("inf"), "0.00", "inf"),
        (12, "@", "12"),
        (0.25, "0%", "25%"),
        (0.1256, "0.0%", "12.6%"),
        (2.5, "0.00", "2.50"),
        (2.0, "0.##", "2"),
        (0.125, "0.00", "0.13"),  # half is rounded up, as Excel does
        (-0.001, "0.00", "0.00"),
        (7, "00000", "00007"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (1234567, "#,##0,", "1,235"),
        (1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "$1,234.50"),
        (-1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "($1,234.50)"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (0, '_-* #,##0.00 €_-;-* #,##0.00 €_-;_-* "-"?? €_-;_-@_-', "- €"),
        (12, '0 "kg"', "12 kg"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"),
        (12, "[>10]0;0.0", "12"),
        (5, ";;;", "5"),
        (True, "General", "TRUE"),
        (datetime(2024, 1, 2), "mm-dd-yy", "2024-01-02"),
        (datetime(2024, 1, 2, 10, 30), "d.m.yyyy h:mm", "2024-01-02 10:30"),
        (datetime(2024, 1, 2, 10, 30), '[$-409]d "of" mmmm', "2024-01-02"),
        (datetime(2024, 1, 2), "mmm yyyy", "2024-01"),
        (datetime(2024, 1, 2), "yyyy", "2024"),
        (clock(9, 5), "h:mm", "09:05"),
        (datetime(2024, 1, 2, 9, 5, 7), "h:mm:ss", "09:05:07"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (" two\nlines\x0b ", "@", "two lines"),
        (None, "General", ""),
    ],
)
def test_a_cell_is_written_as_excel_shows_it_and_a_date_as_iso_8601(value, number_format, expected):
    assert shown(value, number_format) == expected


def test_number_formats_are_read_from_the_file():
    made = workbook(Sheet1=[["share", "price", "day", "time"], [0.25, 1234.5, datetime(2024, 1, 2), clock(9, 5)]])
    sheet: Worksheet = made["Sheet1"]
    sheet["A2"].number_format, sheet["B2"].number_format = "0%", "#,##0.00 [$€-407]"
    assert seen(read_workbook(made))[1] == ("row", "25% | 1,234.50 € | 2024-01-02 | 09:05")


def test_a_formula_is_read_by_its_saved_value_and_one_without_is_told():
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1*2</f></c><c r="C1" t="str"><f>""</f><v></v></c>'
    found = read(with_sheet(f'<row r="1">{cells}</row>'), ReadOptions())
    assert found.text == "2"
    assert found.remarks == ("1 formula has no value in the file; open it in Excel and save it again",)
    assert read_rows(["=1+1", "=2+2"]).remarks == (
        "2 formulas have no values in the file; open it in Excel and save it again",
    )


def test_hidden_sheets_and_rows_are_read_and_the_sheets_are_told():
    made = workbook(Sheet1=STAFF, Data=[["town", "people"], ["Lund", 94]])
    made["Data"].sheet_state = "hidden"
    made["Sheet1"].row_dimensions[2].hidden = True
    found = read_workbook(made)
    assert "Ann" in found.text and "Lund | 94" in found.text
    assert found.remarks == ("the sheet 'Data' is hidden in Excel, and was read too",)


def test_comments_stand_below_the_row_of_their_cell():
    made = workbook(Sheet1=[*STAFF, [], ["Checked."]])
    sheet = made["Sheet1"]
    for cell, text in {"C2": "not\nsure", "A2": "Bob:\nask her", "A1": "in full", "B4": "left", "A9": "end"}.items():
        sheet[cell].comment = Comment(text, "Bob")
    found = read_workbook(made)
    assert seen(found) == [
        ("header row", "name | since | age"),
        ("caption", "in full"),
        ("row", "Ann | 2020-01-02 | 34"),
        ("caption", "Bob: ask her"),
        ("caption", "not sure"),
        ("row", "Bob | 2021-03-04 | 51"),
        ("caption", "left"),
        ("paragraph", "Checked."),
        ("caption", "end"),
    ]
    assert [place.label for place in found.places][-3:] == ["Sheet1 4", "Sheet1 5", "Sheet1 9"]
    cut = split_passages(
        read_document("a.xlsx", packed(made)), PassageSettings(100, 1, False), FakeEncoder().count_tokens, 200
    )
    assert "name: Bob; since: 2021-03-04; age: 51" in cut[0][0].text


def test_a_thread_of_comments_is_read_instead_of_the_note_that_stands_for_it():
    made = workbook(Sheet1=STAFF)
    made["Sheet1"]["A2"].comment = Comment("[Threaded comment] Your version of Excel can't show it.", "tc=1")
    made["Sheet1"]["A3"].comment = Comment("left in May", "Bob")
    raw, links = packed(made), "xl/worksheets/_rels/sheet1.xml.rels"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        listing = old.read(links).decode()
    link = f'<Relationship Id="t" Type="{kind}" Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>'
    raw = with_part(raw, links, listing.replace("</Relationships>", link).encode())
    said = "".join(
        f'<threadedComment ref="{cell}"><text>{text}</text></threadedComment>'
        for cell, text in (("A2", "Is she on leave?"), ("A2", "Until June."), ("nowhere", "lost"))
    )
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = f'<ThreadedComments xmlns="{space}">{said}</ThreadedComments>'
    found = read(with_part(raw, "xl/threadedComments/threadedComment1.xml", thread.encode()), ReadOptions())
    assert [text for kind, text in seen(found) if kind == "caption"] == [
        "Is she on leave?",
        "Until June.",
        "left in May",
    ]


def test_a_chart_s_title_is_kept():
    made = workbook(Sheet1=STAFF)
    sheet = made["Sheet1"]
    chart = BarChart()
    chart.title = "Ages of the staff"
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    found = read_workbook(made)
    assert seen(found)[-1] == ("caption", "Ages of the staff")


def test_the_title_in_the_file_s_properties_is_its_title():
    made = workbook(Sheet1=STAFF)
    made.properties.title = "Staff of the mill"
    assert read_workbook(made).metadata.title == "Staff of the mill"


def test_an_empty_workbook_has_no_elements():
    assert read_workbook(workbook(Sheet1=[], Sheet2=[])).elements == ()


def test_a_sheet_that_says_it_is_huge_is_read_by_what_is_in_it():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    started = time.process_time()
    found = read(with_sheet(rows, start='<dimension ref="A1:XFD1048576"/>'), ReadOptions())
    assert [text for _, text in seen(found)] == ["1", "2"]
    assert found.places[1].label == "Sheet1 1048576"
    assert time.process_time() - started < 2


def test_a_diagonal_of_cells_is_no_table_of_millions_of_empty_ones():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="{openpyxl.utils.get_column_letter(n + 1)}{n}"><v>{n}</v></c></row>'
        for n in range(1, 3_000)
    )
    found = read(with_sheet(rows), ReadOptions())
    assert len(found.text) < 50_000
    assert found.elements[-1].reading.text == "1 | 2999"


def test_merged_ranges_without_end_take_no_time():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>1</v></c></row>' for n in range(1, 2_000))
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 2_000
    started = time.process_time()
    read(with_sheet(rows, end=f"<mergeCells>{merged}</mergeCells>"), ReadOptions())
    assert time.process_time() - started < 10


def test_cells_that_are_not_of_the_type_they_state_are_read_as_written():
    numbers = '<c r="A1"><v>12x</v></c><c r="B1" t="s"><v>99</v></c>'
    others = '<c r="C1" t="b"><v>yes</v></c><c r="D1" s="77"><v>5</v></c>'
    assert read(with_sheet(f'<row r="1">{numbers}{others}</row>'), ReadOptions()).text == "12x | 99 | yes | 5"


def test_ten_thousand_rows_are_read_in_reasonable_time():
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("Sheet1")
    for number in range(10_000):
        sheet.append([f"name {number}", number, number / 2])
    raw = packed(made)
    started = time.process_time()
    assert len(read(raw, ReadOptions()).elements) == 10_000
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"name,age\nAnn,34\n", "damaged"),
        (packed(workbook(Sheet1=STAFF))[:2000], "damaged"),
        (with_part(packed(workbook(Sheet1=STAFF)), SHEET, b"<worksheet><sheetData><row"), "damaged"),
        (with_part(packed(workbook(Sheet1=STAFF)), "xl/workbook.xml", b"\0\0"), "damaged"),
        (
            with_part(
                packed(workbook(Sheet1=STAFF)),
                SHEET,
                b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
            ),
            "damaged",
        ),
        (
            with_part(
                packed(workbook(Sheet1=STAFF)),
                "xl/workbook.xml",
                b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>',
            ),
            "Strict Open XML",
        ),
    ],
    ids=["empty", "xls", "encrypted", "csv", "cut off", "broken sheet", "broken workbook", "entities", "strict"],
)
def test_a_file_that_can_not_be_read_is_refused_with_the_reason(raw, reason):
    with pytest.raises(DocumentError, match=reason):
        read(raw, ReadOptions())


def test_limits_are_kept_and_their_flags_named():
    raw = packed(workbook(Sheet1=STAFF, Sheet2=STAFF))
    with pytest.raises(DocumentError, match="--max-pages"):
        read(raw, ReadOptions(limits=Limits(pages=1)))
    with pytest.raises(DocumentError, match="--max-file-mb"):
        read(raw, ReadOptions(limits=Limits(file_mb=0)))
    bomb = with_sheet(" " * 3_000_000)
    with pytest.raises(DocumentError, match="--max-unpacked-mb"):
        read(bomb, ReadOptions(limits=Limits(unpacked_mb=2)))
