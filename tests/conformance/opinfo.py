"""From torch's own sample inputs to our operators: for each function of torch a translation of its arguments.

A translation gets the arguments of the function and gives a :class:`Use`, or None where the language has no such use
(other ranks, negative padding, a divisor of one's own, ...).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from cnndsl.ops import Operator
from cnndsl.ops.activation import Elu, LeakyRelu, LogSoftmax, Relu, Sigmoid, Softmax, Tanh
from cnndsl.ops.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from cnndsl.ops.convolution import Conv
from cnndsl.ops.convolution_kinds import ConvTranspose
from cnndsl.ops.learned import Embedding
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.lines import AvgPool1d, Conv1d, MaxPool1d
from cnndsl.ops.merge import Add, Concat, Mul, Split
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, MaxPool
from cnndsl.ops.rearrange import ChannelShuffle, Permute, PixelShuffle, Reshape
from cnndsl.ops.rectifiers import HardSigmoid, HardSwish, Prelu, Relu6
from cnndsl.ops.resize import Pad
from cnndsl.ops.sample_norms import GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm
from cnndsl.ops.smooth import Gelu, Selu, Silu, Softplus

__all__ = ["TRANSLATIONS", "Translation", "Use"]


class Use:
    """A use of an operator: its inputs with their batch axis, its tensors by name, and how to get its output from torch's."""

    def __init__(
        self,
        operator: Operator,
        *inputs: Tensor,
        training: bool = False,
        batched: bool = True,
        **tensors: Tensor | None,
    ) -> None:
        self.operator = operator
        self.inputs = inputs
        self.tensors = {name: tensor for name, tensor in tensors.items() if tensor is not None}
        self.training = training
        self.batched = batched


Translation = Callable[..., Use | None]


def pair(value: Any) -> tuple[int, int]:
    return tuple(value) * (3 - len(value)) if isinstance(value, tuple | list | torch.Size) else (value, value)


def single(value: Any) -> tuple[int]:
    return tuple(value) if isinstance(value, tuple | list | torch.Size) else (value,)


def sides(value: Any) -> Any:
    if isinstance(value, str):
        return "same" if value == "same" else ((0, 0), (0, 0))
    return tuple((each, each) for each in pair(value))


def line(value: Any) -> Any:
    if isinstance(value, str):
        return "same" if value == "same" else ((0, 0),)
    return (single(value) * 2,)


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    operator = Conv(
        len(weight), tuple(weight.shape[2:]), pair(stride), sides(padding), pair(dilation), groups, bias is not None
    )
    return Use(operator, x, weight=weight, bias=bias, batched=x.ndim == 4)


def conv1d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    operator = Conv1d(
        len(weight), tuple(weight.shape[2:]), single(stride), line(padding), single(dilation), groups, bias is not None
    )
    return Use(operator, x, weight=weight, bias=bias, batched=x.ndim == 3)


def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    sizes = tuple(map(pair, (stride, padding, output_padding, dilation)))
    operator = ConvTranspose(weight.shape[1] * groups, tuple(weight.shape[2:]), *sizes, groups, bias is not None)
    return Use(operator, x, weight=weight, bias=bias, batched=x.ndim == 4)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    stride = pair(stride) if stride else None
    operator = MaxPool(pair(kernel_size), stride, sides(padding), pair(dilation), ceil_mode)
    return None if return_indices else Use(operator, x, batched=x.ndim == 4)


def max_pool1d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    stride = single(stride) if stride else None
    operator = MaxPool1d(single(kernel_size), stride, line(padding), ceil_mode)
    return None if return_indices or single(dilation) != (1,) else Use(operator, x, batched=x.ndim == 3)


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    stride = pair(stride) if stride else None
    operator = AvgPool(pair(kernel), stride, sides(padding), ceil_mode, count_include_pad)
    return None if divisor_override else Use(operator, x, batched=x.ndim == 4)


def avg_pool1d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    stride = single(stride) if stride else None
    operator = AvgPool1d(single(kernel_size), stride, line(padding), ceil_mode, count_include_pad)
    return Use(operator, x, batched=x.ndim == 3)


def adaptive(operator: type[Any]) -> Translation:
    def translate(x, output_size, return_indices=False):
        sizes = zip(pair(output_size), x.shape[-2:], strict=True)
        size = tuple(extent if wanted is None else wanted for wanted, extent in sizes)
        return Use(operator(size), x, batched=x.ndim == 4)

    return translate


def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    return Use(LocalResponseNorm(size, alpha, beta, float(k), average=True), x)


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    if len(normalized_shape) != 1 or eps <= 0 or x.ndim < 2 or (weight is None) != (bias is None):
        return None
    return Use(LayerNorm(-1, eps, weight is not None), x, weight=weight, bias=bias)


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    if (weight is None) != (bias is None):
        return None
    return Use(GroupNorm(num_groups, eps, weight is not None), x, weight=weight, bias=bias)


def instance_norm(
    x, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5
):
    if not use_input_stats or (weight is None) != (bias is None) or x.ndim > 4:
        return None
    return Use(InstanceNorm(eps, weight is not None), x, weight=weight, bias=bias)


