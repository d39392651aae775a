"""A picture of a page as a file, and the system's viewer for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path, PurePosixPath

from retrieval.errors import QuothError

NOT_WRITTEN = "can't write the picture to {folder}: {reason}; set TMPDIR to a folder that you can write to"
NO_VIEWER = "there is no program {name} to open files with; open {path} yourself"
_NAME_CHARS = 60


def write_picture(png: bytes, doc_id: str, page: int) -> Path:
    """The file, in the system's folder for temporary files. Raises QuothError.

    It is written beside its place and moved there, so that it takes the place of a link and never follows one.
    """
    name = re.sub(r"[^\w-]+", "-", PurePosixPath(doc_id).stem)[:_NAME_CHARS]
    path = Path(tempfile.gettempdir(), f"quoth-page-{name}-{page}.png")
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(png)
        os.replace(file.name, path)
    except OSError as error:
        raise QuothError(NOT_WRITTEN.format(folder=path.parent, reason=error.strerror)) from error
    return path


def open_file(path: Path) -> None:
    """Open a file with the program that the system has for it, without waiting for that. Raises QuothError."""
    if sys.platform == "win32":
        os.startfile(path)
        return
    name = "open" if sys.platform == "darwin" else "xdg-open"
    program = shutil.which(name)
    if program is None:
        raise QuothError(NO_VIEWER.format(name=name, path=path))
    # In a session of its own, so that Ctrl-C in the chat does not close the viewer.
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    work = {"args": [program, str(path)], **silent, "start_new_session": True}
    threading.Thread(target=subprocess.run, kwargs=work, daemon=True).start()
