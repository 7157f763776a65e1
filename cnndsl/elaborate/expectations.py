"""``expect params = 61_706``: what a network says of itself as a whole, at its defaults or at named settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names, shapes
from ..diagnostics.suggest import nearest
from ..ir import Graph
from ..ops import format_shape
from ..ops.extent import Undecided
from ..syntax import ast
from .expressions import EvaluationError, compare, evaluate
from .shapes import matches, written_shape

__all__ = ["QUANTITIES", "check_expectation", "together"]

QUANTITIES: dict[str, tuple[str, Callable[[Graph], int]]] = {
    "params": ("parameters", lambda graph: graph.parameter_count),
    "macs": ("multiply-accumulates", lambda graph: graph.macs),
}
_ALSO_CALLED = {
    "parameters": "params",
    "weights": "params",
    "mult_adds": "macs",
    "shape": "output",
    "output_shape": "output",
}
"""What the quantities are called elsewhere; FLOPs are none of them, as there are twice as many."""
_MOST_EXPLANATIONS = 3
_MOST_EXPLAINED = 10
"""Errors of a file beyond which numbers are no longer searched for."""
_NOT_ALL_MISTYPED = 3
"""Where so many figures are off it is the network that differs from all of them, which is one mistake."""


def check_expectation(expect: ast.Expect, graph: Graph, variables: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    """Report E0304 if the network is not what is expected of it."""
    try:
        if expect.quantity.text == "output":
            _check_output(expect, graph, variables, diagnostics)
        elif expect.quantity.text in QUANTITIES:
            _check_count(expect, graph, variables, diagnostics)
        else:
            diagnostics.report(_unknown(expect.quantity))
    except EvaluationError as error:
        if error.diagnostic is not None:
            diagnostics.report(error.diagnostic)
    except Undecided:
        message = "this depends on the size of the input, which `?` leaves free"
        help_ = ("expect it of a network whose input has a size",)
        diagnostics.report(Diagnostic(shapes.UNDECIDED, message, Label(expect.quantity.span), help=help_))


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
        help=(f"there are {', '.join(known)}",),
        fixes=(Fix(f"write `{meant}`", (Edit(quantity.span, meant),), True),) if meant else (),
    )


def _check_count(expect: ast.Expect, graph: Graph, variables: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    noun, count = QUANTITIES[expect.quantity.text]
    expected, found = evaluate(expect.value, variables), count(graph)
    if not isinstance(found, int):
        raise Undecided
    operator = "==" if expect.comparison == "=" else expect.comparison
    if compare(operator, found, expected, expect.value.span):
        return
    exact = expect.comparison in ("=", "==") and isinstance(expect.value, ast.Number)
    written = f"{found:_}"
    difference = f"{found - expected:+,}" if isinstance(expected, int) else ""
    diagnostics.report(
        Diagnostic(
            shapes.EXPECT_BROKEN,
            f"the network has {found:,} {noun}{_settings(expect)}, expected {_symbol(expect)}{expected:,}",
            Label(expect.value.span, f"off by {difference}" if difference and exact else f"is {found:,}"),
            notes=_largest(graph) if expect.quantity.text == "params" else (),
            help=(
                *_explanations(expect, graph, expected, len(diagnostics)),
                "`cnndsl summary` shows the figure of each layer",
            ),
            fixes=(Fix(f"expect {written}", (Edit(expect.value.span, written),)),) if exact else (),
        )
    )


def _explanations(expect: ast.Expect, graph: Graph, expected: Any, reported: int) -> list[str]:
    """How the number expected comes about, where that is known; nobody means a bound to be met exactly."""
    is_number = expect.comparison in ("=", "==") and type(expected) is int and expected > 0
    if not is_number or reported >= _MOST_EXPLAINED:
        return []
    from .discrepancy import macs_explanations, parameter_explanations  # only where a figure is off

    explain = parameter_explanations if expect.quantity.text == "params" else macs_explanations
    return explain(graph, expected)[:_MOST_EXPLANATIONS]


def _symbol(expect: ast.Expect) -> str:
    return "" if expect.comparison in ("=", "==") else f"{expect.comparison} "


def _settings(expect: ast.Expect) -> str:
    if not expect.settings:
        return ""
    return f" with {' '.join(setting.span.text for setting in expect.settings)}"


def _largest(graph: Graph) -> tuple[str, ...]:
    """Where most of the parameters are, worked out: the place to look first."""
    node = max(graph.nodes, key=lambda item: item.parameter_count, default=None)
    if node is None or not node.parameter_count:
        return ()
    formula = node.operator.parameter_formula(*node.input_types)
    return (f"the largest layer, `{node.span.text}`, has {formula} = {node.parameter_count:,}",)


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
            f"the output is {found}{_settings(expect)}, expected {format_shape(written)}",
            Label(expect.value.span, f"is {found}"),
            fixes=(Fix(f"expect {found}", (Edit(expect.value.span, found),)),),
        )
    )
