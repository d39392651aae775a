"""Every text is translated into every language, with the same placeholders, and fits where it is shown."""

import importlib
import re
import string
from pathlib import Path

import pytest

import retrieval
from bot.language.catalogues import catalogues, template
from bot.language.language import CODES, Language, language_of, session_language
from bot.telegram.messages.about import Privacy as Kept
from bot.telegram.messages.about import commands, descriptions, privacy_message
from bot.telegram.messages.notices import NOTICES, notice
from retrieval.documents.formats import SUFFIXES

LANGUAGES = [Language(code) for code in CODES]
ROOT = Path(retrieval.__file__).parent
BY_FILE = {path.parts[-3]: catalogue for path, catalogue in catalogues()}


def forms(text):
    """A text as the list of its plural forms."""
    return [text] if isinstance(text, str) else list(text)


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("code", BY_FILE)
def test_no_text_is_missing_and_none_is_left_over(code):
    there = {tuple(forms(message.id)): forms(message.string) for message in BY_FILE[code] if message.id}
    assert there.keys() == {tuple(forms(message.id)) for message in template() if message.id}
    assert [text for text, translated in there.items() if not all(translated)] == []
    assert not any(message.fuzzy for message in BY_FILE[code] if message.id)


@pytest.mark.parametrize("code", BY_FILE)
def test_a_translation_has_the_placeholders_of_the_text_and_its_languages_plural_forms(code):
    for message in BY_FILE[code]:
        if message.id:
            translated = forms(message.string)
            assert len(translated) == (BY_FILE[code].num_plurals if message.pluralizable else 1), message.id
            for number, form in enumerate(translated):
                expected = placeholders(forms(message.id)[-1])
                is_one = message.pluralizable and number == 0 and len(translated) > 1  # "another", "un lugar más"
                assert placeholders(form) == expected or (is_one and placeholders(form) == []), form


@pytest.mark.parametrize("code", BY_FILE)
def test_a_translation_keeps_commands_and_the_white_space_around(code):
    for message in BY_FILE[code]:
        for form in forms(message.string) if message.id else ():
            text = forms(message.id)[-1]
            assert sorted(typed_in(text)) == sorted(typed_in(form))
            assert form == form.strip() or text == ", "


def typed_in(text):
    """What a person types as it stands there: commands with their options, and what stands between backticks."""
    return re.findall(r"/[a-z]+(?: figures| N(?: all| --open)?)?|`[^`]+`|\b(?:in|before):\w+", text)


def test_what_the_library_says_of_an_answer_is_translated():
    texts = {text for message in template() if message.id for text in forms(message.id)}
    for path in sorted((ROOT / "conversation").rglob("*.py")):
        module = importlib.import_module(".".join(("retrieval", *path.relative_to(ROOT).with_suffix("").parts)))
        said = {*getattr(module, "HEADINGS", ()), *getattr(module, "NOTES", ())}
        assert said <= texts, path


@pytest.mark.parametrize("spoken", LANGUAGES, ids=CODES)
def test_notices_fit_an_alert(spoken):
    values = {"seconds": 3600, "limit": 1000, "user_id": 7_000_000_000, "question": "Why?", "id": "Q" * 12}
    values |= {"file": "uploads/report.pdf", "reason": "it is damaged or cut off", "suffixes": " ".join(SUFFIXES)}
    assert all(0 < len(notice(name, spoken, values).text) <= 200 for name in NOTICES)


@pytest.mark.parametrize("spoken", LANGUAGES, ids=CODES)
def test_the_menu_fits_what_telegram_takes(spoken):
    assert all(0 < len(command.description) <= 256 for command in commands(spoken, is_admin=True, has_uploads=True))
    full, short = descriptions(spoken, 12_345)
    assert len(full) <= 512
    assert len(short) <= 120


@pytest.mark.parametrize(
    ("tag", "code"),
    [("pt-br", "pt"), ("es", "es"), ("ja_JP", "ja"), ("de", "en"), ("", "en"), (None, "en"), ("x" * 99, "en")],
)
def test_a_language_is_found_by_its_tag(tag, code):
    assert language_of(tag).code == code


def test_a_session_speaks_the_language_of_the_last_question_that_told_it():
    spoken, languages = Language("en"), []
    conversation = [
        "hi",
        "¿Quién firmó el acuerdo?",
        "and in 2021?",  # too short to tell
        "Rio de Janeiro",  # a name is no question in Portuguese
        "ok 👍",
        "obrigado!",
        "Wann öffnet das Büro am Montag?",  # no catalogue
        "誰が？",
        "When does the office open on Monday?",
    ]
    for said in conversation:
        spoken = session_language(said, spoken)
        languages.append(spoken.code)
    assert languages == ["en", "es", "es", "es", "es", "pt", "pt", "ja", "en"]


def test_dates_and_numbers_are_written_the_languages_way():
    assert [spoken.date("2022-05-16") for spoken in LANGUAGES] == [
        "16 May 2022",
        "16 de mayo de 2022",
        "16 de maio de 2022",
        "2022年5月16日",
    ]
    assert [Language("es").date(text) for text in ("2022-05", "2022", "2022-02-30", "soon")] == [
        "mayo de 2022",
        "2022",
        "2022-02-30",
        "soon",
    ]
    assert Language("en").number(12_345) == "12,345"


def test_a_language_names_the_others():
    assert [spoken.name_of("en") for spoken in LANGUAGES] == ["English", "inglés", "inglês", "英語"]
    assert Language("en").name_of("xx-unknown") == "xx-unknown"


def test_nobody_is_told_to_be_wholly_sure():
    assert [Language("en").percent(share) for share in (0.0, 0.004, 0.5, 0.999, 1.0)] == [
        "1%",
        "1%",
        "50%",
        "99%",
        "99%",
    ]


def test_one_thing_is_not_several():
    said = [privacy_message(Language("en"), Kept(days, False)).text for days in (1, 30, None)]
    assert "stored for 1 day." in said[0]
    assert "stored for 30 days." in said[1]
    assert "until they are deleted" in said[2]
    assert "1 día." in privacy_message(Language("es"), Kept(1, False)).text
