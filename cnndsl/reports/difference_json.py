"""What changed between two networks as data for programs."""

from __future__ import annotations

from typing import Any

from ..analysis.cost import LayerCost, NetworkCost
from .difference import Change, Difference, layer_name
from .words import operator_text

__all__ = ["difference_to_json"]


def difference_to_json(found: Difference, names: tuple[str, str]) -> dict[str, Any]:
    """Every layer that is not the same, and the totals; shapes without the batch."""
    return {
        "equal": found.is_equal,
        "before": _network(found.before, names[0]),
        "after": _network(found.after, names[1]),
        "fitting_tensors": found.fitting_tensors()[0],
        "changes": [_change(change) for change in found.changes],
    }


def _network(cost: NetworkCost, name: str) -> dict[str, Any]:
    graph = cost.graph
    return {
        "spec": name,
        "network": graph.name,
        "input": list(graph.input.type.shape),
        "output": list(graph.output.type.shape),
        "layers": len(graph.nodes),
        "tensors": len(graph.parameters) + len(graph.buffers),
        "parameters": cost.parameters,
        "macs": cost.macs,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "rewired": change.is_rewired,
        "before": change.before and _layer(change.before),
        "after": change.after and _layer(change.after),
    }


def _layer(layer: LayerCost) -> dict[str, Any]:
    return {
        "name": layer_name(layer),
        "operator": layer.node.operator.name,
        "text": operator_text(layer.node),
        "output": list(layer.output.shape),
        "parameters": layer.parameters,
        "macs": layer.macs,
    }
