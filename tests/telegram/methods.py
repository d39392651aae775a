"""What the fake server does for each Bot API method, and how it refuses: in the words of the official server.

Wordings: tdlib/telegram-bot-api `Client.cpp` and what bots' issue threads quote.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram import tdlib
from tests.telegram.chats import Chat
from tests.telegram.world import World

Parameters = Mapping[str, Any]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
BUTTONS_MAX, CALLBACK_DATA_MAX_BYTES, COPY_TEXT_MAX, ALERT_MAX, CAPTION_MAX = 100, 64, 256, 200, 1024
_BUTTON_ACTIONS = {"url", "callback_data", "copy_text", "switch_inline_query", "switch_inline_query_current_chat"}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Refused(Exception):
    """The server's answer is an error."""

    def __init__(self, words: str, code: int = 400, **parameters: int) -> None:
        kinds = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}
        self.code, self.parameters = code, parameters
        self.description = words if ": " in words[:13] else kinds.get(code, "") + words
        super().__init__(self.description)


def get_me(world: World, given: Parameters) -> dict[str, Any]:
    can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
    return world.me() | can | {"can_connect_to_business": False, "has_main_web_app": False}


def send_message(world: World, given: Parameters) -> dict[str, Any]:
    body = _text_body(world, given)
    chat = _chat(world, given["chat_id"])
    thread = _thread(chat, given.get("message_thread_id"))
    return chat.add_from_bot(body | _markup(given), _reply_to(chat, given), thread)


def send_document(world: World, given: Parameters) -> dict[str, Any]:
    chat, content = _chat(world, given["chat_id"]), _content(given["document"])
    document = {"file_id": world.add_file(content), "file_unique_id": "d", "file_size": len(content)}
    return _add_file(world, chat, given, {"document": document})


def send_photo(world: World, given: Parameters) -> dict[str, Any]:
    chat, content = _chat(world, given["chat_id"]), _content(given["photo"])
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    if not content.startswith(b"\x89PNG") or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise Refused("PHOTO_INVALID_DIMENSIONS")
    if len(content) > 10_485_760:
        raise Refused("file is too big")
    size = {"file_id": world.add_file(content), "file_unique_id": "p", "width": width, "height": height}
    return _add_file(world, chat, given, {"photo": [size]})


def edit_message_text(world: World, given: Parameters) -> Any:
    if "inline_message_id" in given:
        return True
    body = _text_body(world, given)
    return _edit(world, given, body | _markup(given), ("entities", "reply_markup"))


def edit_message_reply_markup(world: World, given: Parameters) -> Any:
    if "inline_message_id" in given:
        return True
    return _edit(world, given, _markup(given), ("reply_markup",))


