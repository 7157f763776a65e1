"""Rules of the rows in ``layers`` that need more of a call than one value: each changes the call that is being written."""

from __future__ import annotations

from ...ops import OPERATORS
from .calls import Call, Rule
from .layers import DARKNET_ACTIVATIONS, KERAS_ACTIVATIONS
from .names import NEAR_ATTRIBUTES
from .records import NOT_GIVEN, UNKNOWN, Argument

__all__ = ["RULES"]

RULES: dict[str, Rule] = {}


def _rule(function: Rule) -> Rule:
    RULES[function.__name__.strip("_")] = function
    return function


def _numbers(call: Call, name: str) -> list[int]:
    """The two numbers that a parameter says; none if they are not known."""
    value = call.argument(name).value
    items = list(value) if isinstance(value, list | tuple) else [value, value]
    return [item for item in items if isinstance(item, int)] if len(items) == 2 else []


# Windows


@_rule
def _padding(call: Call, argument: Argument) -> None:
    """Keras's ``valid`` and ``same``, and ``causal`` of a line."""
    word = argument.text.lower()
    window, steps = _numbers(call, "kernel_size"), _numbers(call, "dilation_rate")
    if word == "causal" and window and steps and call.word == "conv1d":
        call.written["padding"] = f"(left={(window[0] - 1) * steps[0]}, right=0)"
    elif word not in ("valid", "0"):
        call.take("padding", argument.replace(text=word))


@_rule
def _mean_padding(call: Call, argument: Argument) -> None:
    """Keras does not count the padding in the mean; but on PyTorch, where it is uneven, it repeats the edge."""
    RULES["padding"](call, argument)
    if "padding" not in call.written:
        return
    call.written["count_include_pad"] = "false"
    window = _numbers(call, "pool_size")
    steps = _numbers(call, "strides") or window
    is_even = steps == [1, 1] and all(extent % 2 for extent in window)
    if not window or not (is_even or max(window) <= 2):
        call.doubt("where the padding is uneven, Keras leaves it out on TensorFlow, and repeats the edge on PyTorch")


