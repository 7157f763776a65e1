"""How other frameworks call their layers: for each name our word and the parameters in their order, as documented by
PyTorch 2 (``torch.nn``, ``torch.nn.functional``) and Keras 3 (``keras.layers``). Caffe and Darknet name all arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...ops import OPERATORS
from ...record import Record
from .names import layer_named

__all__ = ["Signature", "find_signature"]


class Signature(Record):
    """Our word for a layer, and the parameters that the other framework's call takes, in order.

    ``renamed`` says what those are called here that no table of names can tell, ``dropped`` are known here without being
    said, ``defaults`` are the other framework's own where ours differ, and ``then`` is a layer that follows, because the
    other framework's does that too.
    """

    word: str
    parameters: tuple[str, ...]
    renamed: Mapping[str, str] = MappingProxyType({})
    dropped: tuple[str, ...] = ()
    framework: str = ""
    then: str = ""
    defaults: Mapping[str, str] = MappingProxyType({})


_TORCH_CONV = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype"
_TORCH_POOL = "kernel_size stride padding dilation return_indices ceil_mode"
_TORCH_MEAN = "kernel_size stride padding ceil_mode count_include_pad divisor_override"
_KERAS_CONV = (
    "filters kernel_size strides padding data_format dilation_rate groups activation use_bias kernel_initializer "
    "bias_initializer kernel_regularizer"
)
_KERAS_POOL = "pool_size strides padding data_format"

_TORCH = {
    "Conv1d": f"conv1d {_TORCH_CONV}",
    "Conv2d": f"conv {_TORCH_CONV}",
    "LazyConv2d": f"conv {_TORCH_CONV.replace('in_channels ', '')}",
    "ConvTranspose2d": "conv_transpose in_channels out_channels kernel_size stride padding output_padding groups bias "
    "dilation",
    "Linear": "dense in_features out_features bias device dtype",
    "LazyLinear": "dense out_features bias device dtype",
    "MaxPool1d": f"maxpool1d {_TORCH_POOL}",
    "MaxPool2d": f"maxpool {_TORCH_POOL}",
    "AvgPool1d": f"avgpool1d {_TORCH_MEAN}",
    "AvgPool2d": f"avgpool {_TORCH_MEAN}",
    "LPPool2d": "lppool norm_type kernel_size stride ceil_mode",
    "AdaptiveAvgPool2d": "adaptive_avgpool output_size",
    "AdaptiveMaxPool2d": "adaptive_maxpool output_size return_indices",
    "BatchNorm1d": "bn num_features eps momentum affine track_running_stats",
    "BatchNorm2d": "bn num_features eps momentum affine track_running_stats",
    "GroupNorm": "group_norm num_groups num_channels eps affine",
    "LayerNorm": "layer_norm normalized_shape:? eps elementwise_affine",
    "InstanceNorm2d": "instance_norm num_features eps momentum affine track_running_stats",
    "LocalResponseNorm": "lrn size alpha beta k",
    "ReLU": "relu inplace",
    "ReLU6": "relu6 inplace",
    "LeakyReLU": "leaky_relu negative_slope inplace",
    "PReLU": "prelu num_parameters init",
    "ELU": "elu alpha inplace",
    "SELU": "selu inplace",
    "GELU": "gelu approximate",
    "SiLU": "silu inplace",
    "Hardswish": "hard_swish inplace",
    "Hardsigmoid": "hard_sigmoid inplace",
    "Softplus": "softplus beta threshold",
    "Softmax": "softmax dim",
    "LogSoftmax": "log_softmax dim",
    "Dropout": "dropout p inplace",
    "Dropout2d": "dropout2d p inplace",
    "Flatten": "flatten start_dim end_dim",
    "Upsample": "upsample size:? scale_factor mode align_corners",
    "PixelShuffle": "pixel_shuffle upscale_factor",
    "ChannelShuffle": "channel_shuffle groups",
    "Embedding": "embedding num_embeddings embedding_dim",
    "ZeroPad2d": "pad padding",
}

_FUNCTIONAL = {
    "relu": "relu input inplace",
    "relu6": "relu6 input inplace",
    "leaky_relu": "leaky_relu input negative_slope inplace",
    "elu": "elu input alpha inplace",
    "selu": "selu input inplace",
    "gelu": "gelu input approximate",
    "silu": "silu input inplace",
    "hardswish": "hard_swish input inplace",
    "tanh": "tanh input",
    "sigmoid": "sigmoid input",
    "softmax": "softmax input dim",
    "log_softmax": "log_softmax input dim",
    "dropout": "dropout input p training inplace",
    "dropout2d": "dropout2d input p training inplace",
    "max_pool2d": f"maxpool input {_TORCH_POOL.replace('return_indices ', '')}",
    "avg_pool2d": f"avgpool input {_TORCH_MEAN}",
    "adaptive_avg_pool2d": "adaptive_avgpool input output_size",
    "adaptive_max_pool2d": "adaptive_maxpool input output_size",
    "flatten": "flatten input start_dim end_dim",
}

_KERAS = {
    "Conv1D": f"conv1d {_KERAS_CONV}",
    "Conv2D": f"conv {_KERAS_CONV}",
    "Convolution2D": f"conv {_KERAS_CONV}",
    "Conv2DTranspose": "conv_transpose filters kernel_size strides padding output_padding data_format dilation_rate "
    "activation use_bias",
    "DepthwiseConv2D": "depthwise kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias",
    "Dense": "dense units activation use_bias kernel_initializer",
    "MaxPooling1D": f"maxpool1d {_KERAS_POOL}",
    "MaxPooling2D": f"maxpool {_KERAS_POOL}",
    "MaxPool2D": f"maxpool {_KERAS_POOL}",
    "AveragePooling2D": f"avgpool {_KERAS_POOL}",
    "AvgPool2D": f"avgpool {_KERAS_POOL}",
    "GlobalAveragePooling2D": "global_avgpool+flatten data_format keepdims",
    "GlobalMaxPooling2D": "global_maxpool+flatten data_format keepdims",
    "BatchNormalization": "bn axis momentum epsilon center scale",
    "LayerNormalization": "layer_norm axis epsilon center scale",
    "GroupNormalization": "group_norm groups:num_groups axis epsilon center scale",
    "ReLU": "relu max_value negative_slope threshold",
    "LeakyReLU": "leaky_relu alpha:negative_slope",
    "ELU": "elu alpha",
    "Softmax": "softmax axis",
    "Dropout": "dropout rate",
    "SpatialDropout2D": "dropout2d rate",
    "Flatten": "flatten data_format",
    "Reshape": "reshape target_shape",
    "UpSampling2D": "upsample size:scale_factor data_format interpolation",
    "ZeroPadding2D": "pad padding data_format",
    "Embedding": "embedding input_dim output_dim",
}

_KERAS_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "bn": {"eps": "1e-3", "momentum": "0.01"},
    "layer_norm": {"eps": "1e-3"},
    "group_norm": {"eps": "1e-3"},
    "leaky_relu": {"negative_slope": "0.3"},
}
"""Where Keras leaves out another value than we do: what its call means has to be written here."""

_KNOWN_HERE = frozenset(
    (
        *("in_channels", "in_features", "num_features", "num_channels", "input", "training"),
        *("inplace", "device", "dtype", "data_format", "track_running_stats"),
    )
)
_FUNCTIONS = frozenset(("F", "functional", "nn.functional", "torch.nn.functional", "torch", "tf.nn", "tf"))
_KERAS_PACKAGES = frozenset(("keras", "layers", "tf", "tfl"))


def find_signature(name: str) -> Signature | None:
    """How the layer of this name is called elsewhere, or ours in another spelling; None for names that no table has."""
    package, _, last = name.rpartition(".")
    if package == "self" or package.startswith("self."):
        return None
    for framework, table in _tables(package):
        if last in table:
            return _signature(table[last], framework)
    word = layer_named(last, OPERATORS)
    if word is not None and last != word.lower() and last in _FUNCTIONAL:
        return _signature(_FUNCTIONAL[last], "torch")
    return None if word is None else Signature(word, OPERATORS[word].positional)


def _tables(package: str) -> list[tuple[str, dict[str, str]]]:
    """The tables to look in, the likeliest first."""
    torch, keras = ("torch", _TORCH), ("keras", _KERAS)
    if package in _FUNCTIONS:
        return [("torch", _FUNCTIONAL), keras]
    return [keras, torch] if _KERAS_PACKAGES & set(package.split(".")) else [torch, keras]


def _signature(text: str, framework: str) -> Signature:
    """A row of a table: ``word+then parameter parameter:ours``."""
    words, *listed = text.split()
    word, _, then = words.partition("+")
    names = [item.partition(":") for item in listed]
    return Signature(
        word,
        tuple(name for name, _, _ in names),
        {name: ours for name, _, ours in names if ours},
        tuple(name for name, _, _ in names if name in _KNOWN_HERE),
        framework,
        then,
        _KERAS_DEFAULTS.get(word, {}) if framework == "keras" else {},
    )
