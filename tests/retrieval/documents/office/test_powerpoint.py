"""PowerPoint files: slides are read in order as what they are, and hostile files are refused or harmless."""

from __future__ import annotations

import io
import time
import zipfile

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Cm

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.office.powerpoint import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.office.made_word import zip_file

TITLE_SLIDE, TITLE_AND_CONTENT, TWO_CONTENT, COMPARISON, TITLE_ONLY = 0, 1, 3, 4, 5
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def saved(deck: Presentation) -> bytes:
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def extraction(deck: Presentation) -> Extraction:
    return read(saved(deck), ReadOptions())


def kinds(deck: Presentation) -> list[tuple[str, int, str]]:
    return [(found.kind, found.level, found.reading.text) for found in extraction(deck).elements]


def deck_of(layout: int, title: str = "") -> tuple[Presentation, Slide]:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    return deck, slide


def add_box(slide: Slide, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(1)).text_frame.text = text


def altered(raw: bytes, member: str, old: str, new: str) -> bytes:
    """The file with a change in one member."""
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        members = {name: made.read(name) for name in made.namelist()}
    assert old.encode() in members[member]
    return zip_file({**members, member: members[member].replace(old.encode(), new.encode())})


def test_a_slide_is_its_title_its_bullets_by_level_and_its_notes():
    deck, slide = deck_of(TITLE_AND_CONTENT, "Pumps")
    body = slide.placeholders[1].text_frame
    body.text = "Clean weekly"
    line = body.add_paragraph()
    line.text, line.level = "with\vmild\u00ad soap", 1
    slide.notes_slide.notes_text_frame.text = "Say why.\nShow it."
    assert kinds(deck) == [
        ("heading", 1, "Pumps"),
        ("item", 0, "Clean weekly"),
        ("item", 1, "with mild soap"),
        ("paragraph", 0, "Say why."),
        ("paragraph", 0, "Show it."),
    ]


def test_each_slide_is_a_place_and_hidden_slides_are_read():
    deck, slide = deck_of(TITLE_ONLY, "One")
    slide.element.set("show", "0")
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY]).shapes.title.text = "Three"
    found = extraction(deck)
    assert [(place.kind, place.label, found.text[place.start :][:3]) for place in found.places] == [
        ("slide", "1", "One"),
        ("slide", "3", "Thr"),
    ]


def test_a_subtitle_and_a_text_box_have_no_bullets():
    deck, slide = deck_of(TITLE_SLIDE, "Pumps")
    slide.placeholders[1].text = "A guide"
    add_box(slide, "Draft", 1, 18)
    assert kinds(deck) == [("heading", 1, "Pumps"), ("paragraph", 0, "A guide"), ("paragraph", 0, "Draft")]


def test_a_bullet_may_be_taken_away_or_set():
    deck, slide = deck_of(TITLE_AND_CONTENT)
    slide.placeholders[1].text = "No bullet"
    slide.placeholders[1].text_frame.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(f"<a:buNone {DRAWING}/>"))
    add_box(slide, "Bullet", 1, 18)
    slide.shapes[-1].text_frame.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(f'<a:buChar {DRAWING} char="-"/>'))
    assert kinds(deck) == [("paragraph", 0, "No bullet"), ("item", 0, "Bullet")]


def test_numbered_lines_have_the_numbers_that_are_shown():
    deck, slide = deck_of(TITLE_AND_CONTENT)
    body = slide.placeholders[1].text_frame
    numbers = [
        ("arabicPeriod", 0),
        ("alphaLcParenR", 1),
        ("alphaLcParenR", 1),
        ("arabicPeriod", 0),
        ("romanUcPlain", 1),
    ]
    for position, (name, level) in enumerate(numbers):
        line = body.paragraphs[0] if position == 0 else body.add_paragraph()
        line.text, line.level = "x", level
        line._p.get_or_add_pPr().append(parse_xml(f'<a:buAutoNum {DRAWING} type="{name}"/>'))
    line._p.pPr[0].set("startAt", "4")
    assert kinds(deck) == [
        ("item", 0, "1. x"),
        ("item", 1, "a) x"),
        ("item", 1, "b) x"),
        ("item", 0, "2. x"),
        ("item", 1, "IV x"),
    ]


