"""Web pages: what is read of a page, what is left out around it, and pages that are broken or hostile."""

import codecs
from random import Random

import pytest

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.html import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.made_pages import BLOG, NEWS, PAGES, MadePage


def read_page(html: str | bytes, options: ReadOptions | None = None) -> Extraction:
    return read(html if isinstance(html, bytes) else html.encode(), options or ReadOptions())


def elements(html: str) -> list[tuple[str, int, str]]:
    return [(element.kind, element.level, element.reading.text) for element in read_page(html).elements]


def texts(html: str) -> list[str]:
    return [text for _, _, text in elements(html)]


def kinds(html: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, _, text in elements(html)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_all_of_the_main_text_is_kept(page: MadePage):
    text = read_page(page.html).text
    assert [phrase for phrase in page.text if phrase not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_around_the_main_text_is_kept_but_a_footer_of_plain_divs(page: MadePage):
    text = read_page(page.html).text
    known = ["Customer care", "Jobs"] if page.name == "nothing but divs" else []
    assert [phrase for phrase in page.around if phrase in text] == known


def test_every_element_maps_to_the_text():
    for page in PAGES:
        extraction = read_page(page.html)
        for element in extraction.elements:
            ((start, original, length),) = element.reading.runs
            assert extraction.text[original : original + length] == element.reading.text[start : start + length]


def test_inline_elements_join_and_blocks_separate():
    html = "<div>fire<b>wo</b><i>rk</i>s, 5&nbsp;&euro;<div>two\n  lines</div>three<p>four<br>five<br> <br>six</div>"
    assert texts(html) == ["fireworks, 5 €", "two lines", "three", "four\nfive", "six"]


def test_headings_have_levels_and_leave_signs_out():
    html = "<h1>A</h1><p>x</p><h3>B <a href='#b'>¶</a></h3><p>y</p><div role='heading' aria-level='4'>C</div><p>z</p>"
    assert [each for each in elements(html) if each[0] == "heading"] == [
        ("heading", 1, "A"),
        ("heading", 3, "B"),
        ("heading", 4, "C"),
    ]


def test_lists_have_depth_and_numbers():
    html = """<ol start="3"><li>c<ul><li>c1<p>more of c1</p></li></ul></li><li value="9">nine</li></ol>
    <ol type="a"><li>x<li>y</ol><ol type="I" reversed><li>x<li>y</ol><ol style="list-style: none"><li>bare</ol>"""
    assert elements(html) == [
        ("item", 0, "3. c"),
        ("item", 1, "c1"),
        ("item", 2, "more of c1"),
        ("item", 0, "9. nine"),
        ("item", 0, "a. x"),
        ("item", 0, "b. y"),
        ("item", 0, "II. x"),
        ("item", 0, "I. y"),
        ("item", 0, "bare"),
    ]


def test_a_list_beside_its_item_is_below_it():
    assert elements("<ul><li>a</li><ul><li>b</li></ul></ul>") == [("item", 0, "a"), ("item", 1, "b")]


def test_cards_in_a_list_are_no_items():
    html = "<ul><li><h2>Red</h2><p>Warm.</p></li><li><h2>Blue</h2><p>Cold.</p></li></ul>"
    assert kinds(html) == [("heading", "Red"), ("paragraph", "Warm."), ("heading", "Blue"), ("paragraph", "Cold.")]


def test_terms_stand_above_their_definitions():
    html = "<dl><dt>Ebb</dt><dd>falling tide</dd><div><dt>Flood</dt><dd>rising tide</dd></div></dl>"
    assert elements(html) == [
        ("item", 0, "Ebb"),
        ("item", 1, "falling tide"),
        ("item", 0, "Flood"),
        ("item", 1, "rising tide"),
    ]


def test_merged_cells_are_read_in_every_row_and_column_they_cover():
    html = """<table><caption>Rent</caption><thead><tr><th rowspan="2">Flat</th><th colspan="2">2023</th></tr>
    <tr><th>May</th><th>June</th></tr></thead><tbody><tr><th rowspan="2">North</th><td>700</td><td>710</td></tr>
    <tr><td>720</td><td>730</td></tr><tr><td colspan="3">All with heating</td></tr></tbody></table>"""
    extraction = read_page(html)
    assert [(element.kind, element.reading.text) for element in extraction.elements] == [
        ("caption", "Rent"),
        ("header row", "Flat | 2023 May | 2023 June"),
        ("row", "North | 700 | 710"),
        ("row", "North | 720 | 730"),
        ("row", "All with heating"),
    ]
    row = extraction.elements[3]
    assert [row.reading.text[start:end] for start, end in row.cells] == ["North", "720", "730"]


def test_a_bold_first_row_names_the_columns():
    html = "<table><tr><td><b>Day</b><td><b>Open</b><tr><td>Monday<td>9<tr><td>Friday<td><img alt='closed'></table>"
    assert kinds(html) == [("header row", "Day | Open"), ("row", "Monday | 9"), ("row", "Friday | closed")]


def test_a_box_of_names_and_values_is_read_as_pairs():
    html = """<table><tr><th colspan="2">Orm<tr><th>Area<td>12 km<sup>2</sup><tr><th>Fish
    <td><ul><li>pike<li>eel</ul></table>"""
    assert kinds(html) == [("caption", "Orm"), ("item", "Area: 12 km²"), ("item", "Fish: pike, eel")]


@pytest.mark.parametrize("table", ["<table>", "<table role='presentation'>"])
def test_a_layout_table_is_read_as_blocks(table: str):
    html = f"{table}<tr><td><h2>Left</h2>one<td><p>two</p><p>three</p></table>"
    assert kinds(html) == [("heading", "Left"), ("paragraph", "one"), ("paragraph", "two"), ("paragraph", "three")]


def test_code_keeps_its_lines_and_indents():
    html = "<pre><code>\ndef f():\n    <b>return</b> 1<br><br>f()\n</code></pre>"
    assert kinds(html) == [("code", "def f():\n    return 1\n\nf()")]


def test_notes_marks_ruby_and_hidden_formulas():
    html = """<p>It rose<sup><a href="#n1">1</a></sup> by 10<sup>3</sup> on the 1<sup>st</sup>, <q>fast</q>.
    <ruby>漢字<rp>(</rp><rt>kanji</rt></ruby> <span style="display: none"><math alttext="{\\displaystyle x^{2}}"></math>
    </span></p><ol><li><a href="#r1">↩</a> Smith.</li></ol>"""
    assert texts(html) == ["It rose by 10³ on the 1st, “fast”. 漢字 x^{2}", "1. Smith."]


def test_a_picture_is_described_once():
    html = """<figure><img alt="The old mill behind the river"><figcaption>The mill, 1910.</figcaption></figure>
    <p><img alt="logo"></p><figure><img alt="A boat on the frozen lake"><figcaption>A boat on the
    frozen lake.</figure>"""
    assert kinds(html) == [
        ("caption", "The old mill behind the river"),
        ("caption", "The mill, 1910."),
        ("caption", "A boat on the frozen lake."),
    ]


def test_what_no_reader_sees_is_left_out():
    html = """<p>seen</p><p hidden>a</p><p aria-hidden="true">b</p><div style="DISPLAY : none">c</div>
    <template>d</template><script>if (a < b) "<p>e</p>"</script><noscript>f</noscript>
    <select><option>g</select><textarea>h</textarea><button>i</button>
    <span class="sr-only">j</span><svg><text>k</text></svg><dialog>l</dialog>"""
    assert texts(html) == ["seen"]


def test_a_page_that_hides_its_main_part_until_scripts_run_is_read():
    assert texts("<body style='visibility:hidden'><div style='display:none'><h1>A</h1><p>b</p></div>") == ["A", "b"]


def test_sections_that_a_button_opens_are_read():
    html = "<h3><button aria-controls='s'>Who?</button></h3><div id='s' hidden>We.</div>"
    assert kinds(html) == [("heading", "Who?"), ("paragraph", "We.")]


def test_links_between_texts_stay():
    links = "".join(f'<li><a href="/{n}">Tool {n}</a></li>' for n in range(4))
    html = f"""<ul>{links}</ul><h1>Tools</h1><p>We have used all of these tools since the workshop opened.</p>
    <h2>For wood</h2><ul>{links}</ul>"""
    assert texts(html)[2:] == ["For wood", "Tool 0", "Tool 1", "Tool 2", "Tool 3"]
    assert texts(html)[0] == "Tools"


def test_a_page_of_nothing_but_links_keeps_them():
    links = "".join(f'<li><a href="/{n}">Letter {n}</a></li>' for n in range(4))
    assert texts(f"<h1>Letters</h1><ul>{links}</ul>") == ["Letters", "Letter 0", "Letter 1", "Letter 2", "Letter 3"]


def test_a_page_whose_text_stands_in_its_navigation_is_read_whole():
    text = "All that this page has to say stands here, in the wrong element. " * 3
    assert texts(f"<nav><p>{text}</p></nav><main><p>Home</p></main>") == [text.strip(), "Home"]


def test_the_documents_heading_in_the_page_header_is_kept():
    html = "<header><h1>Terms</h1><nav><a href='/'>Home</a></nav></header><main><h2>One</h2><p>Text.</p></main>"
    assert kinds(html) == [("heading", "Terms"), ("heading", "One"), ("paragraph", "Text.")]


def test_places_are_the_ids_of_headings_sections_terms_and_anchors():
    html = """<h1>A</h1><section id="one"><h2>B</h2><p id="no">x</p></section><div id="two"><h2>C</h2><p>y</p></div>
    <p>z<a name="three"></a></p><dl><dt id="four">D</dt></dl><h2 id="fi%20ve">E</h2><p>e</p>"""
    extraction = read_page(html)
    begun = [(place.kind, place.label, extraction.text[place.start]) for place in extraction.places]
    assert begun == [
        ("anchor", "one", "B"),
        ("anchor", "two", "C"),
        ("anchor", "three", "z"),
        ("anchor", "four", "D"),
        ("anchor", "fi%20ve", "E"),
    ]


def test_the_title_is_the_heading_that_the_title_element_repeats():
    metadata = read_page(BLOG.html).metadata
    assert (metadata.title, metadata.date, metadata.publisher) == (
        "Keeping bees in a small garden",
        "2023-04-09",
        "Tin Roof",
    )
    assert read_page("<title>Pump 3 - Shop</title><h1>Pump</h1><p>x").metadata.title == "Pump"
    assert read_page("<title>Pumps - Shop</title><h1>Pump</h1><p>x").metadata.title == "Pumps - Shop"
    html = "<title>Pumps | Shop</title><meta property='og:site_name' content='Shop'><p>x"
    assert read_page(html).metadata.title == "Pumps"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="date" content="2020-02-30">', None),
        ('<meta name="DC.date" content="2020-02">', "2020-02"),
        ('<meta name="pubdate" content="20200229T101500Z">', "2020-02-29"),
        ('<meta name="date" content="May 4, 2021">', "2021-05-04"),
        ('<meta itemprop="datePublished" content="2019">', "2019"),
        ('<script type="application/ld+json">[{"comment": {"datePublished": "2001-01-01"}}]</script>', None),
        ('<script type="application/ld+json">{"datePublished": "2022-05-06"} <!-- </script>', None),
        ('<time datetime="2018-03-04" pubdate>yesterday</time>', "2018-03-04"),
        ('<time datetime="2018-03-04">an event</time>', None),
    ],
)
def test_dates_that_a_page_states(head: str, date: str | None):
    assert read_page(f"{head}<p>x").metadata.date == date


