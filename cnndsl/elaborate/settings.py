"""Parameters of networks: their values from settings and defaults, and settings from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import Word
from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..source import Source, Span
from ..syntax import ast, parse_expression
from .expressions import EvaluationError, evaluate_argument
from .place import Place, did_you_mean
from .references import Library
from .scope import Scope
from .steps import limited_steps

__all__ = ["declared_twice", "parameter_values", "parse_setting"]


def parse_setting(text: str, diagnostics: Diagnostics, option: str = "--set") -> Any:
    """The value of ``--set name=value`` or another option, written as in a spec; None and an error if it is none."""
    source = Source(option, text)
    expression = parse_expression(Span(source, 0, len(source.text)), diagnostics)
    if expression is None:
        return None
    try:
        with limited_steps(diagnostics):
            return evaluate_argument(expression, {})
    except EvaluationError as error:
        if error.diagnostic is not None:
            diagnostics.report(error.diagnostic)
    return None


def parameter_values(
    network: ast.Definition,
    settings: Mapping[str, Any],
    library: Library,
    diagnostics: Diagnostics,
    spans: Mapping[str, Span] | None = None,
) -> dict[str, Any] | None:
    """The values of the network's parameters: settings first, then defaults, which may use the parameters before.

    ``spans`` says where settings are written, if in the spec.
    """
    known = [parameter.name.text for parameter in network.parameters]
    unknown = [name for name in settings if name not in known]
    for name in unknown:
        listed = f"its parameters are {', '.join(f'`{each}`' for each in known)}" if known else "it has no parameters"
        message = f"network `{network.name.text}` has no parameter `{name}`"
        help_ = did_you_mean(nearest(name, known)) or (listed,)
        where = Label((spans or {}).get(name, network.name.span))
        diagnostics.report(Diagnostic(names.UNKNOWN_SETTING, message, where, help=help_))
    place = Place({}, Scope(), library)
    complete = not (unknown or declared_twice(network, diagnostics))
    for parameter in network.parameters:
        try:
            complete &= _set_parameter(parameter, settings, place, diagnostics)
        except EvaluationError as error:
            complete = False
            if error.diagnostic is not None:
                diagnostics.report(error.diagnostic)
    return place.variables if complete else None


def declared_twice(definition: ast.Definition, diagnostics: Diagnostics) -> bool:
    """Whether two parameters have one name, which is reported."""
    first: dict[str, Span] = {}
    for name in (parameter.name for parameter in definition.parameters):
        if name.text in first:
            message = f"the parameter `{name.text}` is declared twice"
            places = Label(name.span, "again here"), (Label(first[name.text], "first here"),)
            diagnostics.report(Diagnostic(names.DUPLICATE_NAME, message, *places))
            return True
        first[name.text] = name.span
    return False


def _setting(value: Any, place: Place, span: Span) -> Any:
    """A setting; a word that names no layer and no block is text, because shells take the quotes of ``--set config="D"``."""
    if isinstance(value, Word) and place.library.find(value) is None:
        return str(value)
    return place.resolve(value, span)


def _set_parameter(
    parameter: ast.Parameter, settings: Mapping[str, Any], place: Place, diagnostics: Diagnostics
) -> bool:
    name = parameter.name.text
    if name in settings:
        place.variables[name] = _setting(settings[name], place, parameter.name.span)
        return True
    if parameter.default is None:
        help_ = f"give it a default, or a value with `--set {name}=...`"
        message = f"the parameter `{name}` has no value"
        label = Label(parameter.name.span)
        diagnostics.report(Diagnostic(names.MISSING_ATTRIBUTE, message, label, help=(help_,)))
        return False
    value = evaluate_argument(parameter.default, place.variables)
    try:
        place.variables[name] = place.resolve(value, parameter.default.span)
    except EvaluationError as error:
        raise EvaluationError(error.diagnostic and _without_quotes(parameter.default, error.diagnostic)) from None
    return True


def _without_quotes(default: ast.Expression, found: Diagnostic) -> Diagnostic:
    """``config = D`` where no layer, block or value is called so: it may be a text."""
    if found.fixes or not isinstance(default, ast.Variable):
        return found
    text = f'"{default.name}"'
    fix = Fix(f"write `{text}`", (Edit(default.span, text),), text in default.span.source.text)
    return found.replace(help=(*found.help, f"a text stands in quotes: `{text}`"), fixes=(fix,))
