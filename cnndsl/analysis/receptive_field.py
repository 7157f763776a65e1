"""The patch of the input that one output depends on.

From the input on, a window of extent F (with its dilation) and stride S turns size r and jump j into r + (F - 1)*j and j*S
(Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). Padding counts as
input here, so the size can exceed the image.
"""

from __future__ import annotations

from typing import Any

from ..ir import Graph, Node, Value
from ..ops.geometry import AXES, dilated
from ..record import Record

__all__ = ["ReceptiveField", "receptive_fields", "window_formulas"]


class ReceptiveField(Record):
    """What one output sees: ``size`` in input pixels per axis, and ``jump``, the pixels between neighbouring outputs.

    ``everything`` means that every output depends on the whole input; the size is then the input's and there is no jump.
    """

    size: tuple[int, ...]
    jump: tuple[int, ...] | None
    everything: bool = False

    def __str__(self) -> str:
        return "all" if self.everything else "x".join(map(str, self.size))


def receptive_fields(graph: Graph) -> dict[Value, ReceptiveField]:
    """What each value of the graph sees of the graph's input."""
    shape = graph.input.type.shape
    extents = shape[1:] or shape  # the channels are no place to look at
    fields = {graph.input: ReceptiveField((1,) * len(extents), (1,) * len(extents))}
    for node in graph.nodes:
        field = _field(node, [fields[value] for value in node.inputs], extents)
        fields.update(dict.fromkeys(node.outputs, field))
    return fields


def window_formulas(before: ReceptiveField, window: Any) -> tuple[str, ...]:
    """How a :class:`~cnndsl.ops.geometry.Window` widens a field, with the numbers filled in; once if the axes agree."""
    if before.jump is None:
        return ()
    texts = [
        f"{size} + ({dilated(kernel, dilation)} - 1)*{jump} = {size + (dilated(kernel, dilation) - 1) * jump}"
        for size, jump, kernel, dilation in zip(
            before.size, before.jump, window.kernel_size, window.dilation, strict=True
        )
    ]
    if len(set(texts)) == 1:
        return (texts[0],)
    return tuple(f"{axis}: {text}" for axis, text in zip(AXES, texts, strict=True))


def _field(node: Node, inputs: list[ReceptiveField], extents: tuple[int, ...]) -> ReceptiveField:
    if node.operator.sees_everything or any(field.everything for field in inputs):
        return ReceptiveField(extents, None, everything=True)
    field = _widest(inputs)
    window = node.operator.window()
    return field if window is None else _widened(field, window)


def _widest(fields: list[ReceptiveField]) -> ReceptiveField:
    """Where branches meet, an output sees what the widest of them sees."""
    if len(fields) == 1:
        return fields[0]
    return ReceptiveField(
        tuple(map(max, *(field.size for field in fields))), tuple(map(max, *(field.jump or () for field in fields)))
    )


def _widened(field: ReceptiveField, window: Any) -> ReceptiveField:
    jump = field.jump or ()
    extents = [dilated(kernel, dilation) for kernel, dilation in zip(window.kernel_size, window.dilation, strict=True)]
    return ReceptiveField(
        tuple(size + (extent - 1) * step for size, extent, step in zip(field.size, extents, jump, strict=True)),
        tuple(step * stride for step, stride in zip(jump, window.stride, strict=True)),
    )
