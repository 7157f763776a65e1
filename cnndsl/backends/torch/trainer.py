"""Training steps, with the optimizers of ``torch.optim``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from ...recipe import Clip, Optimizer
from ..guards import check_state
from .arrays import Array, from_array, to_array
from .devices import exact
from .layout import lay_out
from .optimizers import build_optimizer, slot_names
from .threads import Threads

__all__ = ["TorchTrainer"]


class TorchTrainer:
    """The parameters of a network and the state of an optimizer: see :class:`cnndsl.backends.base.Trainer`.

    ``loss`` gives that of a batch as a tensor, as ``TorchNetwork.loss`` does; ``layout`` is how the tensors are to lie for
    batches of a size, which the first batch decides.
    """

    def __init__(
        self,
        loss: Callable[..., Tensor],
        parameters: Mapping[str, Tensor],
        optimizer: Optimizer,
        device: torch.device,
        clip: Clip,
        threads: Threads,
        layout: Callable[[int], torch.memory_format] | None = None,
    ) -> None:
        self.loss = loss
        self.clip = clip
        self.threads = threads
        self._layout = layout
        self.parameters = list(parameters.values())
        self.device = device
        self._optimizer = build_optimizer(optimizer, list(parameters.values()))
        self._count = 0
        self._slots = {
            f"{name}.{slot}": self._prepare(parameter, slot)
            for name, parameter in parameters.items()
            for slot in slot_names(optimizer, parameter)
        }

    def step(self, x: Array, labels: Array, *, learning_rate: float, step: int) -> float:
        """One update from a batch; returns the loss before it."""
        if self._layout is not None:
            lay_out((*self.parameters, *self._slots.values()), self._layout(len(x)))
            self._layout = None
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        self._optimizer.zero_grad()
        with exact(self.device), self.threads:
            value = self.loss(x, labels, step=step)
            value.backward()  # type: ignore[no-untyped-call]
            self._bound_gradients()
            self._optimizer.step()
        self._count += 1
        return value.item()

    def _bound_gradients(self) -> None:
        """Bound the gradients."""
        if self.clip.norm:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.clip.norm)
        if self.clip.value:
            torch.nn.utils.clip_grad_value_(self.parameters, self.clip.value)

    def state(self) -> dict[str, Array]:
        """Copies of the number of updates as ``step``, and of each slot as its parameter's name, a dot and its own."""
        return {"step": np.array(self._count, np.int64)} | {name: to_array(slot) for name, slot in self._slots.items()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace the state of the optimizer.

        Raises:
            DiagnosticError: E0422 unless it is that of this optimizer on this network; then nothing has changed.
        """
        check_state(state, {"step": (), **{name: slot.shape for name, slot in self._slots.items()}})
        self._count = int(state["step"])
        for name, slot in self._slots.items():
            slot.copy_(from_array(state[name]))
        for own in self._optimizer.state.values():
            own["step"].fill_(self._count)

    def _prepare(self, parameter: Tensor, slot: str) -> Tensor:
        """What torch would add at the first step: zeros, which it changes in place, and a counter for each parameter."""
        zeros = torch.zeros_like(parameter)
        self._optimizer.state[parameter].update({slot: zeros, "step": torch.zeros(())})
        return zeros