def test_shapes_are_read_from_top_to_bottom_and_left_to_right():
    deck, slide = deck_of(TITLE_ONLY, "Title")
    slide.shapes.title.top = Cm(17)
    for text, left, top in (("4", 12, 9), ("2", 12, 5.0), ("3", 1, 8.9), ("1", 1, 5.3)):
        add_box(slide, text, left, top)
    assert [text for _, _, text in kinds(deck)] == ["Title", "1", "2", "3", "4"]


def test_placeholders_that_inherit_their_positions_are_in_order():
    deck, slide = deck_of(TWO_CONTENT, "Two")
    slide.placeholders[2].text, slide.placeholders[1].text = "right", "left"
    assert [text for _, _, text in kinds(deck)] == ["Two", "left", "right"]


def comparison() -> tuple[Presentation, Slide]:
    deck, slide = deck_of(COMPARISON, "Tea or coffee")
    for number, text in {1: "Tea", 3: "Coffee", 2: "mild\ncheap", 4: "strong\ndear"}.items():
        slide.placeholders[number].text = text
    return deck, slide


def test_of_lists_side_by_side_with_headings_one_is_read_after_the_other():
    deck, slide = comparison()
    slide.shapes.add_connector(1, Cm(12.5), Cm(4), Cm(12.5), Cm(17))
    add_box(slide, "a survey of 2024", 1, 17)
    assert [text for _, _, text in kinds(deck)] == [
        *("Tea or coffee", "Tea", "mild", "cheap", "Coffee", "strong", "dear", "a survey of 2024")
    ]


def test_headings_that_are_not_above_their_lists_are_read_first():
    deck, slide = comparison()
    for number, left in ((1, 3), (3, 15)):
        head = slide.placeholders[number]
        head.left, head.top, head.width, head.height = Cm(left), Cm(4), Cm(11), Cm(2)
    assert [text for _, _, text in kinds(deck)][1:4] == ["Tea", "Coffee", "mild"]


def test_a_group_is_read_as_one():
    deck, slide = deck_of(TITLE_ONLY, "Title")
    add_box(slide, "between", 6, 8)
    group = slide.shapes.add_group_shape()
    for text, top in (("lower", 12), ("upper", 7)):
        group.shapes.add_textbox(Cm(1), Cm(top), Cm(3), Cm(1)).text_frame.text = text
    assert [text for _, _, text in kinds(deck)] == ["Title", "upper", "lower", "between"]


def test_a_table_has_rows_and_merged_cells_once():
    deck, slide = deck_of(TITLE_ONLY, "Prices")
    grid = slide.shapes.add_table(3, 2, Cm(1), Cm(5), Cm(9), Cm(4)).table
    for (line, column), text in {(0, 0): "Part", (0, 1): "Price", (1, 0): "lid", (1, 1): "3", (2, 0): "none"}.items():
        grid.cell(line, column).text = text
    grid.cell(2, 0).merge(grid.cell(2, 1))
    assert kinds(deck) == [
        ("heading", 1, "Prices"),
        ("header row", 0, "Part | Price"),
        ("row", 0, "lid | 3"),
        ("row", 0, "none | "),
    ]


def test_a_chart_is_its_title_and_its_figures():
    deck, slide = deck_of(TITLE_ONLY)
    figures = CategoryChartData()
    figures.categories = ["Oslo", "Bergen"]
    figures.add_series("2023", (4.3, 2))
    figures.add_series("2024", (5, 1.1 + 2.2))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(5), Cm(9), Cm(8), figures)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Pumps sold"
    slide.shapes.add_table(1, 1, Cm(1), Cm(2), Cm(9), Cm(1)).table.cell(0, 0).text = "above"
    assert [element.table for element in extraction(deck).elements] == [1, 0, 2, 2, 2]
    assert kinds(deck) == [
        ("row", 0, "above"),
        ("caption", 0, "Pumps sold"),
        ("header row", 0, " | 2023 | 2024"),
        ("row", 0, "Oslo | 4.3 | 5"),
        ("row", 0, "Bergen | 2 | 3.3"),
    ]


def test_what_repeats_on_each_slide_and_hidden_shapes_are_left_out():
    deck, slide = deck_of(TITLE_ONLY, "Title")
    for kind in ("dt", "ftr", "sldNum"):
        add_box(slide, kind, 1, 18)
        named = slide.shapes[-1].element.nvSpPr.nvPr
        named.append(parse_xml(named.xml.split("<p:nvPr")[0] + f'<p:ph xmlns:p="{named.nsmap["p"]}" type="{kind}"/>'))
    add_box(slide, "hidden", 1, 9)
    slide.shapes[-1].element.nvSpPr.cNvPr.set("hidden", "1")
    assert [text for _, _, text in kinds(deck)] == ["Title"]


