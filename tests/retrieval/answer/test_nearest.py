"""The closest passage of a refusal: which sentences of it are quoted."""

from dataclasses import replace

import pytest

from retrieval.answer.nearest import NEAREST_CHARS, nearest_passage, passages_found
from retrieval.schema import Candidate, Document, Features, Hit, Passage, Section
from retrieval.spans import ReadingText

NO_FEATURES = Features(*[0.0] * 13)


def hit_of(*sentences):
    """A hit whose document is these sentences, a space between two of them."""
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    document = Document("a.txt", text, "0" * 64, "utf-8", "A", None, None, (Section(None, None, False),))
    return Hit(
        0, Passage("a.txt", 0, ReadingText(text, ((0, 0, len(text)),)), tuple(spans)), document, 1.0, 1, 0.5, 1.0
    )


def nearest_to(hit, sentence, answer=None):
    start, end = hit.passage.sentences[sentence]
    best = Candidate(hit=hit, start=start, end=end, answer=answer or (start, end), confidence=0.1, features=NO_FEATURES)
    return nearest_passage([best], [hit])


def sentence(name, size=110):
    return f"{name} {'x' * (size - len(name) - 2)}."


def test_a_short_passage_is_quoted_whole():
    found = nearest_to(hit_of("One.", "Two.", "Three."), 2)
    assert (found.quote, found.number, found.mark) == ("One. Two. Three.", 1, None)


@pytest.mark.parametrize(("likeliest", "quoted"), [(0, "ab"), (1, "ab"), (2, "bc"), (4, "de")])
def test_the_likeliest_sentence_is_always_quoted_with_as_many_neighbours_as_have_room(likeliest, quoted):
    sentences = [sentence(name) for name in "abcde"]
    found = nearest_to(hit_of(*sentences), likeliest)
    assert [one[0] for one in sentences if one in found.quote] == list(quoted)
    assert len(found.quote) <= NEAREST_CHARS


def test_the_quotation_is_a_slice_of_the_file():
    hit = hit_of(*[sentence(name) for name in "abcde"])
    found = nearest_to(hit, 3)
    assert [hit.document.text[slice(*span)] for span in found.spans] == [found.quote]


def test_a_sentence_that_is_too_long_is_cut_around_its_answer_between_words():
    long = f"{'before ' * 200}1871 {'after ' * 200}".strip()
    hit = hit_of("First.", long, "Last.")
    at = hit.passage.text.index("1871")
    found = nearest_to(hit, 1, (at, at + 4))
    assert len(found.quote) <= NEAREST_CHARS
    assert " 1871 " in found.quote
    assert found.quote.startswith("before ") and found.quote.endswith(" after")


@pytest.mark.parametrize("at", [0, 500, 999])
def test_a_long_sentence_without_spaces_is_cut_anywhere_and_has_its_answer(at):
    long = "あ" * at + "答" + "い" * (999 - at)
    found = nearest_to(hit_of(long), 0, (at, at + 1))
    assert "答" in found.quote and len(found.quote) == NEAREST_CHARS


def test_without_a_candidate_the_best_hit_is_quoted_from_its_beginning_and_no_words_are_likeliest():
    found = nearest_passage([], [hit_of("One.", "Two."), hit_of("Three.")])
    assert (found.quote, found.likeliest) == ("One. Two.", None)


def test_the_words_that_the_reader_would_have_chosen_are_the_likeliest_and_nothing_is_marked():
    found = nearest_to(hit_of("First.", "It opened in 1871.", "Last."), 1, (20, 24))
    assert found.quote[slice(*found.likeliest)] == "1871"
    assert found.mark is None


def test_where_the_likeliest_words_are_all_that_is_quoted_nothing_stands_out():
    assert nearest_to(hit_of("One."), 0).likeliest is None
    hit = hit_of(f"{'before ' * 50}{'inside ' * 100}after.")
    found = nearest_to(hit, 0, (350, 1050))  # longer than what is quoted of it
    assert "before" not in found.quote and found.likeliest is None


def test_a_whole_sentence_is_the_likeliest_of_several():
    found = nearest_to(hit_of("One.", "Two.", "Three."), 1)
    assert found.quote[slice(*found.likeliest)] == "Two."


def test_without_a_hit_there_is_none():
    assert nearest_passage([], []) is None


def test_the_passages_found_begin_with_the_closest_and_go_on_as_they_were_found():
    one, two, three = (replace(hit_of(text), passage_id=number) for number, text in enumerate(("A.", "B.", "C."), 1))
    best = [
        Candidate(hit=hit, start=0, end=2, answer=(0, 2), confidence=0.1, features=NO_FEATURES)
        for hit in (two, two, one)
    ]
    assert [(c.number, c.quote) for c in passages_found(best, [one, two, three])] == [(1, "B."), (2, "A."), (3, "C.")]
    assert passages_found(best, [one])[0] == replace(nearest_passage(best, [one]), likeliest=None)
    assert passages_found([], []) == []
