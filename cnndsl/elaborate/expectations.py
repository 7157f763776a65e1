"""``expect params = 61_706``: what a network says of itself as a whole, at its defaults or at named settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names, shapes
from ..diagnostics.suggest import nearest
from ..ir import Graph
from ..ops import format_shape
from ..ops.extent import Undecided
from ..record import Record
from ..syntax import ast
from .expressions import EvaluationError, compare, evaluate
from .shapes import matches, written_shape

__all__ = ["QUANTITIES", "Figure", "check_expectations", "settings_text", "together"]

QUANTITIES: dict[str, Callable[[Graph], int]] = {
    "params": lambda graph: graph.parameter_count,
    "macs": lambda graph: graph.macs,
}
_ALSO_CALLED = {
    "parameters": "params",
    "weights": "params",
    "mult_adds": "macs",
    "shape": "output",
    "output_shape": "output",
}
"""What the quantities are called elsewhere; FLOPs are none of them, as there are twice as many."""
_NOT_ALL_MISTYPED = 3
"""Where so many figures are off it is the network that differs from all of them, which is one mistake."""


class Figure(Record):
    """A count that is not what is expected of it."""

    expect: ast.Expect
    expected: Any
    found: int

    @property
    def is_exact(self) -> bool:
        """Whether a number is written that was to be met; nobody means a bound to be."""
        return self.expect.comparison in ("=", "==") and isinstance(self.expect.value, ast.Number)


def check_expectations(
    expectations: Iterable[ast.Expect], graph: Graph, variables: Mapping[str, Any], diagnostics: Diagnostics
) -> None:
    """Report E0304 if the network is not what is expected of it; once for all the figures that are off."""
    off: list[Figure] = []
    for expect in expectations:
        try:
            off += _figures_off(expect, graph, variables, diagnostics)
        except EvaluationError as error:
            if error.diagnostic is not None:
                diagnostics.report(error.diagnostic)
        except Undecided:
            message = "this depends on the size of the input, which `?` leaves free"
            help_ = ("expect it of a network whose input has a size",)
            diagnostics.report(Diagnostic(shapes.UNDECIDED, message, Label(expect.quantity.span), help=help_))
    if off:
        from .figures import figures_off  # only where one is off

        for item in figures_off(off, graph):
            diagnostics.report(item)


def together(variants: Sequence[Sequence[Diagnostic]]) -> list[Diagnostic]:
    """Figures of several variants that are off by the same, or many that are off, as one mistake that shows each place."""
    found = [item for variant in variants for item in variant]
    firsts = [variant[0] for variant in variants if variant]
    off = [(item, item.primary) for item in firsts if item.primary and item.primary.text.startswith("off by ")]
    if len(off) < _NOT_ALL_MISTYPED:
        off = [(item, label) for item, label in off if label.text == off[0][1].text]
    if len(off) < 2:
        return found
    first, *others = (item for item, _ in off)
    merged = first.replace(secondary=(*first.secondary, *(label for _, label in off[1:])))
    return [merged if item is first else item for item in found if item not in others]


def _unknown(quantity: ast.Name) -> Diagnostic:
    known = (*QUANTITIES, "output")
    meant = _ALSO_CALLED.get(quantity.text.lower()) or nearest(quantity.text, known)
    return Diagnostic(
        names.UNKNOWN_NAME,
        f"nothing to expect is called `{quantity.text}`",
        Label(quantity.span, f"did you mean `{meant}`?" if meant else ""),
        help=(
            "`macs` counts multiply-accumulates, each of which is two FLOPs"
            if "flop" in quantity.text.lower()
            else f"there are {', '.join(known)}",
        ),
        fixes=(Fix(f"write `{meant}`", (Edit(quantity.span, meant),), True),) if meant else (),
    )


def _figures_off(
    expect: ast.Expect, graph: Graph, variables: Mapping[str, Any], diagnostics: Diagnostics
) -> Iterator[Figure]:
    """The figure of an expectation that is off, if it is one; what else is wrong is reported."""
    quantity = QUANTITIES.get(expect.quantity.text)
    if quantity is not None:
        expected, found = evaluate(expect.value, variables), quantity(graph)
        if not isinstance(found, int):
            raise Undecided
        operator = "==" if expect.comparison == "=" else expect.comparison
        if not compare(operator, found, expected, expect.value.span):
            yield Figure(expect, expected, found)
    elif expect.quantity.text == "output":
        _check_output(expect, graph, variables, diagnostics)
    else:
        diagnostics.report(_unknown(expect.quantity))


def _check_output(expect: ast.Expect, graph: Graph, variables: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    if expect.comparison not in ("=", "=="):
        place = Label(expect.quantity.span)
        diagnostics.report(
            Diagnostic(
                names.WRONG_VALUE, "`expect output` compares with `=` alone", place, help=("a shape has no order",)
            )
        )
        return
    written = written_shape(expect.value, variables)
    if matches(written, graph.output.type.shape):
        return
    found = format_shape(graph.output.type.shape)
    diagnostics.report(
        Diagnostic(
            shapes.EXPECT_BROKEN,
            f"the output is {found}{settings_text(expect)}, expected {format_shape(written)}",
            Label(expect.value.span, f"is {found}"),
            fixes=(Fix(f"expect {found}", (Edit(expect.value.span, found),)),),
        )
    )


def settings_text(expect: ast.Expect) -> str:
    """The settings that an expectation names, as a message says them."""
    if not expect.settings:
        return ""
    return f" with {' '.join(setting.span.text for setting in expect.settings)}"
