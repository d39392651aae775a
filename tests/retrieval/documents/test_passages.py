import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.documents.passages import split_passages
from retrieval.documents.read import read_document
from retrieval.documents.sections import ParsedDocument
from retrieval.documents.sources import read_sources
from retrieval.documents.units import split_sentences
from retrieval.schema import Passage
from retrieval.settings import PassageSettings
from retrieval.spans import quote_spans
from tests.conftest import SEED_FILES, SEEDS, FakeEncoder

COUNT = FakeEncoder().count_tokens


def seed_readings() -> list[ParsedDocument]:
    stated = read_sources(SEEDS)
    return [read_document(path.name, path.read_bytes(), stated.get(path.name)) for path in SEED_FILES]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nissan Mexicana S.A. de C.V. and Honda De Mexico, S.A. entered Mexico long before the agreement.",
        "From Hitachi Ltd., Mitsubishi Corporation, and Nippon Koei Co. Ltd. in the development of Line No. 3 for it.",
        "H.E. Mr. Rogers Martín Valencia Espinoza spoke.",
        "The U.S. Government acted.",
        "Kono visited Latin America Aug. 11-19, with stops in Ecuador.",
        "PS Solutions Corp. (a subsidiary of SoftBank Corp.), ANA, and Prudential supported it.",
        "June 16, 2022.- On the occasion of the anniversary, the PA met.",
        "Ottawa, Canada, May 13, 2022. On the occasion of the anniversary, they met.",
        "It grew 2.5 percent to US$1.2 billion.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence):
    text = f"{sentence} Another one follows. "
    assert [text[start:end] for start, end in split_sentences(text)] == [sentence, "Another one follows."]


def test_questions_and_quotations_end_sentences():
    text = "He asked “why?” What did he do? “A great thing.” They left."
    assert [text[slice(*span)] for span in split_sentences(text)][1:] == [
        "What did he do?",
        "“A great thing.”",
        "They left.",
    ]


@pytest.mark.parametrize("size", [20, 40, 100])
@pytest.mark.parametrize("overlap", [0, 1, 2])
def test_no_sentence_is_lost_and_no_text_is_over_the_limit(size, overlap):
    for reading in seed_readings():
        limit = 60
        cut = split_passages(reading, PassageSettings(size, overlap), COUNT, limit)
        assert max(COUNT([text for _, text in cut])) <= limit
        document = reading.document
        covered = {
            at
            for passage, _ in cut
            for start, end in passage.sentences
            for first, last in passage.reading.spans(start, end, document.text)
            for at in range(first, last)
        }
        for part in reading.texts:
            for paragraph in [*part.headings, *(element.reading for element in part.elements)]:
                for _, first, length in paragraph.runs:
                    assert all(at in covered or document.text[at].isspace() for at in range(first, first + length))


def test_passages_hold_whole_sentences_and_overlap_by_one():
    reading = read_document("a.txt", b"One two three. Four five six. Seven eight nine. Ten eleven twelve.")
    cut = [passage.text for passage, _ in split_passages(reading, PassageSettings(7, 1, False), COUNT, 60)]
    assert cut == [
        "One two three. Four five six.",
        "Four five six. Seven eight nine.",
        "Seven eight nine. Ten eleven twelve.",
    ]


def test_a_passage_never_crosses_sections():
    for reading in seed_readings():
        for passage, text in split_passages(reading, PassageSettings(), COUNT, 200):
            heading = reading.document.sections[passage.section].heading
            assert heading is None or heading in text
            assert passage.headings == (heading is not None or (passage.section == 0 and passage.headings))


def test_the_header_says_title_section_and_date_and_an_article_only_its_own():
    cuts = {
        reading.document.doc_id[:3]: split_passages(reading, PassageSettings(), COUNT, 200)
        for reading in seed_readings()
    }
    assert cuts["003"][5][1].startswith("Japanese Engagement with LAC. 2019-04\nForeword\n")
    assert cuts["002"][-1][1].startswith("2021-08-18\nThe Pacific Alliance moves forward in Norway\n")


