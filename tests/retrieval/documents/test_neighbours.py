"""Reading on: the passage that a quotation is from, and what its neighbours add to it."""

from retrieval.documents.neighbours import own_part, passage_with, section_spans
from retrieval.schema import Passage, ReadingText, join_readings

TEXT = "Head\n\nOne. Two.\nThree. Four.\n\nOther\n\nFive."
SENTENCES = {name: (TEXT.index(name), TEXT.index(name) + len(name)) for name in (
    "Head", "One.", "Two.", "Three.", "Four.", "Other", "Five."
)}  # fmt: skip


def passage(section, headings, *names):
    """A passage of these sentences of the text, the first `headings` of them headings."""
    readings = [ReadingText(name, ((0, SENTENCES[name][0], len(name)),)) for name in names]
    spans, start = [], 0
    for name in names:
        spans.append((start, start + len(name)))
        start += len(name) + 1
    return Passage("a.txt", section, join_readings(readings, [" "] * len(names)), tuple(spans), headings)


FIRST = passage(0, 1, "Head", "One.", "Two.")
SECOND = passage(0, 1, "Head", "Two.", "Three.")
THIRD = passage(0, 1, "Head", "Three.", "Four.")
LAST = passage(1, 1, "Other", "Five.")
PASSAGES = [FIRST, SECOND, THIRD, LAST]


def part(passage, neighbour):
    return passage.text[slice(*own_part(passage, neighbour))]


def test_a_quotation_is_from_the_passage_that_has_most_of_it():
    assert passage_with(PASSAGES, [SENTENCES["One."]]) == 0
    assert passage_with(PASSAGES, [SENTENCES["Three."], SENTENCES["Four."]]) == 2
    assert passage_with(PASSAGES, [SENTENCES["Two."]]) == 0  # two have it; the first counts
    assert passage_with(PASSAGES, [(4, 6)]) is None
    assert passage_with([], [(0, 4)]) is None


def test_a_neighbour_adds_what_is_not_shared_without_its_headings():
    assert part(SECOND, FIRST) == "Three."
    assert part(THIRD, SECOND) == "Four."
    assert part(FIRST, SECOND) == "One."


def test_the_first_passage_of_another_section_is_whole():
    assert part(LAST, THIRD) == "Other Five."


def test_a_passage_that_adds_nothing_is_whole_but_for_its_headings():
    assert part(passage(0, 1, "Head", "Two."), FIRST) == "Two."
    assert part(passage(0, 1, "Head"), FIRST) == "Head"


def test_a_section_is_all_that_its_passages_have():
    assert section_spans(PASSAGES, 1) == (SENTENCES["Other"], SENTENCES["Five."])
    assert [TEXT[start:end] for start, end in section_spans(PASSAGES, 0)] == ["Head", "One.", "Two.", "Three.", "Four."]
    assert section_spans(PASSAGES, 7) == ()
