"""The log: one JSON object per line, and no bot token in any of them."""

import io
import json
import logging
import sys

import httpx
import pytest

from bot.telegram.ops.logs import log, redact, set_up

TOKEN = "123456789:AAfakeFAKEfakeFAKEfakeFAKEfakeFAKE123"
SECRET = "webhook-secret-0123456789"


@pytest.fixture
def lines():
    """What is logged from now on; the loggers are as before afterwards."""
    root, hook, handlers, level = logging.getLogger(), sys.excepthook, logging.getLogger().handlers[:], None
    level = root.level
    stream = io.StringIO()
    set_up(stream, [TOKEN, SECRET])
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


def test_an_event_is_one_line_with_its_fields(lines):
    log("answered", update_id=7, user_id=None, text="two\nlines \x1b[31m")
    (said,) = lines()
    assert said.pop("at").endswith("Z")
    assert said == {"level": "info", "event": "answered", "update_id": 7, "text": "two\nlines \x1b[31m"}


def test_the_token_is_in_no_message_field_argument_or_traceback(lines):
    logger = logging.getLogger("quoth")
    log(f"polling {TOKEN}", url=f"https://api.telegram.org/bot{TOKEN}/getMe", secrets={"hook": SECRET})
    logging.getLogger("anyone").error("sent to %s", f"bot{TOKEN}")
    try:
        raise ValueError(f"bad url /bot{TOKEN}/getMe")
    except ValueError:
        logger.exception("failed")
    text = json.dumps(lines())
    assert "failed" in text
    assert "Traceback" in text
    assert TOKEN not in text
    assert TOKEN.split(":")[1] not in text
    assert SECRET not in text


def test_a_token_that_the_log_does_not_know_is_hidden_too():
    other = "987654321:AAotherOTHERotherOTHERotherOTHERother12"
    assert redact(f"GET /bot{other}/sendMessage") == "GET /bot[secret]/sendMessage"


def test_a_crash_is_logged_without_the_token(lines):
    try:
        raise RuntimeError(f"no route to bot{TOKEN}")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    (said,) = lines()
    assert (said["level"], said["event"]) == ("critical", "crashed")
    assert TOKEN not in json.dumps(said)


def test_httpx_does_not_log_the_addresses_it_asks_for(lines):
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    with httpx.Client(transport=transport) as client:
        client.get(f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert lines() == []


def test_what_the_library_logs_holds_no_update(lines):
    logging.getLogger("telegram.ext.Updater").critical("Received data was: %r", {"text": "my private question"})
    (said,) = lines()
    assert said["event"] == "Received data was: %r"
