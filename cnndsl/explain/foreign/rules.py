"""Values that mean something else in another tool, put into ours: how each rule of the rows in ``layers`` converts one.

A rule is called with the call that is being written, the parameter, and what it is given or else its default.
"""

from __future__ import annotations

from .calls import NOT_GIVEN, UNKNOWN, Argument, Call, Parameter, Rule
from .layers import DARKNET_ACTIVATIONS, KERAS_ACTIVATIONS
from .names import NEAR_ATTRIBUTES

__all__ = ["RULES"]

RULES: dict[str, Rule] = {}


def _rule(function: Rule) -> Rule:
    RULES[function.__name__.strip("_")] = function
    return function


# Axes: here they are counted from 0, without the batch, and the channels come first


@_rule
def _axis_with_batch(call: Call, parameter: Parameter, argument: Argument) -> None:
    """PyTorch counts the batch as axis 0."""
    axis = argument.value
    if isinstance(axis, int) and axis > 0:
        if axis > 1:
            call.set(parameter.ours, str(axis - 1))
    elif axis is None:
        call.doubt("without `dim` PyTorch guesses the axis: the channels of a vector or an image, the batch of a line")
    elif axis == -1:
        call.doubt("the last axis is that of the classes in a vector; in an image it is `axis=2`, counted from 0")
    else:
        call.doubt("axes are counted from 0 here, without the batch")


