"""TREC files, SQuAD JSON and BEIR folders, read and written; errors in them are reported."""

import gzip
import json
from dataclasses import replace

import pytest
import pytrec_eval

from eval import collection as collections
from eval.collection import beir_collection, read_qrels_tsv, seed_collection, squad_collection
from eval.dataset import Evidence, Question
from eval.formats import read_qrels, read_run, squad_articles, write_beir, write_qrels, write_run
from eval.measures import search_scores
from retrieval.documents.encodings import decode
from retrieval.documents.sources import read_sources
from retrieval.errors import EvaluationError
from retrieval.schema import Turn
from retrieval.training.squad import read_squad
from tests.conftest import SEEDS
from tests.eval.test_relevance import collection

RUN = {"q1": {"b": 0.9, "a": 0.9, "c": 0.1}, "q2": {"a": 2.0}}
QRELS = {"q1": {"a": 1, "c": 2}, "q2": {"b": 1}}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(collections, "user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


def test_a_run_and_qrels_read_back_and_score_the_same(tmp_path):
    write_run(tmp_path / "run.trec", RUN, "quoth")
    write_qrels(tmp_path / "qrels.trec", QRELS)
    assert (tmp_path / "run.trec").read_text().splitlines()[0] == "q1 Q0 b 1 0.900000 quoth"
    run, qrels = read_run(tmp_path / "run.trec"), read_qrels(tmp_path / "qrels.trec")
    assert {query: list(row) for query, row in run.items()} == {"q1": ["b", "a", "c"], "q2": ["a"]}
    assert qrels == QRELS
    assert search_scores(qrels, run) == search_scores(QRELS, RUN)


def test_trec_evals_own_reader_reads_what_is_written(tmp_path):
    write_run(tmp_path / "run.trec", RUN, "quoth")
    write_qrels(tmp_path / "qrels.trec", QRELS)
    with (tmp_path / "qrels.trec").open() as qrels, (tmp_path / "run.trec").open() as run:
        evaluator = pytrec_eval.RelevanceEvaluator(pytrec_eval.parse_qrel(qrels), {"ndcg_cut.10"})
        theirs = evaluator.evaluate(pytrec_eval.parse_run(run))
    assert theirs["q2"]["ndcg_cut_10"] == 0.0
    assert 0 < theirs["q1"]["ndcg_cut_10"] < 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 Q0 a 1 0.5", "line 1: 5 columns where a TREC file has 6"),
        ("q1 Q0 a one 0.5 tag", "line 1: invalid literal"),
        ("q1 Q0 a 1 high tag", "line 1: could not convert"),
    ],
)
def test_a_bad_line_of_a_run_is_named(tmp_path, line, message):
    (tmp_path / "run").write_text(line, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_run(tmp_path / "run")
    with pytest.raises(EvaluationError, match="can't read"):
        read_qrels(tmp_path / "none")


def squad(*paragraphs):
    return {"data": [{"title": "t", "paragraphs": list(paragraphs)}]}


def test_a_squad_file_becomes_a_folder_of_its_paragraphs(tmp_path, cache):
    text = "The bridge cost $3.2 million.\nIt links Lund and Ystad. 🌉 Big."
    answer = {"text": "Big", "answer_start": text.index("Big")}
    asked = {"id": "s1", "question": " What did it cost? ", "answers": [{"text": "$3.2 million", "answer_start": 16}]}
    unasked = {"id": "s2", "question": "Who?", "answers": [answer], "is_impossible": True}
    path = tmp_path / "dev.json.gz"
    path.write_bytes(gzip.compress(json.dumps(squad({"context": text, "qas": [asked, unasked]})).encode()))
    found = squad_collection(path)
    assert (found.name, found.unit, len(found.questions)) == ("dev", "document", 2)
    first, second = found.questions
    (evidence,) = first.evidence
    file = found.docs / evidence.document
    assert decode(file.read_bytes()).text[slice(*evidence.spans[0])] == "$3.2 million"
    assert first.answers == ("$3.2 million",)
    assert (second.kind, second.evidence) == ("unanswerable", ())
    written = file.stat().st_mtime_ns
    assert squad_collection(path).docs == found.docs
    assert file.stat().st_mtime_ns == written  # cached by content
    path.write_bytes(gzip.compress(json.dumps(squad({"context": text + " New.", "qas": [asked]})).encode()))
    other = squad_collection(path)
    assert other.sha256 != found.sha256
    assert not found.docs.exists()  # the folder of the content before is gone


def beir(folder, corpus, queries, qrels):
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(qrels), encoding="utf-8")
    return folder


