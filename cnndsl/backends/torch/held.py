"""Small sets of samples that stay on the device they are trained on."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .arrays import Array, from_array, to_array
from .devices import Device

__all__ = ["HeldSamples", "Inputs"]


class HeldSamples:
    """Samples and their targets on a device: see :class:`cnndsl.backends.base.Held`.

    ``order`` are their places in ``x`` and ``targets``, on the device too, so that a slice takes nothing from the CPU.
    """

    def __init__(self, x: Tensor, targets: Tensor, order: Tensor, place: Device) -> None:
        self._whole = x, targets
        self._order = order
        self._place = place

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, chosen: slice | Array) -> HeldSamples:
        places = chosen if isinstance(chosen, slice) else self._place.send(from_array(chosen), torch.int64)
        return HeldSamples(*self._whole, self._order[places], self._place)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return to_array(self.tensors()[0]).astype(dtype or None, copy=False)

    def tensors(self) -> tuple[Tensor, Tensor]:
        """The samples and their targets. They lie in memory as those of the set do, which ``index_select`` would not keep."""
        x, targets = self._whole
        return x[self._order], targets[self._order]


Inputs = Array | HeldSamples
"""Samples that a step takes."""
