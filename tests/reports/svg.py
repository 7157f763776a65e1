"""Pictures taken apart: what stands where in an SVG document, measured with Adobe's widths of Helvetica."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+\.?\d*")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def holds(self, other: Box) -> bool:
        inside = self.left <= other.left and self.top <= other.top
        return inside and other.right <= self.right and other.bottom <= self.bottom

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def has(self, point: tuple[float, float]) -> bool:
        return self.left < point[0] < self.right and self.top < point[1] < self.bottom


def elements(svg, class_):
    """The groups of a class by their ids."""
    found = (group for group in svg.iter(f"{SVG}g") if class_ in group.get("class", "").split())
    return {group.get("id"): group for group in found}


def texts(element):
    """Every text of an element, with blanks in place of the spaces that do not break."""
    return ["".join(text.itertext()).replace("\xa0", " ").strip() for text in element.iter(f"{SVG}text")]


def outline(group):
    """The first shape of a group: a box, or the frame of a cluster."""
    return outline_of(next(child for child in group if child.tag in (f"{SVG}polygon", f"{SVG}path", f"{SVG}polyline")))


def outline_of(shape):
    """Where a shape stands."""
    numbers = [float(number) for number in NUMBER.findall(shape.get("points") or shape.get("d"))]
    return Box(min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))


def text_boxes(group):
    """Each text with the place that it takes: from the baseline 0.72 of the size up and 0.21 down, as Helvetica has it."""
    for element in group.iter(f"{SVG}text"):
        text = "".join(element.itertext()).replace("\xa0", " ")
        size = float(element.get("font-size"))
        x, y = float(element.get("x")), float(element.get("y"))
        width = afm_width(text, size, element.get("font-weight") == "bold")
        left = x - width / 2 if element.get("text-anchor") == "middle" else x
        yield text, Box(left, y - 0.72 * size, left + width, y + 0.21 * size)


def curve(group, steps=12):
    """Points on the line of an edge, close to each other, and its arrow."""
    for element in group:
        if element.tag == f"{SVG}polygon":
            numbers = [float(number) for number in NUMBER.findall(element.get("points"))]
            yield from zip(numbers[::2], numbers[1::2], strict=True)
        if element.tag != f"{SVG}path":
            continue
        numbers = [float(number) for number in NUMBER.findall(element.get("d"))]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        for start in range(0, len(points) - 1, 3):
            yield from bezier(points[start : start + 4], steps)


def bezier(points, steps):
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield tuple(sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))


@cache
def afm(bold):
    """The widths of the characters, from the metrics that Matplotlib ships."""
    import matplotlib

    name = "Helvetica-Bold.afm" if bold else "Helvetica.afm"
    path = Path(matplotlib.get_data_path()) / "fonts" / "pdfcorefonts" / name
    rows = re.findall(r"^C (\d+) ; WX (\d+)", path.read_text(encoding="latin-1"), re.MULTILINE)
    return {chr(int(code)): int(width) for code, width in rows}


def afm_width(text, size, bold):
    widths = {**afm(bold), "'": 238 if bold else 191, "`": 333}  # AFM has the curly ones at these codes
    return sum(widths[char] for char in text) * size / 1000


def parse(svg):
    return ElementTree.fromstring(svg)
