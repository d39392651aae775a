"""What the repository holds: no text file that is too large to read."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
MAX_BYTES = 200_000
BINARY = {"retrieval/models/reader.int8.onnx", "retrieval/models/reader.multilingual.int8.onnx"}
ALLOWED = {"retrieval/models/reader.tokenizer.json"}


def test_no_text_file_is_larger_than_200_kb():
    folders = (ROOT / name for name in ("retrieval", "bot", "eval", "tests"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    large = {path.relative_to(ROOT).as_posix() for path in files if path.stat().st_size > MAX_BYTES}
    assert large - BINARY <= ALLOWED
