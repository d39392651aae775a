"""Which passages restrictions allow: by names, by dates, by phrases and by words."""

import numpy as np
import pytest

from retrieval.index.build import build_index
from retrieval.index.selection import Selector
from retrieval.index.store import open_store
from retrieval.restrictions import NO_DOCUMENT, NO_PHRASE, NOT_TOGETHER, NOTHING_LEFT, WITHOUT_DATE
from retrieval.schema import Note, Restrictions
from retrieval.settings import IndexSettings
from tests.conftest import FakeEncoder, no_report, write_corpus

FOLDER = {
    "Projects/Año_nuevo/plan-draft.md": "# A Plan for Winter\n\nThe parties wrote it at ten to two, in 2.5 years.\n",
    "Projects/notes.txt": "Notes\n\nTo be or not to be: nobody has written more about TPP11.\n",
    "minutes 2021-03.txt": "Minutes\n\nThe party met, and the roof was repaired.\n",
    "old/news.txt": "News of the Town\n\nMay 4, 1999 – The old mill burned down. The   Mill was rebuilt.\n",
    "日本/太平洋.txt": "太平洋同盟\n\n太平洋同盟は2030年の戦略ビジョンを発表した。\n",
    "tagged.md": "---\ntags: [garden, allotment]\naliases: [The Green Book]\n---\n# Growing\n\nBeans need water.\n",
}
PLAN, NOTES, MINUTES, NEWS, PACIFIC, TAGGED = FOLDER


@pytest.fixture(scope="module")
def selector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("selection")
    docs = write_corpus(folder / "docs", FOLDER)
    build_index(docs, folder / "index", IndexSettings(), no_report, FakeEncoder())
    return Selector(open_store(folder / "index"))


def selected(selector, **restrictions):
    """The documents of the passages allowed, the restrictions in force, and the notes."""
    selection = selector.select(Restrictions(**restrictions))
    store = selector._store
    allowed = range(store.manifest.passages) if selection.allowed is None else np.flatnonzero(selection.allowed)
    documents = {store.document_of_passage(int(row)).doc_id for row in allowed}
    return documents, selection.restrictions, list(selection.notes)


def test_nothing_asked_restricts_nothing(selector):
    assert selected(selector) == (set(FOLDER), None, [])
    assert selector.select(Restrictions()).allowed is None


@pytest.mark.parametrize(
    ("names", "documents"),
    [
        (["PROJECTS"], {PLAN, NOTES}),
        (["ano nuevo"], {PLAN}),
        (["plan_draft"], {PLAN}),
        (["for winter"], {PLAN}),
        (["garden"], {TAGGED}),
        (["green book"], {TAGGED}),
        (["日本"], {PACIFIC}),
        (["太平洋同盟"], {PACIFIC}),
        (["notes"], {NOTES}),
        (["*.md"], {PLAN, TAGGED}),
        (["*notes"], {NOTES}),
        (["new*"], {NEWS}),
        (["an*"], {PLAN}),
        (["projects/*"], {PLAN, NOTES}),
        (["nuevo/plan*"], set()),
        (["año nuevo/plan*"], {PLAN}),
        (["a*n*o*"], {PLAN}),
        (["minutes [2021-03].txt*"], set()),
        (["projects", "winter"], {PLAN}),
    ],
)
def test_a_document_is_chosen_by_any_of_its_names(selector, names, documents):
    assert selected(selector, names=tuple(names))[0] == documents


def test_names_that_no_document_has_are_listed_and_those_of_different_documents_leave_nothing(selector):
    documents, in_force, notes = selected(selector, names=("zzzz", "garden", "qqqq"), phrases=("Beans",))
    assert (documents, in_force) == (set(), Restrictions(names=("zzzz", "garden", "qqqq")))
    assert notes == [Note(NO_DOCUMENT, {"name": "in:zzzz"}), Note(NO_DOCUMENT, {"name": "in:qqqq"})]
    nothing = Note(NOTHING_LEFT, {"restrictions": "in:garden in:winter"})
    assert selected(selector, names=("garden", "winter"))[2] == [nothing]


