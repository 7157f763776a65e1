"""``-> 6x28x28``: the shape that the author says is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names, shapes
from ..ir import Value
from ..ops import TensorType, format_shape
from ..source import Span
from ..syntax import ast
from .expressions import EvaluationError
from .references import NOTHING
from .shapes import is_undecided, matches, written_shape

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["check_contract"]


def check_contract(network: NetworkElaborator, contract: ast.Contract, variables: dict[str, Any]) -> None:
    """Compare the current shape with the one asserted; if they differ, report it and go on with the one asserted."""
    try:
        written = written_shape(contract.shape, variables)
    except EvaluationError as error:
        network.report(error.diagnostic)
        return
    current = network.current
    if current is NOTHING:
        message = "a `split` has several outputs, and a contract speaks of one"
        network.error(names.WRONG_PLACE, message, contract.span, "put it behind the `from` that chooses one")
        return
    if isinstance(current, Value) and matches(written, current.type.shape):
        return
    if isinstance(current, Value) and is_undecided(written, current.type.shape):
        network.undecided(contract.span)
    elif isinstance(current, Value):
        _broken(network, contract, written, current)
    _go_on_with(network, written, contract.span)


def _go_on_with(network: NetworkElaborator, written: tuple[int | None, ...], span: Span) -> None:
    """The asserted shape, so that what follows is checked as the author thinks of it."""
    shape = tuple(extent for extent in written if extent is not None)
    network.current = None
    if len(shape) == len(written):
        network.current = Value(TensorType(shape))
        network.spans[network.current] = span


def _broken(network: NetworkElaborator, contract: ast.Contract, written: tuple[int | None, ...], value: Value) -> None:
    shape = format_shape(value.type.shape)
    origin = network.spans.get(value)
    network.report(
        Diagnostic(
            shapes.CONTRACT_BROKEN,
            f"the shape here is {shape}, not {format_shape(written)}",
            Label(contract.span, f"asserts {format_shape(written)}"),
            (Label(origin, f"gives {shape}"),) if origin else (),
            notes=_formulas(network, value),
            help=(f"change the layer, or assert `-> {shape}`",),
            fixes=(Fix(f"assert `{shape}`", (Edit(contract.span, shape),)),),
        )
    )


def _formulas(network: NetworkElaborator, value: Value) -> tuple[str, ...]:
    """The formulas of the last layer on the way to the value that has any: a window made the shape."""
    makers = {output: node for node in network.nodes for output in node.outputs}
    node = makers.get(value)
    while node is not None:
        formulas = node.operator.formulas(*node.input_types)
        if formulas:
            return tuple(f"`{node.span.text}`: {formula}" for formula in formulas)
        node = makers.get(node.input)
    return ()
