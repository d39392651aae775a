"""Reading on: what stands before and after a quotation, passage by passage, and the section it is in."""

from retrieval.documents.neighbours import part_beside, passage_with, section_spans
from retrieval.schema import Passage
from retrieval.spans import ReadingText, join_readings

TEXT = "Head\n\nOne. Two.\nThree. Four. Five.\n\nOther\n\nSix. Seven."
NAMES = ["Head", "One.", "Two.", "Three.", "Four.", "Five.", "Other", "Six.", "Seven."]
SPANS = {name: (TEXT.index(name), TEXT.index(name) + len(name)) for name in NAMES}


def passage(section, headings, *names):
    """A passage of these sentences of the text, the first `headings` of them headings."""
    readings = [ReadingText(name, ((0, SPANS[name][0], len(name)),)) for name in names]
    spans, start = [], 0
    for name in names:
        spans.append((start, start + len(name)))
        start += len(name) + 1
    return Passage("a.txt", section, join_readings(readings, [" "] * len(names)), tuple(spans), headings)


PASSAGES = [
    passage(0, 1, "Head", "One.", "Two."),
    passage(0, 1, "Head", "Two.", "Three.", "Four."),
    passage(0, 1, "Head", "Four.", "Five."),
    passage(1, 1, "Other", "Six.", "Seven."),
]


def beside(quoted, is_after):
    found = part_beside(PASSAGES, [SPANS[name] for name in quoted.split()], is_after)
    return found and found[0].text[slice(*found[1])]


def test_after_a_quotation_comes_the_rest_of_its_passage_then_the_next_without_what_they_share():
    assert beside("One.", is_after=True) == "Two."
    assert beside("Two.", is_after=True) == "Three. Four."
    assert beside("Three. Four.", is_after=True) == "Five."
    assert beside("Five.", is_after=True) == "Other Six. Seven."
    assert beside("Other Six. Seven.", is_after=True) is None


def test_before_a_quotation_comes_the_beginning_of_its_passage_then_the_one_before():
    assert beside("Seven.", is_after=False) == "Other Six."
    assert beside("Other Six.", is_after=False) == "Five."
    assert beside("Five.", is_after=False) == "Three. Four."
    assert beside("Three. Four.", is_after=False) == "Head One. Two."
    assert beside("Head One. Two.", is_after=False) is None


def test_reading_on_from_the_beginning_shows_each_sentence_once():
    read, at = ["Head"], "Head"
    while (more := beside(at, is_after=True)) is not None:
        read += more.split()
        at = more
    assert read == NAMES


def test_a_quotation_that_no_passage_has_has_no_neighbours():
    assert part_beside(PASSAGES, [(4, 6)], is_after=True) is None
    assert part_beside([], [(0, 4)], is_after=True) is None


def test_a_quotation_is_from_the_passage_that_has_most_of_it():
    assert passage_with(PASSAGES, [SPANS["One."]]) == 0
    assert passage_with(PASSAGES, [SPANS["Four."], SPANS["Five."]]) == 2
    assert passage_with(PASSAGES, [SPANS["Two."]]) == 0  # two have it; the first counts
    assert passage_with(PASSAGES, [(4, 6)]) is None


def test_a_section_is_all_that_its_passages_have():
    assert [TEXT[start:end] for start, end in section_spans(PASSAGES, 1)] == ["Other", "Six.", "Seven."]
    assert [TEXT[start:end] for start, end in section_spans(PASSAGES, 0)] == NAMES[:6]
    assert section_spans(PASSAGES, 7) == ()
