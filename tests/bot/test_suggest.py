"""A suggested question is one that the documents answer with the sentence it was made of."""

import pytest

import bot.suggest
from bot.suggest import Suggestions, _candidates, _sentences, suggest, suggest_from
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import FakeEncoder, no_report, reader_that_knows, write_corpus


def test_a_sentence_with_a_date_becomes_its_question(told):
    assert "When was the harbour of Lund opened?" in suggest(told, 3)


def test_a_question_that_would_only_perhaps_be_answered_is_not_suggested(told, tmp_path, fake):
    unsure = Library(tmp_path / "index", encoder=fake, reader=reader_that_knows({"1871": -1.0}))
    assert unsure.ask("When was the harbour of Lund opened?").status == "perhaps"
    assert suggest(told, 3) == ("When was the harbour of Lund opened?",)
    assert suggest(unsure, 3) == ()


def test_every_suggested_question_is_answered(told):
    suggested = suggest(told, 3)
    assert suggested
    assert all(told.ask(question).status == "answered" for question in suggested)


def test_questions_are_suggested_from_one_document_alone(told):
    question = "When was the harbour of Lund opened?"
    assert suggest_from(told, "harbour.txt", 2) == (question,)
    assert suggest_from(told, "harbour.txt", 0) == ()
    assert suggest_from(told, "mill.txt", 2) == ()


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("May 4, 1999 – The harbour of Lund was opened in 1871.", "When was the harbour of Lund opened?"),
        ("The old mill burned down in 1998.", "When did the old mill burn down?"),
        ("The bridge is 840 metres long.", "How long is the bridge?"),
        ("The bridge cost $3.2 million.", "How much did the bridge cost?"),
        ("The harbour of Lund has 14 piers.", "How many piers does the harbour of Lund have?"),
        ("Queen Astrid signed the charter.", "What did Queen Astrid sign?"),
        ("This is a stone. He was born in 1999. The year was cold.", None),
    ],
)
def test_a_sentence_becomes_its_question(tmp_path, shipped_reader, sentence, question):
    docs = write_corpus(tmp_path / "docs", {"a.txt": f"A list of things.\n\n{sentence}\n"})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, FakeEncoder())
    made = [
        question
        for passage in Library(tmp_path / "index", encoder=FakeEncoder(), reader=shipped_reader).store.passages_of(0)
        for question, _ in _candidates(_sentences([passage]))
    ]
    assert made[:1] == ([question] if question else [])


def test_no_more_are_suggested_than_asked_for(told):
    assert len(suggest(told, 1)) == 1
    assert suggest(told, 0) == ()


def test_a_document_is_read_only_when_its_turn_comes(told, monkeypatch):
    read = []
    passages_of = told.store.passages_of
    monkeypatch.setattr(told.store, "passages_of", lambda number: read.append(number) or passages_of(number))
    assert len(suggest(told, 1)) == 1
    assert len(read) < len(told.store.document_numbers())


def test_the_first_of_each_document_comes_before_the_second_of_any():
    documents = (
        iter([(f"{name}{number}", "") for number in range(size)]) for name, size in (("a", 3), ("b", 0), ("c", 2))
    )
    assert [question for question, _ in bot.suggest._in_turn(documents)] == ["a0", "c0", "a1", "c1", "a2"]


def test_no_more_sentences_of_a_document_are_looked_at_than_it_takes_a_moment_for(told, monkeypatch):
    monkeypatch.setattr(bot.suggest, "MAX_SENTENCES", 1)
    passages = told.store.passages_of(told.store.document_numbers()[0])
    first, *others = [passage.text[start:end] for passage in passages for start, end in passage.sentences]
    assert others
    assert _sentences(passages) == [first]


def test_suggestions_are_made_once_for_each_generation_of_the_index(docs, told, tmp_path, fake, monkeypatch):
    made = []
    monkeypatch.setattr(bot.suggest, "suggest", lambda library, count: made.append(library) or suggest(library, count))
    suggestions = Suggestions(3)
    assert suggestions.of(told) == suggestions.of(told) == suggest(told, 3)
    assert made == [told]
    write_corpus(docs, {"light.txt": "The Lighthouse\n\nThe lighthouse of Ystad was built in 1931.\n"})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    rebuilt = Library(tmp_path / "index", encoder=fake, reader=reader_that_knows({"1871": 3.0, "1931": 3.0}))
    suggestions.of(rebuilt)
    assert made == [told, rebuilt]
    assert "When was the lighthouse of Ystad built?" in Suggestions(9).of(rebuilt)


def test_documents_to_which_no_rule_applies_suggest_nothing(tmp_path, shipped_reader):
    docs = write_corpus(tmp_path / "docs", {"a.txt": "A list of things.\n\nThis is a stone. It was found in 1999.\n"})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, FakeEncoder())
    assert suggest(Library(tmp_path / "index", encoder=FakeEncoder(), reader=shipped_reader), 3) == ()
