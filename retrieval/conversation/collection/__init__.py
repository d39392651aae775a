"""Questions about the collection of documents itself: which there are, what they are about, what is new in them.

items       what can be listed: documents, articles, dated sections
called      what items are called, and which one a name means
periods     "since May 2021" to dates
pointing    "document 2", "the second one", "this file"
forms wording english spanish portuguese japanese    what is asked for, by its wording
question    question and conversation to a CollectionQuestion, or None for any other question
statements  which sentences of a text say most
lines       items to their titles, opening statements and summaries
topics      what the documents say about a topic
overview    a CollectionQuestion to cited lines under a heading
"""
