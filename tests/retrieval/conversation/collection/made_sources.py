"""A made-up folder of many kinds of documents, as `quoth sources` would list it."""

from retrieval.conversation.collection.called import Known
from retrieval.schema import Section, Source


def source(document: str, title: str, date: str | None = None, *sections: Section) -> Source:
    return Source(document, title, date, None, sections or (Section(None, None, False),), 3)


NEWS = (
    Section("Lund and Ystad sign a ferry agreement", "2022-01-26", True),
    Section("The harbour celebrates its jubilee", "2021-06-16", True),
    Section("A new crane arrives", None, True),
)
SOURCES = [
    source("CHANGELOG.md", "Changelog (server)", None, Section("2.1.0 – 2024-05-02", "2024-05-02", False),
           Section("2.0.0 – 2023-01-10", "2023-01-10", False)),
    source("DH40_user_manual.txt", "AURELLE DH-40", None, Section(None, None, False),
           Section("READ THIS FIRST > 4 CARE", None, False)),
    source("chapter-07.txt", "THE LAMPS OF ST. ORLAITH", None, Section("CHAPTER VII.", None, False)),
    source("minutes/2023-09-12_minutes.txt", "LARKFIELD COURT RESIDENTS' ASSOCIATION", "2023-09-12"),
    source("minutes/2023-11-14_minutes.txt", "LARKFIELD COURT RESIDENTS' ASSOCIATION", "2023-11-14"),
    source("news.txt", "Lund and Ystad sign a ferry agreement (and 2 more)", None, *NEWS),
    source("oshirase.txt", "神戸に日本法人を設立", "2025-02-18"),
    source("visa-guide.pdf", "How to Apply for a Visa", "2020"),
    source("white-gold.eml", "Re: Labels for “White Gold”, five questions", "2022-04-24"),
]  # fmt: skip
KNOWN = Known(lambda: SOURCES, lambda: {"visa-guide.pdf": ["Visa leaflet"]})
