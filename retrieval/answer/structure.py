"""What a passage's structure says of where its answer stands: labels, rows of tables, questions with answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from retrieval.answer.answer_type import AnswerType
from retrieval.answer.enumeration import items_of
from retrieval.schema import Passage
from retrieval.spans import Span, quote_spans
from retrieval.text import terms

ShareIn = Callable[[Collection[str]], float]
"""The share of the query's weight that some terms have, 0 to 1."""

_MAX_LIST_CHARS = 800
_LEAST_ENUMERATED = 3  # items, because "and" stands in many an item
_NUMBERED = re.compile(r"\W{0,2}(?:\d{1,3}|[a-z])[.)]\s", re.IGNORECASE)
_GOES_ON = (",", "、", " and", " or", " y", " e")
_LEAST_SHARE = 0.75  # of the query, that a question must have to be the same; guess
_LEAST_OF_QUESTION = 0.6  # of that question's own terms, that the query must have; guess
_SPEECH = re.compile(
    r"\b(?:sa(?:y|ys|id)|ask(?:s|ed)?|t(?:ell|ells|old)|mention(?:s|ed)?|writ(?:e|es)|wrote|repl(?:y|ies|ied)|answer(?:s|ed)?|"
    r"think(?:s)?|thought|suggest(?:s|ed)?|sp(?:eak|eaks|oke)|dij[oe]|dice|pregunt[óa]|disse|diz|perguntou)\b|言|話|聞",
    re.IGNORECASE,
)
_ABBREVIATIONS = re.compile(r"\b(?:US|EU|WE|MI)\b")
_FIRST_PERSON = re.compile(
    r"\b(?:i|i['’]\w+|me|my|we|our|us|yo|mi|nos|nosotros|eu|meu|minha|ich|wir|je|nous)\b|私|僕", re.IGNORECASE
)
_SECOND_PERSON = re.compile(r"\b(?:you|your|tú|usted|ustedes|você|vocês|du|sie|tu|vous)\b|あなた", re.IGNORECASE)


def without_label(passage: Passage, sentence: Span, question: str, answer_type: AnswerType) -> Span:
    """The part of the sentence that may answer: all of it, or what follows its label.

    A label answers when something was said, and who said it. Who did something it answers only where the speaker tells
    of themselves: in the first person and not of the person spoken to.
    """
    end = next((end for start, end in passage.labels if start == sentence[0]), sentence[0])
    said = _ABBREVIATIONS.sub("", passage.text[end : sentence[1]])
    tells_of_speaker = bool(_FIRST_PERSON.search(said)) and not _SECOND_PERSON.search(said)
    if answer_type == "date" or (answer_type == "person" and (tells_of_speaker or _SPEECH.search(question))):
        return sentence
    return end, sentence[1]


def list_around(passage: Passage, answer: Span) -> Span | None:
    """The whole list that the answer is an item of, or part of one; None where it stands in no list, or is one itself.

    An item that enumerates ("Chile, Peru and Mexico") is a list itself, but a step ("2. Add salt, oil and pepper.") is
    not. Longer lists are not quoted whole.
    """
    for start, end in passage.lists:
        is_inside = start <= answer[0] and answer[1] <= end and end - start <= _MAX_LIST_CHARS
        is_list = len(items_of(passage.text[slice(*answer)])) >= _LEAST_ENUMERATED
        if is_inside and (not is_list or _is_step(passage, answer)):
            return start, end
    return None


def _is_step(passage: Passage, answer: Span) -> bool:
    """Whether the answer is all that its numbered item says, at most without the number and the stop."""
    sentence = next((span for span in passage.sentences if span[0] <= answer[0] and answer[1] <= span[1]), answer)
    number = _NUMBERED.match(passage.text, sentence[0])
    return number is not None and answer[0] <= number.end() and sentence[1] - answer[1] <= 1


def list_below(passage: Passage, sentence: Span) -> Span | None:
    """The list that stands right below the sentence, if that is a heading or announces one; else None."""
    number = passage.sentences.index(sentence)
    is_heading = number < passage.headings
    if not is_heading and not passage.text[slice(*sentence)].endswith((":", "：")):
        return None
    below = passage.sentences[passage.headings if is_heading else number + 1 :][:1]
    found = (span for span in passage.lists if below and span[0] == below[0][0])
    return next((span for span in found if span[1] - span[0] <= _MAX_LIST_CHARS), None)


def continued(passage: Passage, sentence: Span) -> Span:
    """The sentence, and those after it that its enumeration goes on in: a line that ends in a comma was cut there."""
    start, end = sentence
    while passage.text[start:end].endswith(_GOES_ON):
        after = next((span for span in passage.sentences if span[0] >= end), None)
        if after is None:
            break
        end = after[1]
    return start, end


def cell_asked_for(passage: Passage, sentence: Span, asked: Collection[str]) -> Span | None:
    """The cell of a table row whose column the query names; None where the sentence is no row or that is not clear.

    A row is read as "Part: A7; Price: 35", where the names of the columns map to nothing. A cell that the query names
    tells which row is asked for, and is not what is asked for. `asked` holds the query's terms.
    """
    cells = cells_of(passage, sentence)
    if len(cells) < 2:
        return None
    open_cells = [(name, cell) for name, cell in cells if not set(terms(passage.text[slice(*cell)])) & set(asked)]
    named = [len(set(terms(name)) & set(asked)) for name, _ in open_cells]
    best = max(named, default=0)
    return open_cells[named.index(best)][1] if best and named.count(best) == 1 else None


def other_rows(passage: Passage, asked: Collection[str]) -> set[Span]:
    """The rows of the passage's tables whose cells have fewer of the query's terms than those of another row."""
    below = passage.sentences[passage.headings :]
    rows = {sentence: cells for sentence in below if len(cells := cells_of(passage, sentence)) > 1}
    named = {
        row: len(set().union(*(terms(passage.text[slice(*cell)]) for _, cell in cells)) & set(asked))
        for row, cells in rows.items()
    }
    return {row for row, count in named.items() if count < max(named.values())}


def is_row(passage: Passage, sentence: Span) -> bool:
    """Whether the sentence is the row of a table whose columns have names."""
    return len(cells_of(passage, sentence)) > 1


def cells_of(passage: Passage, sentence: Span) -> list[tuple[str, Span]]:
    """The cells of a row with the names of their columns."""
    cells: list[tuple[str, Span]] = []
    last = sentence[0]
    for start, _, length in passage.reading.runs:
        if not sentence[0] <= start < sentence[1]:
            continue
        between = passage.text[last:start]
        if between.rstrip().endswith(":") and between.strip(" ;:"):
            cells.append((between.strip(" ;:"), (start, start + length)))
        elif cells:
            cells[-1] = (cells[-1][0], (cells[-1][1][0], start + length))
        last = start + length
    return cells


def answers_same_question(
    passage: Passage, sentence: Span, text: str, share_in: ShareIn, asked: Collection[str]
) -> bool:
    """Whether the sentence is the first one below a question that asks the same as the query.

    `text` is the document's text and `asked` holds the query's terms.
    """
    number = passage.sentences.index(sentence)
    lead = passage.leads[number] if number < len(passage.leads) else ()
    if not lead or (number and passage.leads[number - 1] == lead):
        return False
    question = quote_spans(text, lead)
    found = set(terms(question))
    return (
        question.rstrip(" *_").endswith(("?", "？", "؟"))
        and share_in(found) >= _LEAST_SHARE
        and len(found & set(asked)) >= _LEAST_OF_QUESTION * len(found)
    )
