"""A cited page is drawn from the file that was indexed, and from no other."""

from dataclasses import replace

import pytest

from bot.page_picture import CHANGED, OUTSIDE, page_picture
from retrieval.errors import DocumentError
from tests.bot.made_report import CHANGED_REPORT, NAME, PAGE, cited, write_report


def test_the_page_of_the_quotation_is_drawn(tmp_path):
    document = write_report(tmp_path)
    picture = page_picture(tmp_path, document, cited(document))
    assert (picture.page, picture.pages) == (PAGE, 2)
    assert picture.png.startswith(b"\x89PNG")


def test_a_file_that_has_changed_is_not_shown(tmp_path):
    document = write_report(tmp_path)
    (tmp_path / NAME).write_bytes(CHANGED_REPORT)
    with pytest.raises(DocumentError, match=CHANGED):
        page_picture(tmp_path, document, cited(document))


def test_a_citation_of_words_that_stand_elsewhere_now_is_not_shown(tmp_path):
    document = write_report(tmp_path)
    moved = replace(cited(document), spans=((0, 5),))
    with pytest.raises(DocumentError, match=CHANGED):
        page_picture(tmp_path, document, moved)


def test_a_file_that_is_gone_is_not_shown(tmp_path):
    document = write_report(tmp_path)
    (tmp_path / NAME).unlink()
    with pytest.raises(DocumentError, match="No such file"):
        page_picture(tmp_path, document, cited(document))


def test_no_file_outside_the_folder_is_read(tmp_path):
    document = write_report(tmp_path)
    outside = replace(document, doc_id=f"sub/../../{tmp_path.name}/{NAME}")
    with pytest.raises(DocumentError, match=OUTSIDE):
        page_picture(tmp_path / "docs", replace(document, doc_id=f"../{NAME}"), cited(document))
    assert page_picture(tmp_path, outside, cited(document)).page == PAGE  # out and in again is inside
