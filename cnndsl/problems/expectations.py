"""What a network expects of itself and is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..attributes import format_value
from ..diagnostics import Label
from ..diagnostics.kinds import names, shapes
from ..ir import Graph
from ..record import Record
from ..syntax import ast
from .base import Problem, Written

__all__ = ["Figure", "FiguresOff", "OutputOff", "ShapeHasNoOrder", "UnknownQuantity"]

_NOUNS = {"params": "parameters", "macs": "multiply-accumulates"}


class Figure(Record):
    """A count that is not what is expected of it."""

    expect: ast.Expect
    expected: Any
    found: int
    graph: Graph
    """The network at the settings that the expectation names."""

    @property
    def is_exact(self) -> bool:
        """Whether a number is written that was to be met, not a bound."""
        return self.expect.comparison in ("=", "==") and isinstance(self.expect.value, ast.Number)

    @property
    def counted(self) -> str:
        """What was found, with its noun and the settings that it is found at."""
        return f"{self.found:,} {_NOUNS[self.expect.quantity.text]}{_settings(self.expect)}"


class FiguresOff(Problem):
    """Counts of a network are not the expected ones: all numbers that were to be met together, or one bound."""

    kind = shapes.EXPECT_BROKEN
    says = "the network has {first.counted}, expected {wanted}"
    figures: tuple[Figure, ...]

    @property
    def first(self) -> Figure:
        """The figure that the sentence is about."""
        return self.figures[0]

    @property
    def wanted(self) -> str:
        """What was expected of it."""
        sign, wanted = self.first.expect.comparison, self.first.expected
        text = f"{wanted:,}" if isinstance(wanted, int) else format_value(wanted)
        return text if sign in ("=", "==") else f"{sign} {text}"

    @property
    def related(self) -> tuple[Label, ...]:
        return tuple(Label(each.expect.value.span, f"has {each.counted}") for each in self.figures[1:])


class OutputOff(Problem):
    """The output has another shape than the expected one."""

    kind = shapes.EXPECT_BROKEN
    says = "the output is {graph.output.type}{settings}, expected {written:shape}"
    there = "is {graph.output.type}"
    expect: ast.Expect
    written: Written
    graph: Graph

    @property
    def settings(self) -> str:
        """The settings that the expectation names."""
        return _settings(self.expect)


class ShapeHasNoOrder(Problem):
    """``expect output < ...``."""

    kind = names.WRONG_VALUE
    says = "write `expect output` with `=`: shapes have no order"
    expect: ast.Expect


class UnknownQuantity(Problem):
    """``expect`` of something that is not counted."""

    kind = names.UNKNOWN_NAME
    says = "nothing to expect is called `{expect.quantity.text}`"
    advice = ("there are {known:names}",)
    expect: ast.Expect
    known: Collection[str]


def _settings(expect: ast.Expect) -> str:
    return f" with {' '.join(setting.span.text for setting in expect.settings)}" if expect.settings else ""
