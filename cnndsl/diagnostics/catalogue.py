"""Every kind of error, once, by phase, and the warnings of imports.

The long explanations are Markdown pages beside this folder (``pages/``).

A warning of a spec is declared by its lint (``analysis/lints``); ``analysis/codes.py`` has all codes.
"""

from __future__ import annotations

import os

from .kinds import files, importing, limits, names, shapes, syntax, training
from .model import DiagnosticKind

__all__ = ["PAGES", "all_errors", "error_page"]

PAGES = os.path.join(os.path.dirname(__file__), "pages")


def all_errors() -> dict[str, DiagnosticKind]:
    """Every kind of error, and of warning that is not a lint, by its code, in the order of the codes."""
    modules = (files, syntax, names, shapes, training, importing, limits)
    kinds = [item for module in modules for item in vars(module).values() if isinstance(item, DiagnosticKind)]
    return {item.code: item for item in sorted(kinds, key=lambda item: item.code)}


def error_page(code: str) -> str:
    """The page of the error with a code such as ``E0301``, as Markdown."""
    with open(os.path.join(PAGES, f"{code}.md"), encoding="utf-8") as stream:
        return stream.read()
