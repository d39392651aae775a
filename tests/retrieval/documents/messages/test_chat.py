"""Chats and logs in plain text are read message by message, whatever program wrote them."""

import random
import time

import pytest

from retrieval.documents.messages.chat import messages_in


def parts(text):
    """The label and the rest of each element."""
    found = messages_in(text)
    assert found
    for element in found.elements:
        for reading, original, length in element.reading.runs:
            assert (
                element.reading.text[reading : reading + length].split() == text[original : original + length].split()
            )
    return [
        (one.reading.text[: one.label_chars], one.reading.text[one.label_chars :].strip()) for one in found.elements
    ]


@pytest.mark.parametrize(
    ("stamps", "time"),
    [
        ("{}28/07/2024, 19:02 - ", "28/07/2024, 19:02"),
        ("{}8/12/23, 2:23 PM - ", "8/12/23, 2:23 PM"),
        ("{}8/12/23, 2:23\u202fPM - ", "8/12/23, 2:23 PM"),
        ("{}12.08.23, 14:23 - ", "12.08.23, 14:23"),
        ("{}12-08-2023 14:23 - ", "12-08-2023 14:23"),
        ("{}2023-08-12, 14:23 - ", "2023-08-12, 14:23"),
        ("{}12/08/2023 à 14:23 - ", "12/08/2023 à 14:23"),
        ("{}12.8.2023 klo 14.23 - ", "12.8.2023 klo 14.23"),
        ("{}12/8/23, 2:23 p. m. - ", "12/8/23, 2:23 p. m."),
        ("{}2023/8/12 下午2:23 - ", "2023/8/12 下午2:23"),
        ("{}2023. 8. 12. 오후 2:23, ", "2023. 8. 12. 오후 2:23"),
        ("{}\u200f12\u200f/8\u200f/2023، 2:23 م - ", "12/8/2023، 2:23 م"),
        ("{}[28/07/2024, 19:02:11] ", "28/07/2024, 19:02:11"),
        ("\u200e{}[12.08.23, 14:23:11] ", "12.08.23, 14:23:11"),
        ("{}[8/12/23, 2:23:11 PM] ", "8/12/23, 2:23:11 PM"),
        ("{}[2 Mar 2024 at 09:01] ", "2 Mar 2024 at 09:01"),
        ("{}2024-03-02 09:01:12 ", "2024-03-02 09:01:12"),
        ("{}2024-03-02T09:01:12Z ", "2024-03-02T09:01:12Z"),
        ("{}[09:02] ", "09:02"),
    ],
)
def test_messages_with_times_of_every_form(stamps, time):
    stamp = stamps.format("")
    text = f"{stamp}Ruth Adams: morning all\n{stamp}omar: the demo moved\n{stamp}Ruth Adams: ok\n{stamp}omar: fine\n"
    found = messages_in(text)
    assert [said for _, said in parts(text)] == ["morning all", "the demo moved", "ok", "fine"]
    assert parts(text)[1][0].endswith("omar:")
    assert [(place.kind, place.label) for place in found.places] == [("time", time)] * 4


def test_a_message_of_several_lines_is_one_element_and_news_has_only_a_time():
    text = (
        "28/07/2024, 19:02 - Messages are stored on your devices only.\n"
        "28/07/2024, 19:03 - Ruth changed the subject to: lunch\n"
        "28/07/2024, 19:04 - Ruth: bring\n\n- milk\n- eggs\n"
        "28/07/2024, 19:05 - Omar: 09:15 Ruth: was that you?\n"
    )
    assert parts(text) == [
        ("28/07/2024, 19:02 -", "Messages are stored on your devices only."),
        ("28/07/2024, 19:03 -", "Ruth changed the subject to: lunch"),
        ("28/07/2024, 19:04 - Ruth:", "bring - milk - eggs"),
        ("28/07/2024, 19:05 - Omar:", "09:15 Ruth: was that you?"),
    ]


def test_irssi():
    text = (
        "--- Log opened Sat Mar 02 09:00:00 2024\n"
        "09:01 -!- ruth [~r@x.org] has joined #demo\n"
        "09:01 <@ruth> morning\n"
        "09:02 < omar> hi\n"
        "09:03  * omar waves\n"
        "09:04 <@ruth> who has the key?\n"
        "--- Day changed Sun Mar 03 2024\n"
        "09:05 < omar> me\n"
    )
    assert parts(text) == [
        ("", "--- Log opened Sat Mar 02 09:00:00 2024"),
        ("09:01", "-!- ruth [~r@x.org] has joined #demo"),
        ("09:01 <@ruth>", "morning"),
        ("09:02 < omar>", "hi"),
        ("09:03 * omar", "waves"),
        ("09:04 <@ruth>", "who has the key?"),
        ("", "--- Day changed Sun Mar 03 2024"),
        ("09:05 < omar>", "me"),
    ]
    assert [place.label for place in messages_in(text).places] == ["09:01", "09:01", "09:02", "09:03", "09:04", "09:05"]


