"""What the terminal and Telegram say in the same words: an offer, a refusal, how sure an answer is. Light to import.

Texts are English, the source language; `translatable` marks them for the catalogues in bot/locale.
"""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.schema import PlaceKind


def translatable(text: str) -> str:
    """The text unchanged, marked for extraction: it is a constant here and is translated where it is shown."""
    return text


NOT_SURE = translatable("Not sure, but this may be it:")
NO_ANSWER = translatable("I found no clear answer.")
CLOSEST_PASSAGE = translatable("Closest passage:")
NOT_IN_ANY_DOCUMENT = translatable("Not found in any document: {words}")
ALSO_SAID_IN = translatable("Also said in:")
PLACES: Mapping[PlaceKind, str] = {
    "page": translatable("page {label}"),
    "slide": translatable("slide {label}"),
    "row": translatable("row {label}"),
    "paragraph": translatable("paragraph {label}"),
    "chapter": translatable("chapter “{label}”"),
    "anchor": translatable("#{label}"),
    "time": translatable("at {label}"),
    "message": translatable("message from {label}"),
}
"""How a place in a document is named, by its kind."""
SECTION = translatable("section “{section}”")
SEARCHED = translatable("(Searched: {searched})")
QUOTED_AS_THEY_ARE = translatable("The documents are in {language}; I quote them as they are.")
RECEIPT = translatable("Receipt {id}")
TRY_ONE = translatable("Try one of these:")
FOLDER = translatable("Folder: {name}")

WHERE_TO_LOOK = translatable("A question may say where to look:")
OPERATORS = {
    "in:news": translatable("only in documents with this in their path, title, tags or aliases"),
    "after:2019-05": translatable("only what is dated May 2019 or later"),
    "before:2021": translatable("only what is dated earlier than 2021"),
    '"trade deal"': translatable("only in passages with exactly these words"),
    "-draft": translatable("in no passage with this word"),
}
"""The restrictions of a question, as examples, with what they mean."""
FOR_EXAMPLE = translatable("For example: {example}")
EXAMPLE = translatable("When was it opened? in:news before:2021")

VERY_SURE = translatable("Very sure · {percent}")
FAIRLY_SURE = translatable("Fairly sure · {percent}")
NOT_VERY_SURE = translatable("Not very sure · {percent}")
UNSURE = translatable("Not sure · {percent}")
VERY_SURE_FROM, FAIRLY_SURE_FROM = 0.9, 0.7


def confidence_words(confidence: float, is_perhaps: bool = False) -> str:
    """The template that says how sure an answer is; {percent} stands for the confidence, see `shown_confidence`.

    What is offered as "perhaps" is not sure, whatever the number.
    """
    if is_perhaps:
        return UNSURE
    shown = shown_confidence(confidence)  # decided on what is shown: "Fairly sure · 90%" would contradict /help
    if shown >= VERY_SURE_FROM:
        return VERY_SURE
    return FAIRLY_SURE if shown >= FAIRLY_SURE_FROM else NOT_VERY_SURE


def shown_confidence(confidence: float) -> float:
    """The confidence rounded to whole percents, .01 to .99: no reader can promise 0 or 1."""
    return min(max(round(confidence, 2), 0.01), 0.99)


def with_near_spelling(word: str, near: Mapping[str, str]) -> str:
    """A word that is in no document, with a similar word from the documents if there is one: "habour (harbour?)"."""
    return f"{word} ({near[word]}?)" if word in near else word
