"""Characters of two texts are matched word by word, also where words moved or are written differently."""

from __future__ import annotations

import re
import time

from retrieval.documents.pdf.alignment import Word, aligned


def words(text: str) -> list[Word]:
    return [(match[0], range(match.start(), match.end())) for match in re.finditer(r"\S+", text)]


def counterparts(text: str, other: str) -> str:
    """The characters of `other` that those of `text` were matched with, "?" for those without one."""
    found = aligned(words(text), words(other))
    return "".join(other[found[at]] if at in found else "?" for at, char in enumerate(text) if not char.isspace())


def test_words_that_only_the_other_text_has_are_passed_over():
    assert aligned(words("a bridge"), words("page 3 a stone bridge")) == {
        0: 7,
        **{2 + at: 15 + at for at in range(6)},
    }


def test_a_word_that_a_hyphen_breaks_is_matched_around_it():
    assert aligned(words("exactly"), words("exact- ly")) == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 7, 6: 8}


def test_a_part_that_moved_is_found():
    assert counterparts("one two three four five", "four five one two three") == "onetwothreefourfive"


def test_what_the_other_text_does_not_have_is_missing():
    assert counterparts("one ferry", "one bridge") == "one?????"


def test_a_page_of_one_word_is_matched_in_time():
    begin = time.perf_counter()
    assert len(aligned(words("a " * 5_000), words("a " * 4_990 + "b"))) > 0
    assert time.perf_counter() - begin < 20
