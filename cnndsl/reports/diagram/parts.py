"""Layers that are drawn as several side by side: convolutions in groups and what is between them, as in AlexNet.

Told from the wiring: in a row of layers, from the convolution that makes the maps which the first one in groups divides, to
the poolings after the last, and on through dense layers up to the last of these, which gives the scores. A convolution
between them that is in no groups, and a dense layer, reads all columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...ir import Node, Value
from ...ops import TensorType
from .palette import kind_of
from .structure import Group, Leaf, Structure

__all__ = ["divided_leaves", "part_of_node", "reads_own_column"]

_MOST_COLUMNS = 2
"""More would be no columns any more: ResNeXt has 32 groups."""


def divided_leaves(structure: Structure) -> dict[Leaf, int]:
    """The boxes that are drawn as several, each with how many."""
    return dict(_divided(structure.children, structure))


def _divided(children: Sequence[Leaf | Group], structure: Structure) -> Iterator[tuple[Leaf, int]]:
    for run in _runs(children, structure):
        yield from _columns(run)
    for child in children:
        if isinstance(child, Group):
            yield from _divided(child.children, structure)


def _runs(children: Sequence[Leaf | Group], structure: Structure) -> Iterator[list[Leaf]]:
    """Convolutions and poolings in a row, each of which alone reads the one before it."""
    uses = Counter(structure.origins[value][0] for leaf in structure.leaves for value in _inputs(leaf))
    uses.update(structure.origins[head.value][0] for head in structure.graph.heads)
    run: list[Leaf] = []
    for child in children:
        if not isinstance(child, Leaf) or not _can_be_divided(child):
            yield run
            run = []
            continue
        if run and (structure.origins[_inputs(child)[0]][0] is not run[-1] or uses[run[-1]] > 1):
            yield run
            run = []
        run.append(child)
    yield run


def _inputs(leaf: Leaf) -> tuple[Value, ...]:
    return leaf.part.node.inputs if leaf.part.node is not None else leaf.part.inputs


def _can_be_divided(leaf: Leaf) -> bool:
    node = leaf.part.node
    return (
        node is not None and len(node.outputs) == 1 and (_has_filters(node) or _keeps_columns(node) or _is_dense(node))
    )


def _has_filters(node: Node) -> bool:
    return node.operator.name == "conv"


def _keeps_columns(node: Node) -> bool:
    """Whether each part of the result comes from that part of the input alone."""
    return kind_of(type(node.operator)) == "pool" or node.operator.name == "flatten"


def _is_dense(node: Node | None) -> bool:
    return node is not None and node.operator.name == "dense" and len(node.output.type.shape) == 1


def _columns(run: list[Leaf]) -> Iterator[tuple[Leaf, int]]:
    """The part of a row that is in columns."""
    groups = {number: _groups(leaf) for number, leaf in enumerate(run)}
    divided = [number for number, count in groups.items() if count > 1]
    if not divided or len({groups[number] for number in divided}) > 1:
        return
    count = groups[divided[0]]
    first, last = divided[0], divided[-1]
    while first and reads_own_column(run[first]):
        first -= 1
    while last + 1 < len(run) and _leads_on(run, last + 1):
        last += 1
    inside = run[first : last + 1]
    if all(_channels(leaf) % count == 0 and (leaf.count == 1 or reads_own_column(leaf)) for leaf in inside):
        yield from ((leaf, count) for leaf in inside)


def _leads_on(run: list[Leaf], place: int) -> bool:
    """Whether a layer after the last convolution in groups is in columns: a pooling, or what another dense layer reads."""
    is_read = place + 1 < len(run) and _is_dense(run[place + 1].part.node)
    return is_read if _is_vector(run[place]) else _is_own(run[place])


def _is_vector(leaf: Leaf) -> bool:
    return leaf.part.node is not None and len(leaf.part.node.output.type.shape) == 1


def _is_own(leaf: Leaf) -> bool:
    return leaf.part.node is not None and _keeps_columns(leaf.part.node)


def _channels(leaf: Leaf) -> int:
    assert leaf.part.node is not None
    return int(leaf.part.node.output.type.shape[0])


def _groups(leaf: Leaf) -> int:
    """In how many groups a convolution is, if so few that they are drawn as columns; else 1."""
    node = leaf.part.node
    assert node is not None
    groups = getattr(node.operator, "groups", 1) if _has_filters(node) else 1
    return groups if 1 < groups <= _MOST_COLUMNS and groups < node.input.type.shape[0] else 1


def reads_own_column(leaf: Leaf) -> bool:
    """Whether each part reads the part above it alone: a convolution in groups, a pooling or ``flatten``."""
    return _is_own(leaf) or _groups(leaf) > 1


def part_of_node(leaf: Leaf, count: int) -> Node:
    """One of the equal parts of a layer: so many fewer filters or outputs, and no groups."""
    node = leaf.part.node
    assert node is not None
    inputs = tuple(_part(value, count) if reads_own_column(leaf) else value for value in node.inputs)
    operator = node.operator
    if _has_filters(node):
        groups = {"groups": 1} if _groups(leaf) > 1 else {}
        operator = operator.replace(out_channels=_channels(leaf) // count, **groups)
    elif _is_dense(node):
        operator = operator.replace(out_features=_channels(leaf) // count)
    return Node(node.path, operator, inputs, (_part(node.output, count),), node.span)


def _part(value: Value, count: int) -> Value:
    channels, *sizes = value.type.shape
    return Value(TensorType((channels // count, *sizes), value.type.dtype))
