"""What items are called, and which of them a name means: titles, file names, aliases and headings. Pure.

A name is compared by its words, without accents, articles and the punctuation between them: "visa guide" is
visa-guide.pdf. How much of a name has to be said depends on how it is asked: see Closeness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz

from retrieval.conversation.collection.items import Item, document_item
from retrieval.documents.sections import PATH_SEPARATOR
from retrieval.schema import Source
from retrieval.text import fold, is_unspaced

Closeness = Literal["equal", "loose", "part"]
"""How a name must be said: all of it, typos aside; at least half of it or its kind ("the manual"); any words of it."""

_SAME = 88  # how alike two names are that differ by typos, from 0 to 100 (guess, checked by hand)
_SHORTEST_TYPED = 6  # in characters; in shorter names one letter makes another word
_LEAST_SHARE = 0.5
_NUMBERING = re.compile(r"^[(\[]?(?:\d+(?:\.\d+)*|[ivxlc]+)[.)\]]?\s+(?=\D)", re.IGNORECASE)
MORE = re.compile(r" \(and \d+ more\)$")
"""What the title of a file of several articles ends in."""
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    "the a an of my your our this el la los las un una de del al lo o os as um uma do da dos das re fw fwd".split()
)
KINDS = frozenset(
    """
    document documents doc file files source text article section chapter part page paper
    manual handbook guide guidebook report minutes notes agenda policy contract letter mail email e-mail message thread
    changelog readme novel story tale book recipe faq interview transcript chat log leaflet brochure flyer newsletter
    study essay thesis statutes bylaws form invoice receipt booking schedule list glossary memo presentation slides
    spreadsheet sheet card
    documento archivo fichero fuente texto articulo seccion capitulo parte pagina
    guia informe acta actas notas politica contrato carta correo mensaje novela cuento libro receta entrevista folleto
    estudio ensayo formulario factura lista glosario presentacion
    arquivo ficheiro fonte artigo secao relatorio ata atas mensagem romance conto livro receita folheto estudo ensaio
    fatura apresentacao
    """.split()
)
"""Words for kinds of documents: "the manual" means the documents that have the word in their name."""


@dataclass(frozen=True, slots=True)
class Named:
    """An item and its names, each as its words; `rank` is 0 for a document, 1 for an article, 2 for a section."""

    item: Item
    names: tuple[tuple[str, ...], ...]
    rank: int


class Known:
    """The documents and what they are called, read when they are first needed."""

    def __init__(
        self, sources: Callable[[], Sequence[Source]], aliases: Callable[[], Mapping[str, Sequence[str]]]
    ) -> None:
        self._sources, self._aliases = sources, aliases

    @cached_property
    def sources(self) -> Sequence[Source]:
        """Every document, ordered by path."""
        return self._sources()

    @cached_property
    def named(self) -> Sequence[Named]:
        """What they and their sections are called."""
        return named_items(self.sources, self._aliases())


def named_items(sources: Iterable[Source], aliases: Mapping[str, Sequence[str]]) -> list[Named]:
    """Every document, article and section with its names; `aliases` has further names by document."""
    found = []
    for source in sources:
        path = source.document
        stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        called = [MORE.sub("", source.title), path, path.rsplit("/", 1)[-1], stem, *aliases.get(path, ())]
        found.append(Named(document_item(source), _names(called), 0))
        for number, section in enumerate(source.sections):
            if section.heading:
                last = section.heading.rsplit(PATH_SEPARATOR, 1)[-1]
                item = Item(path, number, section.date)
                names = _names([section.heading, last, _NUMBERING.sub("", last)])
                found.append(Named(item, names, 1 if section.is_article else 2))
    return found


def called(wanted: str, named: Sequence[Named], closeness: Closeness) -> list[Item]:
    """The items that the name means, the best alone unless several fit equally well; none where nothing is so called.

    A section must be called by its whole heading, or by a part of it where `closeness` is "part".
    """
    sought = name_words(wanted)
    if not sought:
        return []
    scored = [(_likeness(sought, one, closeness), one) for one in named]
    best = max((score for score, _ in scored), default=0.0)
    if best <= 0:
        return []
    fitting = [one for score, one in scored if score >= best - 0.01]
    highest = min(one.rank for one in fitting)
    return [one.item for one in fitting if one.rank == highest]


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without articles and the zeros that fill up numbers; all of them if no others."""
    found = [fold(word).lstrip("0") or "0" for word in _WORD.findall(name)]
    return tuple(word for word in found if word not in _SMALL) or tuple(found)


def _names(called: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(words for name in called if (words := name_words(name))))


def _likeness(sought: tuple[str, ...], one: Named, closeness: Closeness) -> float:
    """2 for the same name, between 1 and 2 for one with typos, else the share of it that is said; 0 for none."""
    typed = " ".join(sought)
    best = 0.0
    for name in one.names:
        if name == sought or name == _without_kinds(sought, name):
            return 2.0
        whole = " ".join(name)
        if len(typed) >= _SHORTEST_TYPED and (alike := fuzz.ratio(typed, whole, score_cutoff=_SAME)):
            best = max(best, 1 + alike / 200)
        elif closeness == "part" or (closeness == "loose" and one.rank < 2):
            best = max(best, _said(sought, name, closeness, one.rank))
    return best


def _said(sought: tuple[str, ...], name: tuple[str, ...], closeness: Closeness, rank: int) -> float:
    """The share of a name that is said, 0 where something else is said too, or too little."""
    wanted = _without_kinds(sought, name)
    if any(map(is_unspaced, wanted)):
        typed, whole = "".join(wanted), "".join(name)
        share = len(typed) / len(whole) if typed in whole else 0.0
    elif set(wanted) <= set(name):
        telling = {word for word in name if not word.isdigit()} or set(name)
        share = min(len(set(wanted) & telling) / len(telling), 1.0)
    else:
        return 0.0
    is_kind = rank == 0 and any(word in KINDS for word in wanted)
    return share if closeness == "part" or share >= _LEAST_SHARE or is_kind else 0.0


def _without_kinds(sought: tuple[str, ...], name: tuple[str, ...]) -> tuple[str, ...]:
    """What is sought, without words such as "document" that only say what it is, unless nothing is left."""
    return tuple(word for word in sought if word in name or word not in KINDS) or sought
