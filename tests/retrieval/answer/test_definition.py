import pytest

from retrieval.answer.definition import Subject, definition_in, subject_of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is the Harbour Board?", "Harbour Board"),
        ("what's a kaizen", "kaizen"),
        ("Who is Astrid Berg?", "Astrid Berg"),
        ("What does HB stand for?", "HB"),
        ("What does idempotent mean?", "idempotent"),
        ("¿Qué es la Junta del Puerto?", "Junta del Puerto"),
        ("O que é a Junta?", "Junta"),
        ("港湾局とは何ですか", "港湾局"),
        ("What is the capital of Peru?", None),
        ("What is in the box?", None),
        ("When was the Harbour Board founded?", None),
        ("What?", None),
    ],
)
def test_what_a_question_asks_to_be_defined(question, subject):
    found = subject_of(question)
    assert (found and found.name) == subject


def test_only_a_question_who_somebody_is_asks_for_a_person():
    for question in ("Who is Astrid Berg?", "¿Quién es Astrid Berg?", "Quem é Astrid Berg?", "Astrid Bergとは誰ですか"):
        assert subject_of(question) == Subject("Astrid Berg", is_person=True)
    assert subject_of("What is the Harbour Board?") == Subject("Harbour Board")


def test_only_a_question_what_a_name_stands_for_asks_for_its_long_form():
    assert subject_of("What does HB stand for?") == Subject("HB", is_short_form=True)
    assert subject_of("What is HB?") == Subject("HB")
    stands_for = Subject("HB", is_short_form=True)
    assert definition_in(stands_for, "HB is a council of nine.") is None
    assert definition_in(stands_for, "The Harbour Board (HB) is a council.") == (4, 17)


@pytest.mark.parametrize(
    ("subject", "sentence", "definition"),
    [
        ("Harbour Board", "The Harbour Board is a council of nine.", "a council of nine"),
        ("Harbour Board", "The Harbour Board (HB) is a council of nine.", "a council of nine"),
        ("HB", "It is run by the Harbour Board (HB).", "Harbour Board"),
        ("HB", "HB (Harbour Board) meets in May.", "Harbour Board"),
        ("kaizen", "Kaizen: small steps each day.", "small steps each day"),
        ("kaizen", "**kaizen** - small steps each day", "small steps each day"),
        ("Astrid Berg", "They met Astrid Berg, the mayor of Lund, and left.", "the mayor of Lund"),
        ("Astrid Berg", "It was signed by Mayor Astrid Berg in May.", "Mayor"),
        ("Astrid Berg", "Vice Mayor of Lund Astrid Berg, left in May, said so.", "Vice Mayor of Lund"),
        ("astrid berg", "It was signed by Mayor Astrid Berg in May.", "Mayor"),
        ("Astrid Berg", "Then Astrid Berg, speaking for the board, left.", None),
        ("Harbour Board", "Lund is an Observer of the Harbour Board.", None),  # a title stands before people's names
        ("Harbour Board", "The Harbour Board was founded in 1871.", None),
        ("Harbour Board", "It met the Harbour Board in May.", None),
        ("Board", "The Harbour Boardroom is closed.", None),
    ],
)
def test_the_part_of_a_sentence_that_defines(subject, sentence, definition):
    found = definition_in(Subject(subject, is_person="berg" in subject.lower()), sentence)
    assert (found and sentence[slice(*found)]) == definition


def test_the_first_sentence_below_a_heading_that_is_the_subject_defines_it():
    for heading in ("Kaizen", "(Note 1) Kaizen", "3. Kaizen:"):
        assert definition_in(Subject("kaizen"), "Small steps each day.", heading) == (0, 20)
    assert definition_in(Subject("kaizen"), "Small steps each day.", "Kaizen in Lund") is None
