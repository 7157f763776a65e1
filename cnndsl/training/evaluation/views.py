"""Evaluation by several looks at each picture, and by several networks: their probabilities are averaged.

A picture is taken at one scale or more, and of each are taken the centre, the corners and mirror images, as Krizhevsky et al.
2012 (section 4.1) and Simonyan and Zisserman 2014 (section 3.2) do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ...backends.base import Network
from ...diagnostics import refusal
from ...diagnostics.kinds import training
from ...ops import format_shape
from ...recipe import CrossEntropy
from ...record import Record
from ..checkpoints.loading import batch_of
from ..data import Levels, Samples
from ..data.preparation import Preparation
from ..data.resizing import resize
from .metrics import Evaluation, evaluate_outputs
from .prediction import probabilities_of

__all__ = ["CROPS", "Judge", "Views", "evaluate_views"]

CROPS = (1, 2, 5, 10)
"""The centre; with its mirror image; the centre and the corners; these with their mirror images."""


class Views(Record):
    """How a picture is looked at: enlarged to each of some ``scales`` of the network's input, and so many ``crops`` of each."""

    scales: tuple[float, ...] = (1.0,)
    crops: int = 1


class Judge(Record):
    """A network, and what samples go through before it."""

    network: Network
    preparation: Preparation


def evaluate_views(
    judges: Sequence[Judge], samples_at: Callable[[tuple[int, ...]], Samples], views: Views
) -> Evaluation:
    """How well the mean of all probabilities does, whose loss is the cross entropy.

    Args:
        judges: The networks, whose inputs and classes are alike.
        samples_at: The samples at an extent (C, h, w); where pictures have another, they are brought to it.
        views: How each picture is looked at; samples that are no pictures are looked at once.

    Raises:
        DiagnosticError: E0413 if the networks do not take the same samples, or these are no pictures and have several looks.
    """
    shape = _common_shape(judges)
    if views != Views() and len(shape) != 3:
        message = f"the network takes {format_shape(shape)}, and only pictures can be looked at in several ways"
        raise refusal(training.DATA_MISFIT, message, help=("evaluate it without --crops and --scales",))
    batch = min(batch_of(each.network.graph) for each in judges)
    total: NDArray[np.float64] | float = 0.0
    for scale in views.scales:
        extents = (shape[0], *(round(size * scale) for size in shape[1:]))
        samples = samples_at(extents)
        parts = (samples.levels(slice(start, start + batch)) for start in range(0, len(samples), batch))
        rows = [_summed(judges, _looks(levels, extents, shape, views.crops), shape) for levels in parts]
        total = total + np.concatenate(rows)
        labels = samples.labels
    with np.errstate(divide="ignore"):
        outputs = np.log(total / (len(views.scales) * views.crops * len(judges)))
    return evaluate_outputs(outputs, labels, CrossEntropy())


def _summed(judges: Sequence[Judge], looks: Iterable[Levels], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The sum of the probabilities over the looks and the networks, N x classes."""
    return sum(
        (
            probabilities_of(each.network, each.network.forward(each.preparation.normalized(look).reshape(-1, *shape)))
            for look in looks
            for each in judges
        ),
        np.zeros(()),
    )


def _looks(levels: Levels, extents: tuple[int, ...], shape: tuple[int, ...], crops: int) -> Iterable[Levels]:
    """The parts of samples that a network of an input of this shape takes; of sentences and vectors they are the whole."""
    return _crops(resize(levels, *extents[1:]), *shape[1:], crops) if len(shape) == 3 else (levels,)


def _crops(levels: Levels, height: int, width: int, count: int) -> Iterator[Levels]:
    """The parts of pictures N x C x h x w: centre, corners, and each with its mirror image where the count is even."""
    rows, columns = levels.shape[2] - height, levels.shape[3] - width
    places = [(rows // 2, columns // 2), (0, 0), (0, columns), (rows, 0), (rows, columns)]
    for top, left in places if count >= 5 else places[:1]:
        crop = levels[:, :, top : top + height, left : left + width]
        yield crop
        if count % 2 == 0:
            yield np.ascontiguousarray(crop[..., ::-1])


def _common_shape(judges: Sequence[Judge]) -> tuple[int, ...]:
    """The shape of the samples that every network takes."""
    shape: tuple[int, ...] = judges[0].network.graph.input.type.shape
    for judge in judges:
        graph = judge.network.graph
        if (graph.input.type.shape, graph.output.type.shape) != (shape, judges[0].network.graph.output.type.shape):
            message = f"`{graph.name}` takes {graph.input.type} and gives {graph.output.type}, unlike the first network"
            help_ = ("networks that judge together take the same samples and tell the same classes",)
            raise refusal(training.DATA_MISFIT, message, help=help_)
        if judge.preparation.vocabulary != judges[0].preparation.vocabulary:
            message = f"`{graph.name}` knows other words than the first network"
            raise refusal(training.DATA_MISFIT, message, help=("train both with the same data and `embedding`",))
    return shape
