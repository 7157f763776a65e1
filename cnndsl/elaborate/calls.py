"""Calls: a word with arguments is a structure, a layer or a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..ops import OPERATORS, Operator
from ..source import Span
from ..syntax import ast
from .blocks import call_block
from .expressions import UNKNOWN
from .place import Place
from .references import BlockReference, LayerReference, describe
from .structures import STRUCTURE_RULES

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["call", "named_activation"]


def call(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """Elaborate a call by what its word means here: variables come first, then structures, layers and blocks."""
    word = action.word.text
    meaning = place.variables.get(word)
    if meaning is None and word in STRUCTURE_RULES and word not in place.library.blocks:
        STRUCTURE_RULES[word](network, statement, action, place)
    else:
        _layer_or_block(network, statement, action, place, meaning)
    if word != "split":
        network.name_output(statement, place)


def _layer_or_block(
    network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place, meaning: Any
) -> None:
    if meaning is None:
        meaning = place.library.find(action.word.text)
    if meaning is None and action.word.text in place.library.missing:
        meaning = UNKNOWN
    if isinstance(meaning, LayerReference):
        _layer(network, meaning.operator, statement, action, place)
    elif isinstance(meaning, BlockReference):
        call_block(network, meaning, statement, action, place)
    else:
        network.path(statement, place)
        network.current = None
        if meaning is None:
            from .unknown_layers import report_unknown_layer  # what only a word that nothing is called by needs

            report_unknown_layer(network, action, place)
        elif meaning is not UNKNOWN:
            message = f"`{action.word.text}` is {describe(meaning)} here, not a layer"
            network.error(names.UNKNOWN_LAYER, message, action.word.span)
        network.failed = True


def named_activation(argument: ast.Argument) -> str | None:
    """The layer that an argument names, bare or in quotes; empty for no activation at all."""
    value = argument.value
    text = value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else "?"
    from ..explain.foreign import activation_meant  # with its tables, which only a mistake needs

    return activation_meant(text, OPERATORS)


def _without_activation(
    network: NetworkElaborator, operator: type[Operator], statement: ast.Statement, action: ast.Call
) -> tuple[ast.Argument, ...]:
    """The arguments without ``activation=relu``, which other frameworks have, and which is reported.

    The name of a value that the activation was part of goes to the activation, unless it names weights only.
    """
    found = [item for item in action.arguments if item.name is not None and item.name.text in ("activation", "act")]
    if not found or operator.find_attribute("activation"):
        return action.arguments
    from ..explain.foreign import LEFT_OUT  # with its tables, which only a mistake needs

    argument = found[0]
    assert argument.name is not None
    meant = named_activation(argument)
    start = len(argument.span.source.text[: argument.span.start].rstrip(" \t"))
    removed = Edit(Span(argument.span.source, start, argument.span.end), "")
    end = action.arguments[-1].span.end
    behind = Edit(Span(argument.span.source, end, end), f" | {meant}" if meant else "")
    edits = (
        (removed.replace(replacement=behind.replacement),) if argument is action.arguments[-1] else (removed, behind)
    )
    fixes = () if meant is None else (Fix(f"write `| {meant}` behind the layer", edits, not statement.labels),)
    message = f"`{action.word.text}` has no attribute `{argument.name.text}`"
    help_ = (
        f"an activation is a layer of its own: write `| {meant}` behind this one" if meant else LEFT_OUT["activation"],
    )
    network.report(Diagnostic(names.UNKNOWN_ATTRIBUTE, message, Label(argument.name.span), help=help_, fixes=fixes))
    return tuple(item for item in action.arguments if item is not argument)


def _without_values(
    network: NetworkElaborator, statement: ast.Statement, arguments: tuple[ast.Argument, ...], place: Place
) -> tuple[ast.Argument, ...]:
    """The arguments without the name of a value, as in ``conv skip 64 3x3``, which is reported."""
    for argument in arguments:
        value = argument.value
        if not isinstance(value, ast.Variable) or value.name in place.variables:
            continue
        if argument.name is not None and argument.name.text in ("name", "label"):
            place.scope.values.setdefault(value.name, None)  # it is no attribute, and names what is made here
            continue
        if argument.name is not None and argument.name.text not in ("input", "inputs", "x", "from"):
            continue
        if place.scope.find(value.name)[0] and place.library.find(value.name) is None:
            from .misplaced_values import misplaced_value  # what only a mistake needs

            found, left = misplaced_value(statement, arguments, argument, value.name)
            network.report(found)
            return left
    return arguments


def _layer(
    network: NetworkElaborator, operator: type[Operator], statement: ast.Statement, action: ast.Call, place: Place
) -> None:
    path = network.path(statement, place)
    source = network.take_current(action.word)
    if action.body is not None:
        network.error(names.WRONG_PLACE, f"`{action.word.text}` takes no body", action.body.span)
    arguments = _without_activation(network, operator, statement, action)
    arguments = _without_values(network, statement, arguments, place)
    bound = network.bind(operator, action.word, arguments, place)
    if bound is not None and source is not None:
        network.current = network.apply(bound.value, (source,), path, action, place, bound.spans)
