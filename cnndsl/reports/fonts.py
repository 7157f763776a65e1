"""The fonts that a PDF carries in itself: a sans-serif of this machine with the widths of Helvetica, plain and bold."""

from __future__ import annotations

import os
import unicodedata
import zlib
from functools import cache
from struct import unpack_from

from .metrics import text_width

__all__ = ["font_objects"]

_NAMES = ("Helvetica", "Helvetica-Bold")
_FILES = (
    ("liberationsans-regular.ttf", "liberationsans-bold.ttf"),
    ("arimo-regular.ttf", "arimo-bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("arial.ttf", "arial bold.ttf"),
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_FIRST, _LAST = 32, 255


def font_objects(first: int) -> tuple[list[bytes], list[int]]:
    """The objects of a PDF for both fonts, numbered from ``first``, and the numbers of the fonts among them.

    A machine without such a font gives their names only: every reader has Helvetica, though few publishers take that.
    """
    objects: list[bytes] = []
    numbers = []
    for bold, name in enumerate(_NAMES):
        numbers.append(first + len(objects))
        data = _data(bold)
        objects += _embedded(data, bool(bold), numbers[-1]) if data else [_named(name)]
    return objects, numbers


def _named(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _embedded(data: bytes, bold: bool, number: int) -> list[bytes]:
    """The font, what it measures, and its file (ISO 32000-1, 9.6.3 and 9.8)."""
    name = "EmbeddedSans-Bold" if bold else "EmbeddedSans"
    widths = " ".join(str(_width(code, bold)) for code in range(_FIRST, _LAST + 1))
    packed = zlib.compress(data, 9)
    box, ascent, descent = _measures(data)
    return [
        f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /Encoding /WinAnsiEncoding /FirstChar {_FIRST}"
        f" /LastChar {_LAST} /Widths [{widths}] /FontDescriptor {number + 1} 0 R >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 32 /FontBBox [{box}] /ItalicAngle 0 /Ascent {ascent}"
        f" /Descent {descent} /CapHeight 716 /StemV {140 if bold else 88} /FontFile2 {number + 2} 0 R >>".encode(),
        b"<< /Length %d /Length1 %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), len(data), packed),
    ]


def _width(code: int, bold: bool) -> int:
    """The advance of a character; that of a letter with an accent is the letter's."""
    letter = unicodedata.normalize("NFD", bytes([code]).decode("cp1252", "replace"))[0]
    return round(text_width(letter, 1000, bold)) if letter.isascii() else 556


def _measures(data: bytes) -> tuple[str, int, int]:
    """The box around all letters, and how far they reach up and down, in thousandths of the size."""
    count = unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    unit = unpack_from(">H", data, tables[b"head"] + 18)[0]
    corners = unpack_from(">4h", data, tables[b"head"] + 36)
    ascent, descent = unpack_from(">2h", data, tables[b"hhea"] + 4)
    scaled = [round(1000 * each / unit) for each in (*corners, ascent, descent)]
    return " ".join(map(str, scaled[:4])), scaled[4], scaled[5]


@cache
def _data(bold: int) -> bytes:
    """The file of the first font of the list that this machine has, plain and bold; nothing if it has none."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for where, folders, files in os.walk(os.path.expanduser(folder)):
            folders.sort()
            for file in sorted(files):
                found.setdefault(file.lower(), os.path.join(where, file))
    pair = next((pair for pair in _FILES if all(name in found for name in pair)), None)
    if pair is None:
        return b""
    with open(found[pair[bold]], "rb") as stream:
        return stream.read()
