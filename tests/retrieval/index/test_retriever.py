"""Words, BM25, vectors and their fusion."""

from functools import partial
from math import log

import numpy as np
import pytest

from retrieval.encoder.vectors import unit_rows
from retrieval.errors import IndexProblem, QuothError
from retrieval.index.build import build_index
from retrieval.index.dense import DenseIndex
from retrieval.index.fusion import fuse
from retrieval.index.retriever import CANDIDATES, FAVOUR, Retriever
from retrieval.index.sparse import K1, B, SparseIndex
from retrieval.library import Library
from retrieval.settings import IndexSettings
from retrieval.text import content_words, terms, words
from tests.conftest import no_report, write_corpus

PASSAGES = [["red", "boat"], ["red", "red", "house", "roof"], ["green", "house"], []]


def test_words_are_folded_with_their_spans():
    assert words("Óscar’s TPP11, 2.5 %") == [("oscar", (0, 5)), ("s", (6, 7)), ("tpp11", (8, 13)), ("2.5", (15, 18))]


def test_terms_are_stems_without_stop_words():
    assert terms("When were the negotiations finalized?") == ["negoti", "final"]


def test_a_question_of_stop_words_is_searched_all_the_same():
    assert terms("who are they") == ["who", "are", "they"]


def test_content_words_are_as_typed_and_once():
    assert content_words("Where is Zermatt, and zermatt's Hotel?") == ["Zermatt", "Hotel"]


def test_bm25_is_the_formula_worked_by_hand():
    index = SparseIndex.build(PASSAGES[:3])
    mean_length = 8 / 3
    idf = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    boat = idf * 1 / (1 + K1 * (1 - B + B * 2 / mean_length))
    assert index.score(["boat"]) == pytest.approx([boat, 0, 0], rel=1e-5)


def test_a_word_in_every_passage_still_counts():
    index = SparseIndex.build([["topic", "a"], ["topic", "b"]])
    assert all(index.score(["topic"]) > 0)
    assert index.idf("topic") > 0


def test_unknown_words_score_nothing_and_have_the_highest_idf():
    index = SparseIndex.build(PASSAGES)
    assert index.score(["zebra"]).tolist() == [0, 0, 0, 0]
    assert index.score([]).tolist() == [0, 0, 0, 0]
    assert index.idf("zebra") > index.idf("boat") > index.idf("red")
    assert [index.frequency(term) for term in ("red", "house", "zebra")] == [2, 2, 0]


def test_the_passages_with_any_of_some_terms_are_known():
    index = SparseIndex.build(PASSAGES)
    assert index.has_any(["red", "zebra"]).tolist() == [True, True, False, False]
    assert index.has_any(["boat", "green"]).tolist() == [True, False, True, False]
    assert not index.has_any([]).any()


def test_bm25_is_the_same_after_saving(tmp_path):
    index = SparseIndex.build(PASSAGES)
    index.save(tmp_path)
    assert SparseIndex.load(tmp_path).score(["red", "roof"]).tolist() == index.score(["red", "roof"]).tolist()


def vectors(count: int = 200) -> np.ndarray:
    return unit_rows(np.random.default_rng(0).normal(size=(count, 16)).astype(np.float32))


def test_the_exact_index_finds_what_a_full_comparison_finds():
    rows = vectors()
    query = rows[17]
    found = DenseIndex.build(rows).search(query, 5)
    assert found.tolist() == np.argsort(-(rows @ query), kind="stable")[:5].tolist()
    assert DenseIndex.build(rows).cosines(query, found)[0] == pytest.approx(1)


def test_fewer_passages_than_requested_are_not_an_error():
    assert DenseIndex.build(vectors(3)).search(vectors(3)[0], 10).tolist()[0] == 0
    assert len(DenseIndex.build(vectors(3)).search(vectors(3)[0], 10)) == 3


@pytest.mark.parametrize("factory", ["HNSW16,Flat", "IVF4,Flat", "SQ8"])
def test_any_factory_string_of_faiss_works_and_is_saved(factory, tmp_path):
    rows = vectors(400)
    DenseIndex.build(rows, factory).save(tmp_path / "dense")
    assert DenseIndex.load(tmp_path / "dense", rows).search(rows[17], 3)[0] == 17


