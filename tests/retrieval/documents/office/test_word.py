"""Word files: what stands in them is read in order, as what it is, and hostile ones are refused or harmless."""

from __future__ import annotations

import io
import time
import zipfile

import docx
import pytest

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.office.word import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.office.made_word import levels, num, p, r, row, table, tc, word_file, zip_file

OUTLINE = levels(("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)")) + num(1)


def extraction(body: str, **parts: str) -> Extraction:
    return read(word_file(body, **parts), ReadOptions())


def kinds(body: str, **parts: str) -> list[tuple[str, int, str]]:
    """Kind, level and text of each element."""
    return [(found.kind, found.level, found.reading.text) for found in extraction(body, **parts).elements]


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, _, text in kinds(body, **parts)]


def refusal(raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        read(raw, ReadOptions(limits=limits or Limits()))
    return str(caught.value)


def style(style_id: str, name: str, inner: str = "", kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>{inner}</w:style>'


def field(code: str, content: str) -> str:
    """A field's parts, which may stand in several paragraphs."""
    return f"{field_sign('begin')}<w:r><w:instrText> {code} </w:instrText></w:r>{field_sign('separate')}{content}" + (
        field_sign("end")
    )


def field_sign(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_a_file_that_python_docx_makes_is_read_in_order():
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "Handbook", "Ann Lee"
    made.core_properties.keywords = "pumps; valves"
    made.add_heading("Pumps", 0)
    made.add_heading("Care", 1)
    made.add_paragraph("Clean it weekly.")
    made.add_paragraph("soap", style="List Bullet")
    made.add_paragraph("mild", style="List Bullet 2")
    made.add_paragraph("Open the lid.", style="List Number")
    made.add_paragraph("Close it.", style="List Number")
    grid = made.add_table(2, 2)
    for cell, text in zip(
        (cell for line in grid.rows for cell in line.cells), ("Part", "Price", "lid", "3"), strict=True
    ):
        cell.text = text
    target = io.BytesIO()
    made.save(target)
    found = read(target.getvalue(), ReadOptions())
    assert [(element.kind, element.level, element.reading.text) for element in found.elements] == [
        ("heading", 1, "Pumps"),
        ("heading", 1, "Care"),
        ("paragraph", 0, "Clean it weekly."),
        ("item", 0, "soap"),
        ("item", 1, "mild"),
        ("item", 0, "1. Open the lid."),
        ("item", 0, "2. Close it."),
        ("header row", 0, "Part | Price"),
        ("row", 0, "lid | 3"),
    ]
    assert (found.metadata.title, found.metadata.publisher, found.metadata.date) == ("Handbook", "Ann Lee", None)
    assert found.metadata.tags == ("pumps", "valves")


def test_each_paragraph_and_row_is_a_place_counted_from_1():
    found = extraction(p("One") + p() + table(row("a", "b"), row("c", "d")) + p("Last"))
    assert [(place.kind, place.label, found.text[place.start :][:4]) for place in found.places] == [
        ("paragraph", "1", "One\n"),
        ("paragraph", "2", "a | "),
        ("paragraph", "3", "c | "),
        ("paragraph", "4", "Last"),
    ]


def test_headings_are_known_by_name_outline_level_and_base_in_any_language():
    styles = (
        style("berschrift2", "heading 2")
        + style("Klausel", "Klausel", '<w:basedOn w:val="berschrift2"/>')
        + style("Teil", "Teil", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("Ruhig", "Ruhig", '<w:basedOn w:val="Teil"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    )
    body = "".join(p(text, style=text) for text in ("berschrift2", "Klausel", "Teil", "Ruhig", "Heading1"))
    assert kinds(body + p("own", properties='<w:outlineLvl w:val="3"/>'), styles=styles) == [
        ("heading", 2, "berschrift2"),
        ("heading", 2, "Klausel"),
        ("heading", 3, "Teil"),
        ("paragraph", 0, "Ruhig"),
        ("heading", 1, "Heading1"),
        ("heading", 4, "own"),
    ]


def test_styles_that_are_based_on_each_other_in_a_circle_are_read():
    styles = style("A", "A", '<w:basedOn w:val="B"/>') + style("B", "heading 1", '<w:basedOn w:val="A"/>')
    assert kinds(p("text", style="A"), styles=styles) == [("heading", 1, "text")]


def test_a_whole_clause_in_a_heading_style_is_an_item_below_its_heading():
    clause = "The supplier shall deliver the goods within thirty days of the order."
    body = p("Delivery", style="Heading1", numbered=(1, 0)) + p(clause, style="Heading2", numbered=(1, 1))
    assert kinds(body, numbering=OUTLINE) == [("heading", 1, "1. Delivery"), ("item", 1, f"1.1 {clause}")]


def test_clauses_have_the_numbers_that_word_shows():
    depths = [0, 1, 1, 2, 2, 3, 3, 1, 2, 0, 1]
    body = "".join(p("x", numbered=(1, depth)) for depth in depths)
    assert kinds(body, numbering=OUTLINE) == [
        ("item", 0, "1. x"),
        ("item", 1, "1.1 x"),
        ("item", 1, "1.2 x"),
        ("item", 2, "(a) x"),
        ("item", 2, "(b) x"),
        ("item", 3, "(i) x"),
        ("item", 3, "(ii) x"),
        ("item", 1, "1.3 x"),
        ("item", 2, "(a) x"),
        ("item", 0, "2. x"),
        ("item", 1, "2.1 x"),
    ]


def test_an_empty_numbered_paragraph_takes_a_number_and_a_hidden_or_deleted_one_does_not():
    gone = "".join(
        p(numbered=(1, 0), properties=f"<w:rPr>{mark}</w:rPr>") for mark in ("<w:vanish/>", '<w:del w:id="1"/>')
    )
    assert texts(p("a", numbered=(1, 0)) + p(numbered=(1, 0)) + gone + p("b", numbered=(1, 0)), numbering=OUTLINE) == [
        "1. a",
        "3. b",
    ]


def test_a_paragraph_may_leave_the_list_of_its_style():
    styles = style("Step", "Step", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    body = p("in", style="Step") + p("out", style="Step", numbered=(0, 0)) + p("in", style="Step")
    assert kinds(body, styles=styles, numbering=OUTLINE) == [
        ("item", 0, "1. in"),
        ("paragraph", 0, "out"),
        ("item", 0, "2. in"),
    ]


def test_heading_styles_tied_to_levels_of_a_list_are_numbered():
    tied = {0: '<w:pStyle w:val="H1"/>', 1: '<w:pStyle w:val="H2"/>'}
    numbering = levels(("upperRoman", "Part %1"), ("decimal", "%1.%2"), extra=tied) + num(7)
    listed = '<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>'
    styles = style("H1", "heading 1", listed) + style("H2", "heading 2", listed)
    body = p("Scope", style="H1") + p("Terms", style="H2") + p("Law", style="H1") + p("Courts", style="H2")
    assert texts(body, styles=styles, numbering=numbering) == [
        "Part I Scope",
        "I.1 Terms",
        "Part II Law",
        "II.1 Courts",
    ]


def test_bullets_are_items_without_a_sign():
    numbering = levels(("bullet", "\uf0b7"), ("bullet", "o")) + num(1)
    assert kinds(p("a", numbered=(1, 0)) + p("b", numbered=(1, 1)), numbering=numbering) == [
        ("item", 0, "a"),
        ("item", 1, "b"),
    ]


def test_a_number_alone_in_a_cell_is_read():
    body = table(row("No", "Part"), row(tc(p(numbered=(1, 0))), "lid"), row(tc(p(numbered=(1, 0))), "cup"))
    assert texts(body, numbering=OUTLINE) == ["No | Part", "1. | lid", "2. | cup"]


def test_the_first_row_names_the_columns():
    assert kinds(table(row("Part", "Price"), row("lid", "3"))) == [
        ("header row", 0, "Part | Price"),
        ("row", 0, "lid | 3"),
    ]


def test_a_title_across_the_table_names_no_column_and_a_single_row_neither():
    title = row(tc(p("Prices of 2024"), '<w:gridSpan w:val="2"/>'))
    found = kinds(table(title, row("Part", "Price"), row("lid", "3")) + p() + table(row("a", "b")))
    assert [kind for kind, _, _ in found] == ["row", "header row", "row", "row"]


def test_the_rows_that_word_repeats_on_each_page_name_the_columns():
    found = kinds(table(row("Note", "x"), row("Part", "Price", properties="<w:tblHeader/>"), row("lid", "3")))
    assert [kind for kind, _, _ in found] == ["row", "header row", "row"]


def test_merged_cells_are_read_once_and_keep_the_columns():
    body = table(
        row("Region", "City", "Sales"),
        row(tc(p("North"), '<w:vMerge w:val="restart"/>'), "Oslo", "5"),
        row(tc(p(), "<w:vMerge/>"), "Bergen", "4"),
        row(tc(p("Total"), '<w:gridSpan w:val="2"/>'), "9"),
        row("12", properties='<w:gridBefore w:val="2"/>'),
    )
    last = extraction(body).elements[1:]
    columns = [[element.reading.text[start:end] for start, end in element.cells] for element in last]
    assert columns == [["North", "Oslo", "5"], ["", "Bergen", "4"], ["Total", "", "9"], ["", "", "12"]]


def test_a_table_in_a_cell_follows_the_table_and_one_of_a_row_stays_in_the_cell():
    inner = table(row("k", "v"), row("a", "b"))
    assert kinds(table(row("One", "Two"), row(tc(p("x") + inner), tc(table(row("c", "d")))))) == [
        ("header row", 0, "One | Two"),
        ("row", 0, "x | c d"),
        ("header row", 0, "k | v"),
        ("row", 0, "a | b"),
    ]


def test_each_table_has_its_number():
    inner = table(row("k", "v"), row("a", "b"))
    found = extraction(table(row("One", tc(p("Two") + inner))) + table(row("c", "d")) + p("After."))
    assert [element.table for element in found.elements] == [1, 2, 2, 3, 0]


def test_a_table_of_one_column_is_a_frame_around_paragraphs():
    body = table(row(tc(p("Warning", style="Heading2") + p("Hot."))), row(tc(p("Cold."))))
    assert kinds(body) == [("heading", 2, "Warning"), ("paragraph", 0, "Hot."), ("paragraph", 0, "Cold.")]


def test_notes_follow_the_paragraph_or_the_table_that_refers_to_them():
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", " Except", " Sundays.")}</w:footnote>'
        f'<w:footnote w:id="3">{p("Net price.")}{table(row("a", "b"))}</w:footnote>'
    )
    ends = f'<w:endnote w:id="2">{p("Law of 1999.")}</w:endnote>'

    def reference(kind: str, note: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{note}"/></w:r>'

    body = p("Open daily", reference("footnote", 2), " and", reference("endnote", 2), " free.")
    body += table(row("Part", "Price"), row("lid", tc(p("3", reference("footnote", 3), reference("footnote", 2)))))
    found = extraction(body, footnotes=notes, endnotes=ends)
    assert [element.reading.text for element in found.elements] == [
        "Open daily and free.",
        "Except Sundays.",
        "Law of 1999.",
        "Part | Price",
        "lid | 3",
        "Net price.",
        "a | b",
    ]
    assert [place.label for place in found.places] == ["1", "2", "3", "4"]


def test_a_notes_own_mark_is_not_glued_to_the_word():
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    assert texts(p("price", own, " net")) == ["price net"]


def test_a_text_box_is_read_once_after_its_paragraph():
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    art = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    assert texts(p("Before ", drawn, "after.") + p(art)) == ["Before after.", "In the box.", "DRAFT"]


def test_charts_and_diagrams_are_read_after_their_paragraph():
    c = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    d = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    drawn = f'<w:r><w:drawing><c:chart xmlns:c="{c}" r:id="chart"/></w:drawing></w:r>'
    drawn += f'<w:r><w:drawing><d:relIds xmlns:d="{d}" r:dm="diagramData"/></w:drawing></w:r>'
    series = '<tx><strRef><strCache><pt idx="0"><v>Sold</v></pt></strCache></strRef></tx>'
    series += '<cat><pt idx="0"><v>Oslo</v></pt><pt idx="1"><v>Bergen</v></pt></cat>'
    series += '<val><pt idx="1"><v>4.30000000000001</v></pt></val>'
    chart = f'<chartSpace xmlns="{c}"><chart><plotArea><ser>{series}</ser></plotArea></chart></chartSpace>'
    point = f'<pt><t><a:p xmlns:a="{a}"><a:r><a:t>Plan</a:t></a:r></a:p></t></pt>'
    diagram = f'<dataModel xmlns="{d}"><ptLst>{point}</ptLst></dataModel>'
    assert kinds(p("See:", drawn), chart=chart, diagramData=diagram) == [
        ("paragraph", 0, "See:"),
        ("header row", 0, " | Sold"),
        ("row", 0, "Oslo | "),
        ("row", 0, "Bergen | 4.3"),
        ("item", 0, "Plan"),
    ]


def test_insertions_are_kept_and_deletions_left_out():
    body = p(
        "Pay in ",
        '<w:del w:id="1"><w:r><w:delText>30</w:delText></w:r></w:del>',
        f'<w:ins w:id="2">{r("60")}</w:ins>',
        " days",
        f'<w:moveFrom w:id="3">{r(" gone")}</w:moveFrom><w:moveTo w:id="4">{r(" moved")}</w:moveTo>',
    )
    deleted = row("old", "row", properties='<w:del w:id="5"/>')
    assert texts(body + table(row("a", "b"), deleted, row("c", "d"))) == ["Pay in 60 days moved", "a | b", "c | d"]


def test_links_fields_and_controls_give_their_text():
    body = p(
        f'<w:hyperlink r:id="x">{r("our site")}</w:hyperlink>',
        field("PAGE", r(" 7")),
        f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{r(' form')}</w:sdtContent></w:sdt>",
        f'<w:fldSimple w:instr="REF a">{r(" clause 4")}</w:fldSimple>',
    )
    assert texts(body + f"<w:sdt><w:sdtContent>{p('Block.')}</w:sdtContent></w:sdt>") == [
        "our site 7 form clause 4",
        "Block.",
    ]


def test_a_table_of_contents_is_left_out_and_a_field_that_never_ends_hides_nothing():
    contents = p(field("TOC \\o", r("Care") + field("PAGEREF x", r(" 3")))[: -len(field_sign("end"))])
    contents += p("Repair 4") + p(field_sign("end"))
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('Contents')}</w:sdtContent></w:sdt>"
    )
    broken = p(field_sign("begin"), "<w:r><w:instrText>TOC</w:instrText></w:r>", field_sign("separate"), "kept")
    assert texts(control + contents + p("Care", style="Heading1") + broken + p("also kept")) == [
        "Care",
        "kept",
        "also kept",
    ]


def test_breaks_tabs_and_hyphens_are_read_as_seen():
    signs = (
        "<w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t>"
    )
    assert texts(p(f"<w:r>{signs}</w:r>", "\u00adf\u200b \u00a0g")) == ["a b c-def g"]


def test_greek_in_the_font_symbol_is_read_and_pictures_of_other_fonts_are_not():
    signs = "".join(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>' for font, code in (
        ("Symbol", "F0B3"), ("Symbol", "F06D"), ("Wingdings", "F0FC"), ("Symbol", "zz")))  # fmt: skip
    assert texts(p("at ", signs, "m")) == ["at ≥μm"]


def test_formulas_are_read_with_their_fractions():
    maths = "<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
    assert texts(p("where ", f"{maths}</m:den></m:f></m:oMath>")) == ["where x=1/2"]


def test_hidden_text_is_left_out_by_run_by_style_and_shown_again():
    styles = style("Secret", "Secret", "<w:rPr><w:vanish/></w:rPr>", "character") + style(
        "Memo", "Memo", "<w:rPr><w:vanish/></w:rPr>"
    )
    body = p("seen", r(" a", "<w:vanish/>"), r(" b", '<w:rStyle w:val="Secret"/>'), r(" c", '<w:vanish w:val="0"/>'))
    assert texts(body + p("memo", r("shown", '<w:vanish w:val="false"/>'), style="Memo"), styles=styles) == [
        "seen c",
        "shown",
    ]


def test_captions_are_captions():
    assert kinds(p("Figure 1: a pump", style="C"), styles=style("C", "caption")) == [("caption", 0, "Figure 1: a pump")]


def test_comments_are_left_out_and_counted():
    comment = '<w:r><w:commentReference w:id="1"/></w:r>'
    assert extraction(p("a", comment)).remarks == ("1 comment left out",)
    assert extraction(p("a", comment, comment)).remarks == ("2 comments left out",)


def test_headers_stand_once_above_the_first_text_and_footers_at_the_end():
    header = p("Mill School", style="Heading1") + table(row("Tel. 0163", "mill.example")) + p("PLAN") + p("Mill School")
    body = p("Plan", style="Heading1") + p("Weekly", style="Heading2") + p("We meet at nine.")
    found = extraction(body, header=header, footer=p("Registered charity") + p("Mill School"))
    assert [(element.kind, element.reading.text) for element in found.elements] == [
        ("heading", "Plan"),
        ("heading", "Weekly"),
        ("paragraph", "Mill School"),
        ("paragraph", "Tel. 0163 | mill.example"),
        ("paragraph", "We meet at nine."),
        ("paragraph", "Registered charity"),
    ]


def test_a_header_takes_no_number_of_the_bodys_lists():
    numbered = p("One", numbered=(1, 0))
    assert texts(p("Text.") + p("First", numbered=(1, 0)), header=numbered, numbering=OUTLINE) == [
        "1. One",
        "Text.",
        "1. First",
    ]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (("Page ", field("PAGE", r("3")), " of ", field("NUMPAGES", r("7"))), []),
        (("- ", field(" PAGE ", r("")), " -"), []),
        (('<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>',), []),
        (("Acme Ltd", "<w:r><w:tab/></w:r>", "Seite ", field("PAGE", r("3"))), ["Acme Ltd"]),
        (("Plan 7 · page ", field("PAGE", r("3")), " · May 2024"), ["Plan 7 · May 2024"]),
        (("Acme Mill Company ", field("PAGE", r("3"))), ["Acme Mill Company"]),
        (("Tel.", "<w:r><w:tab/></w:r>", "0163"), ["Tel. 0163"]),
        (("Printed ", field("DATE", r("1 May 2024"))), ["Printed 1 May 2024"]),
    ],
)
def test_the_numbers_of_pages_are_left_out_of_headers_and_footers(runs, expected):
    assert texts(p("Body."), footer=p(*runs)) == ["Body.", *expected]
    assert texts(p("Body ", field("NUMPAGES", r("7")), ".")) == ["Body 7."]


def test_a_file_with_text_only_in_headers_and_footers_is_told():
    only = extraction(p(), header=p("Acme Ltd"), footer=p("Page 1"))
    assert only.text == "Acme Ltd\n\nPage 1"
    assert only.remarks == ("the only text stands in headers and footers",)


def test_strict_open_xml_is_read():
    raw = word_file(p("Text.", style="Heading1"))
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        members = {name: made.read(name).decode() for name in made.namelist()}
    strict = {
        name: xml.replace(usual, "http://purl.oclc.org/ooxml/wordprocessingml/main").replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"
        )
        for name, xml in members.items()
    }
    assert read(zip_file(strict), ReadOptions()).text == "Text."


def test_a_file_without_text_is_read_as_empty():
    assert extraction(p()).text == ""


def test_a_missing_document_is_named():
    assert refusal(zip_file({"_rels/.rels": "<a/>"})).startswith("word/document.xml is missing in it")


def test_another_kind_of_file_is_no_word_file():
    assert refusal(zip_file({"word/document.xml": "<worksheet/>"})).startswith("it is not a Word file")


@pytest.mark.parametrize("xml", ["", "<w:document", "text", "<a>\x01</a>", "<a>&b;</a>"])
def test_broken_xml_is_damaged(xml):
    assert refusal(zip_file({"word/document.xml": xml})).startswith("the XML in it is damaged")


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd">',
        '<!DOCTYPE a [<!ENTITY x "lol">' + "".join(
            f'<!ENTITY x{n} "{f"&x{n - 1};" * 10 if n else "&x;" * 10}">' for n in range(9)
        ) + "]>",
    ],
)  # fmt: skip
def test_a_document_type_is_refused_before_its_entities_are_used(declared):
    started = time.process_time()
    assert refusal(zip_file({"word/document.xml": f"{declared}<a b='1'>text</a>"})).startswith(
        "the XML in it declares a document type"
    )
    assert time.process_time() - started < 1


