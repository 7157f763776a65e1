"""The explanation of a layer for a terminal, with the windows drawn along each axis in letters."""

from __future__ import annotations

from textwrap import wrap

from ...ops.sight import Places
from .axes import Axis, first_and_last
from .explanation import Explanation
from .lanes import Lanes, lanes_text
from .ruler import Ruler, ruler_of

__all__ = ["meaning", "render_text", "ruler_text"]

_WIDTH = 100
_MOST_PLACES = 64


def render_text(explanation: Explanation, lanes: Lanes | None = None) -> str:
    """Heading, formula, sentences, and a drawing per axis, or a line for each output that is shown."""
    lines = [explanation.title, explanation.shapes, ""]
    lines += _formulas(explanation)
    lines += [line for sentence in explanation.sentences for line in wrap(sentence, _WIDTH)]
    for names, axis in _different(explanation.axes):
        lines += ["", *_drawing(names, axis)]
    if lanes is not None:
        lines += ["", *lanes_text(lanes)]
    return "\n".join(lines) + "\n"


def _formulas(explanation: Explanation) -> list[str]:
    known = f"   with {'; '.join(explanation.known)}" if explanation.known else ""
    law = [f"{explanation.law}{known}"] if explanation.law else []
    formulas = [f"  {text}" if law else text for text in explanation.formulas]
    return [*law, *formulas, ""] if law or formulas else []


def _different(axes: tuple[Axis, ...]) -> list[tuple[str, Axis]]:
    """The axes by their names; height and width together where they are alike."""
    if len(axes) == 2 and axes[0].replace(name="") == axes[1].replace(name=""):
        return [("height and width", axes[0])]
    return [(axis.name, axis) for axis in axes]


def _drawing(names: str, axis: Axis) -> list[str]:
    ruler = ruler_of(axis, _MOST_PLACES)
    what = ("input position", "output") if axis.spreads else ("output", "input")
    rows = [
        ("", ruler_text(ruler, axis, ()), f"{what[1]}, {axis.wide} {'position' if axis.wide == 1 else 'positions'}")
    ]
    for place in axis.shown():
        seen = axis.at(place)
        rows.append((f"{what[0]} {place}", ruler_text(ruler, axis, seen), first_and_last(seen)))
    width = max(len(name) for name, _, _ in rows)
    legend = meaning("".join(text for _, text, _ in rows), "in the window")
    return [f"{names}:", *(f"  {name:<{width}}  {text}  {note}" for name, text, note in rows), *legend]


def ruler_text(ruler: Ruler, axis: Axis, seen: Places, *, mark_unseen: bool = True) -> str:
    """The positions that a ruler shows, a letter each, with ``|`` at the ends of the value and ``..`` for what is left out."""
    lost = axis.unseen if mark_unseen else ()
    unseen = {place for first, last in lost for place in ruler.places if first <= place <= last}
    text = ""
    for number, (first, last) in enumerate(ruler.segments):
        text += " ~ " if number else ""
        for place in range(first, last + 1):
            text += "|" if place == 0 else ""
            text += _letter(place, axis, seen, unseen)
            text += "|" if place == axis.wide - 1 else ""
    return text


def _letter(place: int, axis: Axis, seen: Places, unseen: set[int]) -> str:
    if place in seen:
        return "#"
    if place in unseen:
        return "x"
    if 0 <= place < axis.wide:
        return "."
    return "P" if -axis.before <= place < axis.wide + axis.after else " "


def meaning(text: str, filled: str) -> list[str]:
    """What the letters of a drawing stand for."""
    letters = {"#": filled, "P": "padding", "x": "in no window", "~": "positions left out"}
    used = [f"{letter} {words}" for letter, words in letters.items() if letter in text]
    return [f"  ({', '.join(used)})"]
