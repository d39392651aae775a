"""What is read as a restriction of a question, what stays an ordinary word, and what becomes of the question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import QuestionError
from retrieval.restrictions import MAX_RESTRICTIONS, read_restrictions
from retrieval.schema import Restrictions, Turn

OPENED = "When was the harbour of Lund opened?"


def read(question):
    found = read_restrictions(question)
    return found.text, found.restrictions


@pytest.mark.parametrize(
    ("question", "text", "restrictions"),
    [
        ("When? in:news", "When?", Restrictions(names=("news",))),
        ("in:news When?", "When?", Restrictions(names=("news",))),
        ("In:news, when?", "when?", Restrictions(names=("news",))),
        ("the cost in:news?", "the cost?", Restrictions(names=("news",))),
        ('when in:"staff  handbook"', "when", Restrictions(names=("staff handbook",))),
        ("when in:“staff handbook”?", "when?", Restrictions(names=("staff handbook",))),
        ("cost in:*.pdf", "cost", Restrictions(names=("*.pdf",))),
        ("休暇は何日　in：就業規則", "休暇は何日", Restrictions(names=("就業規則",))),
        ("a in:b in:c in:b", "a", Restrictions(names=("b", "c"))),
        ("when after:2019-05", "when", Restrictions(after="2019-05")),
        ("when after:2019-5-3 before:2021?", "when?", Restrictions(after="2019-05-03", before="2021")),
        ("a after:2019 after:2020-02 before:2023 before:2022-12", "a", Restrictions(after="2020-02", before="2022-12")),
        ('who said "we are done"?', "who said we are done?", Restrictions(phrases=("we are done",))),
        ('who said "we are done," and when', "who said we are done, and when", Restrictions(phrases=("we are done",))),
        ("who said “we are done”", "who said we are done", Restrictions(phrases=("we are done",))),
        ("who said „we are done“", "who said we are done", Restrictions(phrases=("we are done",))),
        ("qui a dit « fini » ?", "qui a dit fini ?", Restrictions(phrases=("fini",))),
        ("戦略「ビジョン2030」はいつ", "戦略ビジョン2030はいつ", Restrictions(phrases=("ビジョン2030",))),
        ("opened by whom -Lund", "opened by whom", Restrictions(excluded=("Lund",))),
        ("the harbour -mill opened -well-known.", "the harbour opened.", Restrictions(excluded=("mill", "well-known"))),
        ('opened -"old mill"', "opened", Restrictions(excluded=("old mill",))),
        ("in:news", "", Restrictions(names=("news",))),
    ],
)
def test_an_operator_is_taken_out_of_the_question(question, text, restrictions):
    assert read(question) == (text, restrictions)


@pytest.mark.parametrize(
    "question",
    [
        "What is in: handbook?",
        "the login:admin page",
        "the ratio in:?",
        "news after:soon before:now after:2019-13 before:2021-02-30",
        "It's the people's '90s",
        'Is a 5" pipe wider than a 6" pipe?',
        'an unclosed "quotation',
        '"When was JALAC founded?"',
        "“When was JALAC founded?”",
        '"..." and ""',
        "a state-of-the-art co-operation",
        "below -5 degrees",
        "the harbour - who opened it?",
        "-harbour or mill",
        "which was first:\n-harbour\n -mill",
        "what does rm -r do",
        "what do --force and -force do",
        "what do -xvf and -v do",
        "the port -the old one- closed",
        "everything -the rest",
        "what does `find . -name in:x` do",
        "a flag -name=x or -Dfoo:bar",
    ],
)
def test_what_only_looks_like_an_operator_is_a_word(question):
    assert read(question) == (question, Restrictions())


def test_a_whole_question_in_quotation_marks_is_no_phrase_beside_other_restrictions_either():
    assert read('"When was it opened?" in:news') == ("When was it opened?", Restrictions(names=("news",)))
    assert read('"trade deal" "Lund"')[1].phrases == ("trade deal", "Lund")


def test_a_question_has_at_most_so_many_restrictions():
    text, restrictions = read(" ".join(f"in:{number}" for number in range(MAX_RESTRICTIONS + 1)))
    assert text == f"in:{MAX_RESTRICTIONS}"
    assert len(restrictions.names) == MAX_RESTRICTIONS


def test_restrictions_are_shown_as_they_are_typed():
    typed = 'in:news in:"staff handbook" after:2019-05 before:2021 “trade deal” -draft -“old mill”'
    assert read(f"x {typed}")[1].typed() == typed
    assert Restrictions().typed() == ""


BITS = st.lists(
    st.one_of(
        st.sampled_from(
            ['"', "“", "”", "«", "»", "「", "」", "„", "`", "-", "--", "in:", "after:", "before:", "*", " "]
        ),
        st.sampled_from(["2019", "-05", "news", "?", "\n", "\u3000", "\u200b", "\ud800", "é", "東京"]),
        st.text(max_size=5),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(BITS)
def test_any_question_can_be_read_and_without_restrictions_it_is_unchanged(question):
    text, restrictions = read(question)
    assert (text == question) or restrictions != Restrictions()
    assert bool(restrictions.typed()) == (restrictions != Restrictions())


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_characters='"“”„«»「」『』＂-:：')))
def test_a_question_without_operators_is_unchanged(question):
    assert read(question) == (question, Restrictions())


# What a Library makes of them


def asked(library, question, history=()):
    """Status, what was searched, the restrictions in force, the notes, and the documents found."""
    found = library.ask(question, history)
    typed = found.restrictions.typed() if found.restrictions else ""
    assert found.question == question
    return (
        found.status,
        found.searched,
        typed,
        [note.line() for note in found.notes],
        [hit.document.doc_id for hit in found.hits],
    )


def test_an_answer_comes_from_the_documents_asked_for(told):
    answered = ("answered", OPENED, "in:harbour", [], ["harbour.txt"])
    assert asked(told, f"{OPENED} in:harbour") == answered
    assert asked(told, f"{OPENED} in:news") == ("abstained", OPENED, "in:news", [], ["news/bridge.md"])


def test_a_name_that_no_document_has_is_a_refusal_that_says_so_with_the_nearest_names(told):
    note = "No document matches in:harbor. The nearest names: harbour.txt, The Harbour of Lund"
    assert asked(told, f"{OPENED} in:harbor") == ("abstained", OPENED, "in:harbor", [note], [])
    assert asked(told, f"{OPENED} in:xyzzy")[3] == ["No document matches in:xyzzy."]


def test_documents_without_a_date_are_left_out_and_counted(told):
    note = "Documents left out because they have no date: 2"
    assert asked(told, "What burned down? after:1999") == (
        "abstained",
        "What burned down?",
        "after:1999",
        [note],
        ["mill.txt"],
    )
    nothing = "No passage fits these restrictions: before:1999-05"
    assert asked(told, "What burned down? before:1999-05")[3:] == ([note, nothing], [])


def test_quoted_words_stay_in_the_query_without_their_marks(told):
    question = 'When was the "HARBOUR of  Lund" opened?'
    searched = "When was the HARBOUR of Lund opened?"
    assert asked(told, question) == ("answered", searched, "“HARBOUR of Lund”", [], ["harbour.txt"])


def test_a_phrase_that_no_passage_has_does_not_hurt(told):
    question = 'When was the "harbour of Malmö" opened?'
    status, searched, typed, notes, documents = asked(told, question)
    assert (status, searched, typed) == ("answered", question, "")
    assert notes == ["No passage contains “harbour of Malmö” exactly; searched without it."]
    assert documents == asked(told, "When was the harbour of Malmö opened?")[4]


def test_an_unwanted_word_leaves_out_its_other_forms_and_is_not_searched(told):
    assert asked(told, "Lund -bridges") == ("abstained", "Lund", "-bridges", [], ["harbour.txt", "mill.txt"])
    assert told.ask("Who opened it? -Atlantis").unknown_words == ()


def test_restrictions_hold_for_their_own_question_only(told):
    before = [Turn("Who opened the harbour of Lund? in:harbour -mill", "Queen Astrid")]
    found = told.ask("And when?", before)
    assert found.restrictions is None
    assert {"opened", "harbour", "Lund"} <= set(found.searched.split())
    assert not {"in:harbour", "harbour.txt", "mill"} & set(found.searched.split())


def test_a_restriction_alone_asks_the_question_before_again_there_and_needs_one(told):
    before = [Turn("When was the harbour of Lund opened?", "1871")]
    status, searched, typed, *_ = asked(told, "in:news", before)
    assert (status, searched, typed) == ("abstained", "When was the harbour of Lund opened?", "in:news")
    assert asked(told, "in:news") == (
        "abstained",
        "in:news",
        "",
        ["Add a question: in:news only says where to look."],
        [],
    )


def test_a_search_without_reading_is_restricted_the_same_way(told):
    found = told.find("harbour of Lund in:news")
    assert ([hit.document.doc_id for hit in found.hits], found.searched) == (["news/bridge.md"], "harbour of Lund")
    assert [hit.document.doc_id for hit in told.search("Lund -bridge", 5)] == ["harbour.txt", "mill.txt"]
    assert told.search("Lund in:xyzzy") == []
    with pytest.raises(QuestionError, match="empty"):
        told.search("in:news")
