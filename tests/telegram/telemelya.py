"""telemelya as a backend, unmodified: webhook, private chats."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.telegram.backends import Person, Room
from tests.telegram.chats import Shown
from tests.telegram.third_party import INSTALLED, START, ThirdParty, free_port
from tests.telegram.world import TOKEN

SECRET = "loopback-only-secret"


class Telemelya(ThirdParty):
    """https://pypi.org/project/telemelya 0.2.2. Private chats only, and no secret header: `Proxy` adds it."""

    name = "telemelya"
    can = frozenset({"inline"})

    def __init__(self) -> None:
        super().__init__()
        self._proxy = Proxy()

    def command(self) -> list[str]:
        return [str(INSTALLED / "telemelya/bin/python"), str(START / "start_telemelya.py"), self.url.split(":")[-1]]

    def is_up(self) -> bool:
        with suppress(OSError):
            return bool(self.get("/api/v1/test/health")["ok"])
        return False

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._proxy.stop()

    def environment(self) -> dict[str, str]:
        self.ask(f"/bot{TOKEN}/deleteWebhook", {})
        self._proxy.forward_to = f"http://127.0.0.1:{free_port()}"
        return {
            "QUOTH_TELEGRAM_TOKEN": TOKEN,
            "QUOTH_TELEGRAM_BASE_URL": self.url,
            "QUOTH_TELEGRAM_WEBHOOK": f"{self._proxy.url}/hook",
            "QUOTH_TELEGRAM_LISTEN": self._proxy.forward_to.removeprefix("http://"),
            "QUOTH_TELEGRAM_WEBHOOK_SECRET": SECRET,
        }

    def is_ready(self) -> bool:
        return bool(self.ask(f"/bot{TOKEN}/getWebhookInfo", {})["result"]["url"])

    def calls(self) -> list[tuple[str, dict[str, Any], int | None]]:
        found = []
        for call in self.get("/api/v1/test/responses")["responses"]:
            raw = call["raw"]
            if "text" in raw:  # it reads "1871" as a number
                raw["text"] = str(raw["text"])
            found.append((call["method"], raw, call.get("message_id")))
        return found

    def private(self, user: Person | None = None) -> Room:
        return _TelemelyaRoom(self, user or self.user())

    def group(self, title: str = "Readers", is_forum: bool = False) -> Room:
        raise NotImplementedError("telemelya has private chats only")

    def inline_query(self, text: str, user: Person | None = None) -> str:
        body = {"query": text, "from_user": user or self.user()}
        return str(self.ask(f"/api/v1/test/send_inline_query?bot_token={TOKEN}", body)["inline_query_id"])


class _TelemelyaRoom:
    """A private chat. What telemelya can't play is not in its `can`, so no scenario asks for it."""

    def __init__(self, server: Telemelya, owner: Person) -> None:
        self._server, self._owner = server, owner

    @property
    def id(self) -> int:
        return int(self._owner["id"])

    def send_text(
        self, text: str, sender: Person | None = None, reply_to: int | None = None, thread: int | None = None
    ) -> int:
        return int(self._send({"text": text})["message"]["message_id"])

    def send_photo(self, caption: str | None = None, sender: Person | None = None) -> int:
        raise NotImplementedError  # its photos come with an empty text, which no photo of Telegram's has

    def press(self, message_id: int, button: Mapping[str, Any], sender: Person | None = None) -> str:
        pressed = {"callback_data": button["callback_data"], "callback_message_id": message_id}
        return str(self._send(pressed, sender)["callback_query"]["id"])

    def edit_text(self, message_id: int, text: str) -> None:
        raise NotImplementedError

    def topic(self, name: str) -> int:
        raise NotImplementedError

    def replies(self) -> list[Shown]:
        return self._server.transcript({"id": self.id, "type": "private"})

    def _send(self, body: Mapping[str, Any], sender: Person | None = None) -> dict[str, Any]:
        whole = {"chat_id": self.id, "from_user": sender or self._owner, **body}
        time.sleep(0.002)  # its numbers are milliseconds: two in one would be one
        update: dict[str, Any] = self._server.ask(f"/api/v1/test/send_update?bot_token={TOKEN}", whole)["update"]
        return update


class Proxy:
    """A reverse proxy that adds the webhook's secret, which telemelya does not send."""

    def __init__(self) -> None:
        self.forward_to = ""
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(proxy.forward(self.path, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forward(self, path: str, body: bytes) -> int:
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.forward_to + path, body, headers), timeout=10
            ) as ok:
                return int(ok.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 502

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
