"""SQuAD files as folders of documents, one per paragraph, with their questions."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from retrieval.errors import DocumentError
from retrieval.index.build import build_index
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on one paragraph; `answers` are (text, offset in the paragraph), empty if it is unanswerable."""

    id: str
    question: str
    document: str
    answers: tuple[tuple[str, int], ...]


def contains_answer(text: str, question: SquadQuestion) -> bool:
    """Whether an accepted answer occurs anywhere in the text, ignoring case."""
    return any(answer.lower() in text.lower() for answer, _ in question.answers)


def read_squad(path: Path) -> tuple[dict[str, str], list[SquadQuestion]]:
    """Paragraph texts by document name, and the questions, both in file order. Raises DocumentError."""
    try:
        paragraphs = _paragraphs(json.loads(_read_bytes(path))["data"])
        texts = {name: str(paragraph["context"]) for name, (_, paragraph) in paragraphs.items()}
        questions = [
            SquadQuestion(entry["id"], entry["question"].strip(), name, answers)
            for name, (_, paragraph) in paragraphs.items()
            for entry in paragraph["qas"]
            if (answers := _answers(entry)) is not None
        ]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DocumentError(f"{path} is not a SQuAD file: {error}; name a file of SQuAD 1.1 or 2.0") from error
    return texts, questions


def read_titles(path: Path) -> dict[str, str]:
    """The title of each paragraph's article, "" where it has none; for a file that `read_squad` can read."""
    paragraphs = _paragraphs(json.loads(_read_bytes(path))["data"])
    return {name: str(article.get("title", "")) for name, (article, _) in paragraphs.items()}


def _paragraphs(articles: Any) -> dict[str, tuple[Any, Any]]:
    """Each paragraph with its article, by the name of its document.

    The name has the suffix of the file that the article says that it comes from, which says how it is read.
    """
    found = [(article, paragraph) for article in articles for paragraph in article["paragraphs"]]
    return {
        f"paragraph{number:05d}{PurePosixPath(article.get('document', '')).suffix or '.txt'}": (article, paragraph)
        for number, (article, paragraph) in enumerate(found)
    }


def _read_bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _answers(entry: Any) -> tuple[tuple[str, int], ...] | None:
    """The accepted answers and their offsets; None where an offset is a guess."""
    accepted = [] if entry.get("is_impossible") else entry["answers"]
    if any(part.get("start_is_guessed") for part in (entry, *accepted)):
        return None
    return tuple((answer["text"], answer["answer_start"]) for answer in accepted)


def write_folder(texts: dict[str, str], folder: Path) -> None:
    """Write each text as a file below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def sample(path: Path, paragraphs: int, questions: int, seed: int) -> tuple[dict[str, str], list[SquadQuestion]]:
    """A random sample of the file's paragraphs, and one of the questions on them; at most as many as given."""
    texts, all_questions = read_squad(path)
    rng = random.Random(seed)
    names = rng.sample(sorted(texts), min(paragraphs, len(texts)))
    chosen = {name: texts[name] for name in names}
    possible = [question for question in all_questions if question.document in chosen]
    return chosen, rng.sample(possible, min(questions, len(possible)))


def open_folder(texts: dict[str, str], folder: Path) -> Retriever:
    """A retriever over an index of the texts, both below the folder."""
    write_folder(texts, folder / "docs")
    build_index(folder / "docs", folder / "index", IndexSettings(), lambda *_: None)
    return open_retriever(open_store(folder / "index"))
