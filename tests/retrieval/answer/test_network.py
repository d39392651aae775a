"""The trained network as it is served."""

import shutil
import threading

import numpy as np
import pytest

from retrieval.answer.network import WINDOW_TOKENS, SpanModel
from retrieval.answer.ranking import MODELS
from retrieval.errors import ModelError

QUESTION = "When was the harbour of Lund opened?"
TEXT = "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."


@pytest.fixture
def network(shipped_reader):
    return shipped_reader.network


def best_piece(scores, text):
    start, end = scores.spans[int((scores.starts + scores.ends).argmax())]
    return text[start:end]


def test_a_text_that_answers_scores_higher_than_one_that_does_not(network):
    (one,), (other,) = network.score(QUESTION, [("", TEXT), ("", "Nobody was hurt when the old mill burned down.")])
    assert best_piece(one, TEXT) == "1871"
    assert one.relevance > 0 > other.relevance


def test_every_piece_of_the_text_has_a_row_and_the_header_none(network):
    (bare,), (headed,) = network.score(QUESTION, [("", TEXT), ("The Harbour of Lund. 1999", TEXT)])
    assert bare.spans == headed.spans
    assert "".join(TEXT[a:b] for a, b in bare.spans) == TEXT.replace(" ", "")
    assert bare.starts.shape == bare.ends.shape == (len(bare.spans),)
    assert not np.array_equal(bare.starts, headed.starts)


def test_a_texts_scores_do_not_depend_on_its_neighbours(network):
    alone = network.score(QUESTION, [("", TEXT)])
    among = network.score(QUESTION, [("", "A mill. " * 60), ("", TEXT), ("x", "")])
    assert np.array_equal(alone[0][0].starts, among[1][0].starts)
    assert among[2] == []


def test_a_long_text_is_read_in_windows(network):
    text = "The mill stood still. " * 100 + TEXT
    found = network.score(QUESTION, [("", text)])[0]
    assert len(found) > 1 and all(len(scores.spans) <= WINDOW_TOKENS for scores in found)
    assert best_piece(max(found, key=lambda scores: scores.relevance), text) == "1871"


def test_the_end_of_a_long_question_is_read(network):
    story = "My grandmother came from there and told us much about ships and mills. " * 5
    (alone,), (after,) = (network.score(asked, [("", TEXT)])[0] for asked in (QUESTION, story + QUESTION))
    assert best_piece(alone, TEXT) == best_piece(after, TEXT) == "1871"


def test_hostile_text_is_read(network):
    texts = ["\u202e\x00\x1b[31m", "😀" * 50, "日本語のテキスト", "a" * 5000, "�", " \n\t "]
    for scores, text in zip(network.score("?" * 500, [("x" * 999, t) for t in texts]), texts, strict=True):
        for window in scores:
            assert np.isfinite(window.starts).all() and all(0 <= a <= b <= len(text) for a, b in window.spans)


def test_threads_share_a_network(network):
    expected = network.score(QUESTION, [("", TEXT)])[0][0].starts
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(network.score(QUESTION, [("", TEXT)])[0][0].starts))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(np.array_equal(starts, expected) for starts in found)


@pytest.mark.parametrize("name", ["reader.int8.onnx", "reader.tokenizer.json"])
def test_a_damaged_file_is_reported_in_one_line(tmp_path, name):
    for path in MODELS.glob("reader.*"):
        shutil.copy(path, tmp_path)
    (tmp_path / name).write_bytes(b"{half")
    with pytest.raises(ModelError, match=f"can't load the reader in {tmp_path}.*; install Quoth again"):
        SpanModel(tmp_path / "reader.int8.onnx", tmp_path / "reader.tokenizer.json")
