"""The speed and memory of this machine, beside a plain sentence-transformers + IndexFlatIP loop: python -m eval.bench

Timings of a shared machine are noisy: read the ratios, and the medians. Each figure of ours has its budget beside it.
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
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np

from bot.config import seeds_folder
from eval.dataset import read_questions
from retrieval.answer.answer import answer
from retrieval.encoder.encoder import cores, unit_rows
from retrieval.index.build import build_index
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.index.store import Entry
from retrieval.index.writer import building, save_generation
from retrieval.schema import Passage, ReadingText
from retrieval.settings import IndexSettings

RESULT = Path(__file__).parent / "results" / "bench.json"
_LARGE = 100_000
_FRESH_RUNS = 5
_EMBEDDED = 128
_BASELINE = Path(__file__).parent / "baseline_loop.py"


def main(argv: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(argv)
    questions = [asked.question for asked in read_questions() if asked.kind != "smalltalk"]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        build_index(seeds_folder(), index, IndexSettings(), lambda stage, done, total: None)
        fresh, plain = [], []
        for _ in range(_FRESH_RUNS):  # interleaved, so that both meet the same noise
            fresh.append(
                _timed(lambda: _run([sys.executable, "-m", "bot", "ask", questions[0], "--index", str(index)]))
            )
            plain.append(json.loads(_run([sys.executable, str(_BASELINE), str(seeds_folder())]).splitlines()[-1]))
        retriever = open_retriever(index)
        retriever.search(questions[0])
        searches = [_timed(lambda q=q: retriever.search(q)) * 1000 for q in questions]  # type: ignore[misc]
        answers = [_timed(lambda q=q: answer(q, retriever)) * 1000 for q in questions]  # type: ignore[misc]
        text = _text_of_tokens(retriever, 150)
        indexing = _EMBEDDED / _timed(lambda: retriever.encoder.embed_passages([text] * _EMBEDDED))
        memory = int(_run([sys.executable, "-c", _SERVE, str(index), *questions[:20]]).splitlines()[-1]) / 1024
        large = _large_retriever(retriever, Path(folder, "large"))
        large.search(questions[0])
        large_searches = [_timed(lambda q=q: large.search(q)) * 1000 for q in questions]  # type: ignore[misc]
    rows = [
        ("quoth ask, fresh process", median(fresh), "s", "1.0", _middle(plain, "first_hit_s")),
        ("search, seeds, warm median", median(searches), "ms", "10", _middle(plain, "query_ms")),
        (f"search, {_LARGE:,} passages, warm median", median(large_searches), "ms", "25", None),
        ("whole answer, warm median", median(answers), "ms", "120", None),
        ("whole answer, warm 95th percentile", quantiles(answers, n=20)[-1], "ms", "250", None),
        ("memory while serving the seeds", memory, "MB", "450", _middle(plain, "memory_mb")),
        ("indexing, 150 tokens each", indexing, "passages/s", "60 or more", _middle(plain, "passages_per_s")),
    ]
    print(f"{'':40}{'quoth':>10}  {'':12}{'budget':>12}{'plain loop':>14}")
    for name, ours, unit, budget, theirs in rows:
        print(f"{name:40}{ours:>10.2f}  {unit:12}{budget:>12}{'' if theirs is None else f'{theirs:.2f}':>14}")
    machine = f"{cores()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}; {len(questions)} questions; encoder {retriever.store.manifest.encoder_fingerprint}")
    stored = {
        "machine": machine,
        "encoder": retriever.store.manifest.encoder_fingerprint,
        "rows": [dict(zip(("name", "quoth", "unit", "budget", "plain loop"), row, strict=True)) for row in rows],
    }
    RESULT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


_SERVE = """
import resource, sys
from pathlib import Path
from eval.dataset import read_questions
from retrieval.answer.answer import answer
from retrieval.index.retriever import open_retriever
retriever = open_retriever(Path(sys.argv[1]))
for question in sys.argv[2:]:
    answer(question, retriever)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _run(command: list[str]) -> str:
    """Standard output of a command; 3 is a question abstained on, anything else but 0 an error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command[:4])} failed: {done.stderr.strip()}")
    return done.stdout


def _timed(action: Callable[[], object]) -> float:
    started = perf_counter()
    action()
    return perf_counter() - started


def _middle(runs: Sequence[dict[str, float]], name: str) -> float:
    return median(run[name] for run in runs)


def _text_of_tokens(retriever: Retriever, tokens: int) -> str:
    words = retriever.store.passage(0).text.split() * 10
    size = next(n for n in range(len(words)) if retriever.encoder.count_tokens([" ".join(words[:n])])[0] >= tokens)
    return " ".join(words[:size])


def _large_retriever(retriever: Retriever, index: Path) -> Retriever:
    """An index of passages with the seeds' words in their own frequencies and vectors near the seeds' vectors."""
    chooser, noise = random.Random(0), np.random.default_rng(0)
    store = retriever.store
    count = store.manifest.passages
    words = [word for row in range(count) for word in store.passage(row).text.split()]
    document = store.document(0)
    passages, texts = [], []
    for _ in range(_LARGE):
        text = " ".join(chooser.choices(words, k=70))
        texts.append(text)
        passages.append(Passage(document.doc_id, 0, ReadingText(text, ()), ((0, len(text)),)))
    rows = noise.integers(0, count, _LARGE)
    vectors = unit_rows(np.asarray(store.dense.vectors[rows] + noise.normal(0, 0.03, (_LARGE, 384)), np.float32))
    entry = Entry(document, "large", 0, 0, passages, texts, vectors)
    with building(index, lambda: None):
        save_generation(index, [entry], replace(store.manifest, generation="", files={}, skipped={}, sources_sha256=""))
    return open_retriever(index, retriever.encoder)


if __name__ == "__main__":
    sys.exit(main())
