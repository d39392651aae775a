"""The messages that answer commands, the menu, and inline results. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.language import Language
from bot.language.wording import (
    EXAMPLE,
    FAIRLY_SURE_FROM,
    FOR_EXAMPLE,
    NO_ANSWER,
    NOT_SURE,
    OPERATORS,
    VERY_SURE_FROM,
    WHERE_TO_LOOK,
    translatable,
)
from bot.telegram.memory.kept import KeptAnswer
from bot.telegram.memory.records import Suggestion
from bot.telegram.messages.answers import answer_messages, combined
from bot.telegram.messages.blocks import FILE_CHARS, SECTION_CHARS, TITLE_CHARS, fill, joined
from bot.telegram.messages.buttons import NO_ID, Action, Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, ButtonRows, Message, foreign, lay_out, own
from retrieval.schema import Source

SOURCES_ON_PAGE, SECTIONS_ON_PAGE = 6, 12
BUTTON_CHARS = 60
_COMMANDS = {
    "ask": translatable("Ask a question about the documents"),
    "sources": translatable("List the documents"),
    "help": translatable("How to use this bot"),
    "privacy": translatable("What is stored about you"),
    "forget": translatable("Delete what is stored about you"),
}
STATUS = translatable("Status of the bot")
REMOVE_DOCUMENT = translatable("Remove a document that was added here")
HOW_TO_ADD = translatable("To add a document, send it to me as a file.")
TRY_ONE = translatable("Try one of these:")
NO_DOCUMENTS = translatable("There are no documents.")
NO_SECTIONS = translatable("This document has no headings.")
SHORTENED = translatable("(Shortened.)")
NOTHING_STORED = translatable("Nothing was stored about you.")
ALL_DOCUMENTS = translatable("All documents")
DELETE, KEEP = translatable("Delete"), translatable("Keep")


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result of an inline query; `id` is at most 64 bytes."""

    id: str
    title: str
    description: str
    message: Message


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the menu."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """How long answers are stored, in days (None: until deleted), and whether the log contains questions."""

    retention_days: int | None
    logs_questions: bool


def start_message(
    language: Language, documents: int, suggestions: Sequence[Suggestion], folder: str | None = None
) -> Message:
    """The welcome, with a button for each suggested question; `folder` is the name of the documents' folder, if any."""
    welcome = language.translate(
        "Ask me a question about the documents. I answer in their own words and show you the source. "
        "If I find no clear answer, I say so."
    )
    searched: Block = (own(language.plural("I search {number} document.", "I search {number} documents.", documents)),)
    if folder:
        template = language.plural(
            "I search {number} document in “{folder}”.", "I search {number} documents in “{folder}”.", documents
        )
        searched = fill(template, folder=foreign(line(folder, TITLE_CHARS)))
    blocks: list[Block] = [(own(welcome),), searched]
    if suggestions:
        blocks.append((own(language.translate(TRY_ONE)),))
    rows = [
        (Button(line(suggestion.question, BUTTON_CHARS), Press(suggestion.id, "ask").data()),)
        for suggestion in suggestions
    ]
    return replace(lay_out(blocks), rows=tuple(rows))


def help_message(
    language: Language, bot_name: str, is_group: bool = False, is_admin: bool = False, has_uploads: bool = False
) -> Message:
    """How to ask and where to look, what the buttons do, what the confidence means, and the commands."""
    in_group = language.translate(
        "In this group, write /ask and your question, mention @{bot}, or reply to one of my messages."
    )
    asking = in_group.format(bot=bot_name) if is_group else language.translate("Send me your question as a message.")
    follow_up = language.translate(
        "To ask a follow-up question, reply to the answer. If you edit your question, I update my answer."
    )
    buttons = [
        language.translate("Source: the passage in its document, with more text before and after"),
        language.translate("Next answer: what another passage says"),
        language.translate("👍 👎: tell me whether the answer is right, so that mistakes can be corrected"),
        language.translate("Copy citation: the quotation and its source, ready to paste"),
    ]
    where = [
        language.translate(WHERE_TO_LOOK),
        *(f"• {typed} – {language.translate(meaning)}" for typed, meaning in OPERATORS.items()),
        language.translate(FOR_EXAMPLE).format(example=language.translate(EXAMPLE)),
    ]
    levels = language.translate("Very sure: {very} or more. Fairly sure: {fairly} or more. Not very sure: less.")
    confidence = [
        language.translate("How sure I am of an answer:"),
        levels.format(very=language.percent(VERY_SURE_FROM), fairly=language.percent(FAIRLY_SURE_FROM)),
        language.translate("The percentage is how often answers like this turned out to be right."),
        language.translate("An answer that is more likely to be wrong begins with “{words}”").format(
            words=language.translate(NOT_SURE)
        ),
    ]
    return _paragraphs(
        [
            f"{asking}\n{follow_up}",
            "\n".join(where),
            "\n".join([language.translate("The buttons below an answer:"), *(f"• {button}" for button in buttons)]),
            "\n".join(confidence),
            "\n".join(
                f"/{command.name} – {command.description}" for command in commands(language, is_admin, has_uploads)
            ),
            *([language.translate(HOW_TO_ADD)] if is_admin and has_uploads else []),
        ]
    )


