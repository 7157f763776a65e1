"""Why a count is not the one expected: what may have been counted or written otherwise, tried on the network itself.

A bias before a batch normalisation or none, the running statistics counted as Keras does, ten classes in place of a
thousand: the number is worked out for each, and told only if it is exactly the one expected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from ..ir import Block, Graph, Node
from ..ops import TensorType, element_count, format_shape
from ..ops.convolution import Conv
from ..recipe import DATASETS
from .habits import Change, macs_habits, parameter_habits, single_changes
from .last_layer import last_layer
from .resized import Tally, sizes_giving

__all__ = ["macs_changes", "parameter_changes"]

_MOST_CHANNELS = 16
_MOST_ALIKE = 3
"""More layers of the same cost than these are told by none."""


def parameter_changes(graph: Graph, expected: int) -> list[str]:
    """With what the network would have exactly this many parameters, the likeliest first."""
    missing = expected - graph.parameter_count
    habits = parameter_habits(graph)
    found = [
        *(change.text for change in habits if change.difference == missing),
        *_elsewhere(graph, graph.nodes, _parameters_at, expected, missing),
        *_one_change(graph, missing),
    ]
    return list(dict.fromkeys(found or _pairs([*habits, *_classes(graph)], missing)))


def macs_changes(graph: Graph, expected: int) -> list[str]:
    """With what the network would have exactly this many multiply-accumulates, the likeliest first."""
    missing = expected - graph.macs
    nodes = graph.needed_nodes((graph.output,))
    needed = set(nodes)

    def macs_at(node: Node, inputs: tuple[TensorType, ...], output: TensorType) -> int:
        return node.operator.macs(*inputs, output) if node in needed else 0

    found = [
        *(change.text for change in macs_habits(graph) if change.difference == missing),
        *_elsewhere(graph, nodes, macs_at, expected, missing),
    ]
    return list(dict.fromkeys(found))


def _elsewhere(graph: Graph, nodes: Sequence[Node], tally: Tally, expected: int, missing: int) -> Iterator[str]:
    """Another output, input, or number of layers: what shows in the parameters and in the multiply-accumulates."""

    def count(node: Node) -> int:
        return tally(node, node.input_types, node.output.type)

    yield from _outputs(graph, count, missing)
    yield from _input_channels(graph, tally, missing)
    yield from _input_sizes(graph, tally, expected)
    yield from _one_layer(nodes, count, missing)
    yield from _one_block(nodes, count, missing)


def _parameters_at(node: Node, inputs: tuple[TensorType, ...], _: TensorType) -> int:
    return sum(element_count(spec.shape) for spec in node.operator.parameters(*inputs).values())


# Both ends of the network


def _outputs(graph: Graph, count: Callable[[Node], int], missing: int) -> Iterator[str]:
    last = last_layer(graph)
    wanted = last.outputs_giving(missing, count(last.node)) if last is not None else None
    if last is not None and wanted is not None:
        yield last.described(wanted)


def _classes(graph: Graph) -> Iterator[Change]:
    """The last layer with as many outputs as a well-known data set has classes."""
    last = last_layer(graph)
    if last is None:
        return
    each = last.node.parameter_count // last.outputs
    for classes in sorted({item.classes for item in DATASETS.values()} - {last.outputs}):
        if last.takes(classes):
            yield Change(last.described(classes), (classes - last.outputs) * each)


def _input_channels(graph: Graph, tally: Tally, missing: int) -> Iterator[str]:
    """Another number of channels, where one plain convolution reads the input and no expression its channels."""
    readers = [node for node in graph.nodes if graph.input in node.inputs]
    operator = readers[0].operator if len(readers) == 1 else None
    if not isinstance(operator, Conv) or operator.groups != 1 or "in_channels" in readers[0].span.source.text:
        return
    x, y = graph.input.type, readers[0].output.type
    now, *size = x.shape
    each = tally(readers[0], (x.replace(shape=(now + 1, *size)),), y) - tally(readers[0], (x,), y)
    more, rest = divmod(missing, each)
    if not rest and 1 <= now + more <= _MOST_CHANNELS:
        yield f"with an input of {format_shape((now + more, *size))}"


def _input_sizes(graph: Graph, tally: Tally, expected: int) -> Iterator[str]:
    sizes = sizes_giving(graph, tally, expected)
    if sizes is not None:
        least, largest = map(format_shape, sizes)
        yield f"with an input of {least}" if least == largest else f"with an input from {least} to {largest}"


# A layer or a block more or less


def _one_layer(nodes: Sequence[Node], count: Callable[[Node], int], missing: int) -> Iterator[str]:
    same = {node.span: node for node in nodes if count(node) == abs(missing)}
    for span in same if len(same) <= _MOST_ALIKE else ():
        yield _counted(f"`{span.text}` on line {span.position[0]}", missing)


def _one_block(nodes: Sequence[Node], count: Callable[[Node], int], missing: int) -> Iterator[str]:
    counts: Counter[Block] = Counter()
    for node in nodes:
        for block in node.block.chain if node.block is not None else ():
            counts[block] += count(node)
    same = [block for block, total in counts.items() if total == abs(missing) and block.path]
    for block in same if len(same) <= _MOST_ALIKE else ():
        yield _counted(f"the block `{block.path}`", missing)


def _one_change(graph: Graph, missing: int) -> Iterator[str]:
    """One layer with a bias or without, or one convolution with a batch normalisation behind it."""
    same = {change.text: None for change in single_changes(graph) if change.difference == missing}
    yield from same if len(same) <= _MOST_ALIKE else ()


def _counted(what: str, missing: int) -> str:
    return f"without counting {what}" if missing < 0 else f"counting {what} twice"


def _pairs(changes: Sequence[Change], missing: int) -> list[str]:
    """Two changes of different layers, which make the difference together."""
    return [
        f"{one.text} and {two.text}"
        for one, two in combinations(changes, 2)
        if one.difference + two.difference == missing and set(one.nodes).isdisjoint(two.nodes)
    ]
