"""Settings of the Telegram bot: flags, then QUOTH_TELEGRAM_* variables, then defaults. No network access.

Secrets come from the environment or from a file that only its owner can read, never from a flag: `ps` shows flags to
every user of the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.plain_text import parse_integer
from bot.telegram.ops.logs import redact
from retrieval.errors import BotError

PREFIX = "QUOTH_TELEGRAM_"
TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,}", re.ASCII)
LISTEN = "127.0.0.1:8443"
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
HELP = (
    "Access is off by default. Message the bot to get your numeric ID, then pass it with --allow. "
    f"Every flag can also be set as an environment variable, such as {PREFIX}PER_USER for --per-user, except --index "
    "(QUOTH_INDEX) and --answer-precision (QUOTH_ANSWER_PRECISION). Lists are separated by commas. A webhook needs "
    f"{PREFIX}WEBHOOK_SECRET or {PREFIX}WEBHOOK_SECRET_FILE."
)
"""What `quoth telegram --help` says below the flags."""

# The problems that a person reads, with what to do about them.
NOT_AN_ID = (
    "{text!r} is not a numeric ID; usernames are not accepted because they can change hands. "
    "The bot tells anyone without access their ID"
)
NOT_A_SWITCH = "must be 1 or 0, not {text!r}"
NOT_A_URL = "must be an {schemes} URL, not {text!r}"
TOKEN_ON_COMMAND_LINE = (
    f"every user of this machine can see a token on the command line; use {PREFIX}TOKEN or --token-file"
)
NO_TOKEN = (
    f"no bot token; get one from @BotFather and put it into {PREFIX}TOKEN, or into a file and name that "
    f"with {PREFIX}TOKEN_FILE or --token-file"
)
MALFORMED_TOKEN = "the bot token is malformed; @BotFather shows it in the form 123456789:AA… (35 characters at the end)"
UPLOADS_WITHOUT_ADMINS = "--uploads: only admins may add documents; name one with --admin ID"
_SECRET_FORM = "16 to 256 characters from A-Z, a-z, 0-9, _ and -"
NO_WEBHOOK_SECRET = f"a webhook needs a secret; set {PREFIX}WEBHOOK_SECRET to {_SECRET_FORM}"
MALFORMED_WEBHOOK_SECRET = f"{PREFIX}WEBHOOK_SECRET must have {_SECRET_FORM}"
UNREADABLE_LIST = "can't read {path}: {error}"
UNREADABLE_SECRET = "can't read a secret from {path}: {error}"
READABLE_BY_OTHERS = "other users can read it (mode {mode:04o}); run: chmod 600 {path}"


class Secret:
    """Text that appears in no repr, log or traceback."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public URL to which Telegram posts updates, and the address where we listen behind the proxy."""

    url: str
    host: str
    port: int
    secret: Secret


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """How the bot runs. `webhook` None: polling. `metrics_port` None: no metrics. `retention_days` None: no limit.

    `per_user` and `per_chat` are questions per minute; `queue` is how many may wait.
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
    watches: bool = False
    has_uploads: bool = False
    retention_days: int | None = 90
    per_user: int = 20
    per_chat: int = 40
    queue: int = 200
    longest_chars: int = 1000
    threads: int = 2
    drain_s: int = 20
    deaf_after_s: int = 180

    @property
    def mode(self) -> str:
        """How updates are received."""
        return "polling" if self.webhook is None else "webhook"


def _integer(minimum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        return parse_integer(text, minimum)

    return parse


def _id(text: str) -> int:
    if not re.fullmatch(r"-?[1-9]\d{0,17}", text.strip(), re.ASCII):
        raise ValueError(NOT_AN_ID.format(text=text.strip()))
    return int(text)


@dataclass(frozen=True, slots=True)
class _Number:
    """A flag that takes an integer: its name, the setting, the minimum, the name of its value, and what it means."""

    flag: str
    field: str
    minimum: int
    metavar: str
    meaning: str

    @property
    def help(self) -> str:
        """The meaning with the default, which is the one of TelegramConfig."""
        default = next(setting.default for setting in fields(TelegramConfig) if setting.name == self.field)
        return f"{self.meaning} (default: {'off' if default is None else default})"


_NUMBERS = (
    _Number("metrics", "metrics_port", 1, "PORT", "serve Prometheus metrics on 127.0.0.1:PORT"),
    _Number("retention", "retention_days", 0, "DAYS", "delete answers after this many days; 0 keeps them"),
    _Number("per-user", "per_user", 1, "N", "questions per minute per person"),
    _Number("per-chat", "per_chat", 1, "N", "questions per minute per chat"),
    _Number("queue", "queue", 1, "N", "how many questions may wait for an answer"),
    _Number("longest", "longest_chars", 1, "N", "the longest question, in characters"),
    _Number("threads", "threads", 1, "N", "how many questions are answered at the same time"),
    _Number("drain", "drain_s", 0, "SECONDS", "time to finish started work when stopped"),
    _Number("deaf-after", "deaf_after_s", 1, "SECONDS", "exit if no poll was answered for this long"),
)
_SWITCHES = (
    ("public", "let everyone use the bot (default: only people and groups given with --allow and --admin)"),
    ("inline", "also answer inline queries: @bot question, in any chat"),
    ("log-questions", "write the text of questions to the log"),
    ("uploads", "let admins add documents by sending files in a private chat, and take these out with /remove"),
    ("watch", "refresh the index whenever documents change"),
)


class _NoToken(argparse.Action):
    """Rejects a token on the command line without repeating it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(TOKEN_ON_COMMAND_LINE)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of `quoth telegram`. Their values stay strings until `read_telegram` parses them."""
    parser.allow_abbrev = False
    parser.add_argument("--token", action=_NoToken, help=argparse.SUPPRESS)
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help=f"file with the bot token, readable only by its owner; or set {PREFIX}TOKEN",
    )
    parser.add_argument(
        "--allow", action="append", metavar="ID", help="numeric ID of a person or group to give access; repeatable"
    )
    parser.add_argument("--allow-file", metavar="FILE", help="file with such IDs, one per line; # starts a comment")
    parser.add_argument(
        "--admin", action="append", metavar="ID", help="ID of a person to give access and /status; repeatable"
    )
    for name, help_ in _SWITCHES:
        parser.add_argument(f"--{name}", action="store_true", default=None, help=help_)
    parser.add_argument("--base-url", metavar="URL", help="your own Bot API server (default: Telegram's)")
    parser.add_argument("--webhook", metavar="URL", help="receive updates at this https URL (default: polling)")
    parser.add_argument("--listen", metavar="HOST:PORT", help=f"where the webhook listens (default: {LISTEN})")
    for number in _NUMBERS:
        parser.add_argument(f"--{number.flag}", metavar=number.metavar, help=number.help)


def read_telegram(given: argparse.Namespace, environment: Mapping[str, str]) -> TelegramConfig:
    """The settings: flags first, then the environment, then defaults. Raises BotError that lists every problem."""
    reader = _SettingsReader(given, environment)
    values: dict[str, Any] = {
        "token": reader.token(),
        "base_url": reader.url("base-url", TELEGRAM, ("http", "https")),
        "allowed": frozenset(reader.ids("allow")) | frozenset(reader.ids_of_file()),
        "admins": frozenset(reader.ids("admin")),
        "is_public": reader.switch("public"),
        "has_inline": reader.switch("inline"),
        "logs_questions": reader.switch("log-questions"),
        "watches": reader.switch("watch"),
        "has_uploads": reader.switch("uploads"),
        "webhook": reader.webhook(),
    }
    for number in _NUMBERS:
        text = reader.text(number.flag)
        if text is not None:
            values[number.field] = reader.parsed(number.flag, text, _integer(number.minimum))
    if values.get("retention_days") == 0:
        values["retention_days"] = None
    if values["has_uploads"] and not values["admins"]:
        reader.problems.append(UPLOADS_WITHOUT_ADMINS)
    if reader.problems:
        raise BotError("; ".join(reader.problems))
    return TelegramConfig(**values)


@dataclass(slots=True)
class _SettingsReader:
    """Reads settings from flags and environment, and collects the problems."""

    given: argparse.Namespace
    environment: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, flag: str) -> str | None:
        value = getattr(self.given, flag.replace("-", "_"), None)
        return value if value is not None else self.environment.get(_variable(flag)) or None

    def parsed(self, flag: str, text: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(f"--{flag}: {error}")
            return None

    def switch(self, flag: str) -> bool:
        if getattr(self.given, flag.replace("-", "_"), None):
            return True
        text = self.environment.get(_variable(flag), "").strip().lower()
        if text not in _TRUE | _FALSE:
            self.problems.append(f"{_variable(flag)}: {NOT_A_SWITCH.format(text=text)}")
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
            self.problems.append(f"--allow-file: {UNREADABLE_LIST.format(path=path, error=error)}")
            return []
        texts = [line.partition("#")[0].strip() for line in lines]
        return [self.parsed("allow-file", text, _id) for text in texts if text]

    def url(self, flag: str, default: str, schemes: tuple[str, ...]) -> str:
        text = self.text(flag) or default
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
            self.problems.append(f"--{flag}: {NOT_A_URL.format(schemes=' or '.join(schemes), text=text)}")
        return text.rstrip("/")

    def webhook(self) -> Webhook | None:
        if self.text("webhook") is None:
            return None
        url = self.url("webhook", "", ("https", "http"))
        host, _, port = (self.text("listen") or LISTEN).rpartition(":")
        number = self.parsed("listen", port, _integer(1))
        secret = self.secret("WEBHOOK_SECRET")
        if secret is None:
            self.problems.append(NO_WEBHOOK_SECRET)
        elif secret and not _WEBHOOK_SECRET.fullmatch(secret):
            self.problems.append(MALFORMED_WEBHOOK_SECRET)
        return Webhook(url, host.strip("[]") or "127.0.0.1", number, Secret(secret or ""))

    def token(self) -> Secret:
        token = self.secret("TOKEN", getattr(self.given, "token_file", None))
        if token is None:
            self.problems.append(NO_TOKEN)
        elif token and not TOKEN.fullmatch(token):
            self.problems.append(MALFORMED_TOKEN)
        return Secret(token or "")

    def secret(self, name: str, file: str | None = None) -> str | None:
        """The secret from the variable, or from the file in NAME_FILE; None if neither is set, "" after a problem."""
        file = file or self.environment.get(f"{PREFIX}{name}_FILE")
        if file is None:
            return self.environment.get(PREFIX + name, "").strip() or None
        try:
            return _private_text(Path(file), self.environment.get("CREDENTIALS_DIRECTORY")).strip() or None
        except (OSError, UnicodeDecodeError, PermissionError) as error:
            problem = UNREADABLE_SECRET.format(path=file, error=error)
            self.problems.append(redact(problem))  # `file` may be the secret itself
            return ""


def _private_text(path: Path, credentials: str | None) -> str:
    """The text of a file that only its owner can read. Raises PermissionError for any other file.

    Files passed by systemd (LoadCredential) are private already, whatever their mode.
    """
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
        is_handed_over = credentials is not None and path.resolve().parent == Path(credentials).resolve()
        if not is_handed_over and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(READABLE_BY_OTHERS.format(mode=stat.S_IMODE(mode), path=path))
        return file.read(4096)


def _variable(flag: str) -> str:
    return PREFIX + flag.upper().replace("-", "_")
