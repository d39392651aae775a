"""A sentence in the style of a heading is a clause; a title stays a heading."""

from __future__ import annotations

from retrieval.documents.office.clauses import is_clause


def test_long_sentences_are_clauses_and_titles_are_not():
    assert is_clause("The supplier shall deliver the goods within thirty days of the order.")
    assert is_clause("word " * 50)
    assert not is_clause("Delivery.")
    assert not is_clause("What does it cost to repair a pump that has been running for a whole year?")
