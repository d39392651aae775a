"""What `quoth chat` remembers of a conversation."""

from dataclasses import replace

from bot.terminal.session import Session
from retrieval.citing import cite
from retrieval.schema import Answer, AnswerText, Citation, Document, Hit, Passage, Section, Turn
from retrieval.spans import ReadingText


def citation(number: int, document: str) -> Citation:
    return Citation(number, document, "A", None, None, ((0, 3),), (1, 1), "one")


def answered(question: str, *texts: str) -> Answer:
    answers = tuple(
        AnswerText(text, 0.9, (citation(2 * place + 1, "a.txt"), citation(2 * place + 2, "b.txt")))
        for place, text in enumerate(texts)
    )
    return Answer(
        question=question,
        searched=question,
        status="answered",
        confidence=0.9,
        answers=answers,
        threshold=0.5,
        perhaps_threshold=0.5,
        elapsed_ms={},
    )


def test_more_brings_the_next_text_and_its_citations_until_there_are_none():
    session = Session()
    session.remember(answered("q", "one", "two"))
    assert (session.left, sorted(session.citations())) == (1, [1, 2])
    more = session.more()
    assert more is not None and more.text == "two"
    assert (session.left, sorted(session.citations())) == (0, [1, 2, 3, 4])
    assert session.more() is None


def test_small_talk_leaves_the_last_answer_and_is_not_a_turn():
    session = Session()
    session.remember(answered("Who met Kamikawa?", "França"))
    session.remember(replace(answered("thanks"), status="smalltalk", reply="You are welcome."))
    assert [(turn.question, turn.answer) for turn in session.turns] == [("Who met Kamikawa?", "França")]
    assert sorted(session.citations()) == [1, 2]


def test_a_refusal_is_a_turn_without_an_answer():
    session = Session()
    session.remember(replace(answered("Who met Abe?"), status="abstained"))
    assert session.turns == [Turn("Who met Abe?", "", "Who met Abe?")]


def test_a_refusals_closest_passage_is_its_citation():
    session = Session()
    session.remember(answered("Who met Kamikawa?", "one", "two"))
    session.remember(replace(answered("Who met Abe?"), status="abstained", nearest=citation(1, "c.txt")))
    assert session.citations() == {1: citation(1, "c.txt")}
    assert (session.left, session.more()) == (0, None)


def test_a_perhaps_is_a_turn_with_its_answer():
    session = Session()
    session.remember(replace(answered("Who met Abe?", "França"), status="perhaps"))
    assert [(turn.question, turn.answer) for turn in session.turns] == [("Who met Abe?", "França")]
    assert sorted(session.citations()) == [1, 2]


def test_the_citation_of_a_rival_shown_beside_the_first_answer_can_be_opened():
    session = Session()
    found = answered("When?")
    first, rival = AnswerText("1871", 0.9, (citation(1, "a.txt"),)), AnswerText("1872", 0.8, (citation(2, "b.txt"),))
    session.remember(replace(found, answers=(first, rival)))
    assert sorted(session.citations()) == [1, 2]


def test_a_conversation_keeps_as_many_turns_as_a_follow_up_can_use():
    session = Session()
    for number in range(20):
        session.remember(answered(f"question {number}", "one"))
    assert [turn.question for turn in session.turns] == [f"question {number}" for number in range(12, 20)]


def hit_of(number: int, text: str) -> Hit:
    """A hit that is the whole of a document of its own."""
    document = Document(f"{number}.txt", text, "0" * 64, "utf-8", "A", None, None, (Section(None, None, False),))
    passage = Passage(document.doc_id, 0, ReadingText(text, ((0, 0, len(text)),)), ((0, len(text)),))
    return Hit(number, passage, document, 1.0, number, 0.5, 1.0)


def found(*texts: str) -> tuple[Hit, ...]:
    return tuple(hit_of(number, text) for number, text in enumerate(texts, 1))


def test_after_the_answers_come_the_passages_found_with_the_next_numbers():
    session = Session()
    session.remember(replace(answered("q", "one"), hits=found("First.", "Second.", "Third.")))
    assert [(one.number, one.quote) for one in session.more_passages(2)] == [(3, "First."), (4, "Second.")]
    assert session.at == 3
    assert [(one.number, one.quote) for one in session.more_passages(2)] == [(5, "Third.")]
    assert session.more_passages(2) == []
    assert sorted(session.citations()) == [1, 2, 3, 4, 5]


def test_a_passage_that_an_answer_quotes_is_not_shown_again():
    session = Session()
    hits = found("First.", "Second.")
    session.remember(replace(answered("q"), status="abstained", hits=hits, nearest=cite(1, hits[0], 0, 5)))
    assert [one.quote for one in session.passages_left()] == ["Second."]


def test_a_number_is_never_given_twice_also_not_that_of_an_answer_which_waits_behind_more():
    session = Session()
    session.remember(answered("q", "one", "two"))
    assert session.add(citation(0, "c.txt")).number == 5
    assert (session.at, sorted(session.citations())) == (5, [1, 2, 5])


def test_the_passage_last_shown_is_at_first_the_first_one():
    session = Session()
    assert session.at is None
    session.remember(answered("q", "one", "two"))
    assert session.at == 1
    session.more()
    assert session.at == 3
    session.remember(answered("q"))
    assert session.at is None


def test_answers_that_are_shown_together_leave_none_behind_more():
    session = Session()
    session.remember(replace(answered("q", "one", "two"), is_together=True))
    assert (session.left, sorted(session.citations())) == (0, [1, 2, 3, 4])


def test_forgetting_empties_the_session():
    session = Session()
    session.remember(answered("Who met Abe?", "França"))
    session.forget()
    assert (session.turns, session.answer, session.left, session.citations()) == ([], None, 0, {})
