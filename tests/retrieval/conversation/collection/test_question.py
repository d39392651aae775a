"""Which questions are about the collection of documents, and what they ask of it."""

import pytest

from retrieval.conversation.collection.question import CollectionQuestion, collection_question
from retrieval.schema import Turn
from tests.retrieval.conversation.collection.made_sources import KNOWN, SOURCES


def read(question: str, *history: Turn) -> CollectionQuestion | None:
    return collection_question(question, history, KNOWN)


def told(question: str, *history: Turn) -> str | None:
    """What is asked for, in a few words."""
    found = read(question, *history)
    if found is None:
        return None
    parts = [found.task, *(item.document for item in found.items)]
    if found.topic:
        parts.append(f"on {found.topic}")
    if found.period:
        parts.append(f"from {found.period.after} to {found.period.before}")
    if found.is_oldest_first:
        parts.append("oldest first")
    return " ".join(parts)


@pytest.mark.parametrize(
    "question",
    [
        # English: a clear subject of their own
        "how many countries are in the Pacific Alliance?",
        "what news did the minister announce?",
        "which documents must I bring?",
        "what documents does a visa need?",
        "what documents are needed for a visa?",
        "what's new in version 2.1?",
        "what is the latest version?",
        "summarise is spelled how?",
        "how do I summarise a table in the app?",
        "who wrote the summary?",
        "what does the summary say about costs?",
        "how many documents did the committee sign?",
        "how many files are there in a release?",
        "what are files?",
        "how large is the archive?",
        "what was released in 1999?",
        "which files does the server write?",
        "which sources of energy does the plant use?",
        "what is JALAC?",
        "what is JALAC about?",
        "what is the dispute about?",
        "what was the quarrel between Quill and Penhallow about?",
        "what are they worried about?",
        "when was the document signed?",
        "who signed the second document?",
        "which is the oldest lamp on the coast?",
        "what is the oldest document that the abbey owns?",
        "what is the newest member of the committee?",
        "what happened in 1871?",
        "what is there to see in Lund?",
        "is there a list of spare parts?",
        "what is in the box?",
        "what's in White Gold?",
        "what does the warranty cover?",
        "what should I know about bindweed before I dig?",
        "what do you know when the lamp is red?",
        "what can I ask the residents' association to pay for?",
        "can I ask for a copy of the minutes?",
        "when did the latest news reach the captain?",
        "what was the last document that Dace signed about?",
        "resume work after a power cut?",
        "does the pump resume after error E4?",
        "who may see the documents from 2022?",
        "tell me about the harbour",
        "what about the harbour?",
        "and in 2021?",
        "is that good news?",
        "who read the news",
        "what was the may rebellion about?",
        "summarise",
        "list",
        "what's it about the old mill that frightens people?",
        # Spanish, Portuguese, Japanese
        "¿qué documentos necesito para el visado?",
        "¿cuántos documentos firmó el comité?",
        "¿de qué trata la disputa?",
        "¿qué noticias dio el ministro?",
        "¿cuál es la última versión?",
        "quais documentos preciso levar?",
        "quantos países há na Aliança?",
        "do que trata a disputa?",
        "que notícias o ministro anunciou?",
        "ビザに必要な書類は何ですか",
        "大臣は何のニュースを発表しましたか",
        "同盟には何カ国ありますか",
        "JALACとは何ですか",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_an_ordinary_question(question):
    assert told(question) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("what can I ask?", "contents"),
        ("What can I ask here?", "contents"),
        ("what can i ask you about", "contents"),
        ("what do you know about?", "contents"),
        ("what do you know?", "contents"),
        ("hi, what topics do you cover?", "contents"),
        ("which questions can you answer?", "contents"),
        ("which documents do you have?", "documents"),
        ("What files are there?", "documents"),
        ("list all documents", "documents"),
        ("can you show me the sources please", "documents"),
        ("what's in this folder?", "documents"),
        ("what have you got here", "documents"),
        ("How many documents are there?", "documents"),
        ("how many files have you indexed", "documents"),
        ("what are the sources?", "documents"),
        ("how large is this archive?", "documents"),
        ("what are the documents about?", "overview"),
        ("summarise all documents", "overview"),
        ("Give me an overview of everything", "overview"),
        ("¿qué documentos tienes?", "documents"),
        ("¿Cuántos documentos hay?", "documents"),
        ("lista los documentos", "documents"),
        ("¿qué puedo preguntar aquí?", "contents"),
        ("¿sobre qué puedo preguntarte?", "contents"),
        ("¿de qué tratan los documentos?", "overview"),
        ("quais documentos você tem?", "documents"),
        ("quantos arquivos existem?", "documents"),
        ("o que posso perguntar?", "contents"),
        ("do que tratam os documentos?", "overview"),
        ("何のドキュメントがありますか", "documents"),
        ("どんな文書がありますか？", "documents"),
        ("文書はいくつありますか", "documents"),
        ("ドキュメント一覧を見せてください", "documents"),
        ("何を聞けますか？", "contents"),
        ("何について質問できますか", "contents"),
    ],
)
def test_what_there_is_is_asked_in_many_ways(question, asked):
    assert told(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("what is document 2 about?", "about DH40_user_manual.txt"),
        ("What's doc no. 8 about", "about visa-guide.pdf"),
        ("what is the second document about?", "about DH40_user_manual.txt"),
        ("summarise document 3", "about chapter-07.txt"),
        ("document 3?", "about chapter-07.txt"),
        ("¿de qué trata el documento 2?", "about DH40_user_manual.txt"),
        ("¿de qué va el segundo documento?", "about DH40_user_manual.txt"),
        ("do que trata o documento 2?", "about DH40_user_manual.txt"),
        ("文書2は何についてですか", "about DH40_user_manual.txt"),
        ("2番目の文書は何についてですか？", "about DH40_user_manual.txt"),
        ("what is visa-guide.pdf about?", "about visa-guide.pdf"),
        ("what is visa guide about", "about visa-guide.pdf"),
        ("what is the visa leaflet about?", "about visa-guide.pdf"),
        ("what is how to aply for a visa about?", "about visa-guide.pdf"),
        ("tell me about the visa guide", "about visa-guide.pdf"),
        ("summarise the manual", "about DH40_user_manual.txt"),
        ("sum up the changelog for me please", "about CHANGELOG.md"),
        ("what's the manual about?", "about DH40_user_manual.txt"),
        ("summarize chapter 7", "about chapter-07.txt"),
        ("what is chapter VII about?", "about chapter-07.txt"),
        ("what is the Labels for White Gold mail about?", "about white-gold.eml"),
        ("a summary of “The harbour celebrates its jubilee”", "about news.txt"),
        ("what are the minutes of 14 November 2023 about?", "about minutes/2023-11-14_minutes.txt"),
        ("summarise the minutes", "overview minutes/2023-09-12_minutes.txt minutes/2023-11-14_minutes.txt"),
        ("resume la guía visa-guide", "about visa-guide.pdf"),
        ("resume visa-guide.pdf", "about visa-guide.pdf"),
        ("faça um resumo do changelog", "about CHANGELOG.md"),
        ("visa-guideを要約して", "about visa-guide.pdf"),
        ("神戸に日本法人を設立を要約してください", "about oshirase.txt"),
        ("what was the november meeting about?", "about minutes/2023-11-14_minutes.txt"),
        ("sum up the session of 12 September", "about minutes/2023-09-12_minutes.txt"),
        ("what is document 12 about?", "about"),
    ],
)
def test_one_document_is_asked_for_by_number_name_or_heading(question, asked):
    assert told(question) == asked


