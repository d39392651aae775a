"""Search quality on a SQuAD file as a folder: python -m eval.squad FILE [--name NAME]

Each paragraph becomes a document of a temporary folder, all of it one index. A paragraph is found at the rank of its
best passage. Questions that can't be answered are left out; one that finds nothing counts as zero.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from retrieval.build import build_index
from retrieval.errors import QuothError
from retrieval.fuse import DENSE_WEIGHT
from retrieval.retriever import Retriever, open_retriever
from retrieval.settings import DEFAULT_PRECISION, IndexSettings, PassageSettings
from retrieval.training.squad import SquadQuestion, read_squad, write_folder

RESULTS = Path(__file__).parent / "results"
_PASSAGES = 60  # searched for the ten best paragraphs: some have several passages
_RESAMPLES = 1000


def ranks(questions: Sequence[SquadQuestion], retriever: Retriever, label: str) -> list[int]:
    """The rank of each question's paragraph, from 1; 0 where it is not among the ten best."""
    found = []
    for question in tqdm(questions, desc=label, file=sys.stderr):
        hits = retriever.search(question.question, _PASSAGES)
        order = list(dict.fromkeys(hit.document.doc_id for hit in hits))[:10]
        found.append(order.index(question.document) + 1 if question.document in order else 0)
    return found


def measures(found: Sequence[int], seed: int = 0) -> dict[str, float | list[float]]:
    """success@1, @5, @10 and MRR@10 over all questions; for success@1 and @5 with a 95 % bootstrap interval."""
    scores: dict[str, float | list[float]] = {}
    chooser = random.Random(seed)
    for k in (1, 5, 10):
        hits = [0 < rank <= k for rank in found]
        scores[f"success@{k}"] = sum(hits) / len(hits)
        if k < 10:
            means = sorted(sum(chooser.choices(hits, k=len(hits))) / len(hits) for _ in range(_RESAMPLES))
            scores[f"success@{k} interval"] = [means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]]
    scores["MRR@10"] = sum(1 / rank for rank in found if rank) / len(found)
    return scores


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--name", help="of the result in eval/results (default: the file's name)")
    parser.add_argument("--precision", choices=("int8", "fp32"), default=DEFAULT_PRECISION)
    parser.add_argument("--passage-tokens", type=int, default=PassageSettings().size_tokens)
    given = parser.parse_args(argv)
    settings = IndexSettings(precision=given.precision, passages=PassageSettings(size_tokens=given.passage_tokens))
    try:
        texts, questions = read_squad(given.file)
        questions = [question for question in questions if question.answers]
        with tempfile.TemporaryDirectory() as folder:
            write_folder(texts, Path(folder, "docs"))
            build_index(Path(folder, "docs"), Path(folder, "index"), settings, lambda stage, done, total: None)
            retriever = open_retriever(Path(folder, "index"))
            table = {
                label: measures(ranks(questions, Retriever(retriever.store, retriever.encoder, weight), label))
                for label, weight in (("hybrid", DENSE_WEIGHT), ("MiniLM alone", 1.0), ("BM25 alone", 0.0))
            }
    except QuothError as error:
        print(error, file=sys.stderr)
        return 1
    manifest = retriever.store.manifest
    signature = {
        "file": given.file.name,
        "documents": len(texts),
        "questions": len(questions),
        "passages": manifest.passages,
        "encoder": f"{manifest.model} {manifest.precision} {manifest.encoder_fingerprint}",
        "passage settings": asdict(settings.passages),
        "dense weight": DENSE_WEIGHT,
        "corpus": manifest.corpus_sha256[:12],
        "version": version("quoth"),
    }
    _print(table, signature)
    name = given.name or given.file.name.split(".")[0]
    RESULTS.mkdir(exist_ok=True)
    stored = json.dumps({"signature": signature, "scores": table}, indent=1)
    (RESULTS / f"{name}.json").write_text(stored + "\n", encoding="utf-8")
    return 0


def _print(table: dict[str, dict[str, float | list[float]]], signature: dict[str, object]) -> None:
    print(f"{'':14}success@1 [95 %]        success@5 [95 %]        success@10  MRR@10")
    for label, scores in table.items():
        cells = []
        for name in ("success@1", "success@5"):
            low, high = scores[f"{name} interval"]  # type: ignore[misc]  # intervals are pairs
            cells.append(f"{scores[name]:.3f} [{low:.3f}, {high:.3f}]")
        print(f"{label:14}{cells[0]:24}{cells[1]:24}{scores['success@10']:<12.3f}{scores['MRR@10']:.3f}")
    print("; ".join(f"{name}: {value}" for name, value in signature.items()))


if __name__ == "__main__":
    sys.exit(main())