def delete_message(world: World, given: Parameters) -> bool:
    chat = _chat(world, given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise Refused("message to delete not found")
    del chat.messages[given["message_id"]]
    return True


def answer_callback_query(world: World, given: Parameters) -> bool:
    _take_query(world, given["callback_query_id"])
    if len(given.get("text", "")) > ALERT_MAX:
        raise Refused("MESSAGE_TOO_LONG")
    world.callback_answers[given["callback_query_id"]] = dict(given)
    return True


def answer_inline_query(world: World, given: Parameters) -> bool:
    results = given["results"]
    if len(results) > 50:
        raise Refused("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(number.encode()) <= 64 for number in ids):
        raise Refused("RESULT_ID_INVALID")
    if len(ids) != len(set(ids)):
        raise Refused("RESULT_ID_DUPLICATE")
    for result in results:
        if "input_message_content" in result:
            _text_body(world, {**result["input_message_content"]}, name="message_text")
        _markup(result)
    _take_query(world, given["inline_query_id"])
    world.inline_answers[given["inline_query_id"]] = dict(given)
    return True


def send_chat_action(world: World, given: Parameters) -> bool:
    chat = _chat(world, given["chat_id"])
    _thread(chat, given.get("message_thread_id"))
    return True


def set_message_reaction(world: World, given: Parameters) -> bool:
    chat = _chat(world, given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise Refused("message to react not found")
    return True


def set_my_commands(world: World, given: Parameters) -> bool:
    for command in given["commands"]:
        if not _COMMAND.fullmatch(command["command"]):
            raise Refused("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(given["commands"]) > 100:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    world.fields[f"commands:{given.get('language_code', '')}:{_scope(given)}"] = given["commands"]
    return True


def get_my_commands(world: World, given: Parameters) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.fields.get(f"commands:{given.get('language_code', '')}:{_scope(given)}", [])
    return found


def delete_my_commands(world: World, given: Parameters) -> bool:
    world.fields.pop(f"commands:{given.get('language_code', '')}:{_scope(given)}", None)
    return True


def set_my_description(world: World, given: Parameters) -> bool:
    return _set_field(world, given, "description", 512)


def set_my_short_description(world: World, given: Parameters) -> bool:
    return _set_field(world, given, "short_description", 120)


def set_my_name(world: World, given: Parameters) -> bool:
    return _set_field(world, given, "name", 64)


def get_file(world: World, given: Parameters) -> dict[str, Any]:
    file_id = given["file_id"]
    if file_id not in world.files:
        raise Refused("wrong file_id or the file is temporarily unavailable")
    size = {"file_size": len(world.files[file_id])}
    return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"documents/{file_id}", **size}


def leave_chat(world: World, given: Parameters) -> bool:
    chat = _chat(world, given["chat_id"])
    chat.refusal = (403, "Forbidden: bot is not a member of the group chat")
    world.push({"my_chat_member": world.membership(chat, "member", "left")})
    return True


METHODS: dict[str, Callable[[World, Parameters], Any]] = {
    function.__name__.replace("_", ""): function
    for function in (
        get_me,
        send_message,
        send_document,
        send_photo,
        edit_message_text,
        edit_message_reply_markup,
        delete_message,
        answer_callback_query,
        answer_inline_query,
        send_chat_action,
        set_message_reaction,
        set_my_commands,
        get_my_commands,
        delete_my_commands,
        set_my_description,
        set_my_short_description,
        set_my_name,
        get_file,
        leave_chat,
    )
}


def _content(given: Any) -> bytes:
    if not isinstance(given, bytes):
        raise Refused("wrong file identifier/HTTP URL specified")
    return given


def _add_file(world: World, chat: Chat, given: Parameters, file: Mapping[str, Any]) -> dict[str, Any]:
    """The message with the file, after every check of its caption."""
    caption: dict[str, Any] = {}
    if given.get("caption"):
        if tdlib.units(given["caption"]) > CAPTION_MAX:
            raise Refused("message caption is too long")
        body = _text_body(world, {"text": given["caption"], "entities": given.get("caption_entities")})
        caption = {"caption": body["text"]} | ({"caption_entities": body["entities"]} if "entities" in body else {})
    thread = _thread(chat, given.get("message_thread_id"))
    return chat.add_from_bot({**file, **caption, **_markup(given)}, _reply_to(chat, given), thread)


def _chat(world: World, number: int | str) -> Chat:
    """The chat, if the bot may write there."""
    chat = world.chats.get(number) if isinstance(number, int) else None
    if chat is None:
        raise Refused("chat not found")
    if chat.migrated_to is not None:
        raise Refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.refusal:
        raise Refused(chat.refusal[1], chat.refusal[0])
    if chat.is_private and not chat.messages:
        raise Refused("bot can't initiate conversation with a user", 403)
    return chat


def _thread(chat: Chat, thread: int | None) -> int | None:
    if thread is not None and thread not in chat.topics:
        raise Refused("message thread not found")
    if thread is not None and chat.topics[thread] == "closed":
        raise Refused("TOPIC_CLOSED")
    return thread


def _reply_to(chat: Chat, given: Parameters) -> int | None:
    asked = given.get("reply_parameters")
    if not asked:
        return None
    number: int = asked["message_id"]
    if number not in chat.messages:
        if asked.get("allow_sending_without_reply"):
            return None
        raise Refused("message to be replied not found")
    said = chat.messages[number].get("text", "")
    if asked.get("quote") and not tdlib.contains_quote(said, asked["quote"]):
        raise Refused("QUOTE_TEXT_INVALID")
    return number


def _text_body(world: World, given: Parameters, name: str = "text") -> dict[str, Any]:
    """Text and entities of a message to send, after every check."""
    raw = str(given.get(name, ""))
    if len(raw.encode("utf-8", "surrogatepass")) > tdlib.RAW_MAX_BYTES:
        raise Refused("message is too long")
    try:
        formatted = tdlib.parse(raw, given.get("parse_mode"), given.get("entities") or ())
    except tdlib.ParseError as error:
        raise Refused(str(error)) from None
    if not tdlib.is_shown(formatted.text):
        raise Refused("message text is empty")
    if tdlib.units(formatted.text) > tdlib.TEXT_MAX:
        raise Refused("message is too long")
    # Telegram drops entities past the hundredth and delivers a mention without a word: problems, not refusals
    world.problems += [f"{problem}: {raw[:80]!r}" for problem in tdlib.problems(formatted, raw)]
    world.problems += [f"would call {name}: {raw[:80]!r}" for name in tdlib.pings(formatted, (world.me()["username"],))]
    arrived = tdlib.with_found(formatted)
    entities = {"entities": [*arrived.entities]} if arrived.entities else {}
    return {"text": arrived.text} | entities


def _markup(given: Parameters) -> dict[str, Any]:
    """The reply markup as a message keeps it, checked; only inline keyboards stay with a message."""
    markup = given.get("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return {}
    rows = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_MAX or len(json.dumps(markup).encode()) > 10_240:
        raise Refused("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_button(button: Parameters) -> None:
    if not str(button["text"]).strip():
        raise Refused("button text is empty")
    if len(_BUTTON_ACTIONS & button.keys()) != 1:
        raise Refused("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_DATA_MAX_BYTES:
        raise Refused("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= tdlib.units(button["copy_text"]["text"]) <= COPY_TEXT_MAX:
        raise Refused("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not re.match(r"(https?://|tg://)", button["url"]):
        raise Refused(f"inline keyboard button URL '{button['url']}' is invalid: Unsupported URL protocol")


def _edit(world: World, given: Parameters, new: Mapping[str, Any], replaced: tuple[str, ...]) -> dict[str, Any]:
    chat = _chat(world, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise Refused("message to edit not found")
    if message["from"] != world.me():
        raise Refused("message can't be edited")
    kept = {key: value for key, value in message.items() if key not in replaced}
    edited = kept | dict(new)
    if {**edited, "edit_date": 0} == {**message, "edit_date": 0}:
        raise Refused(NOT_MODIFIED)
    chat.messages[given["message_id"]] = edited | {"edit_date": world.now()}
    return chat.messages[given["message_id"]]


def _take_query(world: World, number: str) -> None:
    """A query can be answered once, while it is young."""
    asked = world.queries.pop(number, None)
    if asked is None or time.monotonic() - asked[0] > world.query_life_s:
        raise Refused(TOO_OLD)


def _set_field(world: World, given: Parameters, name: str, most: int) -> bool:
    if len(given.get(name, "")) > most:
        raise Refused(f"bot {name.replace('_', ' ')} is too long")
    world.fields[f"{name}:{given.get('language_code', '')}"] = given.get(name, "")
    return True


def _scope(given: Parameters) -> str:
    scope = given.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True) if len(scope) > 1 else str(scope["type"])
