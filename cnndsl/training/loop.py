"""The training loop: the same for every backend, and the same numbers for the same seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..backends.base import Network, Trainer
from ..backends.initial import stream
from ..diagnostics import DiagnosticError
from ..diagnostics.kinds import training
from ..recipe import Recipe
from .data import Data, Images, Samples
from .data.ahead import Ahead
from .history import BatchDone, EpochResult, Report
from .metrics import evaluate
from .refusal import refusal

__all__ = ["batches", "train"]


def train(
    network: Network,
    data: Data,
    recipe: Recipe,
    *,
    report: Report | None = None,
    save: Callable[[EpochResult], None] | None = None,
) -> tuple[EpochResult, ...]:
    """Train a network in place.

    After each epoch the held-out data is evaluated, for the record only: it stops and chooses nothing. ``save`` is called
    with the result of each epoch, ``report`` with that and with every batch.

    Raises:
        DiagnosticError: E0431 as soon as a loss is infinite or not a number, or the mean of an epoch is far above the loss of
            the first step; that epoch is not saved.
    """
    trainer = network.trainer(recipe.loss, recipe.optimizer)
    report = report or _say_nothing
    history: list[EpochResult] = []
    bounds = _Bounds()
    for epoch in range(recipe.epochs):
        start = perf_counter()
        learning_rate = recipe.optimizer.lr * recipe.schedule.factor(epoch, recipe.epochs)
        loss = _train_epoch(trainer, data.train, recipe, epoch, learning_rate, report, bounds)
        bounds.require(loss, epoch, learning_rate)
        held_out = evaluate(network, data.held_out, recipe.loss)
        _require_finite(
            held_out.loss, "the loss on the held-out data", f"after epoch {epoch + 1}", epoch, learning_rate
        )
        seconds = perf_counter() - start
        result = EpochResult(epoch + 1, recipe.epochs, learning_rate, loss, held_out.loss, held_out.accuracy, seconds)
        if save is not None:
            save(result)
        history.append(result)
        report(result)
    return tuple(history)


def batches(count: int, size: int, seed: int, epoch: int) -> Iterator[NDArray[np.int64]]:
    """The samples of each batch of an epoch (from 0): every sample once, in an order that seed and epoch alone decide.

    The last batch is smaller where ``size`` does not divide ``count``.
    """
    order = stream(seed, "shuffle", str(epoch)).permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def _train_epoch(
    trainer: Trainer,
    samples: Samples,
    recipe: Recipe,
    epoch: int,
    learning_rate: float,
    report: Report,
    bounds: _Bounds,
) -> float:
    """One pass over the samples. Returns the mean loss per sample, each taken before its step."""
    count = math.ceil(len(samples) / recipe.batch)
    total = 0.0
    ahead = Ahead[NDArray[np.int64], Images](samples.batch).over(
        batches(len(samples), recipe.batch, recipe.seed, epoch)
    )
    for index, (chosen, x) in enumerate(ahead):
        step = epoch * count + index
        loss = trainer.step(x, samples.labels[chosen], learning_rate=learning_rate, step=step)
        place = f"at step {step + 1} (epoch {epoch + 1}, batch {index + 1} of {count})"
        _require_finite(loss, "the loss", place, epoch, learning_rate)
        bounds.first = loss if bounds.first is None else bounds.first
        total += loss * len(chosen)
        report(BatchDone(epoch + 1, recipe.epochs, index + 1, count, loss))
    return total / len(samples)


class _Bounds:
    """What the loss of a training that learns does not leave: ten times what it began with.

    A rate that is far too large can end in a finite loss, from which nothing is learnt any more.
    """

    MOST = 10.0

    def __init__(self) -> None:
        self.first: float | None = None

    def require(self, loss: float, epoch: int, learning_rate: float) -> None:
        """Refuse the mean loss of an epoch that is out of bounds."""
        most = self.MOST * max(1.0, abs(self.first or 0.0))
        if loss <= most:
            return
        raise refusal(
            training.LOSS_NOT_FINITE,
            f"the mean loss of epoch {epoch + 1} is {loss:.4g}, more than ten times that of the first step",
            notes=(f"the loss began with {self.first:.4g}; {_rate(learning_rate, epoch)}",),
            help=(_LOWER.format(learning_rate / 10),),
        )


def _require_finite(loss: float, what: str, place: str, epochs_done: int, learning_rate: float) -> None:
    if not math.isfinite(loss):
        raise _diverged(loss, what, place, epochs_done, learning_rate)


def _diverged(loss: float, what: str, place: str, epochs_done: int, learning_rate: float) -> DiagnosticError:
    became = "not a number" if math.isnan(loss) else "infinite"
    return refusal(
        training.LOSS_NOT_FINITE,
        f"{what} became {became} {place}",
        notes=(_rate(learning_rate, epochs_done),),
        help=(_LOWER.format(learning_rate / 10),),
    )


def _rate(learning_rate: float, epochs_done: int) -> str:
    kept = f"the last good state is that of epoch {epochs_done}" if epochs_done else "no epoch was finished"
    return f"the learning rate was {learning_rate:g}; {kept}"


_LOWER = "lower the learning rate, first to a tenth, `lr={:g}`, or add `bn` layers"


def _say_nothing(event: object) -> None:
    pass
