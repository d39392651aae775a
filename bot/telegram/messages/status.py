"""What /status tells admins, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.memory.usage import Usage
from bot.telegram.messages.about import STATUS
from bot.telegram.messages.message import Block, Message, lay_out, own

DOCUMENTS = translatable("Documents: {documents}, in {passages} passages")
BUILT = translatable("Index built: {date}, {time}")
UP_TO_DATE = translatable("No file has changed since.")
ANSWERED = translatable("Questions answered: {today} today, {total} in all")
REFUSED = translatable("Questions without an answer: {today} today, {total} in all")
PEOPLE = translatable("People who asked this week: {number}")
RATINGS = translatable("Ratings: {right} 👍, {wrong} 👎")


@dataclass(frozen=True, slots=True)
class IndexState:
    """What is searched, when its index was built, and how many files have changed since."""

    documents: int
    passages: int
    built_at: datetime
    changed_files: int


def status_message(language: Language, index: IndexState, usage: Usage) -> Message:
    """For admins: the documents, then the questions, people and ratings."""

    def say(template: str, **values: int) -> str:
        return language.translate(template).format(**{name: language.number(value) for name, value in values.items()})

    built = language.translate(BUILT).format(
        date=language.date(index.built_at.date().isoformat()), time=f"{index.built_at:%H:%M}"
    )
    changed = language.plural(
        "{number} file has changed since. Refresh the index to search it as it is now.",
        "{number} files have changed since. Refresh the index to search them as they are now.",
        index.changed_files,
    )
    documents = [
        say(DOCUMENTS, documents=index.documents, passages=index.passages),
        built,
        changed if index.changed_files else language.translate(UP_TO_DATE),
    ]
    asked = [
        say(ANSWERED, today=usage.answered_today, total=usage.answered),
        say(REFUSED, today=usage.refused_today, total=usage.refused),
        say(PEOPLE, number=usage.people_this_week),
        say(RATINGS, right=usage.right, wrong=usage.wrong),
    ]
    title: Block = (own(language.translate(STATUS), "bold"),)
    return lay_out([title, (own("\n".join(documents)),), (own("\n".join(asked)),)])
