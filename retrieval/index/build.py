"""A folder of documents -> an index, embedding only what changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from retrieval.documents.elements import Limits
from retrieval.documents.files import list_folder, read_file, stamp_of_skipped
from retrieval.documents.formats import EXAMPLES
from retrieval.documents.passages import split_passages
from retrieval.documents.read import READING_VERSION, read_document
from retrieval.documents.sources import read_sources, sources_sha256
from retrieval.encoder.encoder import Encoder
from retrieval.encoder.loading import describe_preparation, load_encoder, prepare_encoder
from retrieval.errors import DocumentError, IndexCorrupt, IndexProblem
from retrieval.index.manifest import FORMAT, Manifest
from retrieval.index.partial import PartialVectors
from retrieval.index.store import Store, open_store
from retrieval.index.tables import Entry
from retrieval.index.writer import building, save_generation
from retrieval.schema import Document, Passage
from retrieval.settings import IndexSettings

_LOG = logging.getLogger(__name__)
OnProgress = Callable[[str, int, int], None]
"""Called with the name of the step, how much of it is done, and the total."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, as paths below the folder.

    `skipped` pairs each file that can't be read with the reason, `not_read` each file that we don't try to read.
    `remarks` are what there is to say of files that were read just now. `newly_skipped` are those of `skipped` that
    the index did not know as such, or that have changed since.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    skipped: tuple[tuple[str, str], ...]
    newly_skipped: tuple[tuple[str, str], ...]
    not_read: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, str], ...]
    passages: int


def build_index(
    docs: Path, index: Path, settings: IndexSettings, on_progress: OnProgress, encoder: Encoder | None = None
) -> BuildReport:
    """Build or refresh the index of a folder, and report what changed; the encoder is prepared if none is given.

    Raises DocumentError, ModelError or IndexProblem, and then leaves the existing index unchanged.
    """
    listed = list_folder(docs)
    if not listed.documents:
        others = f" (it has {listed.not_read[0][0]}: {listed.not_read[0][1]})" if listed.not_read else ""
        raise DocumentError(f"no {EXAMPLES} files in {docs}{others}; put some there or name another folder with --docs")
    with building(index, lambda: on_progress("another process is building this index: waiting for it", 0, 0)):
        sources_hash = sources_sha256(docs)  # hashed before it is read, so that a later change shows
        stated = read_sources(docs)
        if encoder is None:
            on_progress(describe_preparation(settings.model, settings.dtype), 0, 0)
            encoder = load_encoder(prepare_encoder(settings.model, settings.dtype))
        old = _open_undamaged(index)
        stamps = old.stamps() if old else {}
        documents, skipped = _read_all(listed.documents, docs, stated, settings, encoder, old, on_progress)
        partial = PartialVectors(index, encoder)
        entries = _embed(documents, partial, on_progress)
        manifest = _manifest(
            docs, sources_hash, settings, encoder, entries, {file.name: file.stamp for file in skipped}
        )
        if not old or _differs(old.manifest, manifest) or _has_new_stamps(stamps, entries):
            manifest = save_generation(index, entries, manifest)
        partial.remove()
        if old:
            old.close()
    known_as_skipped = old.manifest.skipped if old else {}
    return _report(stamps, known_as_skipped, entries, documents, skipped, listed.not_read)


def _read_all(
    files: Sequence[Path],
    docs: Path,
    stated: Mapping[str, Mapping[str, str]],
    settings: IndexSettings,
    encoder: Encoder,
    old: Store | None,
    on_progress: OnProgress,
) -> tuple[list[_DocumentToIndex], list[_SkippedFile]]:
    """The documents, and the files that can't be read. Raises DocumentError if none can."""
    keys = {name: key for name, (key, _, _) in old.stamps().items()} if old else {}
    limits = Limits(**settings.limits)
    documents: list[_DocumentToIndex] = []
    skipped: list[_SkippedFile] = []
    for number, path in enumerate(files):
        on_progress("reading", number, len(files))
        name = path.relative_to(docs).as_posix()
        try:
            raw, stat = read_file(path, limits.file_mb)
            key = _key(raw, stated.get(name, {}), settings, encoder)
            entry = _reusable(old, name) if old and keys.get(name) == key else None
            read: _ReadFile = (
                (entry.document, [], ()) if entry else _read(name, raw, stated.get(name, {}), limits, settings, encoder)
            )
            document, passages, remarks = read
            documents.append(
                _DocumentToIndex(
                    document=document,
                    key=key,
                    size=stat.st_size,
                    mtime_ns=stat.st_mtime_ns,
                    passages=passages,
                    remarks=remarks,
                    reused=entry,
                )
            )
        except DocumentError as error:
            skipped.append(_SkippedFile(name, str(error).removeprefix(f"{path}: "), stamp_of_skipped(path)))
    if not documents:
        listed = "; ".join(f"{file.name}: {file.reason}" for file in skipped[:3])
        raise DocumentError(
            f"none of the {len(files)} files in {docs} could be read ({listed}); "
            "correct them or name another folder with --docs"
        )
    return documents, skipped


def _open_undamaged(index: Path) -> Store | None:
    """The existing index; None where there is none, or it is damaged or can't be read."""
    try:
        store = open_store(index)
        store.stamps()
        return store if not store.damaged_files() else None
    except IndexProblem:
        return None


@dataclass(frozen=True, slots=True)
class _SkippedFile:
    """A file that can't be read, why, and its stamp at that moment, so that any later change of it is noticed."""

    name: str
    reason: str
    stamp: list[int]


