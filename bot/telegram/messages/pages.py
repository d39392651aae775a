"""The pages behind the bot's commands, its menu and its inline results. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.language import Language, later
from bot.telegram.memory.kept import KeptAnswer
from bot.telegram.messages.answers import answer_messages, combined
from bot.telegram.messages.blocks import FILE_CHARS, SECTION_CHARS, TITLE_CHARS, joined
from bot.telegram.messages.buttons import NOBODY, Action, Press, Suggestion
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, Message, Rows, foreign, lay_out, own
from retrieval.schema import Source

SOURCES_ON_PAGE, SECTIONS_ON_PAGE = 6, 12
BUTTON_CHARS = 60
_COMMANDS = {
    "ask": later("Ask a question about the documents"),
    "sources": later("The documents with their dates"),
    "help": later("What I can do"),
    "privacy": later("What is kept about you"),
    "forget": later("Delete what is kept about you"),
}
_STATUS = later("How the bot is doing")


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
    """What is kept: days answers are kept (None: until they are deleted), and whether the log has question text."""

    retention_days: int | None
    logs_questions: bool


def start_message(language: Language, documents: int, suggestions: Sequence[Suggestion]) -> Message:
    """The welcome, with a button for each suggested question."""
    paragraphs = [
        language.say(
            "Ask me a question about the documents. I answer in their own words and show where the words stand. "
            "Where no document answers, I say so."
        ),
        language.plural("I search {number} document.", "I search {number} documents.", documents),
    ]
    if suggestions:
        paragraphs.append(language.say("You could begin with one of these:"))
    rows = [
        (Button(line(suggestion.question, BUTTON_CHARS), Press(suggestion.id, "ask").data()),)
        for suggestion in suggestions
    ]
    return _paragraphs(paragraphs, tuple(rows))


def help_message(language: Language, bot_name: str, is_group: bool = False, is_admin: bool = False) -> Message:
    """How to ask, what the buttons do, and the commands."""
    in_group = language.say("Here in the group, write /ask and your question, mention @{bot}, or reply to me.")
    asking = in_group.format(bot=bot_name) if is_group else language.say("Write your question as a message.")
    paragraphs = [
        asking
        + "\n"
        + language.say("To ask further, reply to the answer; if you correct your question, I correct mine."),
        language.say("Under an answer:")
        + "\n"
        + "\n".join(
            [
                "• " + language.say("Source: the passage in its document, with more of it before and after"),
                "• " + language.say("Next answer: what another place says"),
                "• " + language.say("👍 👎: whether the answer is right, so that mistakes can be mended"),
                "• " + language.say("Copy citation: the words and where they stand, to paste elsewhere"),
            ]
        ),
        "\n".join(f"/{command.name} – {command.description}" for command in commands(language, is_admin)),
    ]
    return _paragraphs(paragraphs)


def sources_message(language: Language, sources: Sequence[Source], page: int = 0) -> Message:
    """A page of the documents with their dates, a button for each, and buttons to turn the page."""
    if not sources:
        return _paragraphs([language.say("There are no documents.")])
    pages = _count(len(sources), SOURCES_ON_PAGE)
    page = min(page, pages - 1)
    first = page * SOURCES_ON_PAGE
    here = list(enumerate(sources[first : first + SOURCES_ON_PAGE], first + 1))
    head = language.plural(
        "{number} document. Tap for its sections.", "{number} documents. Tap one for its sections.", len(sources)
    )
    blocks: list[Block] = [(own(head),)]
    blocks += [(own(f"{number}. "), *_document(source, language)) for number, source in here]
    buttons = tuple(
        Button(str(number), Press(document_key(source.document), "document").data()) for number, source in here
    )
    return replace(lay_out(blocks), rows=(buttons, *_turning(NOBODY, "page", page, pages)))


def document_message(language: Language, sources: Sequence[Source], key: str, page: int = 0) -> Message | None:
    """The sections of the document with that key; None where it is no longer there."""
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
        date = (own(language.say(", ")), foreign(_date(section.date, language))) if section.date else ()
        listed.append((own("• "), foreign(line(section.heading or "", SECTION_CHARS)), *date))
    blocks.append(joined(listed, "\n") if listed else (own(language.say("It has no sections with headings.")),))
    back = Button(language.say("All documents"), Press(NOBODY, "page", at // SOURCES_ON_PAGE).data())
    return replace(lay_out(blocks), rows=(*_turning(key, "document", page, pages), (back,)))


def privacy_message(language: Language, privacy: Privacy) -> Message:
    """What is kept of a person, for how long, and who sees it."""
    kept = (
        language.say("Your questions, the answers and your 👍 and 👎 are kept until they are deleted.")
        if privacy.retention_days is None
        else language.plural(
            "Your questions, the answers and your 👍 and 👎 are kept for {number} day.",
            "Your questions, the answers and your 👍 and 👎 are kept for {number} days.",
            privacy.retention_days,
        )
    )
    return _paragraphs(
        [
            kept
            + "\n"
            + language.say("They are needed for the buttons, for follow-up questions and to mend mistakes."),
            language.say(
                "They stay on the computer that runs this bot, and whoever runs it can read them. They are given to no "
                "other service, and no language model sees them. Telegram itself carries the messages, as with any bot."
            ),
            language.say("The log holds your questions as well.")
            if privacy.logs_questions
            else language.say("The log holds no questions, only numbers."),
            language.say("/forget deletes everything that is kept about you, at once."),
        ]
    )


def forget_message(language: Language) -> Message:
    """Asks whether to delete, with two buttons."""
    rows = (
        (
            Button(language.say("Delete"), Press(NOBODY, "forget").data()),
            Button(language.say("Keep"), Press(NOBODY, "keep").data()),
        ),
    )
    asked = language.say(
        "Delete your questions, the answers and your 👍 and 👎 from my memory? This can't be undone. "
        "The messages in our chat stay until you delete them yourself."
    )
    return _paragraphs([asked], rows)


def forgotten_message(language: Language, answers: int, verdicts: int) -> Message:
    """What was deleted."""
    if not answers + verdicts:
        return _paragraphs([language.say("Nothing was kept about you.")])
    deleted = []
    if answers:
        deleted.append(
            language.plural(
                "Deleted: {number} question with its answer.",
                "Deleted: {number} questions with their answers.",
                answers,
            )
        )
    if verdicts:
        deleted.append(language.plural("Deleted: {number} judgement.", "Deleted: {number} judgements.", verdicts))
    return _paragraphs(["\n".join(deleted)])


def status_message(language: Language, figures: Mapping[str, str | int | float]) -> Message:
    """For admins: each figure on its line, names as they are."""
    rows = [(own(f"{name}: "), foreign(line(str(value), TITLE_CHARS), "code")) for name, value in figures.items()]
    return lay_out([(own(language.say(_STATUS), "bold"),), joined(rows, "\n")])


def inline_results(language: Language, answers: Sequence[KeptAnswer]) -> list[InlineResult]:
    """A result for each answer text; one that says there is none for an abstention; none for small talk. At most 50,
    without buttons: what is sent from another chat is not the bot's to change."""
    results, note = [], language.say("(Shortened.)")
    for kept in answers:
        for position in range(len(kept.answers) or kept.status == "abstained"):
            message = replace(combined(answer_messages(kept, language, position), note), rows=())
            title, description = _inline_lines(kept, position, language)
            results.append(InlineResult(f"{kept.id}:{position}", title, description, message))
    return results[:50]


