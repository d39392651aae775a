"""Fresh processes: which libraries they import, and that they open no socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.commands import FOUNDED, ROOT
from tests.bot.conftest import Quoth


def fresh(script: str, *argv: str, **environment: str) -> Any:
    """What a script in a fresh process prints as JSON on its last line."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *argv],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_help_loads_no_model_and_none_of_the_heavy_libraries():
    modules = fresh("""
        import json, sys
        from bot.cli import main
        for argv in (["--help"], ["ask", "--help"], ["--version"]):
            try:
                main(argv)
            except SystemExit as left:
                assert not left.code
        print(json.dumps(sorted(sys.modules)))
    """)
    heavy = {
        "faiss",
        "torch",
        "onnxruntime",
        "numpy",
        "transformers",
        "sentence_transformers",
        "tokenizers",
        "telegram",
        "babel",
    }
    assert "bot.cli" in modules
    assert not heavy.intersection(modules)


@pytest.mark.model
def test_listing_and_verifying_load_no_network(seeds_index: Path):
    modules = fresh(
        """
        import json, sys
        from bot.cli import main
        for command in ("sources", "verify"):
            assert main([command, "--index", sys.argv[1]]) == 0
        print(json.dumps(sorted(sys.modules)))
        """,
        str(seeds_index),
    )
    assert "faiss" in modules
    assert not {"onnxruntime", "tokenizers", "torch", "telegram", "babel"}.intersection(modules)


ANSWERING = """
    import io, json, os, sys
    from contextlib import redirect_stdout

    touched = []
    def hook(event, _):
        if event.startswith("socket."):
            touched.append(event)
            raise RuntimeError(f"{event} while answering")
    sys.addaudithook(hook)

    from bot.cli import main
    printed = io.StringIO()
    with redirect_stdout(printed):
        status = main(["ask", sys.argv[1], "--json", "--index", sys.argv[2]])
    links = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
             if os.path.islink(f"/proc/self/fd/{name}")] if os.path.isdir("/proc/self/fd") else []
    print(json.dumps({
        "status": status, "line": json.loads(printed.getvalue()), "modules": sorted(sys.modules),
        "touched": touched, "sockets": [link for link in links if link.startswith("socket:")],
    }))
"""


@pytest.fixture(scope="module")
def answering(seeds_index: Path) -> Any:
    """A question answered in a fresh process in which touching a socket raises."""
    return fresh(ANSWERING, FOUNDED, str(seeds_index), PYTHONHASHSEED="1")


@pytest.mark.model
def test_answering_imports_neither_torch_nor_transformers(answering: Any):
    assert answering["line"]["answers"][0]["text"] == "1958"
    assert {"faiss", "onnxruntime"} <= set(answering["modules"])
    assert not {"torch", "transformers", "sentence_transformers", "telegram", "babel"}.intersection(
        answering["modules"]
    )


@pytest.mark.model
def test_answering_opens_no_socket(answering: Any):
    assert (answering["status"], answering["touched"], answering["sockets"]) == (0, [], [])


@pytest.mark.model
def test_another_process_gives_the_same_line(answering: Any, seeds_quoth: Quoth):
    (line,) = seeds_quoth("ask", FOUNDED, "--json").lines()
    del line["elapsed_ms"], answering["line"]["elapsed_ms"]
    assert line == answering["line"]


@pytest.mark.model
@pytest.mark.parametrize("command", ["sources", "sources --json", "verify", "ask - --json", "ask -", "--help"])
def test_a_reader_that_leaves_is_not_an_error(seeds_index: Path, tmp_path: Path, command: str):
    questions = tmp_path / "questions"
    questions.write_text("hello\n" * 3000, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"} | {"QUOTH_INDEX": str(seeds_index)}
    reader, writer = os.pipe()
    os.close(reader)  # nothing is read, from the first byte on
    with questions.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command.split()],
            stdin=stdin,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    os.close(writer)
    assert (done.stderr, done.returncode) == ("", 0)
