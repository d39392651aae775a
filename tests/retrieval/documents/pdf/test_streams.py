"""Packed streams are counted as they unpack, whatever the file says of their size."""

from __future__ import annotations

import zlib

import pytest

from retrieval.documents.elements import ReadOptions
from retrieval.documents.pdf import read
from retrieval.documents.pdf.streams import check_unpacked
from retrieval.errors import DocumentError


def file_of(packed: bytes, kind: bytes = b"") -> bytes:
    """A file of one packed stream, which says that it is ten bytes long."""
    return b"%%PDF-1.4\n1 0 obj\n<< /Length 10 %b /Filter /FlateDecode >>\nstream\n%b\nendstream\n" % (kind, packed)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused():
    raw = file_of(zlib.compress(bytes(300_000_000)))
    assert len(raw) < 1_000_000
    with pytest.raises(DocumentError) as caught:
        read(raw, ReadOptions())
    assert str(caught.value) == "it unpacks to more than 256 MB; raise the limit with `--max-unpacked-mb` to read it"


def test_several_streams_count_together():
    stream = file_of(zlib.compress(bytes(600_000)))
    check_unpacked(stream, 1)
    with pytest.raises(DocumentError, match="it unpacks to more than 1 MB"):
        check_unpacked(stream + stream, 1)


def test_pictures_are_not_counted():
    check_unpacked(file_of(zlib.compress(bytes(2_000_000)), b"/Subtype /Image"), 1)


def test_a_broken_stream_counts_as_far_as_it_goes():
    packed = zlib.compress(bytes(2_000_000))
    check_unpacked(file_of(packed[:100]), 1)
    check_unpacked(file_of(b"no stream at all"), 1)
