"""Folders and files that are missing, unreadable or hostile."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest

from bot.commands import OUT_OF_DATE
from retrieval.documents.formats import EXAMPLES
from retrieval.index.build import build_index
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings
from tests.bot.bad_days.commands import (
    MEANT_TO_HARM,
    assert_one_clear_line,
    contents,
    finish,
    no_permissions_override,
    start,
)
from tests.bot.conftest import Quoth
from tests.conftest import FakeEncoder, no_report, write_corpus


def test_an_empty_folder_is_an_error(quoth: Quoth, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert_one_clear_line(quoth("index", "--docs", "empty"), f"no {EXAMPLES} files in empty", "--docs")
    assert not (tmp_path / "index").exists()


def test_a_folder_that_is_not_there_is_an_error(quoth: Quoth, tmp_path: Path):
    assert_one_clear_line(quoth("index", "--docs", "nowhere"), "no folder nowhere", "--docs")
    assert not (tmp_path / "index").exists()


def test_a_file_instead_of_a_folder_is_an_error(quoth: Quoth, docs: Path):
    assert_one_clear_line(quoth("index", "--docs", docs / "mill.txt"), "mill.txt is a file, not a folder", "--docs")


def test_a_folder_with_nothing_readable_in_it_is_an_error_with_the_reason_of_each_file(quoth: Quoth, tmp_path: Path):
    folder = tmp_path / "bad"
    (folder / "folder.txt").mkdir(parents=True)  # a folder is no file, whatever its name
    (folder / "binary.txt").write_bytes(random.Random(0).randbytes(2000))
    (folder / "dangling.txt").symlink_to("nowhere")
    ran = quoth("index", "--docs", folder)
    assert_one_clear_line(ran, "none of the 2 files", "binary.txt: ", "not text", "dangling.txt: No such file")


def test_an_index_that_was_there_stays_where_the_new_folder_has_nothing_readable(quoth: Quoth, index: Path):
    (index.parent / "bad").mkdir()
    (index.parent / "bad/binary.txt").write_bytes(random.Random(0).randbytes(2000))
    before = contents(index)
    assert_one_clear_line(quoth("index", "--docs", "bad"), "binary.txt")
    assert contents(index) == before


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (random.Random(1).randbytes(3000), "not text"),
        (b"\x7fELF" + bytes(500), "not text"),
        (b"", "no text in it"),
        (b" \n\t\n", "no text in it"),
        (b"\xff\xfeT\0h\0\0\xd8", "utf-16"),
    ],
)
def test_one_bad_file_among_good_ones_is_skipped_with_a_reason(quoth: Quoth, docs: Path, raw: bytes, reason: str):
    (docs / "bad.txt").write_bytes(raw)
    ran = quoth("index", "--docs", docs)
    (skipped,) = [line for line in ran.out.splitlines() if line.startswith("skipped")]
    assert skipped.startswith("skipped: bad.txt: ")
    assert reason in skipped
    assert (ran.status, ran.messages) == (0, [])
    assert "3 added, 0 changed, 0 removed, 1 skipped" in ran.out


def test_a_file_without_read_permission_is_skipped_with_the_reason(docs: Path, tmp_path: Path):
    (docs / "mill.txt").chmod(0)
    argv = ["index", "--docs", docs, "--index", tmp_path / "index"]
    ran = finish(start(argv, preexec_fn=no_permissions_override))
    assert "skipped: mill.txt: Permission denied" in ran.out
    assert (ran.status, ran.messages) == (0, [])


def test_a_file_that_was_skipped_and_is_corrected_is_noticed(quoth: Quoth, docs: Path, index: Path):
    (docs / "bad.txt").write_bytes(b"\xff\xfea")
    assert "skipped: bad.txt" in quoth("index").out
    assert quoth("search", "mill").messages == []
    (docs / "bad.txt").write_text("The bad file is good now.\n", encoding="utf-8")
    warning = OUT_OF_DATE.format(files="bad.txt", command="quoth index --index index")
    assert quoth("search", "mill").messages == [warning]
    assert "added: bad.txt" in quoth("index").out


def test_a_folder_without_read_permission_is_an_error(docs: Path, tmp_path: Path):
    (docs / "news").chmod(0)
    argv = ["index", "--docs", docs, "--index", tmp_path / "index"]
    ran = finish(start(argv, preexec_fn=no_permissions_override))
    (docs / "news").chmod(0o755)
    assert_one_clear_line(ran, "news", "Permission denied")


def test_a_pipe_named_like_a_document_is_skipped_and_not_waited_for(docs: Path, tmp_path: Path):
    os.mkfifo(docs / "pipe.txt")
    ran = finish(start(["index", "--docs", docs, "--index", tmp_path / "index"]), timeout_s=6)
    assert "skipped: pipe.txt: " in ran.out
    assert ran.status == 0


CAFE = (
    "Le café de la forêt\n\nLe café a été fondé en 1871 par Zoë Müller. Il coûte 3 € à l’entrée – « c’est bien » – "
    "et il reste ouvert toute l’année, même à Noël. Où est-il ? Près du château, derrière le théâtre.\n"
) * 3
HARBOUR = (
    "ルンド港\n\nルンド港は1871年にアストリッド女王によって開かれました。桟橋は14あります。古い水車小屋は燃えました。\n"
    * 5
)
PLAIN = "The harbour\n\nThe harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "mark"),
    [
        (CAFE, "utf-8", b"\xef\xbb\xbf"),
        (CAFE, "cp1252", b""),
        (CAFE, "utf-16-le", b"\xff\xfe"),
        (CAFE, "utf-16-be", b"\xfe\xff"),
        (PLAIN, "utf-16-le", b""),
        (PLAIN, "utf-16-be", b""),
        (CAFE.replace("’", "'").replace("€", "euros"), "utf-16-le", b""),
        (HARBOUR, "utf-16-le", b"\xff\xfe"),
        (HARBOUR, "shift_jis", b""),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_another_encoding_than_utf_8_is_read_right(
    tmp_path: Path, fake: FakeEncoder, text: str, encoding: str, mark: bytes
):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_bytes(mark + text.encode(encoding))
    build_index(tmp_path / "docs", tmp_path / "index", IndexSettings(), no_report, fake)
    assert open_store(tmp_path / "index").document_by_id("a.txt").text == text


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        ("rubbish", "SOURCES.toml"),
        ("\0\x01", "SOURCES.toml"),
        ("title = 5", "title"),
        ('["mill.txt"]\ntitle = 5', "mill.txt.title"),
        ('["mill.txt"]\nautor = "x"', "mill.txt.autor"),
        ('["mill.txt"]\ndate = 2020-01-01', "mill.txt.date"),
    ],
)
def test_a_malformed_sources_file_is_an_error_and_the_index_stays(
    quoth: Quoth, docs: Path, index: Path, sources: str, named: str
):
    before = contents(index)
    (docs / "SOURCES.toml").write_text(sources, encoding="utf-8")
    assert_one_clear_line(quoth("index"), "SOURCES.toml", named)
    assert contents(index) == before


def test_a_sources_file_in_another_encoding_is_an_error(quoth: Quoth, docs: Path, index: Path):
    (docs / "SOURCES.toml").write_bytes('["mill.txt"]\ntitle = "Café"\n'.encode("cp1252"))
    assert_one_clear_line(quoth("index"), "SOURCES.toml")


HOSTILE_NAMES = ["a\nb.txt", "\x1b[31mred.txt", "[bold]b.txt", "\u202etxt.exe.txt", "-rf.txt", "a\rb.txt"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_file_name_is_shown_on_one_line_with_nothing_a_terminal_obeys(
    quoth: Quoth, docs: Path, index: Path, name: str
):
    (docs / name).write_text("The pier of Rusk is long. It is made of oak.\n", encoding="utf-8")
    (docs / f"binary{name}").write_bytes(random.Random(0).randbytes(2000))
    runs = [quoth("index"), quoth("sources"), quoth("search", "pier of Rusk"), quoth("ask", "pier of Rusk?")]
    (docs / name).unlink()
    runs.append(quoth("verify"))
    runs.append(quoth("index"))
    for ran in runs:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", ran.out + ran.err), ran
    assert sum(line.startswith("added: ") for line in runs[0].out.splitlines()) == 1
    assert not any(line.startswith("b.txt") for ran in runs for line in ran.out.splitlines())
    if name.startswith("[bold]"):
        assert name in runs[0].out and name in runs[1].out  # as it is: no markup


def test_a_file_name_that_is_not_utf_8_breaks_nothing(quoth: Quoth, docs: Path):
    with open(os.fsencode(docs) + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"The pier of Rusk is long. It is made of oak.\n")
    ran = quoth("index", "--docs", docs)
    assert (ran.status, ran.messages) == (0, [])
    assert "added: mill.txt" in ran.out
    for argv in (["sources"], ["sources", "--json"], ["search", "pier of Rusk", "--json"], ["verify"]):
        ran = quoth(*argv)
        assert (ran.status, ran.messages) == (0, []), argv
        ran.out.encode("utf-8")


def test_hostile_text_reaches_neither_the_terminal_nor_the_markup(quoth: Quoth, docs: Path):
    write_corpus(docs, {"harm.txt": f"The {MEANT_TO_HARM}pier\n\nThe pier of {MEANT_TO_HARM}Rusk is long.\n"})
    write_corpus(
        docs, {"SOURCES.toml": '["mill.txt"]\ntitle = "\\u001b[31mMill[/bold]"\ndate = "\\u001b]0;x\\u0007"\n'}
    )
    for argv in (["index", "--docs", docs], ["sources"], ["search", "pier of Rusk"], ["ask", "pier of Rusk?"]):
        ran = quoth(*argv)
        assert ran.status in (0, 3)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", ran.out + ran.err), ran
    hit = json.loads(quoth("search", "pier of Rusk", "--json").out)["hits"][0]
    text = (docs / hit["document"]).read_text(encoding="utf-8")
    assert hit["document"] == "harm.txt"
    assert "Rusk is long." in "".join(text[start:end] for start, end in hit["spans"])


def test_a_folder_whose_name_is_not_utf_8_is_skipped_with_its_files(quoth: Quoth, docs: Path):
    (docs / os.fsdecode(b"bad\xff")).mkdir()
    (docs / os.fsdecode(b"bad\xff") / "ok.txt").write_text("A sentence stands here.")
    ran = quoth("index", "--docs", docs)
    assert ran.status == 0
    assert "not valid UTF-8; rename it" in ran.out
