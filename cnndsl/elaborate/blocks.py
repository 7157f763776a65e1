"""Calls of blocks: their parameters bound, their body elaborated in a scope of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import limits, names
from ..diagnostics.suggest import nearest, one_of
from ..ir import Block, Value
from ..syntax import ast
from .expressions import UNKNOWN, EvaluationError, evaluate_argument
from .limits import MAX_CALLS
from .place import Place, did_you_mean
from .references import NOTHING, BlockReference
from .scope import Scope

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["call_block"]


def call_block(
    network: NetworkElaborator, block: BlockReference, statement: ast.Statement, action: ast.Call, place: Place
) -> None:
    """Elaborate the body of a block where it is called."""
    path = network.path(statement, place)
    if action.body is not None:
        network.error(names.WRONG_PLACE, f"the block `{action.word.text}` takes no body", action.body.span)
    if not network.started or network.current is NOTHING:
        network.take_current(action.word)
    if id(block.definition) in network.library.recursive:
        network.failed, network.current = True, None
        return
    if len(network.calls) >= MAX_CALLS:
        message = f"blocks call each other more than {MAX_CALLS} deep"
        help_ = "a block that is given to itself calls itself without end"
        network.error(limits.TOO_DEEP, message, action.word.span, help_)
        network.current = None
        return
    variables = _bind(network, block, action, place)
    if variables is None:
        network.current = None
        network.failed = True
        return
    scope = Scope(path)
    settings = _settings(block, action, variables)
    use = Block(str(block), path, settings, statement.span, place.block)
    network.uses[use] = (action, block)
    inner = Place(variables, scope, block.library, use)
    network.calls.append((action, block))
    network.body(block.definition.body, inner)
    network.calls.pop()


def in_channels(network: NetworkElaborator) -> Any:
    """The channels of the value that enters here, or UNKNOWN."""
    current = network.current
    return current.type.shape[0] if isinstance(current, Value) and current.type.shape else UNKNOWN


def _bind(network: NetworkElaborator, block: BlockReference, action: ast.Call, place: Place) -> dict[str, Any] | None:
    """The variables of a block's body: its parameters, and in_channels."""
    parameters = {parameter.name.text: parameter for parameter in block.definition.parameters}
    given = _match_arguments(network, block, action, list(parameters))
    if given is None:
        return None
    variables: dict[str, Any] = {"in_channels": in_channels(network)}
    own = Place(variables, Scope(), block.library)
    complete = True
    for name, parameter in parameters.items():
        expression = given[name].value if name in given else parameter.default
        if expression is None:
            _missing(network, block, action, name)
            return None
        seen = place if name in given else own
        try:
            variables[name] = seen.resolve(evaluate_argument(expression, seen.variables), expression.span)
        except EvaluationError as error:
            network.report(_of_default(error.diagnostic, block) if seen is own else error.diagnostic)
            variables[name] = UNKNOWN
            complete = False
    return variables if complete else None


def _of_default(diagnostic: Diagnostic | None, block: BlockReference) -> Diagnostic | None:
    """What is wrong with a default; where it uses a parameter that comes later, the help says so."""
    later = [parameter.name.text for parameter in block.definition.parameters]
    if diagnostic is None or diagnostic.primary is None or diagnostic.primary.span.text not in later:
        return diagnostic
    return diagnostic.replace(help=("a default may use the parameters before it, not those behind",))


def _match_arguments(
    network: NetworkElaborator, block: BlockReference, action: ast.Call, parameters: list[str]
) -> dict[str, ast.Argument] | None:
    """Which argument is meant for which parameter, or None if that is not clear."""
    given: dict[str, ast.Argument] = {}
    places = iter(parameters)
    for argument in action.arguments:
        name = argument.name.text if argument.name else next(places, None)
        if name is None:
            _too_many(network, block, argument, parameters)
            return None
        if name not in parameters:
            _unknown_parameter(network, block, argument, parameters)
            return None
        if name in given:
            first = (Label(given[name].span, "first given here"),)
            place = Label(argument.span, "again here")
            network.report(Diagnostic(names.GIVEN_TWICE, f"`{name}` is given twice", place, first))
            return None
        given[name] = argument
    return given


def _settings(block: BlockReference, action: ast.Call, variables: dict[str, Any]) -> str:
    """The arguments of a call with their values, ``64 stride=2``; named ones that say what the default is are left out."""
    parameters = {parameter.name.text: parameter for parameter in block.definition.parameters}
    places = iter(parameters)
    words = []
    for argument in action.arguments:
        if argument.name is None:
            words.append(format_value(variables[next(places)]))
        elif not _is_default(parameters[argument.name.text], variables):
            words.append(f"{argument.name.text}={format_value(variables[argument.name.text])}")
    return " ".join(words)


def _is_default(parameter: ast.Parameter, variables: dict[str, Any]) -> bool:
    if parameter.default is None:
        return False
    try:
        return bool(evaluate_argument(parameter.default, variables) == variables[parameter.name.text])
    except EvaluationError:
        return False


def _defined(block: BlockReference) -> tuple[Label, ...]:
    return (Label(block.definition.name.span, "defined here"),)


def _too_many(network: NetworkElaborator, block: BlockReference, argument: ast.Argument, parameters: list[str]) -> None:
    takes = f"takes {one_of([f'`{name}`' for name in parameters], 'and')}" if parameters else "takes no arguments"
    message = f"the block `{block}` {takes}, and this is one more"
    network.report(Diagnostic(names.TOO_MANY_ARGUMENTS, message, Label(argument.span, "too many"), _defined(block)))


def _unknown_parameter(
    network: NetworkElaborator, block: BlockReference, argument: ast.Argument, parameters: list[str]
) -> None:
    assert argument.name is not None
    meant = nearest(argument.name.text, parameters)
    fixes = (Fix(f"write `{meant}`", (Edit(argument.name.span, meant),), True),) if meant else ()
    listed = f"it has {', '.join(parameters)}" if parameters else "it has none"
    message = f"the block `{block}` has no parameter `{argument.name.text}`"
    place = Label(argument.name.span)
    help_ = did_you_mean(meant) or (listed,)
    network.report(Diagnostic(names.UNKNOWN_ATTRIBUTE, message, place, _defined(block), help=help_, fixes=fixes))


def _missing(network: NetworkElaborator, block: BlockReference, action: ast.Call, name: str) -> None:
    message = f"the block `{block}` needs `{name}`"
    listed = one_of([f"`{parameter.name.text}`" for parameter in block.definition.parameters], "and")
    help_ = (f"it takes {listed}",) if len(block.definition.parameters) > 1 else ()
    network.report(Diagnostic(names.MISSING_ATTRIBUTE, message, Label(action.word.span), _defined(block), help=help_))
