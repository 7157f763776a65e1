"""Fixtures of these tests."""

from __future__ import annotations

from ..support.machines import bare_python

__all__ = ["bare_python"]
