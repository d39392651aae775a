import pytest

from retrieval.answer.answer_type import answer_type_of, tells_time, whole_clause


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was JALAC founded?", "date"),
        ("in which year did it start", "date"),
        ("On what date did they meet?", "date"),
        ("How many chapters are there?", "amount"),
        ("how much did it cost", "amount"),
        ("What percentage of steel?", "amount"),
        ("Who opened the harbour?", "person"),
        ("Who signed the agreement?", "list"),
        ("What are the prices?", "list"),
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
        ("Quem foi Astrid?", "person"),
        ("Is Peru a member?", "yes-no"),
        ("Can you tell me when it opened?", "date"),
    ],
)
def test_the_words_of_a_question_show_its_answer_type(question, expected):
    assert answer_type_of(question) == expected


@pytest.mark.parametrize(
    ("text", "said", "whole"),
    [
        ("Costs rose due to higher wages, which nobody saw.", "wages", "due to higher wages"),
        ("They left; the house was cold.", "cold", "the house was cold"),
        ("It grew by selling ships", "ships", "by selling ships"),
        ("They had to leave because of ice.", "because of ice", "because of ice"),
        ("The ice broke it.", "ice", "The ice broke it"),
    ],
)
def test_a_reason_is_widened_to_its_clause(text, said, whole):
    at = text.index(said)
    start, end = whole_clause(text, (0, len(text)), (at, at + len(said)))
    assert text[start:end] == whole


def test_a_clause_stays_in_its_sentence():
    text = "Because of ice. It sank, and more."
    assert whole_clause(text, (16, len(text)), (19, 23)) == (16, 23)


def test_hostile_sentences_take_no_time():
    for sentence in ("Aa bb, " * 3000, ": " + "aa, " * 5000, "A " * 9000, "1," * 9000, "May " * 5000, "by " * 5000):
        middle = len(sentence) // 2
        whole_clause(sentence, (0, len(sentence)), (middle, middle + 1))


@pytest.mark.parametrize(
    ("answer", "tells"),
    [
        ("April 2011", True),
        ("14:30", True),
        ("the 19th century", True),
        ("the 3rd of May", True),
        ("after the war", True),
        ("Thursday", True),
        ("2007年", True),
        ("11th anniversary", False),
        ("the harbour", False),
        ("Queen Astrid", False),
    ],
)
def test_an_answer_to_when_tells_a_time(answer, tells):
    assert tells_time(answer) == tells
