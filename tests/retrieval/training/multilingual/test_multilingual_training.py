"""Training of the multilingual reader: states on disk, examples, a network that begins as the English one, export."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from retrieval.answer.multilingual import StateModel
from retrieval.answer.reader import MULTILINGUAL_FILE
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL
from retrieval.training.multilingual import export
from retrieval.training.multilingual.state_network import (
    END,
    MIDDLE,
    NO_ANSWER,
    PASSAGE,
    QUESTION,
    REPLACED_LAYERS,
    ServedNetwork,
    StateNetwork,
    starting_network,
)
from retrieval.training.multilingual.states import StoredSquad, save_squad
from retrieval.training.multilingual.train import make_examples
from retrieval.training.network import Network, load_saved, save_network
from retrieval.training.train_reader import Plan, scores_of, train
from tests.conftest import FakeEncoder

COLOURS = "red green blue white black grey brown pink gold silver".split()
SHIPS = "Astrid Bella Clara Dora Edith".split()
TINY = {"hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 24, "num_hidden_layers": 2}
WIDTH = 12


class WordEncoder(FakeEncoder):
    """An encoder whose state of a word is a random vector of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.info = replace(self.info, dimension=WIDTH, state_layer=1)

    def token_states(self, text, prompt):
        found = super().token_states(text, prompt)
        rows = [np.random.default_rng(int(state)).normal(size=WIDTH) for (state,) in found.states]
        return replace(found, states=np.array(rows, np.float32).reshape(-1, WIDTH))


@pytest.fixture
def stored(tmp_path) -> StoredSquad:
    """Fifty paragraphs; each question has an unanswerable twin."""
    paragraphs = []
    for ship in SHIPS:
        for colour in COLOURS:
            text = f"Ann left Lund. The hull of the {ship} was painted {colour} in May."
            asked = {"id": f"{ship}{colour}", "question": f"What colour was the hull of the {ship}?"}
            asked["answers"] = [{"text": colour, "answer_start": text.index(colour)}]
            twin = {"id": f"un{ship}{colour}", "question": f"Who sailed the {ship}?", "answers": []}
            paragraphs.append({"context": text, "qas": [asked, twin]})
    (tmp_path / "squad.json").write_text(json.dumps({"data": [{"title": "Ships", "paragraphs": paragraphs}]}))
    save_squad([tmp_path / "squad.json"], tmp_path / "states", WordEncoder())
    return StoredSquad(tmp_path / "states")


def test_states_and_places_come_back_as_the_encoder_gave_them(stored):
    assert (len(stored.paragraphs), len(stored.questions)) == (50, 100)
    question, text = stored.questions[0], stored.paragraphs[0].text
    assert text[slice(*question.answer)] == "red" and stored.questions[1].answer is None
    expected = WordEncoder().token_states(text, "")
    assert stored.of_paragraphs.spans(0).tolist() == [list(span) for span in expected.spans]
    assert np.allclose(stored.of_paragraphs.states(0), expected.states, atol=0.01)
    assert len(stored.of_questions.states(0)) == len(question.question.split())


def test_files_with_the_same_paragraphs_share_them(stored, tmp_path):
    save_squad([tmp_path / "squad.json"] * 2, tmp_path / "twice", WordEncoder())
    twice = StoredSquad(tmp_path / "twice")
    assert (len(twice.paragraphs), len(twice.questions)) == (50, 200)


def test_an_example_says_what_stands_where_and_where_the_answer_is(stored):
    examples = make_examples([stored], seed=0)
    states, mask, kinds, allowed, places = examples.collate(range(len(examples.lengths())))
    answered = 0
    for row in range(len(states)):
        size = int(mask[row].sum())
        assert kinds[row, 0] == NO_ANSWER and kinds[row, size - 1] == END
        middle = kinds[row].tolist().index(MIDDLE)
        assert set(kinds[row, 1:middle].tolist()) == {QUESTION}
        assert set(kinds[row, middle + 1 : size - 1].tolist()) == {PASSAGE}
        assert allowed[row].nonzero().flatten().tolist() == [0, *range(middle + 1, size - 1)]
        start, end = places[row].tolist()
        if start:
            answered += 1
            encoder = WordEncoder()
            colours = [encoder.token_states(colour, "").states[0] for colour in COLOURS]
            assert start == end and any(np.allclose(states[row, start], colour, atol=0.01) for colour in colours)
    assert answered == 50  # of each question with an answer one example; its twin and other paragraphs have none
    assert len(states) > 100


def test_the_same_seed_gives_the_same_examples(stored):
    first, second, other = (make_examples([stored], seed).collate([0, 5, 9]) for seed in (1, 1, 2))
    assert all(torch.equal(one, again) for one, again in zip(first, second, strict=True))
    assert not all(one.shape == different.shape for one, different in zip(first, other, strict=True)) or not all(
        torch.equal(one, different) for one, different in zip(first, other, strict=True)
    )


