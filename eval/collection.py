"""Folders of documents with judged questions on them: the seed set, other folders, SQuAD files and BEIR folders."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path

from bot.folders import seeds_folder
from eval.dataset import Evidence, Question, read_questions
from retrieval.documents.files import list_files
from retrieval.documents.sources import SOURCES_NAME
from retrieval.errors import EvaluationError
from retrieval.training.mistyped import mistyped
from retrieval.training.squad import SquadQuestion, read_squad

Unit = Literal["passage", "document"]
Qrels = Mapping[str, Mapping[str, int]]
"""Relevance grades, 0 or more, by query and then by the name of the passage or document."""

DOCS_NAME, QUESTIONS_NAME = "docs", "questions.jsonl"
_COMPLETE = "complete"  # the ending of a file that marks a folder written to its end


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of documents and the questions on it.

    `unit` is what the qrels judge. `qrels` are those that came with the collection, by document; None where the
    questions' evidence says what is relevant. `has_answers` is false where only the search can be scored. `sha256` is
    the hash of the documents. `paragraphs` names the document that each question of a SQuAD file was asked about.
    """

    name: str
    docs: Path
    questions: tuple[Question, ...]
    unit: Unit
    sha256: str
    qrels: Qrels | None = None
    has_answers: bool = True
    paragraphs: Mapping[str, str] = field(default_factory=dict)


def seed_collection() -> Collection:
    """The seed documents and the evaluation set."""
    docs = seeds_folder()
    return Collection(
        name="seeds", docs=docs, questions=tuple(read_questions()), unit="passage", sha256=folder_sha256(docs)
    )


def folder_collection(folder: Path) -> Collection:
    """A folder with documents in docs/ and judged questions on them in questions.jsonl. Raises EvaluationError."""
    docs, questions = folder / DOCS_NAME, folder / QUESTIONS_NAME
    if not docs.is_dir() or not questions.is_file():
        raise EvaluationError(
            f"{folder} can't be scored: put documents in {docs} and questions in {questions}; "
            "eval/README.md describes the format"
        )
    return Collection(
        name=folder.resolve().name,
        docs=docs,
        questions=tuple(read_questions(questions)),
        unit="passage",
        sha256=folder_sha256(docs),
    )


def folder_collections(parent: Path) -> list[Collection]:
    """Every folder of `parent` that has a questions.jsonl, by name. Raises EvaluationError where there is none."""
    found = sorted(path.parent for path in parent.glob(f"*/{QUESTIONS_NAME}"))
    if not found:
        raise EvaluationError(f"no folder in {parent} has a {QUESTIONS_NAME}; use --folder for a single one")
    return [folder_collection(folder) for folder in found]


def squad_collection(path: Path) -> Collection:
    """A SQuAD 1.1 or 2.0 file: each paragraph a document, all questions in the test split. Raises DocumentError."""
    texts, asked = read_squad(path)
    name = path.name.split(".")[0]
    docs, sha256 = _cached_folder(name, [(file, "", text) for file, text in texts.items()])
    return Collection(
        name=name,
        docs=docs,
        questions=tuple(_squad_question(question) for question in asked),
        unit="document",
        sha256=sha256,
        paragraphs={question.id: question.document for question in asked},
    )


def translated_collection(collection: Collection, path: Path) -> Collection:
    """The collection with each question as another SQuAD file words it, joined by id; the others are left out.

    Documents, answers and evidence stay. The file does not state its language, so it is "und" (undetermined). Raises
    DocumentError, and EvaluationError where the two have no question in common.
    """
    wording = {question.id: question.question for question in read_squad(path)[1]}
    asked = [
        replace(question, question=wording[question.id], language="und")
        for question in collection.questions
        if question.id in wording
    ]
    if not asked:
        raise EvaluationError(f"{path} has no question of {collection.name}; the ids of both files must agree")
    return replace(collection, name=f"{path.name.split('.')[0]}-over-{collection.name}", questions=tuple(asked))


def _squad_question(asked: SquadQuestion) -> Question:
    spans = sorted({(start, start + len(text)) for text, start in asked.answers})
    evidence = tuple(Evidence(asked.document, (span,)) for span in spans)
    answers = tuple(dict.fromkeys(text for text, _ in asked.answers))
    return Question(
        id=asked.id,
        split="test",
        kind="fact" if evidence else "unanswerable",
        language="en",
        question=asked.question,
        answers=answers,
        evidence=evidence,
    )


