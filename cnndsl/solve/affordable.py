"""For which sizes of the input a network has no more parameters than it may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..elaborate.budget import MAX_PARAMETERS
from ..ir import Graph, Node
from ..ops import TensorType, element_count
from ..ops.free_size import Size
from .candidates import Box, Field, Line, Plane

__all__ = ["affordable"]


def affordable(graph: Graph, field: Field) -> list[Box]:
    """The sizes of a walk whose parameters are not too many: larger extents never have fewer."""
    depending = [node for node in graph.nodes if _depends(node)]
    fixed = sum(node.parameter_count for node in graph.nodes if not _depends(node))
    found: list[Box] = []
    left: list[tuple[Sequence[int], ...]] = [tuple(axis.alive for axis in field.axes)]
    while left:
        positions = left.pop()
        least, largest = (fixed + sum(_parameters(node, positions, end) for node in depending) for end in (0, 1))
        if largest <= MAX_PARAMETERS:
            pairs = zip(field.axes, positions, strict=True)
            found.append(tuple(tuple(axis.sizes[place] for place in places) for axis, places in pairs))
        elif least <= MAX_PARAMETERS:
            left += _halves(positions)
    return found


def _halves(positions: tuple[Sequence[int], ...]) -> list[tuple[Sequence[int], ...]]:
    longest = max(range(len(positions)), key=lambda place: len(positions[place]))
    half = len(positions[longest]) // 2
    parts = positions[longest][:half], positions[longest][half:]
    return [(*positions[:longest], part, *positions[longest + 1 :]) for part in parts]


def _depends(node: Node) -> bool:
    return any(isinstance(extent, Size) for type_ in node.input_types for extent in type_.shape)


def _parameters(node: Node, positions: tuple[Sequence[int], ...], end: int) -> int:
    """The number of parameters of a node where its extents are the least or the largest."""
    types = [
        TensorType(tuple(_at_end(extent, positions, end) for extent in type_.shape), type_.dtype)
        for type_ in node.input_types
    ]
    return sum(element_count(spec.shape) for spec in node.operator.parameters(*types).values())


def _at_end(extent: Any, positions: tuple[Sequence[int], ...], end: int) -> int:
    return extent.bounds(positions)[end] if isinstance(extent, Line | Plane) else int(extent)
