"""A question in its conversation -> the queries that it may mean. Pure: no clock, no files, no search in here.

A follow-up is recognised by its form: a pronoun or "the ..." without anything to refer to, or words that make no whole
question. What it refers to is looked for in the turns before that had an answer. Each reading is a question that stands
alone, put together from words of the conversation, so that it can be shown; the library tries them and keeps the one
that is answered best. Forms are those of English, Spanish, Portuguese and Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.conversation.dependence import (
    ASKING,
    ASKS,
    AUXILIARY,
    BARE,
    BARE_JAPANESE,
    MOST_CHARS,
    NEVER_WITHIN,
    OBJECT,
    POSSESSIVES,
    FollowUp,
    PointsTo,
    follow_up,
    pointing,
    points_to,
    without_lead_in,
)
from retrieval.conversation.names import WORD, content
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, groups, phrases
from retrieval.conversation.referents import UNSPACED, is_short, meant_by, persistent_topic
from retrieval.conversation.replacing import has_preposition, replaced
from retrieval.conversation.turns import recent
from retrieval.schema import Turn
from retrieval.text import fold, stem, words

_FEW_WORDS = 3  # words that name something in a question that may have its topic from the last one, at most

_WITH_PREPOSITION = {
    **{"there": "in", "allí": "en", "allá": "en", "ahí": "en", "lá": "em", "ali": "em", "aí": "em"},
    **{
        "nele": "em",
        "nela": "em",
        "nisso": "em",
        "disso": "de",
        "dele": "de",
        "dela": "de",
        "deles": "de",
        "delas": "de",
    },
}
_DEMONSTRATIVES = frozenset(
    "this that these those such este esta estos estas ese esa esos esas esse essa esses essas".split()
)
_OWNERS = frozenset("su sus seu sua seus suas".split())  # "su altura" is "altura de ..."
_ONE_OF_KIND = re.compile(r"\b(?:the|that|this)\s+((?:\w+\s+){0,2})ones?\b", re.IGNORECASE)  # "the second one"
_YES_NO = re.compile(rf"\s*{AUXILIARY}\b", re.IGNORECASE)
_LEADING = re.compile(rf"[\s¿¡]*(?:in |on |at |since |until |by |with |to )?(?:{ASKING})\b", re.IGNORECASE)
_ASKED_JAPANESE = re.compile(r"(?:なぜ|どうして|いつ|どこ|誰|だれ|いくら|何人)(?:から|まで|で|に|が)?")
_WHO_IS = re.compile(r"\s*who (is|was|are|were|has|had|will|can|must) (.*?)[?\s]*$", re.IGNORECASE)
_WHO_DOES = re.compile(r"[\s¿]*(?:who|quién|quem) (.*?)[?\s]*$", re.IGNORECASE)
_OTHERS = (" else", " más", " mais")  # "who else?" asks for another answer
# "who else?", "any others?": another answer than the last is asked for.
_OTHER = re.compile(r"\b(?:else|others?|more|another|más|otr[oa]s?|mais|outr[oa]s?)\b|ほか|他に", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: the query that stands alone, and what the conversation has to do with it.

    `documents` are those cited in the turn it refers to; empty where it refers to none. `form` is None for the question
    alone. `besides` is the answer that the question asks for another than ("who else?"), "" for none.
    """

    query: str
    form: FollowUp | Literal["correction"] | None = None
    documents: tuple[str, ...] = ()
    besides: str = ""


def contextualise(question: str, history: Sequence[Turn]) -> str:
    """The likeliest query by form alone: the question, or what it means after these turns, oldest first."""
    found = readings(question, history)
    return found[0].query if found else question


def readings(question: str, history: Sequence[Turn]) -> list[Reading]:
    """What a follow-up may mean after these turns, oldest first, the likeliest first; empty where it stands alone."""
    if not words(question):  # only restrictions: the same question elsewhere
        return [Reading(turn.searched, "ellipsis") for turn in standing_alone(recent(history))[-1:]]
    turns = standing_alone(answered(recent(history)))
    form = follow_up(question) if turns else None
    if form is None:
        return []
    queries = [query for query in _in_full(question, form, turns) if query.strip() and len(query) <= 2 * MOST_CHARS]
    different = dict.fromkeys(query for query in queries if query != question)
    last = turns[-1]
    besides = last.answer if _OTHER.search(question) else ""
    return [Reading(query, form, last.documents, besides) for query in different]


