"""How an answer was found, in words: its question is asked again, over the index as it is now."""

from __future__ import annotations

from bot.language.explanation import why_lines
from bot.language.language import language_of
from bot.language.wording import translatable
from bot.telegram.memory.memory import Memory
from bot.telegram.memory.records import AnswerRecord
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Message, foreign, lay_out, own
from retrieval.library import Library
from retrieval.schema import Answer

ANSWERED_OTHERWISE = translatable("The documents have changed since. Ask again to see how I find the answer now.")
_LINE_CHARS = 600


def why_message(library: Library, memory: Memory, stored: AnswerRecord) -> Message:
    """How the stored answer was found, or that the documents now give another one. Runs in a thread of the pool."""
    language, kept = language_of(stored.origin.language), stored.answer
    answer = library.ask(kept.question, memory.history(stored.origin.follows), first_in=kept.first_in)
    if (answer.status, _first(answer)) != (kept.status, kept.answers[0].text if kept.answers else ""):
        return lay_out([(own(language.translate(ANSWERED_OTHERWISE)),)])
    cited = next((citation for text in answer.answers for citation in text.citations), answer.nearest)
    lines = why_lines(answer, library.ranks(cited, answer) if cited else None, language)
    blocks: list[Block] = [(foreign(line(said, _LINE_CHARS)),) for said in lines]
    return lay_out(blocks, "\n")


def _first(answer: Answer) -> str:
    return answer.answers[0].text if answer.answers else ""
