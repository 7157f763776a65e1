"""Training and evaluation as single calls: what the Python interface and the commands are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, Unpack

from ..backends import find_backend
from ..backends.base import Computing, Network
from ..diagnostics import Diagnostic
from ..ir import Graph
from ..recipe import Recipe
from ..record import Record
from .checkpoints.checkpoint import Tensors
from .checkpoints.network import as_data
from .checkpoints.record import CheckpointRecord, plain, recipe_as_data
from .data import (
    Data,
    Preparation,
    Request,
    load,
    load_held_out,
    require_fit,
    require_fit_of_recipe,
    with_normalization,
)
from .evaluation.metrics import Evaluation, evaluate
from .history import EpochResult, Position, Report
from .loop import Callbacks, Training
from .pages.report import render_report
from .result import TrainingResult
from .run.folder import RunFolder, package_versions
from .run.standing import Standing

__all__ = ["Run", "evaluate_network", "read_data", "train_network"]


class Run(Record):
    """What goes on around a training: where it is written, who is told, and who may stop it.

    Into the folder ``output``, if given, go a checkpoint after each epoch (``model.safetensors``, ``model.json``,
    ``trainer.safetensors``), ``history.jsonl``, and at the end ``report.html`` and the learning curve (``curve.png``); a
    checkpoint keeps ``spec_text``, so that it can be used alone. Of the epochs before the last one, ``keep`` checkpoints are
    kept in folders ``epoch-N``.

    With ``resume`` the training goes on from where it stands there, if there is one, and with ``force`` though its settings or
    its network are others. If that checkpoint is damaged, ``note`` is told, and the training goes on from the one before.
    ``report`` is told of each batch and epoch. As soon as ``stop`` says so, a checkpoint is written after the step that is
    computed, and KeyboardInterrupt raised.
    """

    output: str | None = None
    spec_text: str = ""
    resume: bool = False
    force: bool = False
    report: Report = lambda event: None
    stop: Callable[[], bool] = lambda: False
    weights: Mapping[str, Any] = {}
    """What takes the place of initial tensors, by name."""
    keep: int = 1
    note: Callable[[Diagnostic], None] = lambda problem: None


def read_data(
    graph: Graph,
    recipe: Recipe,
    data_dir: str | None = None,
    spec_folder: str = ".",
    warn: Callable[[Diagnostic], None] = lambda found: None,
) -> Data:
    """The data that a recipe names; files that it names itself are looked for in the folder of the spec.

    ``warn`` is told of what is lost on the way, such as the ends of sentences.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read.
    """
    require_fit(graph, recipe)
    return load(recipe.data, Request(graph, data_dir, spec_folder, warn=warn))


def train_network(
    graph: Graph,
    recipe: Recipe,
    data: Data | None = None,
    *,
    backend: str = "numpy",
    dtype: str = "float32",
    run: Run | None = None,
    **computing: Unpack[Computing],
) -> TrainingResult:
    """Train a network from its initial weights as the recipe says, or from where it stands in the folder of ``run``.

    ``data`` is by default what the recipe names, where the user keeps such data.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read, E0431 if the loss
            is no longer finite, E0432 without the device, E0006 without a package, E0003 or E0004 if the folder cannot be
            written, E0421 or E0422 if nothing there can be gone on from.
        KeyboardInterrupt: If ``run`` says that it is to stop.
    """
    run = run or Run()
    require_fit_of_recipe(graph, recipe)
    maker = find_backend(backend)
    network = maker.compile(graph, dtype=dtype, seed=recipe.seed, **computing)
    if run.weights:
        network.load_state({**network.state(), **run.weights})
    if data is None:
        data = read_data(graph, recipe)
    data = with_normalization(data, recipe.normalize)
    network.workers = maker.workers(computing.get("device", "cpu"), dtype)
    if run.output is None or network.workers.rank > 0:
        return _train(network, data, recipe, None, run)
    folder = RunFolder(run.output, _first_record(graph, recipe, run.spec_text, dtype, data, backend), run.keep)
    try:
        return _train(network, data, recipe, folder, run)
    finally:
        folder.close()


def _train(network: Network, data: Data, recipe: Recipe, folder: RunFolder | None, run: Run) -> TrainingResult:
    best: Mapping[str, Any] = {}

    def save(position: Position, history: Sequence[EpochResult], state: Tensors, is_best: bool) -> None:
        nonlocal best
        tensors = network.state()
        is_best = is_best and recipe.validation > 0
        if is_best:
            best = tensors
        if folder is not None:
            folder.save(position, history, tensors, state, best=is_best)

    start = perf_counter()
    callbacks = Callbacks(report=run.report, save=save, stop=run.stop)
    training = Training(network, data, recipe, callbacks)
    if run.resume and run.output is not None:
        best = _go_on(training, folder, run)
    history = training.run()
    if recipe.validation:
        network.load_state(best)
        found = evaluate(network, data.held_out, recipe.loss, workers=network.workers)
        accuracy, loss = found.accuracy, found.loss
    else:
        accuracy, loss = history[-1].accuracy, history[-1].loss
    seconds = perf_counter() - start
    title = f"{network.graph.name} on {recipe.data.name}, seed {recipe.seed}"
    curve = folder.draw(title, history) if folder is not None else None
    path = folder.path if folder is not None else None
    page = folder.report(render_report(title, network, data, recipe, history)) if folder is not None else None
    return TrainingResult(accuracy, loss, seconds, path, curve, history, network, page, data.preparation)


def _go_on(training: Training, folder: RunFolder | None, run: Run) -> Mapping[str, Any]:
    """Bring a training to where the checkpoint in its folder was written, if there is one: gives the best epoch's tensors.

    One worker reads it, whichever machine that is on, and gives it to the others.
    """
    workers, recipe, graph = training.network.workers, training.recipe, training.network.graph
    standing = None
    if folder is not None and (earlier := folder.earlier(graph, force=run.force, note=run.note)):
        done = bool(recipe.validation and earlier[0].history)
        standing = Standing.of_checkpoint(*earlier, folder.best(graph) if done else {}, recipe)
    if workers.count > 1:
        standing = Standing.from_bytes(workers.share(b"" if standing is None else standing.to_bytes()), recipe)
    if standing is None:
        return {}
    training.network.load_state(standing.network)
    training.load_state(standing.trainer)
    training.position, training.history = standing.position, list(standing.history)
    return standing.best


def evaluate_network(
    network: Network,
    recipe: Recipe,
    *,
    data_dir: str | None = None,
    spec_folder: str = ".",
    preparation: Preparation | None = None,
    warn: Callable[[Diagnostic], None] = lambda found: None,
) -> Evaluation:
    """How well a network does on the held-out part of the recipe's data, which goes through the training's preparation.

    ``warn`` is told of what is lost on the way.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read.
    """
    request = Request(network.graph, data_dir, spec_folder, preparation, warn=warn)
    return evaluate(network, load_held_out(recipe.data, request), recipe.loss)


def _first_record(
    graph: Graph, recipe: Recipe, spec_text: str, dtype: str, data: Data, backend: str
) -> CheckpointRecord:
    """The record of a training before its first epoch."""
    return CheckpointRecord(
        network=graph.name,
        spec=spec_text,
        settings={name: plain(value) for name, value in graph.settings.items()},
        graph=as_data(graph),
        request=None if graph.request is None else graph.request.key,
        recipe=recipe_as_data(recipe),
        class_names=data.class_names,
        epoch=0,
        dtype=dtype,
        history=(),
        sha256="0" * 64,
        size=0,
        versions=package_versions(backend),
        preparation=data.preparation.as_data(),
        position=Position().row(),
        trainer_sha256="0" * 64,
        trainer_size=0,
    )