def test_of_alternative_shapes_the_first_is_read():
    deck, slide = deck_of(TITLE_ONLY, "Title")
    add_box(slide, "new", 1, 9)
    shape = slide.shapes[-1].element
    alternatives = parse_xml(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice/><mc:Fallback/></mc:AlternateContent>"
    )
    shape.addprevious(alternatives)
    alternatives[0].append(shape)
    assert [text for _, _, text in kinds(deck)] == ["Title", "new"]


def test_the_files_own_title_is_known_unless_it_is_powerpoints():
    deck, _ = deck_of(TITLE_ONLY, "Title")
    deck.core_properties.author = "Ann Lee"
    deck.core_properties.title = "Präsentation PowerPoint"
    stated = extraction(deck).metadata
    assert (stated.title, stated.publisher, stated.date) == (None, "Ann Lee", None)
    deck.core_properties.title = "Care of pumps"
    assert extraction(deck).metadata.title == "Care of pumps"


def test_pictures_are_not_unpacked():
    deck, _ = deck_of(TITLE_ONLY, "Title")
    raw = io.BytesIO(saved(deck))
    with zipfile.ZipFile(raw, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ppt/media/image1.png", bytes(3_000_000))
    assert read(raw.getvalue(), ReadOptions(limits=Limits(unpacked_mb=1))).text == "Title"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(pages=1), "it has more than 1 slides; raise the limit with --max-pages"),
        (Limits(unpacked_mb=0), "it is larger than 0 MB when unpacked; raise the limit with --max-unpacked-mb"),
        (Limits(file_mb=0), "it is larger than 0 MB; raise the limit with --max-file-mb"),
    ],
)
def test_what_is_larger_than_the_limits_is_refused(limits, reason):
    deck, _ = deck_of(TITLE_ONLY, "One")
    deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    with pytest.raises(DocumentError, match=f"^{reason}$"):
        read(saved(deck), ReadOptions(limits=limits))


def test_another_kind_of_file_is_no_powerpoint_file():
    with pytest.raises(DocumentError, match="it is not a PowerPoint file"):
        read(zip_file({"word/document.xml": "<a/>"}), ReadOptions())


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("ppt/slides/slide1.xml", "<p:cSld", "<p:cSld"[:4]),
        ("ppt/slides/slide1.xml", "p:spTree", "p:other"),
        ("ppt/_rels/presentation.xml.rels", "slides/slide1.xml", "slides/slide9.xml"),
        ("[Content_Types].xml", "presentationml", "other"),
        ("ppt/slides/slide1.xml", "id=", "name=''"),
    ],
)
def test_a_damaged_file_is_refused(member, old, new):
    deck, _ = deck_of(TITLE_ONLY, "One")
    with pytest.raises(DocumentError, match="it is damaged"):
        read(altered(saved(deck), member, old, new), ReadOptions())


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x0 "lol">'
        + "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
        + '<!ENTITY x "&x9;">',
    ],
)
@pytest.mark.parametrize("use", ["<a:t>&x;</a:t>", '<a:t b="&x;">One</a:t>'])
def test_entities_are_harmless(entities, use):
    deck, _ = deck_of(TITLE_ONLY, "One")
    raw = altered(saved(deck), "ppt/slides/slide1.xml", "<a:t>One</a:t>", use)
    raw = altered(raw, "ppt/slides/slide1.xml", "<p:sld ", f"<!DOCTYPE p [{entities}]><p:sld ")
    started = time.process_time()
    try:
        found = read(raw, ReadOptions()).text
    except DocumentError:
        found = ""
    assert found in ("", "One")
    assert time.process_time() - started < 5


def test_twenty_thousand_lines_take_seconds():
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_AND_CONTENT])
    slide.shapes.title.text = "Title"
    frame = slide.placeholders[1].text_frame
    frame.text = "\n".join(f"line {number}" for number in range(20_000))
    started = time.process_time()
    assert len(extraction(deck).elements) == 20_001
    assert time.process_time() - started < 20
