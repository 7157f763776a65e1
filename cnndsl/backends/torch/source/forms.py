"""How the modules and functions of torch are written: one row for each that needs more than its name and its arguments.

Operators say in ``torch_calls`` what torch has for them; a new operator needs a row here only if its module has no tensors
and should be a function in a ``forward`` of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from torch import nn

from ....ops import Call
from .. import layers
from .layout import Call as Written
from .layout import Named, Piece, flat

__all__ = ["FUNCTIONS", "INPLACE", "KEEPS_NO_OUTPUT", "RESERVED", "applied", "built", "is_default", "joined"]

FUNCTIONS = {
    "nn.AdaptiveAvgPool1d": "F.adaptive_avg_pool1d",
    "nn.AdaptiveAvgPool2d": "F.adaptive_avg_pool2d",
    "nn.AdaptiveMaxPool1d": "F.adaptive_max_pool1d",
    "nn.AdaptiveMaxPool2d": "F.adaptive_max_pool2d",
    "nn.AvgPool1d": "F.avg_pool1d",
    "nn.AvgPool2d": "F.avg_pool2d",
    "nn.ConstantPad1d": "F.pad",
    "nn.ConstantPad2d": "F.pad",
    "nn.ConstantPad3d": "F.pad",
    "nn.ELU": "F.elu",
    "nn.Flatten": ".flatten",
    "nn.GELU": "F.gelu",
    "nn.Hardsigmoid": "F.hardsigmoid",
    "nn.Hardswish": "F.hardswish",
    "nn.Identity": "",
    "nn.LeakyReLU": "F.leaky_relu",
    "nn.LocalResponseNorm": "F.local_response_norm",
    "nn.LogSoftmax": "F.log_softmax",
    "nn.MaxPool1d": "F.max_pool1d",
    "nn.MaxPool2d": "F.max_pool2d",
    "nn.PixelShuffle": "F.pixel_shuffle",
    "nn.ReLU": "F.relu",
    "nn.ReLU6": "F.relu6",
    "nn.ReflectionPad2d": "F.pad",
    "nn.ReplicationPad2d": "F.pad",
    "nn.SELU": "F.selu",
    "nn.SiLU": "F.silu",
    "nn.Sigmoid": "torch.sigmoid",
    "nn.Softmax": "F.softmax",
    "nn.Softplus": "F.softplus",
    "nn.Tanh": "torch.tanh",
    "nn.Unflatten": ".unflatten",
    "nn.Upsample": "F.interpolate",
    "nn.ZeroPad2d": "F.pad",
    "permute": ".permute",
    "transpose": ".transpose",
    "amax": ".amax",
    "chunk": ".chunk",
}
"""What does the same as a module without tensors, or as a function of torch; methods begin with a dot."""

_EXTRA = {"nn.ReflectionPad2d": {"mode": "reflect"}, "nn.ReplicationPad2d": {"mode": "replicate"}}

_SIGNS = {"add": " + ", "mul": " * "}

_BY_PLACE = frozenset((
    "in_channels", "out_channels", "kernel_size", "in_features", "out_features", "num_features", "num_groups",
    "num_channels", "normalized_shape", "num_embeddings", "embedding_dim", "p", "output_size", "k", "norm_type", "size",
    "upscale_factor", "num_parameters", "negative_slope", "start_dim", "end_dim", "unflattened_size", "dims", "dim0", "dim1",
    "chunks",
))  # fmt: skip

INPLACE = frozenset(("nn.ReLU", "nn.ReLU6"))
"""Activations that can take the place of their input."""

KEEPS_NO_OUTPUT = frozenset((
    "add", "cat", "nn.BatchNorm1d", "nn.BatchNorm2d", "nn.Conv1d", "nn.Conv2d", "nn.ConvTranspose2d", "nn.Linear",
    "layers.WholeConv2d",
))  # fmt: skip
"""What does not need its own output for its gradient, so that an activation may take its place."""

RESERVED = frozenset(dir(nn.Sequential()))
"""Names that a layer cannot have as an attribute."""


@cache
def _parameters(target: str) -> Mapping[str, inspect.Parameter]:
    where, _, name = target.rpartition(".")
    owner = {"nn": nn, "layers": layers}.get(where)
    return {} if owner is None else inspect.signature(getattr(owner, name)).parameters


def is_default(call: Call, name: str) -> bool:
    """Whether an argument of a call is what it would be anyway."""
    if call.target == "nn.Flatten":
        return False  # its first axis is another one than that of the method
    parameter = _parameters(call.target).get(name)
    value = call.arguments[name]
    if name == "stride" and call.target.startswith("nn.") and "Pool" in call.target:
        return bool(value == call.arguments["kernel_size"])
    if call.target == "nn.ConstantPad2d" and name == "value":
        return bool(value == 0)
    if isinstance(value, tuple) and name not in ("unflattened_size", "dims") and len(set(value)) == 1:
        value = value[0]
    return parameter is not None and type(parameter.default) is type(value) and bool(parameter.default == value)


def _arguments(call: Call, written: Mapping[str, str]) -> list[Piece]:
    """Arguments by place as far as that is clear, then by name."""
    pieces: list[Piece] = []
    for (name, code), expected in zip(written.items(), (*call.arguments, *written), strict=False):
        by_place = len(pieces) == sum(isinstance(piece, str) for piece in pieces)
        is_clear = name in _BY_PLACE or (not pieces and name in ("padding", "dim"))
        pieces.append(code if by_place and is_clear and name == expected else Named(name, code))
    return pieces


def built(call: Call, written: Mapping[str, str], *, inplace: bool = False) -> Piece:
    """A module as it is made in a constructor, with its arguments as they are written."""
    more = [Named("inplace", "True")] if inplace else []
    return Written(call.target.removeprefix("layers."), (*_arguments(call, written), *more))


def applied(call: Call, written: Mapping[str, str], values: Sequence[Piece], *, inplace: bool = False) -> Piece:
    """A function applied to values."""
    name = FUNCTIONS[call.target]
    if not name:
        return values[0]
    if call.target == "nn.Flatten" and not written:
        return Written(f"{flat(values[0])}{name}", ("1",))
    written = {**written, **{key: f'"{value}"' for key, value in _EXTRA.get(call.target, {}).items()}}
    more = [Named("inplace", "True")] if inplace else []
    arguments = (*_arguments(call, written), *more)
    if name.startswith("."):
        return Written(f"{flat(values[0])}{name}", arguments)
    return Written(name, (*values, *arguments))


def joined(call: Any, written: Mapping[str, str], values: Sequence[Piece], tensors: Sequence[str]) -> Piece:
    """Values put together by a function: their sum or product, or one after the other."""
    if call.target in _SIGNS:
        return _SIGNS[call.target].join((*map(flat, values), *tensors))
    return Written("torch.cat", (Written("", tuple(values)), *written.values()))
