"""Batch normalisation."""

from __future__ import annotations

import numpy as np

from ....ops.normalization import BatchNorm
from .base import Array, Kernel, channel_sum, kernel, spread

__all__ = ["BatchNormKernel"]


@kernel(BatchNorm)
class BatchNormKernel(Kernel[BatchNorm]):
    """(x - mean)/sqrt(variance + eps) * weight + bias, per channel; in training the mean and variance are the batch's."""

    def forward(self, x: Array) -> Array:
        mean, variance = self._batch_statistics(x) if self.run.training else self._running_statistics()
        self.inverse = 1 / np.sqrt(variance + self.operator.eps)
        self.normal = (x - spread(mean, x)) * spread(self.inverse, x)
        if not self.operator.affine:
            return self.normal
        return self.normal * spread(self.tensors["weight"], x) + spread(self.tensors["bias"], x)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        total, correlation = channel_sum(gradient), channel_sum(gradient * self.normal)
        factor = self.inverse
        if self.operator.affine:
            self.gradients["weight"], self.gradients["bias"] = correlation, total
            factor = factor * self.tensors["weight"]
        if not self.input_needed:
            return ()
        if self.run.training:
            # The batch's own mean and variance move with x: take off what they carry back.
            count = gradient.size // gradient.shape[1]
            gradient = gradient - (spread(total, gradient) + self.normal * spread(correlation, gradient)) / count
        return (gradient * spread(factor, gradient),)

    def _running_statistics(self) -> tuple[Array, Array]:
        return self.tensors["running_mean"], self.tensors["running_var"]

    def _batch_statistics(self, x: Array) -> tuple[Array, Array]:
        """Mean and biased variance; moves the running statistics on."""
        count = x.size // x.shape[1]
        mean = channel_sum(x) / count
        deviation = x - spread(mean, x)
        variance = channel_sum(deviation * deviation) / count
        self._move("running_mean", mean)
        self._move("running_var", variance * (count / (count - 1)))
        self.tensors["num_batches_tracked"][...] += 1
        return mean, variance

    def _move(self, name: str, new: Array) -> None:
        running, momentum = self.tensors[name], self.operator.momentum
        running[...] = (1 - momentum) * running + momentum * new
