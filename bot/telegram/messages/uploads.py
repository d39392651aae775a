"""What people see of uploaded documents: the acknowledgement, the list, the question before removing one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.language.language import Language
from bot.language.wording import TRY_ONE, translatable
from bot.telegram.memory.records import Suggestion
from bot.telegram.messages.about import KEEP
from bot.telegram.messages.blocks import FILE_CHARS, TITLE_CHARS, fill, joined
from bot.telegram.messages.buttons import NO_ID, Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.gaps import ask_gaps_again
from bot.telegram.messages.message import (
    BUTTON_CHARS,
    Block,
    Button,
    ButtonRows,
    Message,
    TextRun,
    foreign,
    lay_out,
    own,
)
from bot.telegram.messages.pages import document_key
from bot.telegram.messages.turning import page_count, turning
from retrieval.schema import PlaceKind

ON_PAGE = 8
READING = translatable("Reading {name} …")
ADDED = translatable("Added: {title}")
BESIDE = translatable("Another file is called {name}, so this one got a number.")
ALL_UPLOADS = translatable("Tap a document to remove it.")
NO_UPLOADS = translatable("No document has been added here. To add one, send it to me as a file.")
REMOVE_NAME = translatable("Remove {name}")
REALLY_REMOVE = translatable("Remove {name} from the collection? The file is deleted.")
REMOVE = translatable("Remove")
_REMARKS, _REMARK_CHARS = 8, 160


def reading_message(language: Language, name: str) -> Message:
    """Says that the file is being read; the outcome takes its place."""
    return lay_out([fill(language.translate(READING), name=_file(name))])


def added_message(
    language: Language,
    *,
    title: str,
    name: str,
    places: Mapping[PlaceKind, int],
    passages: int,
    remarks: Sequence[str],
    beside: str | None,
    suggestions: Sequence[Suggestion],
    has_gaps: bool = False,
) -> Message:
    """What was added, how much of it, what could not be read, and questions to try as buttons.

    `has_gaps`: a button asks the questions that had no answer again.
    """
    comma = language.translate(", ")
    sizes = comma.join([*_sizes(language, places), language.plural("{number} passage", "{number} passages", passages)])
    shown = foreign(line(title, TITLE_CHARS), "italic")
    blocks: list[Block] = [
        (*fill(language.translate(ADDED), title=shown), own("\n"), _file(name), own(f"\n{sizes}")),
    ]
    if beside:
        blocks.append(fill(language.translate(BESIDE), name=_file(beside)))
    if remarks:
        more = [(own("…"),)] if len(remarks) > _REMARKS else []
        listed: list[Block] = [(own("• "), foreign(line(remark, _REMARK_CHARS))) for remark in remarks[:_REMARKS]]
        blocks.append(joined([*listed, *more], "\n"))
    if suggestions:
        blocks.append((own(language.translate(TRY_ONE)),))
    rows = [(Button(line(one.question, BUTTON_CHARS), Press(one.id, "ask").data()),) for one in suggestions]
    if beside:
        label = language.translate(REMOVE_NAME).format(name=line(beside, BUTTON_CHARS))
        rows.append((Button(label, Press(document_key(beside), "remove").data()),))
    again = ask_gaps_again(language) if has_gaps else ()
    return replace(lay_out(blocks), rows=(*rows, *again))


def uploads_message(language: Language, names: Sequence[str], page: int = 0) -> Message:
    """One page of the uploaded documents, each a button that asks whether to remove it."""
    if not names:
        return lay_out([(own(language.translate(NO_UPLOADS)),)])
    pages = page_count(len(names), ON_PAGE)
    page = min(page, pages - 1)
    here = names[page * ON_PAGE : (page + 1) * ON_PAGE]
    rows = [(Button(line(name, BUTTON_CHARS), Press(document_key(name), "remove").data()),) for name in here]
    head = language.plural("{number} document was added here.", "{number} documents were added here.", len(names))
    text = lay_out([(own(head + "\n" + language.translate(ALL_UPLOADS)),)])
    return replace(text, rows=(*rows, *turning(NO_ID, "uploads", page, pages)))


def remove_message(language: Language, name: str) -> Message:
    """Asks whether to remove the document, with two buttons."""
    rows: ButtonRows = (
        (
            Button(language.translate(REMOVE), Press(document_key(name), "delete").data()),
            Button(language.translate(KEEP), Press(NO_ID, "keep").data()),
        ),
    )
    return replace(lay_out([fill(language.translate(REALLY_REMOVE), name=_file(name))]), rows=rows)


def _file(name: str) -> TextRun:
    return foreign(line(name, FILE_CHARS), "code")


def _sizes(language: Language, places: Mapping[PlaceKind, int]) -> list[str]:
    """ "12 pages", for the kinds of places that people count."""
    counted: Mapping[PlaceKind, Callable[[int], str]] = {
        "page": lambda number: language.plural("{number} page", "{number} pages", number),
        "slide": lambda number: language.plural("{number} slide", "{number} slides", number),
        "row": lambda number: language.plural("{number} row", "{number} rows", number),
        "message": lambda number: language.plural("{number} message", "{number} messages", number),
    }
    return [say(places[kind]) for kind, say in counted.items() if kind in places]
