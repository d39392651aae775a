"""PDFium behind a lock: a file's pages as words, rules and images, and its title and author. The library's home.

PDFium is not thread safe, so whoever holds an open file holds the module's lock.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, repeat
from typing import Any

import numpy as np
import pypdfium2
from pypdfium2 import raw as api

from retrieval.documents.pdf.parts import OBLIQUE, Box, Page, Rule, Word
from retrieval.errors import DocumentError

_LOCK = threading.RLock()
# PDFium writes \x02 (\ufffe in its bulk text) for a hyphen at a line end, and NUL for a glyph of unknown meaning.
_VISIBLE = r"[^\s\x00\x01\x03-\x1f\x7f-\x9f]+"
_WORD = re.compile(_VISIBLE)
_RUN = re.compile(rf"{_VISIBLE}(?: {_VISIBLE})*")
_HALF = re.compile("[\ud800-\udfff]")  # half a character: no encoding can store it
_SPACE = re.compile(" ")
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600  # CSS: semibold
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123
_MAX_OBJECTS = 20_000  # a page of a report has hundreds; a map has more, and its lines rule no table
_MAX_RULES = 2_000
_MOST_ANNOTATIONS = 1_000
_MOST_HEIGHT = 4  # of a picture, in widths
_RULE_PT = 2.5  # a filled box this thin is a line
_STRAIGHT_PT = 0.5

_Address = ctypes.c_void_p


def _by_address(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The library's function, taking addresses as integers: half the cost of pointer objects, called for every word."""
    address = ctypes.cast(function, _Address).value
    assert address
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_text_object = _by_address(api.FPDFText_GetTextObject, _Address, _Address, ctypes.c_int)
_is_generated = _by_address(api.FPDFText_IsGenerated, ctypes.c_int, _Address, ctypes.c_int)
_char_box = _by_address(api.FPDFText_GetCharBox, ctypes.c_int, _Address, ctypes.c_int, *[_Address] * 4)
_char_origin = _by_address(api.FPDFText_GetCharOrigin, ctypes.c_int, _Address, ctypes.c_int, *[_Address] * 2)


@contextmanager
def open_pdf(raw: bytes) -> Iterator[Any]:
    """The open file, a pypdfium2.PdfDocument; DocumentError where it is encrypted, damaged or no PDF file."""
    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (api.FPDF_ERR_PASSWORD, api.FPDF_ERR_SECURITY):
                raise DocumentError("it is locked with a password; save a copy without one") from error
            raise DocumentError("it is damaged or cut off; get an intact copy") from error
        try:
            yield pdf
        finally:
            pdf.close()


def properties(pdf: Any) -> tuple[str, str]:
    """The title and the author that the file states, "" where it states none."""
    return pdf.get_metadata_value("Title").strip(), pdf.get_metadata_value("Author").strip()


def read_page(pdf: Any, number: int) -> Page | None:
    """Page `number`, counted from 0; None where the page is damaged."""
    try:
        page = _page(pdf, number)
        text_page = page.get_textpage()
        left, bottom, right, top = page.get_bbox()
    except pypdfium2.PdfiumError:
        return None
    rules, images = _drawings(page)
    found = Page(_words(text_page, (left, bottom, right, top)), rules, images, Box(left, -top, right, -bottom))
    text_page.close()
    page.close()
    return found


def ink(pdf: Any, number: int, indices: Sequence[int]) -> list[Box]:
    """Where the characters with these indices in PDFium's text of the page stand, in the frame of upright text."""
    page = _page(pdf, number)
    text_page = page.get_textpage()
    handle = ctypes.cast(text_page.raw, _Address).value
    assert handle
    boxes = _values(_char_box, handle, indices, 4).tolist()
    text_page.close()
    page.close()
    return [Box(left, -top, right, -bottom) for left, right, bottom, top in boxes]


def draw(pdf: Any, number: int, width_px: int) -> tuple[Any, Callable[[Box], tuple[float, float, float, float]]]:
    """The page as a picture (PIL, RGB), and what turns a box in the frame of upright text into pixels of it.

    The picture is `width_px` wide, or narrower where it would be more than four times as high.
    """
    page = _page(pdf, number)
    width, height = page.get_size()
    scale = min(width_px / max(width, 1), _MOST_HEIGHT * width_px / max(height, 1))
    left, bottom, right, top = page.get_bbox()
    turned: Callable[[float, float], tuple[float, float]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }[page.get_rotation()]

    def to_pixels(box: Box) -> tuple[float, float, float, float]:
        (x0, y0), (x1, y1) = turned(box.x0, -box.y0), turned(box.x1, -box.y1)
        return min(x0, x1) * scale, min(y0, y1) * scale, max(x0, x1) * scale, max(y0, y1) * scale

    picture = page.render(scale=scale).to_pil().convert("RGB")
    page.close()
    return picture, to_pixels


