"""/why and /whynot: how the last answer was found, and where another one was lost."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from bot.language.explanation import why_lines, why_not_line
from bot.language.wording import translatable
from bot.plain_text import visible
from bot.terminal.chat import TerminalChat
from bot.terminal.citations import first_citation, render_cited
from bot.terminal.figures import render_figures

FIGURES = ("figures", "--verbose", "-v")
MORE_FIGURES = translatable("/why figures shows every figure.")
EXPECTED = translatable("Type words of the passage that you expected, for example: /whynot signed the agreement")
HAS_THE_WORDS = translatable("This passage has these words:")
HAS_MOST_WORDS = translatable("This passage has most of these words, but not: {words}")


def explain(chat: TerminalChat, words: Sequence[str]) -> None:
    """How the last answer was found; with "figures", every figure."""
    answer = chat.answered()
    if answer is None:
        return
    if any(word.lower() in FIGURES for word in words):
        chat.page(lambda _: render_figures(answer))
        return
    first = first_citation(answer) if answer.kind != "collection" else None
    ranks = chat.library.ranks(first, answer) if first else None
    lines = why_lines(answer, ranks, chat.language)
    shown = [Text(line) for line in lines]
    chat.console.print(Group(*shown, Text(chat.language.translate(MORE_FIGURES), style="dim")))


def explain_not(chat: TerminalChat, words: Sequence[str]) -> None:
    """Why the passage that has these words is not the answer."""
    answer = chat.answered()
    if answer is None:
        return
    if not words:
        chat.say(EXPECTED)
        return
    found = chat.library.why_not(" ".join(words), answer)
    parts: list[RenderableType] = []
    if found.citation and found.loss != "shown":
        has = HAS_MOST_WORDS if found.missing else HAS_THE_WORDS
        missing = chat.language.translate(", ").join(found.missing)
        parts.append(Text(visible(chat.language.translate(has).format(words=missing)), style="dim"))
        parts += render_cited(chat.session.add(found.citation), chat.is_plain, chat.language)
    is_waiting = found.shown is not None and found.shown.number not in chat.session.citations()
    chat.console.print(Group(*parts, Text(why_not_line(found, answer, chat.language, is_waiting))))
