"""Subtitles are read as running text: cues joined into sentences, speakers as labels, times as places."""

import time

import pytest

from retrieval.documents.elements import ReadOptions
from retrieval.documents.messages.subtitles import read
from retrieval.errors import DocumentError

SRT = """1
00:00:01,000 --> 00:00:03,000
{\\an8}<i>The lighthouse was</i>
painted

2
00:00:03,500 --> 00:00:05,000
by Olga Berg in 1931.

3
00:00:05,500 --> 00:00:07,000
- Who paid for it?
- The town.

4
00:00:08,000 --> 00:00:09,000
[MUSIC]

5
00:00:10,000 --> 00:00:12,000
It had
6
00:01:13,000 --> 00:01:14,000
36

7
01:02:15,000 --> 01:02:16,000
-5 degrees
"""
VTT = """WEBVTT - The lamp
Kind: captions

STYLE
::cue { color: red }

NOTE checked by
Ruth

intro
00:01.000 --> 00:03.000 align:start
<v Mary>The <c.yellow>lamp</c> is

00:03.100 --> 00:04.000
<v Mary>green.

00:04.100 --> 00:05.000
<v.loud Tom Reed>Is it? <v Mary>Yes.</v>
"""
ROLLING = """WEBVTT

00:00:00.000 --> 00:00:02.000
 
the<00:00:01.000><c> lamp</c>

00:00:02.000 --> 00:00:02.010
the lamp
 

00:00:02.010 --> 00:00:04.000
the lamp
is<00:00:03.000><c> green</c>

00:00:04.000 --> 00:00:04.010
is green
 

00:00:04.010 --> 00:00:06.000
is green
and the tower

00:00:06.000 --> 00:00:06.010
and the tower
 

00:00:06.010 --> 00:00:08.000
and the tower
is white
"""


def read_text(text):
    return read(text.encode(), ReadOptions())


def parts(text):
    """The label and the rest of each element; every visible character of the file is in an element or left out."""
    found = read_text(text)
    used = {n for one in found.elements for _, start, size in one.reading.runs for n in range(start, start + size)}
    used |= {n for drop in found.dropped for n in range(*drop.span)}
    assert "".join(char for n, char in enumerate(found.text) if n not in used).strip("\ufeff \r\n") == ""
    assert sorted(place.start for place in found.places) == [place.start for place in found.places]
    return [
        (one.reading.text[: one.label_chars], one.reading.text[one.label_chars :].strip()) for one in found.elements
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_cues_are_joined_into_sentences(line_break):
    assert parts(SRT.replace("\n", line_break)) == [
        ("", "The lighthouse was painted by Olga Berg in 1931."),
        ("", "Who paid for it?"),
        ("", "The town."),
        ("", "[MUSIC]"),
        ("", "It had"),  # the next cue begins a minute later
        ("", "36"),
        ("", "-5 degrees"),
    ]


def test_a_cue_has_the_place_of_its_time():
    found = read_text(SRT)
    assert [(place.kind, place.label) for place in found.places] == [
        ("time", label)
        for label in ("00:00:01", "00:00:03", "00:00:05", "00:00:08", "00:00:10", "00:01:13", "01:02:15")
    ]
    assert found.text[found.places[1].start :].startswith("by Olga Berg")


def test_what_is_left_out_tells_its_rule():
    found = read_text(SRT)
    left_out = [(found.text[slice(*drop.span)], drop.rule) for drop in found.dropped]
    assert left_out[:4] == [
        ("1", "subtitle timing"),
        ("00:00:01,000 --> 00:00:03,000", "subtitle timing"),
        ("{\\an8}<i>", "subtitle mark"),
        ("</i>", "subtitle mark"),
    ]
    assert ("-", "subtitle mark") in left_out


def test_the_speaker_in_a_tag_is_a_label():
    assert parts(VTT) == [("Mary:", "The lamp is green."), ("Tom Reed:", "Is it?"), ("Mary:", "Yes.")]
    found = read_text(VTT)
    rules = {found.text[slice(*drop.span)]: drop.rule for drop in found.dropped}
    assert rules["WEBVTT - The lamp"] == rules["Kind: captions"] == "subtitle header"
    assert rules["::cue { color: red }"] == rules["NOTE checked by"] == rules["Ruth"] == "subtitle settings"
    assert rules["intro"] == "subtitle timing"


def test_speakers_in_the_text_are_labels_if_it_is_a_dialogue():
    lines = ["MARY: Who is there?", "TOM: It is me.", "MARY: Who is me?", "TOM: Tom."]
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{line}\n" for n, line in enumerate(lines)]
    assert parts("\n".join(cues))[:2] == [("MARY:", "Who is there?"), ("TOM:", "It is me.")]


def test_rolling_captions_are_read_once():
    assert parts(ROLLING) == [("", "the lamp is green and the tower is white")]
    assert sum(drop.rule == "repeated caption" for drop in read_text(ROLLING).dropped) == 6
    assert [place.label for place in read_text(ROLLING).places] == ["00:00:00", "00:00:02", "00:00:04", "00:00:06"]


def test_words_that_are_said_again_stay():
    said = ["No.", "No.", "Run!\nRun!", "Run!\nNow!", "No.", "Why?"]
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n" for n, words in enumerate(said)]
    assert [text for _, text in parts("\n".join(cues))] == ["No.", "No.", "Run! Run!", "Run! Now!", "No.", "Why?"]


def test_captions_without_full_stops_are_cut_after_half_a_minute():
    cues = [f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{'word ' * 20}\n" for n in range(60)]
    sizes = [len(text) for _, text in parts("\n".join(cues))]
    assert len(sizes) == 10 and max(sizes) == 599  # six cues of 99 characters are the first to reach 500


@pytest.mark.parametrize(
    ("timing", "label"),
    [
        ("-00:00:05,000 --> 00:00:06,000", "-00:00:05"),
        ("00:00:05 --> 00:00:06", "00:00:05"),
        ("0:5.5-->0:6", "00:00:05"),
        ("00:00:09,000 --> 00:00:01,000", "00:00:09"),
        ("999:00:05,000 --> 999:00:06,000 X1:10 X2:20", "999:00:05"),
    ],
)
def test_odd_times_are_read(timing, label):
    assert [place.label for place in read_text(f"1\n{timing}\nHello there.\n").places] == [label]


def test_a_broken_timing_stays_in_the_text():
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:xx --> 00:00:03\ntwo.\n"
    assert parts(text) == [("", "One 2 00:00:xx --> 00:00:03 two.")]


def test_direction_marks_are_not_read():
    assert parts("1\n00:00:01,000 --> 00:00:02,000\n\u202bשלום\u202c.\n") == [("", "שלום.")]


@pytest.mark.parametrize("text", ["", "Only words.", "WEBVTT\n\nNOTE nothing\n", "0:" * 100_000, "-" * 100_000])
def test_a_file_without_captions_is_refused(text):
    with pytest.raises(DocumentError, match="it has no captions"):
        read_text(text)


@pytest.mark.parametrize("line", ["a" * 200_000, "<" * 200_000, "<i " * 70_000, "<v a>" * 40_000, "{\\" * 100_000])
def test_one_very_long_line_takes_no_time(line):
    began = time.perf_counter()
    read_text(f"1\n00:00:01,000 --> 00:00:02,000\n{line}\n")
    assert time.perf_counter() - began < 30  # a pattern that backtracks takes hours
