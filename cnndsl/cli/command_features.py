"""``cnndsl features``: what a trained network has learnt, drawn on one page."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ..files import write_atomically
from .execution import add_checkpoint, add_data_dir, positive
from .specs import add_spec, check_spec

if TYPE_CHECKING:
    from ..api import Checked
    from ..training.checkpoints.record import CheckpointRecord
    from ..training.pages.features import Shown

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl features model.cnn --checkpoint runs/Model -o features.html
  cnndsl features model.cnn photo.jpg --checkpoint runs/Model -o photo.html

The page shows the kernels. For each sample it shows the feature maps of each layer, the predicted probabilities beside the true
class, and where the network looks (Grad-CAM). Without an INPUT, the samples are some that were held out of the training.
"""

_SAMPLES = 5


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    help_ = "a picture, a folder of pictures, an IDX file, a .npy array, or a text"
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help=help_)
    add_checkpoint(parser)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the HTML page to write")
    help_ = f"how many samples to show (default: {_SAMPLES})"
    parser.add_argument("--samples", type=positive, default=_SAMPLES, metavar="N", help=help_)
    parser.add_argument("--invert", action="store_true", help="the images are dark on light, such as ink on paper")
    add_data_dir(parser)


def run(arguments: Namespace) -> int:
    """Write the page."""
    from ..training import load_network, read_record
    from ..training.data import Preparation
    from ..training.pages.features import render_features

    checked = check_spec(arguments)
    graph = checked.require_graph()
    network = load_network(graph, arguments.checkpoint, force=arguments.force)
    record = read_record(arguments.checkpoint)
    shown = _given(arguments, checked, record) if arguments.inputs else _held_out(arguments, checked, record)
    title = f"What {graph.name} has learnt on {record.recipe['data']['name']}"
    page = render_features(title, network, Preparation.from_data(record.preparation), record.class_names, shown)
    write_atomically(arguments.output, page.encode())
    print(f"wrote {arguments.output}", file=sys.stderr)
    return 0


def _given(arguments: Namespace, checked: Checked, record: CheckpointRecord) -> list[Shown]:
    """The samples in files, up to so many."""
    from ..training import read_inputs
    from ..training.data import Preparation
    from ..training.pages.features import Shown
    from .command_predict import files_of

    shape = checked.require_graph().input.type.shape
    shown: list[Shown] = []
    for path in (path for given in arguments.inputs for path in files_of(given)):
        if len(shown) >= arguments.samples:
            break
        inputs = read_inputs(path, Preparation.from_data(record.preparation), shape, invert=arguments.invert)
        names = [path] if len(inputs) == 1 else [f"{path}[{place}]" for place in range(len(inputs))]
        shown += [Shown(name, x) for name, x in zip(names, inputs, strict=True)]
    return shown[: arguments.samples]


def _held_out(arguments: Namespace, checked: Checked, record: CheckpointRecord) -> list[Shown]:
    """Samples that training held out, evenly over their order, each with its class."""
    import numpy as np

    from ..training.checkpoints.checkpoint import require_same_data
    from ..training.data import Preparation, Request, load_held_out
    from ..training.pages.features import Shown

    graph, recipe = checked.require_graph(), checked.require_recipe()
    if not arguments.force:
        require_same_data(arguments.checkpoint, record, recipe)
    request = Request(graph, arguments.data_dir, checked.source.folder, Preparation.from_data(record.preparation))
    samples = load_held_out(recipe.data, request)
    count = min(arguments.samples, len(samples))
    places = ((np.arange(count) + 0.5) * len(samples) / count).astype(np.int64)
    truths = samples.labels[places].tolist() if samples.labels.ndim == 1 else [None] * count
    found = zip(places.tolist(), samples.batch(places), truths, strict=True)
    return [Shown(f"Held-out sample {place}", x, truth) for place, x, truth in found]