def test_linked_data_states_the_date():
    assert read_page(NEWS.html).metadata.date == "2021-11-03"


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + "<meta charset=latin-1><p>Käse für 5 €".encode(),
        codecs.BOM_UTF16_LE + "<p>Käse für 5 €".encode("utf-16-le"),
        "<meta charset='iso-8859-1'><p>Käse für 5 €".encode("cp1252"),
        "<META http-equiv=Content-Type content='text/html; charset=windows-1252'><p>Käse für 5 €".encode("cp1252"),
        "<meta charset='iso-8859-1'><p>Käse für 5 €".encode(),
        "<?xml version='1.0' encoding='iso-8859-15'?><p>Käse für 5 €</p>".encode("iso-8859-15"),
        "<meta charset='no-such'><p>Käse für 5 €".encode(),
    ],
)
def test_the_encoding_is_found(raw: bytes):
    assert read_page(raw).text == "Käse für 5 €"


def test_the_owners_encoding_counts_where_the_page_states_none():
    options = ReadOptions(encoding="cp1251")
    assert read_page("<p>Привет, мир".encode("cp1251"), options).text == "Привет, мир"
    assert read_page("<meta charset=koi8-r><p>Привет, мир".encode("koi8-r"), options).text == "Привет, мир"


def test_xhtml_is_read_as_xhtml():
    html = """<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
    <html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head>
    <body><p id="e"/><p>one &amp; <![CDATA[<two> & three]]> &b; &eacute;</p></body></html>"""
    assert texts(html) == ["one & <two> & three &b; é"]


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    html = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><p>seen &x;</p></html>'
    assert "secret" not in read_page(html).text.replace("&x;", "")


