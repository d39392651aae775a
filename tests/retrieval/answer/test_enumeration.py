"""Where an enumeration begins and ends."""

import pytest

from retrieval.answer.enumeration import items_of, whole_list


@pytest.mark.parametrize(
    ("text", "said", "whole"),
    [
        ("It has agreements (EPAs) with Chile, Mexico, and Peru, and will go on.", "Mexico", "Chile, Mexico, and Peru"),
        (
            "It covers issues such as: the digital economy, trade facilitation and commercial ties.",
            "trade",
            "the digital economy, trade facilitation and commercial ties",
        ),
        ("Chile, Mexico, and Peru met in Lund.", "Lund", "Lund"),
        ("Nobody but Peru met.", "Peru", "Peru"),
        (
            "It was signed by the mayor, Ana Pim; the judge of Lund, Tom Reed; and Mara Ives.",
            "Tom Reed",
            "the mayor, Ana Pim; the judge of Lund, Tom Reed; and Mara Ives",
        ),
        ("1 kg plums, 300 g red onions, 1 tsp salt", "300 g red onions", "1 kg plums, 300 g red onions, 1 tsp salt"),
        ("Drawer 2, in May: 3 soups, 1 loaf, 2 bags of peas", "1 loaf", "3 soups, 1 loaf, 2 bags of peas"),
        (
            "Tom Reed (chair), Ana Pim (minutes, keys), Mara Ives",
            "Ana Pim",
            "Tom Reed (chair), Ana Pim (minutes, keys), Mara Ives",
        ),
        ("It rests on values, including law, peace and trade, and has grown.", "peace", "law, peace and trade"),
        ("The flags are: L (left), S (slow) and M (mobile); the fourth bit is free.", "S (slow)",
         "L (left), S (slow) and M (mobile)"),
        ("It has four members (Chile, Colombia, Mexico, Peru).", "four members",
         "four members (Chile, Colombia, Mexico, Peru)"),
        ("Firms such as Iusa and Insinca stayed in Lund through the war, for example.", "Iusa", "Iusa"),
        ("At 19:30, in the hall, we met Ana and Tom.", "hall", "hall"),
    ],
)  # fmt: skip
def test_an_answer_that_is_part_of_a_list_is_widened_to_the_list(text, said, whole):
    at = text.index(said)
    start, end = whole_list(text, (0, len(text)), (at, at + len(said)))
    assert text[start:end] == whole


def test_the_items_of_an_enumeration():
    assert items_of("Chile, Mexico, and Peru") == ["Chile", "Mexico", "Peru"]
    assert items_of("Lund and Malmö") == ["Lund", "Malmö"]
    assert items_of("Lund") == ["Lund"]


@pytest.mark.parametrize(
    "sentence", ["Aa bb, " * 3000, ": " + "aa, " * 5000, "A " * 9000, "1," * 9000, "(" * 9000, "by aa; " * 3000]
)
def test_hostile_sentences_take_no_time(sentence):
    middle = len(sentence) // 2
    whole_list(sentence, (0, len(sentence)), (middle, middle + 1))
