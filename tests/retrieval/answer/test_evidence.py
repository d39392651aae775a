from retrieval.answer.evidence import missing_numbers, repeats_question


def test_a_number_is_not_found_inside_a_longer_one():
    assert missing_numbers("What happened in 1922?", ["In 19220 cases nothing did."]) == 1
    assert missing_numbers("What happened in 1922?", ["FY1922 was a good year."]) == 0


def test_a_number_is_found_however_its_digits_are_grouped():
    assert missing_numbers("Who paid the 12,500 crowns?", ["The bridge cost 12500 crowns."]) == 0
    assert missing_numbers("Who paid the 12500 crowns?", ["The bridge cost 12.500 crowns."]) == 0
    assert missing_numbers("Who paid 12,500 crowns in 1902?", ["It cost 12,400 crowns."]) == 2
    assert missing_numbers("Who paid for 3 bridges?", ["Nobody did."]) == 0


def test_a_sentence_that_only_asks_the_question_again_is_seen():
    assert repeats_question(0.8, "How many books may I borrow?")
    assert repeats_question(0.5, "**How many books?**")
    assert repeats_question(1.0, "何冊借りられますか？")
    assert not repeats_question(0.8, "You may borrow eight books.")
    assert not repeats_question(0.2, "Why not?")
