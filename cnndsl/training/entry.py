"""Training, evaluation and loading as single calls: what the Python interface and the commands are made of."""

from __future__ import annotations

from time import perf_counter

from ..backends import find_backend
from ..backends.base import Network
from ..ir import Graph
from ..recipe import Recipe
from .architecture import architecture_of
from .checkpoint import load_tensors, require_same_data
from .checkpoint_record import CheckpointRecord, plain, recipe_as_data
from .data import Data, Preparation, Request, load, load_held_out, require_fit
from .history import EpochResult, Report
from .loop import train
from .metrics import Evaluation, evaluate
from .result import TrainingResult
from .run_folder import RunFolder, package_versions

__all__ = ["evaluate_network", "load_network", "read_data", "train_network"]


def read_data(graph: Graph, recipe: Recipe, data_dir: str | None = None, spec_folder: str = ".") -> Data:
    """The data that a recipe names; files that it names itself are looked for in the folder of the spec.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read.
    """
    require_fit(graph, recipe)
    return load(recipe.data, Request(graph, data_dir, spec_folder))


def train_network(
    graph: Graph,
    recipe: Recipe,
    data: Data | None = None,
    *,
    backend: str = "numpy",
    device: str = "cpu",
    dtype: str = "float32",
    output: str | None = None,
    report: Report | None = None,
    spec_text: str = "",
) -> TrainingResult:
    """Train a network from its initial weights as the recipe says.

    ``data`` is by default what the recipe names, where the user keeps such data. Into the folder ``output``, if given, go a
    checkpoint after each epoch (``model.safetensors``, ``model.json``) and at the end the learning curve (``curve.png``).
    ``report`` is told of each batch and epoch. The checkpoint keeps ``spec_text``, so that it can be used alone.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read, E0431 if the loss
            is no longer finite, E0432 without the device, E0006 without a package, E0003 or E0004 if the folder cannot be
            written.
    """
    network = find_backend(backend).compile(graph, dtype=dtype, seed=recipe.seed, device=device)
    if data is None:
        data = read_data(graph, recipe)
    if output is None:
        return _train(network, data, recipe, None, report)
    folder = RunFolder(output, _first_record(graph, recipe, spec_text, dtype, data, backend))
    try:
        return _train(network, data, recipe, folder, report)
    finally:
        folder.close()


def _train(
    network: Network, data: Data, recipe: Recipe, folder: RunFolder | None, report: Report | None
) -> TrainingResult:
    def save(result: EpochResult) -> None:
        if folder is not None:
            folder.save(result, network)

    start = perf_counter()
    history = train(network, data, recipe, report=report, save=save)
    seconds = perf_counter() - start
    last = history[-1]
    title = f"{network.graph.name} on {recipe.data.name}, seed {recipe.seed}"
    curve = folder.draw(title, history) if folder is not None else None
    path = folder.path if folder is not None else None
    return TrainingResult(last.accuracy, last.loss, seconds, path, curve, history, network)


def load_network(
    graph: Graph,
    checkpoint: str,
    *,
    backend: str = "numpy",
    device: str = "cpu",
    recipe: Recipe | None = None,
    force: bool = False,
) -> Network:
    """A network with the tensors of a checkpoint, whichever backend wrote it, in the checkpoint's dtype.

    It must have been trained as this network, and on the data of ``recipe`` if that is given; with ``force`` its tensors must
    fit, and no more.

    Raises:
        DiagnosticError: E0001 if there is no checkpoint, E0421 if it is damaged, E0422 if it is of another network, E0432
            without the device, E0006 without a package.
    """
    record, tensors = load_tensors(checkpoint, graph, force=force)
    if recipe is not None and not force:
        require_same_data(checkpoint, record, recipe)
    network = find_backend(backend).compile(graph, dtype=record.dtype, device=device)
    network.load_state(tensors)
    return network


def evaluate_network(
    network: Network,
    recipe: Recipe,
    *,
    data_dir: str | None = None,
    spec_folder: str = ".",
    preparation: Preparation | None = None,
) -> Evaluation:
    """How well a network does on the held-out part of the recipe's data, which goes through the training's preparation.

    Raises:
        DiagnosticError: E0413 if data and network do not fit, E0411 or E0412 if the data cannot be read.
    """
    request = Request(network.graph, data_dir, spec_folder, preparation)
    return evaluate(network, load_held_out(recipe.data, request), recipe.loss)


def _first_record(
    graph: Graph, recipe: Recipe, spec_text: str, dtype: str, data: Data, backend: str
) -> CheckpointRecord:
    """The record of a training before its first epoch."""
    return CheckpointRecord(
        network=graph.name,
        spec=spec_text,
        settings={name: plain(value) for name, value in graph.settings.items()},
        architecture=architecture_of(graph),
        recipe=recipe_as_data(recipe),
        class_names=data.class_names,
        epoch=0,
        dtype=dtype,
        history=(),
        sha256="0" * 64,
        size=0,
        versions=package_versions(backend),
        preparation=data.preparation.as_data(),
    )
