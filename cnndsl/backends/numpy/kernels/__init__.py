"""The reference kernels, a module per family."""

from __future__ import annotations

from .base import Array, Kernel, Pass, find_kernel, kernel_of, registered

__all__ = ["Array", "Kernel", "Pass", "find_kernel", "kernel_of", "registered"]
