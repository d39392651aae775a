"""The real encoder, and small ones made here: other dimensions, poolings, prompts, a hub, a model without an export."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder.encoder import OnnxEncoder, length_batches
from retrieval.encoder.loading import describe_preparation, find_prepared, load_encoder, prepare_encoder
from retrieval.encoder.prepare import fingerprint
from retrieval.encoder.prepared import FORMAT, EncoderInfo, read_info, write_info
from retrieval.encoder.sources import size_of_source
from retrieval.encoder.vectors import unit_rows
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL, MINILM
from tests.conftest import FakeEncoder

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] a the mill harbour lund bridge query : when was opened ##s . , ?".split()


def test_batches_hold_texts_of_about_the_same_length_longest_first():
    assert length_batches([3, 9, 1, 8], 2) == [[1, 3], [0, 2]]


def test_unit_rows_have_length_one_and_zeros_stay():
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0]]


def test_a_fingerprint_changes_with_any_file_and_with_the_dtype(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    first = fingerprint(tmp_path, "int8")
    assert fingerprint(tmp_path, "fp32") != first
    (tmp_path / "config.json").write_text("{ }")
    assert fingerprint(tmp_path, "int8") != first


@pytest.fixture(scope="module")
def real(models) -> OnnxEncoder:
    encoder = load_encoder(prepare_encoder(DEFAULT_MODEL))
    assert isinstance(encoder, OnnxEncoder)
    return encoder


@pytest.mark.model
def test_the_real_encoder_agrees_with_the_original(real):
    assert (real.info.dimension, real.info.max_tokens, real.info.special_tokens) == (384, 512, 2)
    assert (real.info.query_prompt, real.info.passage_prompt) == ("query: ", "passage: ")
    assert (real.info.dtype, real.info.tokenizer, real.info.embeddings) == ("int8", "trie", "table")
    assert real.info.parity >= 0.99


@pytest.mark.model
def test_the_real_encoder_puts_an_answer_near_its_question(real):
    passages = real.embed_passages(["The harbour was opened in 1871.", "Cats sleep a lot."])
    for question in ("When was the harbour opened?", "¿Cuándo se inauguró el puerto?", "港はいつ開かれましたか。"):
        near, far = passages @ real.embed_query(question)
        assert near > far + 0.1, question  # all of e5's cosines are high


@pytest.mark.model
def test_a_text_has_the_same_vector_whatever_stands_beside_it(real):
    alone = real.embed_passages(["A short one."])
    beside = real.embed_passages(["Something much longer stands here, on and on and on.", "A short one."])
    assert (alone[0] == beside[1]).all()


@pytest.mark.model
def test_the_encoder_refuses_a_text_it_would_cut_and_cuts_a_question(real):
    around = real.info.special_tokens + real.count_tokens([real.info.passage_prompt])[0]
    assert real.embed_passages(["word " * (512 - around)]).shape == (1, 384)
    with pytest.raises(ModelError, match="513 word pieces, and the encoder reads at most 512"):
        real.embed_passages(["word " * (513 - around)])
    assert real.embed_query("word " * 5000).shape == (384,)


@pytest.mark.model
def test_an_altered_model_file_is_refused(real, tmp_path):
    shutil.copytree(real.folder, tmp_path / "altered")
    with (tmp_path / "altered" / "model.int8.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(ModelError, match="is not the file that was prepared; delete"):
        load_encoder(tmp_path / "altered")


@pytest.mark.model
def test_each_piece_of_a_text_has_a_state_that_its_language_changes_little(real):
    texts = ("The harbour opened in 1871.", "El puerto abrió en 1871.")
    english, spanish = (real.token_states(text, real.info.passage_prompt) for text in texts)
    assert real.info.state_layer and english.states.shape == (len(english.spans), 384)
    assert "".join(texts[0][a:b] for a, b in english.spans) == texts[0].replace(" ", "")  # no prompt, no special tokens
    places = [texts[0].index("harbour"), texts[1].index("puerto"), texts[1].index("abrió")]
    harbour, puerto, opened = (
        unit_rows(found.states)[next(n for n, (a, b) in enumerate(found.spans) if a <= place < b)]
        for found, place in zip((english, spanish, spanish), places, strict=True)
    )
    assert harbour @ puerto > harbour @ opened


@pytest.mark.model
def test_the_states_of_an_overlong_text_are_cut(real):
    found = real.token_states("word " * 600, real.info.passage_prompt)
    around = real.info.special_tokens + real.count_tokens([real.info.passage_prompt])[0]
    assert len(found.spans) == len(found.states) == 512 - around
    assert real.token_states("", real.info.query_prompt).states.shape == (0, 384)


@pytest.mark.model
def test_an_altered_file_of_states_is_refused_when_it_is_needed(real, tmp_path):
    shutil.copytree(real.folder, tmp_path / "altered")
    with (tmp_path / "altered" / "states.onnx").open("ab") as file:
        file.write(b"!")
    encoder = load_encoder(tmp_path / "altered")
    assert encoder.embed_query("mill").shape == (384,)
    with pytest.raises(ModelError, match=r"states\.onnx is not the file that was prepared; delete"):
        encoder.token_states("mill", "")


def test_an_encoder_prepared_by_an_earlier_version_serves_and_is_prepared_again(tmp_path, monkeypatch):
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path))
    folder = tmp_path / "multilingual-e5-small-int8-0123456789abcdef"
    folder.mkdir()
    write_info(folder, replace(FakeEncoder(DEFAULT_MODEL).info, format=FORMAT - 1))
    assert read_info(folder).state_layer == 0
    assert find_prepared(DEFAULT_MODEL, "int8") is None
    write_info(folder, replace(FakeEncoder(DEFAULT_MODEL).info, format=FORMAT))
    assert find_prepared(DEFAULT_MODEL, "int8") == folder


def make_model(folder: Path, pooling: str = "cls", exportable: bool = True) -> Path:
    """A tiny untrained BERT with a query prompt, saved as sentence-transformers does."""
    script = f"""
