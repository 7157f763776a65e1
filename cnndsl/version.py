"""The version of this package, for whoever is below it."""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"
