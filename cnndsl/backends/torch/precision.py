"""Mixed precision: layers compute in 16 bits, weights stay in 32, and small gradients are kept from becoming 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import torch
from torch import Tensor

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import training
from ...recipe import Precision
from ...recipe.precision import BF16, FP16
from .arrays import Array

__all__ = ["MixedPrecision"]

_DTYPES: dict[type[Precision], torch.dtype] = {BF16: torch.bfloat16, FP16: torch.float16}


class MixedPrecision:
    """A precision on a device: what layers compute in, and the scale of the loss.

    float16 has no numbers below 6e-8, where many gradients are. There the loss is scaled up before gradients are taken, and
    they are scaled down after; a step whose gradients are not finite is left out, and the scale is halved.

    Raises:
        DiagnosticError: E0433 if tensors of this dtype have no mixed precision.
    """

    def __init__(self, precision: Precision, device: torch.device, dtype: torch.dtype) -> None:
        self.dtype = _DTYPES.get(type(precision))
        self.device = device
        if self.dtype is not None and dtype != torch.float32:
            message = f"`precision {precision.name}` is for weights in float32, and these are in {str(dtype)[6:]}"
            help_ = "leave out `--dtype`, or the setting"
            raise DiagnosticError(Diagnostic(training.BACKEND_LIMITATION, message, help=(help_,)))
        self._scaler = torch.amp.GradScaler(device.type) if self.dtype == torch.float16 else None

    @property
    def scales(self) -> bool:
        """Whether the loss is scaled."""
        return self._scaler is not None

    def autocast(self) -> AbstractContextManager[object]:
        """Layers within ``with`` compute in this precision."""
        return nullcontext() if self.dtype is None else torch.autocast(self.device.type, self.dtype)

    def scaled(self, loss: Tensor) -> Tensor:
        """The loss that gradients are to be taken of."""
        return loss if self._scaler is None else self._scaler.scale(loss)

    def unscale(self, optimizer: torch.optim.Optimizer) -> None:
        """Make the gradients those of the loss, so that they can be bounded."""
        if self._scaler is not None:
            self._scaler.unscale_(optimizer)

    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """Change the weights."""
        if self._scaler is None:
            optimizer.step()
        else:
            self._scaler.step(optimizer)
            self._scaler.update()

    def state(self) -> dict[str, Array]:
        """The scale, and for how many steps it has been right; nothing where there is none."""
        if self._scaler is None:
            return {}
        state = self._scaler.state_dict()
        return {f"scaler.{name}": np.array(state[key], np.float64) for name, key in _STATE.items()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace the scale."""
        if self._scaler is not None:
            found = {
                key: type_(state[f"scaler.{name}"]) for (name, key), type_ in zip(_STATE.items(), _TYPES, strict=True)
            }
            self._scaler.load_state_dict({**self._scaler.state_dict(), **found})

    def names(self) -> Iterable[str]:
        """The names of its state."""
        return () if self._scaler is None else tuple(f"scaler.{name}" for name in _STATE)


_STATE = {"scale": "scale", "growth": "_growth_tracker"}
_TYPES = (float, int)