@dataclass(frozen=True, slots=True)
class _DocumentToIndex:
    """A document: either with new `passages` and their texts to embed, or with its entry in the old index, `reused`."""

    document: Document
    key: str
    size: int
    mtime_ns: int
    passages: list[tuple[Passage, str]]
    remarks: tuple[str, ...]
    reused: Entry | None


_ReadFile = tuple[Document, list[tuple[Passage, str]], tuple[str, ...]]
"""A document, its new passages with the texts to embed, and remarks on it."""


def _key(raw: bytes, stated: Mapping[str, str], settings: IndexSettings, encoder: Encoder) -> str:
    """A hash that changes with anything that would change the document's passages or their vectors."""
    made_by = [READING_VERSION, encoder.info.fingerprint, asdict(settings.passages), dict(stated)]
    return hashlib.sha256(raw + json.dumps(made_by, sort_keys=True).encode()).hexdigest()


def _reusable(old: Store, name: str) -> Entry | None:
    """The document's entry in the old index; None where it is damaged, so that the file is read again."""
    with suppress(IndexCorrupt):
        return old.entry(name)
    return None


def _read(
    name: str, raw: bytes, stated: Mapping[str, str], limits: Limits, settings: IndexSettings, encoder: Encoder
) -> _ReadFile:
    """The document in a file's bytes. Raises DocumentError, also for a fault of ours: no file may stop a folder."""
    try:
        parsed = read_document(name, raw, stated, limits)
        passages = split_passages(parsed, settings.passages, encoder.count_tokens, _limit_tokens(encoder))
    except DocumentError:
        raise
    except Exception as error:
        _LOG.debug("reading %s", name, exc_info=True)
        raise DocumentError(f"Quoth failed to read it ({error!r}); please report the file") from error
    if not passages:
        raise DocumentError("no sentences in it")
    return parsed.document, passages, parsed.remarks


def _limit_tokens(encoder: Encoder) -> int:
    """How many word pieces the sentences of a passage may have in all.

    One in fifty is kept in reserve: sentences that no space divides, as in Japanese, may have more pieces together than
    apart (up to 3 more in 1,500 paragraphs).
    """
    info = encoder.info
    limit = info.max_tokens - info.special_tokens - encoder.count_tokens([info.passage_prompt])[0]
    return limit - limit // 50


def _embed(documents: Sequence[_DocumentToIndex], partial: PartialVectors, on_progress: OnProgress) -> list[Entry]:
    """An entry for each document; what an unfinished build has embedded already is not embedded again."""
    texts = [text for document in documents for _, text in document.passages]
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        on_progress("embedding", done, len(texts))

    def kept(number: int) -> None:
        on_progress(f"going on after an interruption ({number:,} of {len(texts):,} passages are embedded)", 0, 0)

    vectors = partial.embed(texts, kept, count)
    entries, first = [], 0
    for document in documents:
        if document.reused:
            entries.append(replace(document.reused, size=document.size, mtime_ns=document.mtime_ns))
            continue
        last = first + len(document.passages)
        entries.append(
            Entry(
                document=document.document,
                key=document.key,
                size=document.size,
                mtime_ns=document.mtime_ns,
                passages=[passage for passage, _ in document.passages],
                indexed=[text for _, text in document.passages],
                vectors=vectors[first:last],
            )
        )
        first = last
    return entries


def _manifest(
    docs: Path,
    sources_hash: str,
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
        sources_sha256=sources_hash,
        languages=_languages(entries),
        skipped=skipped,
        files={},
        limits=dict(settings.limits),
    )


def _languages(entries: Sequence[Entry]) -> dict[str, float]:
    """The share of the passages that are of each language, the most frequent first."""
    counts: Counter[str] = Counter()
    for entry in entries:
        if entry.document.language:
            counts[entry.document.language] += len(entry.passages)
    total = sum(len(entry.passages) for entry in entries)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {language: round(count / total, 4) for language, count in ordered}


def _differs(old: Manifest, new: Manifest) -> bool:
    set_by_writer = ("generation", "files", "passages")
    return any(value != asdict(new)[name] for name, value in asdict(old).items() if name not in set_by_writer)


def _has_new_stamps(stamps: Mapping[str, tuple[str, int, int]], entries: Sequence[Entry]) -> bool:
    """True also where a file was rewritten with the same content, so that its new modification time is stored."""
    return stamps != {entry.document.doc_id: (entry.key, entry.size, entry.mtime_ns) for entry in entries}


def _report(
    stamps: Mapping[str, tuple[str, int, int]],
    known_as_skipped: Mapping[str, list[int]],
    entries: Sequence[Entry],
    documents: Sequence[_DocumentToIndex],
    skipped: Sequence[_SkippedFile],
    not_read: tuple[tuple[str, str], ...],
) -> BuildReport:
    now = {entry.document.doc_id: entry.key for entry in entries}
    changed = tuple(name for name, key in now.items() if name in stamps and stamps[name][0] != key)
    new = [file for file in skipped if known_as_skipped.get(file.name) != file.stamp]
    return BuildReport(
        added=tuple(name for name in now if name not in stamps),
        changed=changed,
        removed=tuple(name for name in stamps if name not in now),
        unchanged=sum(name in stamps for name in now) - len(changed),
        skipped=tuple((file.name, file.reason) for file in skipped),
        newly_skipped=tuple((file.name, file.reason) for file in new),
        not_read=not_read,
        remarks=tuple((document.document.doc_id, remark) for document in documents for remark in document.remarks),
        passages=sum(len(entry.passages) for entry in entries),
    )
