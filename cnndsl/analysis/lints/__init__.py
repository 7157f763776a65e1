"""Lints: what is valid and hardly what was meant.

To add one, write its class in the module of its family: ``training.py`` has a short one. It is known by being there, and
``cnndsl explain`` and the tests take its docstring for its page. That a statement is expanded many times, and that a comment
may allow the warning, is not a concern of the lint.
"""

from __future__ import annotations

from .linter import LINTS, Linter

__all__ = ["LINTS", "Linter"]
