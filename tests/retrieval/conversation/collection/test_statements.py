"""Which sentences say something by themselves, and how central and different ones are chosen."""

import numpy as np
import pytest

from retrieval.conversation.collection.statements import central, diverse, openings, prose, standing, statements
from retrieval.schema import Passage
from retrieval.spans import ReadingText


def passage(
    *sentences: str, headings: int = 0, leads: dict[int, tuple[int, int]] | None = None, label: int | None = None
):
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    return Passage(
        "a.txt",
        0,
        ReadingText(text, ((0, 0, len(text)),)),
        tuple(spans),
        headings,
        tuple((leads[number],) if leads and number in leads else () for number in range(len(sentences))),
        (spans[label],) if label is not None else (),
    )


def texts(found, of):
    return [of.text[start:end] for start, end in found]


WHOLE = "The harbour of Lund was opened in 1871 by Queen Astrid."


@pytest.mark.parametrize(
    "other",
    [
        "It has 14 piers.",  # short
        "Ann | 12 | 7.50 | 1871 | 22 | 99.3 | 41 | 0.5 | 77.",  # figures
        "curl -X PUT localhost:7711/q/thumbs -d '{\"f\": 1}' | jq .[0].",  # code
        "Write to harbour.master@lund.example if you have any questions.",  # an address
        "Minutes of the committee meeting, Tuesday 12 September, laundry room",  # no end
        "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -.",
    ],
)
def test_fragments_rows_code_and_addresses_are_no_statements(other):
    one = passage(other, WHOLE)
    assert texts(statements(one), one) == [WHOLE]


def test_headings_labels_and_what_hangs_on_another_line_are_no_statements():
    lines = [
        "The harbour of Lund and what it is good for today.",
        WHOLE,
        "From: the harbour master of Lund and his wife.",
    ]
    one = passage(*lines, WHOLE.replace("Lund", "Ystad"), headings=1, leads={3: (0, 5)}, label=2)
    assert texts(statements(one), one) == [WHOLE]


def test_the_title_is_no_statement_even_with_a_footnote():
    title = "Ministers of Lund and Ystad met in the harbour office"
    one = passage(f"{title}1", title, WHOLE)
    assert texts(prose(one, title), one) == [WHOLE]


def test_a_long_line_may_open_a_summary_and_so_may_a_short_sentence():
    line, short = (
        "Minutes of the committee meeting, Tuesday 12 September, laundry room",
        "A small job queue in one binary.",
    )
    one = passage("build licence", line, short, WHOLE)
    assert texts(openings(one), one) == [line, short, WHOLE]
    assert texts(prose(one), one) == [line, WHOLE]
    assert texts(statements(one), one) == [WHOLE]


def test_japanese_sentences_are_shorter():
    one = passage("資本金は4,500万円です。", "代表取締役社長には、食品商社出身の蓮見早苗が就任しました。")
    assert texts(statements(one), one) == ["代表取締役社長には、食品商社出身の蓮見早苗が就任しました。"]


@pytest.mark.parametrize(
    "sentence",
    [
        "However, the harbour of Lund was opened in 1871 by Queen Astrid and her court.",
        "It was opened in 1871 by Queen Astrid and all her court, on a rainy day in May.",
        "Who opened the harbour of Lund in 1871, and who paid for all the beer that was drunk?",
        "“I opened the harbour of Lund in 1871 and have never regretted it since,” said the Queen.",
        "Sin embargo, el puerto de Lund fue inaugurado en 1871 por la reina Astrid y su corte.",
        "しかし、ルンドの港は1871年に女王アストリッドによって開かれ、多くの人々が集まりました。",
        "DECIDED (4 for, 1 against): Castell Lifts.",
    ],
)
def test_a_sentence_that_leans_on_another_asks_quotes_or_is_short_stands_less_well(sentence):
    assert standing(sentence) < 1.0


def test_a_plain_statement_stands_by_itself():
    assert standing("The harbour of Lund was opened in 1871 by Queen Astrid, who had paid for it.") == 1.0


def test_the_next_one_chosen_is_unlike_those_before():
    angles = np.radians([0, 5, 60])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    relevance = np.array([1.0, 0.95, 0.6], np.float32)
    assert diverse(vectors, relevance, 2, weight=0.5) == [0, 2]
    assert diverse(vectors, relevance, 2, weight=1.0) == [0, 1]
    assert diverse(vectors, relevance, 2, weight=0.5, first=[2]) == [2, 0]
    assert diverse(vectors, relevance, 9, weight=0.5) == [0, 2, 1]


def test_the_middle_of_vectors_has_unit_length():
    middle = central(np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))
    assert np.allclose(middle, [0.7071, 0.7071], atol=1e-4)


def test_what_a_speaker_says_is_a_statement_and_a_label_alone_is_none():
    turn = "[00:00:12] NIAMH: Hello and welcome to Slow Machines, the podcast about machines."
    one = passage(turn, "From: the harbour master of Lund and his wife, as ever.", label=1)
    spoken = Passage(one.doc_id, 0, one.reading, one.sentences, labels=((0, 17), one.sentences[1]))
    assert texts(statements(spoken), spoken) == [turn]
