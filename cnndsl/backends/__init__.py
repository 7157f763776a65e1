"""Backends execute a graph. Each is imported only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import diagnostics
from ..diagnostics import kinds

if TYPE_CHECKING:
    from .base import Backend

__all__ = ["BACKENDS", "find_backend"]

BACKENDS = ("numpy", "torch")


def find_backend(name: str) -> Backend:
    """The backend of this name.

    Raises:
        DiagnosticError: E0006 if the package that it needs is not installed.
        ValueError: If there is no such backend.
    """
    if name == "numpy":
        from .numpy import NumpyBackend

        return NumpyBackend()
    if name != "torch":
        raise ValueError(f"no backend {name!r}; there are {', '.join(BACKENDS)}")
    try:
        from .torch import TorchBackend
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise diagnostics.refusal(
            kinds.files.MISSING_PACKAGE, "the torch backend needs PyTorch", help=("pip install torch",)
        ) from None
    return TorchBackend()
