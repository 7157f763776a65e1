"""A dense layer: one product of matrices with the weights as they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..weights import filters
from .base import Algorithm, Call, Unit, activate

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["Dense"]


class Dense(Algorithm):
    """Parts of the result, so that threads share the reading of the weights."""

    name = "dense"

    def units(self) -> list[Unit]:
        outputs = self.job.output.shape[1]
        return [(0, outputs // 2, 0, 1), (outputs // 2, outputs, 0, 1)] if outputs >= 512 else [(0, outputs, 0, 1)]

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        x = self.job.inputs[0].reshape(len(self.job.output), -1)
        assert np.shares_memory(x, self.job.inputs[0])
        weight = self.job.weights("dense", lambda: filters(self.job.task, self.job.store.tensors))
        out = self.job.output[:, unit[0] : unit[1]]
        bias = self.job.bias()
        product = partial(np.matmul, x, weight[unit[0] : unit[1]].T, out)
        added = [] if bias is None else [partial(np.add, out, bias[unit[0] : unit[1]], out)]
        return [product, *added, *activate(self.job.task.activation, out)]
