"""What is said of a loss that blows up: where it left what can be learnt from, and which layer is the first to fail."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backends.base import Network
from ..backends.numpy.kernels import Pass
from ..diagnostics import DiagnosticError, refusal
from ..diagnostics.kinds import training
from ..ir import Node
from .data import Images
from .values import layer_values

__all__ = ["Bounds", "first_not_finite", "require_finite"]

_LOWER = "lower the learning rate, first to a tenth, `lr={:g}`, or add `bn` layers"


class Bounds:
    """What the loss of a training that learns does not leave: ten times what it began with.

    A rate that is far too large can end in a finite loss, from which nothing is learnt any more.
    """

    MOST = 10.0

    def __init__(self, first: float | None) -> None:
        self.first = first
        self._left = ""

    def note(self, loss: float, place: str) -> None:
        """The loss of a step; remembers the ``place`` of the first one that is out of bounds."""
        self.first = loss if self.first is None else self.first
        if loss > self._most and not self._left:
            self._left = place

    @property
    def _most(self) -> float:
        return self.MOST * max(1.0, abs(self.first or 0.0))

    def require(self, loss: float, epoch: int, learning_rate: float) -> None:
        """Refuse the mean loss of an epoch that is out of bounds."""
        if loss <= self._most:
            return
        left = (f"it was first so large {self._left}",) if self._left else ()
        raise refusal(
            training.LOSS_NOT_FINITE,
            f"the mean loss of epoch {epoch + 1} is {loss:.4g}, more than ten times that of the first step",
            notes=(f"the loss began with {self.first:.4g}; {_rate(learning_rate, epoch)}", *left),
            help=(_LOWER.format(learning_rate / 10),),
        )


def require_finite(loss: float, what: str, place: str, epochs_done: int, learning_rate: float, *notes: str) -> None:
    """Refuse a loss that is infinite or not a number."""
    if not math.isfinite(loss):
        raise _diverged(loss, what, place, epochs_done, learning_rate, notes)


def _diverged(
    loss: float, what: str, place: str, epochs_done: int, learning_rate: float, notes: tuple[str, ...]
) -> DiagnosticError:
    value = "not a number" if math.isnan(loss) else "infinite"
    return refusal(
        training.LOSS_NOT_FINITE,
        f"{what} is {value} {place}",
        notes=(*notes, _rate(learning_rate, epochs_done)),
        help=(_LOWER.format(learning_rate / 10),),
    )


def _rate(learning_rate: float, epochs_done: int) -> str:
    kept = f"the last good state is that of epoch {epochs_done}" if epochs_done else "no epoch was finished"
    return f"the learning rate was {learning_rate:g}; {kept}"


def first_not_finite(network: Network, x: Images, seed: int, step: int) -> str:
    """Which layer is the first that gives an infinity or what is not a number for a batch, in words.

    The network has the weights that the step began with. Its layers are computed one by one in its own precision.
    """
    state = network.state()
    kinds = [tensor.dtype for tensor in state.values() if tensor.dtype.kind == "f"]
    given = x if x.dtype.kind == "i" or not kinds else x.astype(kinds[0])
    if not np.isfinite(given).all():
        return "the batch itself has numbers that are not finite"
    for node, outputs in layer_values(network.graph, state, given, Pass(True, seed, step)):
        if not all(np.isfinite(each).all() for each in outputs):
            return f"the first layer that is not finite is {_named(node)}{_weights(node, state)}"
    return "every layer is finite: only the loss of its output is not"


def _named(node: Node) -> str:
    return f"`{node.path}` (`{node.operator.name}`)" if node.path else f"`{node.operator.name}`"


def _weights(node: Node, state: Mapping[str, NDArray[Any]]) -> str:
    spoilt = any(not np.isfinite(state[name]).all() for name in node.parameters)
    return ", whose weights the step before has made infinite" if spoilt else ""
