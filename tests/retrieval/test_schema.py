from retrieval.citing import cite
from retrieval.schema import Document, Hit, Passage, Section
from retrieval.spans import ReadingText, join_readings, line_range, quote_spans

TEXT = "Trade has slowed their \n\nPULL QUOTE\n\nconclusion.4 It  grew."
#       0         1         2           3           4


def reading() -> ReadingText:
    """'Trade has slowed their conclusion. It grew.' over TEXT, the pull quote and the mark left out."""
    return ReadingText(
        "Trade has slowed their conclusion. It grew.", ((0, 0, 23), (23, 37, 11), (34, 49, 4), (38, 54, 5))
    )


def hit(section: Section) -> Hit:
    document = Document("a.txt", TEXT, "", "utf-8", "Title", "2019-04", None, (section,))
    return Hit(0, Passage("a.txt", 0, reading(), ((0, 34), (35, 43))), document, 1.0, 1, 0.5, 2.0)


def test_a_slice_over_an_interruption_is_two_spans_and_over_a_footnote_mark_one():
    spans = reading().spans(0, 43, TEXT)
    assert [TEXT[start:end] for start, end in spans] == ["Trade has slowed their", "conclusion.4 It  grew."]


def test_a_quotation_shows_interruptions_and_keeps_double_spaces():
    assert quote_spans(TEXT, reading().spans(0, 43, TEXT)) == "Trade has slowed their […] conclusion.4 It  grew."


def test_line_breaks_inside_a_slice_show_as_one_space():
    assert quote_spans("one \r\n\r\n two\nthree", [(0, 18)]) == "one two three"


def test_a_slice_of_reading_text_maps_as_the_whole_does():
    part = reading().slice(19, 33)
    assert part.text == "eir conclusion"
    assert part.spans(0, len(part.text), TEXT) == reading().spans(19, 33, TEXT)


def test_the_separator_of_two_readings_maps_to_nothing():
    joined = join_readings([ReadingText("ab", ((0, 5, 2),)), ReadingText("cd", ((0, 9, 2),))], ["\n"])
    assert joined == ReadingText("ab\ncd", ((0, 5, 2), (3, 9, 2)))


def test_lines_are_the_first_and_last_touched_whatever_the_order_of_the_spans():
    assert line_range("a\nbcd\ne", [(6, 7), (0, 1)]) == (1, 3)
    assert line_range("a\nbcd\ne", [(2, 5)]) == (2, 2)


def test_cr_lf_and_lone_cr_are_one_break_each():
    text = "a\r\nb\rc\nd"
    assert [line_range(text, [(at, at + 1)])[0] for at in (text.index(c) for c in "abcd")] == [1, 2, 3, 4]


def test_a_citation_is_sliced_from_its_document_with_the_answer_marked():
    citation = cite(3, hit(Section("Talks", None, False)), 0, 34, (23, 33))
    assert citation.quote == "Trade has slowed their […] conclusion."
    assert citation.mark is not None and citation.quote[slice(*citation.mark)] == "conclusion"
    assert (citation.number, citation.title, citation.date, citation.section) == (3, "Title", "2019-04", "Talks")
    assert citation.lines == (1, 5)


def test_the_mark_is_at_the_answer_where_its_words_occur_twice():
    text = "In May came Ann, and in May went Ann."
    document = Document("b.txt", text, "", "utf-8", "T", None, None, (Section(None, None, False),))
    found = Hit(
        0, Passage("b.txt", 0, ReadingText(text, ((0, 0, len(text)),)), ((0, len(text)),)), document, 1, 1, 1, 1
    )
    second = text.rindex("Ann")
    assert cite(1, found, 0, len(text), (second, second + 3)).mark == (second, second + 3)


def test_an_article_is_cited_by_its_own_heading_and_never_by_another_date():
    article = cite(1, hit(Section("The Mill Burns", None, True)), 0, 34)
    assert (article.title, article.date) == ("The Mill Burns", None)
