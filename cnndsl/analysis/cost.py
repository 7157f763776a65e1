"""What each layer costs: parameters, multiply-accumulates, activation memory.

The conventions, which every tool chooses differently: multiply-accumulates are counted for convolutions and dense layers,
per sample, biases left out, as fvcore counts them. Activation memory is every layer's output at 4 bytes a number, per
sample; training holds as much again for the gradients, which is the "forward/backward pass size" of torchsummary.
"""

from __future__ import annotations

from ..ir import Graph, Node
from ..ops import TensorType, element_count
from ..record import Record
from .receptive_field import ReceptiveField, receptive_fields

__all__ = ["FLOAT_BYTES", "LayerCost", "NetworkCost", "network_cost"]

FLOAT_BYTES = 4


class LayerCost(Record):
    """The cost of one node for one sample; ``parameters`` and ``buffers`` count numbers, not tensors."""

    node: Node
    output: TensorType
    parameters: int
    buffers: int
    macs: int
    activation_bytes: int
    receptive_field: ReceptiveField


class NetworkCost(Record):
    """The costs of all layers in the order of the graph, and their sums."""

    graph: Graph
    layers: tuple[LayerCost, ...]
    receptive_field: ReceptiveField

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def buffers(self) -> int:
        return sum(layer.buffers for layer in self.layers)

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def parameter_bytes(self) -> int:
        return FLOAT_BYTES * self.parameters

    @property
    def input_bytes(self) -> int:
        return FLOAT_BYTES * element_count(self.graph.input.type.shape)

    @property
    def activation_bytes(self) -> int:
        """Every layer's output, per sample."""
        return sum(layer.activation_bytes for layer in self.layers)

    @property
    def training_activation_bytes(self) -> int:
        """Every layer's output and its gradient, per sample."""
        return 2 * self.activation_bytes


def network_cost(graph: Graph) -> NetworkCost:
    """Count what a network costs, layer by layer."""
    fields = receptive_fields(graph)
    layers = tuple(_layer_cost(node, fields[node.output]) for node in graph.nodes)
    return NetworkCost(graph, layers, fields[graph.output])


def _layer_cost(node: Node, field: ReceptiveField) -> LayerCost:
    return LayerCost(
        node=node,
        output=node.output.type,
        parameters=node.parameter_count,
        buffers=sum(element_count(spec.shape) for spec in node.buffers.values()),
        macs=node.macs,
        activation_bytes=_activation_bytes(node),
        receptive_field=field,
    )


def _activation_bytes(node: Node) -> int:
    if node.operator.is_view:
        return 0
    return FLOAT_BYTES * sum(element_count(value.type.shape) for value in node.outputs)
