"""Training of the reader: examples, network, training that resumes where it stopped, export."""

import json
import random
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from rapidfuzz.distance import OSA

from retrieval.answer.decoding import best_spans
from retrieval.answer.network import SpanModel
from retrieval.encoder.sources import find_source
from retrieval.errors import ModelError
from retrieval.settings import READER_BASE
from retrieval.training import examples as examples_command
from retrieval.training import export_reader, mean_network, train_reader
from retrieval.training.example_file import Examples, load_examples
from retrieval.training.examples import load_tokenizer, make_examples
from retrieval.training.mistyped import mistyped
from retrieval.training.network import Network, from_encoder, load_network, save_network
from retrieval.training.train_reader import CHECKPOINT, Plan, batches, scores_of, train

COLOURS = "red green blue white black grey brown pink gold silver".split()
SHIPS = "Astrid Bella Clara Dora Edith Frida Greta Helga Ingrid Johanna".split()
ASKED = re.compile(r"what colour was(?: never|n ' t)? the hull of the \w+ painted")
TINY = {
    "vocab_size": 50,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
    "type_vocab_size": 2,
}


def paragraph(ship: str, colour: str) -> tuple[str, str, int]:
    """A text, its answer and the answer's offset."""
    text = f"Ann left Lund. The hull of the {ship} was painted {colour} in May."
    return text, colour, text.index(colour)


def write_squad(path: Path) -> Path:
    """A hundred paragraphs with a question each."""
    found = []
    for ship in SHIPS:
        for colour in COLOURS:
            text, answer, start = paragraph(ship, colour)
            entry = {
                "id": f"{ship}{colour}",
                "question": f"What colour was the hull of the {ship} painted?",
                "answers": [{"text": answer, "answer_start": start}],
            }
            found.append({"context": text, "qas": [entry]})
    path.write_text(json.dumps({"data": [{"title": "Ships_of_Lund", "paragraphs": found}]}), encoding="utf-8")
    return path


def read_back(example, tokenizer):
    """Question, title, passage and answer of an example, as text."""
    pieces = list(example.pieces)
    parts = (
        pieces[1 : example.question - 1],
        pieces[example.question : example.first],
        pieces[example.first : -1],
        pieces[example.start : example.end + 1] if example.start else [],
    )
    return [tokenizer.decode(part) for part in parts]


@pytest.fixture(scope="module")
def squad(tmp_path_factory):
    return write_squad(tmp_path_factory.mktemp("squad") / "ships.json")


@pytest.mark.model
def test_an_example_holds_question_title_passage_and_answer(squad, monkeypatch):
    monkeypatch.setattr(examples_command, "MISTYPED", 0.0)
    tokenizer = load_tokenizer(find_source(READER_BASE))
    made = [read_back(example, tokenizer) for example in make_examples([squad], seed=0)]
    assert len(made) >= 100
    for question, title, passage, answer in made:
        assert ASKED.match(question) and title in ("", "ships of lund")
        assert answer == "" or (answer in COLOURS and f"painted {answer} in may" in passage)
    with_answer = [row for row in made if row[3]]
    assert len(with_answer) > 100 and len({row[2] for row in with_answer}) > 100 * 0.8
    assert any(row[1] for row in made) and any(not row[1] for row in made)


@pytest.mark.model
def test_a_passage_that_contains_the_answer_is_not_a_negative(squad, monkeypatch):
    monkeypatch.setattr(examples_command, "MISTYPED", 0.0)
    tokenizer = load_tokenizer(find_source(READER_BASE))
    made = [read_back(example, tokenizer) for example in make_examples([squad], seed=0)]
    colour, checked = "", 0
    for question, _, passage, answer in made:  # a question's examples follow each other, the one with the answer first
        colour = answer or colour
        if not answer and "was the" in question and f"the {question.split()[-2]} " in passage:  # not a changed one
            assert f"painted {colour} " not in passage
            checked += 1
    assert checked > 10


@pytest.mark.model
def test_some_questions_are_mistyped(squad):
    tokenizer = load_tokenizer(find_source(READER_BASE))
    made = [read_back(example, tokenizer)[0] for example in make_examples([squad], seed=0)]
    right = [question for question in made if ASKED.match(question)]
    assert 0.05 < 1 - len(right) / len(made) < 0.2


