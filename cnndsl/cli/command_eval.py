"""``cnndsl eval``: how well a checkpoint does on the data that training held out."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from ..api import Checked, check_source
from .execution import add_checkpoint, add_data_dir, add_execution, computing
from .output import print_json, print_warning
from .specs import add_format, add_spec, check_spec

if TYPE_CHECKING:
    from ..backends.base import Network
    from ..training import Evaluation
    from ..training.data import Preparation
    from ..training.evaluation.views import Judge

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl eval model.cnn --checkpoint runs/Model
  cnndsl eval model.cnn --checkpoint runs/Model --backend torch --format json
  cnndsl eval model.cnn --checkpoint runs/Model --scales 1,1.25 --crops 10
  cnndsl eval model.cnn --checkpoint runs/Model --ensemble runs/Other
"""

SCHEMA = 1


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_checkpoint(parser)
    help_ = "another checkpoint, also of another network; the mean of the probabilities counts; may be repeated"
    parser.add_argument("--ensemble", metavar="PATH", action="append", default=[], help=help_)
    help_ = "look at each picture in 1 way, 2 (mirrored too), 5 (centre and corners) or 10 (these mirrored too)"
    parser.add_argument("--crops", type=int, choices=(1, 2, 5, 10), default=1, help=help_)
    help_ = "enlarge each picture to these multiples of the input before it is cropped, such as 1,1.15,1.3 (default: 1)"
    parser.add_argument("--scales", type=_scales, default=(1.0,), metavar="S,...", help=help_)
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
    if arguments.ensemble or arguments.crops > 1 or arguments.scales != (1.0,):
        result = _viewed(arguments, checked, network, preparation)
    else:
        result = evaluate_network(
            network,
            recipe,
            data_dir=arguments.data_dir,
            spec_folder=checked.source.folder,
            preparation=preparation,
            warn=print_warning,
        )
    if arguments.format == "json":
        print_json(_to_json(result, names))
    else:
        print(_to_text(result, names))
    return 0


def _viewed(arguments: Namespace, checked: Checked, network: Network, preparation: Preparation) -> Evaluation:
    """What several looks at each picture, or several networks, come to together."""
    from ..training.data import Request, Samples, load_held_out
    from ..training.evaluation.views import Judge, Views, evaluate_views

    recipe = checked.require_recipe()
    others = [_judge(path, arguments, checked) for path in arguments.ensemble]

    def samples_at(extents: tuple[int, ...]) -> Samples:
        folder = checked.source.folder
        request = Request(network.graph, arguments.data_dir, folder, preparation, extents, print_warning)
        return load_held_out(recipe.data, request)

    views = Views(arguments.scales, arguments.crops)
    return evaluate_views([Judge(network, preparation), *others], samples_at, views)


def _judge(path: str, arguments: Namespace, checked: Checked) -> Judge:
    """Another network, of the spec that its checkpoint keeps."""
    from ..source import Source
    from ..training import load_network, read_record
    from ..training.data import Preparation
    from ..training.evaluation.views import Judge

    record = read_record(path)
    source = Source(f"{path}/model.json", record.spec, checked.source.path)
    shape = checked.require_graph().input.type.shape
    found = check_source(source, record.settings, record.network, shape, expectations=False)
    network = load_network(
        found.require_graph(),
        path,
        backend=arguments.backend,
        **computing(arguments),
        recipe=checked.require_recipe(),
        force=arguments.force,
    )
    return Judge(network, Preparation.from_data(record.preparation))


def _scales(text: str) -> tuple[float, ...]:
    try:
        scales = tuple(map(float, text.split(",")))
    except ValueError:
        scales = ()
    if not scales or not all(1 <= scale <= 4 for scale in scales):
        raise ArgumentTypeError(f"expected multiples from 1 to 4, such as 1,1.25, found {text!r}")
    return scales


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
