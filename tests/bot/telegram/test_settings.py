"""Settings: flags come before the environment, every problem is listed, and nothing shows the token."""

import argparse
import traceback

import pytest

from bot.cli import main
from bot.plain_text import AT_LEAST
from bot.telegram.settings import (
    MALFORMED_TOKEN,
    MALFORMED_WEBHOOK_SECRET,
    NO_TOKEN,
    NO_WEBHOOK_SECRET,
    NOT_AN_ID,
    READABLE_BY_OTHERS,
    TOKEN_ON_COMMAND_LINE,
    UNREADABLE_LIST,
    UNREADABLE_SECRET,
    UPLOADS_WITHOUT_ADMINS,
    Secret,
    TelegramConfig,
    add_flags,
    read_telegram,
)
from retrieval.errors import BotError

TOKEN = "123456789:AAfakeFAKEfakeFAKEfakeFAKEfakeFAKE123"
GIVEN = {"QUOTH_TELEGRAM_TOKEN": TOKEN}
SECRET = "a-secret-of-the-webhook"


def read(*argv, **environment):
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return read_telegram(parser.parse_args([str(argument) for argument in argv]), GIVEN | environment)


def wrong(*argv, **environment):
    with pytest.raises(BotError) as caught:
        read(*argv, **environment)
    return str(caught.value)


def test_the_defaults_are_closed_and_polling():
    found = read()
    assert found.token.reveal() == TOKEN
    assert (found.allowed, found.admins, found.is_public, found.has_inline) == (frozenset(), frozenset(), False, False)
    assert (found.webhook, found.metrics_port, found.logs_questions) == (None, None, False)
    assert (found.has_uploads, read("--uploads", "--admin", 7).has_uploads) == (False, True)
    assert (found.base_url, found.retention_days) == ("https://api.telegram.org", 90)


def test_uploads_need_an_admin():
    assert wrong("--uploads") == UPLOADS_WITHOUT_ADMINS


def test_the_help_says_the_defaults():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawTextHelpFormatter)
    add_flags(parser)
    shown = " ".join(parser.format_help().split())
    assert "delete answers after this many days; 0 keeps them (default: 90)" in shown
    assert "serve Prometheus metrics on 127.0.0.1:PORT (default: off)" in shown


def test_flags_come_before_the_environment():
    environment = {
        "QUOTH_TELEGRAM_ALLOW": "1, -1001",
        "QUOTH_TELEGRAM_ADMIN": "5",
        "QUOTH_TELEGRAM_INLINE": "yes",
        "QUOTH_TELEGRAM_PER_USER": "7",
        "QUOTH_TELEGRAM_RETENTION": "0",
        "QUOTH_TELEGRAM_BASE_URL": "http://127.0.0.1:8081/",
    }
    found = read(**environment)
    assert (found.allowed, found.admins, found.has_inline) == ({1, -1001}, {5}, True)
    assert (found.per_user, found.retention_days, found.base_url) == (7, None, "http://127.0.0.1:8081")
    over = read("--allow", 2, "--allow", 3, "--per-user", 9, "--retention", 30, "--public", **environment)
    assert (over.allowed, over.per_user, over.retention_days, over.is_public) == ({2, 3}, 9, 30, True)


def test_the_list_of_a_file_is_added(tmp_path):
    path = tmp_path / "allowed"
    path.write_text("# readers\n17   # Ann\n\n-100200300\n")
    assert read("--allow", 1, "--allow-file", path).allowed == {1, 17, -100200300}
    path.write_text("17\n@ann\n")
    assert NOT_AN_ID.format(text="@ann") in wrong("--allow-file", path)
    assert UNREADABLE_LIST.partition("{error}")[0].format(path=tmp_path / "gone") in wrong(
        "--allow-file", tmp_path / "gone"
    )


def test_every_wrong_setting_is_named_at_once():
    said = wrong("--allow", "@ann", "--per-user", 0, "--base-url", "telegram.org", QUOTH_TELEGRAM_PUBLIC="maybe")
    for part in (
        "--allow: '@ann'",
        f"--per-user: {AT_LEAST.format(minimum=1)}",
        "--base-url",
        "QUOTH_TELEGRAM_PUBLIC",
    ):
        assert part in said


