"""The receptive field of a layer for a terminal."""

from __future__ import annotations

from textwrap import wrap

from ...ops.sight import Sight
from ..table import Column, render_table
from .axes import Axis, first_and_last
from .field import FieldExplanation, Step
from .ruler import ruler_of
from .terminal import meaning, ruler_text

__all__ = ["render_field_text"]

_WIDTH = 100
_MOST_PLACES = 64


def render_field_text(explanation: FieldExplanation) -> str:
    """Heading, sentences, a drawing per axis, and the layers that widened the field."""
    lines = [explanation.title, explanation.shapes, ""]
    lines += [line for sentence in explanation.sentences for line in wrap(sentence, _WIDTH)]
    if explanation.patch.ends is not None:
        lines += ["", *_drawings(explanation)]
    if explanation.steps:
        rows = [("", "input", "", "1", "1"), *(row for step in explanation.steps for row in _rows(step))]
        lines += ["", *render_table(_COLUMNS, [rows], 120)]
        lines += ["", "size = r + (F - 1)*j, jump = j*S: from size r and jump j before, for a window F and stride S"]
    return "\n".join(lines) + "\n"


_COLUMNS = (
    Column(("", "layer"), least=8, cut="start"),
    Column(("", "operator"), least=20),
    Column(("", "how")),
    Column(("", "size"), right=True),
    Column(("", "jump"), right=True),
)


def _rows(step: Step) -> list[tuple[str, ...]]:
    first, *rest = step.formulas or ("",)
    rows: list[tuple[str, ...]] = [(step.path, step.operator, first, str(step.field), step.jump)]
    return rows + [("", "", text, "", "") for text in rest]


def _drawings(explanation: FieldExplanation) -> list[str]:
    drawn = []
    for name, extent, ends, padded in zip(
        explanation.names, explanation.extents, explanation.patch.ends or (), explanation.patch.padded, strict=True
    ):
        axis = patch_axis(name, extent, ends, padded)
        seen = axis.at(0)
        drawn.append(
            (
                f"{name}:",
                ruler_text(ruler_of(axis, _MOST_PLACES), axis, seen, mark_unseen=False),
                first_and_last(range(ends[0], ends[1] + 1)),
            )
        )
    width = max(len(name) for name, _, _ in drawn)
    lines = [f"{name:<{width}}  {text}  {note}" for name, text, note in drawn]
    return [*lines, *meaning("".join(text for _, text, _ in drawn), "in the patch")]


def patch_axis(name: str, extent: int, ends: tuple[int, int], padded: tuple[int, int]) -> Axis:
    """An axis of the input with the patch as its one window."""
    first, last = min(ends[0], padded[0]), max(ends[1], padded[1])
    sight = Sight((range(first, last + 1),), 0)
    return Axis(name, extent, 1, sight, max(0, -first), max(0, last - extent + 1))
