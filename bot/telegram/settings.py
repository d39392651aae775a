"""Settings of the Telegram bot: flags, then QUOTH_TELEGRAM_* of the environment, then defaults. No network in here.

What is secret comes from the environment or from a file that only its owner can read, never from a flag: `ps` shows
those to everybody.
"""

from __future__ import annotations

import argparse
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.telegram.ops.logs import redact
from retrieval.errors import BotError

PREFIX = "QUOTH_TELEGRAM_"
TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,}", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


class Secret:
    """Text that no repr, log or traceback shows."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates to: the address it is told, and where we listen behind the proxy."""

    url: str
    host: str
    port: int
    secret: Secret


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """How the bot runs. `webhook` is None for polling, `metrics_port` for no figures, `retention_days` for ever.

    `per_user` and `per_chat` are questions a minute; `queue` is how many may wait; times are in seconds.
    """

    token: Secret
    base_url: str = TELEGRAM
    allowed: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    is_public: bool = False
    webhook: Webhook | None = None
    has_inline: bool = False
    metrics_port: int | None = None
    logs_questions: bool = False
    retention_days: int | None = 90
    per_user: int = 20
    per_chat: int = 40
    queue: int = 200
    longest_chars: int = 1000
    threads: int = 2
    drain_s: int = 20
    deaf_after_s: int = 180


def _whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < least:
            raise ValueError(f"{text!r} is no number of {least} or more")
        return int(text)

    return parse


