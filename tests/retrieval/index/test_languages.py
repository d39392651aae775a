"""What an index knows of its documents' languages, and what the search makes of it."""

import json

import pytest

from retrieval.index.build import build_index
from retrieval.index.forms import other_forms
from retrieval.index.manifest import read_manifest
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings
from tests.conftest import no_report, write_corpus

ENGLISH = "The harbour of Lund was opened in 1871. It has been written about by many people, and it has 14 piers."
SPANISH = "El puerto de la ciudad fue inaugurado en 1871. Las negociaciones de los ministros duraron tres años."
JAPANESE = "ルンドの港は1871年に開かれました。アストリッド女王が式典に出席しました。"


@pytest.fixture
def built(tmp_path, fake):
    def build(corpus):
        write_corpus(tmp_path / "docs", corpus)
        build_index(tmp_path / "docs", tmp_path / "i", IndexSettings(), no_report, fake)
        return open_store(tmp_path / "i")

    return build


def test_the_manifest_has_the_share_of_each_language(built, tmp_path):
    store = built({"a.txt": ENGLISH, "b.txt": ENGLISH + " Again.", "c.txt": SPANISH, "d.txt": "1871"})
    assert list(store.languages) == ["en", "es"]
    assert store.languages["en"] == 0.5 and store.languages["es"] == 0.25
    assert json.loads((tmp_path / "i/manifest.json").read_text())["languages"] == {"en": 0.5, "es": 0.25}


def test_a_refreshed_index_keeps_the_languages_of_unchanged_documents(built, tmp_path, fake):
    built({"a.txt": SPANISH}).close()
    (tmp_path / "docs/b.txt").write_text(ENGLISH, encoding="utf-8")
    build_index(tmp_path / "docs", tmp_path / "i", IndexSettings(), no_report, fake)
    assert read_manifest(tmp_path / "i").languages == {"en": 0.5, "es": 0.5}


def test_a_spanish_question_finds_other_forms_in_spanish_documents(built):
    store = built({"a.txt": SPANISH})
    assert store.sparse.score(store.terms("la negociación ministro"))[0] > store.sparse.score(["la"])[0]
    assert "negoci" in store.terms("negociaciones")


def test_in_a_mixed_collection_the_question_s_language_decides(built):
    store = built({"a.txt": ENGLISH, "b.txt": SPANISH})
    assert "negoci" in store.terms("¿Cuánto duraron las negociaciones de los ministros?")
    assert store.terms("When was the harbour opened?") == ["harbour", "open"]
    assert store.terms("Wann wurde der Hafen von Lund eröffnet?")[-1] == "eroffnet"  # none of theirs: English stems


def test_other_forms_of_the_documents_words_are_known(built):
    store = built({"a.txt": ENGLISH})
    assert all(map(store.has_word, ["wrote", "write", "writing", "opening", "harbours"]))
    assert not store.has_word("emperor") and not store.has_word("went")


def test_in_japanese_a_name_is_known_by_its_pairs(built):
    store = built({"a.txt": JAPANESE})
    assert store.has_word("アストリッド") and store.has_word("女王") and store.has_word("女王様")
    assert not store.has_word("アストリア") and not store.has_word("皇帝") and not store.has_word("女帝")


def test_irregular_forms_come_from_the_language_s_dictionary():
    assert {"wrote", "write"} <= other_forms({"written"}, "en")
    assert other_forms({"harbour"}, "en") == set()
    assert "dij" in other_forms({"dec"}, "es")
    assert other_forms({"written"}, "ja") == set()