def in_topic(question: str, history: Sequence[Turn]) -> list[Reading]:
    """A short question that may stand alone, with the topic of the last one; empty for one that names something."""
    turns = standing_alone(answered(recent(history)))
    if not turns or phrases(question) or len(content(question)) > _FEW_WORDS:
        return []
    queries = _defined(question, turns)
    return [Reading(query, "definite", turns[-1].documents) for query in queries if query != question]


def answered(history: Sequence[Turn]) -> list[Turn]:
    """The turns whose answer was found in the documents: nothing is carried over from the others.

    A question about the collection has its answer from no passage, and its words are no topic.
    """
    return [
        turn
        for turn in history
        if turn.kind != "collection"
        and turn.answer.strip()
        and max(len(turn.question), len(turn.searched)) <= MOST_CHARS
    ]


def standing_alone(history: Sequence[Turn]) -> list[Turn]:
    """The turns with the query that each one means; where it is not known what was searched, that is worked out."""
    done: list[Turn] = []
    for turn in history:
        form = follow_up(turn.question) if done and not turn.searched else None
        found = _in_full(turn.question, form, done) if form else []
        done.append(replace(turn, searched=turn.searched or (found[0] if found else turn.question)))
    return done


def _in_full(question: str, form: FollowUp, turns: Sequence[Turn]) -> list[str]:
    """What a follow-up of that form means after these turns, the likeliest first."""
    asked = without_lead_in(question) or question.strip()
    return {"pronoun": _resolved, "ellipsis": _completed, "definite": _defined}[form](asked, turns)


# Resolving


def _resolved(question: str, turns: Sequence[Turn]) -> list[str]:
    """The question with what its pronoun means in its place, the likeliest first."""
    match = pointing(question)
    assert match is not None
    kind = points_to(match.group())
    meant = meant_by(kind, turns)
    if one := _ONE_OF_KIND.search(question):
        nouns = [phrase for phrase in phrases(turns[-1].searched) if phrase.kind in ("noun", "thing")]
        return [
            f"{question[: one.start()]}the {one[1]}{phrase.text.split()[-1]}{question[one.end() :]}" for phrase in nouns
        ] + [with_topic(question, " ".join(phrase)) for phrase in meant]
    if match.group().lower() in _DEMONSTRATIVES and content(question[match.end() :].split("?")[0])[:1]:
        return _defined(question, turns)
    if match.group().lower() in NEVER_WITHIN and question[match.end() :].strip(" ?？!."):
        return [with_topic(question, " ".join(phrase)) for phrase in meant]
    return [_second_put(_put(question, match, phrase), kind, turns) for phrase in meant]


def _second_put(question: str, done: PointsTo, turns: Sequence[Turn]) -> str:
    """The question with what a pronoun of another kind means: "when did Ana paint it?" also has a painting."""
    match = pointing(question)
    if match is None or match.group().lower() in NEVER_WITHIN or points_to(match.group()) == done:
        return question
    options = [phrase for phrase, *_ in meant_by(points_to(match.group()), turns) if phrase not in question]
    return _put(question, match, options[:1]) if options else question


def _put(question: str, match: re.Match[str], meant: Sequence[str]) -> str:
    """The question with the first phrase in place of the pronoun, the others behind it.

    "su altura" becomes "altura de ...", and "lo firmó" becomes "firmó ...".
    """
    phrase, *others = meant
    before, pronoun, after = question[: match.start()], match.group().lower(), question[match.end() :]
    next_word = WORD.match(after.lstrip())
    moved = f"{before}{next_word.group()} {{}}{after.lstrip()[next_word.end() :]}" if next_word else ""
    if moved and pronoun in _OWNERS:
        whole = moved.format(_of(phrase))
    elif moved and OBJECT.match(question, match.start()):
        whole = moved.format(phrase)
    elif pronoun in _WITH_PREPOSITION:
        preposition = _WITH_PREPOSITION[pronoun]
        whole = f"{before}{_of(phrase) if preposition == 'de' else f'{preposition} {phrase}'}{after}"
    elif pronoun in POSSESSIVES and pronoun not in _OWNERS:
        whole = f"{before}{phrase}{'’' if phrase.endswith('s') else '’s'}{after}"
    else:
        whole = f"{before}{phrase}{'の' if pronoun in ('その', 'この', 'あの') else ''}{after}"
    return with_topic(whole, " ".join(others))