def test_a_network_learns_to_find_the_answer_and_is_served_as_it_was_trained(stored, tmp_path):
    torch.manual_seed(0)
    examples = make_examples([stored], seed=0)
    network = train([examples] * 80, StateNetwork(TINY), Plan(0, 1e-2, None, 600.0, False), tmp_path / "to")
    states, mask, kinds, allowed, places = examples.collate(range(len(examples.lengths())))
    with torch.no_grad():
        scores = scores_of(network.eval(), [states, mask, kinds], allowed, is_half=False)
    assert float((scores[..., 0].argmax(1) == places[:, 0]).float().mean()) > 0.8  # .5 would be right without an answer

    again = load_saved(tmp_path / "to", StateNetwork)
    asked = torch.from_numpy(stored.of_questions.states(0).astype(np.float32))[None]
    passage = torch.from_numpy(stored.of_paragraphs.states(0).astype(np.float32))[None]
    with torch.no_grad():
        served = ServedNetwork(again.eval())(asked, passage)[0]
    text = stored.paragraphs[0].text
    start, end = stored.of_paragraphs.spans(0)[int(served[1:, 0].argmax())]
    assert served.shape == (1 + passage.shape[1], 2) and text[start:end] == "red"

    export.write_graph(again, tmp_path / "fp32.onnx")
    model = StateModel(tmp_path / "fp32.onnx")
    assert np.allclose(model.scores(asked[0].numpy(), passage[0].numpy()), (served[1:] - served[:1]).numpy(), atol=1e-4)
    for sizes in ((3, 12), (12, 3), (7, 7), (1, 40), (40, 1)):  # one session serves texts of any size
        assert model.scores(*(np.ones((size, WIDTH), np.float32) for size in sizes)).shape == (sizes[1], 2)


def test_it_begins_with_what_the_english_reader_knows(stored):
    words = sorted({word for paragraph in stored.paragraphs for word in paragraph.text.replace(".", "").split()})
    asked = sorted({word for question in stored.questions for word in question.question.replace("?", "").split()})
    pieces = {piece: number for number, piece in enumerate(["[CLS]", "[SEP]", "[UNK]", *dict.fromkeys(words + asked)])}
    tokenizer = Tokenizer(WordLevel(pieces, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    sizes = {"vocab_size": len(pieces), "max_position_embeddings": 40, "type_vocab_size": 2}
    torch.manual_seed(0)
    english = Network(TINY | sizes | {"num_hidden_layers": 2 + REPLACED_LAYERS}).eval()
    network = starting_network(english, stored, tokenizer, seed=0)
    assert torch.equal(network.head.weight, english.head.weight)
    assert torch.equal(network.layers[0].up.weight, english.layers[REPLACED_LAYERS].up.weight)
    asked, text = tokenizer.encode(stored.questions[6].question), tokenizer.encode(stored.paragraphs[3].text)
    row = torch.tensor([[0, *asked.ids, 1, *text.ids, 1]])
    kinds = torch.tensor([[0] * (len(asked.ids) + 2) + [1] * (len(text.ids) + 1)])
    kept = [n for n, token in enumerate(text.tokens) if token != "[UNK]"]  # full stops have no state
    with torch.no_grad():
        hidden = english.hidden(row, torch.ones_like(row), kinds, REPLACED_LAYERS)[0, len(asked.ids) + 2 : -1][kept]
        mapped = network.passage(torch.from_numpy(stored.of_paragraphs.states(3).astype(np.float32)))
    error = (mapped - hidden).square().sum() / (hidden - hidden.mean(0)).square().sum()
    assert float(error) < 0.5  # most of what the hidden states vary is explained


@pytest.mark.model
def test_a_network_that_int8_would_change_too_much_is_not_written(tmp_path, monkeypatch, real_encoder):
    torch.manual_seed(0)
    sizes = TINY | {"hidden_size": 384}
    save_network(StateNetwork(sizes), tmp_path / "network")
    assert export.export(tmp_path / "network", tmp_path / "to", real_encoder)["fp32"] < 0.01
    assert (tmp_path / "to" / MULTILINGUAL_FILE).is_file()
    monkeypatch.setitem(export.MAX_DIFFERENCE, "int8", 0.0)
    with pytest.raises(ModelError, match="the int8 reader differs from the original"):
        export.export(tmp_path / "network", tmp_path / "other", real_encoder)
    assert not (tmp_path / "other" / MULTILINGUAL_FILE).exists()


@pytest.fixture
def real_encoder(models: Path):
    return load_encoder(prepare_encoder(DEFAULT_MODEL))
