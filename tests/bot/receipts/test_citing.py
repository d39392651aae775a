"""Citations to paste elsewhere, as wholes."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.language.language import Language
from bot.receipts.citing import cite
from bot.receipts.receipt import Cited
from retrieval.schema import Citation, Place
from tests.bot.receipts.made import receipt

PLAIN = Cited(
    Citation(
        number=1,
        document="notes/plan_2.md",
        title="Plans & Costs",
        date="2022-05-16",
        section="Piers",
        spans=((10, 45),),
        lines=(3, 4),
        quote="It costs 5% of $3 [see *note* #1].",
    ),
    "ab" * 32,
)
PAGE = Cited(
    replace(PLAIN.citation, number=2, document="plan.pdf", date="2022", section=None, place=Place(0, "page", "7")),
    "cd" * 32,
)


def test_plain_text_gives_the_quotation_and_where_it_stands():
    assert cite(receipt(PLAIN, PAGE), "text") == (
        "“It costs 5% of $3 [see *note* #1].” (Plans & Costs, 16 May 2022, Piers, notes/plan_2.md, lines 3–4; "
        "Quoth 7F3K9Q2M)\n"
        "\n"
        "“It costs 5% of $3 [see *note* #1].” (Plans & Costs, 2022, plan.pdf, page 7; Quoth 7F3K9Q2M)"
    )


def test_markdown_is_a_quotation_that_reads_as_the_document():
    assert cite(receipt(PLAIN), "markdown") == (
        "> It costs 5% of \\$3 \\[see \\*note\\* #1\\].\n"
        ">\n"
        "> — Plans \\& Costs, 16 May 2022, Piers, notes/plan\\_2.md, lines 3–4 (Quoth `7F3K9Q2M`)"
    )


def test_markdown_takes_no_quotation_for_a_heading_or_a_list():
    for quote in ("# One", "- one", "1. one", "12) one", "+ one", "= one"):
        cited = replace(PLAIN, citation=replace(PLAIN.citation, quote=quote))
        first = cite(receipt(cited), "markdown").splitlines()[0]
        assert first.replace("\\", "") == f"> {quote}"
        assert "\\" in first


def test_bibtex_is_one_entry_for_each_citation_with_its_signs_escaped():
    assert cite(receipt(PLAIN, PAGE), "bibtex") == (
        "@misc{quoth-7F3K9Q2M-1,\n"
        "  title = {{Plans \\& Costs}},\n"
        "  year = {2022},\n"
        "  month = {5},\n"
        "  day = {16},\n"
        "  howpublished = {notes/plan\\_2.md, lines 3–4},\n"
        "  note = {``It costs 5\\% of \\$3 [see *note* \\#1].'' SHA-256 of the file: " + "ab" * 32 + "}\n"
        "}\n"
        "\n"
        "@misc{quoth-7F3K9Q2M-2,\n"
        "  title = {{Plans \\& Costs}},\n"
        "  year = {2022},\n"
        "  howpublished = {plan.pdf, page 7},\n"
        "  note = {``It costs 5\\% of \\$3 [see *note* \\#1].'' SHA-256 of the file: " + "cd" * 32 + "}\n"
        "}"
    )


def test_no_title_ends_a_bibtex_entry_early():
    hostile = replace(PLAIN, citation=replace(PLAIN.citation, title="a}}\n\\input{x} ^~"))
    entry = cite(receipt(hostile), "bibtex")
    assert (
        "  title = {{a\\textbraceright{}\\textbraceright{} \\textbackslash{}input\\textbraceleft{}x\\textbraceright{} "
        "\\textasciicircum{}\\textasciitilde{}}},\n"
    ) in entry
    assert entry.count("{") == entry.count("}")


def test_json_has_the_hash_the_offsets_the_lines_and_the_page():
    cited = json.loads(cite(receipt(PAGE), "json"))
    assert cited == {
        "receipt": "7F3K9Q2M",
        "citations": [
            {
                "number": 2,
                "document": "plan.pdf",
                "sha256": "cd" * 32,
                "title": "Plans & Costs",
                "date": "2022",
                "section": None,
                "page": 7,
                "place": {"kind": "page", "label": "7"},
                "spans": [[10, 45]],
                "lines": [3, 4],
                "quote": "It costs 5% of $3 [see *note* #1].",
            }
        ],
    }


def test_the_question_is_in_no_format():
    for format_ in ("text", "markdown", "bibtex", "json"):
        assert "When was it?" not in cite(receipt(PLAIN), format_)


def test_a_citation_is_in_the_language_of_the_reader():
    assert "Plans & Costs, 16 de mayo de 2022, Piers, notes/plan_2.md, líneas 3–4" in cite(
        receipt(PLAIN), "text", Language("es")
    )


def test_a_hostile_title_stays_on_one_line():
    hostile = replace(PLAIN, citation=replace(PLAIN.citation, title="a\x1b[31m\nb"))
    assert cite(receipt(hostile), "text").count("\n") == 0
    assert "\x1b" not in cite(receipt(hostile), "markdown")