@pytest.mark.parametrize("seed", range(50))
def test_one_or_two_longer_words_get_a_typo_of_one_letter(seed):
    question = "Who was the captain of the Kristina in Lund?"
    typed = mistyped(question, random.Random(seed))
    pairs = [(one, other) for one, other in zip(question.split(), typed.split(), strict=True) if one != other]
    assert pairs and {one for one, _ in pairs} <= {"captain", "Kristina"}
    for one, other in pairs:
        assert OSA.distance(one, other) == 1 and one[0] == other[0]


def test_words_too_short_for_a_typo_are_unchanged():
    assert mistyped("Who is he, 12345?", random.Random(0)) == "Who is he, 12345?"


@pytest.mark.model
def test_training_can_start_from_a_trained_network(squad, tmp_path):
    assert examples_command.main([str(squad), "--to", str(tmp_path / "e.npz"), "--questions", "8"]) == 0
    first = ["--to", str(tmp_path / "first"), "--learning-rate", "0"]
    assert train_reader.main([str(tmp_path / "e.npz"), *first]) == 0
    second = ["--to", str(tmp_path / "second"), "--learning-rate", "0", "--from", str(tmp_path / "first")]
    assert train_reader.main([str(tmp_path / "e.npz"), *second, "--seed", "5"]) == 0
    before, after = (load_network(tmp_path / name).state_dict() for name in ("first", "second"))
    assert torch.equal(before["head.weight"], after["head.weight"])  # a random head would differ, because the seed does
    taught = ["--taught-by", str(tmp_path / "first"), str(tmp_path / "second"), "--soft", "1", "--temperature", "2"]
    third = ["--to", str(tmp_path / "third"), "--from", str(tmp_path / "first"), "--batch", "4", "--dropout", "0.1"]
    assert train_reader.main([str(tmp_path / "e.npz"), *third, *taught]) == 0
    assert not torch.equal(load_network(tmp_path / "third").head.weight, before["head.weight"])


@pytest.mark.model
def test_the_same_seed_makes_the_same_examples_and_another_makes_others(squad):
    assert make_examples([squad], seed=1, limit=20) == make_examples([squad], seed=1, limit=20)
    assert make_examples([squad], seed=1) != make_examples([squad], seed=2)


@pytest.mark.model
def test_the_network_begins_as_the_encoder(models):
    from sentence_transformers import SentenceTransformer

    source = find_source(READER_BASE)
    theirs = SentenceTransformer(str(source), device="cpu")
    given = theirs.tokenizer(["When was it built?", "In 1871."], padding=True, return_tensors="pt")
    network = from_encoder(source).eval()
    network.head = torch.nn.Identity()
    with torch.no_grad():
        ours = network(given["input_ids"], given["attention_mask"], given["token_type_ids"])
        expected = theirs[0].auto_model(**given).last_hidden_state
    assert torch.allclose(ours[given["attention_mask"].bool()], expected[given["attention_mask"].bool()], atol=1e-4)


def few_examples(number: int = 12) -> Examples:
    """Texts of three to twelve pieces; piece 7 is the answer."""
    rng = np.random.default_rng(0)
    rows = [[1, *rng.integers(10, 50, 2), 2, *rng.integers(10, 50, n % 9), 7, 2] for n in range(number)]
    places = [(4, 4, len(row) - 2, len(row) - 2) for row in rows]
    begins = np.cumsum([0, *map(len, rows)])
    return Examples(np.concatenate(rows).astype(np.uint16), begins, np.array(places, np.int32))


def test_every_example_is_in_one_batch_with_others_of_its_length():
    examples = few_examples()
    made = batches(examples, seed=0, size=5)
    assert sorted(row for batch in made for row in batch) == list(range(12))
    assert [len(batch) for batch in made].count(5) == 2
    lengths = sorted(np.diff(examples.begins)[batch].tolist() for batch in made)
    assert all(max(shorter) <= min(longer) for shorter, longer in pairwise(lengths))


def test_only_the_passage_and_the_first_piece_may_hold_the_answer():
    pieces, mask, kinds, allowed, places = few_examples().collate([3])
    assert pieces.shape == (1, 16) and mask.sum() == 9
    assert kinds[0].tolist() == [0] * 4 + [1] * 5 + [0] * 7
    assert allowed[0].nonzero().flatten().tolist() == [0, 4, 5, 6, 7]
    assert pieces[0, places[0, 0]] == 7