def _id(text: str) -> int:
    if not re.fullmatch(r"-?[1-9]\d{0,17}", text.strip(), re.ASCII):
        raise ValueError(
            f"{text.strip()!r} is no numeric id (names can be sold or changed); /start shows a stranger's id"
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class _Number:
    """A flag that takes a whole number: where it goes, the least it may be, and what it means."""

    flag: str
    field: str
    least: int
    help: str


_NUMBERS = (
    _Number("metrics", "metrics_port", 1, "PORT on 127.0.0.1 for figures as Prometheus text (default: none)"),
    _Number("retention", "retention_days", 0, "days that answers are kept; 0: until they are deleted (default 90)"),
    _Number("per-user", "per_user", 1, "questions a minute of one person (default 20)"),
    _Number("per-chat", "per_chat", 1, "questions a minute in one chat (default 40)"),
    _Number("queue", "queue", 1, "questions that may wait for an answer (default 200)"),
    _Number("longest", "longest_chars", 1, "characters of a question (default 1000)"),
    _Number("threads", "threads", 1, "questions answered at the same time (default 2)"),
    _Number("drain", "drain_s", 0, "seconds to finish what was begun when told to stop (default 20)"),
    _Number("deaf-after", "deaf_after_s", 1, "seconds without a poll after which the bot gives up (default 180)"),
)
_SWITCHES = (
    ("public", "everybody may ask (default: only those allowed)"),
    ("inline", "answer inline queries too: @bot question, in any chat"),
    ("log-questions", "write the text of questions to the log"),
)


class _NoToken(argparse.Action):
    """Refuses a token on the command line without repeating it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(f"a token on the command line can be read by everybody; put it into {PREFIX}TOKEN or a file")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of `quoth telegram`. Texts only: they are read where the environment is, by `read_telegram`."""
    parser.allow_abbrev = False
    parser.add_argument("--token", action=_NoToken, help=argparse.SUPPRESS)
    parser.add_argument("--token-file", metavar="FILE", help=f"else {PREFIX}TOKEN; a file only its owner can read")
    parser.add_argument("--allow", action="append", metavar="ID", help="a person or group that may ask; again for more")
    parser.add_argument("--allow-file", metavar="FILE", help="such ids, one a line; # begins a comment")
    parser.add_argument("--admin", action="append", metavar="ID", help="a person who may also /status; again for more")
    for name, help_ in _SWITCHES:
        parser.add_argument(f"--{name}", action="store_true", default=None, help=help_)
    parser.add_argument("--base-url", metavar="URL", help="a Bot API server of your own (default: Telegram's)")
    parser.add_argument("--webhook", metavar="URL", help="https address for updates; they are polled otherwise")
    parser.add_argument("--listen", metavar="HOST:PORT", help="where the webhook listens (default 127.0.0.1:8443)")
    for number in _NUMBERS:
        parser.add_argument(f"--{number.flag}", metavar="N", help=number.help)
    parser.epilog = f"""Each flag may be given as an environment variable: --per-user as {PREFIX}PER_USER, lists with
        commas. {PREFIX}WEBHOOK_SECRET, or {PREFIX}WEBHOOK_SECRET_FILE, is needed for a webhook."""


def read_telegram(given: argparse.Namespace, environment: Mapping[str, str]) -> TelegramConfig:
    """Flags first, then the environment, then the defaults. Raises BotError, which names every wrong setting."""
    said = _Said(given, environment)
    values: dict[str, Any] = {
        "token": said.token(),
        "base_url": said.url("base-url", TELEGRAM, ("http", "https")),
        "allowed": frozenset(said.ids("allow")) | frozenset(said.ids_of_file()),
        "admins": frozenset(said.ids("admin")),
        "is_public": said.switch("public"),
        "has_inline": said.switch("inline"),
        "logs_questions": said.switch("log-questions"),
        "webhook": said.webhook(),
    }
    for number in _NUMBERS:
        text = said.text(number.flag)
        if text is not None:
            values[number.field] = said.parsed(number.flag, text, _whole(number.least))
    values["retention_days"] = values.get("retention_days", 90) or None
    if said.wrong:
        raise BotError("; ".join(said.wrong))
    return TelegramConfig(**values)


@dataclass(slots=True)
class _Said:
    """What flags and environment say, and what is wrong with it."""

    given: argparse.Namespace
    environment: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)

    def text(self, flag: str) -> str | None:
        value = getattr(self.given, flag.replace("-", "_"), None)
        return value if value is not None else self.environment.get(_variable(flag)) or None

    def parsed(self, flag: str, text: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            self.wrong.append(f"--{flag}: {error}")
            return None

    def switch(self, flag: str) -> bool:
        if getattr(self.given, flag.replace("-", "_"), None):
            return True
        text = self.environment.get(_variable(flag), "").strip().lower()
        if text not in _TRUE | _FALSE:
            self.wrong.append(f"{_variable(flag)}: {text!r} is neither 1 nor 0")
        return text in _TRUE

    def ids(self, flag: str) -> list[int]:
        texts = getattr(self.given, flag, None)
        if texts is None:
            texts = [text for text in self.environment.get(_variable(flag), "").split(",") if text.strip()]
        return [self.parsed(flag, text, _id) for text in texts]

    def ids_of_file(self) -> list[int]:
        path = self.text("allow-file")
        if path is None:
            return []
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            self.wrong.append(f"--allow-file: can't read {path}: {error}")
            return []
        texts = [line.partition("#")[0].strip() for line in lines]
        return [self.parsed("allow-file", text, _id) for text in texts if text]

    def url(self, flag: str, default: str, schemes: tuple[str, ...]) -> str:
        text = self.text(flag) or default
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
            self.wrong.append(f"--{flag}: {text!r} is no {' or '.join(schemes)} address")
        return text.rstrip("/")

    def webhook(self) -> Webhook | None:
        if self.text("webhook") is None:
            return None
        url = self.url("webhook", "", ("https", "http"))
        host, _, port = (self.text("listen") or "127.0.0.1:8443").rpartition(":")
        number = self.parsed("listen", port, _whole(1))
        secret = self.secret("WEBHOOK_SECRET")
        if secret is None:
            self.wrong.append(f"a webhook needs {PREFIX}WEBHOOK_SECRET, 16 to 256 of A-Z a-z 0-9 _ -")
        elif secret and not _WEBHOOK_SECRET.fullmatch(secret):
            self.wrong.append(f"{PREFIX}WEBHOOK_SECRET is not 16 to 256 of A-Z a-z 0-9 _ -")
        return Webhook(url, host.strip("[]") or "127.0.0.1", number, Secret(secret or ""))

    def token(self) -> Secret:
        token = self.secret("TOKEN", getattr(self.given, "token_file", None))
        if token is None:
            self.wrong.append(
                f"no bot token; get one from @BotFather and put it into {PREFIX}TOKEN, or into a file named by "
                f"{PREFIX}TOKEN_FILE or --token-file"
            )
        elif token and not TOKEN.fullmatch(token):
            self.wrong.append(
                "the bot token is malformed; @BotFather gives one like 123456789:AA… (35 characters more)"
            )
        return Secret(token or "")

    def secret(self, name: str, file: str | None = None) -> str | None:
        """The text of the variable or of the file that NAME_FILE names; None where neither is given, "" where it is
        wrong."""
        file = file or self.environment.get(f"{PREFIX}{name}_FILE")
        if file is None:
            return self.environment.get(PREFIX + name, "").strip() or None
        try:
            return _private_text(Path(file), self.environment.get("CREDENTIALS_DIRECTORY")).strip() or None
        except (OSError, UnicodeDecodeError, PermissionError) as error:
            self.wrong.append(redact(f"can't take a secret from {file}: {error}"))  # it may be the secret itself
            return ""


def _private_text(path: Path, credentials: str | None) -> str:
    """The text of a file that nobody but its owner can read. Raises PermissionError for another.

    Those that systemd hands over (LoadCredential) are as private as it makes them, whatever their mode.
    """
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
        is_handed_over = credentials is not None and path.resolve().parent == Path(credentials).resolve()
        if not is_handed_over and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(f"others can read it (mode {stat.S_IMODE(mode):04o}); run: chmod 600 {path}")
        return file.read(4096)


def _variable(flag: str) -> str:
    return PREFIX + flag.upper().replace("-", "_")
