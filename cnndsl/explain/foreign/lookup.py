"""Which rows of the tables a name stands for, and a call in our words by all rows that fit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...ops import OPERATORS
from .calls import Argument, Row, Written, own_row, row, write
from .layers import CAFFE, DARKNET, KERAS, KERAS_ACTIVATIONS, NO_EXACT_FORM, TORCH, TORCH_FUNCTIONS
from .names import fold, layer_named
from .rules import RULES

__all__ = ["call_in_our_words", "rows_of"]

Table = tuple[str, Mapping[str, str]]

_TORCH: Table = ("PyTorch", TORCH)
_FUNCTIONS: Table = ("PyTorch", TORCH_FUNCTIONS)
_KERAS: Table = ("Keras", KERAS)
_KERAS_FUNCTIONS: Table = (
    "Keras",
    {
        name: f"{layer.partition(' ')[0] or 'identity'}{layer.partition(' ')[2] and ' negative_slope=0.2'}: input"
        for name, layer in KERAS_ACTIVATIONS.items()
    },
)
_CAFFE: Table = ("Caffe", CAFFE)
_DARKNET: Table = ("Darknet", DARKNET)

_PACKAGES: dict[str, tuple[Table, ...]] = {
    **dict.fromkeys(("nn", "torch.nn"), (_TORCH,)),
    **dict.fromkeys(("F", "functional", "nn.functional", "torch.nn.functional", "torch"), (_FUNCTIONS,)),
    **dict.fromkeys(("keras", "layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers"), (_KERAS,)),
    **dict.fromkeys(("tf.nn", "activations", "keras.activations", "keras.ops"), (_KERAS_FUNCTIONS,)),
    "caffe.layers": (_CAFFE,),
    "L": (_CAFFE, _KERAS),
}


def rows_of(name: str, *, takes_value: bool = False) -> tuple[tuple[Row, ...], str]:
    """The rows that a name of a call may mean, and a doubt about them, or none.

    ``takes_value`` if its first argument is the value to work on, as functions have it.
    """
    package, _, last = name.rpartition(".")
    if package.split(".")[0] == "self":
        return (), ""
    if package in _PACKAGES:
        tables = _PACKAGES[package]
        exact = _exact(tables, last)
        return (exact, "") if exact else (_folded(tables, last), f"`{name}` is written otherwise in {tables[0][0]}")
    if package:
        found = _exact((_TORCH, _KERAS, _FUNCTIONS), last)
        return found, f"`{package}` is not known here: the line is what {found[0].tool if found else ''} means by it"
    if last in OPERATORS and not (takes_value and last in TORCH_FUNCTIONS):
        return (own_row(last),), ""
    known = (_FUNCTIONS, _KERAS_FUNCTIONS) if takes_value else (_TORCH, _KERAS)
    word = layer_named(last, OPERATORS)
    return _exact(known, last) or _exact((_TORCH, _KERAS, _FUNCTIONS, _CAFFE), last) or _folded(
        (_TORCH, _KERAS), last
    ) or ((own_row(word),) if word else ()), ""


def _exact(tables: Sequence[Table], name: str) -> tuple[Row, ...]:
    return tuple(row(tool, name, rows[name]) for tool, rows in tables if name in rows)


def _folded(tables: Sequence[Table], name: str) -> tuple[Row, ...]:
    folded = fold(name)
    found = [(tool, each, text) for tool, rows in tables for each, text in rows.items() if fold(each) == folded]
    return tuple(row(*item) for item in found)


def call_in_our_words(rows: Sequence[Row], arguments: Sequence[Argument]) -> Written:
    """The call by the first row that it fits; in doubt if another one that it fits means something else by it."""
    made = [write(each, arguments, RULES) for each in rows]
    fitting = [each for each in made if each.fits] or made
    first, *others = fitting
    doubt = NO_EXACT_FORM.get((first.row.tool, first.row.name))
    doubts = (*first.doubts, *([doubt] if doubt else []))
    for other in others:
        if other.line != first.line or bool(other.doubts) is not bool(first.doubts):
            doubts += (
                f"`{first.row.name}` is `{first.line}` in {first.row.tool} and `{other.line}` in {other.row.tool}",
            )
    return first.replace(doubts=doubts)
