"""Restrictions -> the passages that they allow, as a mask over the rows of an index, before anything is ranked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from glob import escape
from itertools import accumulate
from typing import NamedTuple
from unicodedata import combining, normalize

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from retrieval.documents.dates import date_in_name
from retrieval.index.store import DocumentNames, Store
from retrieval.restrictions import NEAREST_NAMES, NO_DOCUMENT, NO_PHRASE, NOT_TOGETHER, NOTHING_LEFT, WITHOUT_DATE
from retrieval.schema import Note, Restrictions
from retrieval.text import DEFAULT_LANGUAGE, STOP_WORDS, is_unspaced, stem, terms, words

_NEAREST, _LEAST_LIKE = 3, 60  # names suggested, and how like they are at least, from 0 to 100 (guess, untested)

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages that a question's restrictions allow.

    `allowed` has shape (n_passages,); None where all are. `restrictions` are those in force, None where there is none.
    """

    allowed: Mask | None = None
    restrictions: Restrictions | None = None
    notes: tuple[Note, ...] = ()


class _Dates(NamedTuple):
    """The date of each passage: `codes` has shape (n_passages,), and passage i has the date table[codes[i]].

    `undated` has the first passage of each document without any date.
    """

    table: tuple[str | None, ...]
    codes: npt.NDArray[np.int32]
    undated: Rows


class Selector:
    """Finds the passages that restrictions allow. The names and dates of the documents are read once, when needed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def select(self, asked: Restrictions) -> Selection:
        """The passages that all restrictions allow, none where nothing does. Raises IndexCorrupt.

        A phrase that no allowed passage contains is not in force, and a note says so.
        """
        if asked == Restrictions():
            return Selection()
        with self._store.reporting_damage():
            allowed, notes = self._named(asked.names)
            if not notes:
                notes += self._restrict_dates(allowed, asked)
                for word in asked.excluded:
                    allowed &= ~self._with_word(word, allowed)
                if not allowed.any():
                    notes.append(Note(NOTHING_LEFT, {"restrictions": replace(asked, phrases=()).typed()}))
            phrases = []
            for phrase in asked.phrases if allowed.any() else ():
                found = self._with_phrase(phrase, allowed)
                if found.any():
                    allowed = found
                    phrases.append(phrase)
                else:
                    notes.append(_missing(phrase, phrases))
        in_force = replace(asked, phrases=tuple(phrases))
        if in_force == Restrictions():
            return Selection(notes=tuple(notes))
        return Selection(allowed, in_force, tuple(notes))

    def within(self, documents: Sequence[str], allowed: Mask | None = None) -> Mask:
        """The allowed passages of these documents, all of theirs for None; documents that are gone have none."""
        inside = np.zeros(self._size, np.bool_)
        for document, _ in self._documents:
            if document.path in documents:
                inside[slice(*document.rows)] = True
        return inside if allowed is None else inside & allowed

    @property
    def _size(self) -> int:
        return len(self._store.dense.vectors)

    # Names

    @cached_property
    def _documents(self) -> list[tuple[DocumentNames, str]]:
        """Each document, and its path, title, tags and aliases, folded, each on a line."""
        return [(document, "\n".join(map(_folded, document.names))) for document in self._store.document_names()]

    def _named(self, names: Sequence[str]) -> tuple[Mask, list[Note]]:
        """The passages of documents that every name matches; a note for each name that no document has."""
        allowed, notes = np.ones(self._size, np.bool_), []
        for name in names:
            of_name, wanted = np.zeros(self._size, np.bool_), _folded(name)
            for document, folded in self._documents:
                if _is_named(folded, wanted):
                    of_name[slice(*document.rows)] = True
            if not of_name.any():
                notes.append(self._unknown(name))
            allowed &= of_name
        return allowed, notes

    def _unknown(self, name: str) -> Note:
        """The note that no document has the name, with the nearest names there are."""
        known = {part for document, _ in self._documents for part in (*document.path.split("/"), *document.names[1:])}
        shortest_first = sorted(known, key=lambda part: (len(part), part))
        found = process.extract(
            name, shortest_first, scorer=fuzz.WRatio, processor=_folded, limit=_NEAREST, score_cutoff=_LEAST_LIKE
        )
        typed = Restrictions(names=(name,)).typed()
        if not found:
            return Note(NO_DOCUMENT, {"name": typed})
        return Note(NEAREST_NAMES, {"name": typed, "nearest": ", ".join(near for near, _, _ in found)})

    # Dates

    @cached_property
    def _dates(self) -> _Dates:
        """A passage's date: its section's, else its document's, else one in the name of the file."""
        in_name = {document.number: date_in_name(document.path) for document, _ in self._documents}
        dates = [date or in_name[number] for number, date in self._store.dates()]
        table = tuple(dict.fromkeys(dates))
        code = {date: number for number, date in enumerate(table)}
        undated = [document.rows[0] for document, _ in self._documents if not any(dates[slice(*document.rows)])]
        return _Dates(table, np.array([code[date] for date in dates], np.int32), np.array(undated, np.int64))

    def _restrict_dates(self, allowed: Mask, asked: Restrictions) -> list[Note]:
        """Take from `allowed` what is outside the dates; a note on documents of it that have none.

        Of a date that is less exact than the one asked for, it is enough that it may fit.
        """
        if not (asked.after or asked.before):
            return []
        table, codes, undated = self._dates
        left_out = int(allowed[undated].sum())  # so far, documents are allowed as a whole
        fits = [date is not None and is_between(date, asked.after, asked.before) for date in table]
        allowed &= np.array(fits, np.bool_)[codes]
        return [Note(WITHOUT_DATE, {"count": str(left_out)})] if left_out else []

    # Words and phrases

    def _with_word(self, word: str, allowed: Mask) -> Mask:
        """The passages with the word or another form of it; of several words, those of `allowed` that have them so."""
        found = words(word)
        if len(found) != 1 or is_unspaced(word):
            return self._with_phrase(word, allowed)
        return self._store.sparse.has_any(stem(found[0][0], language) for language in self._languages)

    def _with_phrase(self, phrase: str, allowed: Mask) -> Mask:
        """Those of the allowed passages whose text has the phrase as whole words, in any case and white space."""
        for forms in self._terms_of(phrase):
            allowed = allowed & self._store.sparse.has_any(forms)
        wanted = re.compile(r"\s+".join(map(re.escape, phrase.lower().split())))  # quicker than ignoring case
        found = np.zeros(self._size, np.bool_)
        for row, text in self._store.texts(np.flatnonzero(allowed).tolist()):
            lower = text.lower()
            found[row] = any(_is_whole(lower, *match.span()) for match in wanted.finditer(lower))
        return found

    def _terms_of(self, phrase: str) -> Iterator[set[str]]:
        """Sets of terms; a passage with the phrase has one of each, so that few texts need to be read."""
        if all(word in STOP_WORDS for word, _ in words(phrase)):
            return  # they are not indexed
        for forms in zip(*(terms(phrase, language) for language in self._languages), strict=True):
            if len(forms[0]) > 1 or not is_unspaced(forms[0]):  # a single character may be indexed in pairs only
                yield set(forms)

    @property
    def _languages(self) -> Sequence[str]:
        return list(self._store.languages) or [DEFAULT_LANGUAGE]


