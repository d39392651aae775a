"""What plain text shows by white space, capitals and numbers alone: headings, tables, columns, lists, pages, notes."""

from time import perf_counter

import pytest

from retrieval.documents.elements import ReadOptions
from retrieval.documents.plain_text import read

PROSE = (
    "The harbour was opened by the council in the spring of that year, and it\n"
    "was closed again for nine years, as the keeper tells us in the book that\n"
    "he wrote about it when he was old and had nothing else to do in winter.\n"
)


def kinds(text: str) -> list[tuple[str, int, str]]:
    extraction = read(text.encode(), ReadOptions())
    return [(element.kind, element.level, element.reading.text) for element in extraction.elements]


def headings(text: str) -> list[tuple[int, str]]:
    return [(level, said) for kind, level, said in kinds(text) if kind == "heading"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"1. Introduction\n\n{PROSE}\n1.2 Terms of Use\n\n{PROSE}", [(2, "1. Introduction"), (3, "1.2 Terms of Use")]),
        (f"CHAPTER IV.\n\nThe Keeper's Book\n\n{PROSE}", [(1, "CHAPTER IV.: The Keeper's Book")]),
        (f"NAME\n       quoth - answers questions\n\n{PROSE}", [(1, "NAME")]),
        (f"Changes\n=======\n{PROSE}", [(1, "Changes")]),
    ],
)
def test_several_signs_make_a_heading(text, expected):
    assert headings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Next appointment is on 14 June at 09:30, bring the card\n\nParking is free behind the building.\n",
        "Number of desks\n\n36\n\nHead of office\n\nMaria Lopez\n\nThe office opened in 2014.\n",
        "Buy milk\n\nCall Ruth\n\nBook the hall\n",
        "2 kilos of plums\n\n800 grams of sugar\n",
        f"{PROSE}\nand in the end it was\n\n{PROSE}",
    ],
)
def test_a_short_line_without_a_full_stop_is_no_heading_by_that_alone(text):
    assert headings(text) == []


def test_a_line_that_returns_above_each_heading_is_none():
    news = "".join(f"Bridge {name} Opened To Traffic\n\n{PROSE}\nPosted in News\n\n" for name in ("One", "Two", "Six"))
    assert [said for _, said in headings(news)] == [f"Bridge {n} Opened To Traffic" for n in ("One", "Two", "Six")]


def test_columns_aligned_by_white_space_are_a_table():
    text = (
        f"{PROSE}\nTECHNICAL DATA\n"
        "                    Small       Large\n"
        "Weight              12.4 kg     18.1 kg\n"
        "Cord, with plug     1.8 m       2.2 m\n"
        f"\n{PROSE}"
    )
    assert kinds(text)[1:5] == [
        ("heading", 1, "TECHNICAL DATA"),
        ("header row", 0, " | Small | Large"),
        ("row", 0, "Weight | 12.4 kg | 18.1 kg"),
        ("row", 0, "Cord, with plug | 1.8 m | 2.2 m"),
    ]


def test_a_rule_below_the_names_of_columns_is_dropped():
    text = "Type   Name       Length\n----   --------   ------\n1      name       1-63\n2      position   12\n"
    extraction = read(text.encode(), ReadOptions())
    assert (extraction.elements[0].kind, extraction.elements[0].reading.text) == ("header row", "Type | Name | Length")
    assert [drop.rule for drop in extraction.dropped] == ["table rule"]


def test_a_sentence_with_two_spaces_after_full_stops_is_no_row():
    text = PROSE + "It opened.  It closed.  It opened once more, and all of that was in the\nsame year, he says.\n"
    assert {kind for kind, _, _ in kinds(text)} == {"paragraph"}


def test_two_columns_side_by_side_are_read_one_after_the_other():
    text = (
        "The gauge was read every ten      The tide was higher than in\n"
        "minutes by a keeper who was       any other year, as was told\n"
        "paid by the port. He wrote it     by the fishermen, who saw it\n"
        "in a book of his own.             from the boats at sea.\n"
    )
    assert [said for _, _, said in kinds(text)] == [
        "The gauge was read every ten minutes by a keeper who was paid by the port. He wrote it in a book of his own.",
        "The tide was higher than in any other year, as was told by the fishermen, who saw it from the boats at sea.",
    ]


def test_a_table_is_not_read_as_two_columns():
    text = "".join(f"part {n}             price {n}\n" for n in range(5))
    assert [said for _, _, said in kinds(text)] == [f"part {n} | price {n}" for n in range(5)]


def test_lines_broken_on_purpose_stay_lines():
    text = f"{PROSE}\n2 kg plums\n1 kg sugar\njuice of 1 lemon\n\n{PROSE}"
    assert [said for _, _, said in kinds(text)][1:4] == ["2 kg plums", "1 kg sugar", "juice of 1 lemon"]


def test_items_keep_their_numbers_and_have_depth():
    text = "1. Rent\n   - monthly\n   - by transfer\n2. Pets\n"
    assert kinds(text) == [
        ("item", 0, "1. Rent"),
        ("item", 1, "monthly"),
        ("item", 1, "by transfer"),
        ("item", 0, "2. Pets"),
    ]


