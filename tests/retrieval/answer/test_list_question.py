"""Which questions ask for a list."""

import pytest

from retrieval.answer.list_question import asks_for_list


@pytest.mark.parametrize(
    "question",
    [
        "Which countries signed?",
        "what are the part names?",
        "list all fees",
        "Name the areas of the plan.",
        "who signed the treaty?",
        "who are the members",
        "who was present at the meeting?",
        "what does the agreement cover",
        "What does it consist of?",
        "what do I need for the soup?",
        "what can the app do?",
        "what changed in 1.6?",
        "what must customers do?",
        "which signals does it understand?",
        "what's in the box?",
        "¿Quiénes firmaron?",
        "¿Qué países forman la alianza?",
        "¿Qué incluye el precio?",
        "¿Qué deben hacer los clientes?",
        "Quais são os membros?",
        "o que inclui o preço?",
        "加盟国はどこですか",
        "費用をすべて教えてください",
    ],
)
def test_a_list_is_asked_for(question):
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the harbour?",
        "When was it signed?",
        "What river runs through Lund?",
        "which term means the study of fish",
        "what is the name of the mayor?",
        "Which bus is late?",
        "what is the price of a bolt?",
        "How many members are there?",
        "¿Qué es una alianza?",
        "Que rio passa por Lund?",
        "A que horas parte o navio?",
        "リスボンはどこの国か",
        "港はいつ開きましたか",
    ],
)
def test_no_list_is_asked_for(question):
    assert not asks_for_list(question)


@pytest.mark.parametrize("question", ["what does " * 3000, "which a b " * 3000, "what do " + "x " * 9000])
def test_hostile_questions_take_no_time(question):
    asks_for_list(question)
