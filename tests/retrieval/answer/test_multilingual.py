"""The reader for languages other than English: when it reads, and what it finds."""

from dataclasses import replace

import pytest

from retrieval.answer.decoding import best_spans
from retrieval.answer.multilingual import MultilingualScorer, StateModel, multilingual_scorer
from retrieval.answer.network import WINDOW_TOKENS
from retrieval.answer.reader import Reader
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL
from tests.conftest import SPAN_ALONE, FakeEncoder, FakeNetwork, FakeStateModel

TEXT = "The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers."
ENGLISH, SPANISH = "When was the harbour of Lund opened?", "¿Cuándo se inauguró el puerto de Lund?"


@pytest.fixture
def stateful() -> FakeEncoder:
    encoder = FakeEncoder()
    encoder.info = replace(encoder.info, state_layer=1)
    return encoder


def in_language(hits, language):
    return [replace(hit, document=replace(hit.document, language=language)) for hit in hits]


def test_another_language_of_the_question_or_the_documents_is_read_by_the_multilingual_network(small, stateful):
    hits, network = in_language(small.search(ENGLISH), "en"), FakeStateModel({})
    assert multilingual_scorer(ENGLISH, hits, stateful, network) is None
    assert multilingual_scorer(SPANISH, hits, stateful, network) is not None
    assert multilingual_scorer(ENGLISH, in_language(hits, "ja"), stateful, network) is not None
    assert multilingual_scorer(ENGLISH, in_language(hits, None), stateful, network) is None
    assert multilingual_scorer(SPANISH, hits, FakeEncoder(), network) is None  # it gives no states
    assert multilingual_scorer(SPANISH, hits, stateful, None) is None


def test_its_scores_are_judged_by_its_own_weights(small, stateful):
    weights = replace(SPAN_ALONE, multilingual=replace(SPAN_ALONE, bias=-1.0))
    reader = Reader(FakeNetwork({"1871": 3.0}), weights, FakeStateModel({"14": 2.0}))
    idf = small.store.sparse.idf
    hits = in_language(small.search(ENGLISH), "en")
    said = {}
    for question in (ENGLISH, SPANISH):
        best = reader.read(question, hits, idf, stateful)[0]
        said[question] = best.hit.passage.text[slice(*best.answer)], round(best.confidence, 3)
    assert said == {ENGLISH: ("1871", 0.953), SPANISH: ("14", 0.731)}  # log odds of 3, and of 2 - 1


def test_a_long_text_is_read_in_windows(stateful):
    text = "mill " * 700 + "harbour"
    (found,) = MultilingualScorer(FakeStateModel({"harbour": 3.0}), stateful).score("¿Qué?", [("", text)])
    assert len(found) > 1 and all(len(scores.spans) <= WINDOW_TOKENS for scores in found)
    best = max(found, key=lambda scores: scores.relevance)
    start, end = best.spans[int(best.starts.argmax())]
    assert text[start:end] == "harbour"
    assert MultilingualScorer(FakeStateModel({}), stateful).score("¿Qué?", [("", "")]) == [[]]


def test_the_header_is_read_and_holds_no_answer(stateful):
    read = []

    class Recorder(FakeStateModel):
        def scores(self, question, passage):
            read.append(len(passage))
            return super().scores(question, passage)

    ((found,),) = MultilingualScorer(Recorder({}), stateful).score("¿Qué?", [("Harbour of Lund", "It has piers.")])
    assert read == [6]
    assert found.spans == ((0, 2), (3, 6), (7, 12)) and len(found.starts) == 3


def test_a_missing_file_is_reported_when_it_is_needed(tmp_path, stateful):
    scorer = MultilingualScorer(StateModel(tmp_path / "reader.multilingual.int8.onnx"), stateful)
    with pytest.raises(ModelError, match="install Quoth again"):
        scorer.score("¿Qué?", [("", TEXT)])


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (SPANISH, TEXT, "1871"),
        ("Quem inaugurou o porto?", TEXT, "Queen Astrid"),
        ("桟橋はいくつありますか。", TEXT, "14"),
        ("Wer hat den Hafen eröffnet?", TEXT, "Queen Astrid"),
        (
            "港はいつ開かれましたか。",
            "ルンドの港は、1871年にアストリッド女王によって開かれた。桟橋が14ある。",
            "1871年",
        ),
        ("When was the port opened?", "El puerto de Lund fue inaugurado en 1871 por la reina Astrid.", "1871"),
    ],
)
def test_questions_and_texts_in_many_languages_are_read(models, shipped_reader, question, text, answer):
    scorer = MultilingualScorer(shipped_reader.multilingual, load_encoder(prepare_encoder(DEFAULT_MODEL)))
    nothing = "Nobody was hurt when the old mill burned down."
    ((scores,), (other,)) = scorer.score(question, [("", text), ("", nothing)])
    (best,) = best_spans(text, [scores], [(0, len(text))], 1)
    said = text[best.start : best.end]
    assert answer in said and len(said) <= len(answer) + len(" piers")  # a word more is as right
    assert scores.relevance > other.relevance
