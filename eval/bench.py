"""Speed and memory on this machine, beside a plain sentence-transformers + IndexFlatIP loop.

Run it with `python -m eval.bench`. Timings on shared machines are noisy: compare the medians and the ratios to the
loop. Each measurement is printed with its budget; the results go to .quoth/eval/bench.json, and `quoth eval record
bench` commits them.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np

from bot.folders import seeds_folder
from eval.dataset import read_questions
from eval.results import BENCH, OUT, write_json
from retrieval import Library
from retrieval.encoder.vectors import unit_rows
from retrieval.index.build import build_index
from retrieval.index.tables import Entry
from retrieval.index.writer import building, save_generation
from retrieval.inference import available_cores
from retrieval.schema import Passage
from retrieval.settings import IndexSettings
from retrieval.spans import ReadingText

COMMAND = "python -m eval.bench"
_LARGE = 100_000
_FRESH_RUNS = 5
_EMBEDDED, _EMBEDDED_TOKENS = 128, 150
_BASELINE = Path(__file__).parent / "baseline_loop.py"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement with its budget, and the plain loop's; None where the loop does not do this."""

    name: str
    value: float
    unit: str
    budget: str
    plain_loop: float | None = None


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(argv)
    questions = [question.question for question in read_questions() if question.kind != "smalltalk"]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        build_index(seeds_folder(), index, IndexSettings(), on_progress=lambda stage, done, total: None)
        rows = _measured(index, Path(folder, "large"), questions)
        with Library(index) as library:
            encoder = library.store.manifest.encoder_fingerprint
    machine = f"{available_cores()} cores, {platform.machine()}, Python {platform.python_version()}"
    _print(rows)
    print(f"{machine}; {len(questions)} questions; encoder {encoder}")
    stored = [
        {"name": row.name, "quoth": row.value, "unit": row.unit, "budget": row.budget, "plain loop": row.plain_loop}
        for row in rows
    ]
    write_json(OUT / BENCH, {"command": COMMAND, "machine": machine, "encoder": encoder, "rows": stored})
    print(f"written to {OUT / BENCH}")
    return 0


def _print(rows: Sequence[Row]) -> None:
    print(f"{'':40}{'quoth':>10}  {'':12}{'budget':>12}{'plain loop':>14}")
    for row in rows:
        loop = "" if row.plain_loop is None else f"{row.plain_loop:.2f}"
        print(f"{row.name:40}{row.value:>10.2f}  {row.unit:12}{row.budget:>12}{loop:>14}")


# Measurements


def _measured(index: Path, large: Path, questions: Sequence[str]) -> list[Row]:
    """Every measurement of the seeds' index, and of a large index that is written to `large`."""
    ask_s, loop = _in_fresh_processes(questions[0], index)
    with Library(index) as library:
        library.load()
        search_ms = _search_ms(library, questions)
        memory_mb, indexed_per_s = _memory_mb(index, questions), _indexed_per_s(library)
        large_search, whole_answers = _large_search(library, questions, large), _whole_answers(library, questions)
    return [
        Row(name="quoth ask, fresh process", value=ask_s, unit="s", budget="1.0", plain_loop=loop["first_hit_s"]),
        Row(name="search, seeds, warm median", value=search_ms, unit="ms", budget="10", plain_loop=loop["query_ms"]),
        large_search,
        *whole_answers,
        Row(
            name="memory while serving the seeds",
            value=memory_mb,
            unit="MB",
            budget="350",
            plain_loop=loop["memory_mb"],
        ),
        Row(
            name="indexing, 150 tokens each",
            value=indexed_per_s,
            unit="passages/s",
            budget="40 or more",
            plain_loop=loop["passages_per_s"],
        ),
    ]


