"""Any operator by its reference kernel: copies into the order that it knows, and back."""

from __future__ import annotations

import numpy as np

from .....ir import join_path
from ...kernels import Array, Pass, kernel_of
from .base import Algorithm, Call, Job, Unit

__all__ = ["Reference"]


class Reference(Algorithm):
    """What no other algorithm does. It allocates."""

    name = "reference"

    def __init__(self, job: Job, outputs: tuple[Array, ...]) -> None:
        super().__init__(job)
        self.outputs = outputs

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        node, tensors = self.job.task.node, self.job.store.tensors
        operator = node.operator
        leaves = [*operator.parameters(*node.input_types), *operator.buffers(*node.input_types)]
        held = {leaf: tensors[join_path(node.path, leaf)] for leaf in leaves}
        kernel = kernel_of(type(operator))

        def run() -> None:
            inputs = [np.ascontiguousarray(np.moveaxis(x, -1, 1)) for x in self.job.inputs]
            made = kernel(operator, node.path, held, Pass(), input_needed=False).forward(*inputs)
            for out, y in zip(self.outputs, made if isinstance(made, tuple) else (made,), strict=True):
                out[...] = np.moveaxis(y, 1, -1)

        return [run]
