"""The id of an answer: what it depends on, and how it is read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

from bot.receipts.receipt import citations_json, read_citations, read_id, receipt_of
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.schema import Place
from retrieval.settings import IndexSettings
from tests.conftest import EMPEROR, PIERS, no_report

OPENED = "When was the harbour opened?"


def receipt_id(answer, sha256_of_document):
    receipt = receipt_of(answer, sha256_of_document, 5)
    return receipt.id if receipt else None


def id_of(library, question):
    return receipt_id(library.ask(question), lambda doc_id: library.document(doc_id).sha256)


def test_an_id_has_eight_characters_and_depends_on_what_is_cited(told):
    opened, piers = id_of(told, OPENED), id_of(told, PIERS)
    assert [read_id(opened), read_id(piers)] == [opened, piers]
    assert opened != piers


def test_two_questions_with_the_same_answer_share_an_id(told):
    assert id_of(told, OPENED) == id_of(told, "so when was the harbour opened")


def test_small_talk_has_no_id(told):
    assert id_of(told, "Hello!") is None


def test_the_same_files_under_other_names_give_the_same_id(told, docs, tmp_path, fake, told_reader):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(docs, elsewhere)
    (elsewhere / "harbour.txt").rename(elsewhere / "port.txt")
    build_index(elsewhere, tmp_path / "other", IndexSettings(), no_report, fake)
    with Library(tmp_path / "other", encoder=fake, reader=told_reader) as other:
        assert other.ask(OPENED).answers[0].citations[0].document == "port.txt"
        assert id_of(other, OPENED) == id_of(told, OPENED)


def test_another_byte_in_the_file_gives_another_id(told):
    answer = replace(told.ask(OPENED), hits=(), candidates=())
    assert receipt_id(answer, lambda _: "a" * 64) != receipt_id(answer, lambda _: "b" * 64)
    assert receipt_id(answer, lambda _: "a" * 64) == "NXJ31PFJ"  # worked out once: it must be so on every machine


def test_the_hash_is_that_of_the_file_when_it_was_asked(told):
    answer = told.ask(OPENED)
    receipt = receipt_of(answer, lambda _: "not asked", 5)
    assert [cited.sha256 for cited in receipt.citations] == [told.document("harbour.txt").sha256]


def test_answers_behind_more_are_not_in_the_receipt(told):
    answer = told.ask(OPENED)
    first = answer.answers[0]
    other = replace(first, text="14 piers", confidence=0.1)
    assert receipt_of(replace(answer, answers=(first, other)), str, 5).citations == receipt_of(answer, str, 5).citations
    together = replace(answer, answers=(first, other), is_together=True)
    assert len(receipt_of(together, str, 5).citations) == 2


def test_the_order_of_the_answers_makes_no_other_id(told):
    answer = told.ask(OPENED)
    first = answer.answers[0]
    quoted = replace(first.citations[0], quote="It has 14 piers.")
    texts = (first, replace(first, citations=(quoted,)))
    ids = [receipt_id(replace(answer, answers=shown, is_together=True), str) for shown in (texts, texts[::-1])]
    assert ids[0] == ids[1]


def test_a_refusal_cites_its_closest_passage(told):
    answer = told.ask(EMPEROR)
    assert [cited.citation for cited in receipt_of(answer, str, 5).citations] == [answer.nearest]


def test_an_id_is_read_in_either_case_and_with_letters_taken_for_digits():
    assert read_id(" 7f3k-oiL2 ") == "7F3K0112"
    assert [read_id(typed) for typed in ("7F3K9Q2", "7F3K9Q2MM", "7F3K9Q2U", "", "7F3K 9Q2")] == [None] * 5


def test_stored_citations_come_back_as_they_were(told):
    receipt = receipt_of(told.ask(OPENED), str, 5)
    (cited,) = receipt.citations
    placed = replace(cited, citation=replace(cited.citation, place=Place(0, "page", "3"), mark=None))
    stored = citations_json([cited, placed])
    assert read_citations(stored) == (cited, placed)
    assert json.loads(stored)[0]["citation"]["document"] == "harbour.txt"
