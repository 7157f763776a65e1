"""The reference kernels by family; importing a family registers its kernels."""

from __future__ import annotations

from . import (
    activation,
    adaptive,
    convolution,
    dropout,
    learned,
    linear,
    merge,
    normalization,
    pooling,
    pooling_kinds,
    rearrange,
    rectifiers,
    resize,
    sample_norms,
    smooth,
    transposed,
)
from .base import Array, Kernel, Pass, find_kernel, kernel_of, registered

__all__ = [
    "Array",
    "Kernel",
    "Pass",
    "activation",
    "adaptive",
    "convolution",
    "dropout",
    "find_kernel",
    "kernel_of",
    "learned",
    "linear",
    "merge",
    "normalization",
    "pooling",
    "pooling_kinds",
    "rearrange",
    "rectifiers",
    "registered",
    "resize",
    "sample_norms",
    "smooth",
    "transposed",
]
