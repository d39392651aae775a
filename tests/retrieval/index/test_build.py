"""Passages as long as the real encoder reads, in languages with and without spaces."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from retrieval.index.build import build_index
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings, PassageSettings
from tests.conftest import no_report

ENGLISH = "The harbour was opened by the queen. ", "It has 14 piers, of which three are new. ", "Nobody was hurt. "
JAPANESE = (
    "港は1871年に開かれた。",
    "女王が開港式に出席した。",
    "桟橋は14あり、うち3つは新しい。",
    "怪我人はいなかった。",
)


@pytest.mark.model
@pytest.mark.parametrize("sentences", [ENGLISH, JAPANESE], ids=["English", "Japanese"])
def test_passages_may_be_as_long_as_the_encoder_reads(models, tmp_path: Path, sentences: tuple[str, ...]):
    text = "".join(random.Random(0).choices(sentences, k=700))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "long.txt").write_text(text, encoding="utf-8")
    settings = IndexSettings(passages=PassageSettings(size_tokens=512))
    report = build_index(tmp_path / "docs", tmp_path / "index", settings, no_report)
    assert 10 < report.passages < 25
    assert max(len(passage.text) for passage in open_store(tmp_path / "index").passages_of(0)) > 500
