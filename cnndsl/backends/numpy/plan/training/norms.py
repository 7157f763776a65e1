"""Batch normalisation in training, over rows of one channel each."""

from __future__ import annotations

from math import prod

import numpy as np

from ...kernels import Array, Pass
from ..task import Task
from .base import CHUNK, Layer, Seat, activate, through

__all__ = ["Normalisation"]


class Normalisation(Layer):
    """Some channels at a time, so that all passes over them are in the cache. If frozen, by the running statistics."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        channels = self.seat.task.inputs[0].type.shape[0]
        self.mean = np.empty((channels, 1), self.seat.scratch.dtype)
        self.inverse = np.empty_like(self.mean)

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        return 2 * _channels(task, samples) * prod(task.inputs[0].type.shape[1:]) * samples

    def _blocks(self) -> list[slice]:
        step = _channels(self.seat.task, self.seat.samples)
        return [slice(start, start + step) for start in range(0, len(self.mean), step)]

    def forward(self, run: Pass) -> None:
        x, y = (array.reshape(len(self.mean), -1) for array in (self.seat.inputs[0], self.seat.outputs[0]))
        count, frozen = x.shape[1], self.seat.task.is_frozen
        weight, bias = self._affine()
        for block in self._blocks():
            mean = self._running("running_mean", block) if frozen else x[block].mean(axis=1, keepdims=True)
            centred = np.subtract(x[block], mean, out=y[block])
            if frozen:
                variance = self._running("running_var", block)
            else:
                variance = (np.einsum("cp,cp->c", centred, centred) / count)[:, np.newaxis]
                self._move("running_mean", block, mean)
                self._move("running_var", block, variance * (count / (count - 1)))
            self.mean[block], self.inverse[block] = mean, 1 / np.sqrt(variance + self.operator.eps)
            np.multiply(centred, self.inverse[block] * weight[block], out=centred)
            np.add(centred, bias[block], out=centred)
            activate(self.seat.task.activation, centred)
        if not frozen:
            self.seat.tensors["num_batches_tracked"][...] += 1

    def _affine(self) -> tuple[Array, Array]:
        if not self.operator.affine:
            return np.ones_like(self.mean), np.zeros_like(self.mean)
        return self.seat.tensors["weight"][:, np.newaxis], self.seat.tensors["bias"][:, np.newaxis]

    def _running(self, name: str, block: slice) -> Array:
        found: Array = self.seat.tensors[name][block, np.newaxis]
        return found

    def _move(self, name: str, block: slice, new: Array) -> None:
        running, momentum = self.seat.tensors[name][block], self.operator.momentum
        running[...] = (1 - momentum) * running + momentum * new[:, 0]

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        x, y = (array.reshape(len(self.mean), -1) for array in (self.seat.inputs[0], self.seat.outputs[0]))
        gradient, count = gradients[0].reshape(x.shape), x.shape[1]
        weight, _ = self._affine()
        for block in self._blocks():
            shape = x[block].shape
            normal, masked = (
                self.seat.scratch[place * prod(shape) : (place + 1) * prod(shape)].reshape(shape) for place in (0, 1)
            )
            through(self.seat.task.activation, y[block], gradient[block], masked)
            np.subtract(x[block], self.mean[block], out=normal)
            np.multiply(normal, self.inverse[block], out=normal)
            total = masked.sum(axis=1, keepdims=True)
            correlation = np.einsum("cp,cp->c", masked, normal)[:, np.newaxis]
            if self.operator.affine:
                self.gradients["weight"][block] = correlation[:, 0]
                self.gradients["bias"][block] = total[:, 0]
            if into[0] is None:
                continue
            if self.seat.task.is_frozen:
                np.multiply(masked, self.inverse[block] * weight[block], out=into[0].reshape(x.shape)[block])
                continue
            # The batch's own mean and variance move with x: take off what they carry back.
            np.multiply(normal, correlation / count, out=normal)
            np.add(normal, total / count, out=normal)
            np.subtract(masked, normal, out=normal)
            np.multiply(normal, self.inverse[block] * weight[block], out=into[0].reshape(x.shape)[block])


def _channels(task: Task, samples: int) -> int:
    channels, *places = task.inputs[0].type.shape
    return max(1, min(channels, CHUNK // (prod(places) * samples)))
