"""Every kind of error, once, a module for each phase; :mod:`cnndsl.diagnostics.catalogue` has all of them.

Who names a kind as ``kinds.files.CANNOT_READ`` loads the module when the mistake is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lazy import imported_on_use

if TYPE_CHECKING:
    from . import files, importing, limits, names, shapes, syntax, training

__all__ = ["files", "importing", "limits", "names", "shapes", "syntax", "training"]

__getattr__ = imported_on_use(__name__, dict.fromkeys(__all__, ()))
