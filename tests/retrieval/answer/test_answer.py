"""Reading, deciding and citing: what a Library answers, and why."""

from dataclasses import replace

import pytest

from retrieval.answer.agreement import rivals_of_first
from retrieval.answer.decision import choose_answers, decide
from retrieval.answer.ranking import ReaderWeights, probability
from retrieval.answer.reader import Reader
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.schema import Turn
from retrieval.settings import IndexSettings
from tests.conftest import SPAN_ALONE, FakeEncoder, FakeNetwork, no_report, reader_that_knows, write_corpus

OPENED = "When was the harbour of Lund opened?"


def read_small(question, library, odds, weights=SPAN_ALONE):
    return Reader(FakeNetwork(odds), weights).read(
        question, library.search(question), library.store.sparse.idf, library.retriever.encoder
    )


def quoted(candidate):
    return candidate.hit.passage.text[candidate.start : candidate.end]


def said_by(candidate):
    return candidate.hit.passage.text[slice(*candidate.answer)]


@pytest.fixture
def library_of(docs, tmp_path, fake):
    """Makes a library of the small corpus and more documents, whose reader knows the log odds of some words."""

    def build(odds, more=None, weights=SPAN_ALONE):
        write_corpus(docs, more or {})
        build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
        return Library(tmp_path / "i", encoder=fake, reader=Reader(FakeNetwork(odds), weights))

    return build


def test_the_likeliest_span_comes_first_with_its_sentence(small):
    best = read_small(OPENED, small, {"1871": 3.0, "14": 1.0})[0]
    assert quoted(best) == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert said_by(best) == "1871"
    assert best.features.span == 3.0
    assert best.confidence == pytest.approx(probability(best.features, SPAN_ALONE)) == pytest.approx(0.9526, abs=1e-4)


def test_title_and_date_are_read_before_the_passage_which_begins_with_its_headings(small):
    network = FakeNetwork({})
    reader = Reader(network, SPAN_ALONE)
    reader.read(
        "When did the old mill burn down?",
        small.search("old mill burn"),
        small.store.sparse.idf,
        small.retriever.encoder,
    )
    text = "The Old Mill\nMay 4, 1999 – The old mill burned down. Nobody was hurt."
    assert ("The Old Mill. 1999-05-04", text) in network.read


def test_a_sentence_that_points_back_comes_with_the_one_before(small):
    best = read_small("How many piers does it have?", small, {"14": 3.0})[0]
    assert quoted(best) == "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."
    assert said_by(best) == "14"


def test_a_question_for_several_gets_the_whole_enumeration(small):
    best = read_small("Which cities does the bridge link?", small, {"malmo": 3.0})[0]
    assert said_by(best) == "Lund, Malmö and Ystad"
    assert said_by(read_small("Where does the bridge go?", small, {"malmo": 3.0})[0]) == "Malmö"


def test_a_question_for_a_reason_gets_the_clause(library_of):
    why = "The ferry to Lund, once daily, stopped in May because thick ice had broken its hull, and nobody wept.\n"
    best = read_small("Why did the ferry stop?", library_of({}, {"why.txt": why}), {"ice": 3.0})[0]
    assert said_by(best) == "because thick ice had broken its hull"


def test_a_span_in_two_overlapping_passages_is_one_candidate(tmp_path):
    docs = write_corpus(
        tmp_path / "d", {"a.txt": " ".join(f"The {n}th ship of Lund came from the far north." for n in range(9))}
    )
    encoder = FakeEncoder(max_tokens=40)
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, encoder)
    library = Library(tmp_path / "i", encoder=encoder, reader=reader_that_knows({}))
    candidates = read_small("Which ship came?", library, {})
    places = [c.hit.passage.reading.spans(*c.answer, c.hit.document.text) for c in candidates]
    assert len(places) == len(set(places)) > 3


def test_no_hits_give_no_candidates(small):
    assert reader_that_knows({}).read("x", [], small.store.sparse.idf, small.retriever.encoder) == []


def test_the_features_of_a_candidate_say_how_far_it_is_ahead_and_what_is_missing(small):
    first, second = read_small("When was the Lund zeppelin opened?", small, {"1871": 3.0, "14": 1.0})[:2]
    assert (said_by(first), said_by(second)) == ("1871", "14")
    assert (first.features.ahead, second.features.ahead) == (2.0, -2.0)
    assert first.features.agreeing == 0
    assert 0 < first.features.missing < 1
    assert first.features.missing == pytest.approx(1 - first.features.overlap)


def test_candidates_stay_in_the_ranking_s_order_whatever_their_probability(small):
    odds = {"1871": 3.0, "1902": 2.0}
    plain = read_small(OPENED, small, odds)
    upside_down = ReaderWeights(ranking={"span": 1.0}, bias=0.0, confidence={"span": -1.0}, thresholds={0.9: 0.5})
    found = read_small(OPENED, small, odds, upside_down)
    assert list(map(said_by, found)) == list(map(said_by, plain))
    assert found[0].confidence < found[-1].confidence


