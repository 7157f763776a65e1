"""Training steps: the loss, its gradients, and what an optimizer makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite

import numpy as np

from ...recipe import Optimizer
from ..base import TrainerOptions
from ..guards import check_state
from ..parts import Part, divide
from .kernels import Array
from .optimizers import RULES

__all__ = ["NumpyTrainer"]


class NumpyTrainer:
    """The parameters of a network and the state of an optimizer: see :class:`cnndsl.backends.base.Trainer`.

    ``descend`` gives the loss of a batch and hands over the gradients, as ``NumpyNetwork.descend`` does. Only ``parameters``
    are changed, each with the learning rate times its factor.
    """

    def __init__(
        self,
        descend: Callable[..., float],
        parameters: Mapping[str, tuple[Array, float]],
        optimizer: Optimizer,
        options: TrainerOptions,
    ) -> None:
        self.parameters = parameters
        self.clip = options.clip
        self.accumulate = options.accumulate
        self._descend = descend
        self.rule = RULES[type(optimizer)](optimizer)
        self._count = np.zeros((), np.int64)
        self._slots = {
            name: {slot: np.zeros_like(parameter) for slot in self.rule.slots(parameter)}
            for name, (parameter, _) in parameters.items()
        }

    def step(self, x: Array, labels: Array, *, learning_rate: float, step: int, part: Part = Part()) -> float:  # noqa: B008
        """One update from a batch; returns the loss before it. If that is not finite, there is no update."""
        count = int(self._count) + 1

        def update(name: str, gradient: Array) -> None:
            if name in self.parameters:
                parameter, factor = self.parameters[name]
                self.rule.update(parameter, gradient, self._slots[name], learning_rate * factor, count)

        at_once = self.clip.is_none and self.accumulate == 1
        descend = partial(self._descend, only_finite=True) if at_once else self._descend_together
        value = descend(x, labels, step=step, take=update)
        self._count += isfinite(value)
        return value

    def _descend_together(self, x: Array, labels: Array, step: int, take: Callable[[str, Array], None]) -> float:
        """The same with gradients that have to be there together: those of parts are added, and then they are bounded."""
        gradients: dict[str, Array] = {}

        def add(name: str, gradient: Array) -> None:
            if name in gradients:
                gradients[name] += gradient
            elif name in self.parameters:
                gradients[name] = gradient.copy()

        value = 0.0
        for part in divide(len(x), self.accumulate):
            where = {"start": part.start, "batch": labels}
            value += self._descend(x[part], labels[part], step=step, take=add, **where)
        if not isfinite(value):
            return value
        scale = 1.0
        if self.clip.norm:
            norm = np.sqrt(sum(float(np.square(gradient, dtype=np.float64).sum()) for gradient in gradients.values()))
            scale = min(1.0, self.clip.norm / (norm + 1e-6))  # as torch has it
        most = self.clip.value or np.inf
        for name, gradient in gradients.items():
            take(name, np.clip(gradient * scale, -most, most))
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
