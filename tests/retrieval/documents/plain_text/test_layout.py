"""Every untidiness of the five seed documents, and the promise that nothing of a text is lost or altered."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents.elements import Element
from retrieval.documents.plain_text.layout import read_layout
from retrieval.spans import INVISIBLE
from tests.conftest import SEED_FILES

TEXTS = {path.name[:3]: path.read_bytes().decode("utf-8") for path in SEED_FILES}
LAYOUTS = {name: read_layout(text) for name, text in TEXTS.items()}


def reading_of(name: str) -> str:
    return "\n".join(element.reading.text for element in LAYOUTS[name][0] if element.kind != "heading")


def headings_of(elements: list[Element]) -> list[str]:
    return [element.reading.text for element in elements if element.kind == "heading"]


def dropped(name: str, rule: str) -> list[str]:
    text = TEXTS[name]
    return [" ".join(text[slice(*drop.span)].split()) for drop in LAYOUTS[name][1] if drop.rule == rule]


def texts_of(text: str) -> list[str]:
    return [element.reading.text for element in read_layout(text)[0]]


JOINED = [  # what stands apart in the file, and why: the reading text has it in one sentence
    ("a line's end", "Japan is embarking on a new phase in its relations with Latin America"),
    ("a blank line and a space", "enhanced engagement with the region, both from an economic"),
    ("a blank line", "differences on tariff provisions have slowed their conclusion."),
    ("a blank line in a list of names", "Nissan Mexicana S.A. de C.V. and Honda De Mexico, S.A. entered Mexico"),
    ("a page in the middle of a name", "Mexican Presidents Enrique Peña Nieto and Andrés Manuel López Obrador."),
    ("a page", "a focus on technologically-intensive sectors in LAC, technology transfer"),
    (
        "a pull quote, furniture and a caption",
        "a now year-long trade dispute with China to address perceived imbalances",
    ),
    ("a pull quote and a caption", "But they are also facing competition from China’s state-owned enterprises"),
    (
        "a pull quote and a caption after an abbreviation",
        "Mitsubishi Corporation, and Nippon Koei Co. Ltd. in the development",
    ),
    ("columns in the wrong order", "will engage with these three countries and other nations along the Pacific Rim"),
    ("columns in the wrong order and a page", "the country’s provider of overseas development assistance, initiated a"),
    ("columns in the wrong order under a heading", "Tokyo and Japanese companies are grappling with major shifts"),
    ("a hyphen at a line's end", "for Trans-Pacific Partnership (CPTPP, or TPP11)"),
    ("a hyphen at a line's end that stays", "protectionist policy-making"),
    ("a dash at a line's end", "multiple phases of engagement—from extensive Japanese migration"),
    ("a dash at a line's end later on", "involvement at a future date—something that the Trump administration"),
]


@pytest.mark.parametrize(("why", "words"), JOINED, ids=[why for why, _ in JOINED])
def test_sentences_are_whole_though_the_file_breaks_them(why, words):
    assert words in reading_of("003")


def test_pull_quotes_are_dropped_and_their_sentences_stay_once():
    assert [quote[:40] for quote in dropped("003", "pull quote")] == [
        "Japan sees considerable value in enhance",
        "Despite a long history of overseas engag",
        "Japanese automobile manufacturers are wo",
        "best to proceed in the North American re",
        "Even without the United States, the TPP1",
    ]
    assert reading_of("003").count("Despite a long history of overseas engagement") == 1


ONCE_DROPPED = {
    "000": ["Latin America and the Caribbean", "Japan-Pacific Alliance Ministerial Meeting2", "Back to Latin America"],
    "002": ["Posted in Uncategorized", "See the statement here", "Read the 2021-2025 Work Plan in English here."],
    "003": ["JAPAN-LAC REPORT | APRIL 2019", "Japanese Engagement with LAC 5", "2018.LE 1. JAPAN’S POLICY TOWARD LAC"],
    "004": ["[Copyright (c) Global Economic Times. All Rights Reserved.]"],
}


@pytest.mark.parametrize("name", ONCE_DROPPED)
def test_lines_that_only_look_like_furniture_stay(name):
    text = "\n".join([reading_of(name), *headings_of(LAYOUTS[name][0])])
    assert all(line in text for line in ONCE_DROPPED[name])


def test_text_that_stands_twice_in_a_row_stays_twice():
    assert reading_of("001").count("After decades of engagement with Latin America") == 2


def test_all_28_footnote_marks_are_dropped_and_other_numbers_stay():
    assert dropped("003", "footnote mark") == [str(number) for number in range(1, 29)]
    text = reading_of("003")
    for kept in (
        "the region’s exports. Also",
        "“a great thing for American workers.”",
        "the European Union (EU). Japan",
        "TPP11",
        "Line No. 3 for",
        "a 2.5 percent",
        "US$16/hour",
        "(see Figure 1)",
        "in 2017, on his third day",
    ):
        assert kept in text


def test_captions_are_paragraphs_of_their_own():
    captions = [element.reading.text for element in LAYOUTS["003"][0] if element.kind == "caption"]
    assert [caption for caption in captions if caption.startswith(("FIGURE", "TABLE"))] == [
        "FIGURE 1. JAPANESE TRADE WITH LAC, 1995-2018 (US$ BILLIONS) Source: “Trade Statistics of Japan,” Japan "
        "Ministry of Finance, 2018.",
        "FIGURE 2. JAPANESE AUTOMOBILE MANUFACTURERS IN MEXICO Source: Japan External Trade Organization, 2018.",
        "TABLE 1. JAPAN’S POLICY TOWARD LAC Source: Japan Ministry of Foreign Affairs, 2018.LE 1. JAPAN’S POLICY "
        "TOWARD LAC",
        "FIGURE 3. GRANTS AND DEVELOPMENT FINANCE TO COSTA RICA FROM CHINA, JAPAN, AND SOUTH KOREA, 2009-2017 (US$ "
        "MILLIONS) Source: Author elaboration using Costa Rica MIDEPLAN data, 2018.",
    ]


HEADINGS = {
    "000": [
        "Japan-Pacific Alliance Ministerial Meeting2",
        "(Note 1) Pacific Alliance",
        "(Note 2) Japan-Pacific Alliance Foreign Ministers' Meeting attendees (from the Pacific Alliance)",
        '(Note 3) Pacific Alliance "Strategic Vision 2030"',
    ],
    "001": ["Japan-Latin America Relations: Then & Now"],
    "003": [
        "Foreword",
        "Japan and LAC: A Strong Foundation",
        "Emerging Economic and Geostrategic Considerations",
        "Reframing the Relationship",
        "“Progressing Together”",
        "“Leading Together”",
        "“Inspiring Together”",
        "Crafting a “Model” Relationship",
    ],
    "004": [
        "Review of Strategic Partnership",
        "Economic Cooperation",
        "Multilateral Collaboration",
        "Development Initiatives",
        "Additional Context",
    ],
}


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_are_found(name):
    assert headings_of(LAYOUTS[name][0]) == HEADINGS[name]


def test_the_blog_has_ten_articles():
    headings = headings_of(LAYOUTS["002"][0])
    assert len(headings) == 10
    assert headings[1] == "The Pacific Alliance and Singapore adopt a Work Plan to strengthen economic ties"


def test_a_space_before_a_full_stop_is_dropped():
    assert "economic and social development. He pointed out" in reading_of("002")
    assert "exacerbated by the health crisis, require" in reading_of("002")


def test_no_break_spaces_and_double_spaces_are_one_space():
    assert "\u00a0" not in reading_of("000") + reading_of("002")
    assert "Peru, and the European External Action Service" in reading_of("002")


def test_bullets_are_dropped_and_list_numbers_stay():
    assert "\nThe free training offer that will be available" in reading_of("002")
    assert "\n1. Minister Kono stated that both Japan" in reading_of("000")


def test_a_label_stuck_to_its_sentence_is_a_heading():
    assert "\nA central focus of the discussions" in reading_of("004")


@pytest.mark.parametrize("name", TEXTS)
def test_every_visible_character_is_read_is_a_heading_or_is_dropped_for_a_reason(name):
    elements, left_out = LAYOUTS[name]
    assert_all_is_read(TEXTS[name], elements, [drop.span for drop in left_out])


def assert_all_is_read(text, elements, left_out):
    """Each visible character is in one element, or dropped by a rule, and elements map to what they say."""
    covered = [False] * len(text)
    for element in elements:
        for start, original, length in element.reading.runs:
            assert not any(covered[original : original + length]), "nothing is read twice"
            covered[original : original + length] = [True] * length
            ours, theirs = element.reading.text[start : start + length], text[original : original + length]
            assert all(a == b or (a == " " and b.isspace()) for a, b in zip(ours, theirs, strict=True))
    for first, last in left_out:
        covered[first:last] = [True] * (last - first)
    lost = [char for char, is_covered in zip(text, covered, strict=True) if not is_covered]
    assert "".join(char for char in lost if not re.fullmatch(rf"[\s{INVISIBLE}]", char)).strip("-‐") == ""


@given(st.text(st.sampled_from("aB.1- \n\r\f\t|#•\u00ad\u200b\u202e😀é[]”"), max_size=300))
def test_no_text_is_too_strange_to_be_read_whole(text):
    elements, left_out = read_layout(text)
    assert_all_is_read(text, elements, [drop.span for drop in left_out])


ORDERED = [
    "# Jam\n\n2 kilos of plums\n\n800 grams of sugar\n\nStir until it is\n thick and dark.\n",
    "1. Boil it for an hour.\n2. Boil it for an hour.\n3. Boil it for an hour.\n",
    "Desks\n\n36\n\nChairs\n\n40\n\nCopyright 2019 Jane Doe\n\nBack to work\n",
    "Ann:1 Ben:2 Cyd:3 Dee:4 Eve:5 were the goals.\n",
]


@pytest.mark.parametrize("text", ORDERED)
def test_without_evidence_every_character_stays_in_the_file_s_order(text):
    elements, left_out = read_layout(text)
    assert not left_out
    assert "".join("".join(element.reading.text.split()) for element in elements) == "".join(text.split())


READINGS = [(name, element.reading) for name, (elements, _) in LAYOUTS.items() for element in elements]


@given(st.sampled_from(READINGS), st.data())
def test_any_slice_leads_back_to_the_same_characters_of_the_original(named, data):
    name, reading = named
    start = data.draw(st.integers(0, len(reading.text) - 1))
    end = data.draw(st.integers(start + 1, len(reading.text)))
    spans = reading.spans(start, end, TEXTS[name])
    signs = [drop.span for drop in LAYOUTS[name][1]]
    said = "".join(
        char
        for first, last in spans
        for at, char in enumerate(TEXTS[name][first:last], first)
        if not any(a <= at < b for a, b in signs)
    )
    runs = reading.slice(start, end).runs
    mapped = "".join(reading.text[start:end][at : at + length] for at, _, length in runs)
    assert re.sub(r"[\s:-]", "", mapped) == re.sub(r"[\s:-]", "", said)


def test_a_hyphen_at_a_line_end_is_removed_only_where_the_text_has_the_whole_word():
    text = (
        "Trade is one\nthing and govern-\nment is another, as the gov-\nernment of this\nland has "
        "said, and the well-\nknown policy goes on\nas before. The government said so.\n"
    )
    assert "and government is another" in texts_of(text)[0]
    assert "the well-known policy" in texts_of(text)[0]


def test_numbers_that_form_no_sequence_are_not_footnote_marks():
    text = "The fleet has grown to 7. It had 3 ships in May.12\nThere were 40 men.90\n"
    assert texts_of(text)[0] == "The fleet has grown to 7. It had 3 ships in May.12"


def test_soft_hyphens_and_zero_width_marks_are_dropped():
    reading = read_layout("A hy\u00adphen\u200bated word.")[0][0].reading
    assert reading.text == "A hyphenated word."
    assert reading.spans(2, 12, "A hy\u00adphen\u200bated word.") == ((2, 14),)


@pytest.mark.parametrize(
    "text",
    ["Room B1\n\nRoom B2\n\nA long sentence stands here.", "Reducing CO2\n\nReducing CO3\n\nIt is done by planting."],
)
def test_numbers_that_belong_to_names_stay(text):
    assert not read_layout(text)[1]


def test_numbers_after_an_abbreviation_are_not_footnote_marks():
    text = "See No.1 for it. Then No.2 came. At last No.3 was built in Fig.4 and there."
    assert texts_of(text)[0] == text


@pytest.mark.parametrize(
    "text", ["# a" + " " * 20_000 + "b", "." + " " * 20_000 + "x", "a." * 10_000 + "1.", "[" * 20_000]
)
def test_hostile_texts_take_no_time(text):
    started = perf_counter()
    read_layout(text)
    assert perf_counter() - started < 2


def test_a_long_text_with_one_indented_line_takes_no_time():
    text = "A line of text that is cut by\nhand and goes on here, as it\ndoes, and stops.\n\n" * 2000
    started = perf_counter()
    read_layout(f"{text} One line is indented.\n{text}")
    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (
            "The office is open from nine to five on\nweekdays, and closed on Sundays.\n",
            ["The office is open from nine to five on", "weekdays, and closed on Sundays."],
        ),
        ("条約は東京で署名され、\n大阪で発効した。\n", ["条約は東京で署名され、", "大阪で発効した。"]),
    ],
)
def test_a_line_that_the_next_one_continues_is_not_a_heading(text, paragraphs):
    elements, _ = read_layout(text)
    assert headings_of(elements) == []
    assert [element.reading.text for element in elements] == paragraphs


def test_a_number_that_ends_a_sentence_at_a_line_start_is_not_a_list_number():
    wrapped = "The agreement of both parties was signed on the day of May\n16. The parties agreed on more things and\n"
    text = (
        wrapped
        + "then they went home to their own countries and\nthere they rested for a while, all of them and\ntheirs.\n"
    )
    assert "signed on the day of May 16. The parties agreed" in texts_of(text)[0]
    items = text + "\nThe aims are as follows:\n1. peace and\n2. trade\n3. ships\n"
    assert texts_of(items)[-3:] == ["1. peace and", "2. trade", "3. ships"]


@pytest.mark.parametrize(("broken", "whole"), [("de\u00ad\nnied", "denied"), ("well‐\nknown", "well‐known")])
def test_a_word_broken_by_another_kind_of_hyphen_is_rejoined(broken, whole):
    text = (
        f"This line is cut by hand and goes\non here, as it was all {broken} and then it went\n"
        "on and on for many a line\nas it does and as it did,\nuntil it ended.\n"
    )
    assert f"as it was all {whole} and then" in texts_of(text)[0]
