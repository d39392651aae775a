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

from retrieval.conversation.names import content
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, groups, phrases
from retrieval.conversation.replacing import replaced
from retrieval.conversation.turns import recent
from retrieval.schema import Turn
from retrieval.text import fold, stem, words

FollowUp = Literal["pronoun", "ellipsis", "definite"]
"""How a question depends on those before it; the last may also be meant by itself."""

SHORT_ANSWER_WORDS = 8
"""An answer of at most this many words names a thing ("the Mothers of Invention"); a longer one describes something."""
_FEW_WORDS = 3  # content words that a continuation such as "and in Peru?" has at most

_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_OPENER = re.compile(
    r"(?:(?:ok|okay|so|well|y|e|and|but|or|then|pero|mas|ou|o)\b[\s,]*)*"
    r"(?:(?:what|how) about|what else|who else|where else|anything else|any others?|and|but|or|y|pero|e|mas|ou|"
    r"qué más|quién más|algo más|qué hay de|o que mais|quem mais|mais alguma coisa|e quanto a)\b"
    r"|(?:では|じゃあ|じゃ|それで|それでは|ほかに|他に)",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"(?:(?:ok|okay|so|well|and|but|or|then|also|y|e|pero|mas|entonces|então|what about|how about|qué hay de|e quanto a)\b"
    r"[\s,.!]*)+|(?:では|じゃあ|じゃ|それで|それでは)[、\s]*",
    re.IGNORECASE,
)
_PERSON = "he him his himself she her hers herself él ella ele ela dele dela 彼 彼女".split()
_PLACE = "there allí allá ahí lá ali aí そこ そちら あそこ".split()
_MANY = "they them their theirs these those both ellos ellas sus esos esas eles elas deles delas seus suas".split()
_THING = (
    "it its itself this that one ones such su lo esto eso ese esa ello dicho dicha "
    "seu sua isso isto esse essa disso nisso nele nela それ その この これ あの あれ"
).split()
_POINTING = {
    **dict.fromkeys(_PERSON, "person"),
    **dict.fromkeys(_PLACE, "place"),
    **dict.fromkeys(_MANY, "many"),
    **dict.fromkeys(_THING, "thing"),
}
_POSSESSIVES = frozenset("his her its their theirs hers su sus seu sua seus suas dele dela deles delas".split())
_DEFINITE = frozenset("the el la los las o a os as do da dos das no na nos nas ao à".split())
_DEMONSTRATIVES = frozenset(
    "this that these those such este esta estos estas ese esa esos esas esse essa esses essas".split()
)
_NEVER_WITHIN = frozenset("one ones this that these those such".split())
_CLAUSE = re.compile(
    r"\b(?:when|while|because|if|after|before|since|until|that|although|as|so|who|which|and|but|cuando|mientras|si|"
    r"después|antes|que|quando|enquanto|se|depois|porque|y|e|pero|mas)\b[^,]*$",
    re.IGNORECASE,
)
_THERE = {"there": "in", "allí": "en", "allá": "en", "ahí": "en", "lá": "em", "ali": "em", "aí": "em"}
_JAPANESE_POINTING = re.compile(
    r"それ(?!ぞれ|で|では|でも|なら)|その(?!他|まま)|この|これ(?!から)|あの|あれ|彼女?|そこ|そちら"
)
_BE = frozenset(["is", "are", "was", "were", "be", "been"])
# "is it allowed to ...", "how long does it take to ...", "what time is it": nothing is meant by "it".
_EXPLETIVE = re.compile(
    r"\bit(?:\s+\w+){1,3}\s+(?:to|that|for|if|when|whether)\b|\b(?:is|was|will|would|can) it (?:rain|snow|dark|cold|hot|late|early)"
    r"|\bwhat time is it\b|\bhow long (?:does|did|will|would|has) it (?:take|been)\b(?!\s*\??$)",
    re.IGNORECASE,
)
_ANTECEDENT = re.compile(
    r"\b(?:which|what|how many|how much)\s+(?:\w+\s+)?\w{3,}(?:s|people|men|women|children)\b", re.IGNORECASE
)
_ASKED_FOR = re.compile(
    r"\b(?:which|what|how many|how much) (?!else\b)(?P<noun>(?:(?!of\b)\w+ ){0,2}?\w+) "
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|must|should)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"\s*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|must|should)\b", re.IGNORECASE
)
_TIME_WORDS = frozenset(
    "year month week day morning evening afternoon time moment way case ano mês semana año mes vez".split()
)
_ASKING = (
    r"why|when|where|who|whom|whose|how(?: (?:much|many|long|old|far|often|big|large|high|tall|fast))?|since when|until when|"
    r"what time|by whom|with whom|to whom|where exactly|how come|"
    r"por qué|por que|porque|cuándo|cuando|dónde|donde|quién|quien|cómo|como|cuánt[oa]s?|desde cuándo|hasta cuándo|"
    r"quando|onde|quem|quant[oa]s?|desde quando|até quando"
)
BARE = re.compile(rf"(?P<asking>{_ASKING})(?: (?:exactly|so|not|then|exactamente|exatamente))?[\s?!.…]*", re.IGNORECASE)
_LEADING = re.compile(rf"[\s¿¡]*(?:in |on |at |since |until |by |with |to )?(?:{_ASKING})\b", re.IGNORECASE)
_BARE_JAPANESE = re.compile(
    r"(?:なぜ|どうして|いつ|どこ|誰|だれ|いくら|何人)(?:から|まで|で|に|が)?(?:ですか|なの|だったの|でしたか)?[?？。]*"
)
ASKS = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|"
    r"had|qué|quién|cuándo|dónde|cuánt[oa]s?|cómo|hay|es|son|está|están|fue|fueron|hubo|tiene|tienen|"
    r"quem|quando|onde|quant[oa]s?|qual|quais|há|é|são|estão|foi|foram|tem|têm)\b|か[?？。]*$",
    re.IGNORECASE,
)
"""Words that a whole question has, unlike "and in Peru?"."""
_WHO_IS = re.compile(r"\s*who (is|was|are|were|has|had|will|can|must) (.*?)[?\s]*$", re.IGNORECASE)
_WHO_DOES = re.compile(r"\s*(?:who|quién|quem) (.*?)[?\s]*$", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_THE_ONE = re.compile(
    r"(?:the|that|this)?\s*(?:\w+\s+){0,3}ones?(?:\s+(?:in|from|with|of|at|on|for)\s+[\w\s]+)?[?!. ]*", re.IGNORECASE
)
_ONE_OF_KIND = re.compile(r"\b(?:the|that|this)\s+((?:\w+\s+){0,2})ones?\b", re.IGNORECASE)
_REFUSED = re.compile(r"(?:I don[’']t know|CANNOTANSWER|unknown)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: the query that stands alone, and what the conversation has to do with it.

    `documents` are those cited in the turn it refers to; empty where it refers to none. `form` is None for the question
    alone.
    """

    query: str
    form: FollowUp | Literal["correction"] | None = None
    documents: tuple[str, ...] = ()


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
    different = dict.fromkeys(query for query in _in_full(question, form, turns) if query.strip() and query != question)
    return [Reading(query, form, turns[-1].documents) for query in different]


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
    asked = _without_lead_in(question) or question.strip()
    if not words(asked):
        return [turns[-1].searched]
    return {"pronoun": _resolved, "ellipsis": _completed, "definite": _defined}[form](asked, turns)


# Recognising


def follow_up(question: str) -> FollowUp | None:
    """How a question depends on the turns before it; None where it stands alone.

    "pronoun": a pronoun in it has nothing before it to refer to. "ellipsis": it opens like a continuation and says
    little ("and in 2021?"), or has no content word at all ("why?"). "definite": "the ..." of something that it does not
    name ("who are the members?").
    """
    asked = _without_lead_in(question)
    if _THE_ONE.fullmatch(asked) and not ASKS.search(asked):
        return "ellipsis"
    if pointing(asked):
        return "pronoun"
    if BARE.fullmatch(asked) or _BARE_JAPANESE.fullmatch(asked) or not content(asked):
        return "ellipsis"
    is_continued = _OPENER.match(question.strip().lstrip("¿¡")) is not None
    if is_continued and len(content(asked)) <= _FEW_WORDS and not (ASKS.search(asked) and phrases(asked)):
        return "ellipsis"
    if asked.rstrip("?？ ").endswith("は") and len(asked) <= 20:  # "2021年は？"
        return "ellipsis"
    if is_continued or _lacks_subject(asked) or (len(content(asked)) <= 2 and not ASKS.search(asked)):
        return "definite"
    return None


def _without_lead_in(question: str) -> str:
    """The question without the words that only join it to what was said before: "and ", "so "."""
    asked = question.strip().lstrip("¿¡")
    found = _LEAD_IN.match(asked)
    return asked[found.end() :] if found else asked


def pointing(question: str) -> re.Match[str] | None:
    """The first word that points back to what was said before; None where each has something to refer to."""
    if found := _JAPANESE_POINTING.search(question):
        return found
    matches = list(_WORD.finditer(question))
    folded = [match.group().lower() for match in matches]
    for position, match in enumerate(matches):
        if _points_back(question, folded, position) and not _has_antecedent(
            question[: match.start()], folded, position
        ):
            return match
    return None


def _points_back(question: str, folded: list[str], position: int) -> bool:
    word, before, after = folded[position], folded[max(position - 1, 0) : position], folded[position + 1 : position + 2]
    if word not in _POINTING:
        return False
    if word == "there":  # "is there a treaty" does not point back, "who lives there" does
        return not _BE.intersection(before + after)
    if word == "that":  # "said that ..." and "ports that ..." do not point back
        return not before or before[0] in (
            _BE | {"does", "did", "do", "about", "of", "for", "in", "at", "and", "after", "before", "why"}
        )
    if (
        word in ("this", "that", "these", "those", "este", "esta", "esse", "essa", "ese", "esa")
        and set(after) & _TIME_WORDS
    ):
        return False
    if word in ("one", "ones"):  # "the one with Peru", "that one"; not "one of", "one country"
        return bool(before) and before[0] in (
            "the",
            "this",
            "that",
            "which",
            "first",
            "second",
            "third",
            "last",
            "other",
        )
    if word == "lo":  # "lo que" is "what"
        return bool(after) and after[0] != "que" and bool(before)
    if word in ("such", "this", "these", "those"):
        return True
    return not (word == "it" and _EXPLETIVE.search(question))


def _has_antecedent(before: str, folded: list[str], position: int) -> bool:
    """Whether something in the question itself, before the pronoun, may be what it means.

    In one clause, only a possessive can mean what the clause names already: "did Chile open its ports", but not "did
    Chile sign it".
    """
    if folded[position] in _NEVER_WITHIN or folded[position - 1 : position] == ["of"]:
        return False
    named = [phrase.span[1] for phrase in phrases(before)] + [found.end() for found in _ANTECEDENT.finditer(before)]
    return bool(named) and (folded[position] in _POSSESSIVES or bool(_CLAUSE.search(before, min(named))))


def _lacks_subject(question: str) -> bool:
    """Whether it names nothing but one or more "the ..." that it does not say more of ("of ...", "that ...")."""
    found = phrases(question)
    if not found or any(phrase.kind != "noun" or phrase.article not in _DEFINITE for phrase in found):
        return False
    if len(content(question)) > 2 * _FEW_WORDS:
        return False
    last = found[-1]
    return not re.match(
        r"\s+(?:of|for|in|between|with|that|who|which|de|del|da|do|em|en|entre|para|que|to|from|on|at|by)\b",
        question[last.span[1] :],
    )


# Resolving


def _resolved(question: str, turns: Sequence[Turn]) -> list[str]:
    """The question with what its pronoun means in its place, the likeliest first."""
    match = pointing(question)
    assert match is not None
    kind = _POINTING.get(match.group().lower(), "thing")
    meant = _meant(kind, turns)
    if one := _ONE_OF_KIND.search(question):
        nouns = [phrase for phrase in phrases(turns[-1].searched) if phrase.kind in ("noun", "thing")]
        return [
            f"{question[: one.start()]}the {one[1]}{phrase.text.split()[-1]}{question[one.end() :]}" for phrase in nouns
        ] + [with_topic(question, " ".join(phrase)) for phrase in meant]
    if match.group().lower() in _DEMONSTRATIVES and content(question[match.end() :].split("?")[0])[:1]:
        return _defined(question, turns)
    if match.group().lower() in _NEVER_WITHIN:
        return [with_topic(question, " ".join(phrase)) for phrase in meant]
    return [_put(question, match, phrase) for phrase in meant]


def _meant(kind: str, turns: Sequence[Turn]) -> list[list[str]]:
    """Sequences of phrases that a pronoun of this kind may mean after these turns, the likeliest first.

    Where the last turn has none, those before it are looked at in turn. The words of the last question come last.
    """
    options = next((found for turn in reversed(turns) if (found := _mentioned(kind, turn))), [])
    if same := _meant_before(kind, turns[-1]):
        options = [same, *(option for option in options if option != same)]
    found = [[phrase] for phrase in options[:2]]
    topic = persistent_topic(turns)
    if topic and not any(topic in option or option in topic for option in options[:1]):
        found.append([*options[:1], topic])
    return found


def persistent_topic(turns: Sequence[Turn]) -> str:
    """The phrase that most of the turns are about, the first of several; "" for none."""
    named = Counter(phrase.named_again for turn in turns for phrase in {*groups(turn.searched), *_first_of(turn.answer)})
    return max(named, key=lambda phrase: named[phrase], default="")


def _first_of(answer: str) -> list[Phrase]:
    """The first phrase of an answer."""
    return groups(f"- {answer}")[:1]


def _meant_before(kind: str, turn: Turn) -> str | None:
    """What a pronoun of this kind was taken to mean in the turn's own question, None where it has none.

    Who is called "she" twice in a row is mostly the same person.
    """
    asked = _without_lead_in(turn.question)
    match = pointing(asked)
    if match is None or _POINTING.get(match.group().lower()) != kind or match.group().lower() in _NEVER_WITHIN:
        return None
    before, after = asked[: match.start()], asked[match.end() :].rstrip(" ?？!.")
    inside = turn.searched[len(before) :]
    end = inside.rfind(after) if after else -1
    if not turn.searched.startswith(before) or end <= 0:
        return None
    return inside[:end].removesuffix("’s").removesuffix("’")


def _mentioned(kind: str, turn: Turn) -> list[str]:
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
        found = people + found if _asks_who(turn.searched) else found + people
    elif kind == "place":
        found = [phrase for phrase in in_answer + in_question if phrase.kind in ("country", "thing", "open")]
    else:
        things = [phrase for phrase in in_question if phrase.kind in ("thing", "noun")]
        found = things + [phrase for phrase in in_question if phrase not in things]
        found += [phrase for phrase in in_answer if phrase.kind != "time"]
        found = found or sorted(bare_phrases(turn.searched), key=lambda phrase: -len(phrase.text))
    options = [phrase.named_again for phrase in found]
    if kind in ("many", "thing") and (asked_for := _ASKED_FOR.match(turn.searched)):
        is_named = any(phrase.kind in ("thing", "noun") for phrase in in_question)
        if kind == "many" or not is_named:
            options.insert(0, f"the {asked_for['noun']}")
    if kind != "person" and is_short and not re.search(r"\d", turn.answer) and content(turn.answer):
        options.insert(1, turn.answer.strip(" ."))
    return options


def _is_short(answer: str) -> bool:
    return len(_WORD.findall(answer)) <= SHORT_ANSWER_WORDS


def _asks_who(question: str) -> bool:
    return bool(re.search(r"\bwho(?:m|se)?\b|\bqui[eé]n(?:es)?\b|\bquem\b|誰|だれ", question, re.IGNORECASE))


def _put(question: str, match: re.Match[str], meant: Sequence[str]) -> str:
    """The question with the first phrase in place of the pronoun, the others behind it."""
    phrase, *others = meant
    if match.group() in ("その", "この", "あの"):
        phrase += "の"
    if match.group().lower() in _POSSESSIVES:
        phrase += "’" if phrase.endswith("s") else "’s"
    elif match.group().lower() in _THERE:
        phrase = f"{_THERE[match.group().lower()]} {phrase}"
    return with_topic(f"{question[: match.start()]}{phrase}{question[match.end() :]}", " ".join(others))


def _completed(question: str, turns: Sequence[Turn]) -> list[str]:
    """A question that says only what is new, as a whole question."""
    last = turns[-1]
    bare = BARE.fullmatch(question)
    short_answer = last.answer.strip(" .") if _is_short(last.answer) else ""
    if bare or not content(question) or _BARE_JAPANESE.fullmatch(question):
        asking = bare["asking"] if bare else question.strip(" ?？!")
        return _asked_instead(asking, last.searched, short_answer)
    if ASKS.search(question):
        return _defined(question, turns)
    new = question.strip(" ?？!.").removesuffix("は")
    return [*replaced(last.searched, new), with_topic(last.searched, new)]


def _asked_instead(asking: str, before: str, answer: str) -> list[str]:
    """The question before with another question word: "why?" after "who is leaving?" asks why the answer is leaving."""
    options = []
    if answer and (who := _WHO_IS.match(before)):
        options.append(f"{asking} {who[1]} {answer} {who[2]}".strip())
    elif answer and (who := _WHO_DOES.match(before)):
        options.append(f"{asking} {answer} {who[1]}")
    if _YES_NO.match(before):
        options.append(f"{asking} {before.strip()}")
    elif leading := _LEADING.match(before):
        options.append(f"{asking}{before[leading.end() :]}")
    elif not before.isascii() and _UNSPACED.search(before):
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
    topic = [one.named_again for one in groups(last) if not {stem(word) for word, _ in words(one.text)} <= own]
    topic = topic or [word for word in content(last) if stem(fold(word)) not in own]
    return [with_topic(full, " ".join(topic)), *([full] if full != question else [])]


def _is_longer(said: Phrase, phrase: Phrase) -> bool:
    """Whether the phrase said before is the same thing told in full: it ends in the same word and has more."""
    return phrase.kind == "noun" and said.head == phrase.head and len(said.text) > len(phrase.text)