def test_a_number_that_no_document_has_is_remembered():
    assert read("what is document 12 about?").missing == "12"


def test_an_article_is_asked_for_by_its_heading_and_a_section_too():
    assert read("summarise the harbour celebrates its jubilee").items[0].section == 1
    assert read("summarise the section care").items[0] == read("what is the Care section about?").items[0]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("what's new?", "news"),
        ("latest news", "news"),
        ("any news?", "news"),
        ("What is the latest?", "news"),
        ("show me the most recent documents", "dated"),
        ("which is the newest document?", "dated"),
        ("what is the most recent file", "dated"),
        ("what is the oldest document?", "dated oldest first"),
        ("which document is the oldest", "dated oldest first"),
        ("list documents by date", "dated"),
        ("list all files by date, oldest first", "dated oldest first"),
        ("documents in chronological order", "dated oldest first"),
        ("which documents are from 2022?", "dated from 2022 to 2023"),
        ("documents since 2023", "dated from 2023 to None"),
        ("documents before May 2022", "dated from None to 2022-05"),
        ("the news of 2022", "news from 2022 to 2023"),
        ("news from January 2022", "news from 2022-01 to 2022-02"),
        ("summarise the news of 2022", "news from 2022 to 2023"),
        ("what news is there from December 2021?", "news from 2021-12 to 2022-01"),
        ("any news between 2021 and 2022?", "news from 2021 to 2023"),
        ("what was published in 2022?", "news from 2022 to 2023"),
        ("últimas noticias", "news"),
        ("¿qué hay de nuevo?", "news"),
        ("¿Cuál es la última noticia?", "news"),
        ("resume las noticias de 2022", "news from 2022 to 2023"),
        ("noticias de enero de 2022", "news from 2022-01 to 2022-02"),
        ("¿cuál es el documento más antiguo?", "dated oldest first"),
        ("lista los documentos por fecha", "dated"),
        ("el último documento", "dated"),
        ("quais são as últimas notícias?", "news"),
        ("o que há de novo?", "news"),
        ("resuma as notícias de março de 2022", "news from 2022-03 to 2022-04"),
        ("qual é o documento mais recente?", "dated"),
        ("documentos por data", "dated"),
        ("最新のニュース", "news"),
        ("最新のニュースは何ですか？", "news"),
        ("2022年のニュースを要約して", "news from 2022 to 2023"),
        ("2022年1月のニュース", "news from 2022-01 to 2022-02"),
        ("一番古い文書はどれですか", "dated oldest first"),
        ("文書を日付順に並べて", "dated"),
    ],
)
def test_time_is_asked_for_in_many_ways(question, asked):
    assert told(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("latest on the ferry agreement", "latest on the ferry agreement"),
        ("what is the latest news about Singapore?", "latest on Singapore"),
        ("any news on the lift?", "latest on the lift"),
        ("what's new with the harbour?", "latest on the harbour"),
        ("news about the ferry in 2022", "latest on the ferry from 2022 to 2023"),
        ("últimas noticias sobre Singapur", "latest on Singapur"),
        ("últimas notícias sobre o porto", "latest on o porto"),
        ("ferry news", "latest on ferry"),
        ("latest Singapore news", "latest on Singapore"),
        ("シンガポールに関する最新ニュース", "latest on シンガポール"),
        ("summarise the trade with Singapore", "topic on the trade with Singapore"),
        ("can you summarise how the ferry agreement came about?", "topic on how the ferry agreement came about"),
        ("what do the documents say about parking?", "topic on parking"),
        ("what do you know about the lamps", "topic on the lamps"),
        ("resume la relación con Singapur", "topic on la relación con Singapur"),
        ("¿qué dicen los documentos sobre el puerto?", "topic on el puerto"),
        ("resuma o acordo comercial", "topic on o acordo comercial"),
        ("貿易協定について要約して", "topic on 貿易協定"),
        ("which documents are about ferries?", "mentions on ferries"),
        ("which files mention the crane", "mentions on the crane"),
        ("¿qué documentos hablan de ferris?", "mentions on ferris"),
        ("quais documentos falam sobre o porto?", "mentions on o porto"),
        ("港についての文書はありますか", "mentions on 港"),
    ],
)
def test_a_topic_is_looked_for_across_the_documents(question, asked):
    assert told(question) == asked


