"""Stored states -> a trained multilingual reader.

    python -m retrieval.training.multilingual.train FOLDER [FOLDER ...] --to FOLDER [--epochs 1] [--from FOLDER]

Each FOLDER was written by states.py. Each question gets a passage of its paragraph, with its answer if it has one. A
third of those with an answer get another paragraph of the same article too, which lacks the answer's words. Training
goes as for the English reader (train_reader.py), whose upper layers this network begins with unless --from names one
trained before.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from retrieval.answer.multilingual import QUESTION_TOKENS
from retrieval.answer.ranking import MODELS
from retrieval.answer.reader import NETWORK_FILE, TOKENIZER_FILE
from retrieval.spans import Span
from retrieval.training.example_file import batch_width
from retrieval.training.examples import ANSWER_TOKENS, random_view, sentence_ranges
from retrieval.training.multilingual.state_network import (
    END,
    MIDDLE,
    NO_ANSWER,
    PASSAGE,
    QUESTION,
    StateNetwork,
    starting_network,
)
from retrieval.training.multilingual.states import StoredSquad
from retrieval.training.network import load_network, load_saved
from retrieval.training.train_reader import add_plan, plan_of, train

OTHER_PARAGRAPH = 0.35  # of the questions with an answer; a guess
_SIZES = (45, 170)  # word pieces of a passage, smallest and largest; an index's passages have at most 160
_TRIES = 5  # paragraphs drawn to find one without the answer's words


@dataclass(frozen=True, slots=True)
class StateExample:
    """A question of a stored file with a part of a paragraph.

    `view` is the part, as a range of the paragraph's pieces; `answer` is a range of the view's, None for none.
    """

    squad: StoredSquad
    question: int
    paragraph: int
    view: Span
    answer: Span | None


class StateExamples:
    """Examples as a run is trained on them (train_reader.TrainingExamples)."""

    def __init__(self, examples: Sequence[StateExample]) -> None:
        self._examples = examples

    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of pieces of each view."""
        return np.array([example.view[1] - example.view[0] for example in self._examples])

    def collate(self, rows: Sequence[int]) -> tuple[Tensor, ...]:
        """states, mask and kinds as StateNetwork takes them, allowed and places as TrainingExamples says."""
        examples = [self._examples[row] for row in rows]
        texts = [
            (
                example.squad.of_questions.states(example.question)[-QUESTION_TOKENS:],
                example.squad.of_paragraphs.states(example.paragraph)[slice(*example.view)],
            )
            for example in examples
        ]
        width = batch_width(max(len(asked) + len(passage) + 3 for asked, passage in texts))
        states = np.zeros((len(rows), width, texts[0][0].shape[1]), np.float32)
        kinds = np.full((len(rows), width), PASSAGE, np.int64)
        mask, allowed = np.zeros((len(rows), width), np.int64), np.zeros((len(rows), width), np.bool_)
        places = np.zeros((len(rows), 2), np.int64)
        for row, (example, (asked, passage)) in enumerate(zip(examples, texts, strict=True)):
            middle = len(asked) + 1
            end = middle + 1 + len(passage)
            states[row, 1:middle], states[row, middle + 1 : end] = asked, passage
            kinds[row, 1:middle] = QUESTION
            kinds[row, [0, middle, end]] = NO_ANSWER, MIDDLE, END
            mask[row, : end + 1] = 1
            allowed[row, 0] = allowed[row, middle + 1 : end] = True
            if example.answer:
                places[row] = middle + 1 + example.answer[0], middle + example.answer[1]
        return tuple(torch.from_numpy(array) for array in (states, mask, kinds, allowed, places))


def make_examples(squads: Sequence[StoredSquad], seed: int) -> StateExamples:
    """The examples of all questions; the seed determines every random choice."""
    rng = random.Random(seed)
    return StateExamples([example for squad in squads for example in _examples(squad, rng)])


def _examples(squad: StoredSquad, rng: random.Random) -> Iterator[StateExample]:
    sentences = [
        sentence_ranges(paragraph.text, squad.of_paragraphs.spans(number).tolist())
        for number, paragraph in enumerate(squad.paragraphs)
    ]
    of_title: dict[str, list[int]] = defaultdict(list)
    for number, paragraph in enumerate(squad.paragraphs):
        if sentences[number]:
            of_title[paragraph.title].append(number)
    for number, question in enumerate(squad.questions):
        home = question.paragraph
        answer = _pieces(squad, home, question.answer) if question.answer else None
        is_lost = question.answer is not None and (answer is None or answer[1] - answer[0] > ANSWER_TOKENS)
        if is_lost or not sentences[home]:
            continue
        view = random_view(sentences[home], answer, _SIZES, rng)
        inside = (answer[0] - view[0], answer[1] - view[0]) if answer else None
        yield StateExample(squad, number, home, view, inside)
        if question.answer and rng.random() < OTHER_PARAGRAPH:
            words = squad.paragraphs[home].text[slice(*question.answer)]
            drawn = (rng.choice(of_title[squad.paragraphs[home].title]) for _ in range(_TRIES))
            other = next((one for one in drawn if words not in squad.paragraphs[one].text), None)
            if other is not None:
                yield StateExample(squad, number, other, random_view(sentences[other], None, _SIZES, rng), None)


def _pieces(squad: StoredSquad, paragraph: int, answer: Span) -> Span | None:
    """The range of pieces that the answer covers; None where the encoder did not read so far."""
    spans = squad.of_paragraphs.spans(paragraph)
    covered = np.flatnonzero((spans[:, 0] < answer[1]) & (answer[0] < spans[:, 1]))
    return (int(covered[0]), int(covered[-1]) + 1) if len(covered) else None


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("states", type=Path, nargs="+", help="folders that states.py wrote")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--from", dest="start", type=Path, help="the folder of a multilingual network to start from")
    parser.add_argument(
        "--english",
        type=Path,
        default=MODELS / NETWORK_FILE,
        help="the English reader that it begins with",
    )
    add_plan(parser)
    given = parser.parse_args(argv)
    plan = plan_of(given)
    squads = [StoredSquad(folder) for folder in given.states]
    if given.start:
        network = load_saved(given.start, StateNetwork)
    else:
        tokenizer = Tokenizer.from_file(str(MODELS / TOKENIZER_FILE))
        tokenizer.no_truncation()
        network = starting_network(load_network(given.english).eval(), squads[0], tokenizer, given.seed)
    epochs = [make_examples(squads, given.seed + number) for number in range(given.epochs)]
    train(epochs, network, plan, given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
