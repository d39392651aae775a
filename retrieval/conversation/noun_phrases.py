"""The phrases of a question that a later one may refer to or replace: names, "the ..." and numbers. Pure.

No word is analysed: a phrase is told by capitals, by an article before it, and by the function words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.conversation.names import NameKind, is_empty, kind_of, names
from retrieval.schema import Span
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
    "es": "el los las qué quién cuál cuándo dónde cómo cuánto cuánta cuántos cuántas y del con se fue hay por es va una".split(),
    "pt": "o os que quem qual quando onde como quanto quanta quantos quantas e do da dos das não foi há por é vai uma em "
    "com ao no na".split(),
}
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d(?:[\d.,]*\d)?(?![A-Za-z\d])")
_UNSPACED_NAME = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}|[\u4e00-\u9fff々]{2,}")
_JOINS = re.compile(
    r"\s+(?:(?:of|in|with|for|between|and|at|on|from|to|per|about|the|a|an|"
    r"de|del|da|do|das|dos|en|em|no|na|nos|nas|con|com|para|entre|por|y|e|la|el|los|las|o|os|as)\s+)*|['’]s?\s+|[のと]",
    re.IGNORECASE,
)
_MAX_WORDS = 4
_WITHIN = frozenset("own other only same".split())
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

    `article` is the article, "" where it has none.
    """

    text: str
    span: Span
    kind: PhraseKind
    article: str = ""

    @property
    def named_again(self) -> str:
        """How a later question names it: "the lift" for "a lift"."""
        return f"the {self.text}" if self.article in _ARTICLES["en"] else f"{self.article} {self.text}".strip()

    @property
    def head(self) -> str:
        """The stem of its last word, which says what it is."""
        return stem(fold(_WORD.findall(self.text)[-1]))


def phrases(text: str) -> list[Phrase]:
    """The names, and what articles stand before, in order; a name inside another phrase counts once."""
    found = sorted([*_names(text), *_nouns(text)], key=lambda phrase: (phrase.span[0], -phrase.span[1]))
    kept: list[Phrase] = []
    for phrase in found:
        if not kept or phrase.span[0] >= kept[-1].span[1]:
            kept.append(phrase)
    return kept


def groups(text: str) -> list[Phrase]:
    """The phrases with what is joined to them: "Kono's meeting with the ministers", "the talks in Mexico City".

    A group is of the kind of its first phrase; after a possessive, of what is possessed.
    """
    found: list[Phrase] = []
    for phrase in _without_predicate(text, phrases(text)):
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

    In "is throat cancer treatable" that is all but the first word, for no word tells where the noun ends.
    """
    taken = [phrase.span for phrase in phrases(text)]
    runs: list[list[re.Match[str]]] = []
    for word in _WORD.finditer(text):
        if is_empty(word.group()) or any(start <= word.start() < end for start, end in taken):
            continue
        if runs and not text[runs[-1][-1].end() : word.start()].strip():
            runs[-1].append(word)
        else:
            runs.append([word])
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
    done = 0
    for match in re.finditer(rf"\b(?:{'|'.join(_articles(text))})\s+", text, re.IGNORECASE):
        end = _run(text, match.end())
        if match.start() >= done and end > match.end():
            done = end
            yield Phrase(text[match.end() : end], (match.end(), end), "noun", match.group().strip().lower())


def _run(text: str, start: int) -> int:
    """Where the words that begin at `start` and name something end."""
    end = start
    for number, word in enumerate(_WORD.finditer(text, start)):
        is_end = is_empty(word.group()) and word.group().lower() not in _WITHIN
        if number >= _MAX_WORDS or is_end or text[end : word.start()].strip():
            break
        end = word.end()
        if text[end : end + 1] in ("'", "’") or _POSSESSIVE.search(word.group()):
            break
    return end


def _articles(text: str) -> list[str]:
    """The articles of the language that the text's frequent words point to; of English where they don't."""
    found = {word.lower() for word in _WORD.findall(text)}
    counts = {language: len(found & set(words)) for language, words in _ONLY_IN.items()}
    best = max(counts, key=lambda language: counts[language])
    is_english = counts[best] == 0 or "the" in found or len(set(counts.values())) == 1
    return _ARTICLES["en"] if is_english else _ARTICLES[best]
