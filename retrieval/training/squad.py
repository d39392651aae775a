"""SQuAD files as folders: one paragraph a document, with its questions."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import DocumentError
from retrieval.index.build import build_index
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on one paragraph; `answers` are (text, offset in the paragraph), empty where it can't be answered."""

    id: str
    question: str
    document: str
    answers: tuple[tuple[str, int], ...]


def read_squad(path: Path) -> tuple[dict[str, str], list[SquadQuestion]]:
    """Paragraph texts by document name, and the questions, both in file order. Raises DocumentError."""
    try:
        paragraphs = [paragraph for article in json.loads(_raw(path))["data"] for paragraph in article["paragraphs"]]
        texts = {_name(number): str(paragraph["context"]) for number, paragraph in enumerate(paragraphs)}
        questions = [
            SquadQuestion(asked["id"], asked["question"].strip(), _name(number), answers)
            for number, paragraph in enumerate(paragraphs)
            for asked in paragraph["qas"]
            if (answers := _answers(asked)) is not None
        ]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DocumentError(f"{path} is no SQuAD file: {error}; name one of version 1.1 or 2.0") from error
    return texts, questions


def read_titles(path: Path) -> dict[str, str]:
    """The article's title of each paragraph of a file that `read_squad` can read, "" where it has none."""
    articles = json.loads(_raw(path))["data"]
    titles = [str(article.get("title", "")) for article in articles for _ in article["paragraphs"]]
    return {_name(number): title for number, title in enumerate(titles)}


def _raw(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _name(number: int) -> str:
    return f"paragraph{number:05d}.txt"


def _answers(asked: Any) -> tuple[tuple[str, int], ...] | None:
    """The accepted answers and their places; None where a place is not known for sure."""
    known = [] if asked.get("is_impossible") else asked["answers"]
    if any(given.get("start_is_guessed") for given in (asked, *known)):
        return None
    return tuple((answer["text"], answer["answer_start"]) for answer in known)


def write_folder(texts: dict[str, str], folder: Path) -> None:
    """Write each text as a file below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def sample(path: Path, paragraphs: int, questions: int, seed: int) -> tuple[dict[str, str], list[SquadQuestion]]:
    """Some paragraphs of the file and some questions on them."""
    texts, asked = read_squad(path)
    chooser = random.Random(seed)
    names = chooser.sample(sorted(texts), min(paragraphs, len(texts)))
    chosen = {name: texts[name] for name in names}
    mine = [question for question in asked if question.document in chosen]
    return chosen, chooser.sample(mine, min(questions, len(mine)))


def open_folder(texts: dict[str, str], folder: Path) -> Retriever:
    """A retriever over an index of the texts, both below the folder."""
    write_folder(texts, folder / "docs")
    build_index(folder / "docs", folder / "index", IndexSettings(), lambda *_: None)
    return open_retriever(folder / "index")
