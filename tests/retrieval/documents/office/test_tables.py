"""The row that names a table's columns is found below its title, and only where its cells look like names."""

from __future__ import annotations

from retrieval.documents.office.tables import header_of


def test_the_first_row_with_two_texts_names_the_columns():
    assert header_of([["Part", "Price"], ["lid", "3"]]) == 0
    assert header_of([["Prices of 2024", ""], ["Part", "Price"], ["lid", "3"]]) == 1


def test_a_table_of_one_row_or_of_values_only_has_no_header():
    assert header_of([["Part", "Price"]]) is None
    assert header_of([["1", "2"], ["3", "4"]]) is None
    assert header_of([]) is None