CORPUS = [
    {"_id": "d/1", "title": 'A "title" 🌉', "text": "The bridge cost a lot."},
    {"_id": "q1", "title": "", "text": "The mill burned."},
]


def test_a_beir_folder_becomes_a_folder_of_its_documents(tmp_path):
    folder = beir(tmp_path / "set", CORPUS, [{"_id": "q1", "text": "bridge"}], ["q1\td/1\t2", "q1\tq1\t1"])
    found = beir_collection(folder)
    assert found.qrels == {"q1": {"document000000.txt": 2, "document000001.txt": 1}}  # one has the query's own id
    assert not found.has_answers
    assert (found.docs / "document000000.txt").read_text(encoding="utf-8") == "The bridge cost a lot."
    assert read_sources(found.docs) == {"document000000.txt": {"title": 'A "title" 🌉'}}


@pytest.mark.parametrize("line", ["q1\tgone\t1", "q9\td/1\t1"])
def test_unknown_names_in_qrels_are_an_error(tmp_path, line):
    folder = beir(tmp_path / "set", CORPUS, [{"_id": "q1", "text": "bridge"}], ["q1\td/1\t2", line])
    with pytest.raises(EvaluationError, match=r"unknown queries or documents in the qrels: (gone|q9)"):
        beir_collection(folder)


def test_a_folder_without_beir_files_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match=r"can't read .*corpus.jsonl"):
        beir_collection(tmp_path)
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="three columns"):
        read_qrels_tsv(tmp_path / "qrels.tsv")


@pytest.mark.model
def test_the_set_as_squad_has_every_answer_at_its_offset(seeds, tmp_path):
    asked = seed_collection().questions
    documents = {path.name: seeds.store.document_by_id(path.name) for path in SEEDS.glob("*.txt")}
    stored = squad_articles(asked, documents)
    rows = [
        (paragraph["context"], row)
        for article in stored
        for paragraph in article["paragraphs"]
        for row in paragraph["qas"]
    ]
    assert len(rows) == sum(question.kind != "smalltalk" for question in asked)
    for context, row in rows:
        assert row["is_impossible"] == (not row["answers"])
        for given in row["answers"]:
            assert context[given["answer_start"] :].startswith(given["text"])
    (tmp_path / "set.json").write_text(json.dumps({"data": stored}), encoding="utf-8")
    texts, back = read_squad(tmp_path / "set.json")
    assert len(texts) == len(documents)
    assert {question.id for question in back if question.answers} == {q.id for q in asked if q.is_answerable}


def test_a_follow_up_keeps_its_turns_in_squad(small):
    document = small.store.document_by_id("mill.txt")
    start = document.text.index("burned down")
    evidence = Evidence("mill.txt", ((start, start + 11),))
    turns = (Turn("Was there a mill?", "The old mill"),)
    asked = Question("c1", "dev", "follow-up", "en", "What happened to it?", ("burned down",), (evidence,), turns)
    ((row,),) = [article["paragraphs"][0]["qas"] for article in squad_articles([asked], {"mill.txt": document})]
    assert row["history"] == [{"question": "Was there a mill?", "answer": "The old mill"}]
    assert row["answers"] == [{"text": "burned down", "answer_start": start}]


def test_the_set_as_a_beir_folder_reads_back_with_its_judgements(small, docs, tmp_path):
    document = small.store.document_by_id("mill.txt")
    start = document.text.index("The old mill burned")
    asked = Question(
        "f1", "dev", "fact", "en", "What burned?", ("mill",), (Evidence("mill.txt", ((start, start + 20),)),)
    )
    hello = Question("s1", "dev", "smalltalk", "en", "hello")
    write_beir(tmp_path / "beir", replace(collection(docs, asked, hello)), small.store)
    queries = (tmp_path / "beir" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["_id"] for line in queries] == ["f1"]
    back = beir_collection(tmp_path / "beir")
    ((file, grade),) = back.qrels["f1"].items()
    assert grade == 1
    assert "The old mill burned down" in (back.docs / file).read_text(encoding="utf-8")
