"""Networks built by hand, so that the layers above the graph are tested without the parser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from cnndsl.ir import Graph, Node, Value
from cnndsl.ops import Operator, ParameterSpec, TensorType
from cnndsl.ops.activation import Relu, Softmax, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, MaxPool
from cnndsl.source import Source, Span

SPAN = Span(Source("by-hand.cnn", ""), 0, 0)


class Join(Operator):
    """Any number of inputs and the type of the first: what a residual sum is to analyses and reports."""

    name: ClassVar = "join"

    def resolve(self, *inputs: TensorType) -> Operator:
        return self

    def infer(self, *inputs: TensorType) -> TensorType:
        return inputs[0]

    def parameters(self, *inputs: TensorType) -> dict[str, ParameterSpec]:
        return {}

    def buffers(self, *inputs: TensorType) -> dict[str, ParameterSpec]:
        return {}

    def macs(self, *types: TensorType) -> int:
        return 0

    def formulas(self, *inputs: TensorType) -> tuple[str, ...]:
        return ()

    def parameter_formula(self, *inputs: TensorType) -> str:
        return ""


def add_node(path: str, operator: Operator, *inputs: Value) -> Node:
    """A node behind some values, resolved and inferred as elaboration does it."""
    types = tuple(value.type for value in inputs)
    resolved = operator.resolve(*types)
    return Node(path, resolved, inputs, (Value(resolved.infer(*types)),), SPAN)


def chain(
    name: str, shape: tuple[int, ...], layers: Iterable[Operator | tuple[str, Operator]], **extras: object
) -> Graph:
    """A network without branches; a layer without a name is called by its position."""
    value = start = Value(TensorType(shape))
    nodes = []
    for position, layer in enumerate(layers):
        path, operator = layer if isinstance(layer, tuple) else (str(position), layer)
        nodes.append(add_node(path, operator, value))
        value = nodes[-1].output
    return Graph(name, start, tuple(nodes), value, **extras)


def conv(out_channels: int, kernel_size: int, **attributes: object) -> Conv:
    return Conv(out_channels, (kernel_size, kernel_size), **attributes)


def lenet5() -> Graph:
    layers = [
        ("c1", conv(6, 5)),
        Tanh(),
        AvgPool((2, 2)),
        Tanh(),
        ("c3", conv(16, 5)),
        Tanh(),
        AvgPool((2, 2)),
        Tanh(),
        ("c5", conv(120, 5)),
        Tanh(),
        Flatten(),
        ("f6", Dense(84)),
        Tanh(),
        ("output", Dense(10)),
    ]
    return chain("LeNet5", (1, 32, 32), layers, settings={"classes": 10}, doc="LeNet-5, LeCun et al. 1998, figure 2")


def residual() -> Graph:
    """A block with a skip around two convolutions, between a convolution and a dense layer."""
    image = Value(TensorType((3, 32, 32)))
    stem = add_node("stem", conv(16, 3, padding="same", bias=False), image)
    norm = add_node("norm", BatchNorm(), stem.output)
    start = add_node("2", Relu(), norm.output)
    first = add_node("block.conv1", conv(16, 3, padding="same"), start.output)
    middle = add_node("block.1", Relu(), first.output)
    second = add_node("block.conv2", conv(16, 3, padding="same"), middle.output)
    join = add_node("block.join", Join(), second.output, start.output)
    end = add_node("4", Relu(), join.output)
    pool = add_node("5", GlobalAvgPool(), end.output)
    flat = add_node("6", Flatten(), pool.output)
    head = add_node("head", Dense(10), flat.output)
    nodes = (stem, norm, start, first, middle, second, join, end, pool, flat, head)
    return Graph("Residual", image, nodes, head.output, doc="A residual block")


def mnist_cnn() -> Graph:
    layers = [
        conv(32, 3),
        Relu(),
        MaxPool((2, 2)),
        conv(64, 3),
        Relu(),
        MaxPool((2, 2)),
        conv(64, 3),
        Relu(),
        Flatten(),
        Dense(64),
        Relu(),
        Dense(10),
    ]
    return chain("MnistCNN", (1, 28, 28), layers, doc="A small convolutional network for MNIST")


def mnist_dense() -> Graph:
    return chain("MnistDense", (784,), [Dense(512), Relu(), Dense(10)])


def cats_and_dogs_lenet() -> Graph:
    layers = [
        conv(16, 5),
        Relu(),
        MaxPool((2, 2)),
        conv(32, 5),
        Relu(),
        MaxPool((2, 2)),
        Flatten(),
        Dense(512),
        Dense(2),
        Softmax(),
    ]
    return chain("CatsAndDogs", (3, 224, 224), layers)
