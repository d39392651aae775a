"""Mail (.eml) and mailboxes (.mbox) -> subject, headers and text of each message; the text is our own.

The subject is a heading, and the other headers are labels: they answer only who and when. Of a message in two forms
the plain one is read. What is attached is named, not read. Headers are parsed by the library's older policy: the newer
one (email.policy.default) takes thirteen times as long, and its time grows with the square of a header's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from itertools import count
from typing import Any

from retrieval.documents.elements import Extraction, ExtractionBuilder, Metadata, ReadOptions
from retrieval.documents.encodings import decode, is_text_encoding
from retrieval.documents.messages.mail_body import blocks_of
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_HEADERS = ("From", "To", "Cc", "Date")
_MAX_PARTS = 1_000  # no mail program sends more, or nests deeper
_MAX_DEPTH = 20
_MAX_CONTENT_HEADER_CHARS = 2_000  # the library's time grows with the square of the length
_MAX_DECODED_HEADER_CHARS = 10_000
_MAX_ADDRESS_CHARS = 200  # the library calls itself for each bracket inside a bracket
_MAX_NAMED = 5
# A mailbox has such a line before each message: "From ruth@example.org Sat Mar  2 09:01:00 2024". A line of a message
# that begins with "From" has neither the date nor a header in the next line.
_SEPARATOR = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,200}?\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d"
    rb"[^\r\n]{0,40}\r?\n"
    rb"(?=>?[!-9;-~]{1,80}:| ?\r?\n)"
)
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


class _Policy(Compat32):
    """Headers as they stand; those that the library takes apart are cut where no program writes so much."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_CONTENT_HEADER_CHARS] if name.lower().startswith("content-") else value


_POLICY = _Policy()


class _Part(Message):
    """A part that refuses to be nested deeper than mail programs do."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > _MAX_DEPTH:
            raise DocumentError(f"its parts are nested more than {_MAX_DEPTH} deep; save its text as .txt")
        super().attach(payload)


@dataclass(slots=True)
class _Unread:
    """What the remarks tell of: names of attachments, and why messages or parts of them were not read."""

    attachments: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def remarks(self) -> list[str]:
        remarks = [*self.reasons[:_MAX_NAMED]]
        if len(self.reasons) > _MAX_NAMED:
            remarks.append(f"{len(self.reasons) - _MAX_NAMED} more messages were not read in full")
        if self.attachments:
            named = ", ".join(self.attachments[:_MAX_NAMED]) + (", ..." if len(self.attachments) > _MAX_NAMED else "")
            plural = "attachment was" if len(self.attachments) == 1 else "attachments were"
            remarks.append(f"{len(self.attachments)} {plural} not read: {named}")
        return remarks


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The message of an .eml file, or the messages of an .mbox file with a place for each. Raises DocumentError."""
    starts = [found.span() for found in _SEPARATOR.finditer(raw)]
    builder, unread = ExtractionBuilder(), _Unread()
    if not starts or starts[0][0] > 0:
        return _read_one(raw, options, builder, unread)
    if len(starts) > options.limits.pages:
        raise DocumentError(f"it has more than {options.limits.pages:,} messages; raise the limit with --max-pages")
    ends = [start for start, _ in starts[1:]] + [len(raw)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), 1):
        try:
            message = _parsed(_ESCAPED_FROM.sub(rb"\1", raw[start:end]))
            builder.begin_place("message", _label(message) or str(number))
            _add(builder, message, options, unread)
        except DocumentError as error:
            unread.reasons.append(f"message {number} was not read: {error}")
    return builder.extraction(remarks=unread.remarks())


def _read_one(raw: bytes, options: ReadOptions, builder: ExtractionBuilder, unread: _Unread) -> Extraction:
    message = _parsed(raw.lstrip())
    if not any(message.get(name) for name in (*_HEADERS, "Subject", "Received", "Message-ID")):
        raise DocumentError("it is not a mail: none of the usual headers is in it; save its text as .txt")
    _add(builder, message, options, unread)
    metadata = Metadata(
        title=_header(message, "Subject") or None, date=_day(message), publisher=_sender(message) or None
    )
    return builder.extraction(metadata, unread.remarks())


def _parsed(raw: bytes) -> Message:
    """The message with its parts. Raises DocumentError where they are too many or nested too deeply."""
    parts = count()

    def new_part(policy: Any = _POLICY) -> _Part:
        if next(parts) > _MAX_PARTS:
            raise DocumentError(f"it has more than {_MAX_PARTS:,} parts; save its text as .txt")
        return _Part(policy)

    try:
        return BytesParser(new_part, policy=_POLICY).parsebytes(raw)
    except (MessageError, ValueError) as error:
        raise DocumentError("its structure is damaged; save it from the mail program once more") from error


