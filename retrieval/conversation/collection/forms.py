"""The forms that a question about the collection may have."""

from __future__ import annotations

from typing import Literal

Form = Literal[
    "documents",  # which are there?
    "contents",  # what can I ask?
    "overview",  # what is each about?
    "about",  # what is NAME about?
    "named",  # tell me about NAME: only where a document is called just so
    "explicit",  # NAME alone: only a number, a file or something listed before
    "summary",  # summarise NAME, or else a topic
    "topic",  # what do the documents say about TOPIC?
    "mentions",  # which documents are about TOPIC?
    "latest",  # latest news on TOPIC, perhaps of a period
    "news",  # latest news, perhaps of a period
    "published",  # what was published in a period: only where something has such a date
    "newest",  # the newest document, or documents
    "oldest",
    "by date",  # the documents by date, perhaps oldest first
    "of period",  # the documents of a period
    "again",  # and NAME / in PERIOD / the oldest: what the question before asked
]
