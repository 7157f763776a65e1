"""A network as a picture: DOT source, built here and drawn by :mod:`cnndsl.reports.engine`."""

from __future__ import annotations

from .draw import diagram

__all__ = ["diagram"]