import torch, json, os
from pathlib import Path
from transformers import BertConfig, BertModel, BertTokenizerFast
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Pooling, Transformer
torch.manual_seed(0)
base = Path({str(folder)!r} + "-base")
base.mkdir()
(base / "vocab.txt").write_text("\\n".join({WORDS!r}))
BertTokenizerFast(vocab_file=str(base / "vocab.txt")).save_pretrained(base)
BertModel(BertConfig(vocab_size={len(WORDS)}, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                     intermediate_size=37, max_position_embeddings=40)).save_pretrained(base)
transformer = Transformer(str(base), max_seq_length=24)
layers = [transformer, Pooling(32, pooling_mode={pooling!r}), Dense(32, 20)]
model = SentenceTransformer(modules=layers, prompts={{"query": "query: "}}, device="cpu")
model.save({str(folder)!r})
vectors = model.encode(["when was the mill opened?"], prompt_name="query", normalize_embeddings=True)
print(json.dumps(vectors[0].tolist()))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "expected.txt").write_text(done.stdout.strip().splitlines()[-1])
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.mark.model
def test_a_folder_with_another_dimension_pooling_and_prompt_works(tiny, models, monkeypatch, tmp_path):
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path))
    encoder = load_encoder(prepare_encoder(str(tiny), "fp32"))
    info = encoder.info
    assert (info.backend, info.dimension, info.max_tokens, info.query_prompt) == ("onnx", 20, 24, "query: ")
    expected = np.array(json.loads((tiny / "expected.txt").read_text()))
    assert float(encoder.embed_query("when was the mill opened?") @ expected) > 0.9999


@pytest.mark.model
def test_a_table_of_embeddings_and_a_whole_tokenizer_go_together(tiny, tmp_path):
    script = f"""
from pathlib import Path
import retrieval.encoder.prepare as prepare
prepare._LARGE_VOCABULARY = 1
folder = prepare.prepare({str(tiny)!r}, Path({str(tmp_path)!r}), "fp32")
from retrieval.encoder.loading import load_encoder
encoder = load_encoder(folder)
expected = {(tiny / "expected.txt").read_text()}
texts = ["the mill", "the bridge of lund was opened ."]
apart = [encoder.embed_passages([text])[0] for text in texts]
print(encoder.info.tokenizer, encoder.info.embeddings, encoder.info.dtype)
print(float(encoder.embed_query("when was the mill opened?") @ expected))
print(float(abs(encoder.embed_passages(texts) - apart).max()))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    forms, cosine, difference = done.stdout.strip().splitlines()[-3:]
    assert forms == "json table fp32"
    assert float(cosine) > 0.9999
    assert float(difference) < 1e-5


@pytest.mark.model
def test_a_hub_name_is_loaded_from_the_hubs_cache(tiny, models, monkeypatch, tmp_path):
    snapshot = tmp_path / "hub" / "models--someone--tiny" / "snapshots" / "abc123"
    shutil.copytree(tiny, snapshot)
    refs = tmp_path / "hub" / "models--someone--tiny" / "refs"
    refs.mkdir()
    (refs / "main").write_text("abc123")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path / "prepared"))
    info = read_info(prepare_encoder("someone/tiny", "fp32"))
    assert (info.name, info.dimension, info.backend) == ("someone/tiny", 20, "onnx")


@pytest.mark.model
def test_a_model_missing_on_the_hub_is_one_clear_line(models, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"can't get the model 'someone/nothing' from the hub .*; check the name"):
        prepare_encoder("someone/nothing")


@pytest.mark.model
def test_a_model_that_can_not_be_exported_is_still_served(tiny, tmp_path):
    script = f"""
