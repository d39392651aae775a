"""What a refusal shows: the closest passage, cut around its likeliest sentence, and then the next ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.citing import cite
from retrieval.schema import Candidate, Citation, Hit, Passage
from retrieval.spans import Span

NEAREST_CHARS = 300
"""The longest quotation of the closest passage: two or three sentences (a guess, untested)."""


def nearest_passage(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> Citation | None:
    """The best candidate's sentence with those around it, or the beginning of the best hit; None for no hits.

    Nothing in it is marked, because nothing in it is claimed to be the answer. The best candidate's words are its
    `likeliest`, unless they are all of it.
    """
    if candidates:
        best = candidates[0]
        start, end = cut_around(best.hit.passage, (best.start, best.end), best.answer)
        first, last = max(best.answer[0], start), min(best.answer[1], end)
        cited = cite(1, best.hit, start, end, (first, last) if first < last else None)
        is_all = cited.mark == (0, len(cited.quote))
        return replace(cited, mark=None, likeliest=None if is_all else cited.mark)
    return _beginning(1, hits[0]) if hits else None


def passages_found(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> list[Citation]:
    """All passages that were found, the closest first, numbered from 1; the first is that of `nearest_passage`.

    Those in which the reader found something stand in its order, then the others in that of the search.
    """
    likeliest: dict[int, Candidate] = {}
    for candidate in candidates:
        likeliest.setdefault(candidate.hit.passage_id, candidate)
    cited = [
        cite(number, best.hit, *cut_around(best.hit.passage, (best.start, best.end), best.answer))
        for number, best in enumerate(likeliest.values(), 1)
    ]
    others = [hit for hit in hits if hit.passage_id not in likeliest]
    return [*cited, *(_beginning(number, hit) for number, hit in enumerate(others, len(cited) + 1))]


def _beginning(number: int, hit: Hit) -> Citation:
    passage = hit.passage
    first = passage.sentences[min(passage.headings, len(passage.sentences) - 1)]
    return cite(number, hit, *cut_around(passage, first, (first[0], first[0])))


def cut_around(passage: Passage, likeliest: Span, answer: Span) -> Span:
    """The likeliest sentence and its neighbours, as many as NEAREST_CHARS have room for; of a longer one, a part.

    Headings are left out where there is text below them: the citation names them.
    """
    start, end = likeliest
    below = passage.sentences[passage.headings :]
    if below and start < below[0][0]:
        start, end = below[0][0], max(end, below[0][1])
        likeliest = start, end
    if end - start > NEAREST_CHARS:
        return _cut_words(passage.text, likeliest, sum(answer) // 2)
    before = [span for span in passage.sentences[passage.headings :] if span[1] <= start]
    after = [span for span in passage.sentences if span[0] >= end][::-1]
    while before or after:
        # Before and after in turn, so that what "it" means and what follows are both there.
        if before and end - before[-1][0] <= NEAREST_CHARS:
            start = before.pop()[0]
        else:
            before = []
        if after and after[-1][1] - start <= NEAREST_CHARS:
            end = after.pop()[1]
        else:
            after = []
    return start, end


def _cut_words(text: str, span: Span, middle: int) -> Span:
    """NEAREST_CHARS of the span around its middle, from a word's beginning to a word's end where there are spaces."""
    first, last = span
    start = min(max(middle - NEAREST_CHARS // 2, first), last - NEAREST_CHARS)
    end = start + NEAREST_CHARS
    if start > first and (space := text.find(" ", start - 1, middle)) >= 0:
        start = space + 1
    if end < last and (space := text.rfind(" ", middle, end + 1)) >= 0:
        end = space
    return start, end
