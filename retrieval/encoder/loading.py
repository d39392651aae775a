"""A model's name -> its prepared encoder, prepared first if need be."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from retrieval.encoder.encoder import Encoder, OnnxEncoder
from retrieval.encoder.prepared import MANIFEST, folder_stem, models_folder, read_info
from retrieval.encoder.sources import full_name
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_DTYPE, Dtype


def load_encoder(folder: Path) -> Encoder:
    """The prepared encoder in the folder, with the backend it was prepared for. Raises ModelError."""
    if read_info(folder).backend == "onnx":
        return OnnxEncoder(folder)
    from retrieval.encoder.torch_encoder import TorchEncoder  # imports torch: only for models that can't be exported

    return TorchEncoder(folder)


def prepare_encoder(name: str, dtype: Dtype = DEFAULT_DTYPE) -> Path:
    """The folder of the prepared encoder `name`, prepared first if need be. Raises ModelError.

    Preparing imports torch, so it runs in a process of its own.
    """
    name = full_name(name)
    if not Path(name).is_dir():  # the files of a folder may have changed, so a folder is looked at each time
        for manifest in sorted(models_folder().glob(f"{folder_stem(name, dtype)}-*/{MANIFEST}")):
            with suppress(ModelError):  # another version's
                if read_info(manifest.parent).name == name:
                    return manifest.parent
    command = [sys.executable, "-P", "-m", "retrieval.encoder.prepare", name]
    command += ["--dtype", dtype, "--to", str(models_folder())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ModelError(lines[-1] if lines else f"preparing {name} failed with exit status {done.returncode}")
    return Path(done.stdout.strip().splitlines()[-1])
