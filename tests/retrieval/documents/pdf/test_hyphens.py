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


TEXT = ["the bridge carried the coast road for years"] * 20
"""20 lines of eight words."""


@pytest.mark.parametrize(
    ("known", "lines", "joined"),
    [
        (["one of the exam-"], ["exam-", "ple"], "example"),
        (["one of the exam-"], ["Exam-", "ples"], "Examples"),
        (["one of the exam-"], ["exam-", "Ple"], "exam-Ple"),
        (["one of the exam-", "the other night he was wise"], ["other-", "wise"], "otherwise"),
        (["one of the exam-", "the houses have their owners"], ["houses-", "owners"], "houses-owners"),
        (["one of the exam-", "twenty-one"], ["thirty-", "one"], "thirty-one"),
        (["one of the exam-", "twenty-one"], ["twenty-", "two"], "twenty-two"),
        (["one of the exam-"], ["state-of-the-", "art"], "state-of-the-art"),
        (["one of the exam-"], ["gov-", "erned-by"], "gov-erned-by"),
        (["one of the exam-"], ["see ada@sund-", "bridge.example"], "see ada@sund-bridge.example"),
        (["one of the exam-"], ["see https://sund.example/old-", "bridge"], "see https://sund.example/old-bridge"),
        (["one of the exam-"], ["run with --no-", "wait"], "run with --no-wait"),
        ([], ["exam-", "ple"], "exam-ple"),
    ],
)
def test_in_a_hyphenated_document_a_hyphen_stays_in_what_looks_like_a_compound(
    known: list[str], lines: list[str], joined: str
):
    vocabulary = Vocabulary()
    for line in [*TEXT, *known]:
        vocabulary.add(line)
    assert vocabulary.join(lines) == joined


def test_a_document_whose_compounds_explain_the_hyphens_at_its_line_ends_is_not_hyphenated():
    vocabulary = Vocabulary()
    for line in [*TEXT, *["a well-known and a little-used bridge of the north-west"] * 20, "one of the exam-"]:
        vocabulary.add(line)
    # 60 compounds in lines of 8.5 words: some 7 would end a line, and only one does
    assert vocabulary.join(["exam-", "ple"]) == "exam-ple"


def test_a_long_run_of_letters_is_joined_in_time():
    assert len(Vocabulary().join(["a" * 1_000_000 + "-", "b" * 1_000_000])) == 2_000_001