def test_a_sentence_longer_than_a_passage_is_cut_and_nothing_of_it_is_lost():
    words = [f"word{number}," if number % 9 == 0 else f"word{number}" for number in range(500)]
    reading = read_document("a.txt", " ".join([*words, "end."]).encode())
    cut = split_passages(reading, PassageSettings(50, 0, False), COUNT, 60)
    assert max(COUNT([text for _, text in cut])) <= 50
    assert " ".join(passage.text for passage, _ in cut).split() == [*words, "end."]


def test_an_endless_word_and_an_endless_heading_are_cut_too():
    def count(texts):
        return [(len(text) + 3) // 4 for text in texts]

    reading = read_document("a.txt", (f"{'Heading ' * 15}\n\n{'x' * 5000} ends here.").encode())
    cut = split_passages(reading, PassageSettings(100, 1), count, 60)
    assert max(count([text for _, text in cut])) <= 60
    assert sum(passage.text.count("x") for passage, _ in cut) >= 5000


@given(
    st.lists(st.text(st.sampled_from("ab.! 😀é"), min_size=1, max_size=40), min_size=1, max_size=8), st.integers(3, 12)
)
def test_any_paragraphs_are_covered(paragraphs, size):
    raw = "\n\n".join(paragraphs).encode()
    if not raw.strip():
        return
    try:
        reading = read_document("a.txt", raw)
    except Exception as error:
        assert "no text" in str(error)
        return
    cut = split_passages(reading, PassageSettings(size, 1, False), COUNT, 60)
    said = "".join(passage.text for passage, _ in cut)
    for part in reading.texts:
        for element in part.elements:
            assert all(word in said for word in element.reading.text.split() if len(word) < 3)


def passages_of(name: str, text: str, size: int = 100) -> list[Passage]:
    parsed = read_document(name, text.encode())
    return [passage for passage, _ in split_passages(parsed, PassageSettings(size, 1, False), COUNT, 200)]


def said(passage: Passage, number: int, text: str) -> tuple[str, str]:
    """A sentence of the passage as it is read, and what it hangs on in the document."""
    return passage.text[slice(*passage.sentences[number])], quote_spans(text, passage.leads[number])


def test_a_row_is_read_with_the_names_of_its_columns_and_hangs_on_them():
    text = "| Part | Price |\n|---|---|\n| bolt | 35 |\n| nut | 7 |\n"
    (passage,) = passages_of("a.md", text)
    assert said(passage, 1, text) == ("Part: bolt; Price: 35", "Part | Price")
    assert said(passage, 2, text) == ("Part: nut; Price: 7", "Part | Price")
    start = passage.text.index("nut; Price: 7")
    assert quote_spans(text, passage.reading.spans(start, start + 13, text)) == "nut | 7"


def test_a_passage_that_begins_in_the_middle_of_a_table_repeats_the_names_of_its_columns():
    rows = "".join(f"| part-{number:03} | {number} |\n" for number in range(60))
    cut = passages_of("a.md", f"| Part | Price |\n|---|---|\n{rows}", 40)
    assert len(cut) > 3
    assert all(passage.text.startswith("Part | Price\nPart: part-") for passage in cut)


def test_a_table_without_names_of_columns_takes_none_from_the_table_before():
    text = (
        "<table><tr><th>Part</th><th>Price</th></tr><tr><td>bolt</td><td>35</td></tr></table>"
        "<table><tr><td>Monday</td><td>closed</td></tr><tr><td>Friday</td><td>open</td></tr></table>"
    )
    for name in ("a.html", "a.md"):
        (passage,) = passages_of(name, text)
        lines = passage.text.splitlines()
        assert lines == ["Part | Price", "Part: bolt; Price: 35", "Monday | closed", "Friday | open"]
        hangs_on = [passage.leads[number] for number in range(2, 4)]
        assert hangs_on == [(), ()]


def test_a_nested_item_is_read_with_its_parents():
    text = "- Birch\n  - address: 10.0.0.12\n- Cedar\n  - keeper: Lena\n"
    (passage,) = passages_of("a.md", text)
    assert said(passage, 1, text) == ("Birch: address: 10.0.0.12", "Birch")
    assert said(passage, 3, text) == ("Cedar: keeper: Lena", "Cedar")


def test_an_item_hangs_on_the_line_that_leads_to_the_list():
    text = "You need these papers:\n\n- a passport\n- two photographs\n\nBring them all.\n"
    (passage,) = passages_of("a.md", text)
    assert said(passage, 2, text) == ("two photographs", "You need these papers:")
    assert said(passage, 3, text) == ("Bring them all.", "")


def test_an_answer_hangs_on_its_question():
    text = "**How many books?**\n\nUp to eight.\n\n**How long?**\n\nThree weeks. Ask us.\n"
    (passage,) = passages_of("a.md", text)
    assert [said(passage, number, text) for number in (1, 3, 4)] == [
        ("Up to eight.", "How many books?"),
        ("Three weeks.", "How long?"),
        ("Ask us.", "How long?"),
    ]


def test_a_clause_keeps_its_number_and_its_heading():
    (passage,) = passages_of("a.txt", "1. RENT. The rent is 950 euros. It is due monthly.\n")
    assert [passage.text[slice(*span)] for span in passage.sentences] == [
        "1. RENT. The rent is 950 euros.",
        "It is due monthly.",
    ]


def test_a_heading_without_text_below_is_a_passage_of_its_own():
    cut = passages_of("a.md", "# Notes\n\n## Call Ruth on Monday\n\n## Rest\n\nSleep.\n")
    assert [passage.text for passage in cut] == ["Notes\nCall Ruth on Monday", "Rest\nSleep."]
    assert [passage.headings for passage in cut] == [2, 1]


def test_code_keeps_its_lines():
    (passage,) = passages_of("a.md", "Run it:\n\n```sh\ncd quoth\n  make run\n```\n")
    assert passage.text[slice(*passage.sentences[1])] == "cd quoth\n  make run"


def test_headings_that_are_dates_date_their_own_sections():
    text = "# Work log\n\n## 12 March 2024\n\nMet Anna.\n\n## 13 March 2024\n\nMet Bob.\n\n## 14 March 2024\n"
    parsed = read_document("diary.md", text.encode())
    assert [(section.heading, section.date) for section in parsed.document.sections] == [
        ("12 March 2024", "2024-03-12"),
        ("13 March 2024", "2024-03-13"),
        ("14 March 2024", "2024-03-14"),
    ]
    assert [passage.text.split("\n")[-1] for passage in passages_of("diary.md", text)] == [
        "Met Anna.",
        "Met Bob.",
        "14 March 2024",
    ]


def test_a_paragraph_in_the_style_of_a_heading_is_read_whole():
    words = [f"word{number}" for number in range(400)]
    cut = passages_of("a.md", f"# {' '.join(words)}\n\nText.\n")
    assert set(words) <= set(" ".join(passage.text for passage in cut).split())


def test_a_repeated_label_is_still_a_label():
    turns = "".join(f"**Tom Reed:** {'It rained all day long. ' * 12}\n\n**Ann Lee:** It did.\n\n" for _ in range(3))
    cut = passages_of("talk.md", turns, 40)
    labelled = [passage for passage in cut if passage.text.startswith("Tom Reed:")]
    assert len(labelled) > 3
    assert all(passage.labels[0] == (0, 9) for passage in labelled)


def test_a_long_name_of_a_column_is_cut_where_it_is_read_again():
    name = "I agree that " * 30
    (passage, *_) = passages_of("a.md", f"| Name | {name}|\n|---|---|\n| Ann | yes |\n", 60)
    assert all(passage.reading.spans(*sentence, "x" * 2000) for sentence in passage.sentences)
