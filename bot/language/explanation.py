"""How an answer was found, and where another one was lost, in words that anyone understands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.language.language import ENGLISH, Language
from bot.language.wording import SEARCHED, translatable
from bot.plain_text import visible
from retrieval.schema import Answer

if TYPE_CHECKING:  # both load the search
    from retrieval.answer.why_not import WhyNot
    from retrieval.index.retriever import Ranks

FOUND_BY_BOTH = translatable("Found by meaning ({meaning}) and by words ({words}).")
FOUND_BY_MEANING = translatable("Found by meaning ({meaning}); the passage has none of the question's words.")
CLOSEST_BY_BOTH = translatable("The closest passage came {meaning} by meaning and {words} by words.")
CLOSEST_BY_MEANING = translatable("The closest passage came {meaning} by meaning; it has none of the question's words.")
NOTHING_FOUND = translatable("No passage was found.")
NOT_READ = translatable(
    "Your question is about the documents themselves: the answer lists their titles, dates and sentences, and none was "
    "chosen by the reader."
)
ANSWERED = translatable("Confidence {percent}: answers are given from {answered}.")
OFFERED = translatable(
    "Confidence {percent}: answers are given from {answered}, and offered as not sure from {offered}."
)
REFUSED = translatable("Confidence {percent}: answers are offered from {offered}.")

NO_WORDS = translatable("No document has these words: {words}")
APART = translatable("No passage has these words together; try fewer.")
NOT_SEARCHED = translatable("No passage was searched for this question.")
LEFT_OUT = translatable("Your question left it out: {restrictions}")
TOO_FAR = translatable(
    "It was not among the {read} passages that were read: it came {meaning} by meaning and {words} by words."
)
TOO_FAR_BY_MEANING = translatable(
    "It was not among the {read} passages that were read: it came {meaning} by meaning and has none of the question's "
    "words."
)
LESS_LIKELY = translatable("It was read, but another sentence was more likely: [{number}].")
UNSURE = translatable(
    "It was read and is the most likely, but the confidence is {percent}: answers are offered from {offered}."
)
SHOWN = translatable("It is shown above: [{number}].")
SHOWN_NEXT = translatable("It is a further answer: /more shows it.")


def searched_line(answer: Answer, language: Language = ENGLISH) -> str | None:
    """The line that says what was searched and where, None where that is the question itself, everywhere."""
    searched = answer.searched.strip()
    if answer.restrictions:
        searched = f"{searched} [{answer.restrictions.typed()}]"
    if searched == answer.question.strip():
        return None
    return language.translate(SEARCHED).format(searched=visible(searched))


def why_lines(answer: Answer, ranks: Ranks | None, language: Language) -> list[str]:
    """How an answer was found, in sentences; `ranks` are the places in the search of the first passage it cites.

    The answer must have at least as many hits as were read: ask with `top` of READ_PASSAGES or more.
    """
    searched = searched_line(answer, language)
    lines = [searched] if searched else []
    if answer.kind == "collection":
        return [*lines, language.translate(NOT_READ)]
    if not answer.hits and not answer.candidates:
        return [*lines, language.translate(NOTHING_FOUND)]
    said = [_read(answer, language)]
    if ranks and answer.status == "abstained":
        said.append(_places(CLOSEST_BY_BOTH, CLOSEST_BY_MEANING, ranks, language))
    elif ranks:
        said.insert(0, _places(FOUND_BY_BOTH, FOUND_BY_MEANING, ranks, language))
    return [*lines, " ".join(said), _confidence(answer, language)]


def _places(by_both: str, by_meaning: str, ranks: Ranks, language: Language, **values: str) -> str:
    """The sentence that says how far up the search found a passage; the second one where it has no word in common."""
    values["meaning"] = language.ordinal(ranks.by_meaning)
    if ranks.by_words is None:
        return language.translate(by_meaning).format(**values)
    return language.translate(by_both).format(**values, words=language.ordinal(ranks.by_words))


def _read(answer: Answer, language: Language) -> str:
    from retrieval.answer.candidates import READ_PASSAGES

    read = min(len(answer.hits), READ_PASSAGES)
    if answer.status == "abstained":
        return language.plural(
            "The reader found no sure answer in {number} passage.",
            "The reader found no sure answer in {number} passages.",
            read,
        )
    return language.plural(
        "The reader chose this sentence from {number} passage.",
        "The reader chose this sentence from {number} passages.",
        read,
    )


def _confidence(answer: Answer, language: Language) -> str:
    template = {"answered": ANSWERED, "perhaps": OFFERED}.get(answer.status, REFUSED)
    return language.translate(template).format(
        percent=language.percent(answer.confidence),
        answered=language.percent(answer.threshold),
        offered=language.percent(answer.perhaps_threshold),
    )


def why_not_line(found: WhyNot, answer: Answer, language: Language, is_waiting: bool = False) -> str:
    """Where the passage was lost, in a sentence; `is_waiting` where what shows it is still behind /more."""

    def filled(text: str, **values: object) -> str:
        return _filled(language, text, **values)

    sentences: dict[str, Callable[[], str]] = {
        "no words": lambda: filled(NO_WORDS, words=_listed(found.missing, language)),
        "apart": lambda: filled(APART),
        "not searched": lambda: filled(NOT_SEARCHED),
        "left out": lambda: filled(LEFT_OUT, restrictions=answer.restrictions.typed() if answer.restrictions else ""),
        "not read": lambda: _too_far(found, language),
        "less likely": lambda: filled(LESS_LIKELY, number=found.shown.number if found.shown else ""),
        "unsure": lambda: filled(
            UNSURE, percent=language.percent(answer.confidence), offered=language.percent(answer.perhaps_threshold)
        ),
        "shown": lambda: filled(SHOWN_NEXT if is_waiting else SHOWN, number=found.shown.number if found.shown else ""),
    }
    return sentences[found.loss]()


def _too_far(found: WhyNot, language: Language) -> str:
    assert found.ranks is not None
    return _places(TOO_FAR, TOO_FAR_BY_MEANING, found.ranks, language, read=language.number(found.read))


def _filled(language: Language, text: str, **values: object) -> str:
    return visible(language.translate(text).format(**values))


def _listed(words: Sequence[str], language: Language) -> str:
    return language.translate(", ").join(words)