def _page(pdf: Any, number: int) -> Any:
    """The page, with what is written in form fields and text notes made part of it."""
    page = pdf[number]
    for place in range(min(api.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = api.FPDFPage_GetAnnot(page, place)
        kind = api.FPDFAnnot_GetSubtype(annotation)
        api.FPDFPage_CloseAnnot(annotation)
        if kind in (api.FPDF_ANNOT_WIDGET, api.FPDF_ANNOT_FREETEXT):
            api.FPDFPage_Flatten(page, api.FLAT_NORMALDISPLAY)
            page.close()
            return pdf[number]  # PDFium shows the change to a page only when the page is opened again
    return page


def _words(text_page: Any, bounds: tuple[float, float, float, float]) -> list[Word]:
    """The words inside the page's bounds, in the order in which they were drawn."""
    text = _text(text_page)
    handle = ctypes.cast(text_page.raw, _Address).value
    assert handle
    spans = _object_spans(handle, text)
    if not spans:
        return []
    firsts, lasts = [start for start, _, _ in spans], [end - 1 for _, end, _ in spans]
    boxes = np.hstack((_values(_char_box, handle, firsts, 4), _values(_char_box, handle, lasts, 4))).tolist()
    origins = np.hstack((_values(_char_origin, handle, firsts, 2), _values(_char_origin, handle, lasts, 2))).tolist()
    styles = _Styles(text_page)
    clean = _HALF.sub("\ufffd", text.replace("\x02", "-"))
    left, bottom, right, top = bounds
    words = []
    for (start, end, item), box, origin in zip(spans, boxes, origins, strict=True):
        x0, x1, y0, y1 = min(box[0], box[4]), max(box[1], box[5]), min(box[2], box[6]), max(box[3], box[7])
        if x1 < left or x0 > right or y1 < bottom or y0 > top:
            continue  # cropped away: nobody sees it
        size, turn, is_bold = styles.of(item, start)
        if turn == 0 and abs(origin[0] - origin[2]) < size / 2 < origin[1] - origin[3]:
            turn = 3  # vertical writing reads downwards, and its next line is on the left
        span, y = _in_frame(turn, (x0, x1, y0, y1), origin)
        words.append(Word(clean[start:end], *span, y, size, is_bold, turn, start, end))
    return words


def _text(text_page: Any) -> str:
    """The page's characters, one for each of PDFium's indices."""
    count = text_page.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    api.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[:-2].decode("utf-16-le", "replace").replace("\ufffe", "\x02")
    if len(text) == count and "\x00" not in text and "\ufffd" not in text:
        return text
    # Characters beyond U+FFFF or of unknown meaning shift the bulk text against the indices.
    return "".join(chr(min(api.FPDFText_GetUnicode(text_page, index), 0x10FFFF)) for index in range(count))


def _object_spans(handle: int, text: str) -> list[tuple[int, int, int]]:
    """(start, end, text object) of each run of words that one text object draws without a gap.

    Such a run is mostly a line. A line of several text objects is split into words, and a word of several objects where
    they meet. A space that PDFium inferred from a gap parts two runs, as does more than one space.
    """
    spans: list[tuple[int, int, int]] = []
    runs = [match.span() for match in _RUN.finditer(text)]
    for (start, end), item in zip(runs, _common_objects(handle, runs), strict=True):
        if item and not any(_is_generated(handle, space) for space in _spaces(text, start, end)):
            spans.append((start, end, item))
            continue
        words = [match.span() for match in _WORD.finditer(text, start, end)]
        for (first, last), own in zip(words, _common_objects(handle, words), strict=True):
            spans += [(first, last, own)] if own else _by_object(handle, first, last)
    return spans


def _common_objects(handle: int, spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """The text object of each span, None where its first and its last character are of two objects."""
    firsts = map(_text_object, repeat(handle), [start for start, _ in spans])
    lasts = map(_text_object, repeat(handle), [end - 1 for _, end in spans])
    return [first if first == last else None for first, last in zip(firsts, lasts, strict=True)]


def _by_object(handle: int, start: int, end: int) -> list[tuple[int, int, int]]:
    spans = []
    for item, group in groupby(range(start, end), key=lambda index: _text_object(handle, index)):
        indices = list(group)
        if item:
            spans.append((indices[0], indices[-1] + 1, item))
    return spans


def _spaces(text: str, start: int, end: int) -> Iterator[int]:
    return (match.start() for match in _SPACE.finditer(text, start, end))


def _values(function: Callable[..., Any], handle: int, indices: Sequence[int], width: int) -> np.ndarray[Any, Any]:
    """What the function writes for each index: float64, shape (number of indices, width)."""
    values = np.zeros((len(indices), width))
    start, step = values.ctypes.data, 8 * width
    columns = [range(start + 8 * column, start + 8 * column + step * len(indices), step) for column in range(width)]
    deque(map(function, repeat(handle), indices, *columns), maxlen=0)
    return values


def _in_frame(
    turn: int, box: tuple[float, float, float, float], origin: Sequence[float]
) -> tuple[tuple[float, float], float]:
    """The extent along the line and the baseline, in the frame of the turn; `box` is left, right, bottom, top."""
    x0, x1, y0, y1 = box
    if turn == 1:
        return (y0, y1), origin[0]
    if turn == 2:
        return (-x1, -x0), origin[1]
    if turn == 3:
        return (-y1, -y0), -origin[0]
    return (x0, x1), -origin[1]


class _Styles:
    """Size, turn and boldness of text objects, each looked up once."""

    def __init__(self, text_page: Any) -> None:
        self._text_page = text_page
        self._matrix = api.FS_MATRIX()
        self._objects: dict[int, tuple[float, int, bool]] = {}
        self._fonts: dict[int | None, bool] = {}

    def of(self, item: int, index: int) -> tuple[float, int, bool]:
        """Of the text object that holds the character at `index`: its size in points, its turn, whether it is bold."""
        if item not in self._objects:
            self._objects[item] = *self._geometry(index), self._is_bold(item)
        return self._objects[item]

    def _geometry(self, index: int) -> tuple[float, int]:
        matrix = self._matrix
        api.FPDFText_GetMatrix(self._text_page, index, matrix)
        size = api.FPDFText_GetFontSize(self._text_page, index) * math.hypot(matrix.c, matrix.d)
        quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        turn = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.1 else OBLIQUE
        return round(max(size, 0.1), 1), turn

    def _is_bold(self, item: int) -> bool:
        handle = ctypes.cast(item, api.FPDF_PAGEOBJECT)
        if api.FPDFTextObj_GetTextRenderMode(handle) == api.FPDF_TEXTRENDERMODE_FILL_STROKE:
            return True
        font = api.FPDFTextObj_GetFont(handle)
        key = ctypes.cast(font, _Address).value
        if key not in self._fonts:
            self._fonts[key] = bool(font) and _is_bold_font(font)
        return self._fonts[key]


def _is_bold_font(font: Any) -> bool:
    name = ctypes.create_string_buffer(256)
    length = api.FPDFFont_GetBaseFontName(font, name, len(name))
    if _BOLD_NAME.search(name.raw[: min(length, len(name))].decode("utf-8", "replace")):
        return True
    return api.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT or bool(max(api.FPDFFont_GetFlags(font), 0) & _FORCE_BOLD)


def _drawings(page: Any) -> tuple[list[Rule], list[Box]]:
    """The page's straight lines and its images; lines of a page with very many objects are left out."""
    rules: list[Rule] = []
    images: list[Box] = []
    for number in range(min(api.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        item = api.FPDFPage_GetObject(page, number)
        kind = api.FPDFPageObj_GetType(item)
        if kind == api.FPDF_PAGEOBJ_PATH and len(rules) < _MAX_RULES:
            rules += _rules(item)
        elif kind in (api.FPDF_PAGEOBJ_IMAGE, api.FPDF_PAGEOBJ_FORM):
            images.append(_box(item))
    return rules, images


def _box(item: Any) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    api.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return Box(left.value, -top.value, right.value, -bottom.value)


def _rules(path: Any) -> list[Rule]:
    """The straight horizontal and vertical lines of a path: its strokes, or the path itself where it is a thin box."""
    box = _box(path)
    if box.y1 - box.y0 <= _RULE_PT or box.x1 - box.x0 <= _RULE_PT:
        is_level = box.y1 - box.y0 <= box.x1 - box.x0
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        return [Rule(box.x0, middle[1], box.x1, middle[1]) if is_level else Rule(middle[0], box.y0, middle[0], box.y1)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    api.FPDFPath_GetDrawMode(path, fill, stroke)
    return _strokes(path) if stroke.value else []


def _strokes(path: Any) -> list[Rule]:
    matrix = api.FS_MATRIX()
    api.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    rules, here, begin = [], (0.0, 0.0), (0.0, 0.0)
    for number in range(min(api.FPDFPath_CountSegments(path), _MAX_RULES)):
        segment = api.FPDFPath_GetPathSegment(path, number)
        api.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            -(matrix.b * x.value + matrix.d * y.value + matrix.f),
        )
        kind = api.FPDFPathSegment_GetType(segment)
        if kind == api.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == api.FPDF_SEGMENT_LINETO:
            rules += _straight(here, point)
        if api.FPDFPathSegment_GetClose(segment):
            rules += _straight(point, begin)
        here = point
    return rules


def _straight(start: tuple[float, float], end: tuple[float, float]) -> list[Rule]:
    (x0, y0), (x1, y1) = min(start, end), max(start, end)
    if abs(y1 - y0) <= _STRAIGHT_PT < x1 - x0:
        return [Rule(x0, y0, x1, y0)]
    if x1 - x0 <= _STRAIGHT_PT < abs(y1 - y0):
        return [Rule(x0, min(y0, y1), x0, max(y0, y1))]
    return []