@_rule
def _transposed(call: Call, argument: Argument) -> None:
    """Keras's output is the input times the stride (``same``), and at least that (``valid``)."""
    sizes = [_numbers(call, name) for name in ("kernel_size", "strides", "dilation_rate")]
    known = sizes if all(sizes) else ()
    more = [(window - 1) * dilation + 1 - step for window, step, dilation in zip(*known, strict=True)]
    if not more or (argument.text == "same" and any(extent > 0 and extent % 2 for extent in more)):
        call.doubt(
            "Keras takes one row and column more off behind than in front, which `conv_transpose` cannot say",
            whole=False,
        )
        return
    if argument.text == "same" and max(more) > 0:
        call.written["padding"] = "x".join(str(max(extent, 0) // 2) for extent in more)
    if min(more) < 0:
        call.written["output_padding"] = "x".join(str(max(-extent, 0)) for extent in more)


# Shapes


@_rule
def _view(call: Call, argument: Argument) -> None:
    """``x.view(x.size(0), -1)``, and other shapes behind the batch."""
    batch, *extents = argument.value if isinstance(argument.value, list | tuple) else [0]
    if batch not in (-1, UNKNOWN) or not extents or not all(isinstance(extent, int) for extent in extents):
        call.doubt(
            "`reshape 16x5x5` gives a sample another shape, `flatten` makes a vector of it: the batch is not named"
        )
    elif len(extents) == 1:
        call.word, call.infos = "flatten", {}
    else:
        call.take("shape", Argument("shape", "x".join(map(str, extents))))


@_rule
def _channels_last(call: Call, argument: Argument) -> None:
    """Keras's shapes end with the channels."""
    extents = argument.value if isinstance(argument.value, list | tuple) else [argument.value]
    call.take("shape", Argument("shape", "x".join(map(str, extents))))
    if len(extents) > 1:
        call.following.append(f"permute ({', '.join(map(str, (len(extents) - 1, *range(len(extents) - 1))))})")
        call.doubt("Keras has the channels last: the line is what it does behind a vector, and not behind an image")


# Switches


@_rule
def _scale(call: Call, argument: Argument) -> None:
    """Factor and summand are one switch here."""
    both = {call.argument("center").value, argument.value}
    affine = next(name for name in call.infos if name.endswith("affine"))
    if both == {False}:
        call.written[affine] = "false"
    elif both != {True}:
        call.doubt(f"`{affine}` learns a factor and a summand, or neither")


@_rule
def _at_most_six(call: Call, argument: Argument) -> None:
    call.word = "relu6" if argument.value == 6 else call.word
    if argument.value not in (None, 6):
        call.doubt("nothing here is like `max_value`: `relu6` stops at 6", whole=False)


@_rule
def _keepdims(call: Call, argument: Argument) -> None:
    if argument.value is True:
        call.following.remove("flatten")


@_rule
def _betas(call: Call, argument: Argument) -> None:
    both = f"({call.argument('beta_1').text}, {call.argument('beta_2').text})"
    if both != "(0.9, 0.999)":
        call.written["betas"] = both


# Activations, which are layers of their own here


def _followed_by(call: Call, argument: Argument, activations: dict[str, str]) -> None:
    name = argument.text.rpartition(".")[2]
    layer = "" if argument.value is None else activations.get(name)
    if layer is None and name in OPERATORS:
        call.doubt(f"`{name}` is not the same everywhere: write the layer, behind this one", whole=False)
    elif layer is None:
        call.doubt(f"no layer is called `{argument.text}`: an activation is a layer of its own", whole=False)
    elif layer and call.word == "identity":
        call.word = layer
    elif layer:
        call.following.insert(0, layer)


@_rule
def _activation(call: Call, argument: Argument) -> None:
    _followed_by(call, argument, KERAS_ACTIVATIONS)


@_rule
def _darknet_activation(call: Call, argument: Argument) -> None:
    _followed_by(call, argument, DARKNET_ACTIVATIONS)


@_rule
def _any_activation(call: Call, argument: Argument) -> None:
    """An activation at a layer of ours: all but the leaky one are the same in Keras and Darknet."""
    every = {**DARKNET_ACTIVATIONS, **KERAS_ACTIVATIONS}
    _followed_by(call, argument, {name: layer for name, layer in every.items() if name != "leaky_relu"})


@_rule
def _near(call: Call, argument: Argument) -> None:
    if argument is not NOT_GIVEN:
        call.doubt(NEAR_ATTRIBUTES[argument.name][1])


# Darknet


@_rule
def _half_the_window(call: Call, argument: Argument) -> None:
    """``pad=1`` is a switch."""
    window = _numbers(call, "size")
    if argument.value != 0 and (argument.value != 1 or not window):
        call.doubt("`pad=1` of Darknet is a switch: half the window on each side")
    elif argument.value and window[0] > 1:
        call.own["padding"] = Argument("padding", str(window[0] // 2), window[0] // 2)


@_rule
def _whole_padding(call: Call, argument: Argument) -> None:
    """A pooling pads by its window less one, on both sides together, the smaller half in front."""
    window = _numbers(call, "size")
    whole = window[0] - 1 if argument.value is None and window else argument.value
    if not isinstance(whole, int):
        call.doubt("a pooling of Darknet pads by its window less one, on both sides together")
    elif whole:
        before, after = whole // 2, whole - whole // 2
        sides = f"(top={before}, bottom={after}, left={before}, right={after})"
        call.written["padding"] = str(before) if before == after else sides


@_rule
def _batch_normalize(call: Call, argument: Argument) -> None:
    if argument.value == 0:
        return
    call.written["bias"] = "false"
    call.following.insert(0, "bn momentum=0.01")
    call.doubt("Darknet divides by one less than the numbers of a batch in the variance, which `bn` does not")
