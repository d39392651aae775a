"""Mails and mailboxes are read: subject, headers as labels, the plain text with its wrapped lines joined."""

import time

import pytest

from retrieval.documents.elements import Limits, ReadOptions
from retrieval.documents.messages.mail import read
from retrieval.errors import DocumentError

HEADERS = """From: =?utf-8?q?R=C3=BCth?= Adams <ruth@example.org>
To: omar@example.org,
 lena@example.org
Cc: Zoë <zoe@example.org>
Date: Sat, 02 Mar 2024 23:30:00 -0500
Subject: =?utf-8?b?RGVtbyBtb3ZlZA==?=
 to Thursday
"""
MIXED = (
    HEADERS
    + """Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: multipart/alternative; boundary="y"

--y
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hi Omar,

the demo moved to Thursday at 14:00, and it is in the=20
room that Lena booked: B12.

We need:
- chairs
* a projector
1. a key

On 1 March 2024, Omar wrote:
> When is the demo?
>> no idea
> ok

--=20
R=C3=BCth Adams
+49 30 1234
--y
Content-Type: text/html; charset=utf-8

<p>Only in the HTML.</p>
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''pl%C3%A4ne.pdf
Content-Transfer-Encoding: base64

AAAA
--x--
"""
)


def read_mail(text, **limits):
    return read(text if isinstance(text, bytes) else text.encode(), ReadOptions(limits=Limits(**limits)))


def body(text):
    """The texts after the headers of a short mail."""
    return [one.reading.text for one in read_mail(f"From: a@x.org\nSubject: s\n{text}").elements[2:]]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_mail_is_its_subject_headers_and_plain_text(line_break):
    found = read_mail(MIXED.replace("\n", line_break))
    assert [(one.kind, one.reading.text) for one in found.elements] == [
        ("heading", "Demo moved to Thursday"),
        ("paragraph", "From: Rüth Adams <ruth@example.org>"),
        ("paragraph", "To: omar@example.org, lena@example.org"),
        ("paragraph", "Cc: Zoë <zoe@example.org>"),
        ("paragraph", "Date: Sat, 02 Mar 2024 23:30:00 -0500"),
        ("paragraph", "Hi Omar,"),
        ("paragraph", "the demo moved to Thursday at 14:00, and it is in the room that Lena booked: B12."),
        ("paragraph", "We need:"),
        ("item", "chairs"),
        ("item", "a projector"),
        ("item", "1. a key"),
        ("paragraph", "On 1 March 2024, Omar wrote:"),
        ("paragraph", "When is the demo?"),
        ("paragraph", "no idea"),
        ("paragraph", "ok"),
        ("paragraph", "Rüth Adams"),
        ("paragraph", "+49 30 1234"),
    ]
    whole = {one.reading.text for one in found.elements if one.label_chars == len(one.reading.text)}
    assert {text.split(":")[0] for text in whole} == {"From", "To", "Cc", "Date", "On 1 March 2024, Omar wrote"}
    assert all(one.label_chars in (0, len(one.reading.text)) for one in found.elements)
    assert (found.metadata.title, found.metadata.date) == ("Demo moved to Thursday", "2024-03-02")
    assert (found.metadata.publisher, found.encoding) == ("Rüth Adams", "")
    assert found.remarks == ("1 attachment was not read: pläne.pdf",)


def test_lines_are_joined_where_the_next_word_did_not_fit():
    wrapped = "The committee met in the old town hall on Tuesday, and everyone from\nOslo came.\nShort line.\nAnother."
    assert body(f"\n{wrapped}") == [
        "The committee met in the old town hall on Tuesday, and everyone from Oslo came.",
        "Short line.",
        "Another.",
    ]
    assert body("\n> the lamp that was\n> painted green") == ["the lamp that was painted green"]
    assert body("\n- one thing that\n  Olga said\n- two") == ["one thing that Olga said", "two"]


def test_flowed_text_tells_which_lines_go_on():
    header = "Content-Type: text/plain; format=flowed\n\n"
    assert body(header + "One \nlong line.\nnext\n> quoted \n> too\n From there\n-- \nRuth") == [
        *("One long line.", "next", "quoted too", "From there", "Ruth")
    ]
    assert body(header.replace("\n\n", "; DelSp=yes\n\n") + "Don \nau.") == ["Donau."]


def test_html_is_read_where_there_is_no_plain_text():
    page = "<h1>Menu</h1><p>We open at nine o'clock in the morning, and close at six.</p>"
    found = read_mail(f"{HEADERS}Content-Type: text/html; charset=iso-8859-1\n\n{page}")
    assert "We open at nine o'clock in the morning, and close at six." in [one.reading.text for one in found.elements]


def test_the_tables_of_a_mail_stay_apart():
    rows = "<table><tr><th>Part</th><th>Price</th></tr><tr><td>lid</td><td>3</td></tr></table>"
    found = read_mail(f"{HEADERS}Content-Type: text/html\n\n{rows}{rows}")
    assert [one.table for one in found.elements if one.cells] == [1, 1, 2, 2]