@_rule
def _channels(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras has the channels last."""
    if argument.value not in (-1, [-1], (-1,)):
        call.doubt(
            f"`axis={argument.text}` are the channels only if Keras has them there: here they come first, axis 0"
        )


@_rule
def _first_axis(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value != 1:
        call.doubt("`reshape` gives the whole sample another shape: PyTorch's axis 1 alone")


@_rule
def _from_first_axis(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value != 1:
        call.doubt("`flatten` keeps the batch: that is `start_dim=1`")


@_rule
def _last_axis(call: Call, parameter: Parameter, argument: Argument) -> None:
    """The normalised shape: ours is one axis."""
    items = argument.value if isinstance(argument.value, list | tuple) else [argument.value]
    if len(items) > 1:
        call.doubt(
            "`layer_norm` has no `normalized_shape` and goes along one axis: `group_norm 1` normalises over all of them"
        )
    else:
        call.doubt("PyTorch normalises along the last axis, as `layer_norm`; over channels it is `layer_norm axis=0`")


# Windows


@_rule
def _padding(call: Call, parameter: Parameter, argument: Argument) -> None:
    """``valid``, ``same``, and ``causal`` of a line."""
    word = argument.value.lower() if isinstance(argument.value, str) else None
    if word == "causal":
        _causal(call)
    elif word != "valid":
        call.take(parameter.names[0], parameter.ours, argument.replace(text=word or argument.text))


def _causal(call: Call) -> None:
    kernel, step = _whole_numbers(call, "kernel_size"), _whole_numbers(call, "dilation_rate")
    if len(kernel) != 1 or len(step) != 1:
        call.doubt("causal padding is `pad=(left=2, right=0)` for a window of 3")
    else:
        call.set("padding", f"(left={(kernel[0] - 1) * step[0]}, right=0)")


@_rule
def _mean_padding(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras does not count the padding in the mean; but on PyTorch, where it is uneven, it repeats the edge."""
    _padding(call, parameter, argument)
    if "padding" not in call.written:
        return
    call.set("count_include_pad", "false")
    window = _whole_numbers(call, "pool_size")
    steps = _whole_numbers(call, "strides") or window
    is_even = all(step == 1 and extent % 2 for extent, step in zip(_twice(window), _twice(steps), strict=True))
    if not window or not (is_even or max(window) <= 2):
        call.doubt("where the padding is uneven, Keras leaves it out on TensorFlow, and repeats the edge on PyTorch")


@_rule
def _transposed(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras's output is the input times the stride (``same``), and at least that (``valid``)."""
    sizes = [_whole_numbers(call, name) for name in ("kernel_size", "strides", "dilation_rate")]
    if not all(sizes) or argument.value not in ("same", "valid"):
        call.doubt("the padding of Keras depends on window and stride: say `pad=` in numbers")
        return
    more = [(each[0] - 1) * each[2] + 1 - each[1] for each in zip(*map(_twice, sizes), strict=True)]
    if argument.value == "same" and any(extent > 0 and extent % 2 for extent in more):
        call.doubt("Keras takes one row and column more off behind than in front, which `conv_transpose` cannot say")
    elif argument.value == "same" and max(more) > 0:
        call.set("padding", _both([max(extent, 0) // 2 for extent in more]))
    if min(more) < 0:
        call.set("output_padding", _both([max(-extent, 0) for extent in more]))


def _whole_numbers(call: Call, name: str) -> list[int]:
    """One or two numbers that a parameter is given; none if they are not known."""
    value = call.argument(name).value
    items = list(value) if isinstance(value, list | tuple) else [value]
    whole = [item for item in items if isinstance(item, int)]
    return whole if len(whole) == len(items) else []


def _twice(items: list[int]) -> list[int]:
    return items * 2 if len(items) == 1 else items


def _both(items: list[int]) -> str:
    return str(items[0]) if items[0] == items[1] else "x".join(map(str, items))


@_rule
def _sides(call: Call, parameter: Parameter, argument: Argument) -> None:
    """PyTorch's left, right, top, bottom."""
    value = argument.value
    if isinstance(value, list | tuple) and len(value) == 4:
        left, right, top, bottom = value
        call.set("padding", _keyed(top, bottom, left, right))
    elif isinstance(value, list | tuple):
        call.doubt("`pad` takes the sides of an image: `pad (top=1, bottom=1, left=1, right=1)`")
    else:
        call.take(parameter.names[0], "padding", argument)


@_rule
def _rows(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras's ``((top, bottom), (left, right))``."""
    value = argument.value
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(item, list | tuple) for item in value):
        (top, bottom), (left, right) = value
        call.set("padding", _keyed(top, bottom, left, right))
    else:
        call.take(parameter.names[0], "padding", argument)


def _keyed(top: object, bottom: object, left: object, right: object) -> str:
    if top == bottom == left == right:
        return str(top)
    return f"(top={top}, bottom={bottom}, left={left}, right={right})"


@_rule
def _whole(call: Call, parameter: Parameter, argument: Argument) -> None:
    """A factor that PyTorch takes as a number with a point."""
    value = argument.value
    items = list(value) if isinstance(value, list | tuple) else [value]
    if value is None:
        return
    whole = tuple(int(item) for item in items if isinstance(item, float) and item.is_integer())
    if len(whole) == len(items):
        argument = argument.replace(value=whole if len(whole) > 1 else whole[0], text=str(whole[0]))
    call.take(parameter.names[0], parameter.ours, argument)


@_rule
def _even(call: Call, parameter: Parameter, argument: Argument) -> None:
    """PyTorch takes the power of the number itself, and not of its amount: the same for even powers only."""
    if not isinstance(argument.value, int | float) or argument.value % 2:
        call.doubt("PyTorch's sum has the signs of an odd power, `lppool` takes the amounts")
    call.take(parameter.names[0], parameter.ours, argument)


# What a number means


@_rule
def _complement(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras weighs the old statistics, PyTorch and this language the new ones."""
    if not isinstance(argument.value, int | float):
        call.doubt("`momentum` weighs the new batch here: 1 minus that of Keras")
        return
    call.set(parameter.ours, f"{1 - argument.value:.6g}")
    call.note("`momentum` weighs the new batch here: 1 minus that of Keras")


@_rule
def _center(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Factor and summand are one switch here: see ``scale``."""


@_rule
def _scale(call: Call, parameter: Parameter, argument: Argument) -> None:
    both = {call.argument("center").value, argument.value}
    affine = next(name for name in call.declared.attributes() if name.endswith("affine"))
    if both == {False}:
        call.set(affine, "false")
    elif both != {True}:
        call.doubt(f"`{affine}` learns a factor and a summand, or neither")


@_rule
def _at_most_six(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value == 6:
        call.word = "relu6"
    elif argument.value is not None:
        call.doubt("nothing here is like `max_value`: `relu6` stops at 6")


@_rule
def _training(call: Call, parameter: Parameter, argument: Argument) -> None:
    """A function drops always, unless it is told when: ``training=self.training``."""
    if argument.value is not UNKNOWN:
        call.doubt(
            "without `training=self.training` PyTorch drops in evaluation too; `dropout` drops in training alone"
        )


@_rule
def _keepdims(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value is True:
        call.following.remove("flatten")
    elif argument.value is not False:
        call.doubt("`keepdims` decides whether a `flatten` follows")


# Shapes


@_rule
def _shape(call: Call, parameter: Parameter, argument: Argument) -> None:
    value = argument.value
    items = list(value) if isinstance(value, list | tuple) else []
    if not items or not all(isinstance(item, int) and item > 0 for item in items):
        call.doubt("`reshape` takes the extents in numbers: `reshape 16x5x5`")
        items = items or ["..."]
    call.set(parameter.ours, "x".join(map(str, items)))


@_rule
def _channels_last(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras's shape ends with the channels."""
    _shape(call, parameter, argument)
    rank = len(argument.value) if isinstance(argument.value, list | tuple) else 0
    if rank in (2, 3):
        order = "(2, 0, 1)" if rank == 3 else "(1, 0)"
        call.following.append(f"permute {order}")
        call.doubt("Keras has the channels last: the line is what it does behind a vector, and not behind an image")
    elif rank > 3:
        call.doubt("Keras has the channels last, here they come first")


# Activations


@_rule
def _activation(call: Call, parameter: Parameter, argument: Argument) -> None:
    """``activation="relu"`` and ``activation=keras.activations.relu``: a layer of its own behind this one."""
    _followed_by(call, argument, KERAS_ACTIVATIONS)


@_rule
def _any_activation(call: Call, parameter: Parameter, argument: Argument) -> None:
    """An activation at a layer of ours."""
    if argument.text == "leaky_relu":
        call.doubt("its slope is 0.2 in Keras, and 0.01 in PyTorch and here: write the layer, `leaky_relu 0.2`")
    _followed_by(call, argument, DARKNET_ACTIVATIONS | KERAS_ACTIVATIONS)


@_rule
def _near(call: Call, parameter: Parameter, argument: Argument) -> None:
    """A parameter that is near to one of ours."""
    if argument is not NOT_GIVEN:
        call.doubt(NEAR_ATTRIBUTES[parameter.ours][1])


@_rule
def _darknet_activation(call: Call, parameter: Parameter, argument: Argument) -> None:
    _followed_by(call, argument, DARKNET_ACTIVATIONS)


def _followed_by(call: Call, argument: Argument, activations: dict[str, str]) -> None:
    layer = "" if argument.value is None else activations.get(argument.text.rpartition(".")[2])
    if layer is None:
        call.doubt(f"no layer is called `{argument.text}`" if argument.sayable else _NOT_NAMED)
    elif layer and call.word == "identity":
        call.word = layer
    elif layer:
        call.following.insert(0, layer)


_NOT_NAMED = "an activation is a layer of its own, behind this one"


# Training


@_rule
def _constant_rate(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Keras keeps steps, PyTorch gradients: the same for one rate."""
    if argument.value != 0:
        call.take(parameter.names[0], parameter.ours, argument)
        call.doubt(
            "Keras keeps a share of the last step, PyTorch and this language of the gradients: the same for one rate"
        )


@_rule
def _betas(call: Call, parameter: Parameter, argument: Argument) -> None:
    call.set("betas", f"({call.argument('beta_1').text}, {call.argument('beta_2').text})")
    if call.written["betas"] == "(0.9, 0.999)":
        del call.written["betas"]


@_rule
def _all_epochs(call: Call, parameter: Parameter, argument: Argument) -> None:
    """Half a cosine goes over all epochs here."""
    if "epoch" not in argument.text.lower():
        call.doubt("`cosine` goes over all epochs: `T_max` has to be the number of them")


@_rule
def _share(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value != 0:
        call.doubt(NEAR_ATTRIBUTES["eta_min"][1])


@_rule
def _logits(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value is not True:
        call.doubt(
            "without `from_logits=True` it takes probabilities: a network with `cross_entropy` ends without softmax"
        )


# Darknet


@_rule
def _half_the_window(call: Call, parameter: Parameter, argument: Argument) -> None:
    """``pad=1`` is a switch: half the window on each side."""
    size = _whole_numbers(call, "size")
    if argument.value == 0:
        return
    if argument.value != 1 or not size:
        call.doubt("`pad=1` of Darknet is a switch: half the window on each side")
    elif size[0] // 2:
        call.own["padding"] = Argument("padding", str(size[0] // 2), size[0] // 2)
        call.note("`pad=1` of Darknet is a switch: half the window on each side")


@_rule
def _whole_padding(call: Call, parameter: Parameter, argument: Argument) -> None:
    """A pooling pads by all but one of its window, on both sides together, the smaller half in front."""
    size = _whole_numbers(call, "size")
    whole = size[0] - 1 if argument.value is None and size else argument.value
    if not isinstance(whole, int):
        call.doubt("a pooling of Darknet pads by its window less one, on both sides together")
    elif whole:
        before, behind = whole // 2, whole - whole // 2
        call.set("padding", _keyed(before, behind, before, behind))
        call.note("a pooling of Darknet pads by its window less one, on both sides together")


@_rule
def _batch_normalize(call: Call, parameter: Parameter, argument: Argument) -> None:
    if argument.value == 0:
        return
    call.set("bias", "false")
    call.following.insert(0, "bn momentum=0.01")
    call.doubt("Darknet divides by one less than the numbers of a batch in the variance, which `bn` does not")
