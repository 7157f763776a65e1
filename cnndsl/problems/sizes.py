"""What is larger than the limits allow."""

from __future__ import annotations

from ..diagnostics.kinds import limits
from .base import Problem

__all__ = ["TooDeep", "TooLarge", "TooMany", "TooManyParameters", "TooManySteps"]


class TooLarge(Problem):
    """A number, a list or an extent is larger than it may be."""

    kind = limits.SIZE_TOO_LARGE
    says = "{reason}"
    reason: str


class TooDeep(Problem):
    """Statements, expressions, blocks or files are nested too deeply."""

    kind = limits.TOO_DEEP
    says = "{reason}"
    reason: str


class TooMany(Problem):
    """A network expands to too many operators, statements or variants."""

    kind = limits.TOO_MANY_OPERATORS
    says = "the network has more than {most:,} {what}"
    what: str
    most: int


class TooManyParameters(Problem):
    """A network has too many parameters."""

    kind = limits.TOO_MANY_PARAMETERS
    says = "the network has {count:,} parameters, and the limit is {most:,}"
    count: int
    most: int


class TooManySteps(Problem):
    """A text takes too much work to elaborate."""

    kind = limits.TOO_MANY_STEPS
    says = "this text takes more than {most:,} steps to check"
    there = "stopped here"
    most: int
