"""Damaged, half-written, other and old indexes; altered models."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import retrieval.index.build
import retrieval.index.retriever
import retrieval.index.writer
from bot.cli import main
from bot.commands import OUT_OF_DATE
from retrieval.encoder.sources import check_weights
from retrieval.errors import ModelError
from tests.bot.bad_days.commands import assert_one_clear_line, contents, finish, generation, start
from tests.bot.conftest import Quoth, Ran
from tests.conftest import FakeEncoder, write_corpus


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
def test_a_damaged_index_is_an_error_and_can_be_built_again(quoth: Quoth, docs: Path, index: Path, damage: str):
    before = quoth("search", "harbour of Lund", "--json").out
    DAMAGE[damage](index)
    for argv in (["search", "harbour of Lund"], ["ask", "harbour of Lund?"]):
        assert_one_clear_line(quoth(*argv), "index", "quoth index")
    if damage != "manifest a folder":  # only a person can remove that one
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
    assert len(ran.messages) <= 1


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
            if ran.status and (len(ran.messages) != 1 or "quoth index" not in ran.messages[0]):
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
        "passages.sqlite: this file of the index is damaged",
        "harbour.txt: the stored text differs from the file",
    ]


def test_the_advice_for_a_damaged_manifest_does_not_index_other_documents(quoth: Quoth, index: Path):
    (index / "manifest.json").write_text("rubbish", encoding="utf-8")
    write_corpus(index.parent / "seeds", {"other.txt": "Another folder altogether.\n"})
    ran = quoth("index")  # as the message says; where the documents are is no longer known
    assert_one_clear_line(ran, "--docs")


def test_an_index_of_another_version_is_an_error_that_says_so(quoth: Quoth, index: Path):
    with_manifest(format=99)(index)
    assert_one_clear_line(quoth("search", "harbour"), "of another version", "quoth index")
    with_manifest(format=99, added_later=True)(index)  # another version has other fields as well
    assert_one_clear_line(quoth("search", "harbour"), "of another version", "quoth index")


def test_an_index_of_another_encoder_is_an_error(quoth: Quoth, index: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retrieval.index.retriever, "load_encoder", lambda _: FakeEncoder("other"))
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
    assert len(ran.messages) == 1
    assert "quoth index" in ran.messages[0]


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
@pytest.mark.parametrize(
    "name", ["model.int8.onnx", "tokenizer.json", "pieces.marisa", "embeddings.npy", "encoder.json"]
)
@pytest.mark.parametrize("happened", ["altered", "cut", "gone"])
def test_a_prepared_encoder_that_was_altered_is_refused(
    prepared_copy: tuple[Path, Path], capsys: pytest.CaptureFixture[str], name: str, happened: str
):
    index, folder = prepared_copy
    path = folder / name
    if happened == "altered":
        raw = path.read_bytes()
        if name == "embeddings.npy":  # a row is checked when it is needed
            path.write_bytes(raw[:128] + bytes(len(raw) - 128))
        else:
            path.write_bytes(raw.replace(b"NFKC", b"NFKD") if name == "tokenizer.json" else raw[:-9] + b"\0" * 9)
        assert path.read_bytes() != raw
    elif happened == "cut":
        halve(path)
    else:
        path.unlink()
    status = main(["search", "Japan", "--index", str(index)])
    assert_one_clear_line(Ran(status, *capsys.readouterr()), str(folder), "quoth index")


def test_a_title_changed_in_sources_toml_is_noticed(quoth: Quoth, index: Path, docs: Path):
    (docs / "SOURCES.toml").write_text('["mill.txt"]\ntitle = "The Mill of Lund"\n', encoding="utf-8")
    warning = OUT_OF_DATE.format(files="SOURCES.toml", command="quoth index --index index")
    assert quoth("search", "mill").messages == [warning]
    assert quoth("verify").status == 1
    assert "changed: mill.txt" in quoth("index").out
    assert quoth("verify").status == 0
