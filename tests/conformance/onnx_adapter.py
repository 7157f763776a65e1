"""From a node test of the ``onnx`` package to a network of our operators: what both the cases and the translations need.

A value of ONNX has all its axes; one of the language has a batch in front of them. An operator that ONNX defines on N x C x ...
gets the case's first axis as its batch. Everything else is run as one sample, with a batch axis of 1 laid in front.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from cnndsl.ir import Graph
from cnndsl.ops import Operator
from cnndsl.ops.linear import Dense
from cnndsl.ops.rearrange import Permute, Reshape
from tests.support.graphs import graph_of

__all__ = ["Array", "Attributes", "Case", "Plan", "chain", "find_case", "packed"]

Array = Any
Attributes = Mapping[str, Any]

MODULES = {"BatchNormalization": "batch_normalization"}
"""The modules of node tests that are not called as their operator."""


class Case(NamedTuple):
    """A node test: inputs in the order of the node, None for one that is left out, and the outputs it must have."""

    attributes: Attributes
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array, ...]
    rtol: float
    atol: float


class Plan(NamedTuple):
    """A network that stands for a node: its layers as :func:`graph_of` takes them, its state, and a batch of inputs."""

    layers: tuple[tuple[Any, ...], ...]
    state: Mapping[str, Array]
    x: Array
    sample: bool
    """Whether the case is one sample, so that a batch axis of 1 comes off the output."""
    training: bool = False

    def graph(self) -> Graph:
        return graph_of(self.x.shape[1:], *self.layers)

    def computing(self) -> list[Operator]:
        """The layers besides those that only hand numbers on in another order or shape."""
        taken = [operator for path, operator, *_ in self.layers if not path.startswith("take")]
        return [operator for operator in taken if not operator.is_view and not isinstance(operator, Permute)]


def find_case(operator: str, name: str) -> Case:
    """A node test by name. Only the tests of this operator are made: to make those of all takes seconds.

    Raises:
        LookupError: If the package has no such test.
    """
    from onnx import helper
    from onnx.backend.test.case import node as package

    import_module(f"{package.__name__}.{MODULES.get(operator, operator.lower())}")
    for found in package._NodeTestCases:
        if found.name == name:
            (node,) = found.model.graph.node
            ((inputs, outputs),) = found.data_sets
            given = iter(map(np.asarray, inputs))
            return Case(
                {each.name: _plain(helper.get_attribute_value(each)) for each in node.attribute},
                tuple(next(given) if each else None for each in node.input),
                tuple(map(np.asarray, outputs)),
                found.rtol,
                found.atol,
            )
    raise LookupError(name)


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def chain(x: Array, *layers: Operator | tuple[Operator, Mapping[str, Array]], sample: bool = False) -> Plan:
    """Layers that follow each other, each with its tensors if it has any."""
    pairs = [layer if isinstance(layer, tuple) else (layer, {}) for layer in layers]
    names = ["x", *map(str, range(len(pairs)))]
    return Plan(
        tuple((str(place), operator, names[place]) for place, (operator, _) in enumerate(pairs)),
        {f"{place}.{leaf}": tensor for place, (_, tensors) in enumerate(pairs) for leaf, tensor in tensors.items()},
        x[np.newaxis] if sample else x,
        sample,
    )


def packed(inputs: tuple[Array, ...], *layers: tuple[Any, ...], **state: Array) -> Plan:
    """Layers on several inputs, which they call ``in0``, ``in1``, ...

    A network has one input. Here it is a vector of all the numbers, and rows of the identity matrix take each input out of it.
    """
    ends = np.cumsum([each.size for each in inputs])
    rows = np.split(np.eye(ends[-1], dtype=np.float32), ends[:-1])
    first: list[tuple[Any, ...]] = []
    for place, each in enumerate(inputs):
        first.append((f"take{place}", Dense(each.size, bias=False), "x"))
        first.append((f"in{place}", Reshape(each.shape), f"take{place}"))
    tensors = {f"take{place}.weight": part for place, part in enumerate(rows)}
    x = np.concatenate([each.ravel() for each in inputs])
    return Plan((*first, *layers), {**tensors, **state}, x[np.newaxis], True)
