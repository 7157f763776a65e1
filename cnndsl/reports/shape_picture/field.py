"""What one output of a layer sees of the network's input: the patch, exact, and the layers that widened it on the way."""

from __future__ import annotations

from ...analysis.patch import Patch, find_patch
from ...analysis.receptive_field import ReceptiveField, receptive_fields, window_formulas
from ...diagnostics.text import sanitize
from ...ir import Graph, Node, Value
from ...ops import Shape, format_shape
from ...ops.geometry import axis_names
from ...record import Record
from ..words import operator_text

__all__ = ["FieldExplanation", "Step", "explain_field", "spatial"]


class Step(Record):
    """A layer on the way from the input that widened what an output sees: how, and to what size and jump."""

    path: str
    operator: str
    formulas: tuple[str, ...]
    field: ReceptiveField

    @property
    def jump(self) -> str:
        """The pixels between neighbouring outputs, ``2`` or ``2x1``; empty where all is seen."""
        return _jump(self.field)


class FieldExplanation(Record):
    """The place of an output, what it sees of an input of this shape, and the way there."""

    title: str
    shapes: str
    place: tuple[int, ...]
    input: Shape
    names: tuple[str, ...]
    patch: Patch
    field: ReceptiveField
    steps: tuple[Step, ...]
    sentences: tuple[str, ...]

    @property
    def extents(self) -> Shape:
        """The sizes after the channels."""
        return spatial(self.input)


def _jump(field: ReceptiveField) -> str:
    texts = [f"{jump:g}" for jump in field.jump or ()]
    return texts[0] if len(set(texts)) == 1 else "x".join(texts)


def spatial(shape: Shape) -> Shape:
    """The sizes of the positions of a value: those after its channels, or of a vector its own."""
    return shape[1:] or shape


def explain_field(graph: Graph, node: Node, place: tuple[int, ...] | None = None) -> FieldExplanation:
    """What the outputs of a layer at one position see; at the middle if none is given."""
    if place is None:
        place = tuple(extent // 2 for extent in spatial(node.output.type.shape))
    fields = receptive_fields(graph)
    patch = find_patch(graph, node.output, place)
    extents = spatial(graph.input.type.shape)
    names = axis_names(len(extents))
    return FieldExplanation(
        title=f"what one output of {sanitize(node.path or node.operator.name)} sees",
        shapes=f"{graph.input.type} -> {node.output.type}",
        place=place,
        input=graph.input.type.shape,
        names=names,
        patch=patch,
        field=fields[node.output],
        steps=_steps(graph, node, fields),
        sentences=(
            _seen(place, patch, names, extents),
            *_outside(patch, names, extents),
            _usual(fields[node.output]),
        ),
    )


def _steps(graph: Graph, node: Node, fields: dict[Value, ReceptiveField]) -> tuple[Step, ...]:
    """The layers that widen the field, along the branches that see most."""
    makers = {value: maker for maker in graph.nodes for value in maker.outputs}
    steps = []
    maker: Node | None = node
    while maker is not None:
        before = max((fields[value] for value in maker.inputs), key=_reach)
        if before != fields[maker.output]:
            steps.append(_step(maker, before, fields[maker.output]))
        widest = next(value for value in maker.inputs if fields[value] == before)
        maker = makers.get(widest)
    return tuple(reversed(steps))


def _reach(field: ReceptiveField) -> tuple[bool, int]:
    size = 1
    for extent in field.size:
        size *= extent
    return field.everything, size


def _step(node: Node, before: ReceptiveField, after: ReceptiveField) -> Step:
    window = node.operator.window()
    formulas = window_formulas(before, window) if window is not None and not after.everything else ()
    return Step(sanitize(node.path), sanitize(operator_text(node)), formulas, after)


def _seen(place: tuple[int, ...], patch: Patch, names: tuple[str, ...], extents: Shape) -> str:
    at = f"({', '.join(map(str, place))})" if len(place) > 1 else str(place[0])
    if patch.ends is None:
        return f"Output {at} sees nothing of the input: it lies between the windows, or sees padding alone."
    if _is_whole(patch, extents):
        return f"Output {at} sees the whole input, {format_shape(extents)} positions."
    return f"Output {at} sees {stretches_text(names, patch.ends)} of the input: {format_shape(patch.size)} positions."


def _is_whole(patch: Patch, extents: Shape) -> bool:
    return patch.ends == tuple((0, extent - 1) for extent in extents)


def stretches_text(names: tuple[str, ...], ends: tuple[tuple[int, int], ...]) -> str:
    """``rows 2 to 6 and columns 0 to 4``."""
    nouns = {"height": "row", "width": "column", "length": "position"}
    texts = [
        f"{nouns[name]} {first}" if first == last else f"{nouns[name]}s {first} to {last}"
        for name, (first, last) in zip(names, ends, strict=True)
    ]
    return " and ".join(texts)


def _outside(patch: Patch, names: tuple[str, ...], extents: Shape) -> tuple[str, ...]:
    """What of the windows lies beside the image."""
    over = any(first < 0 or last >= extent for (first, last), extent in zip(patch.padded, extents, strict=False))
    if patch.ends is None or not over:
        return ()
    return (
        f"With padding its windows span {stretches_text(names, patch.padded)}; what lies outside of the input is padding.",
    )


def _usual(field: ReceptiveField) -> str:
    if field.everything:
        return "The receptive field is the whole input."
    jump = _jump(field)
    if not any(field.jump or ()):
        return f"The receptive field is {field}; all outputs see the same."
    return f"The receptive field is {field}, padding included; neighbouring outputs see patches {jump} apart."
