"""SQuAD files -> what the reader is trained on: word pieces of a question with a passage, and where the answer stands.

    python -m retrieval.training.examples TRAIN.json.gz [MORE.json.gz ...] --to EXAMPLES.npz [--seed 0]

Passages are made as the reader meets them: whole sentences, about as many word pieces as an index's passages, some with
a title before them, some paragraphs as they are. A question gets one passage with its answer, and often one without it,
on which the reader should find nothing:
- a passage of the collection that BM25 ranks high for the question and that lacks the answer's words;
- other sentences of the same paragraph;
- the same passage, where the question was changed: another name, number or word, the opposite, a denial (changes.py);
- the same question, where a name was exchanged throughout the passage.
So that a changed name alone tells nothing, some names are exchanged in question and passage alike, with the answer.
Questions whose answer's place is not known for sure are left out. Another seed makes other passages of the same
questions: one file an epoch.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from tqdm import tqdm

from retrieval.answer.network import HEADER_TOKENS, QUESTION_TOKENS, WINDOW_TOKENS, special_pieces
from retrieval.documents.passages import split_sentences
from retrieval.encoder.prepare import find_source
from retrieval.encoder.prepared import TOKENIZER
from retrieval.index.sparse import SparseIndex
from retrieval.schema import Span
from retrieval.settings import DEFAULT_MODEL
from retrieval.text import terms
from retrieval.training.changes import Neighbours, another_name, denied, names, opposite, renamed
from retrieval.training.mistyped import mistyped
from retrieval.training.squad import SquadQuestion, read_squad, read_titles

# Shares of the questions; guesses, untested but for what eval/LOG.md says.
WHOLE_PARAGRAPH = 0.35
WITH_HEADER = 0.6
BM25_NEGATIVE = 0.35
SAME_PARAGRAPH_NEGATIVE = 0.15
CHANGED_QUESTION = 0.6
RENAMED, RENAMED_PASSAGE = 0.25, 0.6
WAYS = 0.4, 0.4, 0.3, 0.05  # of changing a question: another name, another word, the opposite, a denial
NO_QUESTION_MARK = 0.15
MISTYPED = 0.12
ANSWER_TOKENS = 100
_SIZES = (40, 130)  # word pieces of a passage; an index's have at most 120
_LOOKED_AT = 12  # passages BM25 finds, of which one is taken


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in word pieces: `spans` are their places in the text, `sentences` ranges of word pieces."""

    title: tuple[int, ...]
    text: str
    pieces: tuple[int, ...]
    spans: tuple[Span, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """[CLS] question [SEP] passage [SEP] in word pieces.

    `question` counts the pieces up to and with the first [SEP]; `first` is where the passage's own words begin, after
    its title. The answer is pieces[start:end + 1]; both are 0, the place of [CLS], where there is none.
    """

    pieces: tuple[int, ...]
    question: int
    first: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """Names and numbers of an article's questions, and the words of its texts in lower case."""

    names: list[str]
    words: frozenset[str]


class Maker:
    """Makes the examples of questions on paragraphs; all chance comes from the seed."""

    def __init__(
        self, tokenizer: Tokenizer, paragraphs: dict[str, Paragraph], neighbours: Neighbours, seed: int
    ) -> None:
        self._tokenizer, self._paragraphs = tokenizer, paragraphs
        self._neighbours = neighbours
        self._chance = random.Random(seed)
        self._cls, self._sep = special_pieces(tokenizer)
        self._names = list(paragraphs)
        self._sparse = SparseIndex.build([terms(paragraph.text) for paragraph in paragraphs.values()])

    def examples(self, asked: SquadQuestion, article: Article) -> Iterator[Example]:
        """Those of one question."""
        paragraph = self._paragraphs[asked.document]
        answer = answer_pieces(paragraph, asked)
        if answer is None or answer[1] - answer[0] > ANSWER_TOKENS:
            return
        seen = self._view(paragraph, answer)
        yield from self._renamed(asked, article)
        yield self._example(asked.question, paragraph, seen, answer)
        if self._chance.random() < BM25_NEGATIVE:
            other = self._found_elsewhere(asked)
            if other:
                yield self._example(asked.question, other, self._view(other, None), None)
        if self._chance.random() < SAME_PARAGRAPH_NEGATIVE:
            beside = self._beside(paragraph, answer, asked)
            if beside:
                yield self._example(asked.question, paragraph, beside, None)
        if self._chance.random() < CHANGED_QUESTION:
            changed = self._changed(asked.question, article, paragraph)
            if changed:
                yield self._example(changed, paragraph, seen, None)

    def _renamed(self, asked: SquadQuestion, article: Article) -> Iterator[Example]:
        """With a name exchanged in question and passage alike, and in the passage alone."""
        if self._chance.random() >= RENAMED:
            return
        changed = renamed(
            asked.question, self._paragraphs[asked.document].text, asked.answers[0], article.names, self._chance
        )
        if changed is None:
            return
        question, text, answer = changed
        paragraph = next(iter(read_paragraphs({"": text}, {"": ""}, self._tokenizer).values()))
        place = answer_pieces(paragraph, replace(asked, answers=(answer,)))
        if place is not None:
            seen = self._view(paragraph, place)
            yield self._example(question, paragraph, seen, place)
            if self._chance.random() < RENAMED_PASSAGE:
                yield self._example(asked.question, paragraph, seen, None)

    def _view(self, paragraph: Paragraph, answer: Span | None) -> Span:
        """The word pieces to show: the whole paragraph, or sentences of it with the answer's."""
        size = len(paragraph.pieces)
        if size <= WINDOW_TOKENS and self._chance.random() < WHOLE_PARAGRAPH:
            return 0, size
        must = answer or self._chance.choice(paragraph.sentences)
        holding = [number for number, (a, b) in enumerate(paragraph.sentences) if a < must[1] and must[0] < b]
        low, high = holding[0], holding[-1] + 1
        room = self._chance.randint(*_SIZES)
        while True:
            grown = [
                pair
                for pair in ((low - 1, high), (low, high + 1))
                if pair[0] >= 0
                and pair[1] <= len(paragraph.sentences)
                and paragraph.sentences[pair[1] - 1][1] - paragraph.sentences[pair[0]][0] <= room
            ]
            if not grown:
                break
            low, high = self._chance.choice(grown)
        return self._cut((paragraph.sentences[low][0], paragraph.sentences[high - 1][1]), answer)

    def _cut(self, view: Span, answer: Span | None) -> Span:
        """The view, or where it is overlong a stretch of it that holds the answer."""
        if view[1] - view[0] <= WINDOW_TOKENS:
            return view
        start, end = answer or (view[0], view[0] + 1)
        first = self._chance.randint(max(view[0], end - WINDOW_TOKENS), min(start, view[1] - WINDOW_TOKENS))
        return first, first + WINDOW_TOKENS

    def _beside(self, paragraph: Paragraph, answer: Span, asked: SquadQuestion) -> Span | None:
        """The longer side of the paragraph, before or after the answer's sentences, if it lacks the answer's words."""
        before = [end for _, end in paragraph.sentences if end <= answer[0]]
        after = [start for start, _ in paragraph.sentences if start >= answer[1]]
        sides = [(0, before[-1])] if before else []
        sides += [(after[0], len(paragraph.pieces))] if after else []
        for start, end in sorted(sides, key=lambda side: side[0] - side[1]):
            text = paragraph.text[paragraph.spans[start][0] : paragraph.spans[end - 1][1]]
            if end - start >= 20 and not _says(text, asked):
                return self._cut((start, end), None)
        return None

    def _found_elsewhere(self, asked: SquadQuestion) -> Paragraph | None:
        scores = self._sparse.score(terms(asked.question))
        rows = np.argpartition(-scores, _LOOKED_AT)[:_LOOKED_AT] if len(scores) > _LOOKED_AT else np.arange(len(scores))
        names = [self._names[int(row)] for row in rows if scores[row] > 0]
        self._chance.shuffle(names)
        for name in names:
            if name != asked.document and not _says(self._paragraphs[name].text, asked):
                return self._paragraphs[name]
        return None

    def _changed(self, question: str, article: Article, paragraph: Paragraph) -> str | None:
        """The question changed in one way, by chance, of those that can be; None where none can."""
        chance = self._chance
        near = names(paragraph.text) if chance.random() < 0.5 else article.names
        ways = (
            another_name(question, near, chance),
            self._neighbours.another_word(question, article.words, chance),
            opposite(question, chance),
            denied(question, chance),
        )
        possible = [(way, weight) for way, weight in zip(ways, WAYS, strict=True) if way]
        if not possible:
            return None
        return chance.choices([way for way, _ in possible], [weight for _, weight in possible])[0]

    def _example(self, question: str, paragraph: Paragraph, view: Span, answer: Span | None) -> Example:
        if self._chance.random() < NO_QUESTION_MARK:
            question = question.rstrip("? ")
        if self._chance.random() < MISTYPED:
            question = mistyped(question, self._chance)
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[-QUESTION_TOKENS:]
        title = paragraph.title if self._chance.random() < WITH_HEADER else ()
        opening = len(asked) + 2
        first = opening + len(title)
        pieces = (self._cls, *asked, self._sep, *title, *paragraph.pieces[slice(*view)], self._sep)
        place = (first + answer[0] - view[0], first + answer[1] - 1 - view[0]) if answer else (0, 0)
        return Example(pieces, opening, first, *place)


def _says(text: str, asked: SquadQuestion) -> bool:
    return any(words.lower() in text.lower() for words, _ in asked.answers)


def answer_pieces(paragraph: Paragraph, asked: SquadQuestion) -> Span | None:
    """The range of word pieces that the question's first answer covers; None for one without an answer."""
    if not asked.answers:
        return None
    text, start = asked.answers[0]
    covered = [n for n, (a, b) in enumerate(paragraph.spans) if a < start + len(text) and start < b]
    return (covered[0], covered[-1] + 1) if covered else None


def read_paragraphs(texts: dict[str, str], titles: dict[str, str], tokenizer: Tokenizer) -> dict[str, Paragraph]:
    """The texts in word pieces and sentences."""
    paragraphs = {}
    ordered = list(texts)
    coded = tokenizer.encode_batch([texts[name] for name in ordered], add_special_tokens=False)
    for name, row in zip(ordered, coded, strict=True):
        if row.ids:
            title = tokenizer.encode(titles[name].replace("_", " "), add_special_tokens=False).ids[:HEADER_TOKENS]
            sentences = _sentence_ranges(texts[name], row.offsets)
            paragraphs[name] = Paragraph(tuple(title), texts[name], tuple(row.ids), tuple(row.offsets), sentences)
    return paragraphs


def _sentence_ranges(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences as ranges of word pieces, one after the other without a gap."""
    starts = [start for start, _ in split_sentences(text)]
    firsts = [next((n for n, (a, _) in enumerate(spans) if a >= start), len(spans)) for start in starts]
    edges = sorted({0, *firsts, len(spans)})
    return tuple(pairwise(edges))


def save_examples(examples: Sequence[Example], path: Path) -> None:
    """One file: all word pieces in a row, where each example begins, and its four numbers."""
    np.savez(
        path,
        pieces=np.array([piece for example in examples for piece in example.pieces], np.uint16),
        begins=np.cumsum([0, *(len(example.pieces) for example in examples)]),
        places=np.array([(e.question, e.first, e.start, e.end) for e in examples], np.int32),
    )


@dataclass(frozen=True, slots=True)
class Examples:
    """A file of examples: `pieces[begins[i]:begins[i + 1]]` is example i, `places[i]` its four numbers."""

    pieces: npt.NDArray[np.uint16]
    begins: npt.NDArray[np.int64]
    places: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.places)


def load_examples(path: Path) -> Examples:
    with np.load(path) as stored:
        return Examples(stored["pieces"], stored["begins"], stored["places"])


def load_tokenizer(source: Path) -> Tokenizer:
    """The word pieces of the model in a folder, nothing cut and nothing added."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def make_examples(paths: Sequence[Path], seed: int, limit: int | None = None) -> list[Example]:
    """The examples of the files' questions, at most `limit` questions."""
    tokenizer = load_tokenizer(find_source(DEFAULT_MODEL))
    texts: dict[str, str] = {}
    titles: dict[str, str] = {}
    asked: list[SquadQuestion] = []
    for number, path in enumerate(paths):
        named, questions = read_squad(path)
        texts |= {f"{number}/{name}": text for name, text in named.items()}
        titles |= {f"{number}/{name}": title for name, title in read_titles(path).items()}
        asked += [SquadQuestion(q.id, q.question, f"{number}/{q.document}", q.answers) for q in questions]
    if limit is not None and limit < len(asked):
        asked = random.Random(seed).sample(asked, limit)
    paragraphs = read_paragraphs(texts, titles, tokenizer)
    asked = [question for question in asked if question.document in paragraphs]
    articles = read_articles(texts, titles, asked)
    maker = Maker(tokenizer, paragraphs, Neighbours([question.question for question in asked], texts.values()), seed)
    return [
        example
        for question in tqdm(asked, file=sys.stderr)
        for example in maker.examples(question, articles[titles[question.document]])
    ]


def read_articles(texts: dict[str, str], titles: dict[str, str], asked: Sequence[SquadQuestion]) -> dict[str, Article]:
    """The articles by title."""
    words: dict[str, set[str]] = {}
    for name, text in texts.items():
        words.setdefault(titles[name], set()).update(re.findall(r"\w+", text.lower()))
    named: dict[str, list[str]] = {title: [] for title in words}
    for question in asked:
        named[titles[question.document]] += names(question.question)
    return {title: Article(named[title], frozenset(found)) for title, found in words.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--questions", type=int, help="a sample of so many")
    given = parser.parse_args(argv)
    made = make_examples(given.train, given.seed, given.questions)
    save_examples(made, given.to)
    nulls = sum(example.start == 0 for example in made)
    print(f"{len(made):,} examples, {nulls:,} without an answer, in {given.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
