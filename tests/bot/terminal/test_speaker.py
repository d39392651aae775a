"""Our own words follow the question's language; quotations stay in that of the documents, which is said once."""

from dataclasses import replace

import pytest

from bot.language.language import Language
from bot.language.wording import ALSO_SAID_IN, NO_ANSWER, QUOTED_AS_THEY_ARE, SECTION
from bot.terminal.chat import ASK_FIRST
from bot.terminal.reading_on import NO_MORE
from bot.terminal.render import confidence_line, render_answer
from bot.terminal.speaker import Speaker
from retrieval.errors import DocumentError
from retrieval.schema import AnswerText
from tests.bot.terminal.sessions import HIT, SIGNED, TALKS, FakeLibrary, piped, plain_console, text_of

HOW_LONG = {
    "en": "How long did the talks take until it was signed?",
    "es": "¿Cuánto tiempo duraron las negociaciones del acuerdo?",
    "pt": "Quanto tempo duraram as negociações do acordo?",
    "ja": "交渉はどのくらい続きましたか？",
}


class InLanguage(FakeLibrary):
    """Its document is in a language that it knows."""

    written_in: str | None = "en"

    def ask(self, question, history=(), top=5):
        answer = super().ask(question, history)
        hits = tuple(replace(hit, document=self.document(hit.document.doc_id)) for hit in answer.hits)
        return replace(answer, hits=hits)

    def document(self, doc_id):
        return replace(super().document(doc_id), language=self.written_in)


def noted(code: str, names: str = "en") -> str:
    """The line that quotations are in the language `names`, in the language of that code."""
    language = Language(code)
    return language.translate(QUOTED_AS_THEY_ARE).format(language=language.name_of(names))


@pytest.mark.parametrize("code", HOW_LONG)
def test_an_answer_is_framed_in_the_question_s_language(code):
    language = Language(code)
    cited = replace(SIGNED, section="Signing")
    answer = replace(
        FakeLibrary().ask("?"),
        answers=(AnswerText("four years", 0.9, (cited, replace(cited, number=2))),),
        elapsed_ms={},
    )
    console = plain_console()
    console.print(render_answer(answer, True, language=language))
    shown = text_of(console).splitlines()
    comma = language.translate(", ")
    section = language.translate(SECTION).format(section="Signing")
    where = language.translate("line {first}").format(first=2)
    assert shown == [
        "“It was signed after **four years** of talks.”",
        "",
        f"[1] {comma.join(['Talks', language.date('2022-05-16'), section])}",
        f"    talks.txt{comma}{where}",
        language.translate(ALSO_SAID_IN),
        f"[2] {comma.join(['Talks', language.date('2022-05-16'), section])}",
        f"    talks.txt{comma}{where}",
        confidence_line(0.9, language=language),
    ]
    assert code == "en" or language.translate(ALSO_SAID_IN) != ALSO_SAID_IN


def test_a_session_goes_on_in_the_language_of_the_last_question_that_told_it():
    _, _, talk = piped(f"/more\n{HOW_LONG['es']}\n/more\n/more\nZermatt\n/more\n{HOW_LONG['en']}\n")
    said = [Language("en").translate(ASK_FIRST), Language("es").translate(NO_MORE)]
    assert [line for line in talk.splitlines() if line in (*said, ASK_FIRST, NO_MORE)] == [ASK_FIRST, said[1], said[1]]


def test_a_refusal_and_the_commands_after_it_speak_the_question_s_language():
    _, out, _ = piped("¿Está Zermatt en este documento de las negociaciones?\n/open\n")
    spanish = Language("es")
    assert spanish.translate(NO_ANSWER) in out
    assert out.count(spanish.translate("lines {first}–{last}").format(first=1, last=2)) == 2


@pytest.mark.parametrize("code", ["es", "pt", "ja"])
def test_that_quotations_are_in_another_language_is_said_once(code):
    _, _, talk = piped(f"{HOW_LONG[code]}\n{HOW_LONG[code]}\n", InLanguage())
    assert " ".join(talk.split()).count(" ".join(noted(code).split())) == 1


def test_nothing_is_said_where_question_and_documents_share_a_language_or_it_is_not_known():
    def notes(question, written_in):
        fake = InLanguage()
        fake.written_in = written_in
        answer = fake.ask(question)
        speaker = Speaker(fake.document)
        speaker.language_for(question)
        return speaker.note(answer)

    assert notes(HOW_LONG["en"], "en") is None
    assert notes(HOW_LONG["es"], "es") is None
    assert notes(HOW_LONG["es"], None) is None
    assert notes("Combien de temps ont duré les négociations de cet accord ?", "fr") is None
    assert notes(HOW_LONG["en"], "fr") == noted("en", "fr") == "The documents are in French; I quote them as they are."


def test_what_a_refusal_quotes_counts_too_and_a_document_that_is_gone_does_not():
    def gone(doc_id):
        raise DocumentError(f"{doc_id} is gone")

    refused = replace(FakeLibrary().ask("Zermatt"), question=HOW_LONG["es"])
    for document, expected in ((lambda _: replace(TALKS, language="en"), noted("es")), (gone, None)):
        speaker = Speaker(document)
        speaker.language_for(HOW_LONG["es"])
        assert speaker.note(replace(refused, hits=())) == expected
    assert HIT.document.language is None
