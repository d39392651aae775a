"""SQuAD files -> training examples for the reader: a question and a passage in word pieces, and the answer's range.

    python -m retrieval.training.examples TRAIN.json.gz [MORE.json.gz ...] --to EXAMPLES.npz [--seed 0]

Passages look like those of an index: whole sentences, about as many word pieces, some with a title before them. Some
are whole paragraphs. Each question gets a passage with its answer, and often negatives, which do not answer it:
- a passage that BM25 ranks high for the question and that does not contain the answer's words;
- other sentences of the same paragraph;
- the same passage with the question changed: another name, number or word, an antonym, a negation, another rank,
  two names exchanged (changes.py);
- the same question with a name replaced throughout the passage.
Some names are replaced in both question and passage, with the answer kept, so that a replaced name alone is no clue.
Questions whose answer has no certain position are left out. Each seed makes other passages of the same questions, so
each epoch can have its own file.
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
from tokenizers import Tokenizer
from tqdm import tqdm

from retrieval.answer.network import HEADER_TOKENS, QUESTION_TOKENS, WINDOW_TOKENS, special_pieces
from retrieval.documents.units import split_sentences
from retrieval.encoder.sources import find_source
from retrieval.encoder.word_pieces import TOKENIZER
from retrieval.index.sparse import SparseIndex
from retrieval.settings import READER_BASE
from retrieval.spans import Span
from retrieval.text import terms
from retrieval.training.changes import (
    Neighbours,
    another_name,
    names,
    negated,
    opposite,
    qualified,
    renamed,
    reversed_relation,
)
from retrieval.training.example_file import Example, save_examples
from retrieval.training.mistyped import mistyped
from retrieval.training.squad import SquadQuestion, contains_answer, read_squad, read_titles

# Shares of the questions; guesses, tested only where eval/LOG.md says so.
WHOLE_PARAGRAPH = 0.35
WITH_HEADER = 0.6
BM25_NEGATIVE = 0.3
SAME_PARAGRAPH_NEGATIVE = 0.1
CHANGED_QUESTION = 0.25  # .6 before people's own unanswerable questions were to be had
RENAMED, RENAMED_PASSAGE = 0.1, 0.6
# another name, another word, an antonym, a negation, another rank or office, two names exchanged
CHANGE_WEIGHTS = 0.4, 0.4, 0.3, 0.05, 0.6, 0.6
NO_QUESTION_MARK = 0.15
MISTYPED = 0.12
ANSWER_TOKENS = 100
_SIZES = (40, 130)  # word pieces of a passage, smallest and largest; an index's passages have at most 120
_BM25_TOP = 12  # best paragraphs, of which one is chosen


@dataclass(frozen=True, slots=True)
class TokenisedParagraph:
    """A paragraph in word pieces: `spans` are their offsets in the text, `sentences` are ranges of word pieces."""

    title: tuple[int, ...]
    text: str
    pieces: tuple[int, ...]
    spans: tuple[Span, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """The names and numbers in an article's questions, and the lower-case words of its texts."""

    names: list[str]
    words: frozenset[str]


