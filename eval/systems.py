"""What is scored: how passages are cut and embedded, and how the two searches are made one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

from platformdirs import user_cache_path

import retrieval
from eval.collection import Collection
from retrieval.answer.reader import MODELS, NETWORK_FILE, WEIGHTS_FILE
from retrieval.index.build import Report, build_index
from retrieval.index.fusion import DENSE_WEIGHT, Fusion, fuse
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.settings import IndexSettings

FusionName = Literal["weighted", "rank", "dense", "sparse"]
FUSIONS: tuple[FusionName, ...] = get_args(FusionName)
RANK_CONSTANT = 60  # Cormack, Clarke and Büttcher, SIGIR 2009
_KEY = "key.txt"


@dataclass(frozen=True, slots=True)
class System:
    """The settings of an index, and the fusion: "weighted" is what ships, "dense" and "sparse" are its arms alone,
    "rank" is reciprocal rank fusion."""

    index: IndexSettings = field(default_factory=IndexSettings)
    fusion: FusionName = "weighted"
    dense_weight: float = DENSE_WEIGHT

    def fuse(self) -> Fusion:
        """The fusion as the retriever takes it."""
        weights = {"weighted": self.dense_weight, "dense": 1.0, "sparse": 0.0}
        return rank_fuse if self.fusion == "rank" else partial(fuse, dense_weight=weights[self.fusion])

    def signature(self, retriever: Retriever) -> dict[str, Any]:
        """All that decides a score, beside the questions."""
        manifest = retriever.store.manifest
        return {
            "encoder": f"{manifest.model} {manifest.precision} {manifest.encoder_fingerprint}",
            "passages": {"number": manifest.passages, **asdict(self.index.passages)},
            "fusion": f"weighted {self.dense_weight}" if self.fusion == "weighted" else self.fusion,
            "reader": reader_sha256(),
            "corpus": manifest.corpus_sha256[:12],
            "version": version("quoth"),
            "code": code_sha256()[:12],
        }


def rank_fuse(dense: Mapping[int, float], sparse: Mapping[int, float]) -> list[tuple[int, float]]:
    """Passage ids with score = the sum of 1 / (60 + rank) over both rankings, best first: what most others ship.

    A passage without a word of the query has no rank in the sparse one. Ties keep the lower id first.
    Source: Cormack, Clarke and Büttcher, SIGIR 2009.
    """
    scores = dict.fromkeys(dense, 0.0)
    for arm in (dense, {id_: score for id_, score in sparse.items() if score > 0}):
        for rank, id_ in enumerate(sorted(arm, key=lambda id_: (-arm[id_], id_)), 1):
            scores[id_] += 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def open_system(collection: Collection, system: System, report: Report) -> Retriever:
    """The retriever over the collection's documents, its index built unless the same code built the same one before.

    `report` is told how far a build is. Indexes are kept in the user's cache folder, one for a collection and settings.
    """
    settings = system.index
    named = hashlib.sha256(repr((str(collection.docs.resolve()), settings)).encode()).hexdigest()[:12]
    folder = user_cache_path("quoth") / "eval" / "indexes" / f"{collection.name}-{named}"
    key = f"{collection.sha256} {code_sha256()}"
    if not (folder / _KEY).is_file() or (folder / _KEY).read_text(encoding="utf-8") != key:
        shutil.rmtree(folder, ignore_errors=True)
        build_index(collection.docs, folder / "index", settings, report)
        (folder / _KEY).write_text(key, encoding="utf-8")
    retriever = open_retriever(folder / "index")
    return Retriever(retriever.store, retriever.encoder, system.fuse())


def reader_sha256() -> str:
    """The opening of the hash of the reader's weights and network."""
    return hashlib.sha256(WEIGHTS_FILE.read_bytes() + (MODELS / NETWORK_FILE).read_bytes()).hexdigest()[:12]


def code_sha256() -> str:
    """The hash of the code that reads, cuts, embeds, searches and answers: another code may give other scores."""
    package = Path(retrieval.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
