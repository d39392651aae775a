"""A fake encoder and a small corpus keep most tests free of any model; the real one is prepared once for the rest."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import settings

from retrieval.answer.network import SpanScores
from retrieval.answer.ranking import ReaderWeights
from retrieval.answer.reader import Reader, load_reader
from retrieval.encoder.encoder import Progress, TokenStates
from retrieval.encoder.loading import prepare_encoder
from retrieval.encoder.prepared import EncoderInfo
from retrieval.encoder.vectors import Vectors, unit_rows
from retrieval.errors import ModelError
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import DEFAULT_MODEL, IndexSettings
from retrieval.text import terms, words

settings.register_profile("untimed", deadline=None)  # other work on the machine must not fail a test
settings.load_profile("untimed")

SEEDS = Path(__file__).parent.parent / "seeds"
SEED_FILES = sorted(SEEDS.glob("*.txt"))

CORPUS = {
    "harbour.txt": "The Harbour of Lund\n\nThe harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers.\n",
    "mill.txt": "The Old Mill\n\nMay 4, 1999 – The old mill burned down. Nobody was hurt.\n",
    "news/bridge.md": "# The Bridge\n\nThe bridge cost $3.2 million. It links Lund, Malmö and Ystad.\n",
}


class FakeEncoder:
    """Bags of hashed stems: texts that share words are near. A word is a token; it reads 60 of them."""

    def __init__(self, name: str = "fake", max_tokens: int = 62) -> None:
        self.folder = Path("/nowhere")
        self.info = EncoderInfo(
            format=1,
            name=name,
            fingerprint=f"{name}-{max_tokens}",
            backend="onnx",
            dtype="fp32",
            dimension=64,
            max_tokens=max_tokens,
            special_tokens=2,
            query_prompt="",
            passage_prompt="",
            files={},
            parity=1.0,
        )
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        over = [
            text
            for text, tokens in zip(texts, self.count_tokens(texts), strict=True)
            if tokens > self.info.max_tokens - self.info.special_tokens
        ]
        if over:
            raise ModelError(f"over the limit: {over[0]}")
        if progress:
            progress(len(texts))
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(len(texts), 64)

    def embed_query(self, question: str) -> Vectors:
        vector = np.full((1, 64), 0.01, np.float32)
        for term in terms(question):
            vector[0, zlib.crc32(term.encode()) % 64] += 1
        return unit_rows(vector)[0]

    def token_states(self, text: str, prompt: str) -> TokenStates:
        """A word is a piece, and its state tells which word it is."""
        found = words(text)
        states = np.array([[word_state(word)] for word, _ in found], np.float32).reshape(-1, 1)
        return TokenStates(states, [span for _, span in found])


def word_state(word: str) -> float:
    return float(zlib.crc32(word.encode()) % 2**20)


class FakeStateModel:
    """A multilingual network that knows the log odds of some words to be the answer; all others have -4."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = {word_state(word): odd for word, odd in odds.items()}

    def scores(self, question: Vectors, passage: Vectors) -> Vectors:
        return np.array([[self.odds.get(float(state), -4.0)] * 2 for (state,) in passage], np.float32).reshape(-1, 2)


class FakeNetwork:
    """A network that knows the log odds of some words to be the answer; all others have -4."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = odds
        self.read: list[tuple[str, str]] = []

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[SpanScores]]:
        self.read += texts
        return [[self._scores(text)] for _, text in texts]

    def is_common_word(self, word: str) -> bool:
        return True

    def _scores(self, text: str) -> SpanScores:
        found = words(text)
        odds = np.array([self.odds.get(word, -4.0) for word, _ in found], np.float32)
        return SpanScores(tuple(span for _, span in found), odds, odds)


SPAN_ALONE = ReaderWeights(
    ranking={"span": 1.0}, bias=0.0, confidence={"span": 1.0}, thresholds={0.9: 0.5}, perhaps=0.2
)
"""Weights that believe the network's span score alone: the log odds that the answer is right.

