"""Networks of a file: built at their settings, and held to what they expect of themselves at others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits, names
from ..ir import Graph
from ..ops import Shape
from ..source import Span
from ..syntax import ast
from .copies import copied
from .expectations import check_expectations, together
from .expressions import EvaluationError, evaluate_argument
from .limits import MAX_VARIANTS
from .network import NetworkElaborator
from .references import Library
from .settings import parameter_values

__all__ = ["Watcher", "elaborate_network", "find_network"]


class Watcher(Protocol):
    """Is shown a graph at the defaults, or at the settings that an expectation names."""

    def __call__(self, graph: Graph, *, expectation: Span | None = None) -> None: ...


def find_network(file: ast.File, name: str | None, diagnostics: Diagnostics) -> ast.Definition | None:
    """The network of this name, or the first of the file; None, and an error unless the file is a library of blocks."""
    _report_same_names(file, diagnostics)
    for network in file.networks:
        if name is None or network.name.text == name:
            return network
    if diagnostics.has_errors or (name is None and file.blocks):
        return None
    message = "the file has no network" if name is None else f"no network is called `{name}`"
    listed = ", ".join(f"`{network.name.text}`" for network in file.networks)
    help_ = f"the networks of the file are {listed}" if listed else "write `network Name { input 1x32x32 ... }`"
    place = Label(Span(file.span.source, 0, 0))
    diagnostics.report(Diagnostic(names.NO_NETWORK, message, place, help=(help_,)))
    return None


def _report_same_names(file: ast.File, diagnostics: Diagnostics) -> None:
    seen: dict[str, ast.Definition] = {}
    for network in file.networks:
        first = seen.setdefault(network.name.text, network)
        if first is not network:
            message = f"two networks are called `{network.name.text}`"
            place, before = Label(network.name.span, "again here"), (Label(first.name.span, "first here"),)
            found = Diagnostic(names.DUPLICATE_NAME, message, place, before, help=("rename one of them, or remove it",))
            diagnostics.report(copied(first.span, network.span) or found)


def elaborate_network(
    network: ast.Definition,
    settings: Mapping[str, Any],
    library: Library,
    diagnostics: Diagnostics,
    input_shape: Shape | None = None,
    expectations: bool = True,
    watch: Watcher | None = None,
) -> Graph | None:
    """The graph of a network at these settings, or None; every ``expect`` is held at the settings that it names.

    ``input_shape`` takes the place of the free extents of its input. Without ``expectations`` nothing is held, which saves
    the variants that they name. ``watch`` is shown each graph as it is built, unless there are errors by then.
    """
    values = parameter_values(network, settings, library, diagnostics)
    if values is None:
        return None
    elaborator = NetworkElaborator(network, values, library, diagnostics, input_shape)
    graph = elaborator.run()
    if graph is not None and watch is not None and not diagnostics.has_errors:
        watch(graph)
    if graph is not None and expectations:
        _Variants(network, library, graph, diagnostics, watch).check(elaborator.expectations)
    return graph


class _Variants:
    """The network at its defaults and at the settings that its expectations name; ``--set`` never breaks one."""

    def __init__(
        self,
        network: ast.Definition,
        library: Library,
        graph: Graph,
        diagnostics: Diagnostics,
        watch: Watcher | None,
    ) -> None:
        self.network = network
        self.library = library
        self.diagnostics = diagnostics
        self.watch = watch
        self.graph = graph
        self.told: set[object] = set()

    def check(self, expectations: list[ast.Expect]) -> None:
        """Build each variant once, hold all that is expected of it against it, and let it go."""
        variants: dict[str, tuple[Mapping[str, Any], list[ast.Expect]]] = {_key(self.graph.settings): ({}, [])}
        for expect in expectations:
            values = self._values(expect)
            if values is None:
                continue
            key = _key(values)
            if key not in variants and len(variants) > MAX_VARIANTS:
                message = f"the expectations name more than {MAX_VARIANTS} variants"
                self.diagnostics.report(Diagnostic(limits.TOO_MANY_OPERATORS, message, Label(expect.span)))
                break
            variants.setdefault(key, (values, []))[1].append(expect)
        broken: list[tuple[Diagnostic, ...]] = []
        for place, (settings, held) in enumerate(variants.values()):
            graph = self._build(settings, held[0]) if place else self.graph
            if graph is None:
                continue
            own = Diagnostics()
            check_expectations(held, graph, graph.settings, own)
            broken.append(own.sorted())
        for item in together(broken):
            self.diagnostics.report(item)

    def _values(self, expect: ast.Expect) -> dict[str, Any] | None:
        own = Diagnostics()
        settings = self._settings(expect)
        spans = {setting.name.text: setting.name.span for setting in expect.settings}
        values = None if settings is None else parameter_values(self.network, settings, self.library, own, spans)
        self._report(own, expect)
        return values

    def _build(self, values: Mapping[str, Any], expect: ast.Expect) -> Graph | None:
        own = Diagnostics()
        given = {setting.name.text: setting.value.span for setting in expect.settings}
        graph = NetworkElaborator(self.network, values, self.library, own, given=given).run()
        self._report(own, expect)
        if graph is not None and self.watch is not None and not self.diagnostics.has_errors:
            self.watch(graph, expectation=expect.span)
        return graph

    def _report(self, own: Diagnostics, expect: ast.Expect) -> None:
        """What is wrong at the defaults has been said; this is what the settings of an expectation bring about.

        One mistake may show at many settings, or in many blocks that one call leads to: it is said once.
        """
        named = [span for setting in expect.settings for span in (setting.name.span, setting.value.span)]
        for item in own.sorted():
            place = item.primary.span if item.primary else None
            trail = tuple(label.span for label in item.secondary)
            same = {(item.kind, place), (item.kind, item.message, trail or place)}
            if not self.told.isdisjoint(same):
                continue
            self.told |= same
            built = () if place in named else (Label(expect.span, "built for this expectation"),)
            self.diagnostics.report(item.replace(secondary=(*item.secondary, *built)))

    def _settings(self, expect: ast.Expect) -> dict[str, Any] | None:
        first: dict[str, Span] = {}
        for name in (setting.name for setting in expect.settings):
            if name.text in first:
                places = Label(name.span, "again here"), (Label(first[name.text], "first given here"),)
                self.diagnostics.report(Diagnostic(names.GIVEN_TWICE, f"`{name.text}` is given twice", *places))
                return None
            first[name.text] = name.span
        try:
            return {setting.name.text: evaluate_argument(setting.value, {}) for setting in expect.settings}
        except EvaluationError as error:
            if error.diagnostic is not None:
                self.diagnostics.report(error.diagnostic)
            return None


def _key(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={type(value).__name__}:{value!r}" for name, value in sorted(values.items()))
