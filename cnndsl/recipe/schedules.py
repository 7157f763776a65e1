"""Schedules of the learning rate: a factor for each epoch."""

from __future__ import annotations

from math import cos, pi
from typing import ClassVar

from ..attributes import Declared, Integer, Number, attribute

__all__ = ["SCHEDULES", "Constant", "Cosine", "Exponential", "Schedule", "Step"]


class Schedule(Declared):
    """Base of all schedules."""

    def factor(self, epoch: int, epochs: int) -> float:
        """What the learning rate is multiplied by in an epoch (from 0) out of ``epochs``."""
        raise NotImplementedError


class Constant(Schedule):
    """The learning rate stays."""

    name: ClassVar = "constant"

    def factor(self, epoch: int, epochs: int) -> float:
        return 1.0


class Step(Schedule):
    """Multiply by gamma after every so many epochs."""

    name: ClassVar = "step"
    every: int = attribute("epochs between two drops", Integer(1))
    gamma: float = attribute("factor of each drop", Number(above=0), default=0.1)

    def factor(self, epoch: int, epochs: int) -> float:
        return float(self.gamma ** (epoch // self.every))


class Exponential(Schedule):
    """Multiply by gamma every epoch, or every few."""

    name: ClassVar = "exponential"
    gamma: float = attribute("factor of each drop", Number(above=0))
    every: int = attribute("epochs between two drops", Integer(1), default=1)

    def factor(self, epoch: int, epochs: int) -> float:
        return float(self.gamma ** (epoch // self.every))


class Cosine(Schedule):
    """Half a cosine from 1 down to ``minimum`` over all epochs (Loshchilov and Hutter 2016)."""

    name: ClassVar = "cosine"
    minimum: float = attribute("the factor at the end", Number(0, 1), default=0.0)

    def factor(self, epoch: int, epochs: int) -> float:
        return self.minimum + (1 - self.minimum) * (1 + cos(pi * epoch / epochs)) / 2


SCHEDULES: dict[str, type[Schedule]] = {item.name: item for item in (Constant, Step, Exponential, Cosine)}
