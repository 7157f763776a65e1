"""What each operator means. Imports nothing outside the standard library and the layers below.

To add an operator: write its class in the module of its family (or a new one) and its word below, its NumPy kernel in
``backends/numpy/kernels``, and run the tests; docs/contributing.md has the steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from .base import Call, Function, Misuse, Operator, OperatorError, Sample
from .types import Constant, Initializer, ParameterSpec, Shape, Signs, TensorType, Uniform, element_count, format_shape

__all__ = [
    "OPERATORS",
    "Call",
    "Constant",
    "Function",
    "Initializer",
    "Misuse",
    "Operator",
    "OperatorError",
    "ParameterSpec",
    "Sample",
    "Shape",
    "Signs",
    "TensorType",
    "Uniform",
    "element_count",
    "format_shape",
]

_FAMILIES = {
    "convolution": ("conv",),
    "convolution_kinds": ("depthwise", "conv_transpose"),
    "lines": ("conv1d", "maxpool1d", "avgpool1d"),
    "pooling": ("maxpool", "avgpool", "global_avgpool", "global_maxpool"),
    "pooling_kinds": ("lppool", "kmax_pool"),
    "adaptive": ("adaptive_avgpool", "adaptive_maxpool"),
    "linear": ("dense", "flatten"),
    "learned": ("scale", "rbf", "embedding"),
    "normalization": ("bn",),
    "sample_norms": ("layer_norm", "group_norm", "instance_norm", "lrn"),
    "activation": ("relu", "leaky_relu", "elu", "sigmoid", "tanh", "softmax", "log_softmax"),
    "rectifiers": ("relu6", "hard_sigmoid", "hard_swish", "prelu", "maxout"),
    "smooth": ("selu", "gelu", "silu", "softplus"),
    "dropout": ("dropout", "dropout2d", "stochastic_depth"),
    "merge": ("add", "mul", "concat", "identity", "split", "shortcut_pad"),
    "rearrange": ("reshape", "permute", "channel_shuffle", "pixel_shuffle"),
    "resize": ("upsample", "pad", "crop"),
}
"""The words of the operators by the module of their family, which is imported when a network uses one of them."""


class _Operators(Mapping[str, type[Operator]]):
    def __init__(self) -> None:
        self._modules = {word: module for module, words in _FAMILIES.items() for word in words}
        self._loaded: dict[str, type[Operator]] = {}

    def __getitem__(self, word: str) -> type[Operator]:
        if word not in self._loaded:
            family = vars(import_module(f".{self._modules[word]}", __name__)).values()
            named = (item for item in family if isinstance(item, type) and vars(item).get("name") == word)
            self._loaded[word] = next(named)
        return self._loaded[word]

    def __contains__(self, word: object) -> bool:
        return word in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


OPERATORS: Mapping[str, type[Operator]] = _Operators()
"""Every operator by its word in the language, in the order of the families."""
