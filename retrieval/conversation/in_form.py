"""A plain answer in the form that its question asks for: a sentence that decides, a whole list, two sides, every place.

    yes or no?            the deciding sentence, whole, below our line that the documents say so; never a verdict
    which, who, list ...  the whole list, table or column; for "list all ..." that of every document that has one
    A or B?               what the documents say of each side, asked one by one
    why did A ...?        where nothing tells why: what the documents say of whether A did, at most as "perhaps"

What is read beyond the plain answer comes through `Asks`, so nothing here knows of an index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.answer.answer_type import answer_type_of
from retrieval.conversation.comparison import comparison_in
from retrieval.conversation.deciding import HEADINGS as DECIDING
from retrieval.conversation.deciding import corrected, decided
from retrieval.conversation.forms import mentioned_in, premise_of, wants_all
from retrieval.conversation.listing import HEADINGS as LISTING
from retrieval.conversation.listing import PassagesAround, by_document, mentions, whole
from retrieval.conversation.sides import compared
from retrieval.schema import Answer, Candidate, Hit

HEADINGS = (*DECIDING, *LISTING)
"""Every line of ours that such an answer may have, for the translators."""


@dataclass(frozen=True, slots=True)
class Asks:
    """How more is read for the same question, within its restrictions.

    `one` reads another plain question. `elsewhere` reads the answer's question in documents that it was not read in.
    `with_words` finds every passage that has these words side by side, best first.
    """

    one: Callable[[str], Answer]
    elsewhere: Callable[[Answer], Sequence[Candidate]]
    with_words: Callable[[str], Sequence[Hit]]
    around: PassagesAround


def answer_in_form(answer: Answer, query: str, asks: Asks) -> Answer:
    """The answer in the form that the query, which stands alone, asks for; a plain one as it is."""
    asked_for = answer_type_of(query)
    in_plain = decided(answer) if asked_for == "yes-no" else answer
    if comparison := comparison_in(query):
        return compared(answer, comparison, asks.one) or in_plain
    if (mentioned := mentioned_in(query)) and (found := mentions(answer, mentioned, asks.with_words(mentioned))):
        return found
    if asked_for == "list":
        listed = by_document(answer, asks.elsewhere(answer)) if wants_all(query) else answer
        return whole(replace(listed, kind="list"), query, asks.around)
    premise = premise_of(query) if answer.status == "abstained" else None
    return corrected(answer, asks.one(premise)) if premise else in_plain
