"""``cnndsl train``: from a spec to a checkpoint and its learning curve."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from .execution import StopOnSignals, add_data_dir, add_execution, computing, positive, whole
from .output import print_diagnostics, print_json, print_warning
from .specs import add_format, add_spec, check_spec

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..ir import Graph
    from ..recipe import Recipe
    from ..training import Report, TrainingResult

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl train model.cnn
  cnndsl train model.cnn --epochs 5 --seed 3 --output runs/short
  cnndsl train model.cnn --resume
  cnndsl train model.cnn --init-from resnet18.safetensors
  cnndsl train zoo:mnist_cnn --data-dir ~/mnist --backend torch --device cuda
  torchrun --nproc-per-node 4 -m cnndsl train model.cnn --backend torch --device cuda

The folder of --output gets a checkpoint after each epoch (model.safetensors, model.json, trainer.safetensors), a line of
history.jsonl for each epoch, and at the end report.html and curve.png. The checkpoint of the epoch before is in the folder
epoch-N. An earlier checkpoint of the same network in that folder is replaced; other files are not changed.
"""

SCHEMA = 1


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_execution(parser)
    add_data_dir(parser)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32", help="precision of all tensors")
    parser.add_argument("--epochs", type=positive, metavar="N", help="passes over the data, instead of the spec's")
    parser.add_argument("--batch", type=positive, metavar="N", help="samples per step, instead of the spec's")
    parser.add_argument(
        "--seed", type=_count, metavar="N", help="seed of weights, order and dropout, instead of the spec's"
    )
    help_ = "start from the weights of a safetensors file or a checkpoint whose names and shapes fit"
    parser.add_argument("--init-from", metavar="FILE", help=help_)
    parser.add_argument("--output", metavar="DIR", help="folder for the results (default: runs/NETWORK)")
    parser.add_argument("--resume", action="store_true", help="go on with the training in that folder, if there is one")
    parser.add_argument("--force", action="store_true", help="go on though the spec or its settings have been changed")
    help_ = "how many checkpoints of earlier epochs to keep, in folders epoch-N (default: 1)"
    parser.add_argument("--keep", type=_count, default=1, metavar="N", help=help_)
    help_ = "write event files into the folder `tensorboard` of --output"
    parser.add_argument("--tensorboard", action="store_true", help=help_)
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    help_ = "save memory: compute activations again for the gradients (activation checkpointing; torch)"
    parser.add_argument("--recompute", action="store_true", help=help_)
    help_ = "compute the statistics of `bn` over the samples of all workers that torchrun started"
    parser.add_argument("--sync-bn", action="store_true", help=help_)
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Train and print the result. A signal to stop is obeyed after the present step, which is kept."""
    from ..backends.workers import is_first
    from ..training import Run, read_data, read_weights, train_network
    from .progress import Progress

    checked = check_spec(arguments)
    graph, recipe = checked.require_graph(), _changed(checked.require_recipe(), arguments)
    output = arguments.output or os.path.join("runs", graph.name)
    is_quiet = arguments.quiet or not is_first()
    progress = Progress(quiet=is_quiet)
    if not is_quiet:
        _print_workers(graph, sync_bn=arguments.sync_bn)
    warn = print_warning if is_first() else _ignored
    data = read_data(graph, recipe, arguments.data_dir, checked.source.folder, warn)
    weights = None if arguments.init_from is None else read_weights(arguments.init_from, graph)
    if weights is not None and not is_quiet:
        print(weights, file=sys.stderr)
    run = Run(
        output,
        checked.source.text,
        arguments.resume,
        arguments.force,
        stop=StopOnSignals(),
        weights=weights.tensors if weights else {},
        keep=arguments.keep,
        note=_note,
    )
    if arguments.backend == "torch":
        from ..backends.freed_memory import keep_freed_memory

        keep_freed_memory()
    try:
        with _reporting(progress, arguments, output) as report:
            result = train_network(
                graph,
                recipe,
                data,
                backend=arguments.backend,
                dtype=arguments.dtype,
                **computing(arguments),
                run=run.replace(report=report),
            )
    except KeyboardInterrupt:
        if is_first():
            print(f"\nstopped, and kept in {output}; `--resume` goes on from there", file=sys.stderr)
        raise
    if is_first():
        _print(result, arguments, recipe)
    return 0


def _reporting(progress: Report, arguments: Namespace, output: str) -> AbstractContextManager[Report]:
    """Who is told of the training: the progress, and event files if they are asked for."""
    from ..backends.workers import is_first

    if not (arguments.tensorboard and is_first()):
        return nullcontext(progress)
    from ..training.run.tensorboard import EventFiles

    return EventFiles(os.path.join(output, "tensorboard"), progress)


def _ignored(found: Diagnostic) -> None:
    """What the first worker says too."""


def _note(problem: Diagnostic) -> None:
    """Say why the training goes on from an earlier checkpoint than the last one."""
    print_diagnostics([problem], sys.stderr)
    print("note: going on from the checkpoint before", file=sys.stderr)


def _print_workers(graph: Graph, *, sync_bn: bool) -> None:
    """Say how many processes train, and whose statistics batch normalisation takes."""
    from ..backends.workers import world_size
    from ..ops.normalization import BatchNorm

    if world_size() == 1:
        return
    print(f"{world_size()} workers, each with its part of every batch", file=sys.stderr)
    if any(isinstance(node.operator, BatchNorm) for node in graph.nodes):
        whose = "all workers (--sync-bn)" if sync_bn else "each worker; --sync-bn takes those of all"
        print(f"the statistics of `bn` are those of {whose}", file=sys.stderr)


def _changed(recipe: Recipe, arguments: Namespace) -> Recipe:
    """The recipe of the spec with what the command line changes."""
    named = {"epochs": arguments.epochs, "batch": arguments.batch, "seed": arguments.seed}
    return recipe.replace(**{name: value for name, value in named.items() if value is not None})


def _print(result: TrainingResult, arguments: Namespace, recipe: Recipe) -> None:
    if result.curve is None:
        note = "no learning curve, because matplotlib is not installed: pip install matplotlib"
        print(f"note: {note}", file=sys.stderr)
    if arguments.format == "json":
        print_json(_to_json(result, arguments.backend, recipe))
    else:
        print(_to_text(result))


def _to_text(result: TrainingResult) -> str:
    rows = {
        "accuracy": f"{100 * result.accuracy:.2f} % of the held-out samples",
        "loss": f"{result.loss:.4f}",
        "time": f"{result.seconds:.1f} s",
        "checkpoint": result.checkpoint,
        "curve": result.curve or "not drawn",
        "report": result.report,
    }
    return "\n".join(f"{name:<12}{value}" for name, value in rows.items())


def _to_json(result: TrainingResult, backend: str, recipe: Recipe) -> dict[str, Any]:
    graph = result.network.graph
    return {
        "schema": SCHEMA,
        "kind": "training",
        "network": graph.name,
        "accuracy": result.accuracy,
        "loss": result.loss,
        "training_loss": result.history[-1].training_loss,
        "seconds": round(result.seconds, 3),
        "checkpoint": result.checkpoint,
        "curve": result.curve,
        "report": result.report,
        "epochs": recipe.epochs,
        "seed": recipe.seed,
        "backend": backend,
        "parameters": graph.parameter_count,
    }


def _count(text: str) -> int:
    return whole(text, 0)
