"""Reading, deciding, citing and small talk."""

import pytest

from retrieval.answer.agreement import differing
from retrieval.answer.answer import agree, answer
from retrieval.answer.reader import Weights, probability, read
from retrieval.conversation.small_talk import small_talk
from retrieval.index.build import build_index
from retrieval.index.retriever import open_retriever
from retrieval.settings import IndexSettings
from tests.conftest import FakeEncoder, FakeNetwork, no_report, write_corpus

SPAN = Weights({"span": 1.0}, 0.0, {"span": 1.0}, {0.9: 0.5})  # the network's figure alone: log odds that it is right


def read_small(question, small, odds, weights=SPAN):
    return read(question, small.search(question), FakeNetwork(odds), small.store.sparse.idf, weights)


def quoted(candidate):
    return candidate.hit.passage.text[candidate.start : candidate.end]


def said_by(candidate):
    return candidate.hit.passage.text[slice(*candidate.answer)]


@pytest.fixture
def knowing(monkeypatch):
    """Makes the pipeline read with a network that knows these words."""

    def know(odds):
        monkeypatch.setattr("retrieval.answer.answer.load_weights", lambda: SPAN)
        monkeypatch.setattr("retrieval.answer.answer.load_network", lambda: FakeNetwork(odds))

    return know


def built(docs, tmp_path, fake, corpus):
    write_corpus(docs, corpus)
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
    return open_retriever(tmp_path / "i", fake)


def test_the_likeliest_stretch_comes_first_with_its_sentence(small):
    best = read_small("When was the harbour of Lund opened?", small, {"1871": 3.0, "14": 1.0})[0]
    assert quoted(best) == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert said_by(best) == "1871"
    assert best.parts["span"] == 3.0
    assert best.score == pytest.approx(probability(best.parts, SPAN)) == pytest.approx(0.9526, abs=1e-4)


def test_title_section_and_date_are_read_before_the_passage(small):
    network = FakeNetwork({})
    read("When did the old mill burn down?", small.search("old mill burn"), network, small.store.sparse.idf, SPAN)
    assert ("The Old Mill. 1999-05-04", "May 4, 1999 – The old mill burned down. Nobody was hurt.") in network.read


def test_a_sentence_that_points_back_comes_with_the_one_before(small):
    best = read_small("How many piers does it have?", small, {"14": 3.0})[0]
    assert quoted(best) == "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."
    assert said_by(best) == "14"


def test_a_question_for_several_gets_the_whole_enumeration(small):
    best = read_small("Which cities does the bridge link?", small, {"malmo": 3.0})[0]
    assert said_by(best) == "Lund, Malmö and Ystad"
    assert said_by(read_small("Where does the bridge go?", small, {"malmo": 3.0})[0]) == "Malmö"


def test_a_question_for_a_reason_gets_the_clause(docs, tmp_path, fake):
    why = "The ferry to Lund, once daily, stopped in May because thick ice had broken its hull, and nobody wept.\n"
    best = read_small("Why did the ferry stop?", built(docs, tmp_path, fake, {"why.txt": why}), {"ice": 3.0})[0]
    assert said_by(best) == "because thick ice had broken its hull"


def test_a_stretch_in_two_overlapping_passages_is_one_candidate(tmp_path):
    docs = write_corpus(
        tmp_path / "d", {"a.txt": " ".join(f"The {n}th ship of Lund came from the far north." for n in range(9))}
    )
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, FakeEncoder(max_tokens=40))
    candidates = read_small("Which ship came?", open_retriever(tmp_path / "i", FakeEncoder(max_tokens=40)), {})
    places = [c.hit.passage.reading.spans(*c.answer, c.hit.document.text) for c in candidates]
    assert len(places) == len(set(places)) > 3


def test_no_hits_give_no_candidates(small):
    assert read("x", [], FakeNetwork({}), small.store.sparse.idf, SPAN) == []


