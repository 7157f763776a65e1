"""The NumPy backend: the reference that needs nothing but NumPy, written to be read."""

from __future__ import annotations

from .backend import NumpyBackend

__all__ = ["NumpyBackend"]
