"""The phrases of a question that a later one may refer to or replace: names, "the ..." and numbers. Pure.

No word is analysed: a phrase is told by capitals, by an article before it, and by the function words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.conversation.names import WORD, NameKind, is_empty, kind_of, names
from retrieval.spans import Span
from retrieval.text import fold, stem

PhraseKind = NameKind | Literal["noun", "bare"]
"""What a name is of; "noun" is "the ..." and its like, "bare" words without an article or a capital."""

_ARTICLES = {
    "en": "the a an this that these those my our your".split(),
    "es": "el la los las un una unos unas este esta estos estas ese esa esos esas".split(),
    "pt": "o a os as um uma uns umas este esta esse essa esses essas do da dos das no na nos nas ao à".split(),
}
# Frequent words that only one of these languages has, or nearly so.
_ONLY_IN = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the is are was were did does has have had what who which when where why how of and their his her its",
        "es": "el los las qué quién cuál cuándo dónde cómo cuánto cuánta cuántos cuántas y del con se fue hay por "
        "es va una",
        "pt": "o os que quem qual quando onde como quanto quanta quantos quantas e do da dos das não foi há por é "
        "vai uma em "
        "com ao no na",
    }.items()
}
_OPENING = frozenset("do no".split())  # in "do bees dance" and "no thanks" these are English
_UNCONTRACTED = dict(zip("do da dos das no na nos nas ao à".split(), "o a os as o a os as o a".split(), strict=True))
_POSSESSIVE = re.compile(r"['’]s$")
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d(?:[\d.,]*\d)?(?![A-Za-z\d])")
# "東京タワー", but not the verb in "完成しました".
_UNSPACED_NAME = re.compile(r"[\u30a1-\u30fa\u30fc\u4e00-\u9fff々]{2,}(?![しさすせ])")
_JOINS = re.compile(
    r"\s+(?:(?:of|in|with|for|between|and|at|on|from|to|per|about|the|a|an|"
    r"de|del|da|do|das|dos|en|em|no|na|nos|nas|con|com|para|entre|por|y|e|la|el|los|las|o|os|as)\s+)*|['’]s?\s+|[のと]",
    re.IGNORECASE,
)
_MAX_WORDS = 4
_WITHIN = frozenset("own other only same".split())
_IS = re.compile(r"\s*(?:is|are|was|were)\b", re.IGNORECASE)
_WITH_BE = re.compile(r"\s*(?:(?:when|where|why|how(?: \w+)?)\s+)?(?:is|are|was|were)\b", re.IGNORECASE)
_PREDICATE = re.compile(
    rf"{_WITH_BE.pattern}|\s*(?:(?:when|where|why|how(?: \w+)?|what|who|whom|which \w+)\s+)?"
    r"(?:do|does|did|will|would|can|could|should|must|may|might|has|have|had)\b",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"\w+ed|held|built|made|born|sold|sent|paid|won|lost|found|given|taken|written|done|begun|known|shown|set|put|cut|"
    r"broken|chosen|drawn|driven|fallen|kept|left|led|met|read|said|seen|spent|told|worn|bought|brought|caught|taught",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a text and where it stands in it, without its article.

    `article` is the article, "" where it has none, in the language that the text seems to be in.
    """

    text: str
    span: Span
    kind: PhraseKind
    article: str = ""
    language: str = "en"

    @property
    def named_again(self) -> str:
        """How a later question names it: "the lift" for "a lift"."""
        article = "the" if self.article and self.language == "en" else _UNCONTRACTED.get(self.article, self.article)
        return f"{article} {self.text}".strip()

    @property
    def head(self) -> str:
        """The stem of its last word, which says what it is."""
        return stem(fold(WORD.findall(self.text)[-1]))


def phrases(text: str) -> list[Phrase]:
    """The names, and what articles stand before, in order; a name inside another phrase counts once."""
    found = sorted([*_names(text), *_nouns(text)], key=lambda phrase: (phrase.span[0], -phrase.span[1]))
    kept: list[Phrase] = []
    for phrase in found:
        if not kept or phrase.span[0] >= kept[-1].span[1]:
            kept.append(phrase)
    return _without_predicate(text, kept)


