"""The language of our own words: that of the person's questions. Quotations stay in the documents' language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.language.language import ENGLISH, Language, session_language
from bot.language.wording import QUOTED_AS_THEY_ARE
from bot.terminal.citations import first_citation
from retrieval.errors import QuothError
from retrieval.language import language_of
from retrieval.schema import Answer, Document


@dataclass(slots=True)
class Speaker:
    """Speaks the language of the last question that told it.

    `document` gives the document at a path, and may raise QuothError. What is said once per session is said once by it.
    """

    document: Callable[[str], Document]
    language: Language = ENGLISH
    _has_noted: bool = False

    def language_for(self, question: str) -> Language:
        """The language to answer this question in, which is then that of the session."""
        self.language = session_language(question, self.language)
        return self.language

    def note(self, answer: Answer) -> str | None:
        """The line, said once, that quotations are in the documents' language; None where that is the question's."""
        name = None if self._has_noted else self._other_language(answer)
        if name is None:
            return None
        self._has_noted = True
        return self.language.translate(QUOTED_AS_THEY_ARE).format(language=name)

    def _other_language(self, answer: Answer) -> str | None:
        """What we call the language of the first quotation; None where it is, or may be, that of the question."""
        cited = first_citation(answer)
        quoted = self._written_in(cited.document, answer) if cited else None
        if quoted is None or quoted == self.language.code:
            return None
        # Nothing is said to those who ask in the documents' language when it is one that we can't write.
        return None if language_of(answer.question) == quoted else self.language.name_of(quoted)

    def _written_in(self, doc_id: str, answer: Answer) -> str | None:
        found = (hit.document for hit in answer.hits if hit.document.doc_id == doc_id)
        try:
            return (next(found, None) or self.document(doc_id)).language
        except QuothError:
            return None
