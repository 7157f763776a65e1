"""What each layer costs: parameters, multiply-accumulates, activation memory.

The conventions, which every tool chooses differently: multiply-accumulates are counted for convolutions and dense layers,
per sample, biases left out, as fvcore counts them. Activation memory is every layer's output at 4 bytes a number, per
sample; training holds as much again for the gradients, which is the "forward/backward pass size" of torchsummary. What a
prediction does not run, such as a head, counts as parameters and as memory in training, and nowhere else.
"""

from __future__ import annotations

from functools import cached_property

from ..ir import Graph, Node
from ..ops import TensorType, element_count
from ..record import Record
from .receptive_field import ReceptiveField, receptive_fields

__all__ = ["FLOAT_BYTES", "LayerCost", "NetworkCost", "network_cost"]

FLOAT_BYTES = 4


class LayerCost(Record):
    """The cost of one node for one sample; ``parameters`` and ``buffers`` count numbers, not tensors.

    ``needed_for`` is the ``output``, or ``training`` if only a head depends on the node, or ``nothing``.
    """

    node: Node
    output: TensorType
    parameters: int
    buffers: int
    macs: int
    activation_bytes: int
    receptive_field: ReceptiveField
    needed_for: str = "output"

    @property
    def predicts(self) -> bool:
        """Whether a prediction runs the node."""
        return self.needed_for == "output"


class NetworkCost(Record):
    """The costs of all layers in the order of the graph, and their sums."""

    graph: Graph
    layers: tuple[LayerCost, ...]
    receptive_field: ReceptiveField

    @cached_property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def buffers(self) -> int:
        return sum(layer.buffers for layer in self.layers)

    @cached_property
    def macs(self) -> int:
        """Those of a prediction, per sample."""
        return sum(layer.macs for layer in self.layers if layer.predicts)

    @property
    def parameter_bytes(self) -> int:
        return FLOAT_BYTES * self.parameters

    @property
    def input_bytes(self) -> int:
        return FLOAT_BYTES * element_count(self.graph.input.type.shape)

    @cached_property
    def activation_bytes(self) -> int:
        """The output of every layer that a prediction runs, per sample."""
        return sum(layer.activation_bytes for layer in self.layers if layer.predicts)

    @property
    def training_activation_bytes(self) -> int:
        """Every layer's output and its gradient, per sample."""
        return 2 * sum(layer.activation_bytes for layer in self.layers)


def network_cost(graph: Graph) -> NetworkCost:
    """Count what a network costs, layer by layer."""
    fields = receptive_fields(graph)
    predicting = set(graph.needed_nodes((graph.output,)))
    training = set(graph.needed_nodes(head.value for head in graph.heads))
    layers = []
    for node in graph.nodes:
        needed_for = "output" if node in predicting else "training" if node in training else "nothing"
        layers.append(_layer_cost(node, fields[node.output], needed_for))
    return NetworkCost(graph, tuple(layers), fields[graph.output])


def _layer_cost(node: Node, field: ReceptiveField, needed_for: str) -> LayerCost:
    return LayerCost(
        node=node,
        output=node.output.type,
        parameters=node.parameter_count,
        buffers=sum(element_count(spec.shape) for spec in node.buffers.values()),
        macs=node.macs,
        activation_bytes=_activation_bytes(node),
        receptive_field=field,
        needed_for=needed_for,
    )


def _activation_bytes(node: Node) -> int:
    if node.operator.is_view:
        return 0
    return FLOAT_BYTES * sum(element_count(value.type.shape) for value in node.outputs)
