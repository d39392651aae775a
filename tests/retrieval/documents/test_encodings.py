"""A text is read in its own encoding, or its owner is told that the encoding is a guess."""

import random
import time
import unicodedata

import pytest

from retrieval.documents.encodings import decode, is_text_encoding
from retrieval.documents.sources import read_sources
from retrieval.errors import DocumentError
from tests.retrieval.documents.made_texts import ENCODINGS, TEXTS

CZECH = "Hrad stojí v Praze nad řekou. Králův most pětkrát přešel kůň a nikdo se nedíval."


def fitting(text: str, encoding: str) -> str:
    """The text with the characters that the encoding lacks written without accents, or as apostrophes."""

    def has(character: str) -> bool:
        return character.encode(encoding, "ignore") != b""

    bare = ("".join(filter(has, unicodedata.normalize("NFD", character))) or "'" for character in text)
    return "".join(own if has(own) else other for own, other in zip(text, bare, strict=True))


def texts_of(length_chars: int) -> list[tuple[str, str]]:
    """(text, encoding) for each language in each of its encodings; none that is all ASCII."""
    made = [
        (fitting(TEXTS[language][:length_chars], encoding), encoding)
        for encoding, languages in ENCODINGS.items()
        for language in languages.split()
    ]
    return [(text, encoding) for text, encoding in made if not text.isascii()]


@pytest.mark.parametrize(("length_chars", "least_right"), [(60, 0.94), (165, 0.98)])
def test_short_texts_in_legacy_encodings_are_right_or_flagged(length_chars, least_right):
    texts = texts_of(length_chars)
    decoded = [decode(text.encode(encoding)) for text, encoding in texts]
    wrong = [(text, found) for (text, _), found in zip(texts, decoded, strict=True) if found.text != text]
    assert len(texts) > 60
    assert len(wrong) <= (1 - least_right) * len(texts)
    assert [found for _, found in wrong if not found.remarks] == []


def test_most_texts_of_two_lines_are_sure():
    flagged = [1 for text, encoding in texts_of(165) if decode(text.encode(encoding)).remarks]
    assert len(flagged) <= 0.15 * len(texts_of(165))


def test_a_guess_that_is_not_sure_is_told_with_what_to_do():
    found = decode("Škoda".encode("cp1250"))
    assert found.text == "Škoda"
    assert found.remarks == (
        f"its encoding was guessed: {found.encoding.replace('cp', 'windows-')}; "
        "if letters look wrong, state it in SOURCES.toml",
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("ΠΡΟΣΟΧΗ: ΤΟ ΚΑΤΑΣΤΗΜΑ ΕΙΝΑΙ ΚΛΕΙΣΤΟ", "cp1253"), ("ВНИМАНИЕ! МАГАЗИН ЗАКРЫТ ДО ПОНЕДЕЛЬНИКА", "koi8-r")],
)
def test_a_text_in_capitals_is_read(text, encoding):
    assert decode(text.encode(encoding)).text == text


def test_a_text_in_a_language_without_statistics_is_flagged():
    icelandic = "Ísafjörður og Þingvellir eru á Íslandi. Það er gott að búa þar, sagði Sigríður við blaðið."
    for encoding in ("cp1252", "cp850"):
        assert decode(icelandic.encode(encoding)).remarks


def test_a_bad_byte_in_utf_8_is_shown_and_named():
    raw = "Zoë Müller opened the café – it is in Öland.\n".encode()
    found = decode(raw + b"\xff broken\n")
    assert (found.encoding, found.text) == ("utf-8", raw.decode() + "\ufffd broken\n")
    assert found.remarks == (f"byte {len(raw) + 1} is not valid UTF-8; it is shown as \ufffd",)


def test_several_bad_bytes_are_named_up_to_five():
    raw = "Grüße aus Köln und Füssen. ".encode() * 10
    assert len(raw) == 310
    found = decode(raw * 4 + b"\xff \xfe " + raw)
    assert found.remarks == ("bytes 1,241 and 1,243 are not valid UTF-8; they are shown as \ufffd",)
    assert decode(raw + b"\xff " * 7).remarks == (
        "bytes 311, 313, 315, 317, 319 and 2 more are not valid UTF-8; they are shown as \ufffd",
    )


