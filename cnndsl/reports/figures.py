"""What a line of a table costs, however many layers it stands for."""

from __future__ import annotations

from ..analysis.cost import NetworkCost
from ..analysis.receptive_field import ReceptiveField
from ..ops import TensorType
from ..record import Record
from .lines import Line

__all__ = ["Figures", "line_figures"]


class Figures(Record):
    """The sums over all layers of a line for one sample, and what leaves the last of them.

    If a prediction runs some of them, only those count for ``macs`` and ``activation_bytes``. Otherwise ``needed_for`` is
    ``training`` or ``nothing``, and the totals of the network leave both numbers out.
    """

    parameters: int
    macs: int
    activation_bytes: int
    output: TensorType
    receptive_field: ReceptiveField
    needed_for: str


def line_figures(line: Line, cost: NetworkCost) -> Figures:
    """Add up the layers of a line; equal parts cost the same, so one of them is counted."""
    layers = cost.layers[line.first.start : line.first.stop]
    last = cost.layers[line.last.stop - 1]
    run = [layer for layer in layers if layer.predicts] or layers
    return Figures(
        parameters=line.count * sum(layer.parameters for layer in layers),
        macs=line.count * sum(layer.macs for layer in run),
        activation_bytes=line.count * sum(layer.activation_bytes for layer in run),
        output=last.output,
        receptive_field=last.receptive_field,
        needed_for=run[-1].needed_for,
    )
