"""Which of a question's words a refusal names."""

import pytest

from retrieval.answer.refusal import unknown_words
from retrieval.answer.spelling import correct_spelling
from retrieval.index.build import build_index
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings
from tests.conftest import no_report, write_corpus

DOCUMENTS = {
    "en": "The report on the harbour of Lund was written in 1871. The visitors were children, and they had seen it.",
    "es": "El informe sobre el puerto de la ciudad fue escrito en 1871. Los visitantes dijeron que era muy bueno.",
    "pt": "O relatório sobre o porto da cidade foi escrito em 1871. Os visitantes não disseram que era muito bom.",
    "ja": "港についての報告書は1871年に書かれました。アストリッド女王が式典に出席しました。",
}


@pytest.fixture
def store_in(tmp_path, fake):
    def build(language):
        write_corpus(tmp_path / "docs", {"a.txt": DOCUMENTS[language]})
        build_index(tmp_path / "docs", tmp_path / "i", IndexSettings(), no_report, fake)
        return open_store(tmp_path / "i")

    return build


def always(word):
    return True


def never(word):
    return False


@pytest.mark.parametrize(
    ("language", "question", "listed"),
    [
        ("en", "Tell me, who wrote the report, and how many visitors saw it?", ()),
        ("en", "Why didn't the child write much about Lund?", ()),
        ("en", "When did the emperor see Lund, in 1905?", ("emperor", "1905")),
        ("en", "Who is Tell of Lund?", ("Tell",)),
        ("en", "Who was the emperor of the harbour?", ("emperor",)),
        ("es", "¿Cuántos visitantes dicen que el informe es bueno?", ()),
        ("es", "¿Quién escribió el informe sobre Málaga?", ("Málaga",)),
        ("pt", "Quantos visitantes disse que o relatório é bom?", ()),
        ("pt", "Qual imperador visitou o porto da cidade?", ("imperador",)),
        ("ja", "アストリッド女王は何年に出席しましたか。", ()),
        ("ja", "アレクサンドル皇帝はいつ出席しましたか。", ("アレクサンドル", "皇帝")),
    ],
)
def test_only_meaningful_words_that_no_document_has_are_listed(store_in, language, question, listed):
    assert unknown_words(question, store_in(language), always)[0] == listed


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "¿Quién escribió el informe sobre el puerto de Malmö?"),
        ("en", "Quem escreveu o relatório sobre o porto de Malmö?"),
        ("en", "報告書は誰が書きましたか。"),
        ("es", "Who wrote the report on the harbour of Malmö?"),
        ("ja", "Who wrote the report on the harbour of Malmö?"),
    ],
)
def test_a_question_in_another_language_than_the_documents_is_left_alone(store_in, language, question):
    store = store_in(language)
    assert unknown_words(question, store, never) == ((), {})
    assert correct_spelling(question, store, never) == question


def test_other_forms_in_the_documents_language_are_no_typos(store_in):
    store = store_in("es")
    asked = "¿Cuántas ciudades y puertos visitante tenían?"
    assert correct_spelling(asked, store, never) == asked
    assert correct_spelling("¿Quién escribió el infrome sobre el puerto?", store, never) == (
        "¿Quién escribió el informe sobre el puerto?"
    )


def test_a_question_full_of_typos_is_not_taken_for_another_language(store_in):
    store = store_in("en")
    assert unknown_words("wehn was teh reprot on teh habour wirtten", store, never)[1]["habour"] == "harbour"
