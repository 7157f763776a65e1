"""Networks of a file: built at their settings, and held to what they expect of themselves at others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits, names
from ..ir import Graph
from ..source import Span
from ..syntax import ast
from .expectations import check_expectation
from .expressions import EvaluationError, evaluate_argument
from .limits import MAX_VARIANTS
from .network import NetworkElaborator
from .references import Library
from .settings import parameter_values

__all__ = ["elaborate_network", "find_network"]


def find_network(file: ast.File, name: str | None, diagnostics: Diagnostics) -> ast.Definition | None:
    """The network of this name, or the first of the file; None, and an error unless the file is a library of blocks."""
    for network in file.networks:
        if name is None or network.name.text == name:
            return network
    if diagnostics.has_errors or (name is None and file.blocks):
        return None
    message = "the file has no network" if name is None else f"no network is called `{name}`"
    listed = ", ".join(network.name.text for network in file.networks)
    help_ = f"there are {listed}" if listed else "write `network Name { input 1x32x32 ... }`"
    place = Label(Span(file.span.source, 0, 0))
    diagnostics.report(Diagnostic(names.NO_NETWORK, message, place, help=(help_,)))
    return None


def elaborate_network(
    network: ast.Definition, settings: Mapping[str, Any], library: Library, diagnostics: Diagnostics
) -> Graph | None:
    """The graph of a network at these settings, or None; every ``expect`` is held at the settings that it names."""
    values = parameter_values(network, settings, library, diagnostics)
    if values is None:
        return None
    elaborator = NetworkElaborator(network, values, library, diagnostics)
    graph = elaborator.run()
    if graph is not None:
        _Variants(network, library, graph, diagnostics).check(elaborator.expectations)
    return graph


class _Variants:
    """The network at its defaults and at the settings that its expectations name; ``--set`` never breaks one."""

    def __init__(self, network: ast.Definition, library: Library, graph: Graph, diagnostics: Diagnostics) -> None:
        self.network = network
        self.library = library
        self.diagnostics = diagnostics
        self.built: dict[str, Graph | None] = {_key(graph.settings): graph}

    def check(self, expectations: list[ast.Expect]) -> None:
        for expect in expectations:
            if len(self.built) > MAX_VARIANTS:
                message = f"the expectations name more than {MAX_VARIANTS} variants"
                self.diagnostics.report(Diagnostic(limits.TOO_MANY_OPERATORS, message, Label(expect.span)))
                return
            variant = self._variant(expect)
            if variant is not None:
                check_expectation(expect, variant, variant.settings, self.diagnostics)

    def _variant(self, expect: ast.Expect) -> Graph | None:
        own = Diagnostics()
        settings = self._settings(expect)
        values = None if settings is None else parameter_values(self.network, settings, self.library, own)
        if values is not None and _key(values) not in self.built:
            self.built[_key(values)] = NetworkElaborator(self.network, values, self.library, own).run()
        for item in own.sorted():
            # what is wrong at the defaults has been said; here only what these settings bring about
            trail = (*item.secondary, Label(expect.span, "built for this expectation"))
            self.diagnostics.report(item.replace(secondary=trail))
        return None if values is None else self.built[_key(values)]

    def _settings(self, expect: ast.Expect) -> dict[str, Any] | None:
        try:
            return {setting.name.text: evaluate_argument(setting.value, {}) for setting in expect.settings}
        except EvaluationError as error:
            if error.diagnostic is not None:
                self.diagnostics.report(error.diagnostic)
            return None


def _key(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={type(value).__name__}:{format_value(value)}" for name, value in sorted(values.items()))
