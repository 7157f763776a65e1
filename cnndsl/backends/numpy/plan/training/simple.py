"""Dense layers, sums, concatenations, changes of shape, and everything else by the reference kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernels import Array, Kernel, Pass, kernel_of
from .base import Layer, activate, through

__all__ = ["Concatenation", "Dense", "Flattening", "Reference", "Sum"]


class Dense(Layer):
    """W x + b for x of F x N: a flattened image lies in the order of the weights."""

    def forward(self, run: Pass) -> None:
        y = self.seat.outputs[0]
        np.matmul(self.seat.tensors["weight"], self.seat.inputs[0], out=y)
        if self.operator.bias:
            y += self.seat.tensors["bias"][:, np.newaxis]
        activate(self.seat.task.activation, y)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        gradient = gradients[0]
        if self.seat.task.activation is not None:
            gradient = np.empty_like(gradient)
            through(self.seat.task.activation, self.seat.outputs[0], gradients[0], gradient)
        np.matmul(gradient, self.seat.inputs[0].T, out=self.gradients["weight"])
        if self.operator.bias:
            self.gradients["bias"][...] = gradient.sum(axis=1)
        if into[0] is not None:
            np.matmul(self.seat.tensors["weight"].T, gradient, out=into[0])


class Sum(Layer):
    """Each input gets the gradient whole."""

    def forward(self, run: Pass) -> None:
        y, (first, *others) = self.seat.outputs[0], self.seat.inputs
        y[...] = first
        for other in others:
            np.add(y, other, out=y)
        activate(self.seat.task.activation, y)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        for target in into:
            if target is not None:
                through(self.seat.task.activation, self.seat.outputs[0], gradients[0], target)


class Concatenation(Layer):
    """Along the channels; each input gets its part."""

    def forward(self, run: Pass) -> None:
        np.concatenate(self.seat.inputs, axis=0, out=self.seat.outputs[0])

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        start = 0
        for x, target in zip(self.seat.inputs, into, strict=True):
            if target is not None:
                target[...] = gradients[0][start : start + len(x)]
            start += len(x)


class Flattening(Layer):
    """The same numbers in the same order."""

    def forward(self, run: Pass) -> None:
        self.seat.outputs[0].reshape(self.seat.inputs[0].shape)[...] = self.seat.inputs[0]

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        if into[0] is not None:
            into[0][...] = gradients[0].reshape(into[0].shape)


class Reference(Layer):
    """The reference kernel of any operator, between copies into its order and back. It allocates."""

    kernel: Kernel[Any]

    def forward(self, run: Pass) -> None:
        node = self.seat.task.node
        operator, needed = node.operator, any(self.seat.needed)
        self.kernel = kernel_of(type(operator))(operator, node.path, self.seat.tensors, run, input_needed=needed)
        made = self.kernel.forward(*(np.ascontiguousarray(np.moveaxis(x, -1, 0)) for x in self.seat.inputs))
        for out, y in zip(self.seat.outputs, made if isinstance(made, tuple) else (made,), strict=True):
            out[...] = np.moveaxis(y, 0, -1)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        parts = self.kernel.backward(*(np.ascontiguousarray(np.moveaxis(each, -1, 0)) for each in gradients))
        for target, part in zip(into, parts, strict=False):
            if target is not None:
                target[...] = np.moveaxis(part, 0, -1)
        for leaf, part in self.kernel.gradients.items():
            self.gradients[leaf][...] = part
        del self.kernel
