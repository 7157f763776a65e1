"""Between numpy arrays and tensors. Both directions copy: nothing that a caller holds changes under its hands."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["Array", "from_array", "to_array"]

Array = NDArray[Any]


def to_array(tensor: Tensor) -> Array:
    """A copy of a tensor as a numpy array, in C order whatever the order on the device."""
    return np.array(tensor.numpy(force=True), order="C")


def from_array(array: Array) -> Tensor:
    """A copy of an array as a tensor on the CPU."""
    return torch.from_numpy(np.array(array))
