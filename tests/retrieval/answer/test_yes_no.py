"""Which questions yes or no would answer."""

import pytest

from retrieval.answer.yes_no import is_yes_no


@pytest.mark.parametrize(
    "question",
    [
        "Is Peru a member?",
        "did it open in 1871",
        "And can I bring a friend?",
        "isn't the harbour closed?",
        "Can you tell me if the mill burned down?",
        "The mill burned down, didn't it?",
        "is there a place where I can park?",
        "¿Está abierto el puerto?",
        "¿Hay que presentar el recibo?",
        "A fábrica vai usar água do mar?",
        "O porto já foi aberto?",
        "港は開いていますか",
        "誰かいますか？",
        "中国にも梅雨はあるか",
    ],
)
def test_yes_or_no_would_answer(question):
    assert is_yes_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who opened it?",
        "Can you tell me when it opened?",
        "could you list the piers",
        "do tell me what it cost",
        "May I know who signed?",
        "In May it opened, but which day?",
        "Lund harbour",
        "¿Cuándo abrió el puerto?",
        "¿En qué año se abrió?",
        "Do que a fábrica precisa?",
        "A fábrica fica em que cidade?",
        "Apesar da chuva, por que o porto abriu?",
        "Los puertos de Lund",
        "港はいつ開きましたか",
        "港が開いたのはいつか",
        "何が必要ですか",
        "いつから開いていますか",
        "教えてください",
    ],
)
def test_yes_or_no_would_not_answer(question):
    assert not is_yes_no(question)


@pytest.mark.parametrize(
    "question", ["is " * 3000, "can you " * 3000, "de la " * 3000 + "?", "か" * 9000, ", isn't" * 3000]
)
def test_hostile_questions_take_no_time(question):
    is_yes_no(question)
