"""python -m bot.language.catalogues: updates bot/locale with the texts in the code, for translators to fill in.

Texts are the arguments of `Language.translate`, `Language.plural` and `translatable` in bot/, and what retrieval/ says:
the replies to small talk, the headings and notes of answers, and the notes on restrictions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.language.conventions import CATALOGUES
from bot.language.language import CODES, LOCALES, SOURCE
from retrieval.conversation.collection.overview import HEADINGS
from retrieval.conversation.collection.overview import NOTES as COLLECTION_NOTES
from retrieval.conversation.in_form import HEADINGS as FORM_HEADINGS
from retrieval.conversation.small_talk import REPLIES
from retrieval.restrictions import NOTES

_KEYWORDS = {"translate": None, "translatable": None, "plural": (1, 2)}
_SOURCES = [
    ("telegram/**.py", "python"),
    ("terminal/**.py", "python"),
    ("receipts/**.py", "python"),
    ("language/**.py", "python"),
]
_SAID_BY_RETRIEVAL = {
    "retrieval/conversation/small_talk.py": tuple(REPLIES.values()),
    "retrieval/conversation/collection/overview.py": (*HEADINGS, *COLLECTION_NOTES),
    "retrieval/conversation/in_form.py": FORM_HEADINGS,
    "retrieval/restrictions.py": NOTES,
}
"""Texts that are translated where they are shown, by the file that has them."""


def template() -> Catalog:
    """Every text in the code, untranslated, with the files that contain it."""
    texts = Catalog(charset="utf-8")
    folder = str(CATALOGUES.parent)
    for file, _, text, _, _ in extract_from_dir(folder, _SOURCES, keywords=_KEYWORDS):
        if text:
            texts.add(text, locations=[(f"bot/{file}", 1)])
    for file, said in _SAID_BY_RETRIEVAL.items():
        for text in said:
            texts.add(text, locations=[(file, 1)])
    return texts


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Each language's catalogue file with its content; the content is empty if the file does not exist yet."""
    for code in CODES:
        if code != SOURCE:
            path = CATALOGUES / code / "LC_MESSAGES" / "quoth.po"
            yield path, read_catalogue(path, code) if path.exists() else _empty(code)


def read_catalogue(path: Path, code: str) -> Catalog:
    """The catalogue in a file, with its comments and obsolete texts."""
    with path.open("rb") as file:
        return read_po(file, LOCALES[code])


def _empty(code: str) -> Catalog:
    comment = "# Texts of Quoth, in the terminal and in Telegram."
    return Catalog(
        LOCALES[code],
        header_comment=comment,
        project="quoth",
        version="0",
        charset="utf-8",
        fuzzy=False,
        last_translator="Quoth",
        msgid_bugs_address="Quoth",
    )


def main() -> int:
    """Update the files, and print how many texts of each still need a translation."""
    texts = template()
    for path, catalogue in catalogues():
        catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, include_lineno=False)
        missing = sum(not message.string or not all(message.string) for message in catalogue if message.id)
        print(f"{path.relative_to(CATALOGUES)}: {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