def weights_after(folder: Path, plan: Plan, epochs: list[Examples]) -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    return train(epochs, Network(TINY), plan, folder).cpu().state_dict()


@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_resumed_training_ends_with_the_same_weights(tmp_path, monkeypatch, dropout):
    plan, epochs = Plan(0, 1e-3, None, 0.0, False, dropout=dropout), [few_examples(200), few_examples(200)]
    expected = weights_after(tmp_path / "whole", plan, epochs)
    real = train_reader.TrainingRun.train_on
    monkeypatch.setattr(
        train_reader.TrainingRun, "train_on", lambda run, batch: 1 / 0 if run.step == 5 else real(run, batch)
    )
    with pytest.raises(ZeroDivisionError):
        weights_after(tmp_path / "stopped", plan, epochs)
    monkeypatch.setattr(train_reader.TrainingRun, "train_on", real)
    assert (tmp_path / "stopped" / CHECKPOINT).exists()
    found = weights_after(tmp_path / "stopped", plan, epochs)
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    torch.manual_seed(3)
    assert not torch.equal(expected["head.weight"], Network(TINY).state_dict()["head.weight"])


def test_a_checkpoint_of_another_run_is_not_resumed(tmp_path):
    weights_after(tmp_path, Plan(0, 1e-3, None, 0.0, False), [few_examples(20)])
    with pytest.raises(ModelError, match="of a run with other examples or settings"):
        weights_after(tmp_path, Plan(1, 1e-3, None, 0.0, False), [few_examples(20)])


def without_answers(examples: Examples) -> Examples:
    """The same examples, labelled as having no answer."""
    return replace(examples, places=examples.places * np.array([1, 1, 0, 0], np.int32))


def found_by(network: Network, examples: Examples) -> int:
    """How many answers' first pieces it finds."""
    pieces, mask, kinds, allowed, places = examples.collate(range(len(examples)))
    with torch.no_grad():
        scores = scores_of(network.eval(), [pieces, mask, kinds], allowed, is_half=False)
    return int((scores[..., 0].argmax(1) == places[:, 0]).sum())


def test_a_network_learns_from_its_teachers_and_not_from_the_labels(tmp_path):
    examples, plan = few_examples(400), Plan(0, 1e-2, None, 600.0, False, dropout=0.1)
    torch.manual_seed(3)
    teacher = train([examples] * 4, Network(TINY), plan, tmp_path / "teacher")
    taught = train(
        [without_answers(examples)] * 4, Network(TINY), replace(plan, soft=1.0), tmp_path / "taught", [teacher]
    )
    alone = train([without_answers(examples)] * 4, Network(TINY), plan, tmp_path / "alone")
    assert found_by(teacher, examples) > 350 and found_by(taught, examples) > 350
    assert found_by(alone, examples) == 0


def test_teachers_may_teach_answers_alone(tmp_path):
    examples, plan = few_examples(400), Plan(0, 1e-2, None, 600.0, False, soft=1.0, teach_answers_only=True)
    torch.manual_seed(3)
    teacher = train([examples] * 4, Network(TINY), replace(plan, soft=0.0), tmp_path / "teacher")
    labelled_empty = without_answers(examples)
    taught = train([labelled_empty] * 4, Network(TINY), plan, tmp_path / "taught", [teacher])
    assert found_by(taught, examples) == 0  # it was not asked about any of them
    assert found_by(taught, labelled_empty) > 350


def test_training_goes_on_from_the_file_that_serves(squad, tmp_path, models):
    torch.manual_seed(0)
    network = from_encoder(find_source(READER_BASE))
    save_network(network, tmp_path)
    export_reader.export(tmp_path, tmp_path / "to")
    again = load_network(tmp_path / "to" / "reader.int8.onnx")
    assert again.config == network.config
    for name, weight in network.state_dict().items():
        step = float(weight.abs().max()) / 127  # of the coarsest scale that int8 could have
        assert torch.allclose(again.state_dict()[name], weight, atol=step), name


