"""Bad input and bad days: each ends in one clear line or a clean answer, and never costs an index that was there."""

from __future__ import annotations

import ctypes
import errno
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import retrieval.build
import retrieval.retriever
import retrieval.writer
from bot.cli import main
from retrieval.build import build_index
from retrieval.encoder import Progress, Vectors
from retrieval.errors import IndexProblem, ModelError
from retrieval.prepare import check_weights
from retrieval.retriever import open_retriever
from retrieval.settings import IndexSettings
from retrieval.sparse import SparseIndex
from retrieval.store import open_store
from retrieval.writer import building
from tests.conftest import FakeEncoder, no_report, write_corpus

ROOT = Path(__file__).parent.parent
MEANT_TO_HARM = "\x1b[31m[bold]\x07\u202e"


@dataclass(frozen=True)
class Ran:
    """What a command left behind; `told` is standard error without the lines that tell how far a build is."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        return [line for line in self.err.splitlines() if not line.endswith(" …")]


Quoth = Callable[..., Ran]


@pytest.fixture
def quoth(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fake: FakeEncoder
) -> Quoth:
    """Runs a command in this process with the fake encoder; the index is `index` in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTH_INDEX", "index")
    for module in (retrieval.build, retrieval.retriever):
        monkeypatch.setattr(module, "prepare_encoder", lambda *_: fake.folder)
        monkeypatch.setattr(module, "load_encoder", lambda _: fake)

    def run(*argv: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        status = main([str(argument) for argument in argv])
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def index(quoth: Quoth, docs: Path, tmp_path: Path) -> Path:
    """The index of the small corpus."""
    assert quoth("index", "--docs", docs).status == 0
    return tmp_path / "index"


FRESH = """
import ctypes, os, resource, signal, sys, time
from pathlib import Path
import retrieval.build, retrieval.retriever
from bot.cli import main
from retrieval.sparse import SparseIndex
from tests.conftest import FakeEncoder
signal.signal(signal.SIGINT, signal.default_int_handler)
Encoder = FakeEncoder
{before}
for module in (retrieval.build, retrieval.retriever):
    module.prepare_encoder = lambda *_: Path("/nowhere")
    module.load_encoder = lambda _: Encoder()
sys.exit(main(sys.argv[1:]))
"""


def start(argv: Sequence[object], before: str = "", **options: Any) -> subprocess.Popen[str]:
    """`quoth` with the fake encoder in a process of its own; `before` runs before it does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.Popen(
        [sys.executable, "-c", FRESH.format(before=before), *map(str, argv)],
        text=True,
        env=environment | {"PYTHONPATH": str(ROOT)},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options,
    )


def finish(process: subprocess.Popen[str], timeout_s: float = 30) -> Ran:
    try:
        out, err = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail(f"still running after {timeout_s} s")
    return Ran(process.returncode, out or "", err or "")


def assert_one_clear_line(ran: Ran, *words: str) -> None:
    """Exit status 1, one line on standard error with all of the words in it, and nothing on standard output."""
    assert (ran.status, ran.out) == (1, ""), ran
    assert len(ran.told) == 1, ran.err
    for word in words:
        assert word in ran.told[0]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder but the lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def generation(index: Path) -> Path:
    """The folder of the one generation there is."""
    (only,) = index.glob("generation-*")
    return only


def no_permissions_override() -> None:
    """Makes permission bits count for the superuser too, in a process that is about to begin."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


# Folders and files


def test_an_empty_folder_is_told(quoth: Quoth, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert_one_clear_line(quoth("index", "--docs", "empty"), "no .txt or .md files in empty", "--docs")
    assert not (tmp_path / "index").exists()


def test_a_folder_that_is_not_there_is_told(quoth: Quoth, tmp_path: Path):
    assert_one_clear_line(quoth("index", "--docs", "nowhere"), "no folder nowhere", "--docs")
    assert not (tmp_path / "index").exists()


def test_a_file_instead_of_a_folder_is_told(quoth: Quoth, docs: Path):
    assert_one_clear_line(quoth("index", "--docs", docs / "mill.txt"), "mill.txt is a file, not a folder", "--docs")


def test_a_folder_with_nothing_readable_in_it_is_told_with_the_reason_of_each_file(quoth: Quoth, tmp_path: Path):
    folder = tmp_path / "bad"
    (folder / "folder.txt").mkdir(parents=True)  # a folder is no file, whatever its name
    (folder / "binary.txt").write_bytes(random.Random(0).randbytes(2000))
    (folder / "dangling.txt").symlink_to("nowhere")
    ran = quoth("index", "--docs", folder)
    assert_one_clear_line(ran, "none of the 2 files", "binary.txt: not text", "dangling.txt: No such file")


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
    assert (ran.status, ran.told) == (0, [])
    assert "3 added, 0 changed, 0 removed, 1 skipped" in ran.out


def test_a_file_without_read_permission_is_skipped_with_the_reason(docs: Path, tmp_path: Path):
    (docs / "mill.txt").chmod(0)
    argv = ["index", "--docs", docs, "--index", tmp_path / "index"]
    ran = finish(start(argv, preexec_fn=no_permissions_override))
    assert "skipped: mill.txt: Permission denied" in ran.out
    assert (ran.status, ran.told) == (0, [])


def test_a_folder_without_read_permission_is_told(docs: Path, tmp_path: Path):
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
def test_a_malformed_sources_file_is_told_and_the_index_stays(
    quoth: Quoth, docs: Path, index: Path, sources: str, named: str
):
    before = contents(index)
    (docs / "SOURCES.toml").write_text(sources, encoding="utf-8")
    assert_one_clear_line(quoth("index"), "SOURCES.toml", named)
    assert contents(index) == before


def test_a_sources_file_in_another_encoding_is_told(quoth: Quoth, docs: Path, index: Path):
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


def test_a_file_name_that_is_no_utf_8_breaks_nothing(quoth: Quoth, docs: Path):
    with open(os.fsencode(docs) + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"The pier of Rusk is long. It is made of oak.\n")
    ran = quoth("index", "--docs", docs)
    assert (ran.status, ran.told) == (0, [])
    assert "added: mill.txt" in ran.out
    for argv in (["sources"], ["sources", "--json"], ["search", "pier of Rusk", "--json"], ["verify"]):
        ran = quoth(*argv)
        assert (ran.status, ran.told) == (0, []), argv
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


# Damaged, half-written, other and old indexes


def flip(path: Path, start: int, end: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[start:end] = bytes(byte ^ 0xFF for byte in raw[start:end])
    path.write_bytes(raw)


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_manifest(**changes: Any) -> Callable[[Path], None]:
    def change(index: Path) -> None:
        path = index / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")

    return change


DAMAGE: dict[str, Callable[[Path], object]] = {
    "manifest empty": lambda index: (index / "manifest.json").write_text(""),
    "manifest rubbish": lambda index: (index / "manifest.json").write_bytes(b"\xff\0rubbish"),
    "manifest cut": lambda index: halve(index / "manifest.json"),
    "manifest a list": lambda index: (index / "manifest.json").write_text("[1, 2]"),
    "manifest null": lambda index: (index / "manifest.json").write_text("null"),
    "manifest without fields": lambda index: (index / "manifest.json").write_text('{"format": 1}'),
    "manifest a folder": lambda index: ((index / "manifest.json").unlink(), (index / "manifest.json").mkdir()),
    "manifest with files a number": with_manifest(files=5),
    "manifest with generation a number": with_manifest(generation=5),
    "manifest with a size a text": with_manifest(files={"vectors.npy": "big"}),
    "generation gone": lambda index: shutil.rmtree(generation(index)),
    "passages gone": lambda index: (generation(index) / "passages.sqlite").unlink(),
    "passages cut": lambda index: halve(generation(index) / "passages.sqlite"),
    "passages flipped": lambda index: flip(generation(index) / "passages.sqlite", 0, 10**6),
    "passages flipped below the head": lambda index: flip(generation(index) / "passages.sqlite", 4096, 10**6),
    "vectors gone": lambda index: (generation(index) / "vectors.npy").unlink(),
    "vectors cut": lambda index: halve(generation(index) / "vectors.npy"),
    "vectors with a flipped head": lambda index: flip(generation(index) / "vectors.npy", 0, 64),
    "sparse gone": lambda index: shutil.rmtree(generation(index) / "sparse"),
    "a sparse file gone": lambda index: (generation(index) / "sparse/data.csc.index.npy").unlink(),
    "sparse words flipped": lambda index: flip(generation(index) / "sparse/vocab.index.json", 0, 10**6),
    "sparse settings flipped": lambda index: flip(generation(index) / "sparse/params.index.json", 0, 10**6),
    "sparse scores flipped": lambda index: flip(generation(index) / "sparse/data.csc.index.npy", 0, 64),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_told_and_built_again(quoth: Quoth, docs: Path, index: Path, damage: str):
    before = quoth("search", "harbour of Lund", "--json").out
    DAMAGE[damage](index)
    for argv in (["search", "harbour of Lund"], ["ask", "harbour of Lund?"]):
        assert_one_clear_line(quoth(*argv), "index", "quoth index")
    if damage != "manifest a folder":  # that one nobody can replace but by hand
        assert quoth("index", "--docs", docs).status == 0
        assert quoth("search", "harbour of Lund", "--json").out == before
        generation(index)


SILENT_DAMAGE = {"vectors.npy": 128, "sparse/indptr.csc.index.npy": 128, "sparse/indices.csc.index.npy": 128}


@pytest.mark.parametrize("name", SILENT_DAMAGE)
def test_damage_that_loading_cannot_see_is_found_by_verify(quoth: Quoth, index: Path, name: str):
    flip(generation(index) / name, SILENT_DAMAGE[name], 10**6)
    ran = quoth("verify")
    assert ran.status == 1
    assert "quoth index" in ran.out + ran.err
    assert len(ran.told) <= 1


def test_any_byte_of_an_index_may_be_wrong_without_a_traceback(quoth: Quoth, index: Path):
    chance, problems = random.Random(0), {}
    files = [path for path in sorted(index.rglob("*")) if path.is_file() and path.name != ".lock"]
    for _ in range(200):
        path = chance.choice(files)
        raw = path.read_bytes()
        start = chance.randrange(len(raw))
        flip(path, start, start + chance.choice([1, 8, 64]))
        try:
            ran = quoth("search", "harbour of Lund", "--json")
        except Exception as error:
            problems[f"{path.name} at {start}"] = repr(error)
        else:
            if ran.status and (len(ran.told) != 1 or "quoth index" not in ran.told[0]):
                problems[f"{path.name} at {start}"] = ran.err
            elif re.search(r"NaN|Infinity", ran.out):
                problems[f"{path.name} at {start}"] = "no JSON"
        path.write_bytes(raw)
    assert problems == {}


def test_an_altered_text_in_an_index_is_found_by_verify(quoth: Quoth, index: Path):
    path = generation(index) / "passages.sqlite"
    raw = path.read_bytes()
    assert b"by Queen Astrid" in raw
    path.write_bytes(raw.replace(b"by Queen Astrid", b"by Queen Margit"))
    ran = quoth("verify")
    assert ran.status == 1
    assert ran.out.splitlines()[:2] == [
        "passages.sqlite: this file of the index is not as it was written",
        "harbour.txt: the stored text is not the file's",
    ]


def test_the_advice_for_a_damaged_manifest_does_not_index_other_documents(quoth: Quoth, index: Path):
    (index / "manifest.json").write_text("rubbish", encoding="utf-8")
    write_corpus(index.parent / "seeds", {"other.txt": "Another folder altogether.\n"})
    ran = quoth("index")  # as the message says; where the documents are is no longer known
    if ran.status:
        assert_one_clear_line(ran, "--docs")
    else:
        assert "added: harbour.txt" in ran.out


def test_an_index_of_another_version_is_told_as_such(quoth: Quoth, index: Path):
    with_manifest(format=99)(index)
    assert_one_clear_line(quoth("search", "harbour"), "of another version", "quoth index")
    with_manifest(format=99, added_later=True)(index)  # another version has other fields as well
    assert_one_clear_line(quoth("search", "harbour"), "of another version", "quoth index")


def test_an_index_of_another_encoder_is_told(quoth: Quoth, index: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retrieval.retriever, "load_encoder", lambda _: FakeEncoder("other"))
    assert_one_clear_line(quoth("search", "harbour"), "another encoder", "quoth index")


@pytest.mark.parametrize("happened", ["changed", "removed", "added"])
def test_an_index_that_is_out_of_date_still_answers_and_says_so(quoth: Quoth, docs: Path, index: Path, happened: str):
    if happened == "removed":
        (docs / "mill.txt").unlink()
    else:
        write_corpus(docs, {"mill.txt" if happened == "changed" else "new.txt": "The old mill stands again.\n"})
    before = contents(index)
    ran = quoth("search", "harbour of Lund", "--json")
    assert (ran.status, json.loads(ran.out)["hits"][0]["document"]) == (0, "harbour.txt")
    assert contents(index) == before
    assert len(ran.told) == 1
    assert "quoth index" in ran.told[0]


def test_an_index_whose_documents_are_gone_still_answers(quoth: Quoth, docs: Path, index: Path):
    shutil.rmtree(docs)
    assert quoth("search", "harbour of Lund").status == 0
    ran = quoth("verify")
    assert (ran.status, ran.out.splitlines()[0]) == (1, f"{docs}: the folder of documents is gone")
    assert_one_clear_line(quoth("index"), "no folder", "--docs")
    assert quoth("search", "harbour of Lund").status == 0


def test_what_a_killed_build_left_is_swept_by_the_next(quoth: Quoth, docs: Path, index: Path):
    before = quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    killing = "SparseIndex.save = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    assert finish(start(["index", "--docs", docs, "--index", index], killing)).status == -signal.SIGKILL
    assert len(list(index.glob("generation-*"))) == 2  # or it was not killed while it wrote
    assert quoth("search", "harbour of Lund", "--json").out == before
    assert quoth("index").status == 0
    assert "new.txt" in quoth("sources").out
    generation(index)


def test_a_first_build_that_was_killed_leaves_no_index_and_the_next_one_builds_it(quoth: Quoth, docs: Path):
    killing = "SparseIndex.save = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    assert finish(start(["index", "--docs", docs, "--index", "index"], killing)).status == -signal.SIGKILL
    assert not Path("index/manifest.json").exists()
    assert quoth("index", "--docs", docs).status == 0
    generation(Path("index"))


# Models


def test_weights_with_another_hash_are_refused(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelError, match=r"model\.safetensors has sha256 \w{12}…, not 53aa51172d14….*refused.*--model"):
        check_weights(tmp_path / "model.safetensors", "53aa51172d142c89" + "0" * 48)


@pytest.fixture
def prepared_copy(seeds_index: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the seeds' index, and of the prepared encoder that it names."""
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    folder = tmp_path / "model"
    shutil.copytree(json.loads((index / "manifest.json").read_text(encoding="utf-8"))["encoder_folder"], folder)
    with_manifest(encoder_folder=str(folder))(index)
    return index, folder


@pytest.mark.model
@pytest.mark.parametrize("name", ["model.int8.onnx", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("happened", ["altered", "cut", "gone"])
def test_a_prepared_encoder_that_was_altered_is_refused(
    prepared_copy: tuple[Path, Path], capsys: pytest.CaptureFixture[str], name: str, happened: str
):
    index, folder = prepared_copy
    path = folder / name
    if happened == "altered":
        raw = path.read_bytes()
        path.write_bytes(raw.replace(b'"japan"', b'"napaj"') if name == "tokenizer.json" else raw[:-9] + b"\0" * 9)
        assert path.read_bytes() != raw
    elif happened == "cut":
        halve(path)
    else:
        path.unlink()
    status = main(["search", "Japan", "--index", str(index)])
    assert_one_clear_line(Ran(status, *capsys.readouterr()), str(folder), "quoth index")


# Questions


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "   ", "\n", "?!… —", "\0", "\x1b\x07", "\ud800", "\u200b"])
def test_a_question_without_a_word_is_told(quoth: Quoth, index: Path, command: str, question: str):
    assert_one_clear_line(quoth(command, question), "question", "type")


def test_an_emoji_is_said_and_not_searched(quoth: Quoth, index: Path):
    ran = quoth("ask", "😀")
    assert (ran.status, ran.told) == (0, [])
    assert "Ask me something" in ran.out
    assert_one_clear_line(quoth("search", "😀"), "question", "type")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["harbour " * 12_500, "x" * 100_000, "港" * 100_000])
def test_a_question_of_100_000_characters_is_told_at_once(quoth: Quoth, index: Path, command: str, question: str):
    started = time.monotonic()
    assert_one_clear_line(quoth(command, question), "characters", "10,000")
    assert time.monotonic() - started < 2


def test_a_question_as_long_as_is_allowed_is_searched(quoth: Quoth, index: Path):
    ran = quoth("search", ("harbour " * 1250).strip(), "--json")
    assert (ran.status, json.loads(ran.out)["hits"][0]["document"]) == (0, "harbour.txt")


@pytest.mark.parametrize("between", ["\0", "\x1b[31m", "\x07", "\ud800", "\r", "\u202e", "[bold]", "\u2028", "\x85"])
def test_control_characters_in_a_question_neither_harm_nor_show(quoth: Quoth, index: Path, between: str):
    question = f"harbour {between} of Lund"
    ran = quoth("search", question, "--json")
    line = ran.out.removesuffix("\n")
    line.encode("utf-8")
    assert "\n" not in line
    assert (ran.status, json.loads(line)["query"]) == (0, question)
    assert json.loads(line)["hits"][0]["document"] == "harbour.txt"
    for argv in (["ask", question], ["ask", question, "--json"], ["ask", "-"]):
        ran = quoth(*argv, stdin=f"{question}\nhello\n".encode(errors="replace"))
        assert (ran.status in (0, 3), ran.told) == (True, [])
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\ud800]", ran.out if "--json" not in argv else "")
        ran.out.encode("utf-8")


def test_bytes_that_are_no_utf_8_on_standard_input_break_nothing(quoth: Quoth, index: Path):
    ran = quoth("ask", "-", "--json", stdin=b"\xff\xfe harbour of Lund\n\x80\x81 pier\n")
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["q1", "q2"]
    assert (ran.status, ran.told) == (0, [])


def test_a_closed_standard_input_is_told(quoth: Quoth, index: Path):
    ran = finish(start(["ask", "-", "--index", index], preexec_fn=lambda: os.close(0), stdin=None))
    assert_one_clear_line(ran, "question")


# Disks and folders that can't be written


def test_a_disk_that_fills_up_while_the_index_is_written_costs_nothing(
    quoth: Quoth, docs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for target, name in ((SparseIndex, "save"), (retrieval.writer.np, "save"), (retrieval.writer.os, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(target, name, full)
            ran = quoth("index")
        assert_one_clear_line(ran, "No space left on device", "make room", "not touched")
        assert contents(index) == before
    assert quoth("search", "harbour of Lund", "--json").out == found
    assert "added: new.txt" in quoth("index").out


@pytest.mark.parametrize("limit_bytes", [1, 30_000])
def test_a_file_that_may_not_grow_costs_nothing(quoth: Quoth, docs: Path, index: Path, limit_bytes: int):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"long.txt": "".join(f"Pier number {number} is long. It is oak.\n\n" for number in range(400))})
    limiting = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))"
    assert_one_clear_line(finish(start(["index", "--index", index], limiting)), "can't write the index", "not touched")
    assert contents(index) == before
    assert quoth("search", "harbour of Lund", "--json").out == found


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("argv", [["sources"], ["verify"], ["ask", "hello", "--json"]])
def test_a_full_disk_behind_standard_output_is_told(index: Path, argv: list[str]):
    with Path("/dev/full").open("w") as full:
        ran = finish(start([*argv, "--index", index], stdout=full))
    assert_one_clear_line(ran, "No space left on device")


def test_an_index_folder_that_may_not_be_written_still_answers(docs: Path, index: Path, quoth: Quoth):
    found = quoth("search", "harbour of Lund", "--json").out
    before = contents(index)
    for path in [*index.rglob("*"), index]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    reading = start(["search", "harbour of Lund", "--json", "--index", index], preexec_fn=no_permissions_override)
    ran = finish(reading)
    assert (ran.status, ran.out, ran.err) == (0, found, "")
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    ran = finish(start(["index", "--index", index], preexec_fn=no_permissions_override))
    assert_one_clear_line(ran, str(index), "Permission denied", "not touched")
    assert contents(index) == before
    for path in [index, *index.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def interrupted(argv: Sequence[object], waiting: str) -> Ran:
    """What a command leaves behind that gets Ctrl-C once `waiting`, run in its process before it, says "now"."""
    process = start(argv, waiting)
    assert process.stderr
    for line in process.stderr:
        if line == "now\n":
            break
    process.send_signal(signal.SIGINT)
    return finish(process, timeout_s=10)


@pytest.mark.parametrize("place", ["docs/mill.txt", "docs/mill.txt/index", "/proc/quoth/index"])
def test_an_index_where_no_folder_can_be_is_told(quoth: Quoth, docs: Path, place: str):
    assert_one_clear_line(quoth("index", "--docs", docs, "--index", place), place, "check the folder")
    assert (docs / "mill.txt").is_file()


# Ctrl-C


class Interrupted(FakeEncoder):
    """Ctrl-C comes while it embeds."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise KeyboardInterrupt


def test_ctrl_c_while_embedding_costs_nothing(quoth: Quoth, docs: Path, index: Path, monkeypatch: pytest.MonkeyPatch):
    before = contents(index)
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    with monkeypatch.context() as patch:
        patch.setattr(retrieval.build, "load_encoder", lambda _: Interrupted())
        ran = quoth("index")
    assert (ran.status, ran.out, ran.told) == (130, "", ["stopped; nothing was left half done"])
    assert contents(index) == before
    assert "added: new.txt" in quoth("index").out


@pytest.mark.parametrize("place", ["SparseIndex.save", "SparseIndex.build", "retrieval.writer._write_entry"])
def test_ctrl_c_while_writing_costs_nothing(quoth: Quoth, docs: Path, index: Path, place: str):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    waiting = (
        "def wait(*_):\n    print('now', file=sys.stderr, flush=True)\n    time.sleep(20)\n"
        f"import retrieval.writer\n{place} = wait"
    )
    ran = interrupted(["index", "--index", index], waiting)
    assert (ran.status, ran.out, ran.told) == (130, "", ["stopped; nothing was left half done"])
    assert contents(index) == before
    assert not [path for path in index.iterdir() if path.is_dir() and path != generation(index)]
    assert quoth("search", "harbour of Lund", "--json").out == found
    assert "added: new.txt" in quoth("index").out


def test_ctrl_c_in_a_first_build_leaves_no_index(docs: Path, tmp_path: Path):
    waiting = (
        "class Encoder(FakeEncoder):\n    def embed_passages(self, *_):\n"
        "        print('now', file=sys.stderr, flush=True)\n        time.sleep(20)"
    )
    ran = interrupted(["index", "--docs", docs, "--index", tmp_path / "index"], waiting)
    assert (ran.status, ran.told) == (130, ["stopped; nothing was left half done"])
    assert contents(tmp_path / "index") == {}


# Several at once


READING = """
while not Path(sys.argv[2]).exists():
    hits = retrieval.retriever.open_retriever(Path(sys.argv[1]), FakeEncoder()).search("harbour of Lund", 3)
    assert hits[0].document.doc_id == "harbour.txt"
    print("read", flush=True)
sys.exit()
"""


def test_readers_go_on_while_the_index_is_built_again_and_again(docs: Path, tmp_path: Path, fake: FakeEncoder):
    index = tmp_path / "index"
    build_index(docs, index, IndexSettings(), no_report, fake)
    kept_open = open_retriever(index, fake)
    readers = [start([index, tmp_path / "over"], READING) for _ in range(2)]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "read\n"
    for turn in range(40):
        write_corpus(docs, {"mill.txt": f"The old mill burned down in {1900 + turn}.\n"})
        build_index(docs, index, IndexSettings(), no_report, fake)
    (tmp_path / "over").touch()
    for ran in map(finish, readers):
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.count("read") > 5
    assert kept_open.search("old mill", 1)[0].passage.text.startswith("May 4, 1999")  # the generation it opened
    assert "1939" in open_retriever(index, fake).search("old mill", 1)[0].passage.text
    generation(index)


class Slow(FakeEncoder):
    """Takes its time to embed, and knows how many of its kind do so at once."""

    running = 0
    most = 0
    lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        with self.lock:
            Slow.running += 1
            Slow.most = max(Slow.most, Slow.running)
        time.sleep(0.2)
        with self.lock:
            Slow.running -= 1
        return super().embed_passages(texts, progress)


def test_two_builders_take_turns(docs: Path, tmp_path: Path):
    index, errors = tmp_path / "index", []

    def build(size_tokens: int) -> None:
        try:
            passages = replace(IndexSettings().passages, size_tokens=size_tokens)
            build_index(docs, index, IndexSettings(passages=passages), no_report, Slow())
        except Exception as error:
            errors.append(error)

    Slow.most = 0
    builders = [threading.Thread(target=build, args=(size,)) for size in (20, 30, 40)]
    for thread in builders:
        thread.start()
    for thread in builders:
        thread.join(timeout=20)
    assert (errors, Slow.most) == ([], 1)
    store = open_store(index)
    assert store.manifest.size_tokens in (20, 30, 40)
    assert len(store.sources()) == 3
    assert np.allclose(np.linalg.norm(store.dense.vectors, axis=1), 1, atol=1e-5)
    generation(index)


def test_two_processes_that_build_at_once_both_succeed(docs: Path, tmp_path: Path, fake: FakeEncoder):
    index = tmp_path / "index"
    both = [start(["index", "--docs", docs, "--index", index]) for _ in range(2)]
    ran = [finish(process) for process in both]
    assert [(one.status, one.told) for one in ran] == [(0, []), (0, [])]
    assert sorted(one.out.split(";")[0].splitlines()[-1] for one in ran) == [
        "0 added, 0 changed, 0 removed, 0 skipped, 3 unchanged",
        "3 added, 0 changed, 0 removed, 0 skipped, 0 unchanged",
    ]
    assert open_retriever(index, fake).search("harbour", 1)[0].document.doc_id == "harbour.txt"


def no_wait() -> None:
    """Says nothing of waiting."""


def test_an_index_that_another_process_holds_for_too_long_is_told(tmp_path: Path):
    with (
        building(tmp_path / "index", no_wait),
        pytest.raises(IndexProblem, match=r"another process is still building .*index; try again when it is done"),
        building(tmp_path / "index", no_wait, timeout_s=0.1),
    ):
        pytest.fail("two builders at once")


def test_who_waits_for_another_builder_is_told_so(docs: Path, tmp_path: Path):
    told: list[str] = []
    with building(tmp_path / "index", no_wait):
        process = start(["index", "--docs", docs, "--index", tmp_path / "index"])
        assert process.stderr
        listening = threading.Thread(target=lambda: told.append(process.stderr.readline()))
        listening.start()
        listening.join(timeout=4)
        process.terminate()
        listening.join()
    process.communicate()
    assert "another process is building" in told[0]


def test_a_title_changed_in_sources_toml_is_noticed(quoth: Quoth, index: Path, docs: Path):
    (docs / "SOURCES.toml").write_text('["mill.txt"]\ntitle = "The Mill of Lund"\n', encoding="utf-8")
    assert (
        "the index is behind the documents (SOURCES.toml changed since); run `quoth index`"
        in quoth("search", "mill").err
    )
    assert quoth("verify").status == 1
    assert "changed: mill.txt" in quoth("index").out
    assert quoth("verify").status == 0


def test_a_folder_whose_name_is_no_utf8_is_skipped_with_its_files(quoth: Quoth, docs: Path):
    (docs / os.fsdecode(b"bad\xff")).mkdir()
    (docs / os.fsdecode(b"bad\xff") / "ok.txt").write_text("A sentence stands here.")
    ran = quoth("index", "--docs", docs)
    assert ran.status == 0
    assert "is no UTF-8; rename it" in ran.out


def test_a_batch_line_nested_without_end_is_a_bad_line(quoth: Quoth, index: Path):
    assert_one_clear_line(quoth("ask", "--json", "--batch", "-", stdin=b"[" * 100_000), "bad lines: line 1")
