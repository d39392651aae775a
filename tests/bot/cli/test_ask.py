"""One question: text, JSON, citations, hits."""

from __future__ import annotations

import re

import pytest

from bot.language.language import Language
from bot.language.wording import CLOSEST_PASSAGE, NO_ANSWER, NOT_IN_ANY_DOCUMENT, NOT_SURE
from tests.bot.cli.commands import FOUNDED, LINE, UNANSWERABLE, as_quoted, is_shaped, seed_text
from tests.bot.conftest import Quoth
from tests.conftest import EMPEROR, PIERS

OPENED = "When was the harbour of Lund opened?"


@pytest.mark.model
def test_an_answer_is_text_with_its_citation_on_stdout_and_nothing_on_stderr(seeds_quoth: Quoth):
    ran = seeds_quoth("ask", FOUNDED)
    assert (ran.status, ran.err) == (0, "")
    assert "JALAC was founded in **1958** as a Japanese forum" in ran.out
    assert "[1] Japanese Engagement with LAC, April 2019, section “Foreword”" in ran.out
    assert "003_051bd8def8555ab3.txt, lines 54–55" in ran.out


def test_a_perhaps_is_an_answer_that_begins_with_not_sure_and_exits_0(told_quoth: Quoth):
    ran = told_quoth("ask", PIERS)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(
        f"{NOT_SURE}\n“The harbour of Lund was opened in 1871 by Queen Astrid. It has **14** piers.”"
    )
    assert "[1] The Harbour of Lund\n    harbour.txt, line 3\nNot sure · 27%, " in ran.out


def test_a_refusal_prints_the_closest_passage_as_a_citation_and_exits_3(told_quoth: Quoth):
    ran = told_quoth("ask", EMPEROR)
    assert (ran.status, ran.err) == (3, "")
    assert (
        ran.out
        == f"""\
{NO_ANSWER}
{CLOSEST_PASSAGE}
“The harbour of Lund was opened in 1871 by Queen Astrid. It has 14 piers.”

[1] The Harbour of Lund
    harbour.txt, line 3
{NOT_IN_ANY_DOCUMENT.format(words="emperor")}
Receipt XBCCGWFF
Folder: docs
"""
    )


def test_json_tells_the_three_outcomes_apart(told_quoth: Quoth):
    questions = f"{OPENED}\n{PIERS}\n{EMPEROR}\n".encode()
    lines = told_quoth("ask", "-", "--json", stdin=questions).lines()
    assert all(is_shaped(line, LINE) for line in lines)
    answered, perhaps, abstained = lines
    assert [line["status"] for line in lines] == ["answered", "perhaps", "abstained"]
    assert [[text["text"] for text in line["answers"]] for line in lines] == [["1871"], ["14"], []]
    for line, marked in ((answered, "1871"), (perhaps, "14")):
        citation = line["answers"][0]["citations"][0]
        assert citation["quote"][slice(*citation["mark"])] == marked
        assert line["nearest"] is None
    nearest = abstained["nearest"]
    assert (nearest["number"], nearest["document"], nearest["lines"], nearest["mark"]) == (
        1,
        "harbour.txt",
        [3, 3],
        None,
    )


@pytest.mark.model
@pytest.mark.parametrize("question", [FOUNDED, UNANSWERABLE])
def test_a_json_line_has_every_key_of_the_contract_and_nothing_more(seeds_quoth: Quoth, question: str):
    (line,) = seeds_quoth("ask", question, "--json").lines()
    assert is_shaped(line, LINE), line
    assert (line["id"], line["question"], line["searched"]) == ("q1", question, question)
    assert 0 <= line["confidence"] <= 1
    assert line["elapsed_ms"]["total"] >= line["elapsed_ms"]["search"]


def test_small_talk_has_the_same_keys_as_an_answer(indexed: Quoth):
    ran = indexed("ask", "hello", "--json")
    (line,) = ran.lines()
    assert (ran.status, line["status"], line["answers"]) == (0, "smalltalk", [])
    assert is_shaped(line, LINE), line


def test_a_refusal_and_small_talk_have_no_answers(told_quoth: Quoth):
    answered, abstained, talk = told_quoth(
        "ask", "-", "--json", stdin=f"{OPENED}\n{EMPEROR}\nthanks\n".encode()
    ).lines()
    assert answered["answers"][0]["confidence"] == answered["confidence"]
    assert (abstained["status"], talk["status"]) == ("abstained", "smalltalk")
    assert abstained["answers"] == talk["answers"] == []
    assert talk["nearest"] is None