@pytest.mark.parametrize(
    ("after", "before", "documents"),
    [
        ("2021", None, {MINUTES}),  # dated by its file name
        ("2021-03-31", None, {MINUTES}),  # 2021-03 may be that day
        ("2021-04", None, set()),
        (None, "2021-03", {NEWS}),
        (None, "2021-03-02", {NEWS, MINUTES}),
        ("1999-05-04", "1999-05-05", {NEWS}),
        ("1999-05-05", "2020", set()),
    ],
)
def test_a_passage_is_chosen_by_its_date(selector, after, before, documents):
    found, _, notes = selected(selector, after=after, before=before)
    assert found == documents
    assert notes[0] == Note(WITHOUT_DATE, {"count": "4"})


def test_only_chosen_documents_without_a_date_are_counted(selector):
    assert selected(selector, names=("projects",), after="1990")[2][0] == Note(WITHOUT_DATE, {"count": "2"})
    assert selected(selector, names=("minutes",), after="1990") == (
        {MINUTES}, Restrictions(names=("minutes",), after="1990"), [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "documents"),
    [
        ("the old mill", {NEWS}),
        ("THE MILL was", {NEWS}),
        ("party", {MINUTES}),
        ("the part", set()),
        ("TPP11", {NOTES}),
        ("TPP", set()),
        ("to be or not to be", {NOTES}),
        ("to", {PLAN, NOTES}),
        ("2.5 years", {PLAN}),
        ("平洋同", {PACIFIC}),
        ("2030年の戦略", {PACIFIC}),
        ("年", {PACIFIC}),
        ("年の", {PACIFIC}),
        ("と", set()),
    ],
)
def test_a_phrase_is_whole_words_in_any_case_and_white_space(selector, phrase, documents):
    found, in_force, notes = selected(selector, phrases=(phrase,))
    if documents:
        assert (found, in_force, notes) == (documents, Restrictions(phrases=(phrase,)), [])
    else:
        assert (found, in_force, notes) == (set(FOLDER), None, [Note(NO_PHRASE, {"phrase": phrase})])


def test_phrases_must_stand_together_and_in_the_chosen_documents(selector):
    assert selected(selector, phrases=("roof", "party"))[0] == {MINUTES}
    documents, in_force, notes = selected(selector, phrases=("roof", "beans"))
    assert (documents, in_force) == ({MINUTES}, Restrictions(phrases=("roof",)))
    assert notes == [Note(NOT_TOGETHER, {"phrase": "beans", "others": "roof"})]
    assert selected(selector, names=("notes",), phrases=("roof",)) == (
        {NOTES}, Restrictions(names=("notes",)), [Note(NO_PHRASE, {"phrase": "roof"})],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "left_out"),
    [
        ("mills", {NEWS}),
        ("PARTY", {PLAN, MINUTES}),  # another form of "parties"
        ("tpp", set()),
        ("戦略", {PACIFIC}),
        ("old mill", {NEWS}),
        ("mill old", set()),
        ("winter", {PLAN}),  # in its heading
    ],
)
def test_an_unwanted_word_leaves_out_the_passages_that_have_it(selector, word, left_out):
    assert selected(selector, excluded=(word,))[0] == set(FOLDER) - left_out


def test_the_passages_of_some_documents_are_found_within_what_is_allowed(selector):
    store = selector._store

    def documents(mask):
        return {store.document_of_passage(int(row)).doc_id for row in np.flatnonzero(mask)}

    assert documents(selector.within([PLAN, NEWS])) == {PLAN, NEWS}
    assert documents(selector.within([PLAN, NEWS], selector.select(Restrictions(names=("*.md",))).allowed)) == {PLAN}
    assert documents(selector.within(["gone.txt"])) == documents(selector.within([])) == set()