def _add(builder: ExtractionBuilder, message: Message, options: ReadOptions, unread: _Unread) -> None:
    """Add a message's subject, headers and text."""
    builder.add("heading", _header(message, "Subject") or _label(message) or "(no subject)", level=1)
    for name in _HEADERS:
        if value := _header(message, name):
            line = f"{name}: {value}"
            builder.add("paragraph", line, label_chars=len(line))
    for part in _shown(message, unread):
        if part.get_content_subtype() == "html":
            _add_html(builder, _text(part), options, unread)
        else:
            _add_plain(builder, part)


def _shown(part: Message, unread: _Unread) -> Iterator[Message]:
    """The parts with the text that a person would see, in order."""
    is_several = part.get_content_maintype() == "multipart"
    if is_several and part.is_multipart():
        forms = [child for child in part.get_payload() if isinstance(child, Message)]
        for child in _chosen(forms) if part.get_content_subtype() == "alternative" else forms:
            yield from _shown(child, unread)
    elif is_several or (part.get_content_type() in ("text/plain", "text/html") and not _is_attached(part)):
        yield part  # several parts without the lines that should separate them are shown as they are
    elif not part.get_content_subtype().endswith("signature"):
        name = _decoded(part.get_filename() or "") or part.get_content_type()
        unread.attachments.append(visible_line(name)[:80])


def _chosen(forms: list[Message]) -> list[Message]:
    """Of the forms of one text the plain one, unless it is empty; else the last, which is the richest."""
    plain = [form for form in forms if form.get_content_type() == "text/plain" and _text(form).strip()]
    return plain[:1] or forms[-1:]


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _add_plain(builder: ExtractionBuilder, part: Message) -> None:
    is_flowed = str(part.get_param("format", "")).lower() == "flowed"
    has_extra_space = str(part.get_param("delsp", "")).lower() == "yes"
    for block in blocks_of(_text(part), is_flowed=is_flowed, has_extra_space=has_extra_space):
        builder.add(block.kind, block.text, label_chars=len(block.text) if block.is_label else 0)


def _add_html(builder: ExtractionBuilder, page: str, options: ReadOptions, unread: _Unread) -> None:
    from retrieval.documents.html import read as read_html  # only mail without plain text needs it

    try:
        extraction = read_html(page.encode("utf-8", "replace"), ReadOptions("utf-8", options.limits))
    except DocumentError as error:
        unread.reasons.append(f"the text of a message was not read: {error}")
        return
    table = 0
    for element in extraction.elements:
        text = element.reading.text
        if element.cells:
            if element.table != table:
                builder.begin_table()
                table = element.table
            cells = [text[start:end] for start, end in element.cells]
            builder.add_row(cells, is_header=element.kind == "header row")
        else:
            level = element.level + (element.kind == "heading")  # below the subject
            builder.add(element.kind, text, level=level, label_chars=element.label_chars)


def _text(part: Message) -> str:
    """The text of a part; where its charset is unknown or wrong, as files without one are read."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    if charset and is_text_encoding(charset):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            pass  # "us-ascii" is often stated of other text
    try:
        return decode(raw).text
    except DocumentError:
        return raw.decode("latin-1")


def _header(message: Message, name: str) -> str:
    """A header in one line, its encoded words decoded; "" where there is none."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return visible_line(_decoded(str(raw)))


def _decoded(raw: str) -> str:
    """A header with its encoded words ("=?utf-8?q?R=C3=BCth?=") decoded, and bytes beyond ASCII as UTF-8 or Latin-1."""
    if not raw.isascii():
        try:
            as_bytes = raw.encode("utf-8", "surrogateescape")
            raw = as_bytes.decode("utf-8")
        except UnicodeDecodeError:
            raw = as_bytes.decode("latin-1")
        except UnicodeEncodeError:
            return raw  # half a character, out of an attachment's name
    if "=?" not in raw or len(raw) > _MAX_DECODED_HEADER_CHARS or not raw.isascii():
        return raw
    try:
        return "".join(_word(word, charset) for word, charset in decode_header(" ".join(raw.split())))
    except MessageError:
        return raw


def _word(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    known = charset if charset and is_text_encoding(charset) else "latin-1"
    return word.decode(known, "replace")


def _sender(message: Message) -> str:
    """The sender's name, or the address where there is no name; "" where the header is missing."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == "from"), "")
    name, address = parseaddr(" ".join(raw[:_MAX_ADDRESS_CHARS].split()))
    return visible_line(_decoded(name)) or visible_line(address) or _header(message, "From")


def _day(message: Message) -> str | None:
    """The day of the message in ISO 8601, as its sender's clock had it; None where there is no valid date."""
    try:
        return parsedate_to_datetime(_header(message, "Date")[:100]).date().isoformat()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _label(message: Message) -> str:
    """ "Ruth Adams, 2024-03-02": sender and day, as far as they are known."""
    return ", ".join(part for part in (_sender(message), _day(message)) if part)
