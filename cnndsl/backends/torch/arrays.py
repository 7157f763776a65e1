"""Between numpy arrays and tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["Array", "from_array", "given_array", "to_array"]

Array = NDArray[Any]


def to_array(tensor: Tensor) -> Array:
    """A copy of a tensor as a numpy array, in C order whatever the order on the device."""
    return np.array(tensor.numpy(force=True), order="C")


def given_array(output: Tensor, batch: Tensor) -> Array:
    """An output as a numpy array in C order; a copy only where it is not, or where it is the batch that it was made of."""
    if output.untyped_storage().data_ptr() == batch.untyped_storage().data_ptr():
        return to_array(output)
    return np.ascontiguousarray(output.numpy(force=True))


def from_array(array: Array) -> Tensor:
    """An array as a tensor on the CPU, in the same memory where torch can read it there; nobody may write to it."""
    array = np.asarray(array)
    shares = array.flags.carray and array.dtype.isnative
    return torch.from_numpy(array if shares else np.array(array, array.dtype.newbyteorder("=")))