def test_a_replacement_character_that_is_in_the_file_is_no_bad_byte():
    found = decode("ein \ufffd stand da".encode())
    assert (found.text, found.remarks) == ("ein \ufffd stand da", ())


def test_a_replacement_character_may_be_in_a_legacy_file_too():
    text = f"{TEXTS['zh-hans']}\ufffd"
    found = decode(text.encode("gb18030"))
    assert (found.text, found.encoding, found.remarks) == (text, "gb18030", ())


def test_utf_8_that_breaks_off_inside_a_character_is_utf_8():
    text = "ルンド港は1871年に開かれました。"
    found = decode(text.encode()[:-1])
    assert (found.encoding, found.text) == ("utf-8", text[:-1] + "\ufffd")
    assert found.remarks == (f"byte {len(text.encode()) - 2} is not valid UTF-8; it is shown as \ufffd",)


def test_a_bad_byte_in_a_legacy_file_is_shown_and_named():
    russian = TEXTS["ru"].encode("cp1251")
    found = decode(russian + b"\x98" + russian)
    assert (found.encoding, found.text) == ("cp1251", f"{TEXTS['ru']}\ufffd{TEXTS['ru']}")
    assert found.remarks == (f"byte {len(russian) + 1} is not valid CP1251; it is shown as \ufffd",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["en", "ru", "el", "he"])
def test_utf_16_without_a_byte_order_mark_is_read(language, encoding):
    found = decode(TEXTS[language].encode(encoding))
    assert (found.text, found.encoding, found.remarks) == (TEXTS[language], encoding, ())


def test_a_stated_encoding_decides():
    assert decode(CZECH.encode("mac-latin2"), "mac-latin2").text == CZECH
    assert decode("Ü".encode(), "windows-1252").text == "Ãœ"
    assert decode(CZECH.encode("mac-latin2"), "mac-latin2").remarks == ()


@pytest.mark.parametrize("stated", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_left_out_whatever_is_stated(stated):
    assert decode("\ufeffa".encode(), stated).text == "a"


def test_a_stated_encoding_that_does_not_fit_is_an_error_that_names_the_byte():
    with pytest.raises(DocumentError) as caught:
        decode(b"caf\xe9 noir", "utf-8")
    assert str(caught.value) == (
        "SOURCES.toml states the encoding utf-8, but byte 4 is not utf-8; "
        "correct SOURCES.toml or convert the file to UTF-8"
    )


def test_sources_toml_states_an_encoding(tmp_path):
    (tmp_path / "SOURCES.toml").write_text('["a.txt"]\nencoding = "windows-1250"\n')
    assert read_sources(tmp_path) == {"a.txt": {"encoding": "windows-1250"}}


@pytest.mark.parametrize("name", ["klingon", "hex", "idna", "a\\u0000b", ""])
def test_sources_toml_that_states_no_encoding_of_text_is_an_error(tmp_path, name):
    (tmp_path / "SOURCES.toml").write_text(f'["a.txt"]\nencoding = "{name}"\n')
    with pytest.raises(DocumentError, match=r"SOURCES\.toml: a\.txt\.encoding = .*no encoding of text files"):
        read_sources(tmp_path)


@pytest.mark.parametrize(("name", "expected"), [("UTF8", True), ("Windows-1252", True), ("rot13", False), ("x", False)])
def test_an_encoding_of_text_is_told_from_other_codecs(name, expected):
    assert is_text_encoding(name) is expected


@pytest.mark.parametrize(
    "raw",
    [
        b"\xe9" * 2_000_000,
        b"\xe9 " * 500_000,
        (TEXTS["cs"] + "\n").encode("cp1250") * 6_000,
        b"plain words " * 80_000 + b"caf\xe9",
        "é".encode() * 300_000 + b"\xff" * 100_000,
        random.Random(0).randbytes(1_000_000).translate(None, bytes(range(32))),
    ],
    ids=["one word", "words of one letter", "Czech", "one letter at the end", "many bad bytes", "noise"],
)
def test_a_large_file_is_decoded_in_a_few_seconds(raw):
    started = time.monotonic()
    decode(raw)
    assert time.monotonic() - started < 5