def test_an_answer_cites_the_sentence_it_stands_in(library_of):
    library = library_of({"1871": 3.0})
    found = library.ask(OPENED)
    assert (found.status, found.answers[0].text) == ("answered", "1871")
    citation = found.answers[0].citations[0]
    assert citation.quote == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert (citation.document, citation.title, citation.lines) == ("harbour.txt", "The Harbour of Lund", (3, 3))
    assert citation.mark is not None and citation.quote[slice(*citation.mark)] == "1871"


def test_the_same_answer_in_two_documents_is_one_answer_with_two_citations(library_of):
    second = "Port News\n\nLund saw its harbour opened in 1871 at last.\n"
    found = library_of({"1871": 3.0}, {"second.txt": second}).ask(OPENED)
    assert len(found.answers) == 1 and found.answers[0].text == "1871"
    assert [(c.number, c.document) for c in found.answers[0].citations] == [(1, "harbour.txt"), (2, "second.txt")]
    assert found.candidates[0].features.agreeing == 1


def test_another_year_in_a_newer_document_is_shown_first_beside_its_rival(library_of):
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = library_of({"1871": 3.0, "1872": 2.5}, {"newer.txt": newer}).ask(OPENED)
    assert [text.text for text in found.answers] == ["1872", "1871"]
    assert rivals_of_first(found.answers) == [found.answers[1]]
    assert [c.number for text in found.answers for c in text.citations] == [1, 2]


def test_another_year_that_is_far_less_likely_is_not_shown(library_of):
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = library_of({"1871": 3.0, "1872": -2.0}, {"newer.txt": newer}).ask(OPENED)
    assert [text.text for text in found.answers] == ["1871"]


def test_where_little_is_wanted_a_far_less_likely_year_of_a_newer_document_comes_after(library_of):
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = library_of({"1871": 3.0, "1872": -2.0}, {"newer.txt": newer}).ask(OPENED)
    texts = choose_answers(found.candidates, threshold=0.05)
    assert [text.text for text in texts][:2] == ["1871", "1872"]
    assert rivals_of_first(texts) == []


def test_weak_evidence_is_refused_and_the_unknown_words_named(library_of):
    library = library_of({})
    found = library.ask("How high is the Matterhorn above Zermatt?", top=2)
    assert (found.status, found.answers) == ("abstained", ())
    assert found.unknown_words == ("Matterhorn", "Zermatt")
    assert len(found.hits) == 2 and found.confidence < found.perhaps_threshold
    assert found.nearest is not None and quoted(found.candidates[0]) in found.nearest.quote
    assert choose_answers(found.candidates, found.threshold) == []


def test_a_follow_up_is_searched_with_its_topic(small):
    found = small.ask("And when?", [Turn("Who opened the harbour of Lund?", "Queen Astrid")])
    assert (found.question, found.searched) == ("And when?", "when Queen Astrid opened the harbour of Lund")
    assert found.hits[0].document.doc_id == "harbour.txt"


def test_the_same_question_gives_the_same_answer(small):
    first, second = (small.ask("When did the old mill burn down?") for _ in range(2))
    assert (first.candidates, first.answers, first.confidence) == (second.candidates, second.answers, second.confidence)


def test_other_words_of_a_quotation_that_is_shown_are_no_further_answer(library_of):
    library = library_of({"1871": 3.0, "astrid": 2.0, "14": 1.0})
    found = library.ask(OPENED)
    assert [text.text for text in found.answers] == ["1871", "14"]  # not "Astrid", which stands in the first one's
    assert len({text.citations[0].spans for text in found.answers}) == 2


NEWER = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"


CAUTIOUS = replace(SPAN_ALONE, bias=-1.5)
"""Weights that answer from a span score of 1.5 on, and offer a "perhaps" from .12 on."""


def test_a_perhaps_offers_the_best_answer_with_its_places_before_its_newer_rival(library_of):
    more = {"newer.txt": NEWER, "second.txt": "A Guide\n\nLund saw its harbour opened in 1871 at last.\n"}
    found = library_of({"1871": 1.0, "1872": 0.8}, more, CAUTIOUS).ask(OPENED)
    assert found.status == "perhaps"
    places = [(text.text, [citation.document for citation in text.citations]) for text in found.answers]
    assert places == [("1871", ["harbour.txt", "second.txt"]), ("1872", ["newer.txt"])]
    assert found.confidence == found.answers[0].confidence


def test_nothing_below_the_second_threshold_is_offered_though_it_contradicts(library_of):
    found = library_of({"1871": 0.2, "1872": 0.1}, {"newer.txt": NEWER}, CAUTIOUS).ask(OPENED)
    assert found.status == "perhaps"
    assert [text.text for text in found.answers] == ["1871"]