def batch_norm(x, mean, var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if (weight is None) != (bias is None) or not 0 <= momentum <= 1 or x.ndim > 4:
        return None
    mean, var = torch.zeros(x.shape[1]) if mean is None else mean, torch.ones(x.shape[1]) if var is None else var
    buffers = {"running_mean": mean, "running_var": var, "num_batches_tracked": torch.tensor(0)}
    operator = BatchNorm(eps, momentum, weight is not None)
    return Use(operator, x, training=training, weight=weight, bias=bias, **buffers)


def linear(x, weight, bias=None):
    if weight.ndim != 2:
        return None
    axis = None if x.ndim <= 2 else -1
    return Use(Dense(len(weight), bias is not None, axis), x, weight=weight, bias=bias, batched=x.ndim > 1)


def embedding(weight, tokens, padding_idx=None, max_norm=None, scale_grad_by_freq=False):
    return Use(Embedding(*weight.shape), tokens, weight=weight, batched=False) if tokens.ndim == 1 else None


def pad(x, pad, mode="constant", value=None):
    if len(pad) != 4 or min(pad) < 0 or x.ndim not in (3, 4) or mode == "circular":
        return None
    left, right, top, bottom = pad
    return Use(Pad(((top, bottom), (left, right)), mode, value or 0.0), x, batched=x.ndim == 4)


def prelu(x, weight):
    return Use(Prelu(weight.numel()), x, weight=weight) if x.ndim > 1 else None


def pointwise(operator: type[Any], **defaults: Any) -> Translation:
    """A function of one number: the arguments besides are attributes, and the place in the batch does not matter."""

    def translate(x, **attributes):
        if attributes.pop("inplace", False) or x.ndim == 0:
            return None
        return Use(operator(**{**defaults, **attributes}), x, batched=False)

    return translate


def scores(operator: type[Any]) -> Translation:
    def translate(x, dim, dtype=None):
        return Use(operator(dim % x.ndim), x, batched=False) if x.ndim else None

    return translate


def shuffle(operator: type[Any], name: str) -> Translation:
    def translate(x, *arguments, **named):
        return Use(operator(*arguments, *(named[key] for key in named if key == name)), x) if x.ndim == 4 else None

    return translate


def permute(x, dims):
    return Use(Permute(tuple(axis % x.ndim for axis in dims)), x, batched=False) if x.ndim else None


def reshape(x, shape):
    shape = tuple(x.reshape(shape).shape)
    return Use(Reshape(shape), x, batched=False) if shape and x.ndim else None


def flatten(x, start_dim=0, end_dim=-1):
    return Use(Flatten(), x, batched=False) if (start_dim, end_dim) == (0, -1) and x.ndim else None


def add(x, other, alpha=1):
    same = isinstance(other, Tensor) and x.shape == other.shape and x.ndim and alpha == 1
    return Use(Add(), x, other, batched=False) if same else None


def mul(x, other):
    return Use(Mul(), x, other, batched=False) if isinstance(other, Tensor) and 0 < x.ndim == other.ndim else None


def cat(inputs, dim=0):
    if len({x.ndim for x in inputs}) > 1 or not inputs[0].ndim:
        return None
    return Use(Concat(dim % inputs[0].ndim), *inputs, batched=False)


def chunk(x, chunks, dim=0):
    if dim not in (0, 1) or x.ndim < 2 or x.shape[dim] % chunks:
        return None
    return Use(Split(chunks), x, batched=dim == 1)


TRANSLATIONS: dict[str, tuple[Translation, int]] = {
    "nn.functional.conv2d": (conv2d, 25),
    "nn.functional.conv1d": (conv1d, 9),
    "nn.functional.conv_transpose2d": (conv_transpose2d, 10),
    "nn.functional.max_pool2d": (max_pool2d, 100),
    "nn.functional.max_pool1d": (max_pool1d, 50),
    "nn.functional.avg_pool2d": (avg_pool2d, 2),
    "nn.functional.avg_pool1d": (avg_pool1d, 8),
    "nn.functional.adaptive_avg_pool2d": (adaptive(AdaptiveAvgPool), 10),
    "nn.functional.adaptive_max_pool2d": (adaptive(AdaptiveMaxPool), 20),
    "nn.functional.local_response_norm": (local_response_norm, 10),
    "nn.functional.layer_norm": (layer_norm, 1),
    "nn.functional.group_norm": (group_norm, 10),
    "nn.functional.instance_norm": (instance_norm, 2),
    "nn.functional.batch_norm": (batch_norm, 4),
    "nn.functional.linear": (linear, 10),
    "nn.functional.embedding": (embedding, 1),
    "nn.functional.pixel_shuffle": (shuffle(PixelShuffle, "upscale_factor"), 2),
    "nn.functional.channel_shuffle": (shuffle(ChannelShuffle, "groups"), 2),
    "nn.functional.pad": (pad, 8),
    "nn.functional.prelu": (prelu, 10),
    "nn.functional.relu": (pointwise(Relu), 2),
    "nn.functional.relu6": (pointwise(Relu6), 1),
    "nn.functional.leaky_relu": (pointwise(LeakyRelu), 5),
    "nn.functional.elu": (pointwise(Elu), 1),
    "nn.functional.selu": (pointwise(Selu), 1),
    "nn.functional.gelu": (pointwise(Gelu), 4),
    "nn.functional.silu": (pointwise(Silu), 1),
    "nn.functional.hardswish": (pointwise(HardSwish), 2),
    "nn.functional.hardsigmoid": (pointwise(HardSigmoid), 1),
    "nn.functional.softplus": (pointwise(Softplus), 1),
    "sigmoid": (pointwise(Sigmoid), 1),
    "tanh": (pointwise(Tanh), 1),
    "softmax": (scores(Softmax), 4),
    "log_softmax": (scores(LogSoftmax), 4),
    "permute": (permute, 2),
    "reshape": (reshape, 3),
    "flatten": (flatten, 1),
    "add": (add, 1),
    "mul": (mul, 2),
    "cat": (cat, 3),
    "chunk": (chunk, 1),
}
"""For each function of torch its translation, and how many samples at least must be compared."""