def groups(text: str) -> list[Phrase]:
    """The phrases with what is joined to them: "Kono's meeting with the ministers", "the talks in Mexico City".

    A group is of the kind of its first phrase; after a possessive, of what is possessed.
    """
    found: list[Phrase] = []
    for phrase in phrases(text):
        last = found[-1] if found else None
        between = text[last.span[1] : phrase.span[0]] if last else ""
        if last and _JOINS.fullmatch(between):
            kind = phrase.kind if between.startswith(("'", "’")) else last.kind
            span = (last.span[0], phrase.span[1])
            found[-1] = replace(last, text=text[span[0] : span[1]], span=span, kind=kind)
        else:
            found.append(phrase)
    return found


def _without_predicate(text: str, found: list[Phrase]) -> list[Phrase]:
    """The phrases without the verb that ends an English question: "end" in "when did the talks end?"."""
    last = found[-1] if found else None
    if last is None or text[last.span[1] :].strip(" ?.!") or " " not in last.text or not _PREDICATE.match(text):
        return found
    shorter, _, verb = last.text.rpartition(" ")
    if _WITH_BE.match(text) and not _PARTICIPLE.fullmatch(verb):
        return found
    return [*found[:-1], replace(last, text=shorter, span=(last.span[0], last.span[0] + len(shorter)))]


def bare_phrases(text: str) -> list[Phrase]:
    """The sequences of words that name something and stand in no other phrase, in order.

    The last word of "is throat cancer treatable" says something of it and is left out.
    """
    taken = {phrase.span[0] + word.start() for phrase in phrases(text) for word in WORD.finditer(phrase.text)}
    runs: list[list[re.Match[str]]] = []
    for word in WORD.finditer(text):
        if is_empty(word.group()) or word.group().isdecimal() or word.start() in taken:
            continue
        if runs and not text[runs[-1][-1].end() : word.start()].strip():
            runs[-1].append(word)
        else:
            runs.append([word])
    if runs and len(runs[-1]) > 1 and _IS.match(text) and not text[runs[-1][-1].end() :].strip(" ?.!"):
        runs[-1].pop()
    spans = [(run[0].start(), run[-1].end()) for run in runs]
    return [Phrase(text[start:end], (start, end), "bare") for start, end in spans]


def numbers(text: str) -> list[Phrase]:
    """The numbers of the text, in order."""
    return [Phrase(match.group(), match.span(), "time") for match in _NUMBER.finditer(text)]


def _names(text: str) -> Iterator[Phrase]:
    done = 0
    for name in names(text):
        start = text.index(name, done)
        done = start + len(name)
        bare = _POSSESSIVE.sub("", name)
        yield Phrase(bare, (start, start + len(bare)), kind_of(bare, text[:start]))
        possessed = _run(text, done) if bare != name else done
        if possessed > done + 1:
            first = done + 1
            yield Phrase(text[first:possessed], (first, possessed), "noun")
    for match in _UNSPACED_NAME.finditer(text):
        yield Phrase(match.group(), match.span(), kind_of(match.group()))


def _nouns(text: str) -> Iterator[Phrase]:
    """ "service charge" in "how much was the service charge of 2023": up to the first word that names nothing."""
    done, language = 0, language_by_words(text)
    for match in re.finditer(rf"\b(?:{'|'.join(_ARTICLES[language])})\s+", text, re.IGNORECASE):
        end = _run(text, match.end())
        if match.start() >= done and end > match.end():
            done = end
            article = match.group().strip().lower()
            yield Phrase(text[match.end() : end], (match.end(), end), "noun", article, language)


def _run(text: str, start: int) -> int:
    """Where the words that begin at `start` and name something end."""
    end = start
    for number, word in enumerate(WORD.finditer(text, start)):
        is_end = is_empty(word.group()) and word.group().lower() not in _WITHIN
        if number >= _MAX_WORDS or is_end or text[end : word.start()].strip():
            break
        end = word.end()
        if text[end : end + 1] in ("'", "’") or _POSSESSIVE.search(word.group()):
            break
    return end


def language_by_words(text: str) -> str:
    """The language that the text's frequent words point to; English where they don't."""
    first, *others = [word.lower() for word in WORD.findall(text)] or [""]
    found = {*others, *({first} - _OPENING)}
    counts = {language: len(found & words) for language, words in _ONLY_IN.items()}
    return max(counts, key=lambda language: counts[language])  # of equals the first, English
