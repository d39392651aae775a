"""Questions that want everything, and questions that take something for granted."""

import pytest

from retrieval.conversation.forms import mentioned_in, premise_of, wants_all


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("list all the places where ASEAN is mentioned", "ASEAN"),
        ("Show me every passage that mentions the old mill.", "old mill"),
        ("all mentions of “Queen Astrid” in the documents", "Queen Astrid"),
        ("where is Lund mentioned?", "Lund"),
        ("todas las menciones de Lund", "Lund"),
        ("¿Dónde se menciona el puerto?", "puerto"),
        ("lista todos los lugares donde se menciona Lund", "Lund"),
        ("liste todos os documentos que mencionam Lund", "Lund"),
        ("Lundが出てくる箇所をすべて教えてください", "Lund"),
        ("What is mentioned?", None),
        ("Where is Lund?", None),
        ("list all the fees", None),
    ],
)
def test_the_words_whose_mentions_are_wanted(question, words):
    assert mentioned_in(question) == words


@pytest.mark.parametrize(
    ("question", "is_wanted"),
    [
        ("List all fees.", True),
        ("can you list every decision", True),
        ("which fees are there in all documents?", True),
        ("enumera todas las tarifas", True),
        ("費用をすべて挙げてください", True),
        ("Which fees are there?", False),
        ("Is the list of all fees online?", False),
    ],
)
def test_everything_of_a_kind_is_wanted_from_every_document(question, is_wanted):
    assert wants_all(question) == is_wanted


@pytest.mark.parametrize(
    ("question", "premise"),
    [
        ("Why did Chile leave the alliance?", "did Chile leave the alliance?"),
        ("but why is the mill closed", "is the mill closed?"),
        ("how come the mill closed?", "The mill closed?"),
        ("¿Por qué cerró el molino?", "¿cerró el molino?"),
        ("Por que o moinho fechou?", "O moinho fechou?"),
        ("なぜ水車は閉まったのですか", "水車は閉まったのですか"),
        ("why not?", None),
        ("When did the mill close?", None),
    ],
)
def test_a_question_that_asks_why_takes_something_for_granted(question, premise):
    assert premise_of(question) == premise


@pytest.mark.parametrize("question", ["all mentions of " * 900, "every place where " * 900, "todos los " * 3000])
def test_hostile_questions_take_no_time(question):
    mentioned_in(question)
    wants_all(question)
