"""The memory: nothing received is lost or handled twice, answers outlive the index, and what is forgotten is gone."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

import bot.feedback.database
from bot.feedback.database import LOCKED, NO_ROOM, Database
from bot.telegram.memory.memory import Memory
from bot.telegram.memory.records import Origin
from retrieval.errors import DatabaseError
from retrieval.schema import Turn

QUESTION = "When was the harbour of Lund opened?"


def kept(memory, small, question=QUESTION, chat_id=5, user_id=7, message_id=None, follows=None, thread_id=None):
    origin = Origin(chat_id, user_id, message_id, thread_id, follows, "es")
    found = small.ask(question)
    return memory.keep_answer(found, origin, memory.history(follows), small.document)


def bytes_of(path):
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_an_update_is_taken_once_and_handed_back_until_it_is_done(memory):
    assert memory.receive(11, '{"a": 1}', 7, 5)
    assert not memory.receive(11, '{"a": 1}', 7, 5)
    assert memory.receive(10, '{"b": 2}', None, None)
    memory.start_update(11)
    memory.start_update(11)
    memory.start_sending(11)
    assert [(one.update_id, one.json, one.state, one.attempts) for one in memory.unfinished()] == [
        (10, '{"b": 2}', "received", 0),
        (11, '{"a": 1}', "sending", 2),
    ]
    memory.finish_update(11)
    assert [one.update_id for one in memory.unfinished()] == [10]
    assert not memory.receive(11, '{"a": 1}', 7, 5)


def test_what_was_received_outlives_the_process(tmp_path):
    first = Memory(tmp_path / "s.sqlite")
    first.receive(1, "{}", 7, 5)  # and the process is killed: nothing is closed
    with closing(Memory(tmp_path / "s.sqlite")) as second:
        assert [one.update_id for one in second.unfinished()] == [1]
    first.close()


def test_a_finished_update_keeps_no_text(tmp_path, memory):
    memory.receive(1, '{"text": "a private question"}', 7, 5)
    memory.finish_update(1)
    memory._database.erase_log()
    assert b"a private question" not in bytes_of(tmp_path / "feedback.sqlite")


def test_an_answer_comes_back_as_it_was_kept(memory, small):
    stored = kept(memory, small, message_id=100, thread_id=3)
    assert stored.answer.answers[0].text == "1871"
    assert stored.answer.answers[0].citations[0].passage.text.startswith("The harbour of Lund was opened")
    assert stored.origin == Origin(5, 7, 100, 3, None, "es")
    assert memory.answer(stored.answer.id) == stored
    assert memory.answer(stored.answer.id, 5) == stored
    assert memory.answer_to(5, 100) == stored


def test_an_answer_of_another_chat_or_of_no_chat_is_not_found(memory, small):
    stored = kept(memory, small)
    assert memory.answer(stored.answer.id, 6) is None
    assert memory.answer("nobody", 5) is None


def test_an_answer_is_found_by_the_messages_that_show_it(memory, small):
    stored = kept(memory, small)
    memory.shown(stored.answer.id, 5, [202, 201])
    found = memory.answer_in(5, 202)
    assert (found.answer.id, found.message_ids) == (stored.answer.id, (201, 202))
    assert memory.answer_in(6, 202) is None


def test_an_edited_question_takes_the_place_of_the_first_with_its_messages(memory, small):
    first = kept(memory, small, message_id=100)
    memory.shown(first.answer.id, 5, [201])
    second = kept(memory, small, "When did the mill burn down?", message_id=100)
    assert second.message_ids == (201,)
    assert memory.answer(first.answer.id) is None
    assert memory.answer_in(5, 201).answer.id == second.answer.id


def test_history_is_the_path_of_answers_that_led_here(memory, small):
    first = kept(memory, small)
    second = kept(memory, small, "How many piers does it have?", follows=first.answer.id)
    kept(memory, small, "When did the mill burn down?")
    assert memory.history(second.answer.id)[0] == Turn(QUESTION, "1871", QUESTION, ("harbour.txt",))
    assert [turn.question for turn in memory.history(second.answer.id)] == [QUESTION, "How many piers does it have?"]
    assert memory.history(None) == ()


def test_the_last_answer_is_the_persons_own_in_that_topic(memory, small):
    kept(memory, small, user_id=8)
    mine = kept(memory, small)
    kept(memory, small, thread_id=4)
    kept(memory, small, "thanks")
    assert memory.last_answer(5, None, 7).answer.id == mine.answer.id
    assert memory.last_answer(6, None, 7) is None


def test_a_verdict_takes_the_place_of_the_same_persons_earlier_one(memory, small):
    id_ = kept(memory, small).answer.id
    memory.rate(id_, 7, "right")
    memory.rate(id_, 7, "wrong", "wrong source")
    assert (memory.verdict(id_, 7), memory.verdict(id_, 8)) == ("wrong", None)


def test_suggested_questions_keep_their_ids(memory):
    first = memory.suggest(["Who?", "When?"])
    assert memory.suggest(["When?"]) == first[1:]
    assert memory.suggestion(first[0].id) == "Who?"
    assert memory.suggestion("nobody") is None


def test_a_chat_keeps_its_language_and_moves_with_its_rows(memory, small):
    memory.see_chat(5, "pt")
    memory.see_chat(5, is_active=False)
    assert (memory.chat(5).language, memory.chat(5).is_active) == ("pt", False)
    id_ = kept(memory, small).answer.id
    memory.migrate_chat(5, -1005)
    assert memory.answer(id_, -1005) is not None
    assert (memory.chat(-1005).language, memory.chat(5).migrated_to) == ("pt", -1005)


def test_message_numbers_of_before_a_migration_are_not_taken_for_new_ones(memory, small):
    old = kept(memory, small, message_id=100)
    memory.shown(old.answer.id, 5, [101])
    memory.migrate_chat(5, -1005)
    assert memory.answer_to(-1005, 100) is None
    assert memory.answer_in(-1005, 101) is None
    kept(memory, small, chat_id=-1005, message_id=100)
    assert memory.answer(old.answer.id, -1005) is not None


def test_settings_are_kept(memory):
    assert memory.setting("seen") is None
    memory.set("seen", "1")
    memory.set("seen", "2")
    assert memory.setting("seen") == "2"


def test_what_is_forgotten_stands_in_no_file_any_more(tmp_path, memory, small):
    path = tmp_path / "feedback.sqlite"
    for number in range(60):
        secret = kept(memory, small, f"When was the harbour of Zzyzxville{number} opened?", message_id=number)
        memory.shown(secret.answer.id, 5, [1000 + number])
        memory.rate(secret.answer.id, 7, "wrong", "should have refused")
    other = kept(memory, small, user_id=8)
    memory.rate(other.answer.id, 7, "right")
    memory.receive(1, '{"text": "Zzyzxville?"}', 7, 5)
    memory.see_chat(7, "es")
    assert b"Zzyzxville" in bytes_of(path)
    forgotten = memory.forget(7)
    assert (forgotten.answers, forgotten.ratings) == (60, 61)
    assert b"Zzyzxville" not in bytes_of(path)
    assert memory.answer(other.answer.id) is not None
    assert memory.chat(7) is None
    assert not memory.receive(1, "{}", 7, 5)


def test_forgetting_takes_a_persons_words_out_of_other_peoples_conversations(tmp_path, memory, small):
    mine = kept(memory, small, "When was the harbour of Zzyzxville opened?")
    theirs = kept(memory, small, "And how many piers?", user_id=8, follows=mine.answer.id)
    later = kept(memory, small, "What did the bridge cost?", user_id=8, follows=theirs.answer.id)
    memory.forget(7)
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")
    assert [turn.question for turn in memory.history(later.answer.id)] == [
        "And how many piers?",
        "What did the bridge cost?",
    ]
    assert memory.answer(theirs.answer.id).origin.follows is None


def test_what_is_older_than_the_retention_is_deleted_and_the_terminals_is_not(memory, small):
    old, young = kept(memory, small), kept(memory, small)
    memory.receive(1, "{}", 7, 5)
    memory.receive(2, "{}", 7, 5)
    memory.finish_update(1)
    with memory._database.transaction() as connection:
        long_ago = int(time.time()) - 31 * 86400
        connection.execute("UPDATE answers SET asked_at = ? WHERE id = ?", (long_ago, old.answer.id))
        connection.execute("UPDATE inbox SET received_at = ?", (long_ago,))
        connection.execute(
            "INSERT INTO answers VALUES ('mine', ?, 'terminal', NULL, NULL, 'q', '[]', '{}')", (long_ago,)
        )
    assert memory.expire(30) == 1
    assert memory.answer(old.answer.id) is None
    assert memory.answer(young.answer.id) is not None
    assert [row[0] for row in memory._rows("SELECT id FROM answers WHERE surface = 'terminal'")] == ["mine"]
    assert memory.unfinished() == []  # nobody waits for that by now, and it holds what somebody wrote
    assert memory.receive(1, "{}", 7, 5)


def test_where_answers_are_kept_for_ever_only_numbers_of_updates_go(memory, small):
    old = kept(memory, small)
    for number in (1, 2):
        memory.receive(number, "{}", 7, 5)
    memory.finish_update(1)
    for table, column in (("answers", "asked_at"), ("inbox", "received_at")):
        memory._run(f"UPDATE {table} SET {column} = 1")
    assert memory.expire(None) == 0
    assert memory.answer(old.answer.id) is not None
    assert memory._rows("SELECT update_id FROM inbox") == [(2,)]


def test_an_expired_question_stands_in_no_later_conversation(tmp_path, memory, small):
    old = kept(memory, small, "When was the harbour of Zzyzxville opened?")
    reply = kept(memory, small, "And how many piers?", follows=old.answer.id)
    later = kept(memory, small, "What did the bridge cost?", user_id=8, follows=reply.answer.id)
    memory._run("UPDATE answers SET asked_at = 1 WHERE id = ?", old.answer.id)
    assert memory.expire(30) == 1
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")
    assert [turn.question for turn in memory.history(later.answer.id)] == [
        "And how many piers?",
        "What did the bridge cost?",
    ]
    assert memory.answer(reply.answer.id).origin.follows is None


def test_the_words_of_an_edited_question_stand_in_no_later_conversation(memory, small):
    first = kept(memory, small, "When was the harbour of Zzyzxville opened?", message_id=100)
    reply = kept(memory, small, "And how many piers?", follows=first.answer.id)
    later = kept(memory, small, "And its bridge?", user_id=8, follows=reply.answer.id)
    second = kept(memory, small, "When did the mill burn down?", message_id=100)
    rows = memory._rows("SELECT question, history, answer, kept FROM answers JOIN telegram_answers ON answer_id = id")
    assert len(rows) == 3
    assert "Zzyzxville" not in str(rows)
    assert memory.answer(reply.answer.id).origin.follows == second.answer.id
    assert [turn.question for turn in memory.history(later.answer.id)] == ["And how many piers?", "And its bridge?"]


def test_no_word_of_a_forgotten_question_stays_in_what_was_searched_for_the_turns_after_it(tmp_path, memory, small):
    def follow_up(question, user_id, before):
        history = memory.history(before)
        answer, origin = small.ask(question, history), Origin(5, user_id, None, None, before)
        return memory.keep_answer(answer, origin, history, small.document).answer

    first = follow_up("When was the harbour of Zyxwvutown opened?", 7, None)
    second = follow_up("Who opened it?", 8, first.id)
    third = follow_up("And when?", 8, second.id)
    assert "Zyxwvutown" in second.searched and "Zyxwvutown" in memory.history(third.id)[1].searched
    memory.forget(7)
    assert [turn.question for turn in memory.history(third.id)] == ["Who opened it?", "And when?"]
    assert b"Zyxwvutown" not in bytes_of(tmp_path / "feedback.sqlite")


def test_what_a_person_proposed_and_was_asked_is_forgotten_with_them_also_below_anothers_answer(
    tmp_path, memory, small
):
    id_ = kept(memory, small, user_id=8).answer.id
    for user_id, text in ((7, "It was Qwertzopolis"), (8, "It was Asdfghjkl")):
        memory.rate(id_, user_id, "wrong")
        memory.corrections.asked(5, 100 + user_id, id_, user_id)
        memory.corrections.propose(id_, user_id, text)
    memory.forget(7)
    stored = bytes_of(tmp_path / "feedback.sqlite")
    assert b"Qwertzopolis" not in stored and b"Asdfghjkl" in stored
    assert memory.corrections.answer_meant(5, 107, 7) is None
    assert memory.corrections.answer_meant(5, 108, 8) == id_
    memory.forget(8)
    assert memory._rows("SELECT * FROM prompts") == []


def test_a_right_answer_is_expected_of_who_disliked_the_answer_lately_and_only_once(memory, small):
    id_ = kept(memory, small).answer.id
    memory.shown(id_, 5, [20])
    now, meant = int(time.time()), memory.corrections
    assert meant.just_disliked(5, 20, 7, now - 600) is None
    memory.rate(id_, 7, "wrong")
    assert meant.just_disliked(5, 20, 7, now - 600) == id_
    assert meant.just_disliked(5, 20, 8, now - 600) is None
    assert meant.just_disliked(5, 20, 7, now + 600) is None
    meant.propose(id_, 7, "1873")
    assert meant.just_disliked(5, 20, 7, now - 600) is None
    memory.rate(id_, 7, "right")
    assert meant.just_disliked(5, 20, 7, now - 600) is None


def test_a_message_that_asks_what_is_right_asks_one_person_about_one_answer(memory, small):
    id_ = kept(memory, small).answer.id
    meant = memory.corrections
    assert not meant.has_asked(id_, 7)
    meant.asked(5, 30, id_, 7)
    assert meant.has_asked(id_, 7) and not meant.has_asked(id_, 8)
    assert meant.answer_meant(5, 30, 7) == id_
    assert [meant.answer_meant(5, 30, 8), meant.answer_meant(6, 30, 7)] == [None, None]
    memory.migrate_chat(5, -1005)
    assert meant.answer_meant(5, 30, 7) is None


def test_forgetting_does_not_fail_while_another_program_reads_and_is_finished_later(
    tmp_path, memory, small, monkeypatch
):
    monkeypatch.setattr(bot.feedback.database, "_ERASE_PAUSE_S", 0.01)
    kept(memory, small, "When was the harbour of Zzyzxville opened?")
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM answers").fetchone() == (1,)
        assert memory.forget(7).answers == 1
        assert memory.expire(30) == 0
        assert b"Zzyzxville" in bytes_of(tmp_path / "feedback.sqlite")
        other.rollback()
    memory.expire(30)
    assert b"Zzyzxville" not in bytes_of(tmp_path / "feedback.sqlite")


def test_nobody_waits_for_the_log_that_another_program_reads(tmp_path, memory, small):
    kept(memory, small)
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM answers").fetchone()
        forgetting = pool.submit(memory.forget, 7)
        time.sleep(0.3)
        started = time.monotonic()
        assert memory.receive(1, "{}", 7, 5)
        assert time.monotonic() - started < 1
        other.rollback()
        assert forgetting.result().answers == 1


def test_many_threads_lose_nothing(memory):
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: memory.receive(number % 50, "{}", 7, 5), range(200)))
    assert sum(taken) == 50
    assert len(memory.unfinished()) == 50


def test_a_file_that_another_program_is_writing_is_waited_for(tmp_path, memory):
    other = sqlite3.connect(tmp_path / "feedback.sqlite", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.rollback)
    timer.start()
    assert memory.receive(1, "{}", 7, 5)
    timer.join()
    other.close()


def test_a_file_that_stays_locked_is_an_error(tmp_path, memory):
    memory._database._connection.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match=f"database is locked; {LOCKED}"):
            memory.receive(1, "{}", 7, 5)
    assert memory.receive(1, "{}", 7, 5)


def test_a_full_disk_is_an_error_and_what_was_stored_stays(memory):
    memory.receive(1, "{}", 7, 5)
    pages = memory._database._connection.execute("PRAGMA page_count").fetchone()[0]
    memory._database._connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()  # SQLite's own full disk
    with pytest.raises(DatabaseError, match=f"database or disk is full; {NO_ROOM}"):
        memory.receive(2, "x" * 100_000, 7, 5)
    assert [one.update_id for one in memory.unfinished()] == [1]
    memory.finish_update(1)
    assert memory.unfinished() == []


def test_a_file_of_feedback_alone_is_brought_up_to_date(tmp_path):
    from bot.feedback.database import _MIGRATIONS

    old = sqlite3.connect(tmp_path / "s.sqlite")
    old.executescript(_MIGRATIONS[0] + "; INSERT INTO answers VALUES ('a', 1, 'terminal', NULL, NULL, 'q', '[]', '{}')")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with closing(Memory(tmp_path / "s.sqlite")) as memory:
        assert memory.receive(1, "{}", None, None)
        assert memory._rows("SELECT id FROM answers") == [("a",)]


def test_a_broken_transaction_leaves_nothing(tmp_path):
    with closing(Database(tmp_path / "s.sqlite")) as database:
        with pytest.raises(KeyError), database.transaction() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            raise KeyError
        with database.reading() as connection:
            assert connection.execute("SELECT * FROM settings").fetchall() == []


def test_lone_surrogates_are_stored_and_shown_again(memory, small):
    stored = kept(memory, small, "When was the harbour of Lund opened \ud800?", message_id=1)
    assert memory.answer(stored.answer.id).answer.question.endswith("\ud800?")
    assert memory.receive(3, json.dumps({"text": "\ud800"}, ensure_ascii=False), 7, 5)


def test_counts_are_of_what_is_there(memory, small):
    memory.rate(kept(memory, small).answer.id, 7, "right")
    memory.receive(1, "{}", 7, 5)
    memory.see_chat(5)
    metrics = memory.counts()
    assert metrics.pop("bytes") > 4096
    assert metrics == {"answers": 1, "verdicts": 1, "chats": 1, "unfinished": 1}


def test_only_what_must_outlive_a_power_cut_waits_for_the_disk(memory, small):
    levels = []
    memory._database._connection.set_trace_callback(
        lambda statement: levels.append(statement.split()[-1]) if "synchronous" in statement else None
    )
    memory.receive(1, "{}", 7, 5)
    memory.start_update(1)
    stored = kept(memory, small)
    memory.start_sending(1)
    memory.shown(stored.answer.id, 5, [2])
    memory.finish_update(1)
    memory.forget(7)
    assert levels == ["FULL", "NORMAL", "NORMAL", "FULL", "NORMAL", "NORMAL", "FULL"]