def sources_message(language: Language, sources: Sequence[Source], page: int = 0) -> Message:
    """One page of the list of documents with their dates, a button for each, and buttons to turn the page."""
    if not sources:
        return _paragraphs([language.translate(NO_DOCUMENTS)])
    pages = _count(len(sources), SOURCES_ON_PAGE)
    page = min(page, pages - 1)
    first = page * SOURCES_ON_PAGE
    here = list(enumerate(sources[first : first + SOURCES_ON_PAGE], first + 1))
    head = language.plural(
        "{number} document. Tap its number to see its sections.",
        "{number} documents. Tap a number to see the sections.",
        len(sources),
    )
    blocks: list[Block] = [(own(head),)]
    blocks += [(own(f"{number}. "), *_document(source, language)) for number, source in here]
    buttons = tuple(
        Button(str(number), Press(document_key(source.document), "document").data()) for number, source in here
    )
    return replace(lay_out(blocks), rows=(buttons, *turning(NO_ID, "page", page, pages)))


def document_message(language: Language, sources: Sequence[Source], key: str, page: int = 0) -> Message | None:
    """The sections of the document with that key; None if it is gone."""
    at = next((number for number, source in enumerate(sources) if document_key(source.document) == key), None)
    if at is None:
        return None
    source = sources[at]
    sections = [section for section in source.sections if section.heading]
    pages = _count(len(sections), SECTIONS_ON_PAGE)
    page = min(page, pages - 1)
    blocks: list[Block] = [
        (
            *_document(source, language),
            own("\n"),
            foreign(line(source.document, FILE_CHARS), "code"),
        )
    ]
    listed = []
    for section in sections[page * SECTIONS_ON_PAGE : (page + 1) * SECTIONS_ON_PAGE]:
        date = (own(language.translate(", ")), foreign(_date(section.date, language))) if section.date else ()
        listed.append((own("• "), foreign(line(section.heading or "", SECTION_CHARS)), *date))
    blocks.append(joined(listed, "\n") if listed else (own(language.translate(NO_SECTIONS)),))
    back = Button(language.translate(ALL_DOCUMENTS), Press(NO_ID, "page", at // SOURCES_ON_PAGE).data())
    return replace(lay_out(blocks), rows=(*turning(key, "document", page, pages), (back,)))


def privacy_message(language: Language, privacy: Privacy) -> Message:
    """What is stored about a person, for how long, and who can see it."""
    stored = (
        language.translate("Your questions, my answers and your 👍 and 👎 are stored until they are deleted.")
        if privacy.retention_days is None
        else language.plural(
            "Your questions, my answers and your 👍 and 👎 are stored for {number} day.",
            "Your questions, my answers and your 👍 and 👎 are stored for {number} days.",
            privacy.retention_days,
        )
    )
    purpose = language.translate("They are needed for the buttons, for follow-up questions and to correct mistakes.")
    log = (
        language.translate("The log also contains your questions.")
        if privacy.logs_questions
        else language.translate("The log contains no questions, only numbers such as IDs and times.")
    )
    return _paragraphs(
        [
            f"{stored}\n{purpose}",
            language.translate(
                "They stay on the computer that runs this bot, and whoever runs it can read them. They are not passed "
                "on to any other service. As with every bot, the messages themselves go through Telegram."
            ),
            language.translate("No language model writes anything: every answer is quoted from a document."),
            log,
            language.translate("Send /forget to delete everything stored about you at once."),
        ]
    )


def forget_message(language: Language) -> Message:
    """Asks whether to delete, with two buttons."""
    rows = (
        (
            Button(language.translate(DELETE), Press(NO_ID, "forget").data()),
            Button(language.translate(KEEP), Press(NO_ID, "keep").data()),
        ),
    )
    question = language.translate(
        "Delete your questions, my answers and your 👍 and 👎? This can't be undone. "
        "The messages in this chat stay until you delete them yourself."
    )
    return _paragraphs([question], rows)


def forgotten_message(language: Language, answers: int, ratings: int) -> Message:
    """What was deleted."""
    if not answers + ratings:
        return _paragraphs([language.translate(NOTHING_STORED)])
    deleted = []
    if answers:
        deleted.append(
            language.plural(
                "Deleted: {number} question with its answer.",
                "Deleted: {number} questions with their answers.",
                answers,
            )
        )
    if ratings:
        deleted.append(language.plural("Deleted: {number} rating.", "Deleted: {number} ratings.", ratings))
    return _paragraphs(["\n".join(deleted)])


def status_message(language: Language, metrics: Mapping[str, str | int | float]) -> Message:
    """For admins: one metric on each line, with untranslated names."""
    rows = [(own(f"{name}: "), foreign(line(str(value), TITLE_CHARS), "code")) for name, value in metrics.items()]
    return lay_out([(own(language.translate(STATUS), "bold"),), joined(rows, "\n")])


def inline_results(language: Language, kept: KeptAnswer) -> list[InlineResult]:
    """One result for each answer text, one for a refusal, none for small talk.

    They have no buttons, because the bot can't edit a message that a person sent in another chat.
    """
    results, note = [], language.translate(SHORTENED)
    shown = 1 if kept.status == "abstained" else len(kept.answers)
    for position in range(shown):
        message = replace(combined(answer_messages(kept, language, position), note), rows=())
        title, description = _inline_lines(kept, position, language)
        results.append(InlineResult(f"{kept.id}:{position}", title, description, message))
    return results


def commands(language: Language, is_admin: bool = False, has_uploads: bool = False) -> list[Command]:
    """The commands of the menu, in the order shown."""
    for_admins = {"status": STATUS} | ({"remove": REMOVE_DOCUMENT} if has_uploads else {})
    named = _COMMANDS | (for_admins if is_admin else {})
    return [Command(name, language.translate(text)) for name, text in named.items()]


def descriptions(language: Language, documents: int) -> tuple[str, str]:
    """The bot's description (at most 512 characters) and its short description (120)."""
    short = language.translate("Answers quoted word for word from documents, with their source.")
    searched = language.plural("I search {number} document.", "I search {number} documents.", documents)
    return f"{short}\n\n{searched}", short


def document_key(doc_id: str) -> str:
    """The document's id in buttons: short, and the same after a rebuild of the index."""
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def _paragraphs(paragraphs: Sequence[str], rows: ButtonRows = ()) -> Message:
    return replace(lay_out([(own(paragraph),) for paragraph in paragraphs]), rows=rows)


def _document(source: Source, language: Language) -> Block:
    """The title, then date and publisher on the next line, if known."""
    title = line(source.title, TITLE_CHARS) or line(source.document, FILE_CHARS) or "…"
    stated = [_date(source.date or "", language), line(source.publisher or "", TITLE_CHARS)]
    origin = language.translate(", ").join(filter(None, stated))
    return (foreign(title, "italic"), *((own("\n"), foreign(origin)) if origin else ()))


def _inline_lines(kept: KeptAnswer, position: int, language: Language) -> tuple[str, str]:
    if not kept.answers:
        return language.translate(NO_ANSWER), line(kept.question, BUTTON_CHARS)
    text = kept.answers[position]
    citation = text.citations[0].citation
    date = f"{language.translate(', ')}{_date(citation.date, language)}" if citation.date else ""
    perhaps = f"{language.translate(NOT_SURE)} " if kept.status == "perhaps" else ""
    return line(text.text, BUTTON_CHARS), perhaps + line(citation.title, TITLE_CHARS) + date


def _date(date: str, language: Language) -> str:
    return line(language.date(date), TITLE_CHARS)


def turning(id_: str, action: Action, page: int, pages: int) -> ButtonRows:
    """The row of buttons to turn the page; none for a single page. The middle one reloads the page shown."""
    if pages < 2:
        return ()
    labels = [(f"{page + 1}/{pages}", page)]
    if page > 0:
        labels.insert(0, ("◀", page - 1))
    if page + 1 < pages:
        labels.append(("▶", page + 1))
    return (tuple(Button(text, Press(id_, action, n).data()) for text, n in labels),)


def _count(items: int, on_page: int) -> int:
    return max(-(-items // on_page), 1)
