"""Training steps, with the optimizers of ``torch.optim``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from ...recipe import Optimizer
from ..base import TrainerOptions
from ..guards import check_state
from ..parts import Part, divide, weight_of
from .arrays import Array, from_array, to_array
from .descent import Descent
from .held import Inputs
from .layout import in_memory_order
from .optimizers import build_optimizer, slot_names
from .threads import Threads

__all__ = ["TorchTrainer"]


class TorchTrainer:
    """The parameters of a network and the state of an optimizer: see :class:`cnndsl.backends.base.Trainer`.

    A batch goes through in ``accumulate`` parts, whose gradients are added. Beside each parameter is what its learning rate is
    multiplied by; those with 0 are frozen.
    """

    def __init__(
        self,
        descent: Descent,
        parameters: Mapping[str, tuple[Tensor, float]],
        optimizer: Optimizer,
        options: TrainerOptions,
        threads: Threads,
    ) -> None:
        self.descent = descent
        self.clip = options.clip
        self.threads = threads
        self.accumulate = options.accumulate
        self.precision = descent.mixed
        self.parameters = [parameter for parameter, _ in parameters.values()]
        self.place = descent.place
        learnt = {name: each for name, each in parameters.items() if each[1]}
        self._optimizer = build_optimizer(optimizer, _groups(learnt.values()))
        self._count = 0
        self._slots = {
            f"{name}.{slot}": self._prepare(parameter, slot)
            for name, (parameter, _) in learnt.items()
            for slot in slot_names(optimizer, parameter)
        }

    def step(self, x: Inputs, labels: Array, *, learning_rate: float, step: int, part: Part = Part()) -> Any:  # noqa: B008
        """One update from a batch, or from this worker's part of it; returns the loss of the batch before it.

        If that is not finite, there is no update.
        """
        self.descent.begin(len(x), self._slots.values())
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate * group["factor"]
        self._optimizer.zero_grad()
        with self.place.computing(), self.threads, self.place.memory_errors():
            value = self._add_gradients(x, labels, step, part)
            # where it would wait, the loss is read later, and a network that is lost takes one step more
            if self.place.waits or isfinite(value.item()):
                self._bound_gradients()
                with in_memory_order(self._changing()):
                    self.precision.step(self._optimizer)
                self._count += 1
                increment_version(self.parameters)  # which fused optimizers leave undone, and predictions look at
        return value if self.place.waits else value.item()

    def _add_gradients(self, x: Inputs, labels: Array, step: int, whole: Part) -> Tensor:
        """The loss of a batch, part by part, each of which leaves its gradients with the parameters."""
        loss = self.descent.loss
        weight = weight_of(loss, labels) if whole.weight is None else whole.weight
        parts = divide(len(x), min(self.accumulate, whole.least or len(x)))
        values = []
        for part in parts:
            share, start = weight_of(loss, labels[part]) / weight, whole.start + part.start
            last = part is parts[-1]
            values.append(self.descent.add_gradients(x[part], labels[part], share, step, start, last=last))
        return self.descent.end(torch.stack(values).sum() if len(values) > 1 else values[0])

    def _changing(self) -> list[Tensor]:
        """What a fused optimizer reads and writes."""
        if not self._optimizer.defaults.get("fused"):
            return []
        gradients = [each.grad for each in self.parameters if each.grad is not None]
        return [*self.parameters, *gradients, *self._slots.values()]

    def _bound_gradients(self) -> None:
        """Bound the gradients."""
        if self.clip.is_none:
            return
        self.precision.unscale(self._optimizer)
        if self.clip.norm:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.clip.norm)
        if self.clip.value:
            torch.nn.utils.clip_grad_value_(self.parameters, self.clip.value)

    def state(self) -> dict[str, Array]:
        """Copies of the number of updates as ``step``, and of each slot as its parameter's name, a dot and its own."""
        slots = {name: to_array(slot) for name, slot in self._slots.items()}
        return {"step": np.array(self._steps_taken(), np.int64)} | slots | self.precision.state()

    def _steps_taken(self) -> int:
        """The updates; float16 leaves out a step now and then, which the optimizers that count them know of."""
        if self.precision.scales and not isinstance(self._optimizer, torch.optim.SGD):
            return max(int(own["step"]) for own in self._optimizer.state.values())
        return self._count

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace the state of the optimizer.

        Raises:
            DiagnosticError: E0422 unless it is that of this optimizer on this network; then nothing has changed.
        """
        shapes = {name: slot.shape for name, slot in self._slots.items()}
        check_state(state, {"step": (), **shapes, **dict.fromkeys(self.precision.names(), ())})
        self._count = int(state["step"])
        for name, slot in self._slots.items():
            slot.copy_(from_array(state[name]))
        for own in self._optimizer.state.values():
            own["step"].fill_(self._count)
        self.precision.load_state(state)

    def _prepare(self, parameter: Tensor, slot: str) -> Tensor:
        """What torch would add at the first step: zeros, which it changes in place, and a counter for each parameter."""
        zeros = torch.zeros_like(parameter)
        # a fused optimizer counts on the device, and others do so where that waits for nothing
        place = parameter.device if self._optimizer.defaults.get("fused") else None
        self._optimizer.state[parameter].update({slot: zeros, "step": torch.zeros((), device=place)})
        return zeros


def _groups(parameters: Iterable[tuple[Tensor, float]]) -> list[dict[str, Any]]:
    """The parameters as ``torch.optim`` takes them, those with the same factor together."""
    groups: dict[float, list[Tensor]] = {}
    for parameter, factor in parameters:
        groups.setdefault(factor, []).append(parameter)
    return [{"params": members, "factor": factor} for factor, members in groups.items()]
