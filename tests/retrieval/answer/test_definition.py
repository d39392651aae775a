import pytest

from retrieval.answer.definition import definition_in, subject_of


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
    assert subject_of(question) == subject


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
        ("Harbour Board", "It met the Harbour Board in May.", None),
        ("Board", "The Harbour Boardroom is closed.", None),
    ],
)
def test_the_part_of_a_sentence_that_defines(subject, sentence, definition):
    found = definition_in(subject, sentence)
    assert (found and sentence[slice(*found)]) == definition


def test_the_first_sentence_below_a_heading_that_is_the_subject_defines_it():
    assert definition_in("kaizen", "Small steps each day.", heading="Kaizen") == (0, 20)
    assert definition_in("kaizen", "Small steps each day.", heading="Kaizen in Lund") is None
