"""The training loop: the same for every backend, and the same numbers for the same seed, interrupted or not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backends.base import Held, Holder, Network, TrainerOptions
from ..backends.initial import stream
from ..backends.parts import Part, weight_of
from ..recipe import Recipe
from ..record import Record
from .average import Average
from .blow_up import Bounds, first_not_finite, require_finite
from .data import Data, Images, Samples, Targets
from .data.ahead import Ahead
from .data.augment import augmented, mixed
from .data.model import Subset, divided
from .evaluation.metrics import evaluate
from .history import BatchDone, EpochResult, Position, Report
from .memory import within_memory
from .unread import Unread

__all__ = ["Callbacks", "Training", "batches"]

_TOGETHER = 128
"""Samples that go to a device together."""

Save = Callable[[Position, Sequence[EpochResult], dict[str, Any], bool], None]


def _nothing(*event: object) -> None:
    pass


class Callbacks(Record):
    """Who is told of a training, who keeps it, and who says that it is to stop after the step that is computed."""

    report: Report = _nothing
    save: Save = _nothing
    """Is given where the training stands, its history, what it goes on from, and whether the last epoch is the best yet."""
    stop: Callable[[], bool] = lambda: False


class Training:
    """One training of a network, in place; ``history`` are the epochs that are done.

    With a validation part of the training data, the epoch whose loss on it is lowest is the best one, and early stopping
    looks at it. What the data set holds out is evaluated after each epoch, for the record only, if there is no such part.
    """

    def __init__(self, network: Network, data: Data, recipe: Recipe, callbacks: Callbacks | None = None) -> None:
        self.network = network
        self.workers = network.workers
        self.recipe = recipe
        self.callbacks = callbacks or Callbacks()
        self.trainer = network.trainer(
            recipe.loss,
            recipe.optimizer,
            TrainerOptions(recipe.clip, recipe.accumulate, recipe.precision, _factors(network, recipe)),
        )
        self.average = Average(network, recipe.ema)
        self.position = Position()
        self.history: list[EpochResult] = []
        self.samples, self.watched = _parts(data, recipe)
        self._classes = network.graph.output.type.shape[0]
        self._steps = math.ceil(len(self.samples) / recipe.batch)

    def run(self) -> tuple[EpochResult, ...]:
        """Train to the end, from where it stands.

        Raises:
            DiagnosticError: E0431 as soon as a loss is infinite or not a number, or the mean of an epoch is far above the
                loss of the first step; that epoch is not saved.
            KeyboardInterrupt: If it is to stop; then it has been saved.
        """
        while self.position.epoch < self.recipe.epochs and not self._is_stopped_early():
            start = perf_counter()
            result = self._epoch(start)
            self.history.append(result)
            self.position = Position(self.position.epoch + 1, first_loss=self.position.first_loss)
            self._save(is_best=self._best() == result.epoch)
            self.callbacks.report(result)
        self.average.settle()
        return tuple(self.history)

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what was saved, by the network of the checkpoint, which has been loaded."""
        self.trainer.load_state(self.average.resume(state))

    def _save(self, *, is_best: bool) -> None:
        with self.average.in_place() as trained:
            self.callbacks.save(self.position, self.history, {**self.trainer.state(), **trained}, is_best)

    def _best(self) -> int:
        """The epoch, counted from 1, after which the validation part had the lowest loss; the last one without such a part."""
        if not self.recipe.validation or not self.history:
            return len(self.history)
        return min(self.history, key=lambda result: result.loss).epoch

    def _is_stopped_early(self) -> bool:
        patience = self.recipe.early_stopping
        return bool(patience) and len(self.history) - self._best() >= patience

    def _rate(self, index: int) -> float:
        """The learning rate of a step of the present epoch."""
        recipe, epoch = self.recipe, self.position.epoch
        losses = [each.loss if recipe.validation else each.training_loss for each in self.history]
        rate = recipe.optimizer.lr * recipe.schedule.factor(epoch + index / self._steps, recipe.epochs, losses)
        grown = (epoch * self._steps + index + 1) / (recipe.warmup * self._steps) if recipe.warmup else 1.0
        return rate * min(1.0, grown)

    def _epoch(self, start: float) -> EpochResult:
        epoch, bounds = self.position.epoch, Bounds(self.position.first_loss)
        rate = self._rate(0)
        loss, waited = self._steps_of_epoch(bounds)
        bounds.require(loss, epoch, rate)
        with self.average.in_place():
            # several workers run as many batches as each has, and may not agree between them
            between = self._stop_if_asked if self.workers.count == 1 else _nothing
            found = evaluate(self.network, self.watched, self.recipe.loss, between=between, workers=self.workers)
        require_finite(found.loss, "the loss on the held-out data", f"after epoch {epoch + 1}", epoch, rate)
        return EpochResult(
            epoch + 1,
            self.recipe.epochs,
            rate,
            loss,
            found.loss,
            found.accuracy,
            perf_counter() - start,
            len(self.samples),
            waited,
        )

    def _steps_of_epoch(self, bounds: Bounds) -> tuple[float, float]:
        """The steps that are left of an epoch: its mean loss per sample, each taken before its step, and the seconds waited."""
        epoch, begun, unread = self.position.epoch, self.position.batch, Unread()
        x: Images | Held = np.empty(0)
        chosen_batches = list(batches(len(self.samples), self.recipe.batch, self.recipe.seed, epoch))
        start = perf_counter()
        held = None if self._held is None else self._held[np.concatenate(chosen_batches)]
        waited = perf_counter() - start
        make = partial(self._batch, held)
        ahead = Ahead[tuple[int, NDArray[np.int64]], tuple[Images | Held, Targets, Part]](make)
        left = (each for each in enumerate(chosen_batches) if each[0] >= begun)
        for (index, chosen), (x, labels, part) in ahead.over(left):
            rate, step = self._rate(index), epoch * self._steps + index
            with within_memory(self.network.graph, self.recipe, len(x)):
                loss = self.trainer.step(x, labels, learning_rate=rate, step=step, part=part)
            if self.recipe.ema:
                self.average.follow()
            self._note(unread.add(index, len(chosen), loss), bounds, x)
            if self.workers.any(self.callbacks.stop()):
                self._note(unread.read(), bounds, x)
                self._stop()
        self._note(unread.read(), bounds, x)
        return self.position.loss / len(self.samples), waited + ahead.waited

    @cached_property
    def _held(self) -> Held | None:
        """The samples where the network computes, if it takes them and they are the same in every epoch."""
        if not isinstance(self.network, Holder) or not self.recipe.augment.is_none:
            return None
        places = (slice(start, start + _TOGETHER) for start in range(0, len(self.samples), _TOGETHER))
        parts = (x for _, x in Ahead[slice, Images](self.samples.batch).over(places))
        return self.network.hold(parts, self.samples.labels)

    def _note(self, losses: list[tuple[int, int, float]], bounds: Bounds, x: Images | Held) -> None:
        """Take in the losses of some steps; x are samples of the last one."""
        epoch, epochs = self.position.epoch, self.recipe.epochs
        for index, samples, loss in losses:
            step = epoch * self._steps + index
            place = f"at step {step + 1} (epoch {epoch + 1}, batch {index + 1} of {self._steps})"
            if not math.isfinite(loss):
                why = first_not_finite(self.network, np.asarray(x), self.recipe.seed, step)
                require_finite(loss, "the loss", place, epoch, self._rate(index), why)
            bounds.note(loss, place)
            self.position = Position(epoch, index + 1, self.position.loss + loss * samples, bounds.first)
            self.callbacks.report(BatchDone(epoch + 1, epochs, index + 1, self._steps, loss, samples))

    def _stop_if_asked(self) -> None:
        if self.workers.any(self.callbacks.stop()):
            self._stop()

    def _stop(self) -> None:
        self._save(is_best=False)
        raise KeyboardInterrupt

    def _batch(self, held: Held | None, item: tuple[int, NDArray[np.int64]]) -> tuple[Images | Held, Targets, Part]:
        """What this worker has of a batch, as the network takes it, its pictures changed by chance, and what it is to tell.

        ``held`` are the samples of the epoch in their order, if the network holds them.
        """
        index, whole = item
        own, part = self._own(whole)
        chosen = whole[own]
        labels = self.samples.labels[chosen]
        if held is not None:
            first = index * self.recipe.batch
            return held[first + own.start : first + own.stop], labels, part
        if self.recipe.augment.is_none:
            return self.samples.batch(chosen), labels, part
        who = f" {self.workers.rank}" if self.workers.count > 1 else ""
        random = stream(self.recipe.seed, "augment", f"{self.position.epoch} {index}{who}")
        x = self.samples.prepared(augmented(self.samples.levels(chosen), self.recipe.augment, random))
        return *mixed(x, labels, self._classes, self.recipe.augment.mixup, random), part

    def _own(self, whole: NDArray[np.int64]) -> tuple[slice, Part]:
        """Which samples of a batch this worker computes: at least one, which counts nothing if it is another's."""
        if self.workers.count == 1:
            return slice(0, len(whole)), Part()
        own, least = self.workers.own(len(whole)), max(1, len(whole) // self.workers.count)
        if own.start == own.stop:
            return slice(0, 1), Part(0, math.inf, least)
        labels = self.samples.labels[whole]
        weight = float(labels.size) if self.recipe.augment.mixup else weight_of(self.recipe.loss, labels)
        return own, Part(own.start, weight, least)


def _factors(network: Network, recipe: Recipe) -> dict[str, float]:
    """By what the learning rates of layers are multiplied, those that have the whole rate left out."""
    factors = {node.path: recipe.factor(node.path) for node in network.graph.nodes}
    return {path: factor for path, factor in factors.items() if factor != 1}


def _parts(data: Data, recipe: Recipe) -> tuple[Samples, Samples]:
    """What is trained on, and what is watched."""
    if not recipe.validation:
        return data.train, data.held_out
    watched = divided(data.train.labels, recipe.validation)
    kept, watched_places = np.flatnonzero(~watched), np.flatnonzero(watched)
    return Subset(data.train, kept), Subset(data.train, watched_places)


def batches(count: int, size: int, seed: int, epoch: int) -> Iterator[NDArray[np.int64]]:
    """The samples of each batch of an epoch (from 0): every sample once, in an order that seed and epoch alone decide.

    The last batch is smaller where ``size`` does not divide ``count``.
    """
    order = stream(seed, "shuffle", str(epoch)).permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]