import sys
from pathlib import Path
import retrieval.encoder.prepare as prepare
def fail(model, path, **settings): raise RuntimeError("no such operator")
prepare._write_graph = fail
folder = prepare.prepare({str(tiny)!r}, Path({str(tmp_path)!r}), "int8")
from retrieval.encoder.loading import load_encoder
encoder = load_encoder(folder)
expected = {(tiny / "expected.txt").read_text()}
print(encoder.info.backend, float(encoder.embed_query("when was the mill opened?") @ expected))
print(encoder.embed_passages(["the mill"]).shape, encoder.count_tokens(["the mill"]))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.strip().splitlines()[-2:]
    assert first.split()[0] == "torch" and float(first.split()[1]) > 0.9999
    assert second == "(1, 20) [2]"
    assert "can't be exported to ONNX (no such operator); it is served by sentence-transformers" in done.stderr


def test_an_encoder_prepared_before_there_were_tables_is_still_read(tmp_path):
    info = {"format": 3, "name": MINILM, "fingerprint": "x", "backend": "onnx", "dtype": "int8", "dimension": 384}
    info |= {"max_tokens": 256, "special_tokens": 2, "query_prompt": "", "passage_prompt": "", "files": {}, "parity": 1}
    (tmp_path / "encoder.json").write_text(json.dumps(info))
    assert (read_info(tmp_path).tokenizer, read_info(tmp_path).embeddings) == ("json", "network")
    (tmp_path / "encoder.json").write_text(json.dumps(info | {"format": 2}))
    with pytest.raises(ModelError, match="prepared by another version of Quoth"):
        read_info(tmp_path)


def test_the_first_preparation_says_what_it_reads_and_a_later_one_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path))
    name, weights = "multilingual-e5-small", size_of_source(DEFAULT_MODEL)
    assert describe_preparation(name) == f"preparing the encoder ({name}, {weights}, only this once)"
    assert describe_preparation("someone/tiny") == "preparing the encoder (tiny, only this once)"
    folder = tmp_path / f"{name}-int8-0123456789abcdef"
    folder.mkdir()
    write_info(folder, replace(FakeEncoder(DEFAULT_MODEL).info, format=FORMAT))
    assert describe_preparation(name) == describe_preparation(DEFAULT_MODEL) == "preparing the encoder"


def test_a_folder_without_a_prepared_encoder_says_how_to_get_one(tmp_path):
    with pytest.raises(ModelError, match=r"no prepared encoder in .*; run `quoth index`"):
        load_encoder(tmp_path)


def test_models_of_the_same_name_by_other_owners_are_different(tmp_path, monkeypatch):
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = tmp_path / "all-MiniLM-L6-v2-int8-0123456789abcdef"
    folder.mkdir()
    info = EncoderInfo(
        format=FORMAT,
        name=MINILM,
        fingerprint="x",
        backend="onnx",
        dtype="int8",
        dimension=384,
        max_tokens=256,
        special_tokens=2,
        query_prompt="",
        passage_prompt="",
        files={},
        parity=1.0,
    )
    write_info(folder, info)
    assert prepare_encoder(MINILM) == prepare_encoder("all-MiniLM-L6-v2") == folder
    with pytest.raises(ModelError, match="can't get the model 'evil/all-MiniLM-L6-v2'"):
        prepare_encoder("evil/all-MiniLM-L6-v2")


def test_nothing_in_the_working_folder_is_run(tmp_path, monkeypatch):
    (tmp_path / "retrieval").mkdir()
    (tmp_path / "retrieval" / "__init__.py").write_text("")
    (tmp_path / "retrieval" / "encoder").mkdir()
    (tmp_path / "retrieval" / "encoder" / "prepare.py").write_text("print('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="can't get the model"):
        prepare_encoder("no/such-model")