def page(number: int, body: str) -> str:
    return f"The Keeper's Book\n\n{body}\nOkonjo                     [Page {number}]\n"


def test_lines_that_return_at_the_edge_of_pages_are_dropped_but_for_the_first():
    text = "\f".join(page(number, PROSE) for number in range(1, 5))
    said = [said for _, _, said in kinds(text)]
    assert said.count("The Keeper's Book") == 1
    assert [line for line in said if "Page" in line] == ["Okonjo [Page 1]"]


def test_the_same_lines_without_pages_stay():
    text = "\n".join(f"The Keeper's Book\n\n{PROSE}\n" for _ in range(4))
    assert [said for _, _, said in kinds(text)].count("The Keeper's Book") == 4


def test_numbers_with_notes_are_footnote_marks():
    text = "The tide rose.1 It fell again.2\n\n1 By the gauge.\n2 By the keeper.\n"
    assert kinds(text)[0] == ("paragraph", 0, "The tide rose. It fell again.")


@pytest.mark.parametrize(
    "text",
    [
        "Ann:1 Ben:2 Cyd:3 Dee:4 Eve:5 were the goals.\n",
        "It needs liba.so.1 for storage. It needs libb.so.2 for logs.\n",
        "See item.1 for it.\n\n1. Item\n",
        "Use array[1] and array[2] here.\n",
    ],
)
def test_numbers_without_notes_are_text(text):
    assert "".join("".join(said.split()) for _, _, said in kinds(text)) == "".join(text.split())


def test_a_book_s_header_states_title_and_author():
    text = f"Title: The Keeper's Book\n\nAuthor: Tom Reed\n\nRelease Date: 2004\n\n{PROSE}"
    metadata = read(text.encode(), ReadOptions()).metadata
    assert (metadata.title, metadata.publisher) == ("The Keeper's Book", "Tom Reed")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name,phone,room\nAnn Archer,555-0101,A12\nBob Baker,555-0102,B07\nDan Drew,555-0103,A14\n", "row"),
        ("[09:01] ruth: morning all\n[09:02] omar: morning\n[09:03] ruth: who books?\n[09:04] omar: me\n", "paragraph"),
    ],
)
def test_tables_and_logs_in_text_files_are_read_as_what_they_are(text, kind):
    extraction = read(text.encode(), ReadOptions())
    assert all(element.kind.endswith(kind) for element in extraction.elements)
    assert all(element.label_chars or element.cells for element in extraction.elements)


def test_a_sentence_that_runs_over_a_page_is_whole():
    first = PROSE + "It is told that the keeper had a dog that was so old that it could not\n"
    second = "see the tide any more, and it died in the same year as he did himself.\n" + PROSE
    text = f"{page(1, first)}\f{page(2, second)}\f{page(3, PROSE)}"
    assert any("could not see the tide any more" in said for _, _, said in kinds(text))


def test_a_table_drawn_with_lines_has_cells():
    text = (
        "+-------+------+\n| Field | Bits |\n+-------+------+\n| Ver   | 4    |\n|       | 8    |\n+-------+------+\n"
    )
    assert kinds(text) == [
        ("header row", 0, "Field | Bits"),
        ("row", 0, "Ver | 4"),
        ("row", 0, " | 8"),
    ]


def test_an_option_s_description_hangs_on_the_option():
    text = (
        "OPTIONS\n\n       -d days\n              Summarise only the last days.\n\n"
        "       -o format\n              Write text, or json.\n"
    )
    assert kinds(text) == [
        ("heading", 1, "OPTIONS"),
        ("item", 0, "-d days"),
        ("item", 1, "Summarise only the last days."),
        ("item", 0, "-o format"),
        ("item", 1, "Write text, or json."),
    ]


def test_lines_justified_by_gaps_are_prose():
    text = (
        "quern never writes to the files  it reads.  It remembers  how far\n"
        "it  got,  see FILES,  so a second  run over the same  file counts\n"
        "only  what was added  since then,  and nothing else  is  read and\n"
        "nothing  is forgotten  either  for  as long  as the  file is kept.\n"
    )
    assert len(kinds(text)) == 1


@pytest.mark.parametrize(
    "pages",
    [
        [f"{PROSE}\nTotal due: {total} EUR\n" for total in ("120.50", "99.10", "310.00", "45.75")],
        [f"Chapter {number}\n\n{PROSE}" for number in range(1, 6)],
    ],
)
def test_lines_whose_numbers_say_something_stay_on_every_page(pages):
    extraction = read("\f".join(pages).encode(), ReadOptions())
    assert not extraction.dropped


@pytest.mark.parametrize(
    "text", ["-" * 3_000 + "x", "nations.1 Foo.2" + "\n" * 30_000, "a line of it goes on\n" * 20_000]
)
def test_long_rows_of_one_sign_take_no_time(text):
    started = perf_counter()
    read(f"x y\n{text}".encode(), ReadOptions())
    assert perf_counter() - started < 10