class ExampleMaker:
    """Makes training examples from questions on paragraphs; the seed determines every random choice."""

    def __init__(
        self, tokenizer: Tokenizer, paragraphs: dict[str, TokenisedParagraph], neighbours: Neighbours, seed: int
    ) -> None:
        self._tokenizer, self._paragraphs = tokenizer, paragraphs
        self._neighbours = neighbours
        self._rng = random.Random(seed)
        self._cls, self._sep = special_pieces(tokenizer)
        self._names = list(paragraphs)
        self._sparse = SparseIndex.build([terms(paragraph.text) for paragraph in paragraphs.values()])

    def examples(self, question: SquadQuestion, article: Article) -> Iterator[Example]:
        """The examples of one question."""
        paragraph = self._paragraphs[question.document]
        if not question.answers:
            yield self._example(question.question, paragraph, self._view(paragraph, None), None)
            return
        answer = answer_pieces(paragraph, question)
        if answer is None or answer[1] - answer[0] > ANSWER_TOKENS:
            return
        view = self._view(paragraph, answer)
        yield from self._renamed(question, article)
        yield self._example(question.question, paragraph, view, answer)
        if self._rng.random() < BM25_NEGATIVE:
            other = self._bm25_negative(question)
            if other:
                yield self._example(question.question, other, self._view(other, None), None)
        if self._rng.random() < SAME_PARAGRAPH_NEGATIVE:
            other_view = self._view_without_answer(paragraph, answer, question)
            if other_view:
                yield self._example(question.question, paragraph, other_view, None)
        if self._rng.random() < CHANGED_QUESTION:
            changed = self._changed(question.question, article, paragraph)
            if changed:
                yield self._example(changed, paragraph, view, None)

    def _renamed(self, question: SquadQuestion, article: Article) -> Iterator[Example]:
        """Examples with a name replaced in both question and passage, and in the passage alone."""
        if self._rng.random() >= RENAMED:
            return
        old_text = self._paragraphs[question.document].text
        changed = renamed(question.question, old_text, question.answers[0], article.names, self._rng)
        if changed is None:
            return
        new_question, text, new_answer = changed
        paragraph = next(iter(read_paragraphs({"": text}, {"": ""}, self._tokenizer).values()))
        answer = answer_pieces(paragraph, replace(question, answers=(new_answer,)))
        if answer is not None:
            view = self._view(paragraph, answer)
            yield self._example(new_question, paragraph, view, answer)
            if self._rng.random() < RENAMED_PASSAGE:
                yield self._example(question.question, paragraph, view, None)

    def _view(self, paragraph: TokenisedParagraph, answer: Span | None) -> Span:
        """The range of word pieces to show, with the answer if given."""
        return random_view(paragraph.sentences, answer, _SIZES, self._rng)

    def _view_without_answer(self, paragraph: TokenisedParagraph, answer: Span, question: SquadQuestion) -> Span | None:
        """The longer side of the paragraph, before or after the answer's sentences, if it lacks the answer's words."""
        before = [end for _, end in paragraph.sentences if end <= answer[0]]
        after = [start for start, _ in paragraph.sentences if start >= answer[1]]
        sides = [(0, before[-1])] if before else []
        sides += [(after[0], len(paragraph.pieces))] if after else []
        for start, end in sorted(sides, key=lambda side: side[0] - side[1]):
            text = paragraph.text[paragraph.spans[start][0] : paragraph.spans[end - 1][1]]
            if end - start >= 20 and not contains_answer(text, question):
                return _cut((start, end), None, self._rng)
        return None

    def _bm25_negative(self, question: SquadQuestion) -> TokenisedParagraph | None:
        """A paragraph that BM25 ranks high for the question and that lacks the answer's words, or None."""
        scores = self._sparse.score(terms(question.question))
        rows = np.argpartition(-scores, _BM25_TOP)[:_BM25_TOP] if len(scores) > _BM25_TOP else np.arange(len(scores))
        names = [self._names[int(row)] for row in rows if scores[row] > 0]
        self._rng.shuffle(names)
        for name in names:
            if name != question.document and not contains_answer(self._paragraphs[name].text, question):
                return self._paragraphs[name]
        return None

    def _changed(self, question: str, article: Article, paragraph: TokenisedParagraph) -> str | None:
        """The question with one random change out of those that can be made; None where none can."""
        rng = self._rng
        near = names(paragraph.text) if rng.random() < 0.5 else article.names
        changes = (
            another_name(question, near, rng),
            self._neighbours.another_word(question, article.words, rng),
            opposite(question, rng),
            negated(question, rng),
            qualified(question, rng),
            reversed_relation(question, rng),
        )
        possible = [(change, weight) for change, weight in zip(changes, CHANGE_WEIGHTS, strict=True) if change]
        if not possible:
            return None
        return rng.choices([change for change, _ in possible], [weight for _, weight in possible])[0]

    def _example(self, question: str, paragraph: TokenisedParagraph, view: Span, answer: Span | None) -> Example:
        if self._rng.random() < NO_QUESTION_MARK:
            question = question.rstrip("? ")
        if self._rng.random() < MISTYPED:
            question = mistyped(question, self._rng)
        question_pieces = self._tokenizer.encode(question, add_special_tokens=False).ids[-QUESTION_TOKENS:]
        title = paragraph.title if self._rng.random() < WITH_HEADER else ()
        question_size = len(question_pieces) + 2
        first = question_size + len(title)
        pieces = (self._cls, *question_pieces, self._sep, *title, *paragraph.pieces[slice(*view)], self._sep)
        start, end = (first + answer[0] - view[0], first + answer[1] - 1 - view[0]) if answer else (0, 0)
        return Example(pieces=pieces, question=question_size, first=first, start=start, end=end)


def random_view(sentences: Sequence[Span], answer: Span | None, sizes: Span, rng: random.Random) -> Span:
    """The range of word pieces to show: the whole paragraph, or some of its sentences, with the answer if given.

    `sentences` are ranges of word pieces without gaps, at least one; `sizes` are the fewest and the most pieces of a
    passage.
    """
    size = sentences[-1][1]
    if size <= WINDOW_TOKENS and rng.random() < WHOLE_PARAGRAPH:
        return 0, size
    required = answer or rng.choice(sentences)
    holding = [number for number, (a, b) in enumerate(sentences) if a < required[1] and required[0] < b]
    low, high = holding[0], holding[-1] + 1
    room = rng.randint(*sizes)
    while True:
        grown = [
            pair
            for pair in ((low - 1, high), (low, high + 1))
            if pair[0] >= 0 and pair[1] <= len(sentences) and sentences[pair[1] - 1][1] - sentences[pair[0]][0] <= room
        ]
        if not grown:
            break
        low, high = rng.choice(grown)
    return _cut((sentences[low][0], sentences[high - 1][1]), answer, rng)