def test_figures_of_a_candidate_say_how_far_it_is_ahead_and_what_is_missing(small):
    first, second = read_small("When was the Lund zeppelin opened?", small, {"1871": 3.0, "14": 1.0})[:2]
    assert (said_by(first), said_by(second)) == ("1871", "14")
    assert (first.parts["ahead"], second.parts["ahead"]) == (2.0, -2.0)
    assert first.parts["agreeing"] == 0
    assert 0 < first.parts["missing"] < 1 and first.parts["missing"] == pytest.approx(1 - first.parts["overlap"])


def test_candidates_stay_in_the_ranking_s_order_whatever_their_probability(small):
    odds = {"1871": 3.0, "1902": 2.0}
    plain = read_small("When was the harbour of Lund opened?", small, odds)
    upside_down = Weights({"span": 1.0}, 0.0, {"span": -1.0}, {0.9: 0.5})
    found = read_small("When was the harbour of Lund opened?", small, odds, upside_down)
    assert list(map(said_by, found)) == list(map(said_by, plain))
    assert found[0].score < found[-1].score


def test_an_answer_cites_the_sentence_it_stands_in(small, knowing):
    knowing({"1871": 3.0})
    found = answer("When was the harbour of Lund opened?", small)
    assert (found.status, found.answers[0].text) == ("answered", "1871")
    citation = found.answers[0].citations[0]
    assert citation.quote == "The harbour of Lund was opened in 1871 by Queen Astrid."
    assert (citation.document, citation.title, citation.lines) == ("harbour.txt", "The Harbour of Lund", (3, 3))
    assert citation.mark is not None and citation.quote[slice(*citation.mark)] == "1871"


def test_the_same_answer_in_two_documents_is_one_answer_with_two_citations(docs, tmp_path, fake, knowing):
    knowing({"1871": 3.0})
    second = "Port News\n\nLund saw its harbour opened in 1871 at last.\n"
    found = answer("When was the harbour of Lund opened?", built(docs, tmp_path, fake, {"second.txt": second}))
    assert len(found.answers) == 1 and found.answers[0].text == "1871"
    assert [(c.number, c.document) for c in found.answers[0].citations] == [(1, "harbour.txt"), (2, "second.txt")]
    assert found.candidates[0].parts["agreeing"] == 1


def test_another_year_in_a_newer_document_is_shown_first_and_as_differing(docs, tmp_path, fake, knowing):
    knowing({"1871": 3.0, "1872": 2.5})
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = answer("When was the harbour of Lund opened?", built(docs, tmp_path, fake, {"newer.txt": newer}))
    assert [text.text for text in found.answers] == ["1872", "1871"]
    assert differing(found.answers) == [found.answers[1]]
    assert [c.number for text in found.answers for c in text.citations] == [1, 2]


def test_another_year_that_is_far_less_likely_is_not_shown(docs, tmp_path, fake, knowing):
    knowing({"1871": 3.0, "1872": -2.0})
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = answer("When was the harbour of Lund opened?", built(docs, tmp_path, fake, {"newer.txt": newer}))
    assert [text.text for text in found.answers] == ["1871"]


def test_where_little_is_wanted_a_far_less_likely_year_of_a_newer_document_comes_after(docs, tmp_path, fake, knowing):
    knowing({"1871": 3.0, "1872": -2.0})
    newer = "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1872.\n"
    found = answer("When was the harbour of Lund opened?", built(docs, tmp_path, fake, {"newer.txt": newer}))
    texts = agree(found.candidates, threshold=0.05)
    assert [text.text for text in texts][:2] == ["1871", "1872"]
    assert differing(texts) == []


def test_weak_evidence_is_refused_and_the_unknown_words_named(small, knowing):
    knowing({})
    found = answer("How high is the Matterhorn above Zermatt?", small, top=2)
    assert (found.status, found.answers) == ("abstained", ())
    assert found.unknown_words == ("high", "Matterhorn", "above", "Zermatt")
    assert len(found.hits) == 2 and found.confidence < 0.5
    assert agree(found.candidates, found.threshold) == []


