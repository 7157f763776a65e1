"""What each operator means. Imports nothing outside the standard library and the layers below.

To add an operator: write its class in the module of its family (or a new one, listed here), its NumPy kernel in
``backends/numpy/kernels``, and run the tests; the README's "Add an operator" has the steps.
"""

from __future__ import annotations

from . import (
    activation,
    adaptive,
    convolution,
    convolution_kinds,
    dropout,
    learned,
    linear,
    lines,
    merge,
    normalization,
    pooling,
    pooling_kinds,
    rearrange,
    rectifiers,
    resize,
    sample_norms,
    smooth,
)
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

_FAMILIES = (
    convolution,
    convolution_kinds,
    lines,
    pooling,
    pooling_kinds,
    adaptive,
    linear,
    learned,
    normalization,
    sample_norms,
    activation,
    rectifiers,
    smooth,
    dropout,
    merge,
    rearrange,
    resize,
)

OPERATORS: dict[str, type[Operator]] = {
    item.name: item
    for family in _FAMILIES
    for item in vars(family).values()
    if isinstance(item, type) and issubclass(item, Operator) and item.name and item.__module__ == family.__name__
}
"""Every operator by its word in the language, in the order of the families."""