def mistyped_collection(collection: Collection, seed: int) -> Collection:
    """The same collection with two to four typos in every question that has enough long words."""
    chance = random.Random(seed)
    asked = [
        replace(question, question=mistyped(mistyped(question.question, chance), chance))
        for question in collection.questions
    ]
    return replace(collection, name=f"{collection.name}-mistyped", questions=tuple(asked))


def beir_collection(folder: Path) -> Collection:
    """A BEIR folder (corpus.jsonl, queries.jsonl, qrels.tsv or qrels/test.tsv): only the search is scored.

    Raises EvaluationError, also for qrels that name unknown documents or queries.
    """
    corpus = list(_json_lines(folder / "corpus.jsonl"))
    queries = {str(query["_id"]): str(query["text"]) for query in _json_lines(folder / "queries.jsonl")}
    files = {str(document["_id"]): f"document{number:06d}.txt" for number, document in enumerate(corpus)}
    judged = read_qrels_tsv(next((path for path in _qrels_files(folder) if path.is_file()), folder / "qrels.tsv"))
    dangling = sorted(
        {id_ for row in judged.values() for id_ in row if id_ not in files} | (judged.keys() - queries.keys())
    )
    if dangling:
        raise EvaluationError(
            f"{folder}: unknown queries or documents in the qrels: {', '.join(dangling[:5])}; correct the qrels"
        )
    texts = [
        (files[str(document["_id"])], str(document.get("title") or ""), str(document.get("text") or ""))
        for document in corpus
    ]
    docs, sha256 = _cached_folder(folder.name, texts)
    qrels = {query: {files[id_]: grade for id_, grade in row.items()} for query, row in judged.items()}
    questions = tuple(
        Question(id=query, split="test", kind="fact", language="en", question=queries[query]) for query in qrels
    )
    return Collection(
        name=folder.name,
        docs=docs,
        questions=questions,
        unit="document",
        sha256=sha256,
        qrels=qrels,
        has_answers=False,
    )


def _qrels_files(folder: Path) -> Iterator[Path]:
    yield from (folder / "qrels" / "test.tsv", folder / "qrels" / "dev.tsv", folder / "qrels.tsv")


def read_qrels_tsv(path: Path) -> dict[str, dict[str, int]]:
    """BEIR qrels: a header line, then query-id, corpus-id and score separated by tabs. Raises EvaluationError."""
    qrels: dict[str, dict[str, int]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if number and row:
                    query, document, score = row
                    qrels.setdefault(query, {})[document] = int(score)
    except (OSError, ValueError) as error:
        raise EvaluationError(
            f"can't read the qrels in {path}: {error}; a header and three columns separated by tabs are expected"
        ) from error
    return qrels


def _json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise EvaluationError(
            f"can't read {path}: {error}; a BEIR folder has corpus.jsonl, queries.jsonl and qrels"
        ) from error


def folder_sha256(docs: Path) -> str:
    """The hash of a folder's documents, their names and its SOURCES.toml."""
    digest = hashlib.sha256()
    stated = [docs / SOURCES_NAME] if (docs / SOURCES_NAME).is_file() else []
    for path in [*list_files(docs), *stated]:
        digest.update(path.relative_to(docs).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _cached_folder(name: str, texts: Sequence[tuple[str, str, str]]) -> tuple[Path, str]:
    """A cached folder with these (file, title, text) as documents, and the hash of its content."""
    sha256 = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    docs = user_cache_path("quoth") / "eval" / "documents" / re.sub(r"\W+", "-", name) / sha256[:16]
    if not (docs.parent / f"{docs.name}.{_COMPLETE}").is_file():
        shutil.rmtree(docs.parent, ignore_errors=True)
        docs.mkdir(parents=True)
        for file, title, text in texts:
            (docs / file).write_text(text if text.strip() else title, encoding="utf-8", errors="replace", newline="")
        stated = [f"[{json.dumps(file)}]\ntitle = {_toml(title)}\n" for file, title, _ in texts if title]
        if stated:
            (docs / SOURCES_NAME).write_text("\n".join(stated), encoding="utf-8")
        (docs.parent / f"{docs.name}.{_COMPLETE}").touch()
    return docs, sha256


def _toml(text: str) -> str:
    """A basic string of TOML. It is JSON's, except that TOML also escapes DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