def _cut(view: Span, answer: Span | None, rng: random.Random) -> Span:
    """The view, or if it is too long a part of it that contains the answer."""
    if view[1] - view[0] <= WINDOW_TOKENS:
        return view
    start, end = answer or (view[0], view[0] + 1)
    first = rng.randint(max(view[0], end - WINDOW_TOKENS), min(start, view[1] - WINDOW_TOKENS))
    return first, first + WINDOW_TOKENS


def answer_pieces(paragraph: TokenisedParagraph, question: SquadQuestion) -> Span | None:
    """The range of word pieces that the question's first answer covers; None for one without an answer."""
    if not question.answers:
        return None
    text, start = question.answers[0]
    covered = [n for n, (a, b) in enumerate(paragraph.spans) if a < start + len(text) and start < b]
    return (covered[0], covered[-1] + 1) if covered else None


def read_paragraphs(
    texts: dict[str, str], titles: dict[str, str], tokenizer: Tokenizer
) -> dict[str, TokenisedParagraph]:
    """The texts as Paragraphs, by name; a text without word pieces is left out."""
    paragraphs = {}
    ordered = list(texts)
    coded = tokenizer.encode_batch([texts[name] for name in ordered], add_special_tokens=False)
    for name, row in zip(ordered, coded, strict=True):
        if row.ids:
            title = tokenizer.encode(titles[name].replace("_", " "), add_special_tokens=False).ids[:HEADER_TOKENS]
            sentences = sentence_ranges(texts[name], row.offsets)
            paragraphs[name] = TokenisedParagraph(
                title=tuple(title),
                text=texts[name],
                pieces=tuple(row.ids),
                spans=tuple(row.offsets),
                sentences=sentences,
            )
    return paragraphs


def sentence_ranges(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences as consecutive ranges of word pieces, without gaps."""
    starts = [start for start, _ in split_sentences(text)]
    firsts = [next((n for n, (a, _) in enumerate(spans) if a >= start), len(spans)) for start in starts]
    edges = sorted({0, *firsts, len(spans)})
    return tuple(pairwise(edges))


def load_tokenizer(source: Path) -> Tokenizer:
    """The tokenizer of the model in a folder, without truncation and padding."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def make_examples(paths: Sequence[Path], seed: int, limit: int | None = None) -> list[Example]:
    """The examples of the files' questions, or of all unanswerable ones and `limit` random answerable ones."""
    tokenizer = load_tokenizer(find_source(READER_BASE))
    texts: dict[str, str] = {}
    titles: dict[str, str] = {}
    questions: list[SquadQuestion] = []
    for number, path in enumerate(paths):
        file_texts, file_questions = read_squad(path)
        texts |= {f"{number}/{name}": text for name, text in file_texts.items()}
        titles |= {f"{number}/{name}": title for name, title in read_titles(path).items()}
        questions += [replace(question, document=f"{number}/{question.document}") for question in file_questions]
    answerable = [question for question in questions if question.answers]
    if limit is not None and limit < len(answerable):
        unanswerable = [question for question in questions if not question.answers]
        questions = random.Random(seed).sample(answerable, limit) + unanswerable
    paragraphs = read_paragraphs(texts, titles, tokenizer)
    questions = [question for question in questions if question.document in paragraphs]
    articles = read_articles(texts, titles, questions)
    neighbours = Neighbours([question.question for question in questions], texts.values())
    maker = ExampleMaker(tokenizer, paragraphs, neighbours, seed)
    return [
        example
        for question in tqdm(questions, file=sys.stderr)
        for example in maker.examples(question, articles[titles[question.document]])
    ]


def read_articles(
    texts: dict[str, str], titles: dict[str, str], questions: Sequence[SquadQuestion]
) -> dict[str, Article]:
    """The articles by title."""
    words: dict[str, set[str]] = {}
    for name, text in texts.items():
        words.setdefault(titles[name], set()).update(re.findall(r"\w+", text.lower()))
    names_in: dict[str, list[str]] = {title: [] for title in words}
    for question in questions:
        names_in[titles[question.document]] += names(question.question)
    return {title: Article(names_in[title], frozenset(found)) for title, found in words.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, nargs="+", help="SQuAD files, .json or .json.gz")
    parser.add_argument("--to", type=Path, required=True, help="the file of examples to write")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--questions", type=int, help="use a random sample of this many answerable questions")
    given = parser.parse_args(argv)
    examples = make_examples(given.train, given.seed, given.questions)
    save_examples(examples, given.to)
    without_answer = sum(example.start == 0 for example in examples)
    print(f"{len(examples):,} examples, {without_answer:,} without an answer, in {given.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
