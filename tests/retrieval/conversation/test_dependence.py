"""How a question depends on those before it, told by its form alone."""

from time import perf_counter

import pytest

from retrieval.conversation.dependence import follow_up, pointing, points_to, without_lead_in


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of France?",
        "is there a treaty with Peru?",
        "Where there is smoke, is there fire?",
        "How do the teams pass on what they learned?",
        "Has Tokyo said whether it wants a treaty?",
        "What is it called when a river runs dry?",
        "What was it that Ada criticised?",
        "What did both sides want?",
        "How high on its list does Tokyo put Peru?",
        "When was the second meeting, the one before the war?",
        "Did officials say that Chile signed?",
        "Who wrote the novel of 1984?",
        "é verdade que o Chile assinou?",
        "What did Japan say when it joined?",
        "When Ana arrived, what did she say?",
        "did Chile open its ports?",
        "Which countries have changed their laws?",
        "Can dogs eat their own food?",
        "How do bees find their way home?",
        "what is the weather like this week in Lima?",
        "how were those days in Lima?",
        "Android phones in Peru?",
        "¿hay un tratado con Perú?",
        "¿es cierto lo que dijo Ana?",
        "¿está permitido aparcar?",
        "há um tratado com o Peru?",
        "東京の人口は？",
        "それぞれの島の長さは何メートルですか？",
        "いつ開業しましたか？",
    ],
)
def test_these_stand_alone(question):
    assert follow_up(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "is it allowed to park here?",
        "it is known that bees dance",
        "does it take long to learn Japanese?",
        "how much does it cost to fly to Peru?",
        "is it raining in Lima?",
        "what time is it?",
        "is it safe for dogs to eat grapes?",
        "does it matter if the roof leaks?",
    ],
)
def test_nothing_is_meant_by_it_in_an_impersonal_question(question):
    assert pointing(question) is None


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("when did it open?", "it"),
        ("what does it cost to cross it?", "it"),
        ("is it open to the public?", "it"),
        ("how long does it take?", "it"),
        ("did Chile sign it?", "it"),
        ("is it allowed to cycle there?", "there"),
        ("And where did she go?", "she"),
        ("Has that treaty been signed?", "that"),
        ("why did they leave?", "they"),
        ("which of them is the largest?", "them"),
        ("who owns this?", "this"),
        ("how much was the second one?", "one"),
        ("¿quién lo firmó?", "lo"),
        ("¿cuándo la inauguraron?", "la"),
        ("¿cuál es su altura?", "su"),
        ("¿quién vive allí?", "allí"),
        ("quem o assinou?", "o"),
        ("qual é a sua altura?", "sua"),
        ("quem mora lá?", "lá"),
        ("その橋の長さは？", "その"),
        ("彼女は誰ですか？", "彼女"),
    ],
)
def test_a_pronoun_with_nothing_before_it_points_back(question, word):
    found = pointing(question)
    assert found is not None
    assert found[found.lastgroup or 0] == word
    assert follow_up(question) == "pronoun"


def test_of_two_pronouns_the_one_that_means_something_is_found():
    found = pointing("what does it cost to cross it?")
    assert found is not None
    assert found.start() == len("what does it cost to cross ")


@pytest.mark.parametrize(
    "question",
    [
        "And in 2021?", "why?", "why not?", "who else?", "how much?", "since when?", "where exactly?", "or in Tokyo?",
        "what about the second one?", "the one in Lima", "that one?", "and the mayor?", "???", "tell me more",
        "¿y en 2021?", "¿por qué?", "¿y Chile?", "¿desde cuándo?", "¿quién más?",
        "e em 2021?", "por quê?", "e o prefeito?", "quem mais?",
        "なぜ？", "どこで？", "2021年は？", "では、ペルーは？", "それでは、費用は？",
    ],
)  # fmt: skip
def test_a_continuation_says_only_what_is_new(question):
    assert follow_up(question) == "ellipsis"


@pytest.mark.parametrize(
    "question",
    [
        "when was the agreement signed?",
        "who are the members?",
        "what does the museum cost?",
        "and who painted the ceiling of the chapel?",
        "¿dónde está el museo?",
        "onde fica o museu?",
        "what did the minister say when he arrived?",
        "¿cuándo entró en vigor?",
        "quanto custa?",
        "では、大阪城の高さは？",
    ],
)
def test_a_thing_that_is_not_named_may_be_known_from_before(question):
    assert follow_up(question) == "definite"


@pytest.mark.parametrize(
    ("pronoun", "meant"),
    [("She", "person"), ("there", "place"), ("their", "many"), ("it", "thing"), ("lo", "thing"), ("彼", "person")],
)
def test_a_pronoun_tells_what_it_stands_for(pronoun, meant):
    assert points_to(pronoun) == meant


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("and in Peru?", "in Peru?"),
        ("ok, so what about Toyota?", "Toyota?"),
        ("¿Y en 2021?", "en 2021?"),
        ("e o Chile?", "o Chile?"),
        ("では、ペルーは？", "ペルーは？"),
        ("それでは、費用は？", "費用は？"),
        ("Android phones", "Android phones"),
        ("", ""),
    ],
)
def test_words_that_only_join_are_left_out(question, rest):
    assert without_lead_in(question) == rest


@pytest.mark.parametrize("question", ["", " ", "\x00\x07", "¿?", "。", "\u200b"])
def test_nothing_at_all_is_a_continuation(question):
    assert follow_up(question) == "ellipsis"
    assert pointing(question) is None


@pytest.mark.parametrize(
    "word",
    ["it", "its", "the", "and", "is it", "one", "Peru", "when the", "lo", "the one", "that", "那", "の", "1", "who"],
)
def test_a_very_long_question_is_told_quickly(word):
    started = perf_counter()
    follow_up(f"{word} " * 30_000)
    assert perf_counter() - started < 5  # seconds; a pattern that starts over at each word takes minutes
