"""Labels of speakers are marked in dialogues, and in nothing else that has names and colons."""

import pytest

from retrieval.documents.elements import Element
from retrieval.documents.labels import label_end, labels_of, with_labels
from retrieval.documents.reading import reading_of


@pytest.mark.parametrize(
    "label",
    [
        "Mara Ives:",
        "INTERVIEWER:",
        "Q:",
        "Dr. Lee (London):",
        "[00:12:31] Anna:",
        "Anna [00:12:31]:",
        "(12:31) Anna:",
        "00:12:31 Anna:",
        "SPEAKER 1:",
        "Hedda Lindqvist-Marsh:",
        "Ana de la Cruz:",
        "ΑΝΝΑ:",
        "田中：",
    ],
)
def test_a_label_is_a_name_with_a_colon_and_perhaps_a_time_or_remark(label):
    assert label_end(f"{label} I did.") == len(label)


@pytest.mark.parametrize(
    "text",
    [
        "We said this: no.",
        "the cost: 35",
        "At 10:30 we left",
        "https://example.org",
        "Smith, J.: A title",
        "One Two Three Four Five Six: too long",
        "No colon here",
        "",
    ],
)
def test_a_sentence_with_a_colon_begins_with_no_label(text):
    assert label_end(text) == 0


def test_two_turns_by_two_people_are_a_dialogue():
    texts = ["Mara Ives: So I saw it in a week.", "Tom Reed: Yes. I wrote it in 2012."]
    assert labels_of(texts) == [len("Mara Ives:"), len("Tom Reed:")]


def test_single_names_need_to_return_and_to_ask_something():
    texts = ["Anna: Who was it?", "Tom: I was.", "Anna: Why?", "Tom: I had to."]
    assert labels_of(texts) == [5, 4, 5, 4]
    assert labels_of(texts[:2]) == [0, 0]


def test_a_label_alone_in_its_paragraph_is_a_turn():
    texts = ["MARA:", "When was it?", "TOM:", "In May.", "MARA:", "Which May?", "TOM:", "The last one."]
    assert labels_of(texts) == [5, 0, 4, 0, 5, 0, 4, 0]


def test_a_speaker_who_speaks_once_is_labelled_if_the_label_looks_like_the_others():
    texts = ["ANNA: Hello.", "TOM: Hello.", "ANNA: A caller?", "CALLER: Hi.", "TOM: Go on.", "Music: Ebb, by The Four."]
    assert [bool(end) for end in labels_of(texts)] == [True, True, True, True, True, False]


@pytest.mark.parametrize(
    "texts",
    [
        ["Price: 35", "Weight: 2 kg", "Price: 40", "Weight: 3 kg"],
        ["Name: Bob Baker", "Age: 30", "Name: Ann Ames", "Age: 31"],
        ["API: An interface for programs.", "CLI: A program in a terminal.", "GUI: A program with windows."],
        [None, "Ingredients: Flour, eggs.", "Method: Mix it.", None, "Ingredients: Milk.", "Method: Boil it."],
        [
            None,
            "Decision: We buy it.",
            "Action: Ruth buys.",
            "Action: Omar pays.",
            None,
            "Decision: No.",
            "Action: None.",
        ],
        ["Budget", "Decision: We buy it.", "Action: Ruth buys.", "Roof", "Decision: Not yet.", "Action: Wait."],
        [
            "Problem: It is off.",
            "Cause: No power.",
            "Remedy: Plug it in.",
            "Problem: It hums.",
            "Cause: A fan.",
            "Remedy: Oil.",
        ],
        ["Problem: It is off.", "Solution: Plug it in.", "Problem: It hums.", "Solution: Oil the fan."],
        ["Monday: Closed.", "Tuesday: Open.", "Monday: Closed.", "Tuesday: Open."],
        ["Seller: Jane Doe, Main Street 1.", "Buyer: Tom Reed.", "The seller sells.", "The buyer pays.", "It is done."],
        ["Present: Ruth, Omar.", "Apologies: Lena.", "Chair: Ruth."],
        ["Note: Read this first.", *["A long paragraph about something else."] * 9, "Warning: Hot?", "Note: Hot."],
    ],
)
def test_lists_records_and_minutes_are_no_dialogues(texts):
    assert not any(labels_of(texts))


def test_paragraphs_are_marked_and_all_else_stays():
    def element(kind, text, label_chars=0):
        return Element(kind, reading_of(text, [(0, len(text))]), label_chars=label_chars)

    given = [
        element("heading", "SCENE: One"),
        element("paragraph", "[00:01] ANNA: Who?", 7),
        element("paragraph", "[00:02] TOM: Me."),
        element("paragraph", "[00:03] ANNA: You?"),
        element("code", "[00:04] TOM: Yes."),
    ]
    assert [one.label_chars for one in with_labels(given)] == [0, 7, len("[00:02] TOM:"), len("[00:03] ANNA:"), 0]
    assert [one.reading for one in with_labels(given)] == [one.reading for one in given]
