"""The way from a text to its graph, and to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from ..analysis.fit import misfit
from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics, Label
from ..diagnostics.kinds import training as kinds
from ..diagnostics.kinds.names import NO_NETWORK
from ..diagnostics.kinds.shapes import UNDECIDED
from ..elaborate import (
    build_library,
    collect,
    elaborate_network,
    elaborate_recipes,
    find_network,
    limited_steps,
)
from ..ir import Graph
from ..ops.free_size import is_free
from ..problems import Problem, Sink, Stop
from ..reading import read_used
from ..recipe import Recipe
from ..record import Record, field
from ..source import Source, Span, SpecRequest
from ..syntax import ast, parse

if TYPE_CHECKING:
    from ..explain import Explainer
    from ..explain.trial import Offer


__all__ = ["Checked", "Explained", "check_source", "check_text", "parse_text", "read_file"]

_Seen = tuple[Graph, Recipe | None, Span | None]
"""A network, how it is trained, and the place of the expectation that it was built for, if it was."""

_TRIAL_STEPS = 200_000
"""So much work is done to see whether an edit leaves nothing wrong."""


class Checked(Record):
    """What is known of a spec: its tree, the graph and recipe of the chosen network, and all that is wrong with it.

    ``graph`` and ``recipe`` are None where mistakes leave none, or where the spec has none; ``graphs`` are those of all
    networks that were built, in the order of the file. ``found`` is what is wrong; lints look at it when the ``diagnostics``
    are asked for, as most of those who use a network do not ask.
    """

    source: Source
    file: ast.File
    graph: Graph | None
    recipe: Recipe | None
    found: tuple[Diagnostic, ...]
    graphs: tuple[Graph, ...] = ()
    lint: Callable[[], Iterable[Diagnostic]] = field(default=tuple, compare=False)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that there is to say of the spec, in order."""
        diagnostics = Diagnostics()
        for item in (*self.found, *self.lint()):
            diagnostics.report(item)
        return _told_once(diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether there are errors other than that a network does not fit the data that it is trained on."""
        return any(map(_leaves_no_graph, self.found))

    def require_graph(self) -> Graph:
        """The graph of a spec without errors; it may not fit the data that it is trained on.

        Raises:
            DiagnosticError: With every error of the spec.
        """
        if self.graph is not None and not self.has_errors:
            return _sized(self.graph)
        errors = tuple(filter(_leaves_no_graph, self.found))
        raise DiagnosticError(*errors or (Diagnostic(NO_NETWORK, f"`{self.source.name}` has no network"),))

    def require_recipe(self) -> Recipe:
        """The recipe of a spec without errors.

        Raises:
            DiagnosticError: With every error of the spec, or E0403 if it has no ``train { }``.
        """
        graph = self.require_graph()
        if self.recipe is None:
            message = f"`{self.source.name}` does not say how `{graph.name}` is trained"
            help_ = "add `train { data digits | optimizer adam lr=1e-3 | epochs 10 }`"
            raise DiagnosticError(Diagnostic(kinds.MISSING_TRAINING_SETTING, message, help=(help_,)))
        return self.recipe


def _leaves_no_graph(item: Diagnostic) -> bool:
    return item.is_error and item.kind is not kinds.DATA_MISFIT


def _sized(graph: Graph) -> Graph:
    """The graph, if its input has a size."""
    if not is_free(graph.input.type.shape):
        return graph
    message = f"the input of `{graph.name}` is {graph.input.type}: its size is free"
    raise DiagnosticError(Diagnostic(UNDECIDED, message, help=("give it with `--input 3x224x224`",)))


def check_source(
    source: Source,
    settings: Mapping[str, Any] | None = None,
    network: str | None = None,
    input_shape: tuple[int, ...] | None = None,
    expectations: bool = True,
) -> Checked:
    """Check every network of a source.

    ``settings`` and ``input_shape``, which fills the free sizes of the input, apply to the chosen one; that is the first
    unless it is named. Without ``expectations`` only the chosen network is built, no ``expect`` is held, and nobody asks
    whether it fits the data that it is trained on: enough for those who want to use it. Nobody asks that of a network with
    other settings or another input than its own either; a training does.
    """
    diagnostics = Diagnostics()
    request = _Request(settings or {}, network, input_shape, expectations, {})
    file = parse_text(source, diagnostics, partial(_is_clean, request, source))
    is_read = not diagnostics.has_errors
    sink = Explained(file, diagnostics)
    seen: list[_Seen] = []

    def watch(graph: Graph, *, expectation: Span | None = None, recipe: Recipe | None = None) -> None:
        seen.append((graph, recipe, expectation))

    built = [] if _is_repaired(source, diagnostics, request) else _elaborated(file, request, sink, diagnostics, watch)
    is_broken = diagnostics.has_errors
    if not is_broken:
        as_asked = input_shape is not None or bool(settings)
        for each in built if expectations else ():
            if not (each.is_chosen and as_asked):
                _report_misfit(each, diagnostics)
    found = _told_once(diagnostics)
    if is_broken and expectations:
        from ..explain.trial import proven  # only a text with mistakes needs it

        before = sink.plain.sorted() if is_read else None
        found = proven(found, source, partial(_errors, request), sink.offers, before)
    graphs = tuple(each.graph for each in built if each.graph is not None)
    chosen = next((each for each in built if each.is_chosen), None)
    graph, recipe = (chosen.graph, chosen.recipe) if chosen else (None, None)
    if graph is not None:
        graph.request = SpecRequest(source, settings or {}, network, input_shape)
    as_written = expectations and not settings and input_shape is None
    lint = tuple if is_broken else partial(_warnings, file, seen, as_written=as_written)
    return Checked(source, file, graph, recipe, found, graphs, lint)


def _warnings(file: ast.File, seen: Iterable[_Seen], *, as_written: bool) -> Iterable[Diagnostic]:
    """What the lints say of networks without errors; ``as_written`` if they were built as the file says."""
    from ..analysis.lints import Linter  # slow to load, and not needed to use a network

    linter = Linter(file)
    for each in seen:
        linter.network(*each)
    return linter.warnings(as_written=as_written)


class _Request(Record):
    """What is asked of a check: settings and an input for one of the networks, and whether expectations are looked at."""

    settings: Mapping[str, Any]
    network: str | None
    input_shape: tuple[int, ...] | None
    expectations: bool
    tried: dict[tuple[str, bool], tuple[Diagnostic, ...]]
    """The first errors of texts, with or without what they expect, so that none is tried twice."""


class _Built(Record):
    """A network, its graph unless mistakes leave none, and how it is trained; ``is_chosen`` if it is the one asked for."""

    network: ast.Definition
    recipe: Recipe | None
    graph: Graph | None
    is_chosen: bool


def _elaborated(
    file: ast.File, request: _Request, sink: Sink, diagnostics: Diagnostics, watch: Callable[..., None] | None = None
) -> list[_Built]:
    """The networks that are asked for, in the order of the file; every problem of the file goes to the sink."""
    built: list[_Built] = []
    with suppress(Stop), limited_steps(sink):
        chosen = find_network(file, request.network, sink, whole=not diagnostics.has_errors)
        library = build_library(file, partial(read_file, diagnostics), sink)
        recipe_of = elaborate_recipes(file, sink)
        for item in file.networks if request.expectations else (chosen,) if chosen else ():
            recipe = recipe_of(item.name.text)
            shown = watch and partial(watch, recipe=recipe)
            asked = (request.settings, request.input_shape) if item is chosen else ({}, None)
            graph = elaborate_network(item, asked[0], library, sink, asked[1], request.expectations, shown)
            built.append(_Built(item, recipe, graph, item is chosen))
    return built


def _report_misfit(built: _Built, diagnostics: Diagnostics) -> None:
    """Report why ``train`` would refuse a network."""
    network, graph, recipe = built.network, built.graph, built.recipe
    found = None if graph is None or recipe is None else misfit(graph, recipe)
    if found is not None:
        inputs = (each.action for each in network.body.statements if isinstance(each.action, ast.Call))
        place = next((action.span for action in inputs if action.word.text == "input"), network.name.span)
        diagnostics.report(found.replace(primary=found.primary or Label(place)))


def _errors(request: _Request, source: Source, most: int) -> tuple[Diagnostic, ...]:
    """The errors of a text, up to so many, in their own words."""
    key = (source.text, request.expectations)
    known = request.tried.get(key)
    if known is None or 0 < len(known) < most:
        known = request.tried[key] = _found(request, source, most)
    return known


def _found(request: _Request, source: Source, most: int) -> tuple[Diagnostic, ...]:
    diagnostics = Diagnostics(most)
    try:
        file = parse(source) if most == 1 else parse_text(source, diagnostics, explained=False)
    except DiagnosticError as error:
        return error.diagnostics
    _elaborated(file, request, collect(diagnostics), diagnostics)
    return tuple(item for item in diagnostics.sorted() if item.is_error)


def _is_clean(request: _Request, source: Source, text: str, whole: bool) -> bool:
    """Whether nothing is wrong with a text in place of a source, as far as so many steps can tell.

    If not ``whole``, no variants that it expects figures of are built.
    """
    tried = Source(source.name, text, source.path)
    with limited_steps(lambda problem, state: None, _TRIAL_STEPS):
        return not _errors(request.replace(expectations=request.expectations and whole), tried, 1)
    return False


def _is_repaired(source: Source, diagnostics: Diagnostics, request: _Request) -> bool:
    """Whether the first fixes of all that cannot be read give a text in which nothing else is wrong, as was tried."""
    if all(request.tried.values()):
        return False
    from ..diagnostics.fixing import apply_edits  # only a text with mistakes needs it

    errors = [item for item in diagnostics.sorted() if item.is_error]
    edits = [edit for item in errors for fix in item.fixes[:1] for edit in fix.edits]
    return request.tried.get((apply_edits(source.text, edits), request.expectations)) == ()


class Explained:
    """The sink that explains; what it needs is imported with the first problem."""

    def __init__(self, file: ast.File, diagnostics: Diagnostics) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.plain = Diagnostics()
        """The problems in their own words."""
        self._collect = collect(self.plain)

    def __call__(self, problem: Problem, state: Any) -> None:
        self._explainer(problem, state)
        self._collect(problem, state)

    def offers(self, item: Diagnostic) -> Iterable[Offer]:
        """What may have been meant, to be tried."""
        return self._explainer.offers(item)

    @cached_property
    def _explainer(self) -> Explainer:
        from ..explain import Explainer

        std = read_file(self.diagnostics, self.file.span.source, "std")
        return Explainer(self.file, [block.name.text for block in std.blocks], self.diagnostics)


def read_file(diagnostics: Diagnostics, source: Source, name: str) -> ast.File:
    """The tree of a file that another uses; what cannot be understood of it is reported."""
    used = read_used(source, name)
    return _std(used.name, used.text) if name == "std" else parse_text(used, diagnostics)


def parse_text(
    source: Source,
    diagnostics: Diagnostics,
    trial: Callable[[str, bool], bool] | None = None,
    *,
    explained: bool = True,
) -> ast.File:
    """The tree of a text; what cannot be read is reported, with repairs that ``trial`` finds nothing wrong with."""
    try:
        return parse(source)
    except DiagnosticError as error:
        from ..explain.syntax import recover  # only a text with mistakes needs it

        return recover(error, source, diagnostics, trial, explained=explained)


@cache
def _std(name: str, text: str) -> ast.File:
    """The library of the language, which is right and never changes: it is parsed once."""
    return parse(Source(name, text))


def _told_once(diagnostics: Diagnostics) -> tuple[Diagnostic, ...]:
    """What there is to say, in order, a mistake that was made in many places once."""
    found = diagnostics.sorted()
    if len(found) < 2:
        return found
    from ..explain import merged  # a text with one mistake or none does not need it

    return merged(found)


def check_text(text: str, name: str = "<text>", settings: Mapping[str, Any] | None = None) -> Checked:
    """Check the text of a spec; ``name`` is what messages call it. Mistakes are in the result, and never raised."""
    return check_source(Source(name, text), settings)
