"""The rest of the references, where possible written another way than the operator's ``torch_calls``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from cnndsl.backends.random_bits import dropout_mask
from cnndsl.ops import Operator
from cnndsl.ops.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from cnndsl.ops.convolution_kinds import ConvTranspose, Depthwise
from cnndsl.ops.dropout import Dropout2d, StochasticDepth
from cnndsl.ops.learned import Embedding, Rbf, Scale
from cnndsl.ops.lines import AvgPool1d, Conv1d, MaxPool1d
from cnndsl.ops.pooling_kinds import KMaxPool, LpPool
from cnndsl.ops.rearrange import ChannelShuffle, Permute, PixelShuffle, Reshape
from cnndsl.ops.rectifiers import HardSigmoid, HardSwish, Maxout, Prelu, Relu6
from cnndsl.ops.resize import Crop, Pad, Upsample
from cnndsl.ops.sample_norms import GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm
from cnndsl.ops.smooth import Gelu, Selu, Silu, Softplus

__all__ = ["FURTHER_REFERENCES", "PATH", "SEED", "STEP", "Reference", "Tensors"]

SEED, STEP, PATH = 5, 3, "0"
"""What keys dropout in these tests."""

Tensors = Mapping[str, Tensor]
Reference = Callable[[Any, Tensor, Tensors, bool], Tensor]


def dropped(axes: int) -> Reference:
    """Dropout of whatever lies behind the first axes."""

    def apply(operator: Any, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
        if not training:
            return x
        kept = torch.from_numpy(dropout_mask(tuple(x.shape[:axes]), operator.p, SEED, PATH, STEP))
        return x * kept.reshape(*kept.shape, *(1,) * (x.ndim - axes)) / (1 - operator.p)

    return apply


def conv1d(operator: Conv1d, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    bias = tensors["bias"] if operator.bias else None
    padded = F.pad(x, operator.padding[0])
    return F.conv1d(padded, tensors["weight"], bias, operator.stride, 0, operator.dilation, operator.groups)


def max_pool1d(operator: MaxPool1d, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    before, after = operator.padding[0]
    (kernel,), (stride,) = operator.kernel_size, operator.stride
    starts = [i * stride - before for i in range(operator.window().output(x.shape[2:])[0])]
    padded = F.pad(x, (before, after + kernel), value=float("-inf"))
    return torch.stack([padded[..., s + before : s + before + kernel].amax(-1) for s in starts], -1)


def avg_pool1d(operator: AvgPool1d, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    before, after = operator.padding[0]
    if before == after:
        pool = F.avg_pool1d
        return pool(x, operator.kernel_size, operator.stride, before, operator.ceil_mode, operator.count_include_pad)
    return F.avg_pool1d(F.pad(x, (before, after)), operator.kernel_size, operator.stride)


def depthwise(operator: Depthwise, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    """Channel by channel."""
    (top, bottom), (left, right) = operator.padding
    padded, count = F.pad(x, (left, right, top, bottom)), operator.multiplier
    outputs = [
        F.conv2d(
            padded[:, channel : channel + 1],
            tensors["weight"][channel * count : (channel + 1) * count],
            tensors["bias"][channel * count : (channel + 1) * count] if operator.bias else None,
            operator.stride,
            0,
            operator.dilation,
        )
        for channel in range(x.shape[1])
    ]
    return torch.cat(outputs, 1)


def conv_transpose(operator: ConvTranspose, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    bias = tensors["bias"] if operator.bias else None
    sizes = operator.stride, operator.padding, operator.output_padding, operator.groups, operator.dilation
    return F.conv_transpose2d(x, tensors["weight"], bias, *sizes)


def lp_pool(operator: LpPool, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    columns = F.unfold(x, operator.kernel_size, stride=operator.stride)
    windows = columns.reshape(*x.shape[:2], -1, columns.shape[-1])
    y = torch.linalg.vector_norm(windows, operator.norm_type, dim=2)
    return y.reshape(*x.shape[:2], *operator.window().output(tuple(x.shape[2:])))


def kmax_pool(operator: KMaxPool, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    """Each line by itself, as a sort of pairs."""
    lines = []
    for line in x.reshape(-1, x.shape[-1]):
        largest = sorted(range(len(line)), key=line.tolist().__getitem__)[-operator.k :]
        lines.append(line[sorted(largest)])
    return torch.stack(lines).reshape(*x.shape[:-1], operator.k)


def layer_norm(operator: LayerNorm, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    axis = operator.axis + 1
    normal = (x - x.mean(axis, keepdim=True)) / torch.sqrt(x.var(axis, keepdim=True, unbiased=False) + operator.eps)
    if not operator.elementwise_affine:
        return normal
    shape = [-1 if place == axis else 1 for place in range(x.ndim)]
    return normal * tensors["weight"].reshape(shape) + tensors["bias"].reshape(shape)


def local_response_norm(operator: LocalResponseNorm, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    """The paper's formula, channel by channel."""
    outputs = []
    for channel in range(x.shape[1]):
        first = max(0, channel - operator.size // 2)
        total = (x[:, first : channel + (operator.size - 1) // 2 + 1] ** 2).sum(1)
        share = total / operator.size if operator.average else total
        outputs.append(x[:, channel] / (operator.k + operator.alpha * share) ** operator.beta)
    return torch.stack(outputs, 1)


def upsample(operator: Upsample, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    size = [extent * factor for extent, factor in zip(x.shape[2:], operator.scale_factor, strict=True)]
    align = {"align_corners": operator.align_corners} if operator.mode == "bilinear" else {}
    return F.interpolate(x, size=size, mode=operator.mode, **align)


def pad(operator: Pad, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    (top, bottom), (left, right) = operator.padding
    value = operator.value if operator.mode == "constant" else None
    return F.pad(x, (left, right, top, bottom), operator.mode, value)


def crop(operator: Crop, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    (height, width), (tall, wide) = operator.size, x.shape[2:]
    return x.narrow(2, (tall - height) // 2, height).narrow(3, (wide - width) // 2, width)


def channel_shuffle(operator: ChannelShuffle, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    """Output i*groups + g is channel g*n + i."""
    count = x.shape[1] // operator.groups
    return x[:, [group * count + i for i in range(count) for group in range(operator.groups)]]


def rbf(operator: Rbf, x: Tensor, tensors: Tensors, training: bool) -> Tensor:
    return torch.stack([((x - centre) ** 2).sum(1) for centre in tensors["weight"]], 1)


FURTHER_REFERENCES: dict[type[Operator], Reference] = {
    Depthwise: depthwise,
    ConvTranspose: conv_transpose,
    Conv1d: conv1d,
    MaxPool1d: max_pool1d,
    AvgPool1d: avg_pool1d,
    LpPool: lp_pool,
    KMaxPool: kmax_pool,
    AdaptiveAvgPool: lambda operator, x, tensors, training: F.adaptive_avg_pool2d(x, operator.output_size),
    AdaptiveMaxPool: lambda operator, x, tensors, training: F.adaptive_max_pool2d(x, operator.output_size),
    Scale: lambda operator, x, tensors, training: x * tensors["0"],
    Rbf: rbf,
    Embedding: lambda operator, x, tensors, training: F.embedding(x, tensors["weight"]).transpose(1, 2),
    LayerNorm: layer_norm,
    GroupNorm: lambda operator, x, tensors, training: F.group_norm(
        x, operator.num_groups, tensors.get("weight"), tensors.get("bias"), operator.eps
    ),
    InstanceNorm: lambda operator, x, tensors, training: F.instance_norm(
        x, weight=tensors.get("weight"), bias=tensors.get("bias"), eps=operator.eps
    ),
    LocalResponseNorm: local_response_norm,
    Relu6: lambda operator, x, tensors, training: F.relu6(x),
    HardSigmoid: lambda operator, x, tensors, training: F.relu6(x + 3) / 6,
    HardSwish: lambda operator, x, tensors, training: F.hardswish(x),
    Prelu: lambda operator, x, tensors, training: F.prelu(x, tensors["weight"]),
    Maxout: lambda operator, x, tensors, training: torch.stack(
        [x[:, piece :: operator.pieces] for piece in range(operator.pieces)]
    ).amax(0),
    Selu: lambda operator, x, tensors, training: F.selu(x),
    Gelu: lambda operator, x, tensors, training: F.gelu(x, approximate=operator.approximate),
    Silu: lambda operator, x, tensors, training: F.silu(x),
    Softplus: lambda operator, x, tensors, training: F.softplus(x, operator.beta, operator.threshold),
    Dropout2d: dropped(2),
    StochasticDepth: dropped(1),
    Reshape: lambda operator, x, tensors, training: x.reshape(len(x), *operator.shape),
    Permute: lambda operator, x, tensors, training: x.permute(0, *(axis + 1 for axis in operator.dims)),
    ChannelShuffle: channel_shuffle,
    PixelShuffle: lambda operator, x, tensors, training: F.pixel_shuffle(x, operator.upscale_factor),
    Upsample: upsample,
    Pad: pad,
    Crop: crop,
}
