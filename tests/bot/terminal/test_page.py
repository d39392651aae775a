"""/page: the picture of a cited page as a file, and the viewer that opens it."""

import re
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import bot.terminal.viewer
from bot.page_picture import CHANGED
from bot.terminal.chat import ASK_FIRST
from bot.terminal.opening import NO_PAGES, NOT_AS_CITED, PICTURE
from bot.terminal.viewer import NO_VIEWER, open_file, write_picture
from retrieval.errors import QuothError
from tests.bot.made_report import CHANGED_REPORT, NAME, cited, write_report
from tests.bot.terminal.sessions import FakeLibrary, piped


class ReportLibrary(FakeLibrary):
    """Answers every question from page 2 of a PDF file."""

    def ask(self, question, history=(), top=5):
        answer = super().ask(question, history)
        hit = replace(answer.hits[0], document=self.report)
        text = replace(answer.answers[0], citations=(cited(self.report),))
        return replace(answer, answers=(text,), hits=(hit,))

    def sources(self):
        return [replace(super().sources()[0], document=NAME)]

    def document(self, doc_id):
        return self.report


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = ReportLibrary(folder=tmp_path / "docs")
    found.report = write_report(found.folder)
    return found


def test_the_page_is_written_as_a_picture_and_its_path_printed(library, tmp_path):
    status, out, talk = piped("How many?\n/page 1\n/page\n", library)
    path = tmp_path / "quoth-page-ferries-2.png"
    assert out.count(PICTURE.format(page=2, pages=2, path=path)) == 2
    assert path.read_bytes().startswith(b"\x89PNG")
    assert (status, talk) == (0, "")
    assert [file.name for file in tmp_path.glob("*.png")] == [path.name]


@pytest.mark.parametrize("command", ["/page --open", "/page 1 --open", "/page --open 1"])
def test_the_picture_is_opened_where_that_is_asked(library, monkeypatch, tmp_path, command):
    opened = []
    monkeypatch.setattr("bot.terminal.opening.open_file", opened.append)
    piped(f"How many?\n{command}\n", library)
    assert opened == [tmp_path / "quoth-page-ferries-2.png"]


def test_a_document_without_pages_says_so():
    assert piped("How long?\n/page 1\n")[2].endswith(NO_PAGES.format(document="talks.txt"))


def test_before_the_first_question_there_is_no_page():
    assert piped("/page\n")[2] == ASK_FIRST


def test_a_page_of_a_changed_file_is_not_shown(library, tmp_path):
    (tmp_path / "docs" / NAME).write_bytes(CHANGED_REPORT)
    status, _, talk = piped("How many?\n/page 1\n", library)
    assert status == 1
    assert " ".join(talk.split()) == f"{NAME}: {CHANGED}"


def test_a_page_of_a_document_that_is_gone_from_the_index_is_not_shown(library):
    library.sources = list
    assert " ".join(piped("How many?\n/page 1\n", library)[2].split()) == NOT_AS_CITED.format(document=NAME)


def test_a_picture_takes_the_place_of_a_link_and_leaves_what_that_points_to(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "quoth-page-b-3.png").symlink_to(other)
    path = write_picture(b"PNG", "a/b.pdf", 3)
    assert (path.read_bytes(), path.is_symlink(), other.read_text()) == (b"PNG", False, "mine")


def test_the_name_of_a_picture_is_plain(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert write_picture(b"PNG", "a/../x\x1b[2J y.pdf", 1).name == "quoth-page-x-2J-y-1.png"


def test_a_missing_viewer_is_named(monkeypatch):
    monkeypatch.setattr(bot.terminal.viewer.shutil, "which", lambda name: None)
    with pytest.raises(QuothError, match=re.escape(NO_VIEWER.split("{")[0])):
        open_file(Path("a.png"))


def test_the_viewer_is_not_waited_for(monkeypatch):
    running, done = threading.Event(), threading.Event()

    def run(args, **_):
        running.set()
        done.wait(10)

    monkeypatch.setattr(bot.terminal.viewer.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bot.terminal.viewer.subprocess, "run", run)
    open_file(Path("a.png"))
    assert running.wait(10) and not done.is_set()
    done.set()
