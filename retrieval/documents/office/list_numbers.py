"""The numbers of lists in letters, Roman and Chinese digits. Formats have the names that Word gives them."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ALPHABETS = {"lowerLetter": "abcdefghijklmnopqrstuvwxyz", "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя"}
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_FORMATS = frozenset(
    ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting")
)


def written(number: int, number_format: str) -> str:
    """The number in this format; as digits in a format not known, and where it is out of range."""
    if number_format == "none":
        return ""
    if number_format == "decimalZero":
        return f"{number:02}"
    lower = number_format.replace("upper", "lower").replace("Upper", "Lower")
    if lower == "lowerRoman" and 0 < number < 4000:
        written = _roman(number)
    elif lower in _ALPHABETS and 0 < number <= 10 * len(_ALPHABETS[lower]):
        repeats, letter = divmod(number - 1, len(_ALPHABETS[lower]))
        written = _ALPHABETS[lower][letter] * (repeats + 1)  # after z comes aa, then bb
    elif number_format in _HAN_FORMATS and 0 < number < 100:
        tens, ones = divmod(number, 10)
        written = ("" if tens < 2 else _HAN_DIGITS[tens]) + ("十" if tens else "") + (_HAN_DIGITS[ones] if ones else "")
    else:
        return str(number)
    return written if lower == number_format else written.upper()


def _roman(number: int) -> str:
    written = ""
    for size, sign in _ROMAN:
        count, number = divmod(number, size)
        written += sign * count
    return written
