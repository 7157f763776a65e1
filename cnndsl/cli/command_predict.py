"""``cnndsl predict``: what a trained network says of images."""

from __future__ import annotations

import csv
import os
import sys
from argparse import ArgumentParser, Namespace
from io import StringIO
from typing import TYPE_CHECKING

from .execution import add_checkpoint, add_execution, computing
from .output import print_json, print_warning
from .specs import add_format, add_spec, check_spec

if TYPE_CHECKING:
    from ..backends.base import Network
    from ..training import Prediction
    from ..training.checkpoints.record import CheckpointRecord

__all__ = ["EXAMPLES", "configure", "files_of", "run"]

EXAMPLES = """\
  cnndsl predict model.cnn digit.png --checkpoint runs/Model
  cnndsl predict model.cnn scan.png --checkpoint runs/Model --invert
  cnndsl predict model.cnn images.npy t10k-images-idx3-ubyte.gz --checkpoint runs/Model --format json

An input is a picture, a folder of pictures, an IDX file of images, a .npy array, the array `x` of a .npz file, or a table (CSV)
with a sample in each line.
Whole numbers from 0 to 255 in an array are grey levels, light on dark, of any size; floating-point numbers and those of a table
are used as they are.
"""

SCHEMA = 1
_SHOWN, _WIDEST = 5, 40


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    help_ = "a picture, a folder of pictures, an IDX file, a .npy or .npz array, a table (CSV), or a text"
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help=help_)
    add_checkpoint(parser)
    add_execution(parser)
    parser.add_argument("--invert", action="store_true", help="the images are dark on light, such as ink on paper")
    add_format(parser, csv="CSV with a column for each class")


def run(arguments: Namespace) -> int:
    """Predict and print a line for each image."""
    from ..training import load_network, read_record

    graph = check_spec(arguments).require_graph()
    network = load_network(
        graph,
        arguments.checkpoint,
        backend=arguments.backend,
        **computing(arguments),
        force=arguments.force,
    )
    record = read_record(arguments.checkpoint)
    paths = [path for given in arguments.inputs for path in files_of(given)]
    found = [item for path in paths for item in _predict(path, network, record, arguments.invert)]
    if arguments.format == "json":
        predictions = [{"input": label, **_to_json(item)} for label, item in found]
        print_json({"schema": SCHEMA, "kind": "predictions", "classes": record.class_names, "predictions": predictions})
    elif arguments.format == "csv":
        print(_to_csv(found, record.class_names), end="")
    else:
        print(_to_text(found) if len(found) > 1 else _to_bars(*found[0], record.class_names))
    return 0


def files_of(path: str) -> list[str]:
    """The pictures in a folder, by name; anything else is one file."""
    from ..training.data.pictures import pictures_in

    return pictures_in(path) if os.path.isdir(path) else [path]


def _predict(path: str, network: Network, record: CheckpointRecord, invert: bool) -> list[tuple[str, Prediction]]:
    """The predictions for a file, each with the path, and the place in it if there are several."""
    from ..training import predict, read_inputs
    from ..training.data import Preparation

    shape = network.graph.input.type.shape
    preparation = Preparation.from_data(record.preparation)
    images = read_inputs(path, preparation, shape, invert=invert, note=_note, warn=print_warning)
    labels = [path] if len(images) == 1 else [f"{path}[{index}]" for index in range(len(images))]
    return list(zip(labels, predict(network, images, record.class_names), strict=True))


def _note(text: str) -> None:
    print(f"note: {text}", file=sys.stderr)


def _to_text(found: list[tuple[str, Prediction]]) -> str:
    width = max(len(label) for label, _ in found)
    return "\n".join(
        f"{label:<{width}}  {item.name}  {100 * item.probabilities[item.label]:.2f} %" for label, item in found
    )


def _to_bars(label: str, item: Prediction, names: tuple[str, ...]) -> str:
    """The likeliest classes of one input, each with a bar."""
    order = sorted(range(len(names)), key=lambda index: (-item.probabilities[index], index))[:_SHOWN]
    width = max(len(names[index]) for index in order)
    lines = [f"{label}  {item.name}  {100 * item.probabilities[item.label]:.2f} %", ""]
    for index in order:
        share = item.probabilities[index]
        lines.append(f"  {names[index]:<{width}}  {100 * share:6.2f} %  {'#' * round(_WIDEST * share)}".rstrip())
    return "\n".join(lines)


def _to_csv(found: list[tuple[str, Prediction]], names: tuple[str, ...]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("input", "class", *names))
    writer.writerows((label, item.name, *map(repr, item.probabilities)) for label, item in found)
    return text.getvalue()


def _to_json(item: Prediction) -> dict[str, object]:
    return {"class": item.name, "label": item.label, "probabilities": item.probabilities}
