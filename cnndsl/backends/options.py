"""What whoever compiles a network may ask of a backend, and what a backend refuses."""

from __future__ import annotations

from typing import Any

from ..ops import Operator
from ..record import Record

__all__ = ["Array", "Limitation", "Options"]

Array = Any
"""A numpy.ndarray; spelled loosely so that this module does not import numpy."""


class Limitation(Record):
    """A use of an operator that a backend refuses: a strict expected failure in the tests, a row in the support table."""

    backend: str
    operator: type[Operator]
    reason: str

    def applies(self, operator: Operator) -> bool:
        """Whether this use of the operator is refused; the base refuses every use."""
        return isinstance(operator, self.operator)


class Options(Record):
    """How a backend computes, where that may change the last digits and nothing else.

    ``recompute`` lets training keep the outputs of a few layers, and compute those between them once more when their
    gradients are taken (activation checkpointing, Chen et al. 2016). ``sync_bn`` takes the statistics of batch normalisation
    over the samples of all workers. ``tf32`` lets a GPU round float32 to 11 bits before it multiplies, which is faster, and
    without ``deterministic`` it may take the fastest kernels it finds, which add up in another order each time.
    """

    recompute: bool = False
    sync_bn: bool = False
    tf32: bool = False
    deterministic: bool = True
