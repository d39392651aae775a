"""Imports point one way: between the packages, between the folders of each, and each heavy library has one home.

The orders below are the pictures in README.md, retrieval/__init__.py and bot/telegram/__init__.py as data.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [path for folder in ("retrieval", "bot", "eval") for path in sorted((ROOT / folder).rglob("*.py"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in MODULES]

PACKAGES = ["retrieval", "bot", "eval"]
"""A package imports itself and those before it. `quoth eval` is the one exception: bot/cli.py loads eval."""
RETRIEVAL = [
    "spans schema citing errors settings text language query restrictions hashing inference",
    "documents",
    "encoder",
    "index",
    "answer",
    "conversation",
    "library",
    "training",
]
"""What stands in a line imports from its own line and from those above it."""
BOT = [
    "plain_text answer_json folders index_report page_picture",
    "language",
    "receipts",
    "feedback",
    "suggest watch",
    "terminal",
    "telegram",
    "config",
    "commands",
    "log_commands",
    "cli",
]
TELEGRAM = ["ops", "memory", "messages", "files", "api", "*"]
"""The same for bot/telegram; * stands for the modules of the folder itself."""
NOT_IN_A_LAYER = {"__init__", "__main__"}

HOMES = {
    "faiss": {"retrieval/index/dense.py", "eval/baseline_loop.py"},
    "bm25s": {"retrieval/index/sparse.py"},
    "sentence_transformers": {"retrieval/encoder/torch_encoder.py", "eval/baseline_loop.py"},
    "torch": {"retrieval/encoder/prepare.py", "retrieval/encoder/e5_file.py", "retrieval/training/"},
    "marisa_trie": {"retrieval/encoder/word_pieces.py"},
    "onnxruntime": {"retrieval/inference.py", "retrieval/encoder/prepare.py"},
    "lxml": {"retrieval/documents/"},
    "openpyxl": {"retrieval/documents/office/excel/"},
    "PIL": {"retrieval/documents/pdf/"},
    "pptx": {"retrieval/documents/office/powerpoint/"},
    "pypdfium2": {"retrieval/documents/pdf/"},
    "pyromark": {"retrieval/documents/markdown/events.py"},
    "striprtf": {"retrieval/documents/office/rtf.py"},
    "py3langid": {"retrieval/language.py"},
    "stopwordsiso": {"retrieval/language.py"},
    "simplemma": {"retrieval/index/forms.py"},
    "sentencex": {"retrieval/documents/units.py"},
    "sklearn": {"retrieval/training/"},
    "ir_measures": {"eval/measures.py"},
    "matplotlib": {"eval/plots.py"},
    "jinja2": {"eval/report.py"},
    "watchfiles": {"bot/watch.py"},
    "babel": {"bot/language/", "retrieval/conversation/names.py"},
    "prometheus_client": {"bot/telegram/ops/metrics.py"},
    "telegram": {"bot/telegram/"},
}
"""The module, or the folder, that alone may import a library."""


def imports(name: str) -> set[str]:
    """The dotted names that a module imports, those of a TYPE_CHECKING block and of functions included."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rank(dotted: str, order: list[str], below: str) -> int | None:
    """The place in the order of a module named by its dotted path; None where it is not below that package."""
    parts = dotted.split(".")
    depth = len(below.split("."))
    if parts[:depth] != below.split(".") or len(parts) == depth or parts[depth] in NOT_IN_A_LAYER:
        return None
    found = [place for place, line in enumerate(order) if parts[depth] in line.split()]
    return found[0] if found else order.index("*") if "*" in order else None


def module_of(name: str) -> str:
    return name.removesuffix(".py").replace("/", ".")


@pytest.mark.parametrize("name", NAMES)
def test_packages_import_one_way(name):
    own = name.split("/")[0]
    allowed = set(PACKAGES[: PACKAGES.index(own) + 1])
    if name == "bot/cli.py":
        allowed.add("eval")
    assert {dotted.split(".")[0] for dotted in imports(name)} & set(PACKAGES) <= allowed


@pytest.mark.parametrize(
    ("below", "order"),
    [("retrieval", RETRIEVAL), ("bot", BOT), ("bot.telegram", TELEGRAM)],
    ids=["retrieval", "bot", "bot.telegram"],
)
def test_folders_import_one_way(below, order):
    """No folder imports one that stands lower in its order, so there can be no cycle between folders."""
    upward = []
    for name in NAMES:
        own = rank(module_of(name), order, below)
        if own is None:
            continue
        for dotted in imports(name):
            other = rank(dotted, order, below)
            if other is not None and other > own:
                upward.append(f"{name} imports {dotted}")
    assert upward == []


@pytest.mark.parametrize(("below", "order"), [("retrieval", RETRIEVAL), ("bot", BOT)], ids=["retrieval", "bot"])
def test_every_module_has_its_place_in_the_order(below, order):
    places = {path.relative_to(ROOT / below).parts[0].removesuffix(".py") for path in (ROOT / below).rglob("*.py")}
    assert places - NOT_IN_A_LAYER == {part for line in order for part in line.split()}


def test_no_two_modules_import_each_other():
    graph = {module_of(name).removesuffix(".__init__"): set() for name in NAMES}
    for name in NAMES:
        own = module_of(name).removesuffix(".__init__")
        for dotted in imports(name):
            target = dotted if dotted in graph else dotted.rpartition(".")[0]
            if target in graph and target != own and target not in own.rsplit(".", 1)[0].split():
                graph[own].add(target)
    mutual = {tuple(sorted((one, other))) for one, others in graph.items() for other in others if one in graph[other]}
    assert {pair for pair in mutual if not pair[1].startswith(f"{pair[0]}.")} == set()


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library):
    users = {name for name in NAMES if library in {dotted.split(".")[0] for dotted in imports(name)}}
    assert users
    assert {
        user for user in users if not any(user == home or user.startswith(home) for home in HOMES[library])
    } == set()


def test_training_is_imported_by_no_serving_code():
    users = {name for name in NAMES if any(dotted.startswith("retrieval.training") for dotted in imports(name))}
    assert {user for user in users if not user.startswith("retrieval/training/")} <= {
        "eval/collection.py",
        "eval/reader_only.py",
    }


def test_readme_draws_the_same_order():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert " -> ".join(f"`{name}`" for name in PACKAGES) in readme
    folders = [line for line in RETRIEVAL[1:] if line != "training"]
    assert " -> ".join(f"`{name}`" for name in folders) in readme
