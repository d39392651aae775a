"""Imports point one way, and each heavy library has one home."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [path for folder in ("retrieval", "bot", "eval") for path in sorted((ROOT / folder).rglob("*.py"))]
ALLOWED = {"retrieval": {"retrieval"}, "bot": {"retrieval", "bot"}, "eval": {"retrieval", "bot", "eval"}}
HOMES = {
    "faiss": {"retrieval/index/dense.py", "eval/baseline_loop.py"},
    "bm25s": {"retrieval/index/sparse.py"},
    "sentence_transformers": {"retrieval/encoder/prepare.py", "eval/baseline_loop.py"},
    "torch": {
        "retrieval/encoder/prepare.py",
        "retrieval/training/network.py",
        "retrieval/training/train_reader.py",
        "retrieval/training/export_reader.py",
    },
    "onnxruntime": {"retrieval/encoder/encoder.py", "retrieval/encoder/prepare.py"},
    "sklearn": {"retrieval/training/fit_confidence.py"},
    "ir_measures": {"eval/measures.py"},
    "matplotlib": {"eval/plots.py"},
    "jinja2": {"eval/report.py"},
    "babel": {"bot/language/language.py", "bot/language/catalogues.py"},
    "prometheus_client": {"bot/telegram/ops/metrics.py"},
    "telegram": {
        f"bot/telegram/{part}.py"
        for part in (
            "app",
            "handlers",
            "inline",
            "menu",
            "presses",
            "updates",
            "api/errors",
            "api/pace",
            "api/request",
            "api/sending",
            "memory/inbox",
        )
    },
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imports(path)} & ALLOWED.keys()
    if path.relative_to(ROOT).as_posix() == "bot/cli.py":  # joins all parts, and loads eval when `quoth eval` is called
        ours -= {"eval"}
    assert ours <= ALLOWED[folder]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_heavy_library_has_one_home(path):
    name = path.relative_to(ROOT).as_posix()
    assert {library for library in HOMES if library in {i.split(".")[0] for i in imports(path)}} <= {
        library for library, homes in HOMES.items() if name in homes
    }


def test_training_is_imported_by_no_serving_code():
    users = {path.relative_to(ROOT).as_posix() for path in MODULES if any("training" in name for name in imports(path))}
    assert {user for user in users if not user.startswith("retrieval/training/")} <= {
        "eval/collection.py",
        "eval/reading.py",
    }
