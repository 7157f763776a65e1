"""Parameters of networks: their values from settings and defaults, and settings from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import problems
from ..attributes import Word
from ..diagnostics import DiagnosticError, Diagnostics
from ..problems import Sink
from ..source import Source, Span
from ..syntax import ast, parse_expression
from .budget import limited_steps
from .evaluate import EvaluationError, evaluate_argument
from .scope import Origin, Place, Scope
from .sinks import collect
from .values import Library

__all__ = ["declared_twice", "parameters", "parse_setting"]


def parse_setting(text: str, diagnostics: Diagnostics, option: str = "--set") -> Any:
    """The value of ``--set name=value`` or another option, written as in a spec; None and an error if it is none."""
    source = Source(option, text)
    sink = collect(diagnostics)
    try:
        expression = parse_expression(Span(source, 0, len(text)))
        with limited_steps(sink):
            return evaluate_argument(expression, {})
    except EvaluationError as error:
        if error.problem is not None:
            sink(error.problem, None)
    except DiagnosticError as error:
        for item in error.diagnostics:
            diagnostics.report(item)
    return None


def parameters(
    network: ast.Definition,
    settings: Mapping[str, Any],
    library: Library,
    sink: Sink,
    written: Mapping[str, ast.Setting] = {},
) -> Place | None:
    """The place of the network's body, with the values of its parameters, or None if a mistake was reported.

    Settings come first, then defaults, which may use the parameters before. ``written`` are the settings that an
    expectation names.
    """
    known = [parameter.name.text for parameter in network.parameters]
    unknown = [name for name in settings if name not in known]
    for name in unknown:
        span = written[name].name.span if name in written else network.name.span
        sink(problems.UnknownSetting(span, name, network), None)
    place = Place({}, Scope(), library)
    place.top = True
    complete = not (unknown or declared_twice(network, sink))
    for parameter in network.parameters:
        name = parameter.name.text
        try:
            complete &= _bind(parameter, settings, place, written.get(name), sink)
        except EvaluationError as error:
            complete = False
            place.forget([name])
            if error.problem is not None:
                sink(error.problem, None)
    return place if complete else None


def declared_twice(definition: ast.Definition, sink: Sink) -> bool:
    """Whether two parameters have one name, which is reported."""
    first: dict[str, Span] = {}
    for name in (parameter.name for parameter in definition.parameters):
        if name.text in first:
            sink(problems.ParameterTwice(name.span, first[name.text], name.text, definition), None)
            return True
        first[name.text] = name.span
    return False


def _bind(
    parameter: ast.Parameter, settings: Mapping[str, Any], place: Place, written: ast.Setting | None, sink: Sink
) -> bool:
    name = parameter.name.text
    if name in settings:
        expression = None if written is None else written.value
        value = _setting(settings[name], place, expression.span if expression else parameter.name.span)
        place.bind({name: value}, Origin(written or parameter, expression, place))
        return True
    if parameter.default is None:
        sink(problems.NoValue(parameter.name.span, parameter), None)
        place.forget([name])
        return False
    value = evaluate_argument(parameter.default, place.variables)
    place.bind({name: place.resolve(value, parameter.default.span)}, Origin(parameter, parameter.default, place))
    return True


def _setting(value: Any, place: Place, span: Span) -> Any:
    """A setting; a word that names no layer and no block is text, because shells take the quotes of ``--set config="D"``."""
    if isinstance(value, Word) and place.library.find(value) is None:
        return str(value)
    return place.resolve(value, span)
