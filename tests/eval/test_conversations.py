"""The judged conversations: read, and checked against the documents."""

import json
from collections import Counter

import pytest

from eval.collection import DOCS_NAME
from eval.conversations import FOLDERS, JUDGED, SEEDS, TURN_KINDS, conversation_of, documents_of, read_conversations
from eval.dataset import Evidence
from retrieval.documents.files import list_files
from retrieval.documents.read import read_document
from retrieval.errors import EvaluationError
from retrieval.spans import INTERRUPTION, quote_spans

ALL = read_conversations()


def folded(text: str) -> str:
    return " ".join(text.replace(INTERRUPTION, " ").split()).lower()


@pytest.fixture(scope="module")
def texts():
    """The text of every document that conversations are about, by folder and name."""
    found = {}
    for folder in {one.folder for one in ALL}:
        docs = documents_of(folder).docs
        for path in list_files(docs):
            name = path.relative_to(docs).as_posix()
            found[folder, name] = read_document(name, path.read_bytes()).document.text
    return found


def test_every_place_lies_inside_its_document(texts):
    for one in ALL:
        for number, turn in enumerate(one.turns, 1):
            for place in turn.evidence:
                text = texts[one.folder, place.document]
                assert place.spans, (one.id, number)
                for start, end in place.spans:
                    assert 0 <= start < end <= len(text), (one.id, number)
                    assert text[start:end].strip(), (one.id, number)


def test_every_accepted_answer_stands_in_a_place_that_answers(texts):
    for one in ALL:
        for number, turn in enumerate(one.turns, 1):
            if turn.is_about_documents:
                continue  # their answers are numbers of documents and titles, which stand in no one place
            quotes = [folded(quote_spans(texts[one.folder, at.document], at.spans)) for at in turn.evidence]
            missing = [said for said in turn.answers if not any(folded(said) in quote for quote in quotes)]
            assert not missing, (one.id, number)


def test_dev_and_test_share_no_conversation():
    assert len({one.id for one in ALL}) == len(ALL)
    asked = {
        split: {tuple(folded(turn.question) for turn in one.turns) for one in ALL if one.split == split}
        for split in ("dev", "test")
    }
    assert asked["dev"].isdisjoint(asked["test"])
    assert sum(map(len, asked.values())) == len(ALL)


def test_the_two_splits_are_alike():
    for kind in TURN_KINDS:
        counts = Counter(one.split for one in ALL for turn in one.turns if turn.kind == kind)
        assert counts["test"] >= 5, kind
        assert 0.5 <= counts["dev"] / counts["test"] <= 2, kind
    assert {one.folder for one in ALL if one.split == "dev"} == {one.folder for one in ALL if one.split == "test"}


def test_a_conversation_has_several_turns_and_most_have_a_follow_up():
    assert all(2 <= len(one.turns) <= 5 for one in ALL)
    assert sum(any(turn.kind == "follow-up" for turn in one.turns) for one in ALL) > 0.7 * len(ALL)
    assert not any(one.turns[0].alone for one in ALL)  # nothing stands before it that it could need


def test_conversations_are_read_by_split_and_folder():
    dev = read_conversations("dev", ["minutes"])
    assert {(one.split, one.folder) for one in dev} == {("dev", "minutes")}
    assert len(dev) + len(read_conversations("test", ["minutes"])) == len(read_conversations(None, ["minutes"]))
    with pytest.raises(EvaluationError, match=r"no conversations over nowhere in .* \(there: company-news, minutes, "):
        read_conversations(None, ["minutes", "nowhere"])


def test_their_documents_are_the_seeds_or_a_folder_of_eval(tmp_path):
    assert documents_of(SEEDS).name == SEEDS
    assert documents_of("minutes").docs == FOLDERS / "minutes" / DOCS_NAME
    with pytest.raises(EvaluationError, match="documents of the conversations over nowhere are missing: put them in"):
        documents_of("nowhere", tmp_path)


GOOD = {
    "id": "c1",
    "split": "dev",
    "language": "en",
    "turns": [
        {"question": "hi", "kind": "smalltalk", "answers": [], "evidence": []},
        {
            "question": "which news are there, newest first?",
            "kind": "collection",
            "answers": [],
            "evidence": [{"document": "a.txt", "spans": [[0, 9], [12, 20]]}],
            "match": "all",
            "ordered": True,
            "only": True,
        },
        {"question": "and yours?", "kind": "follow-up", "alone": "how are you?", "answers": ["x"], "evidence": []},
    ],
}


def test_a_line_is_a_conversation():
    found = conversation_of("news", GOOD)
    hello, news, follow_up = found.turns
    assert (found.id, found.folder, found.split, found.language) == ("c1", "news", "dev", "en")
    assert (hello.alone, hello.is_answerable, hello.is_about_documents) == (None, False, False)
    assert news.evidence == (Evidence("a.txt", ((0, 9), (12, 20))),)
    assert (news.is_all, news.is_ordered, news.is_only, news.is_about_documents) == (True, True, True, True)
    assert (follow_up.alone, follow_up.is_all, follow_up.is_ordered) == ("how are you?", False, False)


def turn(**changes):
    return {"question": "q", "kind": "fact", "answers": ["x"], "evidence": [], **changes}


@pytest.mark.parametrize(
    ("given", "is_about_documents"),
    [
        (turn(kind="collection"), True),
        (turn(kind="follow-up", alone="a"), False),
        (turn(kind="follow-up", alone="a", evidence=[{"document": "a.txt", "spans": [[0, 9]]}]), False),
        (turn(kind="follow-up", alone="a", evidence=[{"document": "a.txt", "spans": [[0, 9]]}], only=True), True),
        (turn(kind="correction", alone="a", answers=[], evidence=[{"document": "a.txt", "spans": [[0, 9]]}]), True),
    ],
)
def test_a_follow_up_asks_about_the_documents_where_a_whole_place_answers(given, is_about_documents):
    (found,) = conversation_of("news", {**GOOD, "turns": [given]}).turns
    assert found.is_about_documents == is_about_documents


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("{", "line 1"),
        (json.dumps(GOOD | {"split": "train"}), "unknown split: train"),
        (json.dumps(GOOD | {"turns": []}), "needs a turn"),
        (json.dumps(GOOD | {"turns": [turn(kind="chat")]}), "unknown kind or match: chat, any"),
        (json.dumps(GOOD | {"turns": [turn(match="some")]}), "unknown kind or match: fact, some"),
        (json.dumps(GOOD | {"turns": [turn(kind="unanswerable")]}), "kind unanswerable has answers or evidence"),
        (json.dumps(GOOD | {"turns": [turn(answers=[])]}), "kind fact needs answers or evidence"),
        (json.dumps(GOOD | {"turns": [turn(kind="correction")]}), "a correction needs its stand-alone form, alone"),
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), "line 2 .*the id c1 is used twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, message):
    (tmp_path / "news.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(EvaluationError, match=rf"news\.jsonl has invalid lines: .*{message}"):
        read_conversations(path=tmp_path)


def test_a_split_without_conversations_is_an_error(tmp_path):
    (tmp_path / "news.jsonl").write_text(json.dumps(GOOD), encoding="utf-8")
    with pytest.raises(EvaluationError, match="no conversation of the test split over news; leave out --split"):
        read_conversations("test", path=tmp_path)
    with pytest.raises(EvaluationError, match="no conversations over any folder"):
        read_conversations(path=tmp_path / "missing")


def test_a_file_is_small_enough_to_read():
    assert all(path.stat().st_size <= 200_000 for path in JUDGED.iterdir())