def _missing(phrase: str, found: Sequence[str]) -> Note:
    if not found:
        return Note(NO_PHRASE, {"phrase": phrase})
    return Note(NOT_TOGETHER, {"phrase": phrase, "others": "”, “".join(found)})


def _is_named(folded: str, name: str) -> bool:
    """Whether a document's path, the first of the folded lines, or another name of it contains the name.

    A name with * must match a whole name: one of the lines, a folder or file, with its ending or without, or the path
    from a folder on.
    """
    if "*" not in name:
        return name in folded
    pieces = name.split("*")
    if not all(piece in folded for piece in pieces):
        return False
    pattern = "*".join(map(escape, pieces))
    lines = folded.split("\n")
    parts = lines[0].split("/")
    below = accumulate(reversed(parts), lambda rest, folder: f"{folder}/{rest}")
    return any(fnmatchcase(one, pattern) for one in {*lines, *parts, *below, parts[-1].rpartition(".")[0]})


def _folded(name: str) -> str:
    """The name in lower case without accents; hyphens and underscores stand for spaces."""
    bare = "".join(char for char in normalize("NFKD", name.casefold()) if not combining(char))
    return re.sub(r"[\s_-]+", " ", bare).strip()


def is_between(date: str, after: str | None, before: str | None) -> bool:
    """Whether a day of the ISO date is in the period `after` or later, and before the period `before`.

    Any of them may be a year, a month or a day.
    """
    return (after is None or f"{date}~" >= after) and (before is None or date < before)  # "~" sorts after all days


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word of the text goes over either end; where there are no spaces between words, any part is whole."""
    return not any(
        len(pair) == 2 and pair.isalnum() and not any(map(is_unspaced, pair))
        for pair in (text[max(start - 1, 0) : start + 1], text[end - 1 : end + 1])
    )
