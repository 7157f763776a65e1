"""Training steps: the loss, its gradients, and what an optimizer makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...recipe import Loss, Optimizer
from ..guards import check_state
from .kernels import Array
from .optimizers import RULES

if TYPE_CHECKING:
    from .network import NumpyNetwork

__all__ = ["NumpyTrainer"]


class NumpyTrainer:
    """A network, a loss and the state of an optimizer: see :class:`cnndsl.backends.base.Trainer`."""

    def __init__(self, network: NumpyNetwork, loss: Loss, optimizer: Optimizer) -> None:
        self.network = network
        self.loss = loss
        self.rule = RULES[type(optimizer)](optimizer)
        self._count = np.zeros((), np.int64)
        self._slots = {
            name: {slot: np.zeros_like(network.tensors[name]) for slot in self.rule.slots}
            for name in network.graph.parameters
        }

    def step(self, x: Array, labels: Array, *, learning_rate: float, step: int) -> float:
        """One update from a batch; returns the loss before it."""
        value, gradients = self.network.loss_and_gradients(x, labels, self.loss, step=step)
        self._count += 1
        with np.errstate(all="ignore"):
            for name, gradient in gradients.items():
                parameter = self.network.tensors[name]
                self.rule.update(parameter, gradient, self._slots[name], learning_rate, int(self._count))
        return value

    def state(self) -> dict[str, Array]:
        """Copies of the number of updates as ``step``, and of each slot as its parameter's name, a dot and its own."""
        return {name: tensor.copy() for name, tensor in self._tensors().items()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace the state of the optimizer.

        Raises:
            DiagnosticError: E0422 unless it is that of this optimizer on this network; then nothing has changed.
        """
        tensors = self._tensors()
        check_state(state, {name: tensor.shape for name, tensor in tensors.items()})
        for name, tensor in tensors.items():
            tensor[...] = state[name]

    def _tensors(self) -> dict[str, Array]:
        slots = {f"{name}.{slot}": array for name, slots in self._slots.items() for slot, array in slots.items()}
        return {"step": self._count, **slots}
