"""Judged conversations: several turns each, asked one after the other over one folder of documents.

eval/README.md says how they are written and judged. Nothing here asks a question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.folders import seeds_folder
from eval.collection import DOCS_NAME, Collection, folder_sha256
from eval.dataset import SPLITS, Evidence, Split
from retrieval.errors import EvaluationError

TurnKind = Literal[
    "fact",
    "follow-up",
    "correction",
    "collection",
    "list",
    "yes-no",
    "comparison",
    "smalltalk",
    "unanswerable",
]
TURN_KINDS: tuple[TurnKind, ...] = get_args(TurnKind)
SEEDS = "seeds"
_HERE = Path(__file__).parent
JUDGED, FOLDERS = _HERE / "conversations", _HERE / "folders"
"""The judged conversations, a file for each folder of documents, and these folders; the seeds stand elsewhere."""


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """A question of a conversation and what counts as its right answer.

    `alone` is the same question written so that it stands alone, None where it already does. `answers` are the accepted
    short answers and `evidence` the places that answer, the clearest first; both are empty for small talk and where no
    document answers. With `is_all`, every place must be shown, not one of them; with `is_ordered`, in this order; with
    `is_only`, nothing else.
    """

    question: str
    kind: TurnKind
    alone: str | None = None
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    is_all: bool = False
    is_ordered: bool = False
    is_only: bool = False

    @property
    def is_answerable(self) -> bool:
        return bool(self.evidence or self.answers)

    @property
    def is_about_documents(self) -> bool:
        """Whether it asks about the collection; a follow-up does where no short answer or only these places may do."""
        is_whole_place = bool(self.evidence) and (not self.answers or self.is_ordered or self.is_only)
        return self.kind == "collection" or is_whole_place


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in the order in which they are asked, over the documents of `folder`."""

    id: str
    folder: str
    split: Split
    language: str
    turns: tuple[AskedTurn, ...]


def read_conversations(
    split: Split | None = None, folders: Sequence[str] = (), path: Path = JUDGED
) -> list[Conversation]:
    """The conversations over these folders (all without a name) of one split or both, by folder, in file order.

    Raises EvaluationError for a folder without conversations, and for bad lines, which it names.
    """
    files = {file.stem: file for file in sorted(path.glob("*.jsonl"))}
    unknown = [name for name in folders if name not in files]
    if unknown or not files:
        raise EvaluationError(
            f"no conversations over {', '.join(unknown) or 'any folder'} in {path} "
            f"(there: {', '.join(files) or 'none'}); write them as eval/README.md describes"
        )
    read = [one for name, file in files.items() if not folders or name in folders for one in _of_file(file)]
    kept = [one for one in read if split in (None, one.split)]
    if not kept:
        raise EvaluationError(
            f"no conversation of the {split} split over {', '.join(folders or files)}; leave out --split, or name "
            "another --folder"
        )
    return kept


def _of_file(file: Path) -> list[Conversation]:
    found: dict[str, Conversation] = {}
    bad: list[str] = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"can't read the conversations in {file}: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            one = conversation_of(file.stem, json.loads(line))
            if one.id in found:
                raise ValueError(f"the id {one.id} is used twice")
            found[one.id] = one
        except (ValueError, KeyError, TypeError) as error:
            bad.append(f"line {number} ({error!r})")
    if bad:
        raise EvaluationError(f"{file} has invalid lines: {', '.join(bad[:5])}; eval/README.md describes the format")
    return list(found.values())


def conversation_of(folder: str, given: Mapping[str, Any]) -> Conversation:
    """A conversation from its line of JSON. Raises ValueError, KeyError or TypeError."""
    if given["split"] not in SPLITS:
        raise ValueError(f"unknown split: {given['split']}")
    turns = tuple(_turn_of(turn) for turn in given["turns"])
    if not turns:
        raise ValueError("a conversation needs a turn")
    return Conversation(given["id"], folder, given["split"], given["language"], turns)


def _turn_of(given: Mapping[str, Any]) -> AskedTurn:
    kind, match = given["kind"], given.get("match", "any")
    if kind not in TURN_KINDS or match not in ("any", "all"):
        raise ValueError(f"unknown kind or match: {kind}, {match}")
    turn = AskedTurn(
        question=given["question"],
        kind=kind,
        alone=given.get("alone"),
        answers=tuple(given["answers"]),
        evidence=tuple(Evidence(row["document"], tuple((a, b) for a, b in row["spans"])) for row in given["evidence"]),
        is_all=match == "all",
        is_ordered=given.get("ordered", False),
        is_only=given.get("only", False),
    )
    if turn.is_answerable == (kind in ("smalltalk", "unanswerable")):
        raise ValueError(f"a question of kind {kind} {'has' if turn.is_answerable else 'needs'} answers or evidence")
    if kind in ("follow-up", "correction") and not turn.alone:
        raise ValueError(f"a {kind} needs its stand-alone form, alone")
    return turn


def documents_of(folder: str, folders: Path = FOLDERS) -> Collection:
    """The documents that the conversations of this folder ask about, without questions. Raises EvaluationError."""
    docs = seeds_folder() if folder == SEEDS else folders / folder / DOCS_NAME
    if not docs.is_dir():
        raise EvaluationError(f"the documents of the conversations over {folder} are missing: put them in {docs}")
    return Collection(name=folder, docs=docs, questions=(), unit="passage", sha256=folder_sha256(docs))
