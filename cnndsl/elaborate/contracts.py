"""``-> 6x28x28``: the shape that the author says is there."""

from __future__ import annotations

from .. import problems
from ..ir import Value
from ..ops import TensorType
from ..syntax import ast
from .scope import Place
from .shapes import is_undecided, matches, written_shape
from .state import State, rule
from .values import SEVERAL


@rule(ast.Contract)
def contract(state: State, statement: ast.Statement, contract: ast.Contract, place: Place) -> None:
    """Compare the current shape with the one asserted.

    After a broken contract the value is unknown; where it is unknown, the next contract says what goes on.

    Raises:
        EvaluationError: If no shape is asserted.
    """
    if isinstance(statement.action, ast.Let | ast.Expect):
        return  # which have no contract
    if state.current is SEVERAL:
        state.report(problems.ContractAfterSplit(contract.span, contract))
        return
    written = written_shape(contract.shape, place.variables)
    value = state.current
    if not isinstance(value, Value):
        shape = tuple(extent for extent in written if extent is not None)
        if len(shape) == len(written):
            state.current = Value(TensorType(shape))
            state.anchors[state.current] = contract.span
    elif state.asserted is not None:
        state.asserted.append((contract, written, value))
    elif not matches(written, value.type.shape):
        state.current = None
        if is_undecided(written, value.type.shape):
            state.report(problems.Undecided(contract.span))
        else:
            state.report(problems.ContractBroken(contract.span, contract, written, value))