Log odds of 0 and more are an answer, of -1 a "perhaps"; -2 and less are held back.
"""


class AskedNetwork:
    """A network that knows by words of the question which texts may be its answer, and their log odds; others have -4.

    The first entry of `known` counts of which the question has all words.
    """

    def __init__(self, known: Mapping[str, Mapping[str, float]]) -> None:
        self.known = known

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[SpanScores]]:
        asked = {word for word, _ in words(question)}
        odds = next((odds for key, odds in self.known.items() if set(key.split()) <= asked), {})
        return [[self._scores(text, odds)] for _, text in texts]

    def is_common_word(self, word: str) -> bool:
        return True

    @staticmethod
    def _scores(text: str, odds: Mapping[str, float]) -> SpanScores:
        spans = tuple(span for _, span in words(text))
        found = [(at, at + len(answer), odd) for answer, odd in odds.items() if (at := text.find(answer)) >= 0]
        starts = [max([odd for start, _, odd in found if start == span[0]], default=-4.0) for span in spans]
        ends = [max([odd for _, end, odd in found if end == span[1]], default=-4.0) for span in spans]
        return SpanScores(spans, np.array(starts, np.float32), np.array(ends, np.float32))


def reader_that_knows(odds: Mapping[str, float]) -> Reader:
    """A reader whose network knows the log odds of these words, and that believes it."""
    return Reader(FakeNetwork(odds), SPAN_ALONE)


def no_report(stage: str, done: int, total: int) -> None:
    """Says nothing of how far a build is."""


def write_corpus(folder: Path, corpus: dict[str, str]) -> Path:
    for name, text in corpus.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture(autouse=True)
def no_trace_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test before may have run the service in this process, which sets what Telegram's library reads."""
    monkeypatch.delenv("PTB_TIMEDELTA", raising=False)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "docs", CORPUS)


@pytest.fixture
def fake() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def small(docs: Path, tmp_path: Path, fake: FakeEncoder, shipped_reader: Reader) -> Library:
    """A library over the small corpus, with the fake encoder and the shipped reader."""
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    return Library(tmp_path / "index", encoder=fake, reader=shipped_reader)


PIERS, EMPEROR = "How many piers are there?", "Who is the emperor of Lund?"
"""A question that `told` is not sure of, and one that no document answers."""


@pytest.fixture
def told_reader() -> Reader:
    """A reader that is sure when the harbour was opened, not sure how many piers it has, and knows nothing else."""
    return Reader(AskedNetwork({"harbour opened": {"1871": 3.0}, "piers": {"14": -1.0}}), SPAN_ALONE)


@pytest.fixture
def told(small: Library, tmp_path: Path, fake: FakeEncoder, told_reader: Reader) -> Library:
    """A library over the small corpus, with the fake encoder and what `told_reader` knows."""
    return Library(tmp_path / "index", encoder=fake, reader=told_reader)


@pytest.fixture(scope="session")
def shipped_reader() -> Reader:
    """The reader that is shipped, loaded once."""
    return load_reader()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where prepared encoders are kept while testing: the folder named by QUOTH_MODELS, else one for this run.

    The processes of a run share it, and one of them prepares the default encoder for all.
    """
    if "QUOTH_MODELS" in os.environ:
        yield Path(os.environ["QUOTH_MODELS"])
        return
    run = tmp_path_factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "models"
    os.environ["QUOTH_MODELS"] = str(folder)
    with FileLock(f"{folder}.lock"):
        prepare_encoder(DEFAULT_MODEL)
    yield folder
    del os.environ["QUOTH_MODELS"]


@pytest.fixture(scope="session")
def seeds_index(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the five seed documents with the real encoder."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    build_index(SEEDS, index, IndexSettings(), no_report)
    return index


@pytest.fixture(scope="session")
def seeds(seeds_index: Path, shipped_reader: Reader) -> Library:
    """A library over the seeds, with the real encoder and the shipped reader."""
    return Library(seeds_index, reader=shipped_reader)
