"""Reading on from an answer or a refusal: /more, /before, /after and /section."""

from dataclasses import replace

import pytest

from bot.terminal.opening import NOT_AS_CITED
from bot.terminal.reading_on import BEGINNING, END, NO_MORE
from tests.bot.terminal.sessions import HIT, SENTENCES, TEXT, TO_ROUND_ONE, FakeLibrary, piped


class ManyPassages(FakeLibrary):
    """Refuses every question, with five passages found for it, each a sentence of a document of its own."""

    def ask(self, question, history=(), top=5):
        found = super().ask("is it Zermatt?", history)
        hits = [
            replace(
                HIT,
                passage_id=number,
                rank=number,
                document=replace(HIT.document, doc_id=f"{number}.txt"),
                passage=replace(HIT.passage, doc_id=f"{number}.txt", sentences=SENTENCES[number % 3 : number % 3 + 1]),
            )
            for number in range(1, 6)
        ]
        return replace(found, question=question, hits=tuple([HIT, *hits][:top]))

    def sources(self):
        (source,) = super().sources()
        return [source, *(replace(source, document=f"{number}.txt") for number in range(1, 6))]


def test_after_a_refusal_a_person_reads_on_in_what_was_found():
    status, out, talk = piped("Who?\n/more\n/after\n/before\n/before\n/before\n/more\n/more\n/open 2\n", ManyPassages())
    assert status == 0
    assert (
        out
        == f"""\
> Who?
(Searched: is it Zermatt?)
I found no clear answer.
Closest passage:
“Round one was in May. It was signed after four years of
talks.”

[1] Talks, 16 May 2022
    talks.txt, lines 1–2
Not found in any document: Zermatt
Receipt {TO_ROUND_ONE}

> /more
These passages were found next:
“It was signed after four years of talks.”

[2] Talks, 16 May 2022
    1.txt, line 2

“Tea followed.”

[3] Talks, 16 May 2022
    2.txt, line 3

“Round one was in May.”

[4] Talks, 16 May 2022
    3.txt, line 1

> /after
“Tea followed.”

[5] Talks, 16 May 2022
    1.txt, line 3

> /before
“It was signed after four years of talks.”

[6] Talks, 16 May 2022
    1.txt, line 2

> /before
“Round one was in May.”

[7] Talks, 16 May 2022
    1.txt, line 1

> /before

> /more
These passages were found next:
“It was signed after four years of talks.”

[8] Talks, 16 May 2022
    4.txt, line 2

“Tea followed.”

[9] Talks, 16 May 2022
    5.txt, line 3

> /more

> /open 2
Talks, 16 May 2022
1.txt, line 2

1 Round one was in May.
2 **It was signed after four years of talks.**
3 Tea followed.
4
"""
    )
    assert talk.splitlines() == [
        "5 more passages: /more shows the next ones.",
        "2 more passages: /more shows the next ones.",
        BEGINNING.format(document="1.txt"),
        NO_MORE,
    ]


def test_before_and_after_an_answer_stand_the_sentences_around_it():
    _, out, talk = piped("How long?\n/after\n/after\n/before 1\n/after 99\n")
    shown = [line for line in out.splitlines() if line.startswith(("“", ">"))]
    assert shown == [
        "> How long?",
        "“It was signed after **four years** of talks.”",
        "> /after",
        "“Tea followed.”",
        "> /after",
        "> /before 1",
        "“Round one was in May.”",
        "> /after 99",
    ]
    assert talk.splitlines()[1:] == [
        END.format(document="talks.txt"),
        "/after takes the number of a citation: 1, 3, 4.",
    ]


def test_the_number_of_an_answer_behind_more_is_not_given_away():
    _, out, _ = piped("How long?\n/after\n/more\n")
    assert [line[:3] for line in out.splitlines() if line.startswith("[")] == ["[1]", "[3]", "[2]"]


def test_a_section_is_shown_whole_with_the_quotation_marked():
    _, out, _ = piped("How long?\n/section\n")
    assert (
        out.split("> /section\n")[1]
        == """\
Talks, 16 May 2022
talks.txt, line 2

1 Round one was in May.
2 **It was signed after four years of talks.**
3 Tea followed.
"""
    )


def test_a_section_without_passages_is_the_quotation_s_own_lines():
    fake = FakeLibrary()
    fake.passages = lambda doc_id: []
    _, out, _ = piped("How long?\n/section 1\n", fake)
    assert out.endswith("\n\n2 **It was signed after four years of talks.**\n")


@pytest.mark.parametrize("command", ["/section", "/before", "/after"])
def test_nothing_is_read_on_in_a_document_that_has_changed_or_gone(command):
    changed = FakeLibrary(document_sha256="1" * 64, document_text="Another text.\n")
    gone = FakeLibrary(listed="other.txt")
    for fake in (changed, gone):
        _, out, talk = piped(f"How long?\n{command}\n", fake)
        assert " ".join(talk.split()).endswith(NOT_AS_CITED.format(document="talks.txt"))
        assert out.endswith(f"> {command}\n")


def test_what_is_read_on_in_a_renamed_document_has_its_new_name():
    fake = FakeLibrary(listed="may/round-one.txt", renamed="may/round-one.txt")
    _, out, _ = piped("How long?\n/after\n", fake)
    assert "may/round-one.txt, line 3" in out


def test_hostile_passages_reach_the_terminal_as_text():
    fake = FakeLibrary(document_text=TEXT.replace("Tea followed", "[red]\x1b[2J x"))
    _, out, _ = piped("How long?\n/after\n", fake)
    assert "“[red]␛[2J x.”" in out
