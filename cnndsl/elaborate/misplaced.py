"""An `input` that stands behind a layer, as lines that changed places leave it: one mistake, whatever follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Fix, Label
from ..diagnostics.kinds import names
from ..syntax import ast
from .lines import moved_before
from .references import STRUCTURES

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["input_first"]


def input_first(network: NetworkElaborator, body: ast.Body) -> ast.Body:
    """The body with its ``input`` before all layers, where it belongs; that it stood elsewhere is reported."""
    first = next((each for each in body.statements if not isinstance(each.action, ast.Let | ast.Expect)), None)
    if first is None or _is_input(first) or not _is_layer(network, first.action):
        return body
    inputs = [each for each in body.statements if _is_input(each)]
    if len(inputs) != 1:
        return body
    others = [each for each in body.statements if each is not inputs[0]]
    others.insert(others.index(first), inputs[0])
    network.report(_behind(inputs[0], first))
    return body.replace(statements=tuple(others))


def _is_layer(network: NetworkElaborator, action: ast.Action) -> bool:
    """Whether a statement is a layer, a block or a structure, and nothing that stands in a network by mistake."""
    if isinstance(action, ast.Call):
        return action.word.text in STRUCTURES or network.library.find(action.word.text) is not None
    return not isinstance(action, ast.Error)


def _is_input(statement: ast.Statement) -> bool:
    return isinstance(statement.action, ast.Call) and statement.action.word.text == "input"


def _behind(input_: ast.Statement, layer: ast.Statement) -> Diagnostic:
    edits = moved_before(input_.span, layer.span)
    fixes = (Fix("move it before the first layer", edits, True),) if edits else ()
    message = "`input` stands behind the first layer, which needs its value"
    needs = (Label(layer.action.span.first_word, "has no value to work on"),)
    help_ = (f"move it before the layer on line {layer.span.position[0]}",)
    return Diagnostic(names.INPUT_PLACE, message, Label(input_.span), needs, help=help_, fixes=fixes)
