"""EPUB books: chapters in reading order with their titles, and books that are broken, locked or hostile."""

from pathlib import Path

import pytest

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.epub import read
from retrieval.errors import DocumentError
from tests.retrieval.documents.made_epub import book, book_files, packed, page

LOCKED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/><CipherData><CipherReference URI="{}"/>
</CipherData></EncryptedData></encryption>"""
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def elements(extraction: Extraction) -> list[tuple[str, int, str]]:
    return [(element.kind, element.level, element.reading.text) for element in extraction.elements]


def begun(extraction: Extraction) -> list[tuple[str, str]]:
    """Each chapter's title and the line that it begins with."""
    assert {place.kind for place in extraction.places} <= {"chapter"}
    return [(place.label, extraction.text[place.start :].split("\n")[0]) for place in extraction.places]


def read_book(raw: bytes, **limits: int) -> Extraction:
    return read(raw, ReadOptions(limits=Limits(**limits)))


@pytest.mark.parametrize("is_ncx", [False, True])
def test_chapters_have_the_titles_of_the_table_of_contents(is_ncx: bool):
    chapters = {
        "cover.xhtml": '<img src="cover.jpg" alt="Cover"/>',
        "b.xhtml": "<h1>Leaving</h1><p>She left at dawn.</p><h2>The gate</h2><p>It was shut.</p>",
        "a.xhtml": "<p>The road was white.</p>",
        "a2.xhtml": "<p>It went on.</p>",
        "notes.xhtml": "<h1>Notes</h1><p>Salt was taxed.</p>",
    }
    contents = {"cover.xhtml": "Cover", "b.xhtml": "1. Leaving", "a.xhtml#top": "2. The road"}
    extraction = read_book(book(chapters, contents, is_ncx=is_ncx))
    assert elements(extraction) == [
        ("heading", 1, "Leaving"),
        ("paragraph", 0, "She left at dawn."),
        ("heading", 2, "The gate"),
        ("paragraph", 0, "It was shut."),
        ("heading", 1, "2. The road"),
        ("paragraph", 0, "The road was white."),
        ("paragraph", 0, "It went on."),
        ("heading", 1, "Notes"),
        ("paragraph", 0, "Salt was taxed."),
    ]
    assert begun(extraction) == [("1. Leaving", "Leaving"), ("2. The road", "2. The road"), ("Notes", "Notes")]


def test_a_book_states_its_title_authors_and_date():
    metadata = read_book(book({"a.xhtml": "<p>Text</p>"})).metadata
    assert (metadata.title, metadata.publisher, metadata.date) == ("The Salt Road", "Ida Brand, Jon Osei", "2011-05-02")


def test_without_a_table_of_contents_chapters_have_their_headings():
    extraction = read_book(book({"a.xhtml": "<h2>One</h2><p>x</p>", "b.xhtml": "<p>y</p><h3>Two</h3>"}))
    assert begun(extraction) == [("One", "One"), ("Two", "y")]


def test_several_chapters_may_stand_in_one_file():
    body = """<div id="c1"><p>The Well</p><p>It was deep.</p></div><p><a id="c2"></a></p><p>It was dry.</p>
    <section id="c3"><h2>The Rope</h2><p id="sub">It broke.</p></section>"""
    contents = {"a.xhtml#c1": "The Well", "a.xhtml#c2": "The Drought", "a.xhtml#c3": "The Rope", "a.xhtml#none": "Lost"}
    extraction = read_book(book({"a.xhtml": body}, contents))
    assert elements(extraction)[:4] == [
        ("heading", 1, "The Well"),
        ("paragraph", 0, "It was deep."),
        ("heading", 1, "The Drought"),
        ("paragraph", 0, "It was dry."),
    ]
    assert [label for label, _ in begun(extraction)][1:] == ["The Drought", "The Rope"]


def test_parts_of_a_chapter_are_no_chapters():
    files = book_files({"a.xhtml": '<h1>One</h1><p>x</p><h2 id="s">Part</h2><p>y</p>'}, {})
    links = '<li><a href="a.xhtml">One</a><ol><li><a href="a.xhtml#s">Part</a></li></ol></li>'
    files["OEBPS/nav.xhtml"] = page(f'<nav epub:type="toc"><ol>{links}</ol></nav>')
    assert begun(read_book(packed(files))) == [("One", "One")]


def test_notes_are_read_and_their_marks_are_not():
    body = """<p>He paid<a epub:type="noteref" href="#n1">1</a> twice.<span epub:type="pagebreak">12</span></p>
    <aside epub:type="footnote" id="n1" hidden="hidden"><p>In salt.</p></aside><nav><a href="b">Next</a></nav>"""
    assert elements(read_book(book({"a.xhtml": body}))) == [
        ("paragraph", 0, "He paid twice."),
        ("paragraph", 0, "In salt."),
    ]


