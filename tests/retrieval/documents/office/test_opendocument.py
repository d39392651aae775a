"""OpenDocument files: what stands in them is read in order, as what it is, and hostile ones are refused or harmless."""

from __future__ import annotations

import io
import time

import odfdo
import pytest

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.office.opendocument import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.office.made_opendocument import h, items, open_document, p, row, table, td
from tests.retrieval.documents.office.made_word import zip_file

LEVELS = "".join(
    f'<text:list-level-style-number text:level="{level}" style:num-format="{number_format}" {more}/>'
    for level, number_format, more in (
        (1, "1", 'style:num-suffix="."'),
        (2, "1", 'text:display-levels="2"'),
        (3, "a", 'style:num-prefix="(" style:num-suffix=")"'),
    )
)
CLAUSES = f'<text:list-style style:name="L1">{LEVELS}</text:list-style>'
BULLET = '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
BULLETS = f'<text:list-style style:name="L2">{BULLET}</text:list-style>'


def extraction(body: str, **parts: str) -> Extraction:
    return read(open_document(body, **parts), ReadOptions())


def kinds(body: str, **parts: str) -> list[tuple[str, int, str]]:
    return [(found.kind, found.level, found.reading.text) for found in extraction(body, **parts).elements]


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, _, text in kinds(body, **parts)]


def note(text: str) -> str:
    cited = "<text:note-citation>1</text:note-citation>"
    return f"<text:note>{cited}<text:note-body>{p(text)}</text:note-body></text:note>"


def shape(text: str, x: float, y: float, kind: str = "") -> str:
    named = f'presentation:class="{kind}"' if kind else ""
    inner = text if text.startswith("<") else p(text)
    return f'<draw:frame {named} svg:x="{x}cm" svg:y="{y}cm"><draw:text-box>{inner}</draw:text-box></draw:frame>'


def test_a_file_that_odfdo_makes_is_read_in_order():
    made = odfdo.Document("text")
    made.body.clear()
    made.meta.title, made.meta.initial_creator = "Handbook", "Ann Lee"
    made.body.append(odfdo.Header(1, "Care"))
    made.body.append(odfdo.Paragraph("Clean it weekly."))
    made.body.append(odfdo.List(["soap", "water"]))
    grid = odfdo.Table("Prices", width=2, height=2)
    grid.set_values([["Part", "Price"], ["lid", "three"]])
    made.body.append(grid)
    target = io.BytesIO()
    made.save(target)
    found = read(target.getvalue(), ReadOptions())
    assert [(element.kind, element.level, element.reading.text) for element in found.elements] == [
        ("heading", 1, "1. Care"),
        ("paragraph", 0, "Clean it weekly."),
        ("item", 0, "soap"),
        ("item", 0, "water"),
        ("header row", 0, "Part | Price"),
        ("row", 0, "lid | three"),
    ]
    assert (found.metadata.title, found.metadata.publisher, found.metadata.date) == ("Handbook", "Ann Lee", None)


def test_each_paragraph_and_row_is_a_place_counted_from_1():
    found = extraction(p("One") + p("") + table(row("a", "b"), row("c", "d")) + p(f"Last{note('Why.')}"))
    assert [(place.kind, place.label, found.text[place.start :][:4]) for place in found.places] == [
        ("paragraph", "1", "One\n"),
        ("paragraph", "2", "a | "),
        ("paragraph", "3", "c | "),
        ("paragraph", "4", "Last"),
    ]


def test_titles_headings_and_captions_are_known_through_their_styles():
    styles = "".join(
        f'<style:style style:name="{name}" style:parent-style-name="{parent}"/>'
        for name, parent in (("P1", "P2"), ("P2", "Title"), ("P3", "Caption"), ("A", "B"), ("B", "A"))
    )
    body = p("Pumps", "P1") + h("Care", 2) + p("Figure 1", "P3") + p("In a circle", "A")
    assert kinds(body, styles=styles) == [
        ("heading", 1, "Pumps"),
        ("heading", 2, "Care"),
        ("caption", 0, "Figure 1"),
        ("paragraph", 0, "In a circle"),
    ]


def test_headings_have_the_numbers_of_the_outline():
    outline = LEVELS.replace("list-level-style-number", "outline-level-style")
    styles = f"<text:outline-style>{outline}</text:outline-style>"
    styles += '<style:style style:name="Plain" style:list-style-name=""/>'
    unnumbered = '<text:h text:outline-level="1" text:is-list-header="true">Annex</text:h>'
    unnumbered += '<text:h text:outline-level="1" text:style-name="Plain">Index</text:h>'
    body = h("Scope", 1) + h("Terms", 2) + h("Courts", 2) + unnumbered + h("Law", 1) + h("Place", 2)
    assert texts(body, styles=styles) == [
        "1. Scope",
        "1.1 Terms",
        "1.2 Courts",
        "Annex",
        "Index",
        "2. Law",
        "2.1 Place",
    ]


