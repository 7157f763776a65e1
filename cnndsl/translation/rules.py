"""Rules of the rows in ``layers`` that need more of a call than one value: each changes the call that is being written."""

from __future__ import annotations

from ..ops import OPERATORS
from .calls import Call, Rule
from .layers import DARKNET_ACTIVATIONS, KERAS_ACTIVATIONS
from .names import activation_meant
from .records import UNKNOWN, Argument

__all__ = ["RULES"]


def _numbers(call: Call, name: str) -> list[int]:
    """The two numbers that a parameter says; none if they are not known."""
    value = call.argument(name).value
    items = list(value) if isinstance(value, list | tuple) else [value, value]
    return [item for item in items if isinstance(item, int)] if len(items) == 2 else []


def _label(call: Call, argument: Argument) -> None:
    call.label = argument.text


def _transposed(call: Call, argument: Argument) -> None:
    """Keras's output is the input times the stride (``same``), and at least that (``valid``)."""
    sizes = [_numbers(call, name) for name in ("kernel_size", "strides", "dilation_rate")]
    known = sizes if all(sizes) else ()
    more = [(window - 1) * dilation + 1 - step for window, step, dilation in zip(*known, strict=True)]
    if not more or min(more) < 0 or (argument.text == "same" and any(extent % 2 for extent in more)):
        sentence = "Keras takes one row and column more off at the end than at the beginning, which `conv_transpose` cannot say"
        call.doubt(sentence, whole=False)
    elif argument.text == "same" and max(more) > 0:
        call.written["padding"] = "x".join(str(extent // 2) for extent in more)


def _view(call: Call, argument: Argument) -> None:
    """``x.view(x.size(0), -1)``, and other shapes after the batch."""
    batch, *extents = argument.value if isinstance(argument.value, list | tuple) else [0]
    if batch not in (-1, UNKNOWN) or not extents or not all(isinstance(extent, int) for extent in extents):
        call.doubt("`reshape 16x5x5` gives a sample another shape, `flatten` makes a vector: the batch is not named")
    elif len(extents) == 1:
        call.word, call.infos = "flatten", {}
    else:
        call.take("shape", Argument("shape", "x".join(map(str, extents))))


def _at_most_six(call: Call, argument: Argument) -> None:
    call.word = "relu6" if argument.value == 6 else call.word
    if argument.value not in (None, 6):
        call.doubt("cnndsl has nothing like `max_value`: `relu6` stops at 6", whole=False)


def _keepdims(call: Call, argument: Argument) -> None:
    if argument.value is True:
        call.following.remove("flatten")


def _activation(call: Call, argument: Argument) -> None:
    """An activation is a layer of its own; at a layer of ours it is the same in Keras and Darknet."""
    name = argument.text.rpartition(".")[2]
    known = {"Keras": KERAS_ACTIVATIONS, "Darknet": DARKNET_ACTIVATIONS}.get(call.row.tool)
    layer = "" if argument.value is None else known.get(name) if known else activation_meant(name)
    if layer is None and name in OPERATORS:
        call.doubt(f"`{name}` is not the same everywhere: write the layer after this one", whole=False)
    elif layer is None:
        call.doubt(f"no layer is called `{argument.text}`: an activation is a layer of its own", whole=False)
    elif layer and call.word == "identity":
        call.word = layer
    elif layer:
        call.following.insert(0, layer)


def _half_the_window(call: Call, argument: Argument) -> None:
    """``pad=1`` of Darknet is a switch, and counts more than ``padding``."""
    window = _numbers(call, "size")
    if argument.value != 0 and (argument.value != 1 or not window):
        call.doubt("`pad=1` of Darknet is a switch: half the window on each side")
    elif argument.value and window[0] > 1:
        call.written["padding"] = str(window[0] // 2)


def _batch_normalize(call: Call, argument: Argument) -> None:
    if argument.value == 0:
        return
    call.written["bias"] = "false"
    call.following.insert(0, "bn momentum=0.01")
    call.doubt("Darknet divides by one less than the numbers of a batch in the variance, which `bn` does not")


RULES: dict[str, Rule] = {
    "label": _label,
    "transposed": _transposed,
    "view": _view,
    "at_most_six": _at_most_six,
    "keepdims": _keepdims,
    "activation": _activation,
    "half_the_window": _half_the_window,
    "batch_normalize": _batch_normalize,
}
