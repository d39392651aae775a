"""The store: nothing received is lost or taken twice, answers outlive the index, and what is forgotten is gone."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

import bot.feedback.database
from bot.feedback.database import Database
from bot.telegram.memory.store import Asked, Store
from retrieval.answer.answer import answer
from retrieval.errors import StoreError
from retrieval.schema import Turn

QUESTION = "When was the harbour of Lund opened?"


@pytest.fixture
def store(tmp_path):
    with closing(Store(tmp_path / "feedback.sqlite")) as opened:
        yield opened


def kept(store, small, question=QUESTION, chat_id=5, user_id=7, message_id=None, follows=None, thread_id=None):
    asked = Asked(chat_id, user_id, message_id, thread_id, follows, "es")
    found = answer(question, small)
    return store.keep_answer(found, asked, store.history(follows), small.store.document_by_id)


def bytes_of(path):
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_an_update_is_taken_once_and_handed_back_until_it_is_done(store):
    assert store.receive(11, '{"a": 1}', 7, 5)
    assert not store.receive(11, '{"a": 1}', 7, 5)
    assert store.receive(10, '{"b": 2}', None, None)
    assert store.start_update(11) == 0
    assert store.start_update(11) == 1
    store.start_sending(11)
    assert [(one.update_id, one.json, one.state, one.attempts) for one in store.unfinished()] == [
        (10, '{"b": 2}', "received", 0),
        (11, '{"a": 1}', "sending", 2),
    ]
    store.finish_update(11)
    assert [one.update_id for one in store.unfinished()] == [10]
    assert not store.receive(11, '{"a": 1}', 7, 5)


def test_what_was_received_outlives_the_process(tmp_path):
    first = Store(tmp_path / "s.sqlite")
    first.receive(1, "{}", 7, 5)  # and the process is killed: nothing is closed
    with closing(Store(tmp_path / "s.sqlite")) as second:
        assert [one.update_id for one in second.unfinished()] == [1]
    first.close()


def test_a_finished_update_keeps_no_text(tmp_path, store):
    store.receive(1, '{"text": "a private question"}', 7, 5)
    store.finish_update(1)
    store._database.erase_log()
    assert b"a private question" not in bytes_of(tmp_path / "feedback.sqlite")


def test_an_answer_comes_back_as_it_was_kept(store, small):
    stored = kept(store, small, message_id=100, thread_id=3)
    assert stored.kept.answers[0].text == "1871"
    assert stored.kept.answers[0].citations[0].passage.text.startswith("The harbour of Lund was opened")
    assert stored.asked == Asked(5, 7, 100, 3, None, "es")
    assert store.answer(stored.kept.id) == stored
    assert store.answer(stored.kept.id, 5) == stored
    assert store.answer_to(5, 100) == stored


def test_an_answer_of_another_chat_or_of_no_chat_is_not_found(store, small):
    stored = kept(store, small)
    assert store.answer(stored.kept.id, 6) is None
    assert store.answer("nobody", 5) is None


def test_an_answer_is_found_by_the_messages_that_show_it(store, small):
    stored = kept(store, small)
    store.shown(stored.kept.id, 5, [202, 201])
    found = store.answer_in(5, 202)
    assert (found.kept.id, found.message_ids) == (stored.kept.id, (201, 202))
    assert store.answer_in(6, 202) is None


def test_an_edited_question_takes_the_place_of_the_first_with_its_messages(store, small):
    first = kept(store, small, message_id=100)
    store.shown(first.kept.id, 5, [201])
    second = kept(store, small, "When did the mill burn down?", message_id=100)
    assert second.message_ids == (201,)
    assert store.answer(first.kept.id) is None
    assert store.answer_in(5, 201).kept.id == second.kept.id


def test_history_is_the_path_of_answers_that_led_here(store, small):
    first = kept(store, small)
    second = kept(store, small, "How many piers does it have?", follows=first.kept.id)
    kept(store, small, "When did the mill burn down?")
    assert store.history(second.kept.id)[0] == Turn(QUESTION, "1871")
    assert [turn.question for turn in store.history(second.kept.id)] == [QUESTION, "How many piers does it have?"]
    assert store.history(None) == ()


def test_the_last_answer_is_the_persons_own_in_that_topic(store, small):
    kept(store, small, user_id=8)
    mine = kept(store, small)
    kept(store, small, thread_id=4)
    kept(store, small, "thanks")
    assert store.last_answer(5, None, 7).kept.id == mine.kept.id
    assert store.last_answer(6, None, 7) is None


def test_a_verdict_takes_the_place_of_the_same_persons_earlier_one(store, small):
    id_ = kept(store, small).kept.id
    store.say(id_, 7, "right")
    store.say(id_, 7, "wrong", "wrong source")
    assert (store.verdict(id_, 7), store.verdict(id_, 8)) == ("wrong", None)


def test_suggested_questions_keep_their_ids(store):
    first = store.suggest(["Who?", "When?"])
    assert store.suggest(["When?"]) == first[1:]
    assert store.suggestion(first[0].id) == "Who?"
    assert store.suggestion("nobody") is None


def test_a_chat_keeps_its_language_and_moves_with_its_rows(store, small):
    store.see_chat(5, "pt")
    store.see_chat(5, is_active=False)
    assert (store.chat(5).language, store.chat(5).is_active) == ("pt", False)
    id_ = kept(store, small).kept.id
    store.migrate_chat(5, -1005)
    assert store.answer(id_, -1005) is not None
    assert (store.chat(-1005).language, store.chat(5).migrated_to) == ("pt", -1005)


def test_message_numbers_of_before_a_migration_are_not_taken_for_new_ones(store, small):
    old = kept(store, small, message_id=100)
    store.shown(old.kept.id, 5, [101])
    store.migrate_chat(5, -1005)
    assert store.answer_to(-1005, 100) is None
    assert store.answer_in(-1005, 101) is None
    kept(store, small, chat_id=-1005, message_id=100)
    assert store.answer(old.kept.id, -1005) is not None


def test_settings_are_kept(store):
    assert store.setting("seen") is None
    store.set("seen", "1")
    store.set("seen", "2")
    assert store.setting("seen") == "2"


def test_what_is_forgotten_stands_in_no_file_any_more(tmp_path, store, small):
    path = tmp_path / "feedback.sqlite"
    for number in range(60):
        secret = kept(store, small, f"When was the harbour of Zzyzxville{number} opened?", message_id=number)
        store.shown(secret.kept.id, 5, [1000 + number])
        store.say(secret.kept.id, 7, "wrong", "should have refused")
    other = kept(store, small, user_id=8)
    store.say(other.kept.id, 7, "right")
    store.receive(1, '{"text": "Zzyzxville?"}', 7, 5)
    store.see_chat(7, "es")
    assert b"Zzyzxville" in bytes_of(path)
    forgotten = store.forget(7)
    assert (forgotten.answers, forgotten.verdicts) == (60, 61)
    assert b"Zzyzxville" not in bytes_of(path)
    assert store.answer(other.kept.id) is not None
    assert store.chat(7) is None
    assert not store.receive(1, "{}", 7, 5)


def test_forgetting_takes_a_persons_words_out_of_other_peoples_conversations(tmp_path, store, small):
    mine = kept(store, small, "When was the harbour of Zzyzxville opened?")
    theirs = kept(store, small, "And how many piers?", user_id=8, follows=mine.kept.id)
    later = kept(store, small, "What did the bridge cost?", user_id=8, follows=theirs.kept.id)
    store.forget(7)
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")
    assert [turn.question for turn in store.history(later.kept.id)] == [
        "And how many piers?",
        "What did the bridge cost?",
    ]
    assert store.answer(theirs.kept.id).asked.follows is None


def test_what_is_older_than_the_retention_is_deleted_and_the_terminals_is_not(tmp_path, store, small):
    old, young = kept(store, small), kept(store, small)
    store.receive(1, "{}", 7, 5)
    store.receive(2, "{}", 7, 5)
    store.finish_update(1)
    with store._database.transaction() as connection:
        long_ago = int(time.time()) - 31 * 86400
        connection.execute("UPDATE answers SET asked_at = ? WHERE id = ?", (long_ago, old.kept.id))
        connection.execute("UPDATE inbox SET received_at = ?", (long_ago,))
        connection.execute(
            "INSERT INTO answers VALUES ('mine', ?, 'terminal', NULL, NULL, 'q', '[]', '{}')", (long_ago,)
        )
    assert store.expire(30) == 1
    assert store.answer(old.kept.id) is None
    assert store.answer(young.kept.id) is not None
    assert [row[0] for row in store._rows("SELECT id FROM answers WHERE surface = 'terminal'")] == ["mine"]
    assert store.unfinished() == []  # nobody waits for that by now, and it holds what somebody wrote
    assert store.receive(1, "{}", 7, 5)


def test_where_answers_are_kept_for_ever_only_numbers_of_updates_go(store, small):
    old = kept(store, small)
    for number in (1, 2):
        store.receive(number, "{}", 7, 5)
    store.finish_update(1)
    for table, column in (("answers", "asked_at"), ("inbox", "received_at")):
        store._run(f"UPDATE {table} SET {column} = 1")
    assert store.expire(None) == 0
    assert store.answer(old.kept.id) is not None
    assert store._rows("SELECT update_id FROM inbox") == [(2,)]


def test_an_expired_question_stands_in_no_later_conversation(tmp_path, store, small):
    old = kept(store, small, "When was the harbour of Zzyzxville opened?")
    reply = kept(store, small, "And how many piers?", follows=old.kept.id)
    later = kept(store, small, "What did the bridge cost?", user_id=8, follows=reply.kept.id)
    store._run("UPDATE answers SET asked_at = 1 WHERE id = ?", old.kept.id)
    assert store.expire(30) == 1
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")
    assert [turn.question for turn in store.history(later.kept.id)] == [
        "And how many piers?",
        "What did the bridge cost?",
    ]
    assert store.answer(reply.kept.id).asked.follows is None


def test_the_words_of_an_edited_question_stand_in_no_later_conversation(store, small):
    first = kept(store, small, "When was the harbour of Zzyzxville opened?", message_id=100)
    reply = kept(store, small, "And how many piers?", follows=first.kept.id)
    later = kept(store, small, "And its bridge?", user_id=8, follows=reply.kept.id)
    second = kept(store, small, "When did the mill burn down?", message_id=100)
    rows = store._rows("SELECT question, history, answer, kept FROM answers JOIN telegram_answers ON answer_id = id")
    assert len(rows) == 3
    assert "Zzyzxville" not in str(rows)
    assert store.answer(reply.kept.id).asked.follows == second.kept.id
    assert [turn.question for turn in store.history(later.kept.id)] == ["And how many piers?", "And its bridge?"]


def test_forgetting_does_not_fail_while_another_program_reads_and_is_finished_later(
    tmp_path, store, small, monkeypatch
):
    monkeypatch.setattr(bot.feedback.database, "_CUT_PAUSE_S", 0.01)
    kept(store, small, "When was the harbour of Zzyzxville opened?")
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM answers").fetchone() == (1,)
        assert store.forget(7).answers == 1
        assert store.expire(30) == 0
        assert b"Zzyzxville" in bytes_of(tmp_path / "feedback.sqlite")
        other.rollback()
    store.expire(30)
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")


def test_nobody_waits_for_the_log_that_another_program_reads(tmp_path, store, small):
    kept(store, small)
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM answers").fetchone()
        forgetting = pool.submit(store.forget, 7)
        time.sleep(0.3)
        started = time.monotonic()
        assert store.receive(1, "{}", 7, 5)
        assert time.monotonic() - started < 1
        other.rollback()
        assert forgetting.result().answers == 1


def test_many_threads_lose_nothing(store):
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: store.receive(number % 50, "{}", 7, 5), range(200)))
    assert sum(taken) == 50
    assert len(store.unfinished()) == 50


def test_a_file_that_another_program_is_writing_is_waited_for(tmp_path, store):
    other = sqlite3.connect(tmp_path / "feedback.sqlite", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.rollback)
    timer.start()
    assert store.receive(1, "{}", 7, 5)
    timer.join()
    other.close()


def test_a_file_that_stays_locked_is_told(tmp_path, store, monkeypatch):
    store._database._connection.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"database is locked; another program is writing to it; wait"):
            store.receive(1, "{}", 7, 5)
    assert store.receive(1, "{}", 7, 5)


def test_a_full_disk_is_told_and_what_was_kept_stays(store):
    store.receive(1, "{}", 7, 5)
    pages = store._database._connection.execute("PRAGMA page_count").fetchone()[0]
    store._database._connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()  # SQLite's own full disk
    with pytest.raises(StoreError, match="database or disk is full; make room on the disk"):
        store.receive(2, "x" * 100_000, 7, 5)
    assert [one.update_id for one in store.unfinished()] == [1]
    store.finish_update(1)
    assert store.unfinished() == []


def test_a_file_of_feedback_alone_is_brought_up_to_date(tmp_path):
    from bot.feedback.database import _MIGRATIONS

    old = sqlite3.connect(tmp_path / "s.sqlite")
    old.executescript(_MIGRATIONS[0] + "; INSERT INTO answers VALUES ('a', 1, 'terminal', NULL, NULL, 'q', '[]', '{}')")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with closing(Store(tmp_path / "s.sqlite")) as store:
        assert store.receive(1, "{}", None, None)
        assert store._rows("SELECT id FROM answers") == [("a",)]


def test_a_broken_transaction_leaves_nothing(tmp_path):
    with closing(Database(tmp_path / "s.sqlite")) as database:
        with pytest.raises(KeyError), database.transaction() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            raise KeyError
        with database.reading() as connection:
            assert connection.execute("SELECT * FROM settings").fetchall() == []


def test_lone_surrogates_are_stored_and_shown_again(store, small):
    stored = kept(store, small, "When was the harbour of Lund opened \ud800?", message_id=1)
    assert store.answer(stored.kept.id).kept.question.endswith("\ud800?")
    assert store.receive(3, json.dumps({"text": "\ud800"}, ensure_ascii=False), 7, 5)


def test_counts_are_of_what_is_there(store, small):
    store.say(kept(store, small).kept.id, 7, "right")
    store.receive(1, "{}", 7, 5)
    store.see_chat(5)
    figures = store.counts()
    assert figures.pop("bytes") > 4096
    assert figures == {"answers": 1, "verdicts": 1, "chats": 1, "unfinished": 1}


def test_only_what_must_outlive_a_power_cut_waits_for_the_disk(store, small):
    levels = []
    store._database._connection.set_trace_callback(
        lambda statement: levels.append(statement.split()[-1]) if "synchronous" in statement else None
    )
    store.receive(1, "{}", 7, 5)
    store.start_update(1)
    stored = kept(store, small)
    store.start_sending(1)
    store.shown(stored.kept.id, 5, [2])
    store.finish_update(1)
    store.forget(7)
    assert levels == ["FULL", "NORMAL", "NORMAL", "FULL", "NORMAL", "NORMAL", "FULL"]
