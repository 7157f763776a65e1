"""The reference kernels by family; importing a family registers its kernels."""

from __future__ import annotations

from . import activation, convolution, dropout, linear, merge, normalization, pooling
from .base import Array, Kernel, Pass, find_kernel, registered

__all__ = [
    "Array",
    "Kernel",
    "Pass",
    "activation",
    "convolution",
    "dropout",
    "find_kernel",
    "linear",
    "merge",
    "normalization",
    "pooling",
    "registered",
]