def test_weechat():
    text = (
        "2024-03-02 09:01:12\t@ruth\tmorning\n"
        "2024-03-02 09:01:13\t-->\tlena (~l@x) has joined #demo\n"
        "2024-03-02 09:02:12\tomar\tmorning: all\n"
        "2024-03-02 09:03:12\t@ruth\twho?\n"
        "2024-03-02 09:04:12\t *\tomar waves\n"
    )
    assert parts(text) == [
        ("2024-03-02 09:01:12 @ruth", "morning"),
        ("2024-03-02 09:01:13", "--> lena (~l@x) has joined #demo"),
        ("2024-03-02 09:02:12 omar", "morning: all"),
        ("2024-03-02 09:03:12 @ruth", "who?"),
        ("2024-03-02 09:04:12 * omar", "waves"),
    ]


def test_nicknames_without_times():
    text = "<ruth> morning\n<omar> hi\n* ruth waves\n*** lena has joined\n<ruth> who has it?\n<omar> me\n"
    assert parts(text)[1:4] == [("<omar>", "hi"), ("", "* ruth waves"), ("", "*** lena has joined")]


@pytest.mark.parametrize(
    "header",
    [
        "Ruth Adams  10:42 AM",
        "Ruth Adams 10:42",
        "Ruth Adams — Today at 10:42",
        "Ruth Adams [10:42 AM]",
        "Ruth Adams, [02.03.2024 10:42]",
        "[3/2/2024 10:42 AM] Ruth Adams",
    ],
)
def test_name_and_time_may_have_their_own_line(header):
    other = header.replace("Ruth Adams", "Omar")
    text = f"{header}\nmorning all\nwho has the key?\n\n{other}\nI do\n\n{header}\nfine\n"
    label, other_label = " ".join(header.split()), " ".join(other.split())
    assert parts(text) == [(label, "morning all who has the key?"), (other_label, "I do"), (label, "fine")]
    assert len(messages_in(text).places) == 3


def test_a_title_before_a_transcript_is_its_heading():
    text = (
        "SLOW MACHINES: the mill\nPublished 9 October 2024\n\n[00:12] NIAMH: Hello.\n\n[00:21] OTIS: And I am Otis.\n\n"
    )
    text += "[00:29] NIAMH: Who is here?\n\n(music)\n"
    kinds = [element.kind for element in messages_in(text).elements]
    assert kinds == ["heading", *["paragraph"] * 5]
    assert parts(text)[1:3] == [("", "Published 9 October 2024"), ("[00:12] NIAMH:", "Hello.")]
    assert parts(text)[5] == ("", "(music)")


def test_turns_on_lines_of_their_own_are_a_dialogue():
    assert parts("Mara: Who was it?\nTom: I was.\nMara: When?\nTom: In May.\n")[1] == ("Tom:", "I was.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "One plain sentence.",
        "09:00 Opening: welcome\n09:30 Talk: bees\n10:30 Break: coffee\n11:00 Talk: honey\n",
        "Breakfast  8:00 AM\nin the hall\nLunch  12:30 PM\nin the garden\nDinner  7:00 PM\noutside\n",
        "09:01 woke up\n09:30 had coffee\n10:00 went out\n",
        "<p>one</p>\n<p>two</p>\n<li>three</li>\n<p>four</p>\n",
        "Price: 35\nWeight: 2 kg\nPrice: 40\nWeight: 3 kg\n",
        "On 2 March 2024, 09:01 - Ruth: said she.\n" + "We walked on and on through the rain.\n" * 9,
        "* one thing\n* another thing\n* one thing\n",
        "Mara: Who was it?\n\nTom: I was.\n\nMara: When?\n\nTom: In May.\n",  # paragraphs: labels.py knows
    ],
)
def test_other_texts_are_no_chats(text):
    assert messages_in(text) is None


@pytest.mark.parametrize(
    "line", ["a" * 200_000, "[" * 200_000, "1/" * 100_000, "<a> " * 50_000, "x: " * 70_000, " " * 200_000]
)
def test_one_very_long_line_takes_no_time(line):
    began = time.perf_counter()
    messages_in(line)
    messages_in(f"[09:01] ruth: {line}\n[09:02] omar: b\n")
    assert time.perf_counter() - began < 10  # a pattern that backtracks takes hours


def test_a_long_log_is_read_in_time_that_grows_with_its_length():
    lines = [f"28/07/2024, 19:{n % 60:02} - Person {n % 9}: message {n} is about the room" for n in range(20_000)]
    began = time.perf_counter()
    assert len(messages_in("\n".join(lines)).elements) == 20_000
    assert time.perf_counter() - began < 20


def test_every_visible_character_of_a_damaged_log_is_in_an_element():
    pieces = [
        "[09:01] ",
        "ruth: ",
        "<omar> ",
        "\u202e",
        "\u200e",
        "\n",
        "\r\n",
        "\t",
        "12/3/24, 9:01 - ",
        "* x ",
        "𝔸",
        "hi",
        " ",
    ]
    chosen = random.Random(7)
    read = 0
    for _ in range(300):
        text = "".join(chosen.choices(pieces, k=60))
        if found := messages_in(text):
            read += 1
            kept = "".join(element.reading.text for element in found.elements)
            bare = text.replace("\u202e", "").replace("\u200e", "")
            assert "".join(kept.split()) == "".join(bare.split())
    assert read > 0
