"""``cnndsl bench``: images per second and memory of a network on every backend that is installed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from math import isfinite
from typing import TYPE_CHECKING

from .execution import add_execution, computing, positive
from .output import print_document, print_table, table_width
from .specs import add_format, add_spec, check_spec

if TYPE_CHECKING:
    from ..api import Checked
    from ..training.evaluation.speed import Bench, Speed

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl bench model.cnn
  cnndsl bench zoo:resnet50 --batch 8 --only predict
  cnndsl bench model.cnn --backend torch --threads 4 --format json

Each backend runs alone in a fresh process, on random samples. A time is the median over batches; memory is by how much the
process grew at its peak, what the library takes for itself at its first call included.
"""

_BATCH = 32


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_execution(parser, default=None)
    parser.add_argument(
        "--batch", type=positive, metavar="N", help=f"samples at once (default: as in the spec, otherwise {_BATCH})"
    )
    parser.add_argument(
        "--only", choices=("predict", "train"), help="measure only predictions, or only steps of training"
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=2.0, metavar="S", help="measure each for at least S seconds (default: 2)"
    )
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Measure and print a row for each backend and mode; 1 if none could run."""
    from ..backends import BACKENDS
    from ..training.evaluation.speed import MODES, measure_speed

    bench = _bench(check_spec(arguments), arguments)
    backends = BACKENDS if arguments.backend is None else (arguments.backend,)
    found = measure_speed(bench, backends, MODES if arguments.only is None else (arguments.only,))
    if arguments.format == "json":
        rows = [_to_json(each, bench) for each in found]
        print_document("benchmark", {"network": bench.graph.name, "batch": bench.batch, "rows": rows})
    else:
        print_table(_to_text(found, bench))
        for each in found:
            if each.refused:
                print(f"note: {each.backend} cannot {each.mode}: {each.refused}", file=sys.stderr)
    return 1 if all(each.refused for each in found) else 0


def _bench(checked: Checked, arguments: Namespace) -> Bench:
    """What is measured: the network as its spec trains it, if the spec says how."""
    from ..recipe.losses import CrossEntropy
    from ..recipe.optimizers import Adam
    from ..training.evaluation.speed import Bench

    recipe = checked.recipe
    return Bench(
        checked.require_graph(),
        CrossEntropy() if recipe is None else recipe.loss,
        Adam(lr=1e-3) if recipe is None else recipe.optimizer,
        arguments.batch or (_BATCH if recipe is None else recipe.batch),
        arguments.seconds,
        computing(arguments),
    )


def _to_text(found: list[Speed], bench: Bench) -> str:
    from ..reports.table import Column, render_table

    headings = (("", "backend"), ("", "mode"), ("images", "per second"), ("ms per", "batch"), ("memory", "MiB"))
    columns = tuple(Column(heading, right=place > 1) for place, heading in enumerate(headings))
    rows = [_row(each, bench) for each in found if not each.refused]
    lines = [f"{bench.graph.name} {bench.graph.input.type}, batches of {bench.batch}", ""]
    return "\n".join(lines + render_table(columns, [rows], table_width()))


def _row(each: Speed, bench: Bench) -> tuple[str, ...]:
    memory = "?" if each.memory is None else f"{each.memory / 2**20:,.0f}"
    return each.backend, each.mode, f"{bench.batch / each.seconds:,.1f}", f"{1000 * each.seconds:,.2f}", memory


def _to_json(each: Speed, bench: Bench) -> dict[str, object]:
    named = {"backend": each.backend, "mode": each.mode}
    if each.refused:
        return {**named, "refused": each.refused}
    speed = {"images_per_second": bench.batch / each.seconds, "seconds_per_batch": each.seconds}
    return {**named, **speed, "batches": each.batches, "memory": each.memory}


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (isfinite(value) and 0 <= value <= 3600):
        raise ArgumentTypeError(f"expected seconds from 0 to 3600, found {text!r}")
    return value
