"""The reference kernels, a module per family; they are imported on first use, as most predictions run none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....lazy import imported_on_use

if TYPE_CHECKING:
    from .base import Array, Kernel, Pass, find_kernel, kernel_of, registered

__all__ = ["Array", "Kernel", "Pass", "find_kernel", "kernel_of", "registered"]

__getattr__ = imported_on_use(__name__, {"base": ("Array", "Kernel", "Pass", "find_kernel", "kernel_of", "registered")})