@pytest.mark.parametrize("charset", ["klingon", "us-ascii", "utf-8", "punycode", "hex", "utf-16"])
def test_an_unknown_or_wrong_charset_is_guessed(charset):
    text = "Zoë hat Grüße für die Schöne aus Köln, und für die Brüder auch, die hören."
    found = read_mail(
        b"Subject: s\nContent-Type: text/plain; charset=%s\n\n%s" % (charset.encode(), text.encode("cp1252"))
    )
    assert found.elements[1].reading.text == text


def test_legacy_and_unencoded_headers_are_decoded():
    for subject in (
        b"Zo\xc3\xab",
        b"Zo\xeb",
        b"=?iso-8859-1?Q?Zo=EB?=",
        b"=?klingon?q?Zo=EB?=",
        b"=?utf-8?B?Wm/Dqw==?=",
    ):
        assert read_mail(b"Subject: %s\n\nx" % subject).metadata.title == "Zoë"


def test_an_encoded_line_break_makes_no_header():
    found = read_mail("Subject: =?utf-8?q?a=0AFrom:_boss@x.org=E2=80=AE?=\nFrom: a@x.org\n\nx")
    assert [one.reading.text for one in found.elements] == ["a From: boss@x.org", "From: a@x.org", "x"]


def test_a_mail_without_subject_is_named_by_sender_and_day():
    mail = "From: Ruth <r@x.org>\nDate: Sat, 2 Mar 2024 09:00 +0100\n\nx"
    assert read_mail(mail).elements[0].reading.text == "Ruth, 2024-03-02"
    assert read_mail("Received: by x\nDate: yesterday\n\nx").elements[0].reading.text == "(no subject)"
    assert read_mail("From: Ruth\nDate: 99 Foo 20245\n\nx").metadata.date is None


def test_a_multipart_mail_without_parts_is_shown_as_it_is():
    assert body('Content-Type: multipart/mixed; boundary="z"\n\nNo line separates it.') == ["No line separates it."]


def test_a_mailbox_has_a_heading_and_a_place_for_each_message():
    box = (
        f"From ruth@example.org Sat Mar  2 09:01:00 2024\n{MIXED}\nFrom here on it is Sat Mar again\n\n"
        "From 12@xxx Sun Mar 03 09:01:00 +0000 2024\nFrom: Omar <o@x.org>\nDate: Sun, 3 Mar 2024 09:01:00 +0100\n"
        "Subject: re\n\n>From here to there.\n\nFrom now on Sat Mar  2 09:01:00 2024\nis no header.\n\n"
        "From - Sun Mar 03 10:00:00 2024\nSubject: third\n\nBye.\n"
    )
    for text in (box, box.replace("\n", "\r\n")):
        found = read_mail(text)
        headings = ["Demo moved to Thursday", "re", "third"]
        assert [one.reading.text for one in found.elements if one.kind == "heading"] == headings
        assert [(place.kind, place.label) for place in found.places] == [
            ("message", "Rüth Adams, 2024-03-02"),
            ("message", "Omar, 2024-03-03"),
            ("message", "3"),
        ]
        assert [found.text[place.start :].splitlines()[0] for place in found.places] == headings
        said = [one.reading.text for one in found.elements]
        from_now_on = "From now on Sat Mar 2 09:01:00 2024 is no header."
        assert said[-4:] == ["From here to there.", from_now_on, "third", "Bye."]
    with pytest.raises(DocumentError, match="more than 2 messages; raise the limit with --max-pages"):
        read_mail(box, pages=2)


def test_a_bad_message_does_not_hide_the_others():
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(30))
    separator = "From a@x.org Sat Mar  2 09:01:00 2024\n"
    found = read_mail(f"{separator}Subject: bad\n{nested}\n\n{separator}Subject: good\n\nHello.\n")
    assert [one.reading.text for one in found.elements] == ["good", "Hello."]
    assert found.remarks[0].startswith("message 1 was not read: its parts are nested more than 20 deep")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not a mail"),
        ("Hello there.\n", "it is not a mail"),
        ("\0\1\2\3", "it is not a mail"),
        (
            "Subject: s\n" + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(9_999)),
            "its parts are nested more than 20 deep",
        ),
        ("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 9_999, "more than 1,000 parts"),
    ],
)
def test_what_is_no_mail_or_a_bomb_is_refused(text, reason):
    with pytest.raises(DocumentError, match=reason):
        read_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "Subject: " + "=?utf-8?q?x " * 20_000 + "\n\nx",
        "From: " + "(((" * 70_000 + "\n\nx",
        "To: " + "(((<a@b>," * 20_000 + "\n\nx",
        "From: a\nContent-Type: text/plain" + "; a=b" * 40_000 + "\n\nx",
        "From: a\nContent-Disposition: attachment" + "; filename*0*=b" * 20_000 + "\n\nx",
        "From: a\n\n" + "a" * 200_000,
        "From: a\n\n" + "> " * 100_000,
        "From: a\n\n" + "- " * 100_000,
        "From " + "Sat Mar  2 09:0" * 20_000,
        "Subject: =?punycode?q?" + "a" * 9_000 + "?=\nContent-Type: text/plain; charset=punycode\n\n" + "b-" * 100_000,
    ],
)
def test_long_headers_and_lines_take_no_time(text):
    began = time.perf_counter()
    try:
        read_mail(text)
    except DocumentError:
        assert text.startswith("From Sat")
    assert time.perf_counter() - began < 10  # time that grows with the square of the length takes minutes
