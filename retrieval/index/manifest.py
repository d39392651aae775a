"""The manifest of an index: which generation of its files is current, and how that was made."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, fields
from pathlib import Path

from retrieval.errors import IndexCorrupt, IndexNotFound
from retrieval.settings import Dtype, IndexSettings, PassageSettings

FORMAT = 7
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made.

    `docs` is the folder of documents, `sources_sha256` the hash of its SOURCES.toml, "" for none. `languages` has the
    share of the passages that are of each language, the most frequent first; those of unknown language count for none.
    `skipped` has a stamp (files.stamp_of_skipped) for each file that could not be read. `files` has the size in bytes
    and the sha256 of each file of the generation.
    """

    format: int
    generation: str
    docs: str
    model: str
    dtype: Dtype
    encoder_folder: str
    encoder_fingerprint: str
    size_tokens: int
    overlap_sentences: int
    with_header: bool
    faiss: str
    documents: int
    passages: int
    corpus_sha256: str
    sources_sha256: str
    languages: dict[str, float]
    skipped: dict[str, list[int]]
    files: dict[str, list[int | str]]

    @property
    def settings(self) -> IndexSettings:
        """The settings that the index was built with."""
        passages = PassageSettings(
            size_tokens=self.size_tokens, overlap_sentences=self.overlap_sentences, with_header=self.with_header
        )
        return IndexSettings(self.model, self.dtype, passages, self.faiss)


def read_manifest(index: Path) -> Manifest:
    """The manifest of the index folder. Raises IndexNotFound or IndexCorrupt."""
    path = index / MANIFEST
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict) or "format" not in stored:
            raise ValueError("it is not a manifest")
        if stored["format"] != FORMAT:
            raise IndexCorrupt(
                f"the index at {index} is of another version; build it again with `{build_command(index)}`"
            )
        manifest = Manifest(**stored)
        _check_types(manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFound(f"no index at {index}; build one with `{build_command(index, 'DIR')}`") from error
    except (OSError, ValueError, TypeError) as error:
        raise IndexCorrupt(
            f"{path} can't be read ({error}); build the index again with `{build_command(index)}`"
        ) from error
    return manifest


def build_command(index: Path, docs: str | None = None) -> str:
    """The command to type that builds or refreshes this index; without `docs` from the documents it was built from."""
    named = f" --docs {docs}" if docs else ""
    return f"quoth index{named} --index {shlex.quote(str(index))}"


def documents_of(index: Path) -> Path | None:
    """The folder that an index of any version was built from; None where its manifest does not state it."""
    try:
        docs = json.loads((index / MANIFEST).read_text(encoding="utf-8"))["docs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(docs) if isinstance(docs, str) and docs else None


def _check_types(manifest: Manifest) -> None:
    """Raises ValueError where a value is not of its field's type."""
    for field in fields(Manifest):
        expected = {"int": int, "bool": bool, "str": str, "Dtype": str}.get(str(field.type), dict)
        if not isinstance(getattr(manifest, field.name), expected):
            raise ValueError(f"{field.name} is wrong")
    for name, stamp in manifest.files.items():
        if not (isinstance(stamp, list) and len(stamp) == 2):
            raise ValueError(f"files: {name} is wrong")
