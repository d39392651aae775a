"""A folder of documents -> an index, embedding only what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from retrieval.documents.files import list_files, read_file, stamp_of_skipped
from retrieval.documents.formats import EXAMPLES
from retrieval.documents.passages import split_passages
from retrieval.documents.read import READING_VERSION, read_document
from retrieval.documents.sources import read_sources, sources_sha256
from retrieval.encoder.encoder import Encoder
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.errors import DocumentError, IndexCorrupt, IndexProblem
from retrieval.index.manifest import FORMAT, Manifest
from retrieval.index.store import Store, open_store
from retrieval.index.tables import Entry
from retrieval.index.writer import building, save_generation
from retrieval.schema import Document, Passage
from retrieval.settings import IndexSettings

Report = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: paths below the folder; `skipped` has a reason for each."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    skipped: tuple[tuple[str, str], ...]
    passages: int


def build_index(
    docs: Path, index: Path, settings: IndexSettings, report: Report, encoder: Encoder | None = None
) -> BuildReport:
    """Build or refresh the index of a folder; the encoder is prepared if none is given.

    Raises DocumentError, ModelError or IndexProblem, and then the index is as it was.
    """
    files = list_files(docs)
    if not files:
        raise DocumentError(f"no {EXAMPLES} files in {docs}; put some there or name another folder with --docs")
    with building(index, lambda: report("another process is building this index: waiting for it", 0, 0)):
        sources = sources_sha256(docs)  # before it is read: what is written later is another file
        stated = read_sources(docs)
        if encoder is None:
            report("preparing the encoder", 0, 0)
            encoder = load_encoder(prepare_encoder(settings.model, settings.dtype))
        old = _usable(index)
        stamps = old.stamps() if old else {}
        read: list[_Read] = []
        skipped = []
        unread = {}
        for number, path in enumerate(files):
            report("reading", number, len(files))
            name = path.relative_to(docs).as_posix()
            try:
                read.append(_read(path, docs, stated.get(name, {}), settings, encoder, old, stamps))
            except DocumentError as error:
                unread[name] = stamp_of_skipped(path)
                skipped.append((name, str(error).removeprefix(f"{path}: ")))
        if not read:
            listed = "; ".join(f"{name}: {reason}" for name, reason in skipped[:3])
            raise DocumentError(f"none of the {len(files)} files in {docs} could be read ({listed})")
        entries = _embed(read, encoder, report)
        manifest = _manifest(docs, sources, settings, encoder, entries, unread)
        if not old or _differs(old.manifest, manifest) or _restamped(stamps, entries):
            manifest = save_generation(index, entries, manifest)
        if old:
            old.close()
    return _report(stamps, entries, skipped)


def _usable(index: Path) -> Store | None:
    """The index as it was, or None where there is none that can be read."""
    try:
        store = open_store(index)
        store.stamps()
        return store if not store.damaged_files() else None
    except IndexProblem:
        return None


@dataclass(frozen=True, slots=True)
class _Read:
    """A document whose passages have no vectors yet, or all that the old index keeps of it."""

    document: Document
    key: str
    size: int
    mtime_ns: int
    cut: list[tuple[Passage, str]]
    kept: Entry | None


def _read(
    path: Path,
    docs: Path,
    stated: Mapping[str, str],
    settings: IndexSettings,
    encoder: Encoder,
    old: Store | None,
    stamps: Mapping[str, tuple[str, int, int]],
) -> _Read:
    """The document as the old index has it where nothing of it changed, else read and cut anew."""
    raw, stat = read_file(path)
    name = path.relative_to(docs).as_posix()
    made_by = [READING_VERSION, encoder.info.fingerprint, asdict(settings.passages), dict(stated)]
    key = hashlib.sha256(raw + json.dumps(made_by, sort_keys=True).encode()).hexdigest()
    if old and stamps.get(name, ("",))[0] == key:
        with suppress(IndexCorrupt):  # damaged: then the document is read anew
            kept = old.entry(name)
            return _Read(kept.document, key, stat.st_size, stat.st_mtime_ns, cut=[], kept=kept)
    parsed = read_document(name, raw, stated)
    limit = (
        encoder.info.max_tokens - encoder.info.special_tokens - encoder.count_tokens([encoder.info.passage_prompt])[0]
    )
    cut = split_passages(parsed, settings.passages, encoder.count_tokens, limit)
    if not cut:
        raise DocumentError("no sentences in it")
    return _Read(parsed.document, key, stat.st_size, stat.st_mtime_ns, cut=cut, kept=None)


def _embed(read: Sequence[_Read], encoder: Encoder, report: Report) -> list[Entry]:
    """An entry for each document; the passages of all that are new are embedded in one go."""
    texts = [text for document in read for _, text in document.cut]
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report("embedding", done, len(texts))

    vectors = encoder.embed_passages(texts, count)
    entries, first = [], 0
    for document in read:
        if document.kept:
            kept = document.kept
            entries.append(replace(kept, size=document.size, mtime_ns=document.mtime_ns))
            continue
        last = first + len(document.cut)
        entries.append(
            Entry(
                document=document.document,
                key=document.key,
                size=document.size,
                mtime_ns=document.mtime_ns,
                passages=[passage for passage, _ in document.cut],
                indexed=[text for _, text in document.cut],
                vectors=vectors[first:last],
            )
        )
        first = last
    return entries


def _manifest(
    docs: Path,
    sources: str,
    settings: IndexSettings,
    encoder: Encoder,
    entries: Sequence[Entry],
    skipped: dict[str, list[int]],
) -> Manifest:
    corpus = hashlib.sha256("".join(sorted(entry.key for entry in entries)).encode()).hexdigest()
    return Manifest(
        format=FORMAT,
        generation="",
        docs=str(docs.resolve()),
        model=settings.model,
        dtype=settings.dtype,
        encoder_folder=str(encoder.folder),
        encoder_fingerprint=encoder.info.fingerprint,
        size_tokens=settings.passages.size_tokens,
        overlap_sentences=settings.passages.overlap_sentences,
        with_header=settings.passages.with_header,
        faiss=settings.faiss,
        documents=len(entries),
        passages=0,
        corpus_sha256=corpus,
        sources_sha256=sources,
        skipped=skipped,
        files={},
    )


def _differs(old: Manifest, new: Manifest) -> bool:
    built_in = ("generation", "files", "passages")
    return any(value != asdict(new)[name] for name, value in asdict(old).items() if name not in built_in)


def _restamped(stamps: Mapping[str, tuple[str, int, int]], entries: Sequence[Entry]) -> bool:
    """True where a file was written again with the same words: its new time of change is worth keeping."""
    return stamps != {entry.document.doc_id: (entry.key, entry.size, entry.mtime_ns) for entry in entries}


def _report(
    stamps: Mapping[str, tuple[str, int, int]], entries: Sequence[Entry], skipped: list[tuple[str, str]]
) -> BuildReport:
    now = {entry.document.doc_id: entry.key for entry in entries}
    changed = tuple(name for name, key in now.items() if name in stamps and stamps[name][0] != key)
    return BuildReport(
        added=tuple(name for name in now if name not in stamps),
        changed=changed,
        removed=tuple(name for name in stamps if name not in now),
        unchanged=sum(name in stamps for name in now) - len(changed),
        skipped=tuple(skipped),
        passages=sum(len(entry.passages) for entry in entries),
    )
