"""The log of a service: JSON, a line for each event, and no secret in any of them."""

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
_QUIET = ("httpx", "httpcore", "hpack", "tornado.access", "telegram.ext.Application")


def log(logger: logging.Logger, event: str, level: int = logging.INFO, **fields: object) -> None:
    """Write an event with its fields; those that are None are left out."""
    logger.log(level, event, extra={"fields": {name: value for name, value in fields.items() if value is not None}})


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """The text without the secrets, and without whatever looks like a bot token."""
    for secret in secrets:
        text = text.replace(secret, _HIDDEN) if secret else text
    return _TOKEN_LIKE.sub(_HIDDEN, text)


class JsonLines(logging.Formatter):
    """{"at", "level", "event"} and the event's own fields; a traceback, if there is one, as "traceback"."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        # The Telegram library fills its messages with whole updates, and those hold what people wrote.
        event = str(record.msg) if record.name.startswith("telegram") else record.getMessage()
        said: dict[str, object] = {"at": at, "level": record.levelname.lower(), "event": event}
        if record.name != "quoth":
            said["logger"] = record.name
        said |= getattr(record, "fields", {})
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        # Redacted as a whole, so that no field, argument or frame is forgotten; no token has what JSON would escape.
        return redact(json.dumps(said, ensure_ascii=True, default=repr), self._secrets)


def set_up(stream: TextIO, secrets: Sequence[str]) -> None:
    """All loggers write JSON lines to the stream; what would log the addresses of requests is silenced."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in _QUIET:  # httpx logs each request's URL, and the token is part of it
        logging.getLogger(name).setLevel(logging.WARNING)

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.getLogger("quoth").critical("crashed", exc_info=(kind, error, trace))

    sys.excepthook = told
