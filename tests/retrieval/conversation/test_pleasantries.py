"""A greeting before a question, and thanks behind it, are taken off; nothing else is."""

import pytest

from retrieval.conversation.pleasantries import without_pleasantries


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("good morning, when does the office open?", "when does the office open?"),
        ("Hi! When does it open?", "When does it open?"),
        ("hi when does it open", "when does it open"),
        ("Hello there - where is the harbour?", "where is the harbour?"),
        ("thanks! and when?", "and when?"),
        ("thank you so much, that was very helpful. who signed it?", "who signed it?"),
        ("thanks and who signed it", "and who signed it"),
        ("ok, and in 2021?", "and in 2021?"),
        ("hi, how are you? when does the office open", "when does the office open"),
        ("can you help me? where do I park", "where do I park"),
        ("👍 who opened the harbour?", "who opened the harbour?"),
        ("lol, who wrote this?", "who wrote this?"),
        ("excuse me, where is the mill?", "where is the mill?"),
        ('hi, "trade deal" before:2021', '"trade deal" before:2021'),
        ("when does it open? thanks!", "when does it open?"),
        ("When does it open, thanks", "When does it open"),
        ("who opened it. thank you in advance, bye", "who opened it."),
        ("hola, ¿cuándo abre la oficina?", "¿cuándo abre la oficina?"),
        ("Buenos días cuándo abre la oficina", "cuándo abre la oficina"),
        ("¡Muchas gracias! ¿Y en 2021?", "¿Y en 2021?"),
        ("¿Quién lo firmó? ¡Gracias!", "¿Quién lo firmó?"),
        ("disculpe, ¿dónde está el molino?", "¿dónde está el molino?"),
        ("oi, tudo bem? quando abre o escritório?", "quando abre o escritório?"),
        ("olá quem assinou o acordo", "quem assinou o acordo"),
        ("obrigado! e em 2021?", "e em 2021?"),
        ("quem assinou? obrigada!", "quem assinou?"),
        ("こんにちは、オフィスは何時に開きますか？", "オフィスは何時に開きますか？"),
        ("ありがとうございます。では、誰が署名しましたか？", "誰が署名しましたか？"),
        ("こんにちは 会長は誰ですか", "会長は誰ですか"),
        ("すみません、会長は誰ですか？", "会長は誰ですか？"),
        ("会長は誰ですか？ありがとう！", "会長は誰ですか？"),
    ],
)
def test_what_is_asked_is_left(typed, asked):
    assert without_pleasantries(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "hello world program?",
        "thanks to whom was JALAC founded?",
        "who are you allowed to bring?",
        "Good morning America was first shown when?",
        "good news of 2021",
        "no, I meant Toyota",
        "sorry, the second one",
        "yes, and in 2021?",
        "not Chile, Peru",
        "gracias a quién se fundó JALAC",
        "obrigado a pagar imposto",
        "ありがとうと言ったのは誰",
        "How do you say hello, goodbye",
        '"hello, world" in:manual',
        "hi",
        "thanks!",
        "hi, ???",
        "???",
        "",
        "When did it open?",
    ],
)
def test_anything_else_stays_as_it_was_typed(typed):
    assert without_pleasantries(typed) == typed
