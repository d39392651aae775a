"""The systems that are scored: index settings and the fusion of dense and sparse search."""

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
from retrieval import Library
from retrieval.answer.ranking import MODELS, WEIGHTS_FILE
from retrieval.answer.reader import MULTILINGUAL_FILE, NETWORK_FILE
from retrieval.index.build import OnProgress, build_index
from retrieval.index.fusion import DENSE_WEIGHT, Fusion, fuse
from retrieval.settings import IndexSettings

FusionName = Literal["weighted", "rank", "dense", "sparse"]
FUSIONS: tuple[FusionName, ...] = get_args(FusionName)
RANK_CONSTANT = 60  # Cormack, Clarke and Büttcher, SIGIR 2009
_KEY = "key.txt"
_PACKAGE = Path(retrieval.__file__).parent


@dataclass(frozen=True, slots=True)
class System:
    """Index settings and a fusion of dense and sparse search.

    "weighted" is the fusion that ships, "dense" and "sparse" use one arm alone, "rank" is reciprocal rank fusion.
    """

    index: IndexSettings = field(default_factory=IndexSettings)
    fusion: FusionName = "weighted"
    dense_weight: float = DENSE_WEIGHT

    def fusion_function(self) -> Fusion:
        """The fusion as a function, as Library takes it."""
        weights = {"weighted": self.dense_weight, "dense": 1.0, "sparse": 0.0}
        return rank_fuse if self.fusion == "rank" else partial(fuse, dense_weight=weights[self.fusion])

    def signature(self, library: Library) -> dict[str, Any]:
        """Everything that decides a score, besides the questions."""
        manifest = library.store.manifest
        return {
            "encoder": f"{manifest.model} {manifest.dtype} {manifest.encoder_fingerprint}",
            "passages": {"number": manifest.passages, **asdict(self.index.passages)},
            "fusion": f"weighted {self.dense_weight}" if self.fusion == "weighted" else self.fusion,
            "reader": reader_sha256(),
            "corpus": manifest.corpus_sha256[:12],
            "version": version("quoth"),
            "code": code_sha256()[:12],
        }


def rank_fuse(dense: Mapping[int, float], sparse: Mapping[int, float]) -> list[tuple[int, float]]:
    """Passage ids with score = the sum of 1 / (60 + rank) over both rankings, best first: a common default.

    A passage without any word of the query has no sparse rank. Ties keep the lower id first.
    Source: Cormack, Clarke and Büttcher, SIGIR 2009.
    """
    scores = dict.fromkeys(dense, 0.0)
    for arm in (dense, {id_: score for id_, score in sparse.items() if score > 0}):
        for rank, id_ in enumerate(sorted(arm, key=lambda id_: (-arm[id_], id_)), 1):
            scores[id_] += 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def open_system(collection: Collection, system: System, on_progress: OnProgress) -> Library:
    """The library over the collection's documents. Its index is built unless the same code has built it before.

    Progress goes to `on_progress`. Indexes are cached in the user's cache folder, one per collection and settings.
    """
    settings = system.index
    named = hashlib.sha256(repr((str(collection.docs.resolve()), settings)).encode()).hexdigest()[:12]
    folder = user_cache_path("quoth") / "eval" / "indexes" / f"{collection.name}-{named}"
    key = f"{collection.sha256} {code_sha256()}"
    if not (folder / _KEY).is_file() or (folder / _KEY).read_text(encoding="utf-8") != key:
        shutil.rmtree(folder, ignore_errors=True)
        build_index(collection.docs, folder / "index", settings, on_progress)
        (folder / _KEY).write_text(key, encoding="utf-8")
    return Library(folder / "index", fusion=system.fusion_function())


def reader_sha256() -> str:
    """The first 12 digits of the hash of the reader's weights and networks."""
    files = (WEIGHTS_FILE, MODELS / NETWORK_FILE, MODELS / MULTILINGUAL_FILE)
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def code_sha256(package: Path = _PACKAGE) -> str:
    """The hash of every module below the package: a change anywhere in it may change scores."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