@pytest.mark.model
def test_every_quote_and_every_hit_is_the_files_own_slices(seeds_quoth: Quoth):
    questions = [
        FOUNDED,
        "Which countries make up the Pacific Alliance?",
        "When did the Pacific Alliance and Singapore sign the free trade agreement?",
        "What did Taro Kono say about free trade?",
        "What is the CPTPP?",
        "How much of Japan's trade is with Latin America?",
        "Which infrastructure does Japan finance?",
        "What did the ministers discuss in Mexico City?",
        "Who is the author of the report?",
        "Which Japanese companies invest in lithium?",
        "What is the role of the Tokyo International Conference?",
        "How did the sogo shosha change?",
    ]
    lines = seeds_quoth("ask", "-", "--json", "--top", "20", stdin="\n".join(questions).encode()).lines()
    assert [line["question"] for line in lines] == questions
    citations = [c for line in lines for text in line["answers"] for c in text["citations"]]
    assert citations
    for citation in citations:
        text = seed_text(citation["document"])
        assert citation["quote"] == as_quoted(text, citation["spans"])
        first, last = min(start for start, _ in citation["spans"]), max(end for _, end in citation["spans"])
        assert citation["lines"] == [text.count("\n", 0, first) + 1, text.count("\n", 0, last - 1) + 1]
    for hit in (hit for line in lines for hit in line["hits"]):
        assert all(0 <= start < end for start, end in hit["spans"])
        kept = "".join(seed_text(hit["document"])[start:end] for start, end in hit["spans"])
        missing = re.sub(r"\s", "", hit["text"])
        position = 0
        for char in missing:  # a hit's text is read from its spans, in order; what is between may be left out
            position = kept.find(char, position) + 1
            assert position, (hit["document"], hit["text"])


@pytest.mark.model
def test_citations_are_numbered_from_1_through_all_answers(seeds_quoth: Quoth):
    (line,) = seeds_quoth("ask", "What is the Pacific Alliance?", "--json").lines()
    numbers = [citation["number"] for text in line["answers"] for citation in text["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.model
@pytest.mark.parametrize("question", [FOUNDED, UNANSWERABLE])
@pytest.mark.parametrize("top", [1, 5, 40])
def test_hits_are_the_best_passages_in_rank_order_as_many_as_top(seeds_quoth: Quoth, question: str, top: int):
    (line,) = seeds_quoth("ask", question, "--json", "--top", top).lines()
    scores = [hit["score"] for hit in line["hits"]]
    assert len(scores) == top
    assert scores == sorted(scores, reverse=True)


@pytest.mark.model
def test_five_hits_are_given_without_top_and_top_does_not_change_the_answer(seeds_quoth: Quoth):
    (standard,) = seeds_quoth("ask", FOUNDED, "--json").lines()
    assert len(standard["hits"]) == 5
    for top in (1, 40):
        (line,) = seeds_quoth("ask", FOUNDED, "--json", "--top", top).lines()
        assert line["answers"] == standard["answers"]
        assert line["hits"][:5] == standard["hits"][:top]


@pytest.mark.model
def test_the_same_question_twice_gives_the_same_bytes_but_for_the_times(seeds_quoth: Quoth):
    def timeless(line: str) -> str:
        return re.sub(r'"elapsed_ms": \{[^}]*\}', "", line)

    for question in (FOUNDED, UNANSWERABLE, "What is the CPTPP?"):
        first, second = seeds_quoth("ask", question, "--json").out, seeds_quoth("ask", question, "--json").out
        assert timeless(first) == timeless(second) != first


@pytest.mark.parametrize(
    "argv",
    [
        "ask When was the harbour of Lund opened?",
        "ask --json When was the harbour of Lund opened?",
        "ask When was the harbour of Lund opened? --json",
        "ask --top 2 When was the harbour of Lund opened? --json --no-log",
    ],
)
def test_a_question_needs_no_quotation_marks_and_options_may_stand_before_or_after_it(told_quoth: Quoth, argv: str):
    ran = told_quoth(*argv.split(), *([] if "--json" in argv else ["--json"]))
    assert (ran.status, [line["question"] for line in ran.lines()]) == (0, [OPENED])


@pytest.mark.parametrize("argv", ["search harbour of Lund --json", "search --json --top 1 harbour of Lund"])
def test_a_search_needs_none_either(told_quoth: Quoth, argv: str):
    (line,) = told_quoth(*argv.split()).lines()
    assert (line["query"], line["hits"][0]["document"]) == ("harbour of Lund", "harbour.txt")


def test_a_word_that_looks_like_an_option_must_be_quoted(told_quoth: Quoth):
    assert told_quoth("ask", "When", "was", "it", "opened?", "-mill").status == 2
    assert told_quoth("ask", "When was the harbour opened? -mill", "--json").lines()[0]["restrictions"]["excluded"] == [
        "mill"
    ]


def test_a_question_is_answered_in_its_own_language_and_the_documents_in_theirs(told_quoth: Quoth):
    ran = told_quoth("ask", "¿Cuándo se abrió el harbour opened de Lund?")
    spanish = Language("es")
    assert spanish.translate("line {first}").format(first=3) in ran.out
    assert "“The harbour of Lund was opened in **1871** by Queen Astrid.”" in ran.out


def test_json_stays_english_whatever_the_question(told_quoth: Quoth):
    (line,) = told_quoth("ask", "¿Cuándo se abrió el harbour opened de Lund? in:nowhere", "--json").lines()
    assert line["notes"][0].startswith("No document matches in:nowhere.")
