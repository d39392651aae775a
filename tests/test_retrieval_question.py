import pytest

from retrieval.question import clear_span, find_spans, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was JALAC founded?", "date"),
        ("in which year did it start", "date"),
        ("On what date did they meet?", "date"),
        ("How many chapters are there?", "amount"),
        ("how much did it cost", "amount"),
        ("What percentage of steel?", "amount"),
        ("Who signed the agreement?", "person"),
        ("Which minister of Chile signed?", "person"),
        ("Where was the summit held?", "place"),
        ("In which city was it adopted?", "place"),
        ("Which countries are members?", "list"),
        ("Name the areas of the plan.", "list"),
        ("What are the three pillars of connectivity?", "list"),
        ("Why did they leave?", "reason"),
        ("How did they find out?", "reason"),
        ("What is a kaizen?", "other"),
        ("¿Cuándo se firmó?", "date"),
        ("Quem assinou o acordo?", "person"),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question, kind):
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        (
            "date",
            "It began on May 4, 1999 and ended in 2004, in the 2010s or on 3 May.",
            ["May 4, 1999", "2004", "the 2010s", "3 May"],
        ),
        ("date", "Kono came Aug. 11-19 and since January 2013.", ["Aug. 11-19", "January 2013"]),
        (
            "amount",
            "It cost US$1.2 billion, over 2 million or 2.5 percent, after four years, in 2018.",
            ["US$1.2 billion", "over 2 million", "2.5 percent", "four years"],
        ),
        (
            "amount",
            "At least US$16/hour for approximately 25 minutes.",
            ["At least US$16/hour", "approximately 25 minutes"],
        ),
        (
            "person",
            "Then Ambassador Óscar Maúrtua met Luz María de la Mora Sánchez of the World Bank.",
            ["Luz María de la Mora Sánchez"],
        ),
        ("place", "They met in Bahia Malaga, near Lund.", ["Bahia Malaga", "Lund"]),
        (
            "list",
            "It maintains agreements (EPAs) with Chile, Mexico, and Peru, and will go on.",
            ["Chile, Mexico, and Peru"],
        ),
        (
            "list",
            "It covers issues such as: the digital economy, trade facilitation and commercial ties.",
            ["the digital economy, trade facilitation and commercial ties"],
        ),
        ("reason", "Because of 3 things.", []),
    ],
)
def test_stretches_of_the_kind_are_found(kind, sentence, found):
    assert [sentence[slice(*span)] for span in find_spans(kind, sentence, frozenset())] == found


def test_what_the_question_itself_says_is_no_answer():
    assert find_spans("date", "In 2018 it was 2018.", frozenset({"2018"})) == []


def test_the_only_stretch_is_clear_and_so_is_the_one_far_nearer_to_the_questions_words():
    sentence = "It was founded in 1958 as a forum, and much later, after many changes of name, closed in 1999."
    spans = find_spans("date", sentence, frozenset())
    assert clear_span(sentence, "When was it founded?", spans[:1]) == spans[0]
    assert clear_span(sentence, "When was it founded?", spans) == spans[0]
    assert clear_span(sentence, "When was it closed?", spans) == spans[1]


def test_two_stretches_about_as_near_are_not_clear():
    sentence = "In 2007 signed, in 2012 signed."
    assert clear_span(sentence, "When was it signed?", find_spans("date", sentence, frozenset())) is None


def test_hostile_sentences_take_no_time():
    for sentence in ("Aa bb, " * 3000, ": " + "aa, " * 5000, "A " * 9000, "1," * 9000, "May " * 5000):
        for kind in ("date", "amount", "person", "place", "list"):
            find_spans(kind, sentence, frozenset())
