"""The few functions that people import: they know the whole way from text to graph, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from .analysis.fit import misfit
from .analysis.lints import Linter
from .attributes import Declared, format_value
from .diagnostics import Diagnostic, DiagnosticError, Diagnostics, Label
from .diagnostics.kinds import training as kinds
from .diagnostics.kinds.names import NO_NETWORK, UNKNOWN_SETTING, WRONG_VALUE
from .diagnostics.kinds.shapes import UNDECIDED
from .elaborate import (
    build_library,
    changed_recipe,
    collect,
    elaborate_network,
    elaborate_recipes,
    find_network,
    limited_steps,
)
from .elaborate.training import CHOICES
from .ir import Graph
from .ops import format_shape
from .ops.extent import is_free
from .problems import Problem, Sink, Stop
from .reading import read_spec, read_used
from .recipe import Recipe
from .record import Record
from .source import Source, Span
from .syntax import ast, parse

_TRIAL_STEPS = 200_000
"""So much work is done to see whether an edit leaves nothing wrong."""

if TYPE_CHECKING:
    import graphviz

    from .backends.base import Array, Network
    from .explain import Explainer
    from .explain.trial import Offer
    from .solve import InputSizes, LayerSizes, Question
    from .training import TrainingResult

__all__ = ["Checked", "Model", "check_source", "check_text", "load", "solve_layer_of", "solve_source"]


class Checked(Record):
    """What is known of a spec: its tree, the graph and recipe of the chosen network, and all that is wrong with it.

    ``graph`` and ``recipe`` are None where mistakes leave none, or where the spec has none; ``graphs`` are those of all
    networks that were built, in the order of the file.
    """

    source: Source
    file: ast.File
    graph: Graph | None
    recipe: Recipe | None
    diagnostics: tuple[Diagnostic, ...]
    graphs: tuple[Graph, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether there are errors other than that a network does not fit the data that it is trained on."""
        return any(map(_leaves_no_graph, self.diagnostics))

    def require_graph(self) -> Graph:
        """The graph of a spec without errors; it may not fit the data that it is trained on.

        Raises:
            DiagnosticError: With every error of the spec.
        """
        if self.graph is not None and not self.has_errors:
            return _sized(self.graph)
        errors = tuple(filter(_leaves_no_graph, self.diagnostics))
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

    ``settings`` and ``input_shape``, which fills the free extents of the input, apply to the chosen one; that is the first
    unless it is named. Without ``expectations`` only the chosen network is built, no ``expect`` is held, and nobody asks
    whether it fits the data that it is trained on: enough for those who want to use it.
    """
    diagnostics = Diagnostics()
    request = _Request(settings or {}, network, input_shape, expectations)
    file = _parse(source, diagnostics, partial(_is_clean, request, source))
    sink = _Explained(file, diagnostics)
    linter = Linter(file)

    def watch(graph: Graph, *, expectation: Span | None = None, recipe: Recipe | None = None) -> None:
        if not diagnostics.has_errors:
            linter.network(graph, recipe, expectation)

    built = _elaborated(file, request, sink, diagnostics, watch)
    is_broken = diagnostics.has_errors
    if not is_broken:
        for each in built if expectations else ():
            _report_misfit(each, diagnostics)
        as_written = expectations and not settings and input_shape is None
        for warning in linter.warnings(as_written=as_written):
            diagnostics.report(warning)
    found = _told_once(diagnostics)
    if is_broken and expectations:
        from .explain.trial import proven  # only a text with mistakes needs it

        found = proven(found, source, partial(_errors, request), sink.offers)
    graphs = tuple(each.graph for each in built if each.graph is not None)
    chosen = next((each for each in built if each.is_chosen), None)
    graph, recipe = (chosen.graph, chosen.recipe) if chosen else (None, None)
    return Checked(source, file, graph, recipe, found, graphs)


class _Request(Record):
    """What is asked of a check: settings and an input for one of the networks, and whether expectations are looked at."""

    settings: Mapping[str, Any]
    network: str | None
    input_shape: tuple[int, ...] | None
    expectations: bool


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
        library = build_library(file, partial(_read, diagnostics), sink)
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
    diagnostics = Diagnostics(most)
    try:
        file = parse(source) if most == 1 else _parse(source, diagnostics)
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


class _Explained:
    """The sink that explains; what it needs is imported with the first problem."""

    def __init__(self, file: ast.File, diagnostics: Diagnostics) -> None:
        self.file = file
        self.diagnostics = diagnostics

    def __call__(self, problem: Problem, state: Any) -> None:
        self._explainer(problem, state)

    def offers(self, item: Diagnostic, only: bool) -> Iterable[Offer]:
        """What may have been meant, to be tried."""
        return self._explainer.offers(item, only)

    @cached_property
    def _explainer(self) -> Explainer:
        from .explain import Explainer

        std = _read(self.diagnostics, self.file.span.source, "std")
        return Explainer(self.file, [block.name.text for block in std.blocks], self.diagnostics)


def _read(diagnostics: Diagnostics, source: Source, name: str) -> ast.File:
    """The tree of a file that another uses; what cannot be understood of it is reported."""
    used = read_used(source, name)
    return _std(used.name, used.text) if name == "std" else _parse(used, diagnostics)


def _parse(source: Source, diagnostics: Diagnostics, trial: Callable[[str, bool], bool] | None = None) -> ast.File:
    """The tree of a text; what cannot be read is reported, with repairs that ``trial`` finds nothing wrong with."""
    try:
        return parse(source)
    except DiagnosticError as error:
        from .explain.syntax import recover  # only a text with mistakes needs it

        return recover(error, source, diagnostics, trial)


@cache
def _std(name: str, text: str) -> ast.File:
    """The library of the language, which is right and never changes: it is parsed once."""
    return parse(Source(name, text))


def _told_once(diagnostics: Diagnostics) -> tuple[Diagnostic, ...]:
    """What there is to say, in order, a mistake that was made in many places once."""
    found = diagnostics.sorted()
    if len(found) < 2:
        return found
    from .explain.once import merged  # a text with one mistake or none does not need it

    return merged(found)


def check_text(text: str, name: str = "<text>", settings: Mapping[str, Any] | None = None) -> Checked:
    """Check a text."""
    return check_source(Source(name, text), settings)


def load(
    path: str, *, network: str | None = None, input_shape: tuple[int, ...] | None = None, **settings: Any
) -> Model:
    """Read a spec from a file or the zoo (``zoo:lenet5``) and build its network with these parameters.

    Mistakes in the spec do not raise here: :meth:`Model.check` tells them, and every other method raises them.

    Raises:
        DiagnosticError: If the file cannot be read.
    """
    source, entry_settings = read_spec(path)
    return Model(check_source(source, {**entry_settings, **settings}, network, input_shape))


def _open_question(
    source: Source, settings: Mapping[str, Any] | None = None, network: str | None = None
) -> tuple[Question, tuple[int | None, ...]]:
    """A network whose input is to be found, and that input as it is written.

    Raises:
        DiagnosticError: With every mistake that stands before the input: the others may be what the question is about.
    """
    from .solve import Question

    diagnostics = Diagnostics()
    sink = collect(diagnostics)
    file = _parse(source, diagnostics)
    chosen = find_network(file, network, sink, whole=not diagnostics.has_errors)
    library = build_library(file, partial(_read, diagnostics), sink)
    diagnostics.raise_errors()
    if chosen is None:
        raise DiagnosticError(Diagnostic(NO_NETWORK, f"`{source.name}` has no network"))
    question = Question(chosen, settings or {}, library, diagnostics)
    written = question.written()
    diagnostics.raise_errors()
    if written is None:  # an input that never comes is found missing at its end
        question.walk((), ()).diagnostics.raise_errors()
    assert written is not None
    return question, written


def solve_source(
    source: Source,
    settings: Mapping[str, Any] | None = None,
    network: str | None = None,
    shape: tuple[int | None, ...] | None = None,
    up_to: int = 2048,
) -> InputSizes:
    """Which sizes of the input from 1 to ``up_to`` suit a network.

    ``shape`` has None for the extents that are asked about: unless it is given those that are free, else all but the channels.

    Raises:
        DiagnosticError: With the mistakes of the spec, or if the shape is not of the input's rank.
    """
    from .solve import free_axes, solve_input

    question, written = _open_question(source, settings, network)
    asked = free_axes(written) if shape is None else shape
    _require_askable(asked, written)
    found = solve_input(question, written, asked, up_to)
    question.diagnostics.raise_errors()
    assert found is not None
    return found


def _require_askable(asked: tuple[int | None, ...], written: tuple[int | None, ...]) -> None:
    """Refuse an input of another rank, and to ask about no axis or about more than two."""
    if len(asked) != len(written):
        message = f"an input of {format_shape(asked)} was asked about, and this is {format_shape(written)}"
        raise DiagnosticError(Diagnostic(UNKNOWN_SETTING, message, help=("give it as many extents",)))
    if asked.count(None) not in (1, 2):
        message = f"one or two extents can be asked about, not those of {format_shape(asked)}"
        raise DiagnosticError(
            Diagnostic(WRONG_VALUE, message, help=("write `--input 3x?x?`, with `?` for what to find",))
        )


def solve_layer_of(
    source: Source,
    layer: str | None,
    output: tuple[int, ...],
    settings: Mapping[str, Any] | None = None,
    network: str | None = None,
    shape: tuple[int | None, ...] | None = None,
) -> LayerSizes:
    """What to change of one layer, the last one if it is not named, so that its output has a wanted size.

    The layer is looked for in a network whose contracts may be broken, and behind which other layers may not fit.

    Raises:
        DiagnosticError: With the mistakes that leave no such layer.
    """
    from .solve import find_layer, solve_layer

    question, written = _open_question(source, settings, network)
    if shape is not None and len(shape) != len(written):
        _require_askable(shape, written)
    own = tuple(extent for extent in shape or written if extent is not None)
    if len(own) != len(written):
        raise DiagnosticError(
            Diagnostic(UNDECIDED, "the size of the input is free", help=("give it with `--input 3x224x224`",))
        )
    walk = question.walk(own, ())
    if layer is None and not walk.layers:
        walk.diagnostics.raise_errors()
    return solve_layer(walk.layers[-1] if layer is None else find_layer(walk.layers, layer), output)


def _with_changes(recipe: Recipe, changes: Mapping[str, Any]) -> Recipe:
    """A recipe with some settings changed.

    Raises:
        DiagnosticError: With what is wrong with them, as a ``train { }`` would be told.
    """
    made = {name: value for name, value in changes.items() if isinstance(value, Declared)}
    wrong = [name for name, value in made.items() if type(value) not in CHOICES.get(name, {}).values()]
    texts = {name: value.name if name in wrong else "" for name, value in made.items()}
    texts |= {name: _written(value) for name, value in changes.items() if name not in made}
    lines = [f"    {name} {text}\n" for name, text in texts.items() if text]
    source = Source("train(...)", "".join(("train {\n", *lines, "}\n")))
    diagnostics = Diagnostics()
    file = _parse(source, diagnostics)
    changed = changed_recipe(recipe, file.trains[0], _Explained(file, diagnostics)) if file.trains else None
    diagnostics.raise_errors()
    assert changed is not None
    return changed.replace(**{name: value for name, value in made.items() if name not in wrong})


def _written(value: object) -> str:
    """A value from Python as a spec writes it."""
    return value.replace("\n", " ") if isinstance(value, str) else format_value(value)


class Model:
    """A network: its spec, its typed graph, and after :meth:`train` or :meth:`restore` its weights."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self._network: Network | None = None

    def __repr__(self) -> str:
        return f"Model({self.checked.source.name!r}, {self.checked.graph})"

    @property
    def graph(self) -> Graph:
        """The typed graph."""
        return self.checked.require_graph()

    def check(self) -> tuple[Diagnostic, ...]:
        """All errors and warnings; empty if the spec is clean."""
        return self.checked.diagnostics

    def summary(self, *, explain: bool = False, depth: int | None = None, full: bool = False) -> str:
        """The table of layers with shapes, parameters and costs; ``explain`` adds the formulas.

        Equal blocks in a row are one line, and blocks are opened to a ``depth`` of 1 or more, by default to where the table
        has at most 60 lines; ``full`` gives each layer a line.
        """
        from .reports.summary import render_summary

        return render_summary(self.graph, explain=explain, depth=depth, full=full)

    def solve(self, shape: tuple[int | None, ...] | None = None, *, up_to: int = 2048) -> InputSizes:
        """Which sizes of the input from 1 to ``up_to`` are legal, lose no rows, and meet the contracts.

        ``shape`` has None for the extents that are asked about; without it those are all but the channels.
        """
        graph = self.checked.require_graph()
        return solve_source(self.checked.source, graph.settings, graph.name, shape, up_to)

    def diagram(
        self, *, depth: int | None = None, expand: Iterable[str] = (), collapse: Iterable[str] = (), **look: str
    ) -> graphviz.Digraph:
        """The picture of the network as a ``graphviz.Digraph``; its ``source`` is DOT.

        Blocks are opened ``depth - 1`` deep, by default as far as 40 boxes allow; ``expand`` and ``collapse`` name blocks to
        open and to shut. ``look`` is as on the command line: ``theme="dark"``, ``heat="macs"``, ``direction="LR"``,
        ``style="volumes"``.

        Raises:
            DiagnosticError: E0011 if no block has one of the names, E0012 if volumes are asked for and the network branches.
        """
        from .reports.diagram import diagram

        return diagram(self.graph, depth=depth, expand=expand, collapse=collapse, **look)

    def train(
        self,
        *,
        backend: str = "numpy",
        device: str = "cpu",
        dtype: str = "float32",
        data_dir: str | None = None,
        output: str | None = None,
        report: Callable[[Any], None] | None = None,
        **changes: Any,
    ) -> TrainingResult:
        """Train as the spec's ``train { }`` says; ``changes`` replace its settings, and are checked as they are.

        A change is what stands after the word of a setting: ``epochs=3``, ``optimizer="adam lr=1e-3"``; or what
        :mod:`cnndsl.recipe` has for it, such as ``optimizer=Adam(lr=1e-3)``.

        Raises:
            DiagnosticError: If the spec, its data or the output folder is at fault.
        """
        from .training import train_network

        recipe = _with_changes(self.checked.require_recipe(), changes)
        result = train_network(
            self.graph,
            recipe,
            backend=backend,
            device=device,
            dtype=dtype,
            data_dir=data_dir,
            output=output,
            report=report,
            spec_text=self.checked.source.text,
        )
        self._network = result.network
        return result

    def restore(self, checkpoint: str, *, backend: str = "numpy", device: str = "cpu") -> None:
        """Take the weights of a checkpoint.

        Raises:
            DiagnosticError: E0421 or E0422 if the checkpoint is damaged or of another network.
        """
        from .training import load_network

        self._network = load_network(self.graph, checkpoint, backend=backend, device=device)

    def predict(self, x: Array) -> Array:
        """The output for x, N x input shape, of any N; with untrained weights (seed 0) before :meth:`train`."""
        from .training.metrics import run_batches

        if self._network is None:
            from .backends import find_backend

            self._network = find_backend("numpy").compile(self.graph)
        return run_batches(self._network, x)