def test_a_missing_token_is_an_error_that_says_how_to_get_one(capsys, monkeypatch):
    monkeypatch.delenv("QUOTH_TELEGRAM_TOKEN", raising=False)
    assert main(["telegram"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert NO_TOKEN in line
    assert "QUOTH_TELEGRAM_TOKEN" in NO_TOKEN


@pytest.mark.parametrize("token", ["98765", TOKEN + "!", TOKEN.replace(":", ""), "bot" + TOKEN, f"{TOKEN} {TOKEN}"])
def test_a_malformed_token_is_refused_and_not_repeated(token):
    said = wrong(QUOTH_TELEGRAM_TOKEN=token)
    assert MALFORMED_TOKEN in said
    assert token not in said


def test_a_token_file_is_taken_only_where_nobody_else_can_read_it(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN.replace("fake", "file") + "\n")
    path.chmod(0o600)
    assert read("--token-file", path).token.reveal() == TOKEN.replace("fake", "file")
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        said = wrong("--token-file", path)
        assert READABLE_BY_OTHERS.format(mode=mode, path=path) in said
        assert "file" + "FILE" not in said
    gone = tmp_path / "gone"
    assert UNREADABLE_SECRET.partition("{error}")[0].format(path=gone) in wrong("--token-file", gone)


def test_what_systemd_hands_over_is_private_whatever_its_mode(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN)
    path.chmod(0o440)
    environment = {"QUOTH_TELEGRAM_TOKEN_FILE": str(path), "CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read(**environment).token.reveal() == TOKEN
    environment["CREDENTIALS_DIRECTORY"] = str(tmp_path / "elsewhere")
    assert READABLE_BY_OTHERS.format(mode=0o440, path=path) in wrong(**environment)


@pytest.mark.parametrize("argv", [["--token", TOKEN], [f"--token={TOKEN}"], ["--token-file", TOKEN]])
def test_no_flag_takes_the_token_and_none_repeats_it(argv, capsys):
    assert main(["telegram", *argv]) in (1, 2)
    said = capsys.readouterr().err
    hidden = UNREADABLE_SECRET.partition("{error}")[0].format(path="[secret]")
    assert TOKEN_ON_COMMAND_LINE in said or hidden in said
    assert TOKEN not in said


def test_the_token_is_in_no_repr_and_no_traceback():
    found = read("--webhook", "https://bot.example/hook", QUOTH_TELEGRAM_WEBHOOK_SECRET=SECRET)
    assert TOKEN not in f"{found!r} {found} {found.token} {found.token!r} {[found]}"
    assert SECRET not in repr(found)
    try:
        raise ValueError(found)
    except ValueError:
        assert TOKEN not in traceback.format_exc()
    assert not hasattr(Secret(TOKEN), "__dict__") or TOKEN not in str(Secret(TOKEN))


def test_a_webhook_needs_a_secret_and_listens_on_loopback():
    assert NO_WEBHOOK_SECRET in wrong("--webhook", "https://bot.example/hook")
    assert MALFORMED_WEBHOOK_SECRET in wrong(
        "--webhook", "https://bot.example/hook", QUOTH_TELEGRAM_WEBHOOK_SECRET="short"
    )
    hook = read("--webhook", "https://bot.example/hook", QUOTH_TELEGRAM_WEBHOOK_SECRET=SECRET).webhook
    assert (hook.url, hook.host, hook.port, hook.secret.reveal()) == (
        "https://bot.example/hook",
        "127.0.0.1",
        8443,
        SECRET,
    )
    hook = read("--webhook", "https://b.example/h", "--listen", ":9000", QUOTH_TELEGRAM_WEBHOOK_SECRET=SECRET).webhook
    assert (hook.host, hook.port) == ("127.0.0.1", 9000)


def test_a_webhook_secret_may_come_from_a_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o400)
    hook = read("--webhook", "https://bot.example/h", QUOTH_TELEGRAM_WEBHOOK_SECRET_FILE=str(path)).webhook
    assert hook.secret.reveal() == SECRET


def test_other_commands_need_no_token(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("QUOTH_TELEGRAM_TOKEN", raising=False)
    assert main(["health", "--index", str(tmp_path / "index")]) == 1
    assert capsys.readouterr().err == ""


def test_a_config_is_frozen():
    with pytest.raises(AttributeError):
        TelegramConfig(Secret(TOKEN)).is_public = True
