"""The explanation of a layer as numbers, for programs: versioned, sizes without the batch."""

from __future__ import annotations

from typing import Any

from ...ir import Graph, Node
from .axes import Axis
from .explanation import Explanation
from .field import FieldExplanation

__all__ = ["field_to_json", "layer_to_json"]


def layer_to_json(graph: Graph, node: Node, explanation: Explanation) -> dict[str, Any]:
    """Shapes, formulas, sentences, and for each axis its windows by the first and last position."""
    return {
        **_heading(graph, node),
        "text": explanation.operator,
        "inputs": [list(type_.shape) for type_ in node.input_types],
        "outputs": [list(value.type.shape) for value in node.outputs],
        "law": explanation.law,
        "formulas": list(explanation.formulas),
        "sentences": list(explanation.sentences),
        "axes": [_axis(axis) for axis in explanation.axes],
    }


def field_to_json(graph: Graph, node: Node, explanation: FieldExplanation) -> dict[str, Any]:
    """The patch by the first and last position along each axis, null if nothing is seen, and the way there."""
    patch, field = explanation.patch, explanation.field
    return {
        **_heading(graph, node),
        "at": list(explanation.place),
        "input": list(explanation.input),
        "axes": list(explanation.names),
        "patch": None if patch.ends is None else [list(ends) for ends in patch.ends],
        "padded": None if patch.ends is None else [list(ends) for ends in patch.padded],
        "size": list(field.size),
        "jump": None if field.jump is None else list(field.jump),
        "everything": field.everything,
        "path": [
            {
                "layer": step.path,
                "text": step.operator,
                "formulas": list(step.formulas),
                "size": list(step.field.size),
                "jump": None if step.field.jump is None else list(step.field.jump),
                "everything": step.field.everything,
            }
            for step in explanation.steps
        ],
    }


def _heading(graph: Graph, node: Node) -> dict[str, Any]:
    return {"network": graph.name, "layer": node.path, "operator": node.operator.name}


def _axis(axis: Axis) -> dict[str, Any]:
    windows = [
        {"position": place, "first": seen[0] if seen else None, "last": seen[-1] if seen else None, "count": len(seen)}
        for place in axis.shown()
        for seen in (axis.at(place),)
    ]
    return {
        "name": axis.name,
        "input": axis.input,
        "output": axis.output,
        "padding": [axis.before, axis.after],
        "windows_on": "output" if axis.spreads else "input",
        "windows": windows,
        "unseen": [list(stretch) for stretch in axis.unseen],
        "overhang": axis.overhang,
    }
