"""Schedules of the learning rate: a factor for each step, most of them the same throughout an epoch.

The rules are those of torch.optim.lr_scheduler, number for number, with the bounds as shares of the optimizer's rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, inf, pi
from typing import Any, ClassVar

from ..attributes import AttributeType, Declared, Integer, Number, attribute

__all__ = [
    "SCHEDULES",
    "Constant",
    "Cosine",
    "Exponential",
    "Linear",
    "Multistep",
    "OneCycle",
    "Plateau",
    "Schedule",
    "Step",
]


class Schedule(Declared):
    """Base of all schedules."""

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        """What the learning rate is multiplied by at a moment of the training.

        Args:
            epoch: The epochs that are done, from 0, with the share that is done of the present one.
            epochs: How many there are.
            losses: What is watched, after each epoch that is done: the loss of the validation part, else that of training.
        """
        raise NotImplementedError


class _Milestones(AttributeType):
    description = "epochs in rising order, as (30, 60)"

    def convert(self, value: object) -> Any:
        if not isinstance(value, tuple | list) or not value:
            raise self.wrong(value)
        epochs = tuple(Integer(1).convert(item) for item in value)
        if list(epochs) != sorted(set(epochs)):
            raise self.outside(value)
        return epochs


class Constant(Schedule):
    """The learning rate stays."""

    name: ClassVar = "constant"

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return 1.0


class Step(Schedule):
    """Multiply by gamma after every so many epochs."""

    name: ClassVar = "step"
    every: int = attribute("epochs between two drops", Integer(1))
    gamma: float = attribute("factor of each drop", Number(above=0), default=0.1)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return float(self.gamma ** (int(epoch) // self.every))


class Exponential(Schedule):
    """Multiply by gamma every epoch, or every few."""

    name: ClassVar = "exponential"
    gamma: float = attribute("factor of each drop", Number(above=0))
    every: int = attribute("epochs between two drops", Integer(1), default=1)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return float(self.gamma ** (int(epoch) // self.every))


class Cosine(Schedule):
    """Half a cosine from 1 down to ``minimum`` over all epochs (Loshchilov and Hutter 2016)."""

    name: ClassVar = "cosine"
    minimum: float = attribute("the factor at the end", Number(0, 1), default=0.0)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return self.minimum + (1 - self.minimum) * (1 + cos(pi * int(epoch) / epochs)) / 2


class Multistep(Schedule):
    """Multiply by gamma at each of some epochs."""

    name: ClassVar = "multistep"
    positional: ClassVar = ("milestones",)
    milestones: tuple[int, ...] = attribute("the epochs, counted from 0, that begin with a drop", _Milestones())
    gamma: float = attribute("factor of each drop", Number(above=0), default=0.1)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return float(self.gamma ** sum(milestone <= epoch for milestone in self.milestones))


class Linear(Schedule):
    """A straight line from 1 down to ``minimum`` over all epochs."""

    name: ClassVar = "linear"
    minimum: float = attribute("the factor at the end", Number(0, 1), default=0.0)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        return 1 + (self.minimum - 1) * int(epoch) / epochs


class Plateau(Schedule):
    """Multiply by gamma whenever the loss has not fallen for more than ``patience`` epochs, by a ten-thousandth at least."""

    name: ClassVar = "plateau"
    gamma: float = attribute("factor of each drop", Number(0, 1), default=0.1)
    patience: int = attribute("epochs without a lower loss that are let pass", Integer(0), default=10)

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        factor, best, waited = 1.0, inf, 0
        for loss in losses:
            is_lower = loss < best * (1 - 1e-4)
            best, waited = (loss, 0) if is_lower else (best, waited + 1)
            if waited > self.patience:
                factor, waited = factor * self.gamma, 0
        return factor


class OneCycle(Schedule):
    """Up from a ``div_factor``-th of the rate to the whole, then down to almost nothing (Smith and Topin 2017), each step.

    Both ways are halves of a cosine.
    """

    name: ClassVar = "one_cycle"
    pct_start: float = attribute("share of the training in which the rate rises", Number(0, 1), default=0.3)
    div_factor: float = attribute("the whole rate over that of the first step", Number(above=0), default=25.0)
    final_div_factor: float = attribute(
        "the rate of the first step over that of the last", Number(above=0), default=1e4
    )

    def factor(self, epoch: float, epochs: int, losses: Sequence[float] = ()) -> float:
        done, top = epoch / epochs, self.pct_start
        first = 1 / self.div_factor
        if done < top:
            return _between(first, 1.0, done / top)
        return _between(1.0, first / self.final_div_factor, (done - top) / (1 - top) if top < 1 else 1.0)


def _between(start: float, end: float, share: float) -> float:
    """A place on half a cosine."""
    return end + (start - end) * (1 + cos(pi * share)) / 2


SCHEDULES: dict[str, type[Schedule]] = {
    item.name: item for item in (Constant, Step, Multistep, Exponential, Linear, Cosine, Plateau, OneCycle)
}
