"""Nothing leaves the machine: no socket is opened to answer, by Python or by a library, and no telemetry is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ANSWER = """
import os, socket, sys
from pathlib import Path

class Forbidden(socket.socket):
    def __init__(self, *args, **kwargs):
        raise AssertionError("a socket was opened")

socket.socket = Forbidden
socket.getaddrinfo = lambda *args, **kwargs: (_ for _ in ()).throw(AssertionError("a name was looked up"))
from retrieval import Library
found = Library(Path(sys.argv[1])).ask("When was JALAC founded?")
print(found.status, found.answers[0].text)
opened = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
print([path for path in opened if os.path.lexists(path) and os.readlink(path).startswith("socket:")])
print(sorted({"torch", "transformers", "sentence_transformers"} & sys.modules.keys()))
"""


@pytest.mark.model
def test_answering_opens_no_socket_keeps_no_telemetry_and_imports_no_torch(seeds_index, tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, str(seeds_index)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["answered 1958", "[]", "[]"]
    assert list(Path(tmp_path).rglob("*")) == []
