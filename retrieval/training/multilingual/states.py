"""SQuAD files -> the encoder's hidden states of their paragraphs and questions, on disk.

    python -m retrieval.training.multilingual.states TRAIN.json.gz [MORE.json.gz ...] --to FOLDER

The encoder's lower layers are not trained, and they read a paragraph without its questions. So each text goes through
them once, and training reads the states: 768 bytes for a word piece, some 4 GB for SQuAD. Files with the same
paragraphs share them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from retrieval.encoder.encoder import Encoder
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.settings import DEFAULT_MODEL
from retrieval.spans import Span
from retrieval.training.squad import read_squad, read_titles

States = npt.NDArray[np.float16]
_STATES, _BEGINS, _SPANS = "states.f16", "begins.npy", "spans.npy"


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question, the number of its paragraph, and its answer's span there, None where there is none."""

    question: str
    paragraph: int
    answer: Span | None


@dataclass(frozen=True, slots=True)
class StoredParagraph:
    """A paragraph and the title of its article."""

    text: str
    title: str


class StoredStates:
    """The states of many texts in a folder, mapped: text i has the rows begins[i] to begins[i + 1]."""

    def __init__(self, folder: Path, width: int) -> None:
        self._states = np.memmap(folder / _STATES, np.float16, "r").reshape(-1, width)
        self._begins: npt.NDArray[np.int64] = np.load(folder / _BEGINS)
        self._spans: npt.NDArray[np.int32] = np.load(folder / _SPANS)

    def states(self, number: int) -> States:
        """Shape (pieces, width)."""
        return self._states[self._begins[number] : self._begins[number + 1]]

    def spans(self, number: int) -> npt.NDArray[np.int32]:
        """Where each piece stands in the text, shape (pieces, 2)."""
        return self._spans[self._begins[number] : self._begins[number + 1]]

    def size(self, number: int) -> int:
        """The number of pieces."""
        return int(self._begins[number + 1] - self._begins[number])


class StoredSquad:
    """What `save_squad` wrote: questions and paragraphs, and the states of both."""

    def __init__(self, folder: Path) -> None:
        stored = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        self.paragraphs = [StoredParagraph(**entry) for entry in stored["paragraphs"]]
        self.questions = [
            StoredQuestion(entry["question"], entry["paragraph"], tuple(entry["answer"]) if entry["answer"] else None)
            for entry in stored["questions"]
        ]
        self.of_paragraphs = StoredStates(folder / "paragraphs", stored["width"])
        self.of_questions = StoredStates(folder / "questions", stored["width"])


def save_squad(paths: Sequence[Path], folder: Path, encoder: Encoder) -> None:
    """Write the questions whose answer has a certain position, their paragraphs, and the states of both."""
    paragraphs: dict[str, int] = {}
    titles: list[str] = []
    questions: list[StoredQuestion] = []
    for path in paths:
        texts, asked = read_squad(path)
        title_of = read_titles(path)
        for name, text in texts.items():
            if text not in paragraphs:
                paragraphs[text] = len(paragraphs)
                titles.append(title_of[name])
        for question in asked:
            answer = next(((start, start + len(text)) for text, start in question.answers), None)
            questions.append(StoredQuestion(question.question, paragraphs[texts[question.document]], answer))
    info = encoder.info
    _save_states(list(paragraphs), info.passage_prompt, folder / "paragraphs", encoder)
    _save_states([stored.question for stored in questions], info.query_prompt, folder / "questions", encoder)
    stored = {
        "width": info.dimension,
        "paragraphs": [{"text": text, "title": title} for text, title in zip(paragraphs, titles, strict=True)],
        "questions": [asdict(question) for question in questions],
    }
    (folder / "texts.json").write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")


def _save_states(texts: Sequence[str], prompt: str, folder: Path, encoder: Encoder) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    spans: list[Span] = []
    begins = [0]
    with (folder / _STATES).open("wb") as file:
        for text in tqdm(texts, desc=folder.name, file=sys.stderr):
            found = encoder.token_states(text, prompt)
            file.write(found.states.astype(np.float16).tobytes())
            spans += found.spans
            begins.append(len(spans))
    np.save(folder / _BEGINS, np.array(begins))
    np.save(folder / _SPANS, np.array(spans, np.int32).reshape(-1, 2))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, nargs="+", help="SQuAD files, .json or .json.gz")
    parser.add_argument("--to", type=Path, required=True, help="the folder to write")
    given = parser.parse_args(argv)
    save_squad(given.train, given.to, load_encoder(prepare_encoder(DEFAULT_MODEL)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
