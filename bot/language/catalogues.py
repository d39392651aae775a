"""python -m bot.language.catalogues: brings bot/locale up to date with the texts in the code, for translators to fill.

Texts are what `Language.say`, `Language.plural` and `later` are given, and the replies to small talk.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.language.language import CATALOGUES, CODES, LOCALES, SOURCE
from retrieval.conversation.small_talk import REPLIES

_KEYWORDS = {"say": None, "later": None, "plural": (1, 2)}


def template() -> Catalog:
    """Every text of the code, untranslated, with the files it stands in."""
    texts = Catalog(charset="utf-8")
    folder = str(CATALOGUES.parent)
    for file, _, text, _, _ in extract_from_dir(folder, [("telegram/**.py", "python")], keywords=_KEYWORDS):
        if text:
            texts.add(text, locations=[(f"bot/{file}", 1)])
    for reply in REPLIES:
        texts.add(reply, locations=[("retrieval/conversation/small_talk.py", 1)])
    return texts


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """The catalogue of each language, empty where there is none yet, and its file."""
    for code in CODES:
        if code != SOURCE:
            path = CATALOGUES / code / "LC_MESSAGES" / "quoth.po"
            yield path, read_catalogue(path, code) if path.exists() else _empty(code)


def read_catalogue(path: Path, code: str) -> Catalog:
    """The catalogue of a file, with comments and what is obsolete."""
    with path.open("rb") as file:
        return read_po(file, LOCALES[code])


def _empty(code: str) -> Catalog:
    comment = "# What the Telegram bot of Quoth says."
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
    """Update the files; how many texts of each are still to be translated goes to stdout."""
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
