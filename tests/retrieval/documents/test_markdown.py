"""Markdown -> elements: what is a heading, an item, a row or code, what is shown of a line, and what is left out."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents.elements import Extraction, Metadata, ReadOptions
from retrieval.documents.markdown import read
from retrieval.errors import DocumentError
from retrieval.spans import INVISIBLE


def extract(text: str) -> Extraction:
    return read(text.encode(), ReadOptions())


def shown(text: str) -> list[str]:
    """Each element as "kind level: text"; the level is left out where it is 0."""
    return [
        f"{element.kind} {element.level}: {element.reading.text}"
        if element.level
        else f"{element.kind}: {element.reading.text}"
        for element in extract(text).elements
    ]


def left_out(text: str) -> list[tuple[str, str]]:
    """Each span left out with its rule."""
    return [(text[slice(*dropped.span)], dropped.rule) for dropped in extract(text).dropped]


def cells(text: str) -> list[list[str]]:
    return [
        [element.reading.text[start:end] for start, end in element.cells]
        for element in extract(text).elements
        if element.cells
    ]


class TestHeadings:
    def test_atx_headings_have_their_levels_and_lose_their_signs(self) -> None:
        text = "# Changelog\n\n## 2.0.0 ##\n### Fixed\nWrong totals.\n"
        assert shown(text) == [
            "heading 1: Changelog",
            "heading 2: 2.0.0",
            "heading 3: Fixed",
            "paragraph: Wrong totals.",
        ]

    def test_a_setext_heading_ends_before_the_text_that_follows_at_once(self) -> None:
        text = "Changes\n=======\n\n2.1.0 (2024-05-02)\n---\nfaster start.\n"
        assert shown(text) == ["heading 1: Changes", "heading 2: 2.1.0 (2024-05-02)", "paragraph: faster start."]

    def test_markup_inside_a_heading_is_left_out(self) -> None:
        text = "## The `run` *command*, see [here](http://a.b) {#run-command}\n"
        assert shown(text) == ["heading 2: The run command, see here"]

    def test_a_bold_line_is_a_paragraph(self) -> None:
        assert shown("**How many books?**\n\nUp to eight.\n") == [
            "paragraph: How many books?",
            "paragraph: Up to eight.",
        ]

    def test_a_tag_is_no_heading(self) -> None:
        assert shown("#garden #spring\n") == ["paragraph: #garden #spring"]

    def test_inside_quotes_and_items_nothing_is_a_heading(self) -> None:
        assert shown("> # Said\n> so\n\n- # Item\n- <h2>More</h2>\n") == [
            "paragraph: Said",
            "paragraph: so",
            "item: Item",
            "item: More",
        ]

    def test_the_same_signs_inside_code_mean_nothing(self) -> None:
        text = "```sh\n# install\n| a | b |\n|---|---|\n```\n"
        assert shown(text) == ["code: # install\n| a | b |\n|---|---|"]


class TestLists:
    def test_nested_items_have_their_depth(self) -> None:
        text = "- Alder\n  - address: 10.0.0.11\n    - wired\n- Birch\n"
        assert shown(text) == ["item: Alder", "item 1: address: 10.0.0.11", "item 2: wired", "item: Birch"]

    def test_a_loose_list_reads_as_a_tight_one(self) -> None:
        assert shown("* a\n\n* b\n") == ["item: a", "item: b"]

    def test_what_continues_an_item_stands_one_level_below_its_first_paragraph(self) -> None:
        text = "- Boil the water.\n\n  It has to cool.\n\n  > Warm, not hot.\n\n- Add the culture.\n"
        assert shown(text) == [
            "item: Boil the water.",
            "item 1: It has to cool.",
            "item 1: Warm, not hot.",
            "item: Add the culture.",
        ]

    def test_numbers_are_kept_and_wrapped_lines_are_joined(self) -> None:
        text = "3. Skim it, and stir until it is\n thick.\n4) Fill the jars, close them\nand turn them.\n"
        assert shown(text) == [
            "item: 3. Skim it, and stir until it is thick.",
            "item: 4) Fill the jars, close them and turn them.",
        ]

    def test_items_that_all_have_the_same_number_are_counted(self) -> None:
        text = "1. Stone\n1. Boil\n1. Skim\n"
        elements = extract(text).elements
        assert [element.reading.text for element in elements] == ["1. Stone", "2. Boil", "3. Skim"]
        assert elements[1].reading.runs == ((3, text.index("Boil"), 4),)  # "2. " stands nowhere in the file

    def test_task_signs_are_kept(self) -> None:
        assert shown("- [x] pay rent\n- [ ] call Ann\n") == ["item: [x] pay rent", "item: [ ] call Ann"]

    def test_code_in_an_item_keeps_its_inner_indents(self) -> None:
        text = "1. Run:\n\n   ```py\n   if a:\n\n       b()\n   ```\n\n   Then wait.\n"
        assert shown(text) == ["item: 1. Run:", "code: if a:\n\n    b()", "item 1: Then wait."]

    def test_a_definition_stands_below_its_term(self) -> None:
        text = "Lien\n: A right over goods.\n: A claim.\n"
        assert shown(text) == ["item: Lien", "item 1: A right over goods.", "item 1: A claim."]


class TestTables:
    def test_a_table_is_a_header_row_and_rows_with_cells(self) -> None:
        text = "| Part | *Price* |\n|------|--------:|\n| [A7](/a7) | 35   |\n| `B\\|C` | 1 \\| 2 |\n"
        assert shown(text) == ["header row: Part | Price", "row: A7 | 35", "row: B|C | 1 | 2"]
        assert cells(text) == [["Part", "Price"], ["A7", "35"], ["B|C", "1 | 2"]]

    def test_empty_cells_keep_their_column_and_empty_rows_are_left_out(self) -> None:
        assert cells("|a|b|c|\n|-|-|-|\n||2||\n|1|\n||||\n") == [["a", "b", "c"], ["", "2", ""], ["1", "", ""]]

    def test_cells_beyond_the_last_column_are_not_lost(self) -> None:
        assert cells("|a|b|\n|-|-|\n| 1 | 2 | 3 **x** | |\n") == [["a", "b"], ["1", "2", "3 **x**"]]

    def test_a_line_break_inside_a_cell_is_a_space(self) -> None:
        assert cells("|a|\n|-|\n|one<br>two|\n") == [["a"], ["one two"]]


class TestParagraphs:
    def test_a_wrapped_paragraph_is_one_element(self) -> None:
        assert shown("Takes an\nhour,  \nor two\\\nhours.\n") == ["paragraph: Takes an hour, or two hours."]

    @pytest.mark.parametrize(
        ("source", "reading"),
        [
            ("2 \\* 3 and snake_case_name", "2 * 3 and snake_case_name"),
            ("**bold**, _slant_, ~~gone~~ and `` a`b ``", "bold, slant, gone and a`b"),
            ("[text](http://a.b 'title') and ![a *plum*](plum.png)", "text and a plum"),
            ("[![alt](i.png)](http://a.b) <http://c.d> http://e.f", "alt http://c.d http://e.f"),
            ("[[Page]], [[Page#Part|shown]] and ![[plum.png]]", "Page, shown and plum.png"),
            ("costs $5, then $6, with $a_1*b*c_1$", "costs $5, then $6, with $a_1*b*c_1$"),
            ("salt &amp; vinegar", "salt &amp; vinegar"),
            ("one<br>two <b>three</b><!-- four --> five", "one two three five"),
            ("clone <your name> as List<String>", "clone <your name> as List<String>"),
            ("key: value", "key: value"),
            ("Ünïcode — **日本語** 🙂 *é*", "Ünïcode — 日本語 🙂 é"),
        ],
    )
    def test_a_line_is_read_as_it_is_shown(self, source: str, reading: str) -> None:
        assert shown(source) == [f"paragraph: {reading}"]

    def test_block_quotes_are_paragraphs_without_their_signs(self) -> None:
        text = "> [!NOTE] Careful\n> with `hot\n> jars`\nand lids\n>> so\n"
        assert shown(text) == ["paragraph: Careful with hot jars and lids", "paragraph: so"]

    def test_footnotes_stay_where_they_are_defined(self) -> None:
        text = "Plums[^1] are blue.[^x]\n\n[^1]: Or yellow.\n\nMore[^x].\n"
        assert shown(text) == ["paragraph: Plums are blue.[^x]", "paragraph: Or yellow.", "paragraph: More[^x]."]

    def test_code_keeps_its_line_breaks(self) -> None:
        text = "~~~python title=a.py\ndef a():\n\n    return 1\n~~~\n\n    indented\n      more\n"
        assert shown(text) == ["code: def a():\n\n    return 1", "code: indented\n  more"]

    def test_what_is_left_out_has_its_rule(self) -> None:
        text = (
            "a[^1] [b ![o](p)](http://c.d) [e][f] [[g|h]]\n\n[^1]: n\n\n***\n<!-- i -->\n\n"
            "> [!TIP]\n> **j**\n\n[f]: http://k.l 'm'\n"
        )
        assert left_out(text) == [
            ("[^1]", "footnote mark"),
            ("[", "markup"),
            ("![", "markup"),
            ("](p)", "link address"),
            ("](http://c.d)", "link address"),
            ("[", "markup"),
            ("][f]", "link address"),
            ("[[g|", "link address"),
            ("]]", "link address"),
            ("[^1]:", "footnote mark"),
            ("***", "rule"),
            ("<!-- i -->", "comment"),
            ("> [!TIP]", "callout"),
            ("> **", "markup"),
            ("**", "markup"),
            ("[f]: http://k.l 'm'", "link address"),
        ]


class TestHtml:
    def test_the_text_of_html_is_kept_and_its_tags_are_not(self) -> None:
        text = (
            '<h1 align="center">Jam</h1>\n<p>One<br/>two</p><ul><li>three</ul>\n\n'
            "<details><summary>Four</summary>\n\n*five*\n</details>\n"
        )
        assert shown(text) == [
            "heading 1: Jam",
            "paragraph: One two",
            "item: three",
            "paragraph: Four",
            "paragraph: five",
        ]

    def test_an_html_table_has_rows_and_cells(self) -> None:
        text = "<table>\n<tr><th>Part</th><th>Price</th></tr>\n<tr><td><p>A7</p><p>black</p></td>\n<td>35</td></tr>\n"
        text += "</table>\n"
        assert shown(text) == ["header row: Part | Price", "row: A7 black | 35"]

    def test_preformatted_text_is_code(self) -> None:
        assert shown("<pre>\n a\n   b\n</pre>\n") == ["code: a\n   b"]

    def test_comments_scripts_and_style_sheets_are_left_out(self) -> None:
        text = "<!-- a\n\nb --> c\n\n<script>\nlet d\n</script>\n\n<style>e</style>\n\n- <!-- f\n  g --> h\n"
        assert shown(text) == ["paragraph: c", "item: h"]

    def test_what_follows_an_unclosed_comment_is_kept(self) -> None:
        assert shown("<!-- a\n\nb\n") == ["paragraph: <!-- a b"]

    def test_an_attribute_may_hold_a_bracket(self) -> None:
        assert shown('<div title="a > b">c</div>\n') == ["paragraph: c"]


class TestFrontMatter:
    def test_yaml_states_title_date_publisher_tags_and_aliases(self) -> None:
        text = (
            "---\n# written by hand\ntitle: 'Anna''s jam'\ndate: 2024-02-11T10:00:00Z\nauthor: Anna Bo # the cook\n"
            'tags: ["plum", \'red, sour\', jam]\naliases:\n  - Plum jam\n  - "Jam"\nlayout: !!python/object:os.system\n'
            "---\nTakes an hour.\n"
        )
        extraction = extract(text)
        assert extraction.metadata == Metadata(
            title="Anna's jam",
            date="2024-02-11",
            publisher="Anna Bo",
            tags=("plum", "red, sour", "jam"),
            aliases=("Plum jam", "Jam"),
        )
        assert [element.reading.text for element in extraction.elements] == ["Takes an hour."]
        assert [dropped.rule for dropped in extraction.dropped] == ["front matter"]

    def test_toml_states_them_too(self) -> None:
        text = (
            '+++\ntitle = "Jam"\ndate = 2024-02-11\nauthors = ["Anna", "Bo"]\ntags = [\n"a",\n"b"]\n'
            "[extra]\nc = 1\n+++\nHot.\n"
        )
        assert extract(text).metadata == Metadata(
            title="Jam", date="2024-02-11", publisher="Anna, Bo", tags=("a", "b"), aliases=()
        )
        assert shown(text) == ["heading 1: Jam", "paragraph: Hot."]

    def test_the_title_is_a_heading_that_maps_to_its_value(self) -> None:
        text = '---\ntitle: "Idempotence: why"\ntags: [property]\n---\n\nIt is.\n'
        title = extract(text).elements[0]
        assert (title.kind, title.level, title.reading.text) == ("heading", 1, "Idempotence: why")
        assert title.reading.runs == ((0, text.index("Idem"), len("Idempotence: why")),)
        assert left_out(text) == [('---\ntitle: "', "front matter"), ('"\ntags: [property]\n---', "front matter")]

    def test_a_title_that_the_first_heading_repeats_is_left_out(self) -> None:
        assert shown("---\ntitle: plum  jam\n---\n# Plum Jam\n") == ["heading 1: Plum Jam"]

    @pytest.mark.parametrize(
        ("lines", "metadata"),
        [
            ("title: >-\n  A long\n  title", Metadata(title="A long title")),
            ("title: A long\n  title", Metadata(title="A long title")),
            ("Title: ~\nkeywords: a b, c\nAlias: d, e", Metadata(tags=("a", "b", "c"), aliases=("d", "e"))),
            ("tags: '#a #b'", Metadata(tags=("a", "b"))),
            ("published: 2021/5\nauthors:\n- name: Ann\n  url: x\n- Bo", Metadata(date="2021-05", publisher="Ann, Bo")),
            ("date: 4 May 2021\npublisher: ''\nauthor: Bo", Metadata(date="2021-05-04", publisher="Bo")),
            ("date: 2021-13-45\ncreated: 2020", Metadata(date="2020")),
            ("date: {{ .Date }}\n: odd\nparams:\n  title: inner", Metadata()),
            ('title: "unclosed\ntags: [a, "b', Metadata(title=None, tags=("a", "b"))),
        ],
    )
    def test_other_ways_to_write_it(self, lines: str, metadata: Metadata) -> None:
        extraction = extract(f"---\n{lines}\n---\nText.\n")
        assert extraction.metadata == metadata
        assert extraction.elements[-1].reading.text == "Text."

    def test_damaged_toml_is_left_out_all_the_same(self) -> None:
        assert shown('+++\ntitle = "a\n+++\nText.\n') == ["paragraph: Text."]

    @pytest.mark.parametrize(
        "text",
        [
            "---\nThe plums are ripe.\n\n---\nText.\n",
            "---\nNote: the plums are ripe,\nso come and get them.\n\n---\nText.\n",
            "---\n\n---x\ntitle: a\n",
            "---\ntitle: a\n\nNo second fence.\n",
            "+++\nThe plums are ripe.\n+++\nText.\n",
            "--- a\ntitle: b\n\n---\nText.\n",
            "Text.\n\n---\ntitle: a\n\n---\n",
        ],
    )
    def test_other_text_between_rules_stays_text(self, text: str) -> None:
        extraction = extract(text)
        assert extraction.metadata == Metadata()
        assert "front matter" not in {dropped.rule for dropped in extraction.dropped}

    def test_an_empty_front_matter_is_only_rules(self) -> None:
        assert shown("---\n---\nText.\n") == ["paragraph: Text."]


class TestBytes:
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_any_line_end_will_do(self, line_end: str) -> None:
        text = "---\ntitle: T\n---\n# H\n\na\nb\n\n- c\n  d\n\n```\ne\n  f\n```\n".replace("\n", line_end)
        assert [re.sub(r"\r\n?", "\n", line) for line in shown(text)] == [
            "heading 1: T",
            "heading 1: H",
            "paragraph: a b",
            "item: c d",
            "code: e\n  f",
        ]

    def test_a_byte_order_mark_is_no_text(self) -> None:
        extraction = read(b"\xef\xbb\xbf---\ntitle: T\n---\n# T\n", ReadOptions())
        assert [element.reading.text for element in extraction.elements] == ["T"]
        assert extraction.text.startswith("---")

    def test_a_nul_is_no_text(self) -> None:
        assert shown("Plums are\0 **ripe** in August.\n") == ["paragraph: Plums are ripe in August."]

    def test_the_owner_may_state_the_encoding(self) -> None:
        extraction = read("# Żurek\n".encode("cp1250"), ReadOptions(encoding="cp1250"))
        assert extraction.elements[0].reading.text == "Żurek"

    @pytest.mark.parametrize("raw", [b"", b" \n", b"---\n", b"<!-- a -->", b"[a]: http://b.c\n"])
    def test_a_file_without_text_has_no_elements(self, raw: bytes) -> None:
        assert read(raw, ReadOptions()).elements == ()

    def test_a_binary_file_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="not text"):
            read(bytes(range(256)), ReadOptions())


SIGNS = [
    *(
        "a",
        "b c",
        "é",
        "漢字",
        "🙂",
        "\n",
        "\n\n",
        "  ",
        "    ",
        "\t",
        "\r\n",
        "\r",
        "\u00ad",
        "\u200b",
        "\u2028",
        "\0",
    ),
    *("# ", "## ", "===\n", "---\n", "+++\n", "- ", "1. ", "1. ", "2) ", "[x] ", "> ", ">", ": ", "|", "|-|-|\n", "\\"),
    *(
        "```",
        "~~~",
        "`",
        "*",
        "**",
        "_",
        "~~",
        "$",
        "[",
        "](u)",
        "[a]: u\n",
        "[^1]",
        "[^1]: ",
        "[[",
        "|x]]",
        "![",
        "\\|",
    ),
    *(
        "<br>",
        "<p>",
        "</p>",
        "<tr>",
        "<td>",
        "<h1>",
        "<pre>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<x>",
        '<x y=">">',
    ),
    *("title: a\n", "key: b\n", "{#i}", "[!TIP]", "&amp;", "<http://a.b>", "<"),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(SIGNS), max_size=40).map("".join))


def is_visible(character: str) -> bool:
    return not re.match(rf"[\s{INVISIBLE}]", character)


@given(texts)
def test_all_visible_text_is_read_once_or_left_out_once(text: str) -> None:
    try:
        extraction = extract(text)
    except DocumentError as error:
        assert "not text" in str(error)
        return
    text = extraction.text
    runs = [run for element in extraction.elements for run in element.reading.runs]
    read_spans = [(start, start + length) for _, start, length in runs]
    assert read_spans == sorted(read_spans)
    taken = sorted([*read_spans, *(dropped.span for dropped in extraction.dropped)])
    assert all(before[1] <= after[0] for before, after in pairwise(taken))
    gaps = [text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *taken, (len(text), 0)])]
    assert not any(map(is_visible, "".join(gaps)))


@given(texts)
def test_what_is_read_equals_the_original_that_it_maps_to(text: str) -> None:
    try:
        extraction = extract(text)
    except DocumentError:
        return
    for element in extraction.elements:
        assert element.reading.text.strip()
        for reading, start, length in element.reading.runs:
            read_part = element.reading.text[reading : reading + length]
            original = extraction.text[start : start + length]
            assert read_part == original or read_part == re.sub(r"\s", " ", original)
        assert all(0 <= start <= end <= len(element.reading.text) for start, end in element.cells)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "*" * 99_999 + "a",
        "*a **b " * 30_000,
        ">" * 50_000 + "a",
        "- " * 50_000 + "a",
        "".join("  " * depth + "- a\n" for depth in range(1_000)),
        "word " * 200_000,
        "[^a]: " * 20_000 + "b",
        "<!--" * 50_000,
        "<a '" * 50_000,
        "<script>" * 20_000 + "\n\nx",
        "|a" * 300 + "\n" + "|-" * 300 + "\n" + "|b\n" * 300,
        "---\na: " + "[" * 90_000 + "\n---\nx",
        "+++\na = " + "[" * 90_000 + "\n+++\nx",
        "---\n" + "a " * 40_000 + "\n---\nx",
        "# a" + "{#" * 50_000,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    assert extract(text).elements
    assert time.process_time() - start < 20  # each takes about a second; quadratic time would take minutes
