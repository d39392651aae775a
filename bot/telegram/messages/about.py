"""The messages that explain the bot: the welcome, help, privacy and deletion, and the menu of commands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language.language import Language
from bot.language.wording import (
    EXAMPLE,
    FAIRLY_SURE_FROM,
    FOR_EXAMPLE,
    NOT_SURE,
    OPERATORS,
    TRY_ONE,
    VERY_SURE_FROM,
    WHERE_TO_LOOK,
    translatable,
)
from bot.telegram.memory.records import Suggestion
from bot.telegram.messages.blocks import TITLE_CHARS, fill
from bot.telegram.messages.buttons import NO_ID, Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import BUTTON_CHARS, Block, Button, ButtonRows, Message, foreign, lay_out, own

_COMMANDS = {
    "ask": translatable("Ask a question about the documents"),
    "sources": translatable("List the documents"),
    "why": translatable("How I found the last answer"),
    "verify": translatable("Check whether the files still say what an answer quotes"),
    "cite": translatable("The citations of an answer, ready to paste"),
    "help": translatable("How to use this bot"),
    "privacy": translatable("What is stored about you"),
    "forget": translatable("Delete what is stored about you"),
}
STATUS = translatable("Status of the bot")
UNANSWERED = translatable("Questions without a good answer")
REMOVE_DOCUMENT = translatable("Remove a document that was added here")
HOW_TO_ADD = translatable("To add a document, send it to me as a file.")
NOTHING_STORED = translatable("Nothing was stored about you.")
DELETE, KEEP = translatable("Delete"), translatable("Keep")


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
        language.translate("Why?: how I found the answer, and how sure I am"),
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


def privacy_message(language: Language, privacy: Privacy) -> Message:
    """What is stored about a person, for how long, and who can see it."""
    stored = (
        language.translate(
            "Your questions, my answers, your 👍 and 👎, and what you say would be right are stored until they are "
            "deleted."
        )
        if privacy.retention_days is None
        else language.plural(
            "Your questions, my answers, your 👍 and 👎, and what you say would be right are stored for {number} day.",
            "Your questions, my answers, your 👍 and 👎, and what you say would be right are stored for {number} days.",
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


def commands(language: Language, is_admin: bool = False, has_uploads: bool = False) -> list[Command]:
    """The commands of the menu, in the order shown."""
    for_admins = {"status": STATUS, "gaps": UNANSWERED} | ({"remove": REMOVE_DOCUMENT} if has_uploads else {})
    named = _COMMANDS | (for_admins if is_admin else {})
    return [Command(name, language.translate(text)) for name, text in named.items()]


def descriptions(language: Language, documents: int) -> tuple[str, str]:
    """The bot's description (at most 512 characters) and its short description (120)."""
    short = language.translate("Answers quoted word for word from documents, with their source.")
    searched = language.plural("I search {number} document.", "I search {number} documents.", documents)
    return f"{short}\n\n{searched}", short


def _paragraphs(paragraphs: Sequence[str], rows: ButtonRows = ()) -> Message:
    return replace(lay_out([(own(paragraph),) for paragraph in paragraphs]), rows=rows)