def commands(language: Language, is_admin: bool = False) -> list[Command]:
    """The menu, in the order it is shown."""
    named = _COMMANDS | ({"status": _STATUS} if is_admin else {})
    return [Command(name, language.say(text)) for name, text in named.items()]


def descriptions(language: Language, documents: int) -> tuple[str, str]:
    """The bot's description (at most 512 characters) and its short description (120)."""
    short = language.say("Answers from documents, word for word, with the place where the words stand.")
    searched = language.plural("I search {number} document.", "I search {number} documents.", documents)
    return f"{short}\n\n{searched}", short


def document_key(doc_id: str) -> str:
    """What names a document in a button: short, and the same after the index was rebuilt."""
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def _paragraphs(paragraphs: Sequence[str], rows: Rows = ()) -> Message:
    return replace(lay_out([(own(paragraph),) for paragraph in paragraphs]), rows=rows)


def _document(source: Source, language: Language) -> Block:
    """Title, and on the next line what there is of date and publisher."""
    title = line(source.title, TITLE_CHARS) or line(source.document, FILE_CHARS) or "…"
    stated = [_date(source.date or "", language), line(source.publisher or "", TITLE_CHARS)]
    told = language.say(", ").join(filter(None, stated))
    return (foreign(title, "italic"), *((own("\n"), foreign(told)) if told else ()))


def _inline_lines(kept: KeptAnswer, position: int, language: Language) -> tuple[str, str]:
    if not kept.answers:
        return language.say("No sure answer in the documents."), line(kept.question, BUTTON_CHARS)
    text = kept.answers[position]
    citation = text.citations[0].citation
    date = f"{language.say(', ')}{_date(citation.date, language)}" if citation.date else ""
    return line(text.text, BUTTON_CHARS), line(citation.title, TITLE_CHARS) + date


def _date(date: str, language: Language) -> str:
    return line(language.date(date), TITLE_CHARS)


def _turning(id_: str, action: Action, page: int, pages: int) -> Rows:
    """A row to turn the page, where there is more than one; the one shown opens itself again."""
    if pages < 2:
        return ()
    turned = [("◀", page - 1)] * (page > 0) + [(f"{page + 1}/{pages}", page)] + [("▶", page + 1)] * (page + 1 < pages)
    return (tuple(Button(text, Press(id_, action, n).data()) for text, n in turned),)


def _count(items: int, on_page: int) -> int:
    return max(-(-items // on_page), 1)
