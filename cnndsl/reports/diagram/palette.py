"""One colour per kind of layer: tints of the palette of Okabe and Ito (2008), told apart with any colour vision.

The tints step evenly through lightness as well, so that the kinds stay apart in a grey print, and all are far enough from
their text. The dark theme has shades of the same colours. A test holds this.
"""

from __future__ import annotations

from ...ops import Operator
from ...record import Record

__all__ = ["INK", "KINDS", "PALE_INK", "THEMES", "WORDS", "Paint", "Theme", "kind_of"]

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
    "block": Paint("#ffffff", "#1a1a1a"),
    "io": Paint("#ffffff", "#1a1a1a"),
}
"""The kinds, darkest first."""

_DARK: dict[str, Paint] = {
    "dense": Paint("#0c5641", "#70c9b0"),
    "conv": Paint("#194863", "#92cef1"),
    "merge": Paint("#5e3211", "#f1caac"),
    "pool": Paint("#48350a", "#f5d898"),
    "norm": Paint("#4d253b", "#f3e0eb"),
    "activation": Paint("#302d10", "#e4de8c"),
    "dropout": Paint("#272727", "#c4c4c4"),
    "shape": Paint("#1e1f21", "#c4c4c4"),
    "block": Paint("#1e1f21", "#f2f2f2"),
    "io": Paint("#1e1f21", "#f2f2f2"),
}
"""The same, lightest first."""

WORDS = {
    "conv": "convolution",
    "dense": "dense",
    "pool": "pooling",
    "norm": "normalisation",
    "activation": "activation",
    "dropout": "dropout",
    "merge": "merge",
    "shape": "reshape",
    "block": "block",
}
"""What a legend calls the kinds, in its order."""


class Theme(Record):
    """The colours of a picture: paper and ink, the frames of clusters, boxes by kind, heat from least to most, and boxes by
    what changed of them."""

    paper: str
    ink: str
    pale_ink: str
    frame: str
    frame_fill: str
    kinds: dict[str, Paint]
    heat: tuple[str, ...]
    marks: dict[str, str]


THEMES = {
    "light": Theme(
        paper="#ffffff",
        ink=INK,
        pale_ink=PALE_INK,
        frame="#8a8a8a",
        frame_fill="#f6f6f6",
        kinds=KINDS,
        heat=("#ffffff", "#fbebe3", "#f6d3c1", "#f1b79a", "#ea976d"),
        marks={
            "same": "#ffffff",
            "affected": "#fbf8d1",
            "changed": "#92cef1",
            "added": "#70c9b0",
            "removed": "#f1b79a",
        },
    ),
    "dark": Theme(
        paper="#121212",
        ink="#f2f2f2",
        pale_ink="#c9c9c9",
        frame="#7d7d7d",
        frame_fill="#1a1a1c",
        kinds=_DARK,
        heat=("#1e1f21", "#3c2a21", "#5c2f1a", "#7e2e0d", "#9d2b00"),
        marks={
            "same": "#1e1f21",
            "affected": "#302d10",
            "changed": "#194863",
            "added": "#0c5641",
            "removed": "#7e2e0d",
        },
    ),
}
"""The themes by name. Heat is one hue that darkens, so that it reads alike in grey and with any colour vision."""

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
    "shortcut_pad": "shape",
}
"""Operators that are of another kind than the others of their family."""


def kind_of(operator: type[Operator]) -> str:
    """The kind of an operator: that of its family, the module that defines it."""
    if operator.name in _KINDS:
        return _KINDS[operator.name]
    family = operator.__module__.rpartition(".")[2]
    return _FAMILIES.get(family, "shape")