def test_control_characters_and_soft_hyphens_are_left_out():
    assert texts("<p>a\0b&#1;c&shy;d\u200f\u05d0 &#31;e\ufeff</p>") == ["abcd\u200f\u05d0 e"]


def test_right_to_left_text_stays_in_its_own_order():
    assert texts("<p dir=rtl>שלום <b>עולם</b> 123</p>") == ["שלום עולם 123"]


def test_a_heading_without_an_end_does_not_swallow_the_page():
    assert kinds("<h2>Start<p>one</p><ul><li>two</li></ul>")[1:] == [("paragraph", "one"), ("item", "two")]


def test_no_text_is_lost_in_markup_of_any_shape():
    random = Random(0)
    tags = (
        "div p span b a ul ol li dl dt dd table tr td th tbody caption h2 pre blockquote form section details".split()
    )
    for _ in range(150):
        words, parts = [], []
        for number in range(100):
            tag = random.choice(tags)
            words.append(f"word{number}x")
            parts.append(random.choice([f"<{tag}>", f"<{tag}>", f"</{tag}>", "<br>"]) + f" {words[-1]} ")
        text = read_page("".join(parts)).text
        assert [word for word in words if word not in text] == []


def test_text_between_the_cells_of_a_table_stands_above_it():
    html = "<table><tr><th>a</th><p>p</p></tr><tr><td>b</td></tr><form>f</form></table><ul>bare</ul><dl>text</dl>"
    assert kinds(html) == [
        ("paragraph", "p"),
        ("paragraph", "f"),
        ("header row", "a"),
        ("row", "b"),
        ("paragraph", "bare"),
        ("paragraph", "text"),
    ]


