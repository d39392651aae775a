"""RTF files: paragraphs and rows are read, escapes of every kind decoded, and broken files refused."""

from __future__ import annotations

import time

import pytest

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.office.rtf import read
from retrieval.errors import DocumentError

FONTS = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset204 Times;}{\f2\fnil\fcharset128 MS Mincho;}}"


def extraction(content: str, head: str = r"\rtf1\ansi\ansicpg1252\deff0") -> Extraction:
    return read(f"{{{head}{FONTS} {content}}}".encode("cp1252"), ReadOptions())


def texts(content: str) -> list[str]:
    return [element.reading.text for element in extraction(content).elements]


def test_paragraphs_are_read_without_the_formats_own_signs():
    found = extraction(r"{\b Opening} hours\par We open at{\i  nine}.\line Ask.\par\par\pard\tab Bye\{\}\par")
    assert [(element.kind, element.reading.text) for element in found.elements] == [
        ("paragraph", "Opening hours"),
        ("paragraph", "We open at nine."),
        ("paragraph", "Ask."),
        ("paragraph", "Bye{}"),
    ]
    assert found.places == ()


def test_escapes_are_decoded_by_code_page_font_and_unicode():
    assert texts(
        r"caf\'e9 \uc1\u8364?5 {\f1\'cf\'f0} {\f2\'93\'fa} \u-10179?\u-8704? a\~b\-c\_d \emdash  \lquote q\rquote"
    ) == ["café €5 Пр 日 😀 a bc‑d — ‘q’"]


def test_bytes_that_are_no_escapes_are_of_the_stated_code_page():
    raw = rb"{\rtf1\ansi\ansicpg1251 " + "Привет".encode("cp1251") + b"}"
    assert read(raw, ReadOptions()).text == "Привет"
    assert read(raw.replace(b"1251", b"9999"), ReadOptions()).text == "Ïðèâåò"


def test_rows_are_read_by_cell_and_the_first_names_the_columns():
    row = r"\trowd\cellx1000\cellx2000\intbl %s\cell %s\cell\row "
    found = extraction(
        r"Prices\par " + row % ("Part", "Price | net") + row % ("lid", "") + r"\pard After\par " + row % ("a", "b")
    )
    assert [(element.kind, element.reading.text) for element in found.elements] == [
        ("paragraph", "Prices"),
        ("header row", "Part | Price | net"),
        ("row", "lid | "),
        ("paragraph", "After"),
        ("row", "a | b"),
    ]
    assert len(found.elements[1].cells) == 2
    assert [element.table for element in found.elements] == [0, 1, 1, 0, 2]


def test_numbers_of_lists_links_and_titles():
    found = extraction(
        r"{\info{\title Caf\'e9 guide}{\author Ann Lee}}{\listtext 1.\tab}Wash.\par "
        r'See {\field{\*\fldinst{HYPERLINK "http://x.org"}}{\fldrslt{our site}}}.\par'
    )
    assert [element.reading.text for element in found.elements] == ["1. Wash.", "See our site."]
    assert (found.metadata.title, found.metadata.publisher) == ("Café guide", "Ann Lee")


def test_headers_and_pictures_are_left_out():
    picture = r"{\pict\pngblip " + "89504e470d0a" * 1000 + "}"
    binary = r"{\pict\bin7 {{{}\'9}"
    assert texts(rf"{{\header Acme}}One {picture}two {binary} three.\par") == ["One two three."]


def test_footnotes_stand_below_their_paragraph_or_table():
    note = r"{\super\chftn{\footnote\pard\plain \chftn Not on {\b Sundays}.\par Nor in M\'e4rz.}}"
    starred = r"{\*\footnote\ftnalt {\super\chftn} Net.}"
    row = r"\trowd\intbl %s\cell %s\cell\row "
    content = (
        rf"Open{note} daily, \{{at nine\}}.\par Ask.\par " + row % ("Part", "Price") + row % ("lid", f"3{starred}")
    )
    found = extraction(content + row % ("cup", "4") + r"\pard After.\par")
    assert [(element.kind, element.reading.text) for element in found.elements] == [
        ("paragraph", "Open daily, {at nine}."),
        ("paragraph", "Not on Sundays."),
        ("paragraph", "Nor in März."),
        ("paragraph", "Ask."),
        ("header row", "Part | Price"),
        ("row", "lid | 3"),
        ("row", "cup | 4"),
        ("paragraph", "Net."),
        ("paragraph", "After."),
    ]
    assert found.remarks == ()


def test_an_end_that_is_missing_is_told():
    cut = read(rb"{\rtf1 One.\par {\b Tw", ReadOptions())
    assert cut.text == "One.\n\nTw"
    assert cut.remarks == ("it is cut off: its end is missing",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"plain text", "it is damaged, or not what its name says"),
        (b"PK\x03\x04", "it is a packed file"),
        (b"<html>", "it is a web page"),
        (rb"{\rtf1 \uc a}", "it is damaged"),
        (rb"{\rtf1 \u9999999999 a}", "it is damaged"),
        (rb"{\rtf1{\fonttbl" + rb"\f1" * 10_000 + b"}}", "it is damaged"),
    ],
)
def test_what_is_no_rtf_or_is_broken_is_refused(raw, reason):
    with pytest.raises(DocumentError, match=f"^{reason}"):
        read(raw, ReadOptions())


def test_a_large_file_is_refused():
    with pytest.raises(DocumentError, match="larger than 1 MB; raise the limit with --max-file-mb"):
        read(rb"{\rtf1 " + bytes(1_000_000), ReadOptions(limits=Limits(file_mb=1)))


PIECES = [
    "{",
    "}",
    r"\f1",
    r"{\field{\*\fldinst{ ",
    r"{\footnote a",
    r"{\footnote a}",
    r"\bin0 ",
    r"\cell",
    r"\'e9",
    "\\",
    ";",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_any_sign_takes_seconds(piece):
    started = time.process_time()
    extraction(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 15
