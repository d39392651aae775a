"""A file's name is made safe to store under, whatever a person calls the file."""

import os
import unicodedata
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.files.names import names_like, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Jahresbericht 2024 – Entwurf.docx", "Jahresbericht 2024 – Entwurf.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ann\\notes.txt", "notes.txt"),
        ("/etc/passwd", "passwd"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("a\x00b\nc\x1b[2J.txt", "ab c[2J.txt"),
        ("..hidden.txt", "hidden.txt"),
        ("~$report.docx", "report.docx"),
        ("cafe\u0301.txt", "café.txt"),
        ('what? "this": <that>|*.md', "what_ _this__ _that___.md"),
        ("  spaced   out  .txt", "spaced out.txt"),
        ("\ud800.txt", "txt"),
        (".txt", "txt"),
        ("..", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_one_that_is_safe(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_is_shortened_and_keeps_its_suffix():
    assert safe_name("x" * 300 + ".pdf") == "x" * 100 + ".pdf"
    long = safe_name("語" * 300 + ".pdf")
    assert long == "語" * 66 + ".pdf"


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec=None, categories=None), max_size=300).map(lambda text: text + ".txt"))
def test_no_name_leads_out_of_its_folder_hides_or_confuses(name):
    safe = safe_name(name)
    assert os.path.basename(safe) == safe
    assert not safe.startswith((".", "~", " ")) and "\\" not in safe
    assert len(safe.encode()) <= 210
    assert unicodedata.is_normalized("NFC", safe)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in safe)


def test_a_taken_name_gets_a_number_before_its_suffix():
    assert list(islice(names_like("report.pdf"), 3)) == ["report.pdf", "report (2).pdf", "report (3).pdf"]