def test_text_outside_the_body_is_read():
    assert texts("<html><body><p>in</p></body></html>after") == ["in", "after"]


@pytest.mark.parametrize(
    ("html", "first"),
    [
        ("<div>" * 200_000 + "deep<p>deeper", ["deep", "deeper"]),
        ("<b>" * 200_000 + "deep", ["deep"]),
        ("<ul><li>" * 2_000 + "deep", ["deep"]),
        ("<table><tr><td>" * 2_000 + "deep", ["deep"]),
        ("<sup>" * 120 + "<a href='#x'>1</a>", []),
        ("<math>" * 120 + "x", ["x"]),
        ("<script>" + "[" * 10_000, []),
        ("<" * 10_000, ["<" * 10_000]),
        ("<!--" * 10_000, []),
        ("<?xml <![CDATA[" * 10_000, []),
        ("<html xmlns='http://www.w3.org/1999/xhtml'>" + '<a "' * 10_000, []),
        ("", []),
    ],
)
def test_deep_and_broken_markup_is_read(html: str, first: list[str]):
    assert texts(html)[: len(first) or None] == first


def test_deep_linked_data_is_ignored():
    script = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    assert read_page(f"{script}<p>x").metadata.date is None


def test_merged_cells_do_not_blow_up_a_table():
    html = "<table><tr><th>a</th></tr>" + "<tr><td colspan=1000 rowspan=65000>many words" * 500
    assert len(read_page(html).text) < len(html)


def test_a_wide_row_does_not_widen_all_others():
    html = "<table><tr>" + "<td>x" * 2_000 + "<tr><td>y" * 2_000
    assert len(read_page(html).text) < len(html)


def test_too_many_tags_are_refused():
    with pytest.raises(DocumentError, match=r"it has more than 2,500 tags; raise the limit with --max-unpacked-mb"):
        read_page("<p>x" * 3_000, ReadOptions(limits=Limits(unpacked_mb=1)))


def test_a_binary_file_is_refused():
    with pytest.raises(DocumentError, match="it is not text"):
        read_page(bytes(range(256)) * 100)
