"""A signature names the code that was scored: no module of it can change unnoticed."""

from pathlib import Path

import pytest

import retrieval
from eval.systems import code_sha256

PACKAGE = Path(retrieval.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    for module in MODULES:
        path = folder / module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((PACKAGE / module).read_bytes())
    return folder


def test_the_same_code_has_the_same_hash_wherever_it_is(copy):
    assert code_sha256(copy) == code_sha256()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_change_in_any_module_changes_the_hash(copy, module):
    path = copy / module
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    changed = code_sha256(copy)
    path.write_bytes(before)
    assert changed != code_sha256(copy)


def test_modules_of_subfolders_are_hashed_too():
    assert {Path("library.py"), Path("index/retriever.py"), Path("answer/reader.py")} <= set(MODULES)