def test_a_newer_rival_below_the_threshold_comes_after_the_answer(library_of):
    found = library_of({"1871": 1.6, "1872": 1.4}, {"newer.txt": NEWER}, CAUTIOUS).ask(OPENED)
    assert found.status == "answered"
    assert [text.text for text in found.answers] == ["1871", "1872"]
    assert found.answers[1].confidence < found.threshold


def test_a_folder_without_a_passage_is_refused_even_if_nothing_is_wanted():
    assert decide([], 0.0, 0.0) == ("abstained", [])


@pytest.mark.model
def test_every_citation_of_every_question_is_the_files_own_words(seeds):
    """Each evaluation question, each answer, each citation: slices of the file on disk, and its lines."""
    import re

    from eval.dataset import read_questions
    from retrieval.spans import INTERRUPTION
    from tests.conftest import SEEDS

    checked = 0
    for asked in read_questions():
        question = asked.question
        for text in seeds.ask(question).answers:
            for citation in text.citations:
                original = (SEEDS / citation.document).read_bytes().decode("utf-8")
                slices = [re.sub(r"\s*\n\s*", " ", original[start:end]) for start, end in citation.spans]
                between = f"(?:{re.escape(INTERRUPTION)}| )"  # a space where only signs of markup are left out
                assert re.fullmatch(between.join(map(re.escape, slices)), citation.quote)
                touched = [original.count("\n", 0, at) + 1 for start, end in citation.spans for at in (start, end - 1)]
                assert citation.lines == (min(touched), max(touched))
                checked += 1
            first = text.citations[0]
            assert first.mark is None or first.quote[slice(*first.mark)] == text.text
            original = " ".join((SEEDS / first.document).read_bytes().decode("utf-8").split())
            is_slice = all(" ".join(part.split()) in original for part in text.text.split(INTERRUPTION))
            assert is_slice or text.text in first.quote  # a list's items stand without their bullets
    assert checked > 80


def test_a_sentence_that_only_asks_the_question_is_no_answer(library_of):
    faq = "Library\n\nHow many books may I borrow at once? You may borrow eight.\n"
    found = library_of({"books": 4.0, "eight": 1.0}, {"faq.txt": faq}).ask("How many books may I borrow?")
    assert found.answers[0].text == "eight"
    assert found.answers[0].citations[0].quote == "You may borrow eight."


def test_a_question_what_something_is_takes_the_sentence_that_defines_it(library_of):
    notes = "Notes\n\nThe Tide Board met in Lund. The Tide Board is a council of nine. The Tide Board left in May.\n"
    library = library_of({"lund": 3.0, "may": 2.0, "a": -1.0, "nine": 1.0}, {"notes.txt": notes})
    found = library.ask("What is the Tide Board?")
    assert found.candidates[0].features.defines == 1
    assert said_by(found.candidates[0]) == "a council of nine"
    assert said_by(library.ask("Where is the Tide Board?").candidates[0]) == "Lund"


def test_a_question_for_several_takes_the_passage_that_has_all_of_them(library_of):
    few = "News\n\nThe ferry calls at Lund and Malmö in summer.\n"
    all_of_them = "Timetable\n\nThe ferry calls at Lund, Malmö, Ystad and Visby all year.\n"
    found = library_of({"lund": 3.0, "malmo": 3.0, "visby": -2.0}, {"few.txt": few, "all.txt": all_of_them}).ask(
        "Which cities does the ferry call at?"
    )
    assert found.candidates[0].hit.document.doc_id == "all.txt"


def test_an_answer_to_when_that_tells_no_time_comes_after_one_that_does(library_of):
    news = "News\n\nThey met on the 11th anniversary of the harbour of Lund, opened long ago.\n"
    found = library_of({"1871": 2.0, "anniversary": 2.5}, {"news.txt": news}).ask(OPENED)
    assert said_by(found.candidates[0]) == "1871"
    other = library_of({"1871": 2.0, "anniversary": 2.5}, {"news.txt": news}).ask("What of the harbour of Lund opened?")
    assert said_by(other.candidates[0]) == "anniversary"


def first_said(library, question):
    return said_by(library.ask(question).candidates[0])


def test_a_question_for_a_list_prefers_an_answer_of_several_items(library_of):
    crew = {"crew.txt": "Tom steers the ship.\n\nOn board of the ship are Ana, Mara and Pim.\n"}
    library = library_of({"tom": 1.5, "ana": 1.0}, crew)
    assert first_said(library, "Who are the people of the ship?") == "Ana, Mara and Pim"
    assert first_said(library, "Who is on the ship?") == "Tom"


def test_who_signed_is_told_below_a_heading_that_only_says_what_they_are(library_of):
    treaty = {"news.md": "# Ministers sign the treaty\n\nIt was signed by Ana Pim; Tom Reed; and Mara Ives.\n"}
    library = library_of({"ministers": 3.0, "reed": -2.0}, treaty)
    assert first_said(library, "Who signed the treaty?") == "Ana Pim; Tom Reed; and Mara Ives"
