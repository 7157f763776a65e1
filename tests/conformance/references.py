"""What each operator means, written with ``torch.nn.functional`` by hand: nothing here comes from ``torch_calls``."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from cnndsl.backends.random_bits import dropout_mask
from cnndsl.ops import Operator
from cnndsl.ops.activation import Elu, LeakyRelu, LogSoftmax, Relu, Sigmoid, Softmax, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.merge import Identity, ShortcutPad
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool
from tests.conformance.further_references import FURTHER_REFERENCES, PATH, SEED, STEP, Reference, Tensors

__all__ = ["REFERENCES"]


def pad(x: Tensor, operator: Any, value: float = 0.0) -> Tensor:
    (top, bottom), (left, right) = operator.padding
    return F.pad(x, (left, right, top, bottom), value=value)


def only_begun_inside(y: Tensor, x: Tensor, operator: Any) -> Tensor:
    """Drop the windows that begin behind the input and its leading padding."""
    for axis in (0, 1):
        limit = x.shape[2 + axis] + operator.padding[axis][0]
        count = sum(start * operator.stride[axis] < limit for start in range(y.shape[2 + axis]))
        y = y.narrow(2 + axis, 0, count)
    return y


def is_even(operator: Any) -> bool:
    return all(before == after for before, after in operator.padding)


def conv(operator: Conv, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    bias = tensors["bias"] if operator.bias else None
    padded = pad(x, operator)
    return F.conv2d(padded, tensors["weight"], bias, operator.stride, 0, operator.dilation, operator.groups)


def max_pool(operator: MaxPool, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    kernel, stride, dilation, ceil_mode = operator.kernel_size, operator.stride, operator.dilation, operator.ceil_mode
    if is_even(operator):
        even = tuple(before for before, _ in operator.padding)
        return F.max_pool2d(x, kernel, stride, even, dilation, ceil_mode)
    padded = pad(x, operator, float("-inf"))
    return only_begun_inside(F.max_pool2d(padded, kernel, stride, 0, dilation, ceil_mode), x, operator)


def avg_pool(operator: AvgPool, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    kernel, stride, ceil_mode = operator.kernel_size, operator.stride, operator.ceil_mode
    if is_even(operator):
        even = tuple(before for before, _ in operator.padding)
        return F.avg_pool2d(x, kernel, stride, even, ceil_mode, operator.count_include_pad)
    counted = pad(torch.ones_like(x), operator, float(operator.count_include_pad))
    total = F.avg_pool2d(pad(x, operator), kernel, stride, 0, ceil_mode, divisor_override=1)
    count = F.avg_pool2d(counted, kernel, stride, 0, ceil_mode, divisor_override=1)
    return only_begun_inside(total / count, x, operator)


def batch_norm(operator: BatchNorm, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    means, variances = tensors["running_mean"].clone(), tensors["running_var"].clone()
    weight, bias = tensors.get("weight"), tensors.get("bias")
    return F.batch_norm(x, means, variances, weight, bias, training, operator.momentum, operator.eps)


def shortcut_pad(operator: ShortcutPad, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    kept = x[:, :, :: operator.stride[0], :: operator.stride[1]]
    return torch.cat((kept, kept.new_zeros(len(x), operator.out_channels - x.shape[1], *kept.shape[2:])), 1)


def dropout(operator: Dropout, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    if not training:
        return x
    kept = dropout_mask(tuple(x.shape), operator.p, SEED, PATH, STEP)
    return x * torch.from_numpy(kept) / (1 - operator.p)


REFERENCES: dict[type[Operator], Reference] = {
    **FURTHER_REFERENCES,
    Conv: conv,
    MaxPool: max_pool,
    AvgPool: avg_pool,
    GlobalAvgPool: lambda operator, x, tensors, training: x.mean(dim=list(range(2, x.ndim)), keepdim=True),
    GlobalMaxPool: lambda operator, x, tensors, training: x.amax(dim=list(range(2, x.ndim)), keepdim=True),
    Dense: lambda operator, x, tensors, training: F.linear(x, tensors["weight"], tensors.get("bias")),
    Flatten: lambda operator, x, tensors, training: torch.flatten(x, 1),
    BatchNorm: batch_norm,
    Relu: lambda operator, x, tensors, training: F.relu(x),
    LeakyRelu: lambda operator, x, tensors, training: F.leaky_relu(x, operator.negative_slope),
    Elu: lambda operator, x, tensors, training: F.elu(x, operator.alpha),
    Sigmoid: lambda operator, x, tensors, training: torch.sigmoid(x),
    Tanh: lambda operator, x, tensors, training: torch.tanh(x),
    Softmax: lambda operator, x, tensors, training: F.softmax(x, operator.axis + 1),
    LogSoftmax: lambda operator, x, tensors, training: F.log_softmax(x, operator.axis + 1),
    Dropout: dropout,
    Identity: lambda operator, x, tensors, training: x,
    ShortcutPad: shortcut_pad,
}