def test_a_follow_up_is_searched_with_its_topic(small):
    found = answer("And when?", small, searched="And when? harbour Lund opened")
    assert (found.question, found.searched) == ("And when?", "And when? harbour Lund opened")
    assert found.hits[0].document.doc_id == "harbour.txt"


def test_the_same_question_gives_the_same_answer(small):
    first, second = (answer("When did the old mill burn down?", small) for _ in range(2))
    assert (first.candidates, first.answers, first.confidence) == (second.candidates, second.answers, second.confidence)


def test_other_words_of_a_quotation_that_is_shown_are_no_further_answer(small, knowing):
    knowing({"1871": 3.0, "astrid": 2.0, "14": 1.0})
    found = answer("When was the harbour of Lund opened?", small)
    assert [text.text for text in found.answers] == ["1871", "14"]  # not "Astrid", which stands in the first one's
    assert len({text.citations[0].spans for text in found.answers}) == 2


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "Hello!",
        "hey there",
        "Good morning",
        "¡Hola!",
        "thanks",
        "Thank you so much!",
        "thx",
        "Who are you?",
        "what's your name?",
        "how are you?",
        "bye",
        "こんにちは",
        "ok thanks",
        "ok",
        "great answer!",
        "You are very smart.",
        "that's wrong",
        "not helpful",
        "it was not good",
        "👍",
        " 🙏🏽 ",
    ],
)
def test_small_talk_gets_a_line_and_no_citation(said, small):
    found = answer(said, small)
    assert found.status == "smalltalk" and found.reply
    assert (found.answers, found.hits) == ((), ())


def test_praise_and_blame_get_each_their_line():
    assert small_talk("not bad") == small_talk("great job") != small_talk("no that is wrong")
    assert small_talk("great job") == small_talk("awesome") != small_talk("useless")
    assert small_talk("useless") == small_talk("this did not help")
    assert small_talk("thanks, that was very helpful") == small_talk("thanks")


@pytest.mark.parametrize(
    "asked",
    [
        "Who are the members of JALAC?",
        "what is the good of it",
        "thanks to whom did it open",
        "How are you affected by the tariff?",
        "later plans",
        "is it good?",
        "was that helpful",
        "good wine",
        "the wrong mill",
        "no",
        "all",
        "mill",
        "nights in Lund",
        "👍 who opened the harbour?",
        "?!",
    ],
)
def test_a_question_is_no_small_talk(asked):
    assert small_talk(asked) is None


@pytest.mark.model
def test_every_citation_of_every_question_is_the_files_own_words(seeds):
    """Each evaluation question, each answer, each citation: slices of the file on disk, and its lines."""
    import json
    import re

    from retrieval.schema import INTERRUPTION
    from tests.conftest import SEEDS

    path = SEEDS.parent / "eval" / "questions.jsonl"
    questions = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]
    checked = 0
    for question in questions:
        for text in answer(question, seeds).answers:
            for citation in text.citations:
                original = (SEEDS / citation.document).read_bytes().decode("utf-8")
                slices = [re.sub(r"\s*\n\s*", " ", original[start:end]) for start, end in citation.spans]
                assert INTERRUPTION.join(slices) == citation.quote
                touched = [original.count("\n", 0, at) + 1 for start, end in citation.spans for at in (start, end - 1)]
                assert citation.lines == (min(touched), max(touched))
                checked += 1
            first = text.citations[0]
            assert first.mark is None or first.quote[slice(*first.mark)] == text.text
            original = " ".join((SEEDS / first.document).read_bytes().decode("utf-8").split())
            assert all(" ".join(part.split()) in original for part in text.text.split(INTERRUPTION))
    assert checked > 80
