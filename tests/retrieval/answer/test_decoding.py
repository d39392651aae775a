"""From scores of word pieces to answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.decoding import MAX_PIECES, best_spans
from retrieval.answer.network import WINDOW_TOKENS, SpanScores, windows

TEXT = "Ann left. Bob came late."
PIECES = ((0, 3), (4, 8), (8, 9), (10, 13), (14, 18), (19, 23), (23, 24))
SENTENCES = ((0, 9), (10, 24))


def scores(starts, ends, pieces=PIECES):
    return SpanScores(pieces, np.array(starts, np.float32), np.array(ends, np.float32))


def found(starts, ends, top=3):
    return [(TEXT[f.start : f.end], f.score) for f in best_spans(TEXT, [scores(starts, ends)], SENTENCES, top)]


def test_the_best_span_has_the_highest_sum_and_none_overlaps_it():
    assert found([0, 0, 0, 4, 0, 3, 0], [0, 0, 0, 2, 0, 6, 0], top=2) == [("Bob came late", 5), ("Ann", 0)]


def test_a_span_stays_in_its_sentence():
    best = found([9, 0, 0, 0, 0, 0, 0], [0, 0, 0, 9, 0, 0, 0], top=1)[0]
    assert best[0] in ("Ann", "Ann left", "Ann left.", "Bob") and best[1] == 4.5


def test_an_answer_never_ends_before_it_begins():
    assert found([0, 0, 0, 0, 0, 5, 0], [0, 0, 0, 5, 0, 0, 0], top=1)[0][1] == 2.5


@pytest.mark.parametrize(("text", "answer"), [("港は1871年に開いた", (2, 7)), ("เปิดเมื่อปีนี้", (4, 9))])
def test_where_there_are_no_spaces_an_answer_may_begin_and_end_at_any_character(text, answer):
    pieces = ((0, answer[0]), answer, (answer[1], len(text)))
    (best,) = best_spans(text, [scores([0, 9, 0], [0, 9, 0], pieces)], [(0, len(text))], 1)
    assert (best.start, best.end, best.score) == (*answer, 9)


def test_an_answer_never_separates_a_letter_from_its_mark():
    text = "เปิดเมื่อปีนี้"
    (best,) = best_spans(text, [scores([0, 9], [9, 0], ((0, 7), (7, len(text))))], [(0, len(text))], 1)
    assert (best.start, best.end) == (0, len(text))


def test_a_span_consists_of_whole_words():
    text, pieces = "Yokohama", ((0, 3), (3, 8))
    (best,) = best_spans(text, [scores([0, 9], [9, 0], pieces)], [(0, 8)], 1)
    assert (best.start, best.end, best.score) == (0, 8, 0)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("条約は1999年に東京で署名された。", "1999年"),
        ("条約は1999年に東京で署名された。", "東京"),
        ("Ya\u0301n\u0303ez left", "Ya\u0301n\u0303ez"),
        ("it cost 3.5 billion", "3.5"),
    ],
)
def test_words_are_split_as_in_search(text, answer):
    pieces = tuple((n, n + 1) for n in range(len(text)))
    start, end = text.index(answer), text.index(answer) + len(answer)
    starts, ends = np.zeros(len(text)), np.zeros(len(text))
    starts[start], ends[end - 1] = 9, 9
    (best,) = best_spans(text, [scores(starts, ends, pieces)], [(0, len(text))], 1)
    assert text[best.start : best.end] == answer


def test_no_answer_ends_between_a_letter_and_its_accent():
    text = "Ya\u0301n\u0303ez"
    pieces = tuple((n, n + 1) for n in range(len(text)))
    (best,) = best_spans(text, [scores([9] + [0] * 6, [0, 9, 5, 0, 0, 0, 1], pieces)], [(0, len(text))], 1)
    assert (best.start, best.end) == (0, len(text))


def test_stop_words_alone_are_not_an_answer():
    text, pieces = "in the May. It", ((0, 2), (3, 6), (7, 10), (10, 11), (12, 14))
    (best, *_) = best_spans(text, [scores([5, 5, 0, 0, 0], [0, 5, 1, 0, 0], pieces)], [(0, 11), (11, 14)], 1)
    assert text[best.start : best.end] in ("in the May", "the May")
    (best,) = best_spans(text, [scores([0, 0, 4, 0, 0], [0, 0, 4, 5, 9], pieces)], [(0, 11), (11, 14)], 1)
    assert text[best.start : best.end] in ("May", "May.")


@pytest.mark.parametrize(
    ("text", "span", "trimmed"),
    [
        ("The title was “Juntos!! Bringing depth,” he said", "Juntos!! Bringing depth,”", "Juntos!! Bringing depth"),
        ("the Alliance (Chile and Peru) met", "Chile and Peru)", "Chile and Peru"),
        ("the Alliance (Chile and Peru) met", "(Chile and Peru", "Chile and Peru"),
        ('they "sailed on" and left', 'sailed on"', "sailed on"),
        ("the Alliance (PA) met;", "Alliance (PA) met;", "Alliance (PA) met"),
        ('the "Elm City" of old', '"Elm City"', '"Elm City"'),
        ("it cost $5 billion, or so", "$5 billion,", "$5 billion"),
        ("sail ‘Ann’s ship’ home", "‘Ann’s ship’", "‘Ann’s ship’"),
        ("sail Ann’s ship’ home", "Ann’s ship’", "Ann’s ship"),
    ],
)
def test_punctuation_of_the_surrounding_text_is_left_out(text, span, trimmed):
    start = text.index(span)
    end = start + len(span)
    pieces = tuple(piece for piece in ((0, start), (start, end), (end, len(text))) if piece[0] < piece[1])
    odds = [5.0 if piece[0] == start else 0.0 for piece in pieces]
    (best,) = best_spans(text, [scores(odds, odds, pieces)], [(0, len(text))], 1)
    assert text[best.start : best.end] == trimmed


def test_windows_give_one_ranking():
    left, right = scores([1, 0, 0], [1, 0, 0], PIECES[:3]), scores([0, 3, 0, 0], [0, 3, 0, 0], PIECES[3:])
    best = best_spans(TEXT, [left, right], SENTENCES, 2)
    assert [TEXT[f.start : f.end] for f in best] == ["came", "Ann"]


def test_an_answer_has_at_most_max_pieces():
    text = "x " * (MAX_PIECES + 1)
    pieces = tuple((2 * n, 2 * n + 1) for n in range(MAX_PIECES + 1))
    starts, ends = [0.0] * len(pieces), [0.0] * len(pieces)
    starts[0] = ends[-1] = 9.0
    assert best_spans(text, [scores(starts, ends, pieces)], [(0, len(text))], 1)[0].score == 4.5


def test_a_sentence_without_pieces_has_no_answer():
    assert best_spans("", [], [], 3) == []
    assert best_spans(TEXT, [scores([], [], ())], SENTENCES, 3) == []


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=7, max_size=7), st.integers(1, 6))
def test_spans_never_overlap_or_cross_a_sentence_and_come_best_first(odds, top):
    best = best_spans(TEXT, [scores([s for s, _ in odds], [e for _, e in odds])], SENTENCES, top)
    assert 1 <= len(best) <= top
    assert [f.score for f in best] == sorted((f.score for f in best), reverse=True)
    for number, one in enumerate(best):
        assert any(a <= one.start < one.end <= b for a, b in SENTENCES)
        assert not any(other.start < one.end and one.start < other.end for other in best[number + 1 :])


@pytest.mark.parametrize("size", [1, WINDOW_TOKENS, WINDOW_TOKENS + 1, 777, 5000])
def test_windows_cover_every_piece(size):
    ranges = windows(size)
    assert {n for start, end in ranges for n in range(start, end)} == set(range(size))
    assert all(end - start <= WINDOW_TOKENS for start, end in ranges)


def test_an_empty_text_has_no_window():
    assert windows(0) == []
