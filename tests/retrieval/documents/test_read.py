import hashlib

import pytest

from retrieval.documents.encodings import decode
from retrieval.documents.files import list_files
from retrieval.documents.read import read_document
from retrieval.documents.sources import read_sources
from retrieval.errors import DocumentError
from retrieval.schema import Section
from tests.conftest import SEED_FILES, SEEDS, write_corpus

SPANISH = "El Ministro visitó Bogotá y Lima el año pasado; la reunión fue «histórica» según él."
JAPANESE = "日本とラテンアメリカの関係は深まっている。貿易も増えている。"


def seed(number: int, stated: bool = False):
    path = SEED_FILES[number]
    return read_document(path.name, path.read_bytes(), read_sources(SEEDS).get(path.name) if stated else None).document


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "utf-8"),
        (SPANISH, "utf-8-sig"),
        (SPANISH, "utf-16"),
        (SPANISH, "utf-16-le"),
        (SPANISH, "utf-16-be"),
        (SPANISH, "utf-32"),
        (SPANISH, "cp1252"),
        ("Ação: a população não está satisfeita com a situação.", "latin-1"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250"),
        ("Япония расширяет отношения с Латинской Америкой в сфере торговли.", "cp1251"),
        ("", "utf-8"),
        ("Plain English text — with one dash.", "cp1252"),
        ("All of the ministers were there. " * 12 + "The minister’s report was adopted — with changes.", "cp1252"),
        ("All of the ministers were there. " * 20 + "“We agree,” he said.", "cp1252"),
        (JAPANESE, "iso2022_jp"),
        ("A slip\0 of a converter.", "utf-8"),
    ],
)
def test_a_file_is_read_whatever_its_encoding(text, encoding):
    assert decode(text.encode(encoding)).text == text


def test_line_breaks_and_a_byte_order_mark_change_no_offset():
    assert decode("\ufeffa\r\nb".encode()).text == "a\r\nb"


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 4, b"\xff\xfea"])
def test_bytes_that_are_not_text_are_refused(raw):
    with pytest.raises(DocumentError):
        decode(raw)


def test_folders_are_walked_and_only_visible_text_files_listed(tmp_path):
    write_corpus(
        tmp_path,
        {
            name: "x"
            for name in ("b.txt", "a/c.md", "a/D.TXT", "photo.jpg", ".hidden.txt", ".git/e.txt", "SOURCES.toml")
        },
    )
    assert [path.relative_to(tmp_path).as_posix() for path in list_files(tmp_path)] == ["a/D.TXT", "a/c.md", "b.txt"]


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(DocumentError, match=r"no folder .*nothing; name one .*--docs"):
        list_files(tmp_path / "nothing")


def test_titles_dates_and_sections_come_from_the_text():
    document = seed(0)
    assert (document.title, document.date) == ("Latin America and the Caribbean", "2018-09-26")
    assert [section.heading for section in document.sections] == [
        None,
        "Japan-Pacific Alliance Ministerial Meeting2",
        "(Note 1) Pacific Alliance",
        "(Note 2) Japan-Pacific Alliance Foreign Ministers' Meeting attendees (from the Pacific Alliance)",
        '(Note 3) Pacific Alliance "Strategic Vision 2030"',
    ]


def test_a_file_of_several_articles_has_each_with_its_own_heading_and_date():
    sections = seed(2).sections
    assert [section.date for section in sections] == [
        "2022-06-16",
        "2022-05-16",
        "2022-05-13",
        None,
        None,
        None,
        "2022-01-26",
        "2022-01-26",
        "2021-11-24",
        "2021-08-18",
    ]
    assert all(section.is_article for section in sections)
    assert sections[1] == Section(
        "The Pacific Alliance and Singapore adopt a Work Plan to strengthen economic ties", "2022-05-16", True
    )


def test_a_document_that_states_no_date_has_none():
    assert seed(1, stated=True).date is None
    assert seed(4, stated=True).date is None


def test_a_file_s_name_gives_the_date_of_a_document_that_states_none():
    names = ("minutes/2023-09-12_minutes.txt", "report 20230912.md", "policy_2021.txt", "minutes.txt", "v2-1999x.txt")
    dates = [read_document(name, b"We met again.").document.date for name in names]
    assert dates == ["2023-09-12", "2023-09-12", "2021", None, None]


def test_the_copyright_line_names_the_publisher():
    assert seed(4).publisher == "Global Economic Times"


def test_sources_toml_takes_precedence():
    document = seed(3, stated=True)
    assert document.publisher is not None and document.publisher.startswith("The Inter-American Dialogue")


def test_sources_toml_states_only_what_stands_in_the_documents():
    for name, stated in read_sources(SEEDS).items():
        text = " ".join((SEEDS / name).read_text(encoding="utf-8").split())
        for key in ("title", "publisher"):
            for part in stated.get(key, "").split(" and the "):
                assert part.removesuffix(" (JALAC)") in text


def test_a_document_without_a_heading_is_titled_by_its_first_words():
    document = read_document("a.txt", b"Some words stand here. " * 20).document
    assert document.title.startswith("Some words stand here.") and document.title.endswith(" …")
    assert len(document.title) <= 102


def test_a_markdown_heading_is_the_title_and_the_next_ones_are_sections():
    document = read_document("a.md", b"# Bridges\n\nAll of them.\n\n## Steel\n\nThree of steel.\n").document
    assert (document.title, [section.heading for section in document.sections]) == ("Bridges", [None, "Steel"])


def test_a_section_s_heading_is_its_path_and_gives_its_date():
    raw = b"# Changes\n\n## 2.0.0 (2023-11-20)\n\n### Fixed\n\nWrong totals.\n\n## 1.0.0\n\n## 0.9\n\nAll is new.\n"
    document = read_document("a.md", raw).document
    assert [(section.heading, section.date) for section in document.sections] == [
        ("2.0.0 (2023-11-20) > Fixed", "2023-11-20"),
        ("1.0.0", None),
        ("0.9", None),
    ]


@pytest.mark.parametrize("content", ["[a", '["a.txt"]\ncolour = "red"', '["a.txt"]\ndate = 2020-01-01', 'x = "y"'])
def test_a_wrong_sources_toml_is_an_error_that_names_the_file(tmp_path, content):
    (tmp_path / "SOURCES.toml").write_text(content)
    with pytest.raises(DocumentError, match=r"SOURCES\.toml"):
        read_sources(tmp_path)


def test_a_file_without_text_is_refused():
    with pytest.raises(DocumentError, match="no text"):
        read_document("a.txt", b"  \n\n ")


def test_the_seeds_are_the_files_they_were():
    assert [hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in SEED_FILES] == [
        "7095bb8d828d1caf",
        "409fc8f1d0e5fcc3",
        "7ba45bf37b31fd3e",
        "4d20a337801984fc",
        "a955ec5a71d03ffa",
    ]


@pytest.mark.parametrize(
    ("line", "publisher"),
    [("Copyright 2021 Cisco Systems, Inc.", "Cisco Systems"), ("© 2020 Canonical Ltd.", "Canonical Ltd")],
)
def test_a_publisher_s_name_is_whole(line, publisher):
    assert read_document("a.txt", f"Words.\n\n{line}\n".encode()).document.publisher == publisher