def _in_fresh_processes(question: str, index: Path) -> tuple[float, dict[str, float]]:
    """Median seconds of `quoth ask` in a fresh process, and the medians of what the plain loop measures.

    Both run in turn, so that they meet the same noise.
    """
    ask = [sys.executable, "-m", "bot", "ask", question, "--index", str(index)]
    loop = [sys.executable, str(_BASELINE), str(seeds_folder())]
    asked_s, loops = [], []
    for _ in range(_FRESH_RUNS):
        asked_s.append(_timed_s(_run, ask))
        loops.append(json.loads(_run(loop).splitlines()[-1]))
    return median(asked_s), {name: median(run[name] for run in loops) for name in loops[0]}


def _search_ms(library: Library, questions: Sequence[str]) -> float:
    """The median over the questions, after one search to warm up."""
    library.search(questions[0])
    return median(_timed_s(library.search, question) * 1000 for question in questions)


def _large_search(library: Library, questions: Sequence[str], folder: Path) -> Row:
    large = _large_library(library, folder)
    return Row(
        name=f"search, {_LARGE:,} passages, warm median",
        value=_search_ms(large, questions),
        unit="ms",
        budget="25",
    )


def _whole_answers(library: Library, questions: Sequence[str]) -> list[Row]:
    times = [_timed_s(library.ask, question) * 1000 for question in questions]
    return [
        Row(name="whole answer, warm median", value=median(times), unit="ms", budget="150"),
        Row(name="whole answer, warm 95th percentile", value=quantiles(times, n=20)[-1], unit="ms", budget="300"),
    ]


def _memory_mb(index: Path, questions: Sequence[str]) -> float:
    """The highest resident memory of a process that answers twenty questions, in all languages of the set."""
    asked = questions[:: len(questions) // 20][:20]
    return int(_run([sys.executable, "-c", _SERVE, str(index), *asked]).splitlines()[-1]) / 1024


_SERVE = """
import resource, sys
from retrieval import Library
library = Library(sys.argv[1])
for question in sys.argv[2:]:
    library.ask(question)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _indexed_per_s(library: Library) -> float:
    encoder = library.retriever.encoder
    text = _text_of_tokens(library, _EMBEDDED_TOKENS)
    return _EMBEDDED / _timed_s(encoder.embed_passages, [text] * _EMBEDDED)


# What they need


def _run(command: list[str]) -> str:
    """Standard output of a command. Raises RuntimeError unless it exits with 0, or with 3 because it abstained."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command[:4])} failed: {done.stderr.strip()}")
    return done.stdout


def _timed_s(action: Callable[..., object], *given: object) -> float:
    started = perf_counter()
    action(*given)
    return perf_counter() - started


def _text_of_tokens(library: Library, tokens: int) -> str:
    encoder = library.retriever.encoder
    words = library.store.passage(0).text.split() * 10
    size = next(n for n in range(len(words)) if encoder.count_tokens([" ".join(words[:n])])[0] >= tokens)
    return " ".join(words[:size])


def _large_library(library: Library, index: Path) -> Library:
    """A library of passages with the seeds' words in their own frequencies, and vectors near the seeds' vectors."""
    chooser, noise = random.Random(0), np.random.default_rng(0)
    store = library.store
    count = store.manifest.passages
    words = [word for row in range(count) for word in store.passage(row).text.split()]
    document = store.document(0)
    texts = [" ".join(chooser.choices(words, k=70)) for _ in range(_LARGE)]
    passages = [
        Passage(doc_id=document.doc_id, section=0, reading=ReadingText(text, ()), sentences=((0, len(text)),))
        for text in texts
    ]
    rows = noise.integers(0, count, _LARGE)
    vectors = store.dense.vectors[rows]
    entry = Entry(
        document=document,
        key="large",
        size=0,
        mtime_ns=0,
        passages=passages,
        indexed=texts,
        vectors=unit_rows(np.asarray(vectors + noise.normal(0, 0.03, vectors.shape), np.float32)),
    )
    with building(index, lambda: None):
        save_generation(index, [entry], replace(store.manifest, generation="", files={}, skipped={}, sources_sha256=""))
    return Library(index, encoder=library.retriever.encoder, reader=library.reader)


if __name__ == "__main__":
    sys.exit(main())
