"""The log of the service: one line of JSON for each event, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TextIO

_TOKEN_LIKE = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,}", re.ASCII)
_HIDDEN = "[secret]"
_LOGGER = logging.getLogger("quoth")
_QUIET = ("httpx", "httpcore", "hpack", "tornado.access", "telegram.ext.Application")


def log(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event of the service with its fields, leaving out fields that are None."""
    _LOGGER.log(level, event, extra={"fields": {name: value for name, value in fields.items() if value is not None}})


def log_traceback(error: BaseException | None) -> None:
    """Log where an unexpected error was raised."""
    _LOGGER.error("traceback", exc_info=error)


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """The text without the secrets, and without anything that looks like a bot token."""
    for secret in secrets:
        text = text.replace(secret, _HIDDEN) if secret else text
    return _TOKEN_LIKE.sub(_HIDDEN, text)


class JsonLines(logging.Formatter):
    """{"at", "level", "event"}, then the event's own fields, and "traceback" if there is one."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        # The arguments of the Telegram library's messages are whole updates, with what people wrote.
        event = str(record.msg) if record.name.startswith("telegram") else record.getMessage()
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "event": event}
        if record.name != _LOGGER.name:
            line["logger"] = record.name
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # Redacted as a whole, so that no field, argument or frame is missed; tokens have no characters JSON escapes.
        return redact(json.dumps(line, ensure_ascii=True, default=repr), self._secrets)


def set_up(stream: TextIO, secrets: Sequence[str]) -> None:
    """Make all loggers write JSON lines to the stream, and silence those that would log the URLs of requests."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in _QUIET:  # httpx logs each request's URL, and the token is part of it
        logging.getLogger(name).setLevel(logging.WARNING)

    def log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _LOGGER.critical("crashed", exc_info=(kind, error, trace))

    sys.excepthook = log_crash
