"""Layers of PyTorch and Keras in our words, by the tables that explain pasted lines as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..translation.lookup import call_in_our_words, rows_of
from ..translation.meaning import meaning
from ..translation.records import UNKNOWN, Argument, Row, Written, our_text
from .operations import is_plain
from .trace import Takes
from .values import TRAINING, Foreign, Layer

__all__ = ["PASSED", "arguments_of", "framework", "function_rows", "is_layer", "make_layer", "rows_in", "written_by"]

_KERAS = ("keras", "tensorflow.keras", "tf.keras", "tensorflow.python.keras", "tf_keras")
_TABLES = {
    "torch.nn": "nn",
    "torch.nn.modules": "nn",
    "torch.nn.functional": "F",
    "torch": "torch",
    "tensorflow.nn": "F",
    "keras.ops": "torch",
    "tensorflow": "torch",
    "tensorflow.math": "torch",
    **{f"{name}.layers": "keras.layers" for name in _KERAS},
    **{f"{name}.activations": "F" for name in _KERAS},
}
"""The packages whose calls are layers, and the tables of ``lookup`` that have them."""

_TAKEN = ("in_channels", "in_features", "num_features", "num_channels")
_SILENT = ("initializer", "filler", "constraint")
"""Arguments that end so say how weights begin or are held, and not what the network is."""

PASSED = {
    **dict.fromkeys(("Rescaling", "Normalization"), "each data set says itself how its samples are scaled"),
    **dict.fromkeys(
        ("RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomCrop"),
        "pictures are changed by `augment` in `train { }`",
    ),
    **dict.fromkeys(("ActivityRegularization", "GaussianNoise"), "it changes nothing but training"),
}
"""Layers without parameters that are left out, and why."""


def framework(name: str) -> str:
    """``torch`` or ``keras`` by the whole name of something; empty for others."""
    if name.startswith("torch"):
        return "torch"
    return "keras" if name.startswith(("keras", "tensorflow", "tf_keras", "tf.")) else ""


def is_layer(name: str) -> bool:
    """Whether a whole name is that of a layer or a function of one, as far as its package tells."""
    package, _, last = name.rpartition(".")
    table = _TABLES.get(package)
    if not package:
        return last[:1].isupper() and bool(rows_of(last)[0])
    return table in ("nn", "keras.layers") and last[:1].isupper()


def rows_in(name: str) -> tuple[Row, ...]:
    """The rows of a whole name."""
    package, _, last = name.rpartition(".")
    table = _TABLES.get(package)
    if not package:
        return rows_of(last)[0]
    return () if table is None else rows_of(f"{table}.{last}")[0]


def function_rows(name: str) -> tuple[Row, ...]:
    """The rows of a function by its whole name, such as ``torch.nn.functional.relu`` or ``relu``."""
    package, _, last = name.rpartition(".")
    if not package:
        return tuple(row for row in rows_of(last, takes_value=True)[0] if row.tool)
    return rows_in(name)


def arguments_of(values: Sequence[Any], named: Mapping[str, Any], texts: Sequence[str]) -> list[Argument]:
    """Arguments as the tables take them; ``texts`` are how they are written, those by place first."""
    pairs = [*(("", value) for value in values), *named.items()]
    texts = [*texts, *[""] * len(pairs)]
    return [
        _argument(name, value, text)
        for (name, value), text in zip(pairs, texts, strict=False)
        if not name.endswith(_SILENT)
    ]


def _argument(name: str, value: Any, text: str) -> Argument:
    if value is TRAINING:
        return Argument(name, text, UNKNOWN)
    if isinstance(value, Foreign):
        return Argument(name, value.name, value.name)
    if isinstance(value, range):
        value = list(value)
    if isinstance(value, list | tuple):
        return Argument(name, f"({', '.join(map(_word, value))})", _mixed(value), is_plain(value))
    if not is_plain(value):
        return Argument(name, text, UNKNOWN, sayable=False)
    return Argument(name, _word(value), value)


def _mixed(value: Any) -> Any:
    """A list as the tables read it: what is not known in it is unknown."""
    if isinstance(value, list | tuple):
        return [_mixed(each) for each in value]
    return value if is_plain(value) else UNKNOWN


def _word(value: Any) -> str:
    return value if isinstance(value, str) else our_text(value)


def written_by(rows: Sequence[Row], arguments: Sequence[Argument]) -> Written:
    """A call in our words by rows, without the value that functions take."""
    made = call_in_our_words([each.without("input", "tensors", "inputs", "other") for each in rows], arguments)
    missing = " and ".join(f"`{each}`" for each in made.missing)
    return made.doubted(f"{missing} must be given" if missing else "")


def make_layer(name: str, arguments: Sequence[Argument], text: str, node: Any) -> Layer:
    """A layer by its whole name; it knows if there is nothing like it here."""
    last = name.rpartition(".")[2]
    if last in ("SeparableConv2D", "SeparableConvolution2D"):
        return Layer(text, _separable(arguments), node)
    rows = rows_in(name)
    if not rows:
        return Layer(text, None, node, _nothing_like(last))
    layer = Layer(text, written_by(rows, arguments), node)
    layer.takes = _takes(rows[0], arguments, last)
    return layer


def _nothing_like(word: str) -> tuple[str, ...]:
    found = meaning(word)
    help_ = found.sentence if found is not None else ""
    return (f"cnndsl has nothing like `{word}`", help_)


def _takes(row: Row, arguments: Sequence[Argument], word: str) -> Takes | None:
    """How many channels or numbers a layer of PyTorch says that it takes."""
    place, name = next(
        ((place, each.names[0]) for place, each in enumerate(row.parameters) if each.names[0] in _TAKEN), (-1, "")
    )
    if not name or row.tool != "PyTorch":
        return None
    by_place = [each for each in arguments if not each.name]
    given = next((each for each in arguments if each.name == name), None)
    given = given or (by_place[place] if place < len(by_place) else None)
    return Takes(given.value, word) if given is not None and isinstance(given.value, int) else None


_DEPTHWISE = ("kernel_size", "strides", "padding", "data_format", "dilation_rate", "depth_multiplier")


def _separable(arguments: Sequence[Argument]) -> Written:
    """``SeparableConv2D``: a depthwise convolution without biases, then one of 1x1."""
    places = ("filters", *_DEPTHWISE)
    named = [each if each.name else each.replace(name=name) for each, name in zip(arguments, places, strict=False)]
    named.extend(arguments[len(places) :])
    first = [each for each in named if each.name in _DEPTHWISE]
    rest = [each for each in named if each.name not in _DEPTHWISE and not each.name.startswith("depthwise")]
    bare = Argument("use_bias", "false", False)
    depthwise = written_by(rows_in("keras.layers.DepthwiseConv2D"), [*first, bare])
    pointwise = written_by(rows_in("keras.layers.Conv2D"), [*rest, Argument("kernel_size", "1", 1)])
    return pointwise.after(depthwise)