def test_lists_have_their_depth_and_number():
    inner = items("b", items("c", "d"), "e")
    body = items("a", f"<text:list-item>{p('x')}{inner}</text:list-item>", "f", style="L1")
    assert kinds(body, styles=CLAUSES) == [
        ("item", 0, "1. a"),
        ("item", 0, "2. x"),
        ("item", 1, "2.1 b"),
        ("item", 2, "(a) c"),
        ("item", 2, "(b) d"),
        ("item", 1, "2.2 e"),
        ("item", 0, "3. f"),
    ]


def test_a_list_counts_on_where_it_says_so():
    first = items("a", "b", style="L1", attributes='xml:id="x"')
    body = first + items("new", style="L1") + items("c", style="L1", attributes='text:continue-list="x"')
    body += items("d", style="L1", attributes='text:continue-numbering="true"')
    body += items('<text:list-item text:start-value="7"><text:p>e</text:p></text:list-item>', "f", style="L1")
    assert texts(body, styles=CLAUSES) == ["1. a", "2. b", "1. new", "3. c", "4. d", "7. e", "8. f"]


def test_lists_without_an_id_each_count_from_the_start():
    assert texts(items("a", "b", style="L1") + items("c", "d", style="L1"), styles=CLAUSES) == [
        "1. a",
        "2. b",
        "1. c",
        "2. d",
    ]


def test_bullets_and_headers_of_lists_have_no_sign_and_further_paragraphs_are_deeper():
    header = f"<text:list-header>{p('Tools')}</text:list-header>"
    body = items(header, f"<text:list-item>{p('soap')}{p('mild')}</text:list-item>", style="L2")
    assert kinds(body, styles=BULLETS) == [("item", 1, "Tools"), ("item", 0, "soap"), ("item", 1, "mild")]