def test_elements_nested_without_end_are_refused_or_read():
    body = "<w:sdt><w:sdtContent>" * 120 + p("deep") + "</w:sdtContent></w:sdt>" * 120
    assert texts(body) == ["deep"]
    deeper = "<w:sdt><w:sdtContent>" * 5000 + p("deep") + "</w:sdtContent></w:sdt>" * 5000
    assert refusal(word_file(deeper)).startswith("the XML in it is damaged")


def test_a_bomb_is_refused():
    raw = zip_file({"word/document.xml": b"<a>" + bytes(3_000_000)})
    assert refusal(raw, Limits(unpacked_mb=1)).endswith("raise the limit with --max-unpacked-mb")


def test_a_span_of_a_million_columns_costs_nothing():
    body = table(row(tc(p("a"), '<w:gridSpan w:val="1000000"/>'), "b"), row("c", "d"))
    assert texts(body)[1] == "c | d"


def test_a_note_is_given_once_however_often_it_is_referred_to():
    notes = f'<w:footnote w:id="1">{p("long " * 1000)}</w:footnote>'
    found = extraction(p(*['<w:r><w:footnoteReference w:id="1"/></w:r>'] * 1000, "a"), footnotes=notes)
    assert len(found.elements) == 2


def test_macros_and_links_to_other_files_are_not_followed():
    body = p('<w:r><w:instrText>INCLUDETEXT "file:///etc/passwd"</w:instrText></w:r>', "text")
    assert texts(body + '<w:altChunk r:id="x"/>') == ["text"]


def test_twenty_thousand_paragraphs_take_seconds():
    raw = word_file("".join(p(f"Clause {n} says so.", numbered=(1, n % 3)) for n in range(20_000)), numbering=OUTLINE)
    started = time.process_time()
    assert len(read(raw, ReadOptions()).elements) == 20_000
    assert time.process_time() - started < 15  # 1 on an idle machine
