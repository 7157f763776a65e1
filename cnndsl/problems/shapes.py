"""Shapes that do not suit a layer, a contract or a residual."""

from __future__ import annotations

from collections.abc import Mapping

from ..diagnostics import DiagnosticKind
from ..diagnostics.kinds import shapes
from ..ir import Value
from ..ops import Operator, OperatorError
from ..source import Span
from ..syntax import ast
from .base import Problem, Written

__all__ = ["ContractBroken", "NoStride", "OfResidual", "PadTakesAway", "Refused", "ResidualMismatch", "Undecided"]


class Undecided(Problem):
    """Something depends on the size of an input that is free."""

    kind = shapes.UNDECIDED
    says = "this depends on the size of the input, which `?` leaves free"
    advice = ("`cnndsl solve` finds the sizes that suit: write one in `input`, or give it with `--input 3x224x224`",)


class Refused(Problem):
    """An operator refuses its inputs; ``spans`` says where its attributes are written."""

    says = "{error.message}"
    operator: Operator
    error: OperatorError
    inputs: tuple[Value, ...]
    action: ast.Call | ast.Residual
    spans: Mapping[str, Span]

    @property
    def kind(self) -> DiagnosticKind:
        return self.error.kind

    @property
    def label(self) -> str:
        return self.error.label if self.error.input is None else ""

    @property
    def notes(self) -> tuple[str, ...]:
        return self.error.notes

    @property
    def help(self) -> tuple[str, ...]:
        return self.error.help


class ContractBroken(Problem):
    """The shape after ``->`` is not the shape of the value there."""

    kind = shapes.CONTRACT_BROKEN
    says = "the shape here is {value.type}, not {written:shape}"
    there = "asserts {written:shape}"
    contract: ast.Contract
    written: Written
    value: Value


class OfResidual(Problem):
    """A value that passes the body of a residual does not fit the body's result."""

    kind = shapes.RESIDUAL_MISMATCH
    action: ast.Residual
    passed: Value
    result: Value


class ResidualMismatch(OfResidual):
    """The two cannot be added."""

    says = "the body gives {result.type} and the shortcut {passed.type}: they cannot be added"


class NoStride(OfResidual):
    """``shortcut pad`` or ``shortcut projection`` where no stride leads from the one size to the other."""

    says = "no 1x1 window turns {passed.type} into {result.type}, whatever its stride"


class PadTakesAway(OfResidual):
    """``shortcut pad`` where there are fewer channels than before."""

    says = "`shortcut pad` adds channels of zeros and cannot turn {passed.type} into {result.type}"
