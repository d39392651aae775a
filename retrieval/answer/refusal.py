"""What a refusal says of the question's words: those that no document has, and what they may be meant for."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.answer.spelling import correct_spelling, is_foreign, is_known, near_spelling
from retrieval.index.store import Store
from retrieval.language import is_function_word, language_of
from retrieval.text import DEFAULT_LANGUAGE, STOP_WORDS, content_words, fold


def unknown_words(
    question: str, store: Store, is_common_word: Callable[[str], bool]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The question's words, as typed, that no passage has; and for those close to a word of the documents, that word.

    Function words are not listed, and nothing is for a question in another language than the documents. A common word
    in lower case is taken to be what was meant. A word close to a stop word ("teh") is a typo, and not missing.
    """
    unknown = [word for word in content_words(question) if not is_known(word, store)]
    if not unknown:
        return (), {}
    language = language_of(correct_spelling(question, store, is_common_word))
    if is_foreign(language, store):
        return (), {}
    asked_in = language or next(iter(store.languages), DEFAULT_LANGUAGE)
    unknown = [w for w in unknown if not (_is_no_name(w, question) and is_function_word(fold(w), asked_in))]
    odd = [word for word in unknown if word != word.lower() or not is_common_word(fold(word))]
    near = {word: found for word in odd if (found := near_spelling(word, store))}
    missed = tuple(word for word in unknown if near.get(word) not in STOP_WORDS)
    return missed, {word: near[word] for word in missed if word in near}


def _is_no_name(word: str, question: str) -> bool:
    """Whether the word is in lower case, but for a capital at the beginning of the question."""
    return word == word.lower() or question.lstrip('¿¡"“«( ').startswith(word)
