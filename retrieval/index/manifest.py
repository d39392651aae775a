"""The manifest of an index: which generation of its files is current, and how that was made."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from retrieval.documents.elements import Limits
from retrieval.errors import IndexCorrupt, IndexNotFound
from retrieval.settings import Dtype, IndexSettings, PassageSettings

FORMAT = 7
MANIFEST = "manifest.json"
INDEX_IN_FOLDER = Path(".quoth/index")
"""Where the index of a folder of documents is, unless it is put elsewhere."""
_LIMITS = {limit.name for limit in fields(Limits)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made.

    `docs` is the folder of documents, `sources_sha256` the hash of its SOURCES.toml, "" for none. `languages` has the
    share of the passages that are of each language, the most frequent first; those of unknown language count for none.
    `skipped` has a stamp (files.stamp_of_skipped) for each file that could not be read. `files` has the size in bytes
    and the sha256 of each file of the generation. `limits` are those of IndexSettings.
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
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def settings(self) -> IndexSettings:
        """The settings that the index was built with."""
        passages = PassageSettings(
            size_tokens=self.size_tokens, overlap_sentences=self.overlap_sentences, with_header=self.with_header
        )
        return IndexSettings(self.model, self.dtype, passages, self.faiss, self.limits)


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
        manifest = replace(manifest, docs=str(_absolute(index, manifest.docs)))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFound(f"no index at {index}; build one with `{build_command(index, 'DIR')}`") from error
    except (OSError, ValueError, TypeError) as error:
        raise IndexCorrupt(
            f"{path} can't be read ({error}); build the index again with `{build_command(index)}`"
        ) from error
    return manifest


def manifest_json(index: Path, manifest: Manifest) -> str:
    """What is stored. Of an index inside its folder of documents, it survives that the folder is moved or renamed."""
    stored = asdict(manifest)
    if Path(manifest.docs) == folder_around(index):
        stored["docs"] = "../.."
    return json.dumps(stored, indent=1)


def _absolute(index: Path, docs: str) -> Path:
    return (index.resolve() / docs).resolve() if docs == "../.." else Path(docs)


def folder_around(index: Path) -> Path | None:
    """The folder whose .quoth/index this is; None for an index of another name, or a link."""
    is_inside = all(path.parts[-2:] == INDEX_IN_FOLDER.parts for path in (index, index.resolve()))
    return index.resolve().parent.parent if is_inside else None


def build_command(index: Path, docs: str | None = None) -> str:
    """The command to type that builds or refreshes this index; without `docs` from the documents it was built from."""
    around = folder_around(index)
    if around and (documents_of(index) == around or not (index / MANIFEST).exists()):
        return f"quoth index {shlex.quote(str(index.parent.parent))}"
    named = f" --docs {docs}" if docs else ""
    return f"quoth index{named} --index {shlex.quote(str(index))}"


def documents_of(index: Path) -> Path | None:
    """The folder that an index of any version was built from; None where its manifest does not state it."""
    try:
        docs = json.loads((index / MANIFEST).read_text(encoding="utf-8"))["docs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return _absolute(index, docs) if isinstance(docs, str) and docs else None


def _check_types(manifest: Manifest) -> None:
    """Raises ValueError where a value is not of its field's type."""
    for stored in fields(Manifest):
        expected = {"int": int, "bool": bool, "str": str, "Dtype": str}.get(str(stored.type), dict)
        if not isinstance(getattr(manifest, stored.name), expected):
            raise ValueError(f"{stored.name} is wrong")
    if not (manifest.limits.keys() <= _LIMITS and all(isinstance(limit, int) for limit in manifest.limits.values())):
        raise ValueError("limits is wrong")
    for name, stamp in manifest.files.items():
        if not (isinstance(stamp, list) and len(stamp) == 2):
            raise ValueError(f"files: {name} is wrong")
