"""Zips are unpacked within the limits, and what is no zip, or a hostile one, is refused in one plain sentence."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from retrieval.documents.elements import Limits
from retrieval.documents.packed import Package
from retrieval.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zip_of(**members: bytes) -> bytes:
    """A zip whose members are named as the keywords, with "__" for a slash."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def test_a_member_is_read_by_its_name():
    package = Package(zip_of(word__document=b"<w/>", empty=b""), Limits())
    assert package.names == ("word/document", "empty")
    assert "word/document" in package and "word" not in package
    assert package.read("word/document") == b"<w/>"


def test_backslashes_in_names_are_slashes_and_folders_are_no_members():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("word/", b"")
        made.writestr("word\\document.xml", b"text")
    package = Package(target.getvalue(), Limits())
    assert package.names == ("word/document.xml",)
    assert package.read("word/document.xml") == b"text"


def test_a_missing_member_is_named():
    with pytest.raises(DocumentError, match=r"^word/document.xml is missing in it; open it"):
        Package(zip_of(a=b"x"), Limits()).read("word/document.xml")


def test_the_sum_of_the_unpacked_members_is_limited():
    package = Package(zip_of(a=bytes(600_000), b=bytes(400_000), c=b"x"), Limits(unpacked_mb=1))
    assert len(package.read("a")) + len(package.read("b")) == 1_000_000
    with pytest.raises(DocumentError, match="larger than 1 MB when unpacked; raise the limit with --max-unpacked-mb"):
        package.read("c")


def test_the_packed_file_is_limited():
    with pytest.raises(DocumentError, match="larger than 1 MB; raise the limit with --max-file-mb"):
        Package(b"PK" + bytes(1_000_000), Limits(file_mb=1))


@pytest.mark.parametrize("stated", [10, 2**32 - 2])
def test_a_member_that_lies_about_its_size_costs_no_more_than_the_limit(stated):
    raw = zip_of(bomb=bytes(50_000_000))
    true_size = struct.pack("<I", 50_000_000)
    assert raw.count(true_size) == 2  # in the member's own header and in the directory
    package = Package(raw.replace(true_size, struct.pack("<I", stated)), Limits(unpacked_mb=1))
    started = time.process_time()
    with pytest.raises(DocumentError, match=r"damaged|--max-unpacked-mb"):
        package.read("bomb")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "..\\a"])
def test_a_path_that_leads_out_of_the_zip_is_refused(name):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(name, b"x")
    with pytest.raises(DocumentError, match="a path in it points outside the file"):
        Package(target.getvalue(), Limits())


def test_an_encrypted_member_is_refused():
    raw = bytearray(zip_of(a=b"x"))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DocumentError, match="protected by a password; save a copy without the password"):
        Package(bytes(raw), Limits())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"%PDF-1.7\n", r"it is a PDF file; rename it to end in \.pdf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", r"it is a web page; rename it to end in \.html"),
        (b"{\\rtf1 a}", r"it is an RTF file; rename it to end in \.rtf"),
        (b"just text", "it is damaged, or not what its name says"),
        (b"PK\x03\x04", "it is damaged"),
        (OLE + "WordDocument".encode("utf-16-le"), r"it is an old Word file \(\.doc\); save it as \.docx"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), r"it is an old PowerPoint file \(\.ppt\); save it as \.pptx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "it is protected by a password"),
        (OLE, "it is an old office file; save it in the newer format"),
    ],
)
def test_what_is_no_zip_is_refused_by_what_it_is(raw, reason):
    with pytest.raises(DocumentError, match=f"^{reason}"):
        Package(raw, Limits())


def test_a_way_of_packing_that_no_office_program_uses_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a", b"x")
    with pytest.raises(DocumentError, match="it is damaged, or not what its name says"):
        Package(target.getvalue(), Limits())


def test_a_truncated_zip_is_damaged():
    raw = zip_of(a=bytes(range(256)) * 100)
    with pytest.raises(DocumentError, match="it is damaged"):
        Package(raw[: len(raw) // 2], Limits())


def test_a_member_with_damaged_content_is_damaged():
    raw = bytearray(zip_of(a=b"some content that is not repeated"))
    raw[40] ^= 0xFF
    with pytest.raises(DocumentError, match="it is damaged"):
        Package(bytes(raw), Limits()).read("a")


def test_a_zip_of_too_many_members_is_refused_before_its_directory_is_read():
    with pytest.raises(DocumentError, match="it holds more than 65,535 packed files"):
        Package(b"PK" + b"PK\x01\x02" * 65_536, Limits())


def test_a_repacked_zip_has_all_members_and_the_content_of_those_kept():
    package = Package(zip_of(text__xml=b"<a/>", picture=bytes(2_000_000)), Limits(unpacked_mb=1))
    with zipfile.ZipFile(package.repacked(lambda name: name.endswith("xml"))) as copy:
        assert {name: copy.read(name) for name in copy.namelist()} == {"text/xml": b"<a/>", "picture": b""}
