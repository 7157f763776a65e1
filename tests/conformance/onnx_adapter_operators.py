"""From each operator of ONNX to ours, and the node tests that have no such translation, with the reason.

A translation gets the attributes of the node and its inputs. Where one of our layers does the same, it is that layer, besides
what lays axes in order; ``COMPOSED`` names the cases for which several layers do together what one node does. What the
language cannot say fails, by an assertion here or by the operator's own refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnndsl.ops import Operator
from cnndsl.ops.activation import Elu, LeakyRelu, LogSoftmax, Relu, Sigmoid, Softmax, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.convolution_kinds import ConvTranspose
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.geometry import Padding, same_padding
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.merge import Add, Concat, Identity, Mul
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool
from cnndsl.ops.rearrange import Permute, Reshape
from cnndsl.ops.rectifiers import HardSigmoid, HardSwish, Prelu
from cnndsl.ops.resize import Crop, Pad, Upsample
from cnndsl.ops.sample_norms import LocalResponseNorm
from cnndsl.ops.smooth import Softplus
from tests.conformance.onnx_adapter import Array, Attributes, Plan, chain, packed

__all__ = ["COMPOSED", "REFUSED", "TRANSLATIONS"]

Translation = Callable[..., Plan]

LOWEST = -1e30
"""What stands for minus infinity in padding: less than any number of the cases."""


def pair(attributes: Attributes, name: str, default: int = 1) -> tuple[int, int]:
    return tuple(attributes.get(name, (default, default)))


def padding(attributes: Attributes, x: Array, kernel_size: tuple[int, int]) -> Padding:
    """Rows and columns before and after; ONNX lists all that come before first."""
    top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
    if not attributes.get("auto_pad", "NOTSET").startswith("SAME"):
        return ((top, bottom), (left, right))
    sizes = x.shape[2:], kernel_size, pair(attributes, "strides"), pair(attributes, "dilations")
    sides = (same_padding(*axis) for axis in zip(*sizes, strict=True))
    lower = attributes["auto_pad"] == "SAME_LOWER"
    return tuple((after, before) if lower else (before, after) for before, after in sides)


def affine(weight: float, bias: float) -> tuple[Operator, dict[str, Array]]:
    """weight*x + bias for each number of an image of one channel."""
    return Conv(1, (1, 1)), {"weight": np.full((1, 1, 1, 1), weight), "bias": np.full(1, bias)}


def on_image(x: Array, *layers: Any) -> Plan:
    """Functions of one number, on all numbers as an image of one channel."""
    return chain(x, Reshape((1, 1, x.size)), *layers, Reshape(x.shape), sample=True)


def conv(attributes: Attributes, x: Array, weight: Array) -> Plan:
    kernel_size = weight.shape[2:]
    sides = padding(attributes, x, kernel_size)
    operator = Conv(len(weight), kernel_size, pair(attributes, "strides"), sides, bias=False)
    return chain(x, (operator, {"weight": weight}))


def conv_transpose(attributes: Attributes, x: Array, weight: Array) -> Plan:
    """Where the size of the output is given, rows and columns are added or taken off behind."""
    stride, dilation = pair(attributes, "strides"), pair(attributes, "dilations")
    (top, bottom), (left, other) = padding({**attributes, "auto_pad": "NOTSET"}, x, weight.shape[2:])
    assert (top, left) == (bottom, other)
    wanted, behind = attributes.get("output_shape"), pair(attributes, "output_padding", 0)
    cut: tuple[Operator, ...] = ()
    if attributes.get("auto_pad") == "SAME_UPPER":
        wanted = [size * step for size, step in zip(x.shape[2:], stride, strict=True)]
    if wanted:
        sizes = zip(wanted, x.shape[2:], stride, weight.shape[2:], strict=True)
        down, right = (want - (size - 1) * step - kernel for want, size, step, kernel in sizes)
        behind = max(0, down), max(0, right)
        cut = (Crop(tuple(wanted)),) if min(down, right) < 0 else ()
    groups, kernel_size = attributes.get("group", 1), weight.shape[2:]
    operator = ConvTranspose(
        weight.shape[1] * groups, kernel_size, stride, (top, left), behind, dilation, groups, bias=False
    )
    return chain(x, (operator, {"weight": weight}), *cut)


def max_pool(attributes: Attributes, x: Array) -> Plan:
    kernel_size = pair(attributes, "kernel_shape")
    sides, ceil_mode = padding(attributes, x, kernel_size), bool(attributes.get("ceil_mode", 0))
    sizes = kernel_size, pair(attributes, "strides")
    if np.max(sides) > min(kernel_size) // 2:
        return chain(x, Pad(sides, value=LOWEST), MaxPool(*sizes))
    return chain(x, MaxPool(*sizes, sides, pair(attributes, "dilations"), ceil_mode))


def avg_pool(attributes: Attributes, x: Array) -> Plan:
    kernel_size, stride = pair(attributes, "kernel_shape"), pair(attributes, "strides")
    sides, ceil_mode = padding(attributes, x, kernel_size), bool(attributes.get("ceil_mode", 0))
    count_include_pad = bool(attributes.get("count_include_pad", 0))
    if "dilations" in attributes:  # the mean is a convolution with equal weights
        weight = np.full((1, 1, *kernel_size), 1 / np.prod(kernel_size))
        operator = Conv(1, kernel_size, stride, sides, pair(attributes, "dilations"), bias=False)
        return chain(x, (operator, {"weight": weight}))
    if count_include_pad and np.max(sides) > min(kernel_size) // 2:
        return chain(x, Pad(sides), AvgPool(kernel_size, stride))
    return chain(x, AvgPool(kernel_size, stride, sides, ceil_mode, count_include_pad))


def batch_norm(attributes: Attributes, x: Array, weight: Array, bias: Array, mean: Array, var: Array) -> Plan:
    tensors = {"weight": weight, "bias": bias, "running_mean": mean, "running_var": var}
    operator = BatchNorm(attributes.get("epsilon", 1e-5))
    return chain(x, (operator, {**tensors, "num_batches_tracked": np.array(0)}))


def lrn(attributes: Attributes, x: Array) -> Plan:
    alpha, beta, k = (attributes.get(*each) for each in (("alpha", 1e-4), ("beta", 0.75), ("bias", 1.0)))
    return chain(x, LocalResponseNorm(attributes["size"], alpha, beta, k, average=True))


def gemm(attributes: Attributes, a: Array, b: Array, c: Array | None = None) -> Plan:
    """A dense layer on the rows; factors go into its tensors."""
    weight = attributes.get("alpha", 1) * (b if attributes.get("transB") else b.T)
    if c is not None and c.shape == (len(a), len(weight)):
        product = ("product", Dense(len(weight), bias=False, axis=-1), "in0")
        return packed((a, c), product, ("sum", Add(), "product", "in1"), **{"product.weight": weight})
    tensors = {"weight": weight}
    if c is not None:
        tensors["bias"] = np.broadcast_to(attributes.get("beta", 1) * np.ravel(c), len(weight))
    if attributes.get("transA"):
        return chain(a, Permute((1, 0)), (Dense(len(weight), "bias" in tensors, -1), tensors), sample=True)
    return chain(a, (Dense(len(weight), "bias" in tensors), tensors))


def clip(attributes: Attributes, x: Array, low: Array | None = None, high: Array | None = None) -> Plan:
    """A relu cuts at either bound. Numbers are shifted and mirrored to it, never scaled: a processor that multiplies and adds
    in one step rounds a scaled number in another way than one with two steps, and 0 does not come back as 0.
    """
    if low is None and high is None:
        return chain(x, Identity(), sample=True)
    if high is None:
        return on_image(x, affine(1, -low), Relu(), affine(1, low)) if low else chain(x, Relu(), sample=True)
    if low is None:
        return on_image(x, affine(-1, high), Relu(), affine(-1, high))
    assert high > low
    return on_image(x, affine(1, -low), Relu(), affine(-1, high - low), Relu(), affine(-1, high))


def hard_sigmoid(attributes: Attributes, x: Array) -> Plan:
    """max(0, min(1, alpha*x + beta)); ours has alpha 1/6 and beta 1/2."""
    alpha, beta = attributes.get("alpha", 0.2), attributes.get("beta", 0.5)
    return on_image(x, affine(6 * alpha, 6 * (beta - 0.5)), HardSigmoid())


def prelu(attributes: Attributes, x: Array, slope: Array) -> Plan:
    """One weight for each number, or one for each place of the last axis, which become the channels."""
    layer = Prelu(slope.size), {"weight": slope.ravel()}
    if slope.shape == x.shape:
        return chain(x, Flatten(), layer, Reshape(x.shape), sample=True)
    return chain(x, Permute((2, 0, 1)), layer, Permute((1, 2, 0)), sample=True)


def flatten(attributes: Attributes, x: Array) -> Plan:
    """The axes before ``axis`` together are the batch."""
    axis = attributes.get("axis", 1) % x.ndim
    return chain(x.reshape(-1, *x.shape[axis:]) if axis else x[np.newaxis], Flatten())


def reshape(attributes: Attributes, x: Array, shape: Array) -> Plan:
    """0 stands for the extent of the input at its place, -1 for what is left."""
    assert not attributes.get("allowzero")
    written = tuple(x.shape[place] if extent == 0 else int(extent) for place, extent in enumerate(shape))
    known = int(np.prod([extent for extent in written if extent != -1]))
    return chain(x, Reshape(tuple(x.size // known if extent == -1 else extent for extent in written)), sample=True)


def pad(attributes: Attributes, x: Array, pads: Array, value: Array, axes: Array | None = None) -> Plan:
    named = range(x.ndim) if axes is None else [int(axis) % x.ndim for axis in axes]
    sides = dict(zip(named, pads.reshape(2, -1).T.tolist(), strict=True))
    batch, channels, *image = (tuple(sides.get(axis, (0, 0))) for axis in range(x.ndim))
    assert batch == channels == (0, 0)
    return chain(x, Pad(tuple(image), value=float(value)))


def resize(attributes: Attributes, x: Array, region: None, scales: Array, sizes: Array | None = None) -> Plan:
    assert sizes is None
    mode = {"nearest": "nearest", "linear": "bilinear"}[attributes["mode"]]
    align_corners = attributes.get("coordinate_transformation_mode") == "align_corners"
    height, width = map(int, scales[2:])
    assert [height, width] == [*scales[2:]]
    return chain(x, Upsample((height, width), mode, align_corners))


def dropout(attributes: Attributes, x: Array, ratio: Array = 0.5, training: Array = False) -> Plan:
    operator = Dropout(float(attributes.get("ratio", ratio)))
    return chain(x, operator, sample=True)._replace(training=bool(training))


def pointwise(operator: type[Any], **defaults: float) -> Translation:
    def translate(attributes: Attributes, x: Array) -> Plan:
        return chain(x, operator(**{**defaults, **attributes}), sample=True)

    return translate


def leaky_relu(attributes: Attributes, x: Array) -> Plan:
    return chain(x, LeakyRelu(attributes.get("alpha", 0.01)), sample=True)


def scores(operator: type[Any]) -> Translation:
    return lambda attributes, x: chain(x, operator(attributes.get("axis", -1) % x.ndim), sample=True)


def join(operator: Operator) -> Translation:
    """Values of fewer axes get extents of 1 in front, as broadcasting has it."""

    def translate(attributes: Attributes, *inputs: Array) -> Plan:
        rank = max(each.ndim for each in inputs)
        full = tuple(each.reshape((1,) * (rank - each.ndim) + each.shape) for each in inputs)
        return packed(full, ("out", operator, *(f"in{place}" for place in range(len(inputs)))))

    return translate


def concat(attributes: Attributes, *inputs: Array) -> Plan:
    return join(Concat(attributes["axis"] % inputs[0].ndim))(attributes, *inputs)


TRANSLATIONS: dict[str, Translation] = {
    "Add": join(Add()),
    "AveragePool": avg_pool,
    "BatchNormalization": batch_norm,
    "Clip": clip,
    "Concat": concat,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Dropout": dropout,
    "Elu": pointwise(Elu),
    "Flatten": flatten,
    "Gemm": gemm,
    "GlobalAveragePool": lambda attributes, x: chain(x, GlobalAvgPool()),
    "GlobalMaxPool": lambda attributes, x: chain(x, GlobalMaxPool()),
    "HardSigmoid": hard_sigmoid,
    "HardSwish": pointwise(HardSwish),
    "LRN": lrn,
    "LeakyRelu": leaky_relu,
    "LogSoftmax": scores(LogSoftmax),
    "MatMul": gemm,
    "MaxPool": max_pool,
    "Mul": join(Mul()),
    "PRelu": prelu,
    "Pad": pad,
    "Relu": pointwise(Relu),
    "Reshape": reshape,
    "Resize": resize,
    "Sigmoid": pointwise(Sigmoid),
    "Softmax": scores(Softmax),
    "Softplus": pointwise(Softplus),
    "Sum": join(Add()),
    "Tanh": pointwise(Tanh),
}

COMPOSED = frozenset(
    (
        "test_averagepool_2d_pads_count_include_pad",
        "test_clip",
        "test_clip_default_max",
        "test_clip_example",
        "test_clip_inbounds",
        "test_clip_outbounds",
        "test_clip_splitbounds",
        "test_convtranspose_autopad_same",
        "test_gemm_default_matrix_bias",
        "test_hardsigmoid",
        "test_hardsigmoid_default",
        "test_hardsigmoid_example",
        "test_maxpool_2d_pads",
    )
)
"""The cases that take several layers that compute."""

MASK = "the mask is a second output, and `dropout` has one output"
WHOLE_FACTOR = "`upsample` has whole factors of at least 1"

REFUSED = {
    "test_add_bcast": "`add` takes values of one shape",
    "test_averagepool_2d_pads": "padding of more than half the kernel (E0306), left out of the mean",
    "test_clip_min_greater_than_max": "no activation has an upper bound below its lower one",
    "test_dropout_default_mask": MASK,
    "test_dropout_default_mask_ratio": MASK,
    "test_training_dropout_zero_ratio_mask": MASK,
    "test_reshape_allowzero_reordered": "no value has an extent of 0",
    "test_resize_downsample_scales_linear": WHOLE_FACTOR,
    "test_resize_downsample_scales_nearest": WHOLE_FACTOR,
    "test_resize_downsample_sizes_nearest": WHOLE_FACTOR,
    "test_resize_upsample_sizes_nearest": WHOLE_FACTOR,
}
"""The cases that are not run, each with what the language lacks."""
