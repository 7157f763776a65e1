"""``cnndsl eval``: how well a checkpoint does on the data that training held out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from .execution import add_checkpoint, add_data_dir, add_execution, computing
from .output import print_json
from .specs import add_format, add_spec, check_spec

if TYPE_CHECKING:
    from ..training import Evaluation

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl eval model.cnn --checkpoint runs/Model
  cnndsl eval model.cnn --checkpoint runs/Model --backend torch --format json
"""

SCHEMA = 1


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_checkpoint(parser)
    add_execution(parser)
    add_data_dir(parser)
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Evaluate and print accuracy, loss and which classes are taken for which."""
    from ..training import evaluate_network, load_network, read_record
    from ..training.data import Preparation

    checked = check_spec(arguments)
    graph, recipe = checked.require_graph(), checked.require_recipe()
    network = load_network(
        graph,
        arguments.checkpoint,
        backend=arguments.backend,
        **computing(arguments),
        recipe=recipe,
        force=arguments.force,
    )
    record = read_record(arguments.checkpoint)
    names, preparation = record.class_names, Preparation.from_data(record.preparation)
    result = evaluate_network(
        network, recipe, data_dir=arguments.data_dir, spec_folder=checked.source.folder, preparation=preparation
    )
    if arguments.format == "json":
        print_json(_to_json(result, names))
    else:
        print(_to_text(result, names))
    return 0


def _to_text(result: Evaluation, names: tuple[str, ...]) -> str:
    """Totals, then how many of each true class (rows) were taken for which (columns)."""
    width = max(len(str(result.confusion.max())), *map(len, names)) + 2
    first = max(len("true"), *map(len, names))
    lines = [
        f"accuracy  {100 * result.accuracy:.2f} % of {result.samples} samples",
        *([f"top 5     {100 * result.top_5:.2f} %"] if len(names) > 5 else []),
        f"loss      {result.loss:.4f}",
        f"calibration error  {100 * result.calibration_error:.2f} %",
        "",
        f"{'true':<{first}}{''.join(f'{name:>{width}}' for name in names)}     right",
    ]
    for name, row, share in zip(names, result.confusion.tolist(), result.class_accuracy, strict=True):
        cells = "".join(f"{count or '.':>{width}}" for count in row)
        lines.append(f"{name:<{first}}{cells}  {100 * share:6.2f} %")
    return "\n".join(lines)


def _to_json(result: Evaluation, names: tuple[str, ...]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "kind": "evaluation",
        "accuracy": result.accuracy,
        "top_5": result.top_5,
        "loss": result.loss,
        "calibration_error": result.calibration_error,
        "samples": result.samples,
        "classes": names,
        "class_accuracy": result.class_accuracy,
        "confusion": result.confusion.tolist(),
    }
