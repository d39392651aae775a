"""/more, /before and /after: what else was found, and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Group
from rich.text import Text

from bot.language.wording import translatable
from bot.terminal.chat import TerminalChat
from bot.terminal.citations import render_cited
from bot.terminal.opening import unchanged
from bot.terminal.render import render_text
from retrieval.citing import cite_in
from retrieval.documents.neighbours import part_beside
from retrieval.schema import Citation

PASSAGES_AT_ONCE = 3
NO_MORE = translatable("There is nothing more to show.")
NEXT_PASSAGES = translatable("These passages were found next:")
BEGINNING = translatable("This is the beginning of {document}.")
END = translatable("This is the end of {document}.")


def show_more(chat: TerminalChat, _: Sequence[str]) -> None:
    """The next answer; after the last one, the next passages that were found."""
    answer = chat.answered()
    if answer is None:
        return
    text = chat.session.more()
    if text is not None:
        chat.console.print(render_text(text, chat.is_plain, answer.status == "perhaps", chat.language))
    elif passages := chat.session.more_passages(PASSAGES_AT_ONCE):
        chat.console.print(Text(chat.language.translate(NEXT_PASSAGES), style="dim"))
        for number, citation in enumerate(passages):
            if number:
                chat.console.print()
            _print_cited(chat, citation)
    else:
        chat.say(NO_MORE)
        return
    offer_more(chat)


def offer_more(chat: TerminalChat) -> None:
    """Say what /more would show: a further answer; or passages, where nothing shown is sure to be the answer."""
    session, language = chat.session, chat.language
    if session.left:
        more = language.plural(
            "{number} more answer: /more shows it.", "{number} more answers: /more shows the next one.", session.left
        )
        chat.notify(more)
    elif session.answer and (session.answer.status == "abstained" or session.further):
        left = len(session.passages_left())
        more = language.plural(
            "{number} more passage: /more shows it.", "{number} more passages: /more shows the next ones.", left
        )
        if left:
            chat.notify(more)


def show_before(chat: TerminalChat, words: Sequence[str]) -> None:
    """What stands before a citation."""
    _show_beside(chat, "/before", words, is_after=False)


def show_after(chat: TerminalChat, words: Sequence[str]) -> None:
    """What comes after a citation."""
    _show_beside(chat, "/after", words, is_after=True)


def _show_beside(chat: TerminalChat, command: str, words: Sequence[str], is_after: bool) -> None:
    citation = chat.citation(command, words[0] if words else None)
    document = unchanged(chat, citation) if citation else None
    if citation is None or document is None:
        return
    beside = part_beside(chat.library.passages(document.doc_id), citation.spans, is_after)
    if beside is None:
        chat.say(END if is_after else BEGINNING, document=document.doc_id)
        return
    passage, span = beside
    found = cite_in(citation.number, document, passage, *span)
    _print_cited(chat, chat.session.add(replace(found, document=document.doc_id)))


def _print_cited(chat: TerminalChat, citation: Citation) -> None:
    chat.console.print(Group(*render_cited(citation, chat.is_plain, chat.language)))