def test_addresses_may_be_escaped_and_lead_up_folders():
    files = book_files({"te xt/a b.xhtml": "<p>here</p>"}, {"te%20xt/a%20b.xhtml#x%20y": "Spaced"})
    opf = str(files["OEBPS/book.opf"]).replace('href="te xt/a b.xhtml"', 'href="../OEBPS/./te%20xt/a%20b.xhtml"')
    assert begun(read_book(packed(files | {"OEBPS/book.opf": opf}))) == [("Spaced", "Spaced")]


def test_a_book_without_mimetype_and_container_is_read():
    files = book_files({"a.xhtml": "<p>Text</p>"})
    del files["mimetype"], files["META-INF/container.xml"]
    assert read_book(packed(files)).text == "Text"


def test_what_can_not_be_read_is_remarked_and_the_rest_is_read():
    files = book_files({"a.xhtml": "<p>kept", "b.xhtml": "", "c.xhtml": "", "../../../etc/passwd": ""})
    del files["OEBPS/b.xhtml"], files["OEBPS/../../../etc/passwd"]
    files["OEBPS/c.xhtml"] = bytes(range(256)) * 20
    extraction = read_book(packed(files))
    assert extraction.text == "kept"
    assert [remark.split(":")[0] for remark in extraction.remarks] == [
        "OEBPS/b.xhtml was not read",
        "OEBPS/c.xhtml was not read",
        "../../etc/passwd was not read",
    ]


def test_a_damaged_chapter_is_remarked():
    raw = packed(book_files({"a.xhtml": "<p>kept</p>", "b.xhtml": "<p>" + "lost " * 200 + "</p>"}))
    start = raw.index(b"OEBPS/b.xhtml") + len("OEBPS/b.xhtml")
    extraction = read_book(raw[:start] + b"\xff" * 8 + raw[start + 8 :])
    assert (extraction.text, extraction.remarks) == ("kept", ("OEBPS/b.xhtml was not read: it is damaged",))


def test_a_book_without_any_readable_chapter_is_refused():
    files = book_files({"a.xhtml": ""})
    del files["OEBPS/a.xhtml"]
    with pytest.raises(DocumentError, match="no chapter of the book can be read: OEBPS/a"):
        read_book(packed(files))


def test_encrypted_text_is_refused_and_encrypted_fonts_are_not():
    files = book_files({"a b.xhtml": "<p>Text</p>"})
    fonts = LOCKED.format("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")
    assert read_book(packed(files | {"META-INF/encryption.xml": fonts})).text == "Text"
    text = LOCKED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a%20b.xhtml")
    with pytest.raises(DocumentError, match=r"encrypted \(DRM\)"):
        read_book(packed(files | {"META-INF/encryption.xml": text}))


def test_limits_name_their_flags():
    many = {f"{number}.xhtml": "<p>x</p>" for number in range(11)}
    with pytest.raises(DocumentError, match="it has 11 chapters, and the limit is 10; raise it with --max-pages"):
        read_book(book(many), pages=10)
    bomb = book({"a.xhtml": "<p>" + "x" * 2_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(DocumentError, match="--max-unpacked-mb"):
        read_book(bomb, unpacked_mb=1)


def test_entities_of_a_chapter_are_not_expanded():
    files = book_files({"a.xhtml": ""})
    files["OEBPS/a.xhtml"] = page("<p>seen &i;</p>").replace("<html", f"{LAUGHS}]><html", 1)
    assert read_book(packed(files)).text == "seen &i;"


def test_a_package_file_with_nested_entities_is_refused():
    files = book_files({"a.xhtml": "<p>Text</p>"})
    opf = str(files["OEBPS/book.opf"]).replace("<package", f"{LAUGHS}]><package", 1)
    with pytest.raises(DocumentError, match="the book is damaged"):
        read_book(packed(files | {"OEBPS/book.opf": opf.replace("The Salt Road", "Salt &i;")}))


def test_external_entities_of_the_package_file_are_not_read(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    files = book_files({"a.xhtml": "<p>Text</p>"})
    doctype = f'<!DOCTYPE package [<!ENTITY x SYSTEM "file://{secret}">]>'
    opf = str(files["OEBPS/book.opf"]).replace("<package", f"{doctype}<package", 1)
    extraction = read_book(packed(files | {"OEBPS/book.opf": opf.replace("The Salt Road", "Salt &x;")}))
    assert "the secret" not in (extraction.metadata.title or "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("META-INF/container.xml", "<container/>"),
        ("META-INF/container.xml", "\0\1\2"),
        ("OEBPS/book.opf", ""),
        ("OEBPS/book.opf", "<package><spine/></package>"),
        ("META-INF/container.xml", '<container><rootfile full-path="http://[x/book.opf"/></container>'),
    ],
)
def test_a_damaged_book_is_refused(name: str, content: str):
    files = book_files({"a.xhtml": "<p>Text</p>"})
    with pytest.raises(DocumentError, match="the book is damaged"):
        read_book(packed(files | {name: content}))


def test_a_file_that_is_no_zip_is_refused():
    with pytest.raises(DocumentError):
        read_book(b"no zip")
