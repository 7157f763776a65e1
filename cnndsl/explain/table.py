"""Which function explains which problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..diagnostics import Diagnostic
from ..problems import Problem, plain
from .context import Context

__all__ = ["explained", "explains"]

Explanation = Callable[[Any, Context], Diagnostic]

_EXPLANATIONS: dict[type[Problem], Explanation] = {}


def explains(*kinds: type[Problem]) -> Callable[[Explanation], Explanation]:
    """Register the function that explains these kinds of problems, and what derives from them."""

    def register(explanation: Explanation) -> Explanation:
        _EXPLANATIONS.update(dict.fromkeys(kinds, explanation))
        return explanation

    return register


def explained(problem: Problem, context: Context) -> Diagnostic:
    """The diagnostic of a problem by the function for its kind, or its own words."""
    kinds = (kind for kind in type(problem).__mro__ if kind in _EXPLANATIONS)
    kind = next(kinds, None)
    return plain(problem) if kind is None else _EXPLANATIONS[kind](problem, context)
