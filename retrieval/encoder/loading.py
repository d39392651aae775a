"""A model's name -> its prepared encoder, prepared first if need be."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from retrieval.encoder.encoder import Encoder, OnnxEncoder
from retrieval.encoder.prepared import FORMAT, MANIFEST, folder_stem, models_folder, read_info
from retrieval.encoder.sources import full_name, size_of_source
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_DTYPE, Dtype


def load_encoder(folder: Path) -> Encoder:
    """The prepared encoder in the folder, with the backend it was prepared for. Raises ModelError."""
    if read_info(folder).backend == "onnx":
        return OnnxEncoder(folder)
    from retrieval.encoder.torch_encoder import TorchEncoder  # imports torch: only for models that can't be exported

    return TorchEncoder(folder)


def describe_preparation(name: str, dtype: Dtype = DEFAULT_DTYPE) -> str:
    """What a person is told while the encoder is prepared; more where that takes long, because it is the first time."""
    if find_prepared(name, dtype):
        return "preparing the encoder"
    details = [Path(name).name, size_of_source(name), "only this once"]
    return f"preparing the encoder ({', '.join(filter(None, details))})"


def find_prepared(name: str, dtype: Dtype) -> Path | None:
    """The folder of an encoder that is prepared already, by this version.

    Always None for a model's folder, whose files may have changed.
    """
    if Path(name).is_dir():
        return None
    for manifest in sorted(models_folder().glob(f"{folder_stem(full_name(name), dtype)}-*/{MANIFEST}")):
        with suppress(ModelError):  # another version's
            info = read_info(manifest.parent)
            if info.name == full_name(name) and info.format == FORMAT:
                return manifest.parent
    return None


def prepare_encoder(name: str, dtype: Dtype = DEFAULT_DTYPE) -> Path:
    """The folder of the prepared encoder `name`, prepared first if need be. Raises ModelError.

    Preparing imports torch, so it runs in a process of its own.
    """
    prepared = find_prepared(name, dtype)
    if prepared:
        return prepared
    name = full_name(name)
    command = [sys.executable, "-P", "-m", "retrieval.encoder.prepare", name]
    command += ["--dtype", dtype, "--to", str(models_folder())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ModelError(lines[-1] if lines else f"preparing {name} failed with exit status {done.returncode}")
    return Path(done.stdout.strip().splitlines()[-1])
