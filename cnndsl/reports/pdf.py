"""PDF from the SVG that is drawn here: polygons, lines, Bezier curves and text, which is all that there is in it.

Papers want PDF, and neither graphviz-pure nor a browser-free machine writes it. The file has one page, carries its fonts
where the machine has them, and is the same bytes each time. ISO 32000-1 (PDF 1.7), sections 7.5 and 8 and 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from .fonts import font_objects
from .metrics import text_width

__all__ = ["svg_to_pdf"]

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?[0-9.]+")
_SCALING = re.compile(r"scale\(([0-9.]+)")
_STEP = re.compile(r"([MLCZ])([^MLCZ]*)")
_OPERATORS = {"M": ("m", 2), "L": ("l", 2), "C": ("c", 6)}
_NAMED = {"white": "#ffffff", "black": "#000000"}
_TITLE = "title"


def svg_to_pdf(svg: bytes) -> bytes:
    """One page with the picture on it.

    Raises:
        ValueError: If a text has characters that the standard encoding of PDF lacks.
    """
    root = ElementTree.fromstring(svg)
    left, top, width, height = (float(number) for number in root.get("viewBox", "0 0 0 0").split())
    unit = _width(root, width) / width
    scale = f"{unit * _scale(root):.6f}"
    lines = [
        f"{scale} 0 0 -{scale} {_text(-left * unit)} {_text((top + height) * unit)} cm"
    ]  # PDF counts from the bottom
    lines += _elements(root, (0.0, 0.0))
    return _file("\n".join(lines).encode("cp1252"), width * unit, height * unit)


def _width(root: Any, inner: float) -> float:
    """How wide the picture says that it is, in points."""
    found = _NUMBER.match(root.get("width", ""))
    return float(found[0]) if found else inner


def _scale(root: Any) -> float:
    """By how much the outermost group is drawn larger or smaller than it is written."""
    group = root.find(f"{_SVG}g")
    found = _SCALING.search(group.get("transform", "")) if group is not None else None
    return float(found[1]) if found else 1.0


def _elements(parent: Any, shift: tuple[float, float]) -> Iterator[str]:
    """The operators for what is in an element; groups are moved, and the outermost scaled, and nothing else is done to them."""
    for element in parent:
        tag = element.tag.removeprefix(_SVG)
        if tag == "g":
            yield from _elements(element, _shifted(element, shift))
        elif tag == "text":
            yield from _words(element, shift)
        elif tag != _TITLE:
            yield from _shape(element, tag, shift)


def _shifted(group: Any, shift: tuple[float, float]) -> tuple[float, float]:
    found = re.search(r"translate\(([^)]*)\)", group.get("transform", ""))
    if found is None:
        return shift
    x, y = (float(number) for number in _NUMBER.findall(found[1]))
    return shift[0] + x, shift[1] + y


def _shape(element: Any, tag: str, shift: tuple[float, float]) -> Iterator[str]:
    fill, stroke = _color(element.get("fill", "black")), _color(element.get("stroke", "none"))
    yield "q"
    if fill:
        yield f"{fill} rg"
    if stroke:
        yield f"{stroke} RG {element.get('stroke-width', '1')} w [{element.get('stroke-dasharray', '').replace(',', ' ')}] 0 d"
    yield from _path(element.get("d", ""), shift) if tag == "path" else _corners(element.get("points", ""), shift)
    closed = "h " if tag == "polygon" else ""
    yield (
        closed
        + {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[bool(fill), bool(stroke)]
    )
    yield "Q"


def _corners(points: str, shift: tuple[float, float]) -> Iterator[str]:
    pairs = _pairs(points, shift)
    for number, pair in enumerate(pairs):
        yield f"{pair} {'l' if number else 'm'}"


def _path(data: str, shift: tuple[float, float]) -> Iterator[str]:
    for letter, numbers in _STEP.findall(data):
        if letter == "Z":
            yield "h"
            continue
        operator, count = _OPERATORS[letter]
        pairs = _pairs(numbers, shift)
        for start in range(0, len(pairs), count // 2):
            yield f"{' '.join(pairs[start : start + count // 2])} {operator}"


def _pairs(text: str, shift: tuple[float, float]) -> list[str]:
    numbers = [float(number) for number in _NUMBER.findall(text)]
    return [f"{_text(x + shift[0])} {_text(y + shift[1])}" for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _words(element: Any, shift: tuple[float, float]) -> Iterator[str]:
    words = "".join(element.itertext()).replace("\xa0", " ")
    size = float(element.get("font-size", "12"))
    bold = element.get("font-weight") == "bold"
    x, y = float(element.get("x", "0")) + shift[0], float(element.get("y", "0")) + shift[1]
    if element.get("text-anchor") == "middle":
        x -= text_width(words, size, bold) / 2
    escaped = re.sub(r"([\\()])", r"\\\1", words)
    color = _color(element.get("fill", "black"))
    font = f"/F{int(bold)} {_text(size)} Tf 1 0 0 -1 {_text(x)} {_text(y)} Tm"  # upright in the turned page
    yield f"BT {color} rg {font} ({escaped}) Tj ET"


def _color(color: str) -> str:
    """The three shares of a colour; nothing for none."""
    if color in ("none", "transparent"):
        return ""
    code = _NAMED.get(color, color)
    return " ".join(_text(int(code[place : place + 2], 16) / 255) for place in (1, 3, 5))


def _text(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _file(content: bytes, width: float, height: float) -> bytes:
    """The objects of the file, and where each begins."""
    embedded, numbers = font_objects(5)
    fonts = " ".join(f"/F{bold} {number} 0 R" for bold, number in enumerate(numbers))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_text(width)} {_text(height)}] /Contents 4 0 R"
        f" /Resources << /Font << {fonts} >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *embedded,
    ]
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