def test_teachers_are_not_changed(tmp_path):
    torch.manual_seed(3)
    teacher = Network(TINY)
    before = {name: weight.clone() for name, weight in teacher.state_dict().items()}
    train([few_examples()], Network(TINY), Plan(0, 1e-2, None, 600.0, False), tmp_path, [teacher])
    assert all(torch.equal(weight, before[name]) for name, weight in teacher.state_dict().items())


def test_a_run_with_other_teachers_is_not_resumed(tmp_path):
    plan = Plan(0, 1e-3, None, 0.0, False)
    weights_after(tmp_path, plan, [few_examples(20)])
    with pytest.raises(ModelError, match="of a run with other examples or settings"):
        train([few_examples(20)], Network(TINY), plan, tmp_path, [Network(TINY)])


def test_the_mean_of_networks(tmp_path):
    networks = [Network(TINY) for _ in range(3)]
    for number, network in enumerate(networks):
        save_network(network, tmp_path / str(number))
    assert mean_network.main([*(str(tmp_path / str(n)) for n in range(3)), "--to", str(tmp_path / "mean")]) == 0
    mean = load_network(tmp_path / "mean").head.weight
    assert torch.allclose(mean, sum(network.head.weight for network in networks) / 3)


def test_people_s_unanswerable_questions_become_examples_without_an_answer(tmp_path):
    entry = {"id": "u", "question": "What colour was the sail of the Astrid painted?", "answers": []}
    asked = json.loads(write_squad(tmp_path / "ships.json").read_text(encoding="utf-8"))
    asked["data"][0]["paragraphs"][0]["qas"].append({**entry, "is_impossible": True})
    (tmp_path / "ships.json").write_text(json.dumps(asked), encoding="utf-8")
    tokenizer = load_tokenizer(find_source(READER_BASE))
    made = make_examples([tmp_path / "ships.json"], seed=0, limit=0)
    assert len(made) == 1 and made[0].start == 0
    assert "sail of the" in read_back(made[0], tokenizer)[0]


def test_a_folder_without_a_network_is_reported(tmp_path):
    with pytest.raises(ModelError, match="holds no trained network"):
        load_network(tmp_path)


def test_training_ends_when_its_time_is_over(tmp_path):
    torch.manual_seed(3)
    network = Network(TINY)
    train([few_examples(2000)], network, Plan(0, 1e-3, 1.0, 600.0, False), tmp_path)  # one second after 1970 began
    assert torch.load(tmp_path / CHECKPOINT, weights_only=True)["step"] == 1
    loaded = load_network(tmp_path)
    assert torch.equal(loaded.head.weight, network.cpu().head.weight)


def test_an_int8_model_that_differs_too_much_is_not_written(tmp_path, monkeypatch):
    torch.manual_seed(0)
    save_network(from_encoder(find_source(READER_BASE)), tmp_path)
    monkeypatch.setattr(export_reader, "MAX_DIFFERENCE", {"fp32": 1.0, "int8": 0.0})
    with pytest.raises(ModelError, match="int8 reader differs from the original by"):
        export_reader.export(tmp_path, tmp_path / "to")
    assert not (tmp_path / "to").exists()


@pytest.mark.model
def test_a_hundred_examples_end_to_end(squad, tmp_path):
    """The commands in order: examples, training, export. The model then answers about a ship it never saw."""
    for seed in ("0", "1"):
        assert examples_command.main([str(squad), "--to", str(tmp_path / f"{seed}.npz"), "--seed", seed]) == 0
    assert len(load_examples(tmp_path / "0.npz")) > 100
    files = [str(tmp_path / f"{seed}.npz") for seed in ("0", "1")] * 3
    assert train_reader.main([*files, "--to", str(tmp_path / "run"), "--learning-rate", "3e-4"]) == 0
    assert export_reader.main([str(tmp_path / "run"), "--to", str(tmp_path / "models")]) == 0
    model = SpanModel(tmp_path / "models" / "reader.int8.onnx", tmp_path / "models" / "reader.tokenizer.json")
    text, answer, _ = paragraph("Kristina", "purple")
    (scores,) = model.score("What colour was the hull of the Kristina painted?", [("", text)])
    (best,) = best_spans(text, scores, [(0, len(text))], 1)
    assert text[best.start : best.end] == answer and best.score > 0