LISTED = Turn("which documents do you have?", "Changelog (server)", "", tuple(source.document for source in SOURCES))
ANSWERED = Turn("who sold the lamp?", "Quill", "", ("chapter-07.txt", "news.txt"))


@pytest.mark.parametrize(
    ("question", "turn", "asked"),
    [
        ("summarise the second one", ANSWERED, "about news.txt"),
        ("summarise it", ANSWERED, "about chapter-07.txt"),
        ("what is this document about?", ANSWERED, "about chapter-07.txt"),
        ("summarise the second one", LISTED, "about DH40_user_manual.txt"),
        ("what is the last one about?", LISTED, "about white-gold.eml"),
        ("the third one", LISTED, "about chapter-07.txt"),
        ("resume el segundo", LISTED, "about DH40_user_manual.txt"),
        ("resuma o segundo", LISTED, "about DH40_user_manual.txt"),
        ("2番目を要約して", LISTED, "about DH40_user_manual.txt"),
        ("and document 3?", Turn("what is document 2 about?", "..."), "about chapter-07.txt"),
        ("and the manual?", Turn("what is document 2 about?", "..."), "about DH40_user_manual.txt"),
        ("and in 2021?", Turn("the news of 2022", "..."), "news from 2021 to 2022"),
        ("¿y en 2021?", Turn("resume las noticias de 2022", "..."), "news from 2021 to 2022"),
        ("and the oldest?", Turn("what is the newest document?", "..."), "dated oldest first"),
    ],
)
def test_a_question_about_the_documents_may_need_the_turn_before(question, turn, asked):
    assert told(question, turn) == asked


def test_the_second_one_of_a_list_of_news_is_the_second_line():
    """Lines of news are articles of one file, so the turn's documents do not tell which is meant."""
    news = Turn("the news from 2021 to 2022", "...", "", ("white-gold.eml", "news.txt"))
    (item,) = read("summarise the second one", news).items
    assert (item.document, item.section) == ("news.txt", 0)


def test_one_of_a_list_may_be_asked_for_after_another():
    turns = [LISTED, Turn("summarise the second one", "..."), Turn("and the third?", "...")]
    assert told("and the third?", *turns[:2]) == "about chapter-07.txt"
    assert told("¿y el último?", *turns) == "about white-gold.eml"


def test_this_is_the_article_that_was_asked_for_and_not_its_file():
    turns = [Turn("summarise the harbour celebrates its jubilee", "...", "", ("news.txt",))]
    assert read("what is this one about?", *turns).items[0].section == 1


def test_a_reply_to_an_answer_speaks_of_what_that_answer_cites():
    found = collection_question("summarise this", [LISTED], KNOWN, ["visa-guide.pdf"])
    assert [item.document for item in found.items] == ["visa-guide.pdf"]


@pytest.mark.parametrize("question", ["summarise it", "summarise the second one", "what is it about?", "and in 2021?"])
def test_without_a_turn_before_there_is_nothing_to_point_at(question):
    assert told(question) is None


def test_a_follow_up_on_an_ordinary_answer_stays_one():
    assert told("and in 2021?", ANSWERED) is None
    for question in (
        "what is it made of?",
        "what is it?",
        "what is that?",
        "what about the second one?",
        "and this one?",
    ):
        assert told(question, ANSWERED) is None
    assert told("and the manual?", ANSWERED) is None
