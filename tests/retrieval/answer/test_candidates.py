from retrieval.answer.candidates import repeats_question


def test_a_sentence_that_only_asks_the_question_again_is_seen():
    assert repeats_question(0.8, "How many books may I borrow?")
    assert repeats_question(0.5, "**How many books?**")
    assert repeats_question(1.0, "何冊借りられますか？")
    assert not repeats_question(0.8, "You may borrow eight books.")
    assert not repeats_question(0.2, "Why not?")
