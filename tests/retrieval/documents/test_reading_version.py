"""An index stores what was read from each file, so every index must notice when the rules of reading change.

Indexes compare READING_VERSION, not the rules. This test ties the two together: it hashes what is read from the sample
files, and each version has one hash.
"""

import hashlib
import json
from dataclasses import asdict

from retrieval.documents.passages import split_passages
from retrieval.documents.read import READING_VERSION, read_document
from retrieval.documents.sources import read_sources
from retrieval.settings import PassageSettings
from tests.conftest import CORPUS, SEED_FILES, SEEDS, FakeEncoder

SAMPLES = {
    **{path.name: path.read_bytes() for path in SEED_FILES},
    **{name: text.encode() for name, text in CORPUS.items()},
    "list.md": b"# A list\n\nIntro:\n\n1. First *item*\n2. Second item\n\n```\ncode()\n```\n\n| a | b |\n|---|---|\n",
    "latin.txt": "Über den Flüssen liegt Köln – „schön“.\n".encode("cp1252"),
    "pages.txt": b"\f THE REPORT | 2021\n\nSome text goes on and\n\f on over the page.1\n\n1 A note.\n",
}  # fmt: skip
HASHES = {2: "cea5be9e644ff9f58b0fae4f0f55f54ffae0b317e14882a05c9020c769c380fc"}
"""The hash of what is read from the samples, by READING_VERSION. The newest entry is the one in force."""


def what_is_read() -> str:
    stated = read_sources(SEEDS)
    digest = hashlib.sha256()
    for name, raw in SAMPLES.items():
        parsed = read_document(name, raw, stated.get(name))
        cut = split_passages(parsed, PassageSettings(), FakeEncoder().count_tokens, 60)
        described = {**asdict(parsed.document), "passages": [(asdict(passage), text) for passage, text in cut]}
        digest.update(json.dumps(described, sort_keys=True).encode())
    return digest.hexdigest()


def test_the_version_matches_what_is_read():
    advice = "reading has changed: raise READING_VERSION in retrieval/documents/read.py and add its hash here"
    assert what_is_read() == HASHES[READING_VERSION], advice
    assert max(HASHES) == READING_VERSION
