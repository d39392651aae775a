"""Words that point at a document instead of naming it: "document 2", "the second one", "this file", "a.md". Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "line", "this", "file", "noun"]

_ORDINALS = {
    word: number
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "primer segundo tercer cuarto quinto sexto septimo octavo noveno decimo",
        "primero segunda tercero cuarta quinta sexta septima octava novena decima",
        "primera segunda tercera cuarta quinta sexta septima octava novena decima",
        "primeiro segundo terceiro quarto quinto sexto setimo oitavo nono decimo",
        "primeira segunda terceira quarta quinta sexta setima oitava nona decima",
    )
    for number, word in enumerate(words.split(), 1)
} | dict.fromkeys("last ultimo ultima".split(), -1)
_ORDINAL = rf"(?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_NTH = r"(?P<nth>\d{1,4})(?:st|nd|rd|th|o|a|er|º|ª|\.)"
_THE = r"(?:(?:the|el|la|o|a|los|las|os|as) )?"
_DOC = r"(?:documents?|docs?|files?|sources?|documentos?|archivos?|arquivos?|ficheros?|ficheiros?|fuentes?|fontes?)"
_NUMBER = r"(?:number |numero |no |nr |num |n )?(?P<number>\d{1,6})"
_THIS = r"(?:this|that|este|esta|ese|esa|esse|essa|(?P<definite>the|el|la|o|a))"
_WORDS = (
    r"(?:document|doc|file|source|text|article|story|book|novel|play|poem|report|paper"
    r"|documento|archivo|arquivo|texto|articulo|artigo|libro|livro|novela|romance|cuento|conto|historia)"
)
_ONE = r"(?:one|of (?:them|these|those)|uno|una|de ellos|de ellas|deles|delas|result|answer|line|respuesta|resposta)"
_NOUN = (
    r"(?:document|doc|file|article|section|chapter|mail|email|message|text|story|page"
    r"|documento|archivo|arquivo|ficheiro|articulo|artigo|seccion|secao|capitulo|correo|texto)"
)

_FORMS: tuple[tuple[Kind, str], ...] = (
    ("number", rf"{_THE}{_DOC} {_NUMBER}"),
    ("number", rf"{_THE}(?:{_ORDINAL}|{_NTH}) {_DOC}"),
    ("number", rf"(?:el |la |o |a )?{_DOC} {_ORDINAL}"),
    ("number", r"(?:ドキュメント|文書|資料|ファイル|書類)(?P<number>\d{1,6})(?:番)?"),
    ("number", r"(?P<number>\d{1,6})(?:番目|つ目|番)の?(?:ドキュメント|文書|資料|ファイル|書類)"),
    ("line", rf"{_THE}(?:{_ORDINAL}|{_NTH}) {_ONE}"),
    ("line", rf"(?:the|el|la|o|a) (?:{_ORDINAL}|{_NTH})"),
    ("line", r"(?:the )?(?:number |no |nr )(?P<number>\d{1,4})"),
    ("line", r"(?P<number>\d{1,4})(?:番目|つ目|番)(?:の(?:もの|やつ))?"),
    ("this", r"(?P<pronoun>it|this|that|esto|eso|isto|isso|これ|それ|あれ)"),
    ("this", rf"{_THIS} {_WORDS}"),
    ("this", r"(?P<pronoun>(?:this|that|este|ese|esse) one)"),
    ("this", r"(?:この|その)(?:ドキュメント|文書|資料|ファイル|記事|本)"),
    ("this", rf"(?P<plural>(?:them|these|those|estos|esos|esses|estes)(?: {_DOC})?|これら|それら)"),
    ("file", r"(?P<file>\S.*\.[a-z][a-z0-9]{1,5})"),
    (
        "noun",
        rf"{_THE}{_NOUN}(?: (?:called|named|titled|entitled|about|on|llamado|chamado|sobre|de|del|do|da))?"
        r" (?P<before>\S.*)",
    ),
    ("noun", rf"{_THE}(?P<behind>.*\S) {_NOUN}"),
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is pointed at.

    "number": the document of that `number`, -1 for the last; "line": that line of the last answer; "this": what the
    last answer cited; "file": the file of that `name`; "noun": something said to be a document and called `name`.
    `is_document` is true of "this document", not of "this"; `is_definite` of "the document".
    """

    kind: Kind
    number: int | None = None
    is_ordinal: bool = False
    is_plural: bool = False
    is_document: bool = False
    is_definite: bool = False
    name: str = ""


def pointer(words: str) -> Pointer | None:
    """What the words point at; None where they only name something."""
    typed = _plain(words)
    for kind, form in _FORMS:
        match = re.fullmatch(form, typed)
        if match:
            groups = {name: value for name, value in match.groupdict().items() if value}
            number = groups.get("number") or groups.get("nth")
            return Pointer(
                kind,
                int(number) if number else _ORDINALS.get(groups.get("ordinal", "")),
                "ordinal" in groups or "nth" in groups,
                "plural" in groups,
                kind == "this" and "pronoun" not in groups,
                "definite" in groups,
                groups.get("file") or groups.get("before") or groups.get("behind") or "",
            )
    return None


def _plain(words: str) -> str:
    """The words without accents, capitals, quotation marks and "#"."""
    decomposed = unicodedata.normalize("NFKD", words.lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[“”\"«»「」『』\[\]()?!¿¡,#]|(?<=\d)\.$|(?<=no)\.|(?<=nr)\.", " ", bare).split())
