"""Which rows of the tables a name stands for, and a call in our words by all rows that fit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ...ops import OPERATORS
from .calls import Argument, Parameter, Row, Written, row, write
from .layers import CAFFE, DARKNET, KERAS, KERAS_ACTIVATIONS, NO_EXACT_FORM, TORCH, TORCH_FUNCTIONS
from .names import ATTRIBUTES, LEFT_OUT, NEAR_ATTRIBUTES, fold, layer_named
from .rules import RULES

__all__ = ["call_in_our_words", "every_row", "own_row", "rows_of"]

Table = tuple[str, Mapping[str, str]]

_TORCH: Table = ("PyTorch", TORCH)
_FUNCTIONS: Table = ("PyTorch", TORCH_FUNCTIONS)
_KERAS: Table = ("Keras", KERAS)
_ACTIVATIONS: Table = (
    "Keras",
    {name: f"{layer.replace(' ', ' negative_slope=')}: input" for name, layer in KERAS_ACTIVATIONS.items() if layer},
)
_CAFFE: Table = ("Caffe", CAFFE)
_DARKNET: Table = ("Darknet", DARKNET)

_PACKAGES: dict[str, tuple[Table, ...]] = {
    **dict.fromkeys(("nn", "torch.nn"), (_TORCH,)),
    **dict.fromkeys(("F", "functional", "nn.functional", "torch.nn.functional", "torch"), (_FUNCTIONS,)),
    **dict.fromkeys(("keras", "layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers"), (_KERAS,)),
    **dict.fromkeys(("tf.nn", "activations", "keras.activations", "keras.ops"), (_ACTIVATIONS,)),
    "caffe.layers": (_CAFFE,),
    "L": (_CAFFE, _KERAS),
}


def rows_of(name: str, *, takes_value: bool = False) -> tuple[tuple[Row, ...], str]:
    """The rows that the name of a call in parentheses may mean, and a doubt about them, or none.

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
    return _rows_of_bare(last, takes_value), ""


def _rows_of_bare(name: str, takes_value: bool) -> tuple[Row, ...]:
    """The rows of a name without its package."""
    if name in OPERATORS and not (takes_value and name in TORCH_FUNCTIONS):
        return (own_row(name),)
    likely = (_FUNCTIONS, _ACTIVATIONS) if takes_value else (_TORCH, _KERAS)
    found = _exact(likely, name) or _exact((_TORCH, _KERAS, _FUNCTIONS, _CAFFE), name)
    word = layer_named(name, OPERATORS)
    return found or _folded((_TORCH, _KERAS), name) or ((own_row(word),) if word in OPERATORS else ())


def _exact(tables: Sequence[Table], name: str) -> tuple[Row, ...]:
    return tuple(row(tool, name, rows[name]) for tool, rows in tables if name in rows)


def _folded(tables: Sequence[Table], name: str) -> tuple[Row, ...]:
    folded = fold(name)
    found = [(tool, each, text) for tool, rows in tables for each, text in rows.items() if fold(each) == folded]
    return tuple(row(*item) for item in found)


def every_row() -> Iterator[Row]:
    """The rows of all tools, functions after layers."""
    for tool, rows in (_TORCH, _KERAS, _CAFFE, _DARKNET, _FUNCTIONS):
        yield from (row(tool, name, text) for name, text in rows.items())


@cache
def own_row(word: str) -> Row:
    """One of our layers, as if it were called with parentheses, with all names that its attributes go by elsewhere."""
    declared = OPERATORS[word]
    ours = [Parameter((name,), name) for name in dict.fromkeys((*declared.positional, *declared.attributes()))]
    theirs = [
        Parameter((name,), next(each for each in attributes if each in declared.attributes()))
        for name, attributes in ATTRIBUTES.items()
        if not declared.find_attribute(name) and any(each in declared.attributes() for each in attributes)
    ]
    near = [Parameter((name,), name, "near") for name in NEAR_ATTRIBUTES if not declared.find_attribute(name)]
    left_out = [Parameter((name,), name, *left) for name, left in _LEFT_OUT.items()]
    return Row("", word, (word,), (*ours, *theirs, *near, *left_out))


_LEFT_OUT: dict[str, tuple[str, Argument | None, str]] = {
    **dict.fromkeys(LEFT_OUT, ("", None, "~")),
    "activation": ("any_activation", Argument("activation", "", None), ""),
    "track_running_stats": ("", Argument("track_running_stats", "true", True), "!"),
    "trainable": ("", Argument("trainable", "true", True), "!"),
}


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