def test_a_table_has_header_rows_repeated_cells_and_merged_cells_once():
    header = f"<table:table-header-rows>{row('City', 'May', 'June')}</table:table-header-rows>"
    merged = row(td("Total", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>", "9")
    body = table(row("Sales", ""), header, row("Oslo", td("4", 'table:number-columns-repeated="2"')), merged)
    found = extraction(body).elements
    assert [(element.kind, element.reading.text) for element in found] == [
        ("row", "Sales"),
        ("header row", "City | May | June"),
        ("row", "Oslo | 4 | 4"),
        ("row", "Total |  | 9"),
    ]
    assert [element.table for element in extraction(body + body).elements] == [1] * 4 + [2] * 4


def test_a_table_in_a_cell_follows_the_table_and_one_of_a_column_is_a_frame():
    inner = table(row("k", "v"), row("a", "b"))
    assert texts(table(row("One", "Two"), row(td(p("x") + inner), "y"))) == ["One | Two", "x | y", "k | v", "a | b"]
    assert kinds(table(row(td(h("Note", 2) + p("Hot."))))) == [("heading", 2, "Note"), ("paragraph", 0, "Hot.")]


def test_notes_follow_the_paragraph_or_table():
    body = p(f"Open{note('Except Sundays.')} daily.") + table(
        row("Part", "Price"), row("lid", f"<text:p>3{note('Net.')}</text:p>")
    )
    assert texts(body) == ["Open daily.", "Except Sundays.", "Part | Price", "lid | 3", "Net."]


def test_text_boxes_follow_their_paragraph():
    assert texts(p(f"Before {shape('In the box.', 0, 0)}after.")) == ["Before after.", "In the box."]


def test_deleted_text_comments_and_hidden_text_are_left_out():
    region = f"<text:changed-region><text:deletion>{p('old')}</text:deletion></text:changed-region>"
    deleted = f"<text:tracked-changes>{region}</text:tracked-changes>"
    hidden = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    body = deleted + p(
        'Pay <text:change-start/>60<text:change-end/> days<text:span text:style-name="T1"> secret</text:span>'
    )
    body += p(f"Now<office:annotation><dc:creator>Bob</dc:creator>{p('why?')}</office:annotation>.")
    body += f'<text:section text:display="none">{p("unseen")}</text:section><text:section>{p("seen")}</text:section>'
    found = extraction(body, styles=hidden)
    assert [element.reading.text for element in found.elements] == ["Pay 60 days", "Now.", "seen"]
    assert found.remarks == ("1 comment left out",)


def test_a_table_of_contents_is_left_out_and_a_bibliography_read():
    body = f"<text:table-of-content><text:index-body>{p('Care 3')}</text:index-body></text:table-of-content>"
    assert texts(
        body + f"<text:bibliography><text:index-body>{p('Lee 1999')}</text:index-body></text:bibliography>"
    ) == ["Lee 1999"]


def test_spaces_breaks_links_and_fields_are_read_as_seen():
    body = 'a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d <text:a>our <text:span>site</text:span></text:a>'
    body += "\u00ad <text:date>1 May</text:date>"
    assert texts(p(body)) == ["a b c d our site 1 May"]


def test_a_slide_is_its_title_its_shapes_in_order_and_its_notes():
    group = f"<draw:g>{shape('2', 9, 5.2)}</draw:g>"
    number = shape("7", 1, 19, "page-number")
    notes = f"<presentation:notes>{shape('Say why.', 1, 9, 'notes')}{shape('page', 1, 1)}</presentation:notes>"
    first = shape("3", 1, 8) + shape(items("1", items("deeper"), style="L2"), 1, 5.5, "outline") + group
    body = f"<draw:page>{first}{shape('Pumps', 1, 12, 'title')}{number}{notes}</draw:page><draw:page/>"
    body += f"<draw:page>{shape('End', 1, 1, 'title')}</draw:page>"
    found = extraction(body, kind="presentation", styles=BULLETS)
    assert [(element.kind, element.level, element.reading.text) for element in found.elements] == [
        ("heading", 1, "Pumps"),
        ("item", 0, "1"),
        ("item", 1, "deeper"),
        ("paragraph", 0, "2"),
        ("paragraph", 0, "3"),
        ("paragraph", 0, "Say why."),
        ("heading", 1, "End"),
    ]
    assert [(place.kind, place.label) for place in found.places] == [("slide", "1"), ("slide", "3")]


def test_a_sheet_is_its_name_and_its_rows_by_number():
    empty = row(td("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="2"')
    many = row("same", "5", attributes='table:number-rows-repeated="3"')
    many += row("hidden", "7", attributes='table:visibility="collapse"')
    last = row(td("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048000"')
    found = extraction(
        table(row("Part", "Price"), empty, many, row("cup", "6"), last, name="Prices"), kind="spreadsheet"
    )
    assert [(element.kind, element.reading.text) for element in found.elements] == [
        ("heading", "Prices"),
        ("header row", "Part | Price"),
        *[("row", "same | 5")] * 3,
        ("row", "cup | 6"),
    ]
    assert [place.label for place in found.places] == ["Prices 1", "Prices 4", "Prices 5", "Prices 6", "Prices 8"]


def test_title_author_and_keywords_are_the_files_own():
    meta = "<dc:title> The  guide </dc:title><dc:creator>Bob</dc:creator><meta:keyword>pumps</meta:keyword>"
    stated = extraction(p("a"), meta=meta).metadata
    assert (stated.title, stated.publisher, stated.tags, stated.date) == ("The guide", "Bob", ("pumps",), None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (open_document("", kind="drawing"), "it holds no text, presentation or spreadsheet"),
        (open_document("", META_INF__manifest="<a/>"), None),
        (zip_file({"mimetype": "x"}), "content.xml is missing in it"),
        (zip_file({"content.xml": "<a>"}), "the XML in it is damaged"),
        (zip_file({"content.xml": "<!DOCTYPE a><a/>"}), "the XML in it declares a document type"),
        (zip_file({"META-INF/manifest.xml": "<encryption-data/>"}), "it is protected by a password"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_are_refused(raw, reason):
    if reason is None:
        assert read(raw, ReadOptions()).text == ""
    else:
        with pytest.raises(DocumentError, match=f"^{reason}"):
            read(raw, ReadOptions())


def test_too_many_slides_are_refused():
    with pytest.raises(DocumentError, match="it has more than 1 slides; raise the limit with --max-pages"):
        read(open_document("<draw:page/>" * 2, kind="presentation"), ReadOptions(limits=Limits(pages=1)))


def test_cells_repeated_without_end_are_refused():
    bomb = row(
        *[td("long text " * 100, 'table:number-columns-repeated="1000000"')],
        attributes='table:number-rows-repeated="1000000"',
    )
    started = time.process_time()
    with pytest.raises(DocumentError, match="larger than 2 MB when unpacked; raise the limit with --max-unpacked-mb"):
        read(open_document(table(bomb), kind="spreadsheet"), ReadOptions(limits=Limits(unpacked_mb=2)))
    assert time.process_time() - started < 5


def test_twenty_thousand_paragraphs_take_seconds():
    raw = open_document(items(*(f"Clause {number}." for number in range(20_000)), style="L1"), styles=CLAUSES)
    started = time.process_time()
    assert read(raw, ReadOptions()).elements[-1].reading.text == "20000. Clause 19999."
    assert time.process_time() - started < 15
