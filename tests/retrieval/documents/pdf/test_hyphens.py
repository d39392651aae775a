"""Lines are joined with a space, without one, or without the hyphen between them, as the document's words tell."""

from __future__ import annotations

import pytest

from retrieval.documents.pdf.hyphens import Vocabulary


@pytest.mark.parametrize(
    ("known", "lines", "joined"),
    [
        ("a remarkable bridge", ["remark-", "able"], "remarkable"),
        ("two sailors", ["The sail-", "or came"], "The sailor came"),
        ("one sailor", ["The sail-", "ors came"], "The sailors came"),
        ("a saint", ["sa-", "il"], "sa-il"),
        ("wellknown and well-known", ["well-", "known"], "well-known"),
        ("nothing of it", ["exam-", "ple"], "exam-ple"),
        ("nothing of it", ["exam\u00ad", "ple"], "example"),
        ("bosEinstein", ["bos-", "Einstein"], "bos-Einstein"),
        ("years", ["1990-", "1995"], "1990-1995"),
        ("", ["a dash -", "then"], "a dash - then"),
        ("", ["橋は一八", "八七年に"], "橋は一八八七年に"),
        ("", ["one", "", "two"], "one two"),
    ],
)
def test_lines_become_running_text(known: str, lines: list[str], joined: str):
    vocabulary = Vocabulary()
    vocabulary.add(known)
    assert vocabulary.join(lines) == joined


def test_a_word_broken_at_a_line_end_shows_no_word():
    vocabulary = Vocabulary()
    vocabulary.add("the exam-")
    assert vocabulary.join(["ex-", "am"]) == "ex-am"
