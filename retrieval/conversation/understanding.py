"""Which of its readings a question is answered in: each is tried, and the answers tell.

`read` answers one reading. A correction is read with the part replaced; a follow-up in the light of the conversation,
and by itself where it may stand alone. Of several readings the one whose answer is likeliest to be right is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retrieval.conversation.correction import corrected
from retrieval.conversation.dependence import MOST_CHARS
from retrieval.conversation.follow_up import Reading, in_topic, readings
from retrieval.conversation.names import content
from retrieval.schema import Answer, Turn

Read = Callable[[Reading], Answer]
MOST_READINGS = 3
"""How many readings are tried at most: each takes as long as a question."""
_FIRST_AHEAD = 0.08  # by how much a later reading must be likelier than the one before it; guess
_ALONE_AHEAD = 0.25  # by how much more likely the answer must be to a question alone that points back; guess
_TOPIC_AHEAD = 0.2  # and to one in context whose form does not point back at all; guess
_CONTEXT_AHEAD = 0.1  # and to one in context that may stand alone; guess


def understand(question: str, history: Sequence[Turn], read: Read) -> Answer:
    """The answer to the question in the reading that is answered best; `history` is oldest first."""
    alone = Reading(question)
    if not history:
        return read(alone)
    if meant := corrected(question, history):
        return _best(meant, read)
    meant = readings(question, history)
    if meant and meant[0].form != "definite":
        in_context = _best(meant, read)
        if in_context.answers or not content(question):
            return in_context
        by_itself = read(alone)
        return by_itself if by_itself.confidence > in_context.confidence + _ALONE_AHEAD else in_context
    by_itself = read(alone)
    if by_itself.unknown_words:  # it names something that no document does, so no topic helps
        return by_itself
    ahead = _CONTEXT_AHEAD if by_itself.answers else 0.0
    if not meant and by_itself.status != "answered" and len(question) <= MOST_CHARS:
        meant, ahead = in_topic(question, history), _TOPIC_AHEAD
    if not meant:
        return by_itself
    in_context = _best(meant[: MOST_READINGS - 1], read)
    is_ahead = bool(in_context.answers) and in_context.confidence > by_itself.confidence + ahead
    return in_context if is_ahead else by_itself


def _best(meant: Sequence[Reading], read: Read) -> Answer:
    """The likeliest answer to these readings; the first that is surely answered ends the search."""
    best = read(meant[0])
    for rank, reading in enumerate(meant[1:MOST_READINGS], 1):
        if best.status == "answered":
            break
        other = read(reading)
        if other.confidence > best.confidence + _FIRST_AHEAD * rank:
            best = other
    return best
