"""What is compared, and the plain question about each side."""

import pytest

from retrieval.conversation.comparison import comparison_in


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "Which is older, the harbour or the mill?",
            "When was the harbour established?",
            "When was the mill established?",
        ),
        ("who is older, Ana or Tom", "When was Ana born?", "When was Tom born?"),
        ("the bridge or the mill: which is bigger?", "How large is the bridge?", "How large is the mill?"),
        (
            "Is the DH-60 heavier than the DH-40?",
            "What is the weight of the DH-60?",
            "What is the weight of the DH-40?",
        ),
        ("was Lund more sunny than Ystad?", "How sunny is Lund?", "How sunny is Ystad?"),
        (
            "is the tank of the DH-60 larger than that of the DH-40?",
            "How large is the tank of the DH-60?",
            "How large is the tank of the DH-40?",
        ),
        (
            "compare the noise of the DH-40 and the DH-60",
            "What is the noise of the DH-40?",
            "What is the noise of the DH-60?",
        ),
        ("What is the difference between Fern and Canopy?", "What does Fern have?", "What does Canopy have?"),
        ("how do Fern and Canopy differ", "What does Fern have?", "What does Canopy have?"),
        ("Fern vs. Canopy", "What does Fern have?", "What does Canopy have?"),
        ("which came first, the bridge or the mill", "When was the bridge?", "When was the mill?"),
        (
            "which has more piers, Lund or Ystad?",
            "How many or how much piers does Lund have?",
            "How many or how much piers does Ystad have?",
        ),
        (
            "who gave more money to the poor in 2018, Ana or Tom?",
            "How many or how much money does Ana give to the poor in 2018?",
            "How many or how much money does Tom give to the poor in 2018?",
        ),
        (
            "which of the two ports, Lund and Ystad, is older?",
            "When was Lund established?",
            "When was Ystad established?",
        ),
        ("¿Qué fue primero, el puente o el molino?", "¿Cuándo fue el puente?", "¿Cuándo fue el molino?"),
        (
            "o que veio primeiro, a entrada do Japão ou a festa?",
            "Quando foi a entrada do Japão?",
            "Quando foi a festa?",
        ),
        ("Does Canopy cost more than Fern?", "How much does Canopy cost?", "How much does Fern cost?"),
        ("did the mill burn down before the war?", "When did the mill burn down?", "When was the war?"),
        ("Did Ana sign with Lund before Ystad?", "When did Ana sign with Lund?", "When did Ana sign with Ystad?"),
        ("was the fee higher in 2024 than in 2023?", "How high is the fee in 2024?", "How high is the fee in 2023?"),
        (
            "is there more salt in rye bread than in wheat bread",
            "How many or how much salt is there in rye bread?",
            "How many or how much salt is there in wheat bread?",
        ),
        (
            "¿Cuál es más grande, la planta de Lund o la de Ystad?",
            "¿Qué tamaño tiene la planta de Lund?",
            "¿Qué tamaño tiene la planta de Ystad?",
        ),
        ("¿Es el puerto más antiguo que el molino?", "¿Cuándo se fundó el puerto?", "¿Cuándo se fundó el molino?"),
        ("¿Qué diferencia hay entre Fern y Canopy?", "¿Qué tiene Fern?", "¿Qué tiene Canopy?"),
        ("Qual é mais caro, Fern ou Canopy?", "Quanto custa Fern?", "Quanto custa Canopy?"),
        ("A ponte é maior do que o moinho?", "Qual é o tamanho de A ponte?", "Qual é o tamanho de o moinho?"),
        ("港と橋ではどちらが古いですか", "港はいつ設立されましたか", "橋はいつ設立されましたか"),
        ("港は橋より大きいですか", "港の大きさはどのくらいですか", "橋の大きさはどのくらいですか"),
        ("港と橋の違いは何ですか", "港には何がありますか", "橋には何がありますか"),
    ],
)  # fmt: skip
def test_each_side_has_a_plain_question(question, one, other):
    assert comparison_in(question).questions == (one, other)


@pytest.mark.parametrize(
    "question",
    [
        "Which is the oldest bridge?",
        "Is it more than 5 km long?",
        "is the bridge longer than two miles",
        "does it switch off after 6 hours?",
        "Is it bigger than the mill?",
        "which countries are members, Chile or Peru?",
        "compare Lund, Malmö and Ystad",
        "What is better than this?",
        "Is Lund older than Lund?",
        "When did it open?",
    ],
)
def test_nothing_is_compared(question):
    assert comparison_in(question) is None


@pytest.mark.parametrize(
    "question", ["which is older, " * 900, "is a older than " * 900, "a or " * 3000, "AとB" * 3000]
)
def test_hostile_questions_take_no_time(question):
    comparison_in(question)
