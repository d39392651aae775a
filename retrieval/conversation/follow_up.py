"""A question in its conversation -> the queries that it may mean. Pure: no clock, no files, no search in here.

A follow-up is recognised by its form: a pronoun or "the ..." without anything to refer to, or words that make no whole
question. What it refers to is looked for in the turns before that had an answer. Each reading is a question that stands
alone, put together from words of the conversation, so that it can be shown; the library tries them and keeps the one
that is answered best. Forms are those of English, Spanish, Portuguese and Japanese.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.conversation.dependence import (
    ASKING,
    ASKS,
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
from retrieval.conversation.replacing import replaced
from retrieval.conversation.turns import recent
from retrieval.schema import Turn
from retrieval.text import fold, stem, words

SHORT_ANSWER_WORDS = 8
"""An answer of at most this many words names a thing ("the Mothers of Invention"); a longer one describes something."""
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
_ASKED_FOR = re.compile(
    r"\b(?:which|what|how many|how much) (?P<noun>(?:(?!of\b)\w+ ){0,2}?\w+) "
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|must|should)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"\s*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|must|should)\b", re.IGNORECASE
)
_LEADING = re.compile(rf"[\s¿¡]*(?:in |on |at |since |until |by |with |to )?(?:{ASKING})\b", re.IGNORECASE)
_ASKED_JAPANESE = re.compile(r"(?:なぜ|どうして|いつ|どこ|誰|だれ|いくら|何人)(?:から|まで|で|に|が)?")
_WHO_IS = re.compile(r"\s*who (is|was|are|were|has|had|will|can|must) (.*?)[?\s]*$", re.IGNORECASE)
_WHO_DOES = re.compile(r"[\s¿]*(?:who|quién|quem) (.*?)[?\s]*$", re.IGNORECASE)
_ASKS_WHO = re.compile(r"\bwho(?:m|se)?\b|\bqui[eé]n(?:es)?\b|\bquem\b|誰|だれ", re.IGNORECASE)
_SEVERAL = re.compile(r",|\s(?:and|y|e)\s|、|と")  # "Peru, Bolivia and Chile"
_OTHERS = (" else", " más", " mais")  # "who else?" asks for another answer
# "who else?", "any others?": another answer than the last is asked for.
_OTHER = re.compile(r"\b(?:else|others?|more|another|más|otr[oa]s?|mais|outr[oa]s?)\b|ほか|他に", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_REFUSED = re.compile(r"(?:I don[’']t know|CANNOTANSWER|unknown)\W*", re.IGNORECASE)


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
        if turn.kind != "collection" and turn.answer.strip() and not _REFUSED.fullmatch(turn.answer.strip())
        if max(len(turn.question), len(turn.searched)) <= MOST_CHARS
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
    if not words(asked):
        return [turns[-1].searched]
    return {"pronoun": _resolved, "ellipsis": _completed, "definite": _defined}[form](asked, turns)


# Resolving


def _resolved(question: str, turns: Sequence[Turn]) -> list[str]:
    """The question with what its pronoun means in its place, the likeliest first."""
    match = pointing(question)
    assert match is not None
    kind = points_to(match.group())
    meant = _meant(kind, turns)
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
    options = [phrase for phrase, *_ in _meant(points_to(match.group()), turns) if phrase not in question]
    return _put(question, match, options[:1]) if options else question


def _meant(kind: PointsTo, turns: Sequence[Turn]) -> list[list[str]]:
    """Sequences of phrases that a pronoun of this kind may mean after these turns, the likeliest first.

    Where the last turn has none, those before it are looked at in turn. The first of them together with
    what the conversation is about comes last.
    """
    options = next((options for turn in reversed(turns) if (options := _mentioned(kind, turn))), [])
    if same := _meant_before(kind, turns[-1]):
        options = [same, *(option for option in options if option != same)]
    found = [[phrase] for phrase in options[:2]]
    own = " ".join(options[:1])
    topic = persistent_topic(turns)
    last = turns[-1].searched
    others = [topic] if topic not in own and own not in topic else [phrase.named_again for phrase in groups(last)]
    others = [other for other in others if other not in own]
    if others and not _UNSPACED.search(last):
        found.append([*options[:1], *others])
    return found


def persistent_topic(turns: Sequence[Turn]) -> str:
    """The phrase that most of the turns are about, the first of several; "" for none."""
    named = Counter(
        phrase.named_again for turn in turns for phrase in [*groups(turn.searched), *_first_of(turn.answer)]
    )
    return max(named, key=lambda phrase: named[phrase], default="")


def _first_of(answer: str) -> list[Phrase]:
    """The first phrase of an answer."""
    return groups(f"- {answer}")[:1]


def _meant_before(kind: PointsTo, turn: Turn) -> str | None:
    """What a pronoun of this kind was taken to mean in the turn's own question, None where it has none.

    Who is called "she" twice in a row is mostly the same person.
    """
    asked = without_lead_in(turn.question)
    match = pointing(asked)
    if match is None or points_to(match.group()) != kind or match.group().lower() in NEVER_WITHIN:
        return None
    before, after = asked[: match.start()], asked[match.end() :].rstrip(" ?？!.")
    inside = turn.searched[len(before) :]
    end = inside.rfind(after) if after else -1
    if not turn.searched.startswith(before) or end <= 0:
        return None
    return inside[:end].removesuffix("’s").removesuffix("’")


def _mentioned(kind: PointsTo, turn: Turn) -> list[str]:
    """What a pronoun of this kind may mean in the turn, the likeliest first."""
    split = phrases if kind in ("person", "place") else groups
    in_question, in_answer = split(turn.searched), split(f"- {turn.answer}")
    is_short = _is_short(turn.answer)
    if not is_short:
        has_person = kind != "person" or any(phrase.kind in ("person", "open") for phrase in in_question)
        in_answer = [] if in_question and has_person else in_answer[:1]
    if kind == "person":
        found = [phrase for phrase in in_question if phrase.kind in ("person", "open")]
        people = [phrase for phrase in in_answer if phrase.kind in ("person", "open")]
        found = people + found if _ASKS_WHO.search(turn.searched) else found + people
    elif kind == "place":
        found = [phrase for phrase in in_answer + in_question if phrase.kind in ("country", "thing", "open")]
    else:
        things = [phrase for phrase in in_question if phrase.kind in ("thing", "noun")]
        found = things + [phrase for phrase in in_question if phrase not in things]
        found += [phrase for phrase in in_answer if phrase.kind != "time"]
        bare = sorted(bare_phrases(turn.searched), key=lambda phrase: -len(phrase.text))
        if all(phrase.kind == "noun" for phrase in found) and not in_question and not is_short:
            found = bare + found  # a long answer speaks of much
        found = found or bare
    options = [phrase.named_again for phrase in found]
    if kind in ("many", "thing") and (asked_for := _ASKED_FOR.match(turn.searched)):
        is_named = any(phrase.kind in ("thing", "noun") for phrase in in_question)
        if kind == "many" or not is_named:
            options.insert(0, f"the {asked_for['noun']}")
    if kind != "person" and is_short and not re.search(r"\d", turn.answer) and content(turn.answer):
        options.insert(0 if kind == "many" and _SEVERAL.search(turn.answer) else 1, turn.answer.strip(" ."))
    return options


def _is_short(answer: str) -> bool:
    return len(WORD.findall(answer)) <= SHORT_ANSWER_WORDS


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
        short_answer = last.answer.strip(" .") if _is_short(last.answer) else ""
        return _asked_instead(bare["asking"], last.searched, short_answer)
    if ASKS.search(question):
        return _defined(question, turns)
    if not content(question):  # "tell me more"
        return [last.searched]
    new = question.strip(" ?？!.").removesuffix("は")
    options = [*replaced(last.searched, new), with_topic(last.searched, new)]
    if _UNSPACED.search(new) and (topic := phrases(last.searched)[:1]):  # "費用は？" of what was asked about
        options.insert(len(options) - 1, f"{topic[0].text}の{new}は？")
    return options


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
    elif _UNSPACED.search(before):
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
