"""Values that mean something else in another tool, and what cannot be said here: tables for the rules of ``layers``.

A conversion is ``text, holds, sentence``: ``text`` makes of an argument what our attribute is given, or nothing; it is exact if
``holds`` does, and else the sentence says what differs and how to write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .names import NEAR_ATTRIBUTES
from .records import UNKNOWN, Argument

__all__ = ["CONVERSIONS", "INSTEAD"]

Conversion = tuple[Callable[[Argument], str], Callable[[Any], bool], str]


def _nothing(argument: Argument) -> str:
    return ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _joined(value: Any) -> str:
    """Whole numbers as the size that they are: ``3``, ``3x5``."""
    items = [int(item) if isinstance(item, float) and item.is_integer() else item for item in _items(value)]
    return "x".join(map(str, items)) if all(map(_is_whole, items)) else ""


def _sides(top: Any, bottom: Any, left: Any, right: Any) -> str:
    if top == bottom == left == right:
        return str(top)
    return (
        f"({top}, {left})"
        if (top, left) == (bottom, right)
        else f"(top={top}, bottom={bottom}, left={left}, right={right})"
    )


def _four_sides(argument: Argument) -> str:
    """PyTorch's ``(left, right, top, bottom)``."""
    items = _items(argument.value)
    return _sides(items[2], items[3], items[0], items[1]) if len(items) == 4 else argument.text


def _two_pairs(argument: Argument) -> str:
    """Keras's ``((top, bottom), (left, right))``."""
    height, width = map(_items, (_items(argument.value) * 2)[:2])
    return _sides(height[0], height[-1], width[0], width[-1])


_CHANNELS = "those are the channels only if Keras has them there: here they come first, axis 0"

CONVERSIONS: dict[str, Conversion] = {
    "mean_padding": (
        _nothing,
        lambda value: value == "valid",
        "where the padding is uneven, Keras leaves it out on TensorFlow, and repeats the edge on PyTorch",
    ),
    # Axes: from 0 here, without the batch, channels first
    "axis_with_batch": (
        lambda it: str(it.value - 1) if _is_whole(it.value) and it.value > 1 else "",
        lambda value: _is_whole(value) and value > 0,
        "axes are counted from 0 here, without the batch, and never guessed: 0 are the channels, the last of an image is 2",
    ),
    "channels": (_nothing, lambda value: _items(value) == [-1], _CHANNELS),
    "channels_or_last": (_nothing, lambda value: value in (-1, 3), _CHANNELS),
    "axis_one": (_nothing, lambda value: value == 1, "the batch stays: that is PyTorch's axis 1 and what follows it"),
    "last_axis": (
        _nothing,
        lambda value: False,
        "`layer_norm` goes along one axis, the last as in PyTorch, or over the channels of an image with `axis=0`",
    ),
    # Shapes
    "shape": (lambda it: _joined(it.value), lambda value: bool(_joined(value)), "the sizes must be numbers"),
    "dims": (
        lambda it: f"({', '.join(str(axis - 1) for axis in it.value[1:])})",
        lambda value: value[0] == 0 and sorted(value) == list(range(len(value))),
        "`permute (1, 2, 0)` names every axis once, from 0 and without the batch",
    ),
    "image": (
        _nothing,
        lambda value: list(value) == [2, 3],
        "`global_avgpool` takes the mean over both axes of an image",
    ),
    "sides": (_four_sides, lambda value: len(_items(value)) in (1, 4), "`pad` takes the four sides of an image"),
    "rows": (_two_pairs, lambda value: UNKNOWN not in _items(value), "`pad` takes the rows of each side in numbers"),
    "channels_last": (
        lambda it: _joined(it.value) if len(_items(it.value)) == 1 else "",
        lambda value: len(_items(value)) == 1,
        "Keras has the channels last: after a vector `reshape 7x7x64 | permute (2, 0, 1)` is its `Reshape((7, 7, 64))`",
    ),
    "whole_padding": (
        _nothing,
        lambda value: value == 0,
        "a pooling of Darknet pads by its window less one, on both sides together: without it `padding=0`",
    ),
    # Numbers
    "whole": (
        lambda it: _joined(it.value),
        lambda value: value is None or bool(_joined(value)),
        "`upsample` takes whole factors",
    ),
    "even": (
        lambda it: it.text,
        lambda value: _is_number(value) and not value % 2,
        "PyTorch's sum has the signs of an odd power, `lppool` takes the amounts",
    ),
    "complement": (
        lambda it: f"{1 - it.value:.6g}",
        _is_number,
        "`momentum` weighs the new batch here: 1 minus that of Keras",
    ),
    "training": (
        _nothing,
        lambda value: value is UNKNOWN,
        "without `training=self.training` PyTorch drops in evaluation too; `dropout` drops in training alone",
    ),
}

INSTEAD = {
    **dict.fromkeys(
        (
            *("kernel_initializer", "bias_initializer", "depthwise_initializer", "embeddings_initializer"),
            *("weight_filler", "bias_filler", "filler"),
        ),
        "initial weights follow from the layers and from `seed`",
    ),
    **dict.fromkeys(
        ("kernel_regularizer", "bias_regularizer", "activity_regularizer"),
        "a penalty on the weights is the `weight_decay` of the optimizer",
    ),
    "padding_mode": "`pad 1 mode=reflect` before the layer pads otherwise than with zeros",
    "size": "`upsample` takes a factor, not a size",
    "return_indices": "a pooling gives its values alone",
    "noise_shape": "`dropout` drops each number by itself, `dropout2d` whole channels",
    "output_padding": "the size of the output follows from `padding`",
    "start_dim": "`flatten` keeps the batch and nothing else",
    **dict.fromkeys(("track_running_stats", "renorm"), "running statistics are kept by `bn`, and by nothing else"),
    "trainable": "every parameter is trained",
    **dict.fromkeys(("center", "scale"), "`affine` learns a factor and a summand, or neither"),
    **{name: difference for name, (_, difference) in NEAR_ATTRIBUTES.items()},
}
"""What to do where a parameter has no counterpart."""
