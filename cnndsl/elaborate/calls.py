"""Calls: a word with arguments is a structure, a layer or a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..foreign import LEFT_OUT, SEVERAL, activation_meant, fold, layer_meant
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

__all__ = ["call"]


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
            _unknown_layer(network, action, place)
        elif meaning is not UNKNOWN:
            message = f"`{action.word.text}` is {describe(meaning)} here, not a layer"
            network.error(names.UNKNOWN_LAYER, message, action.word.span)
        network.failed = True


def _unknown_layer(network: NetworkElaborator, action: ast.Call, place: Place) -> None:
    word = action.word
    if word.text in ("network", "block", "train", "use"):
        defined = [item.value for item in action.arguments if item.name is None]
        place.library.missing.update(
            item.name if isinstance(item, ast.Variable) else item.name.text
            for item in defined
            if isinstance(item, ast.Variable | ast.Function)
        )
        help_text = "close the network's braces before it"
        network.error(names.WRONG_PLACE, f"`{word.text}` stands at the top of a file", word.span, help_text)
        return
    importing = place.library.importing(word.text)
    if importing is not None:
        place.library.missing.add(word.text)
        fix = Fix(f"use `{word.text}` from std", (importing,), True)
        help_text = f"`{word.text}` is a block of std: begin the file with `use {word.text} from std`"
        message = f"no layer is called `{word.text}`"
        network.report(Diagnostic(names.UNKNOWN_LAYER, message, Label(word.span), help=(help_text,), fixes=(fix,)))
        return
    if place.scope.find(word.text)[0] and not action.arguments and action.body is None:
        message = f"`{word.text}` is a value, not a layer"
        fix = Fix(f"write `from {word.text}`", (Edit(word.span, f"from {word.text}"),))
        help_text = f"`from {word.text}` goes on from it"
        network.report(Diagnostic(names.UNKNOWN_LAYER, message, Label(word.span), help=(help_text,), fixes=(fix,)))
        return
    known = place.library.names
    meant = layer_meant(word.text, known)
    fixes = (Fix(f"write `{meant}`", (Edit(word.span, meant),), True),) if meant else _activation_layer(action)
    several = SEVERAL.get(fold(word.text), "`cnndsl layers` lists the layers; a block is defined above or with `use`")
    if not fixes:
        place.library.missing.add(word.text)  # one mistake, however often the name is used
    label = Label(word.span, f"did you mean `{meant}`?" if meant else "")
    message = f"no layer is called `{word.text}`"
    network.report(Diagnostic(names.UNKNOWN_LAYER, message, label, help=() if meant else (several,), fixes=fixes))


def _activation_layer(action: ast.Call) -> tuple[Fix, ...]:
    """``activation relu`` is ``relu``."""
    if fold(action.word.text) != "activation" or len(action.arguments) != 1:
        return ()
    meant = _activation(action.arguments[0])
    return (Fix(f"write `{meant}`", (Edit(action.span, meant),), True),) if meant else ()


def _activation(argument: ast.Argument) -> str | None:
    """The layer that an argument names, bare or in quotes; empty for no activation at all."""
    value = argument.value
    text = value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else "?"
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
    argument = found[0]
    assert argument.name is not None
    meant = _activation(argument)
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


def _layer(
    network: NetworkElaborator, operator: type[Operator], statement: ast.Statement, action: ast.Call, place: Place
) -> None:
    path = network.path(statement, place)
    source = network.take_current(action.word)
    if action.body is not None:
        network.error(names.WRONG_PLACE, f"`{action.word.text}` takes no body", action.body.span)
    arguments = _without_activation(network, operator, statement, action)
    bound = network.bind(operator, action.word, arguments, place)
    if bound is not None and source is not None:
        network.current = network.apply(bound.value, (source,), path, action, place, bound.spans)