def _of(phrase: str) -> str:
    """ "de" and the phrase, contracted with its article: "del puente", "da cidade"."""
    article, _, rest = phrase.partition(" ")
    contracted = {"el": "del", "o": "do", "a": "da", "os": "dos", "as": "das"}.get(article)
    return f"{contracted} {rest}" if contracted and rest else f"de {phrase}"


def _completed(question: str, turns: Sequence[Turn]) -> list[str]:
    """A question that says only what is new, as a whole question."""
    last = turns[-1]
    if bare := BARE.fullmatch(question) or BARE_JAPANESE.fullmatch(question):
        short_answer = last.answer.strip(" .") if is_short(last.answer) else ""
        return _asked_instead(bare["asking"], last.searched, short_answer)
    if ASKS.search(question):
        return _defined(question, turns)
    if not content(question):  # "tell me more"
        return [last.searched]
    new = question.strip(" ?？!.").removesuffix("は")
    options = replaced(last.searched, new)
    is_added = not options or has_preposition(new)
    if UNSPACED.search(new) and (topic := phrases(last.searched)[:1]):  # "費用は？" of what was asked about
        options.append(f"{topic[0].text}の{new}は？")
    return [*options, with_topic(last.searched, new)] if is_added else options


def _asked_instead(asking: str, before: str, answer: str) -> list[str]:
    """The question before with another question word: "why?" after "who is leaving?" asks why the answer is leaving."""
    options = []
    if asking.endswith(_OTHERS):
        answer = ""
    if answer and (who := _WHO_IS.match(before)):
        options.append(f"{asking} {who[1]} {answer} {who[2]}".strip())
    elif answer and (who := _WHO_DOES.match(before)):
        options.append(f"{asking} {answer} {who[1]}")
    if _YES_NO.match(before):
        options.append(f"{asking} {before.strip()}")
    elif leading := _LEADING.match(before):
        options.append(f"{asking}{before[leading.end() :]}")
    elif asked := _ASKED_JAPANESE.search(before):
        options.append(f"{before[: asked.start()]}{asking}{before[asked.end() :]}")
    elif UNSPACED.search(before):
        options.append(f"{asking}{before}")
    else:
        options.append(" ".join([asking, *content(before)]))
    return [*options, with_topic(options[-1], answer)] if answer else options


def with_topic(question: str, topic: str) -> str:
    """The question with more words before its question mark."""
    bare = question.rstrip(" ?？!.")
    mark = question[len(bare) :].strip()
    return f"{bare} {topic}{mark}" if topic else question


def _defined(question: str, turns: Sequence[Turn]) -> list[str]:
    """The question with "the ..." told in full where it was before, and with the topic of the last question."""
    if not ASKS.search(question):
        return _completed(question, turns)
    said = [phrase for turn in reversed(turns) for phrase in phrases(turn.searched) + phrases(f"- {turn.answer}")]
    full = question
    for phrase in reversed(phrases(question)):
        longer = next((one for one in said if _is_longer(one, phrase)), None)
        if longer:
            full = f"{full[: phrase.span[0]]}{longer.text}{full[phrase.span[1] :]}"
    own = {stem(word) for word, _ in words(full)}
    last = turns[-1].searched
    about = groups(last) or bare_phrases(last)
    topic = [one.named_again for one in about if own.isdisjoint(stem(word) for word in map(fold, content(one.text)))]
    main = persistent_topic(turns)
    further = [main] if main and own.isdisjoint(stem(fold(word)) for word in content(main)) else []
    return [
        *([with_topic(full, " ".join(topic))] if topic else []),
        *([full] if full != question else []),
        *(with_topic(full, phrase) for phrase in further if phrase not in topic),
    ]


def _is_longer(said: Phrase, phrase: Phrase) -> bool:
    """Whether the phrase said before is the same thing told in full: it ends in the same word and has more."""
    return phrase.kind == "noun" and said.head == phrase.head and len(said.text) > len(phrase.text)