@pytest.mark.parametrize("factory", ["Flat", "HNSW16,Flat", "IVF4,Flat", "SQ8"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_the_nearest_of_the_allowed_rows_are_exact_with_any_index(factory, share):
    rows = vectors(400)
    allowed = np.random.default_rng(1).random(400) < share
    best = [row for row in np.argsort(-(rows @ rows[17]), kind="stable").tolist() if allowed[row]]
    assert DenseIndex.build(rows, factory).search(rows[17], 5, allowed).tolist() == best[:5]


@pytest.mark.parametrize("factory", ["Nonsense", "IVF4096,Flat"])
def test_a_factory_that_faiss_refuses_is_one_clear_line(factory):
    with pytest.raises(
        IndexProblem, match=rf"faiss can't build '{factory}' over 200 passages: .*choose another --faiss"
    ):
        DenseIndex.build(vectors(), factory)


def test_fusion_scales_cosines_to_their_range_and_takes_the_share_of_bm25_as_it_is():
    ranked = fuse({1: 0.9, 2: 0.88, 3: 0.8}, {1: 0.0, 2: 0.3, 3: 0.2}, dense_weight=0.5)
    # cosines 1, .8 and 0 of their range
    assert ranked == [(2, pytest.approx(0.55)), (1, pytest.approx(0.5)), (3, pytest.approx(0.1))]


def test_bm25_that_knows_little_of_the_question_decides_little():
    cosines = {1: 0.9, 2: 0.8}
    assert fuse(cosines, {1: 0.0, 2: 0.9})[0][0] == 1  # the default weighs the cosine more
    assert fuse(cosines, {1: 0.0, 2: 0.1}, dense_weight=0.2)[0][0] == 1
    assert fuse(cosines, {1: 0.0, 2: 0.9}, dense_weight=0.2)[0][0] == 2


def test_the_highest_possible_score_counts_words_that_no_passage_has(small):
    sparse = small.store.sparse
    known = sparse.highest_possible(terms("harbour"))
    assert sparse.score(terms("harbour")).max() < known < sparse.highest_possible(terms("harbour Atlantis"))


def test_fusion_without_a_common_word_is_the_cosine_alone_and_ties_keep_the_lower_id():
    assert [id_ for id_, _ in fuse({7: 0.5, 2: 0.5, 9: 0.6}, {7: 0.0, 2: 0.0, 9: 0.0})] == [9, 2, 7]
    assert fuse({}, {}) == []


def test_hits_come_in_order_with_both_parts(small):
    hits = small.search("When was the harbour of Lund opened?", k=3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert hits[0].document.doc_id == "harbour.txt"
    assert hits[0].score > hits[1].score >= hits[2].score
    assert hits[0].sparse > 0 and 0 < hits[0].dense <= 1


def test_one_search_leaves_nothing_behind_for_the_next(small):
    first = [(hit.passage_id, hit.score) for hit in small.search("the mill", 2)]
    small.search("harbour", 1)
    assert [(hit.passage_id, hit.score) for hit in small.search("the mill", 2)] == first


def test_asking_for_more_hits_changes_none_of_the_first(small):
    query = "When was the harbour of Lund opened?"
    every = [(hit.passage_id, hit.score) for hit in small.search(query, 50)]
    for k in (1, 2, 3):
        assert [(hit.passage_id, hit.score) for hit in small.search(query, k)] == every[:k]


def test_a_document_is_searched_alone_with_the_same_scores(small):
    query = "When was the harbour of Lund opened?"
    own = small.retriever.search_document(query, "harbour.txt")
    assert [hit.document.doc_id for hit in own] == ["harbour.txt"] * len(own)
    parts = {hit.passage_id: (hit.dense, hit.sparse) for hit in small.search(query, 50)}
    assert [(hit.dense, hit.sparse) for hit in own] == [pytest.approx(parts[hit.passage_id]) for hit in own]
    with pytest.raises(QuothError, match=r"no document gone.txt in the index"):
        small.retriever.search_document(query, "gone.txt")


def test_each_arm_alone_is_a_weight(small):
    dense = Retriever(small.store, small.retriever.encoder, partial(fuse, dense_weight=1.0)).search("bridge cost", 3)
    sparse = Retriever(small.store, small.retriever.encoder, partial(fuse, dense_weight=0.0)).search("bridge cost", 3)
    assert [hit.dense for hit in dense] == sorted((hit.dense for hit in dense), reverse=True)
    assert [hit.sparse for hit in sparse] == sorted((hit.sparse for hit in sparse), reverse=True)


def test_decomposed_letters_are_the_same_words():
    assert words("Rami\u0301rez")[0][0] == words("Ramírez")[0][0] == "ramirez"


def test_invisible_characters_in_a_question_do_not_split_words(small):
    assert small.search("har\u00adbour of Lund", 1)[0].sparse == small.search("harbour of Lund", 1)[0].sparse


def test_listing_documents_does_not_cache_them(small):
    assert [source.document for source in small.store.sources()] == ["harbour.txt", "mill.txt", "news/bridge.md"]
    assert small.store._documents == {}


def test_what_is_not_allowed_is_left_out_before_the_ranking(tmp_path, fake, shipped_reader):
    """More passages than either arm brings are better than the only one that is allowed."""
    far = "The bridge cost a million."
    corpus = {f"{number:03}.txt": "The harbour of Lund was opened.\n" for number in range(CANDIDATES + 20)}
    build_index(
        write_corpus(tmp_path / "docs", corpus | {"far.txt": far}), tmp_path / "index", IndexSettings(), no_report, fake
    )
    library = Library(tmp_path / "index", encoder=fake, reader=shipped_reader)
    allowed = np.array([library.store.passage(row).text == far for row in range(library.store.manifest.passages)])
    assert allowed.sum() == 1
    assert far not in [hit.passage.text for hit in library.retriever.search("harbour of Lund", CANDIDATES)]
    (hit,) = library.retriever.search("harbour of Lund", 5, allowed)
    assert (hit.passage.text, hit.rank) == (far, 1)
    assert library.retriever.search("harbour of Lund", 5, np.zeros_like(allowed)) == []


def test_a_restriction_changes_no_part_of_a_score(small):
    query = "Lund"
    parts = {hit.passage_id: (hit.dense, hit.sparse) for hit in small.search(query, 50)}
    found = small.retriever.search(query, 50, np.array([number % 2 == 0 for number in range(len(parts))]))
    assert {hit.passage_id: (hit.dense, hit.sparse) for hit in found} == {
        number: pytest.approx(both) for number, both in parts.items() if number % 2 == 0
    }


def test_the_rank_of_a_row_is_its_place_by_cosine_among_those_allowed():
    vectors = unit_rows(np.array([[1, 0], [1, 1], [0, 1], [1, 1]], np.float32))
    index, query = DenseIndex.build(vectors), unit_rows(np.array([[1, 0.1]], np.float32))[0]
    assert [index.rank(query, row) for row in range(4)] == [1, 2, 4, 2]
    assert index.rank(query, 2, np.array([False, True, True, False])) == 2


def test_ranks_by_words_are_none_without_the_words(small):
    by_words = [small.retriever.ranks("mill burned", row).by_words for row in range(3)]
    row = next(row for row in range(3) if "mill" in small.store.passage(row).text)
    assert by_words[row] == 1
    assert [rank for number, rank in enumerate(by_words) if number != row] == [None, None]
    assert small.retriever.ranks("mill burned", row).by_meaning == 1


def test_a_favoured_passage_gets_more_and_no_other_less(small):
    retriever = small.retriever
    plain = {hit.passage_id: hit.score for hit in retriever.search("the bridge of Lund", k=10)}
    last = min(plain, key=lambda row: plain[row])
    favoured = np.arange(small.store.manifest.passages) == last
    found = retriever.search("the bridge of Lund", k=10, favoured=favoured)
    assert {hit.passage_id: hit.score for hit in found} == pytest.approx({**plain, last: plain[last] + FAVOUR})
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
