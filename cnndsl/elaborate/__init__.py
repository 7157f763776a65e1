"""From the syntax tree to typed graphs and a recipe: names, arguments, shapes, contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits, names
from ..diagnostics.suggest import nearest
from ..ir import Graph
from ..recipe import Recipe
from ..source import Source
from ..syntax import ast, parse
from .expectations import check_expectation
from .expressions import EvaluationError, evaluate, evaluate_argument
from .network import NetworkElaborator
from .training import elaborate_train

__all__ = ["MAX_VARIANTS", "elaborate_network", "elaborate_recipe", "find_network", "parse_setting"]

MAX_VARIANTS = 64


def elaborate_network(network: ast.Definition, settings: Mapping[str, Any], diagnostics: Diagnostics) -> Graph | None:
    """The graph of a network at these settings, or None; every ``expect`` is held at the settings that it names."""
    values = _parameters(network, settings, diagnostics)
    if values is None:
        return None
    elaborator = NetworkElaborator(network, values, diagnostics)
    graph = elaborator.run()
    if graph is not None:
        _check_expectations(network, elaborator.expectations, graph, diagnostics)
    return graph


def elaborate_recipe(file: ast.File, network: str, diagnostics: Diagnostics) -> Recipe | None:
    """How the file says that a network is trained: its ``train Name { }``, else its ``train { }``, else None."""
    for train in file.trains:
        if train.name is not None and train.name.text not in [item.name.text for item in file.networks]:
            meant = nearest(train.name.text, [item.name.text for item in file.networks])
            help_ = (f"did you mean `{meant}`?",) if meant else ()
            place = Label(train.name.span)
            diagnostics.report(
                Diagnostic(names.UNKNOWN_NAME, f"no network is called `{train.name.text}`", place, help=help_)
            )
    recipes = {train.name.text if train.name else "": elaborate_train(train, diagnostics) for train in file.trains}
    return recipes.get(network, recipes.get(""))


def find_network(file: ast.File, name: str | None, diagnostics: Diagnostics) -> ast.Definition | None:
    """The network of this name, or the first of the file; None and an error if there is none."""
    for network in file.networks:
        if name is None or network.name.text == name:
            return network
    source = file.span.source
    message = "the file has no network" if name is None else f"no network is called `{name}`"
    help_ = "write `network Name { input 1x32x32 ... }`" if name is None else ""
    if not diagnostics.has_errors:
        place = Label(type(file.span)(source, 0, 0))
        diagnostics.report(Diagnostic(names.NO_NETWORK, message, place, help=(help_,) if help_ else ()))
    return None


def parse_setting(text: str, diagnostics: Diagnostics) -> Any:
    """The value of ``--set name=value``, written as in a spec; None and an error if it is none."""
    source = Source("--set", f"network _(value = {text}) {{ input 1 }}")
    file = parse(source, diagnostics)
    default = file.networks[0].parameters[0].default if file.networks and file.networks[0].parameters else None
    if diagnostics.has_errors or default is None:
        return None
    try:
        return evaluate_argument(default, {})
    except EvaluationError as error:
        if error.diagnostic is not None:
            diagnostics.report(error.diagnostic)
        return None


def _parameters(
    network: ast.Definition, settings: Mapping[str, Any], diagnostics: Diagnostics
) -> dict[str, Any] | None:
    """The values of the network's parameters: settings first, then defaults, which may use the parameters before."""
    known = [parameter.name.text for parameter in network.parameters]
    unknown = [name for name in settings if name not in known]
    for name in unknown:
        meant = nearest(name, known)
        listed = f"there are {', '.join(known)}" if known else "it has no parameters"
        help_ = f"did you mean `{meant}`?" if meant else listed
        message = f"network `{network.name.text}` has no parameter `{name}`"
        diagnostics.report(Diagnostic(names.UNKNOWN_SETTING, message, Label(network.name.span), help=(help_,)))
    values: dict[str, Any] = {}
    complete = not unknown
    for parameter in network.parameters:
        complete &= _parameter(parameter, settings, values, diagnostics)
    return values if complete else None


def _parameter(
    parameter: ast.Parameter, settings: Mapping[str, Any], values: dict[str, Any], diagnostics: Diagnostics
) -> bool:
    name = parameter.name.text
    if name in values:
        place = Label(parameter.name.span, "again here")
        diagnostics.report(Diagnostic(names.DUPLICATE_NAME, f"the parameter `{name}` is declared twice", place))
        return False
    if name in settings:
        values[name] = settings[name]
        return True
    if parameter.default is None:
        help_ = f"give it a default, or a value with `--set {name}=...`"
        place = Label(parameter.name.span)
        diagnostics.report(
            Diagnostic(names.MISSING_ATTRIBUTE, f"the parameter `{name}` has no value", place, help=(help_,))
        )
        return False
    try:
        values[name] = evaluate(parameter.default, values)
    except EvaluationError as error:
        if error.diagnostic is not None:
            diagnostics.report(error.diagnostic)
        return False
    return True


def _check_expectations(
    network: ast.Definition, expectations: list[ast.Expect], graph: Graph, diagnostics: Diagnostics
) -> None:
    """Hold each expectation against the variant of the network that it speaks of; ``--set`` never breaks one."""
    variants: dict[str, Graph | None] = {_key(graph.settings): graph}
    for expect in expectations:
        settings = _expected_settings(expect, diagnostics)
        if settings is None:
            continue
        if len(variants) >= MAX_VARIANTS:
            message = f"the expectations name more than {MAX_VARIANTS} variants"
            diagnostics.report(Diagnostic(limits.TOO_MANY_OPERATORS, message, Label(expect.span)))
            return
        variant = _variant(network, settings, expect, variants, diagnostics)
        if variant is not None:
            check_expectation(expect, variant, variant.settings, diagnostics)


def _expected_settings(expect: ast.Expect, diagnostics: Diagnostics) -> dict[str, Any] | None:
    try:
        return {setting.name.text: evaluate_argument(setting.value, {}) for setting in expect.settings}
    except EvaluationError as error:
        if error.diagnostic is not None:
            diagnostics.report(error.diagnostic)
        return None


def _variant(
    network: ast.Definition,
    settings: dict[str, Any],
    expect: ast.Expect,
    variants: dict[str, Graph | None],
    diagnostics: Diagnostics,
) -> Graph | None:
    own = Diagnostics()
    values = _parameters(network, settings, own)
    if values is not None and _key(values) not in variants:
        variants[_key(values)] = NetworkElaborator(network, values, own).run()
    for item in own.sorted():
        note = f"found while building the network for `{expect.span.text}`"
        diagnostics.report(item.replace(notes=(*item.notes, note)))
    return None if values is None else variants[_key(values)]


def _key(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={type(value).__name__}:{format_value(value)}" for name, value in sorted(values.items()))
