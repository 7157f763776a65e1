"""One colour per kind of layer: tints of the palette of Okabe and Ito (2008), told apart with any colour vision.

The tints step evenly through lightness as well, so that the kinds stay apart in a grey print, and all are light enough for
black text. A test holds both.
"""

from __future__ import annotations

from ...ops import Operator
from ...record import Record

__all__ = ["INK", "KINDS", "PALE_INK", "Paint", "kind_of"]

INK = "#1a1a1a"
PALE_INK = "#404040"


class Paint(Record):
    """The colours of one kind: what fills the box and what draws its border."""

    fill: str
    border: str


KINDS: dict[str, Paint] = {
    "dense": Paint("#70c9b0", "#00573f"),  # bluish green
    "conv": Paint("#92cef1", "#2b5a74"),  # sky blue
    "merge": Paint("#f1caac", "#803800"),  # vermilion
    "pool": Paint("#f5d898", "#735000"),  # orange
    "norm": Paint("#f3e0eb", "#70435c"),  # reddish purple
    "dropout": Paint("#ededed", "#595959"),
    "activation": Paint("#fbf8d1", "#6c671e"),  # yellow
    "shape": Paint("#ffffff", "#595959"),
    "io": Paint("#ffffff", "#1a1a1a"),
}
"""The kinds, darkest first."""

_FAMILIES = {
    "convolution": "conv",
    "convolution_kinds": "conv",
    "pooling": "pool",
    "pooling_kinds": "pool",
    "adaptive": "pool",
    "learned": "dense",
    "merge": "merge",
    "normalization": "norm",
    "sample_norms": "norm",
    "activation": "activation",
    "rectifiers": "activation",
    "smooth": "activation",
    "dropout": "dropout",
}

_KINDS = {
    "dense": "dense",
    "conv1d": "conv",
    "maxpool1d": "pool",
    "avgpool1d": "pool",
    "identity": "shape",
    "split": "shape",
}
"""Operators that are of another kind than the others of their family."""


def kind_of(operator: type[Operator]) -> str:
    """The kind of an operator: that of its family, the module that defines it."""
    if operator.name in _KINDS:
        return _KINDS[operator.name]
    family = operator.__module__.rpartition(".")[2]
    return _FAMILIES.get(family, "shape")
