"""A network as data for programs: every layer with its costs, whatever the table for people folds."""

from __future__ import annotations

from typing import Any

from ..analysis.cost import LayerCost, NetworkCost, network_cost
from ..attributes import format_value
from ..ir import Graph
from .words import operator_text

__all__ = ["summary_to_json"]


def summary_to_json(graph: Graph) -> dict[str, Any]:
    """The layers and totals: versioned, sizes in bytes, shapes without the batch."""
    cost = network_cost(graph)
    return {
        "network": graph.name,
        "doc": graph.doc,
        "settings": {name: _plain(value) for name, value in graph.settings.items()},
        "input": {"shape": list(graph.input.type.shape), "bytes": cost.input_bytes},
        "layers": [_layer_json(layer) for layer in cost.layers],
        "totals": _totals_json(cost),
    }


def _layer_json(layer: LayerCost) -> dict[str, Any]:
    node, field = layer.node, layer.receptive_field
    operator = node.operator
    return {
        "name": node.path,
        "block": [block.path for block in node.block.chain] if node.block else [],
        "operator": operator.name,
        "text": operator_text(node),
        "attributes": {name: _plain(getattr(operator, name)) for name in operator.attributes()},
        "output": list(layer.output.shape),
        "needed_for": layer.needed_for,
        "parameters": layer.parameters,
        "buffers": layer.buffers,
        "macs": layer.macs,
        "activation_bytes": layer.activation_bytes,
        "receptive_field": {
            "size": list(field.size),
            "jump": None if field.jump is None else list(field.jump),
            "everything": field.everything,
        },
        "formulas": list(operator.formulas(*node.input_types)),
        "parameter_formula": operator.parameter_formula(*node.input_types),
    }


def _totals_json(cost: NetworkCost) -> dict[str, int]:
    return {
        "parameters": cost.parameters,
        "buffers": cost.buffers,
        "macs": cost.macs,
        "activation_bytes": cost.activation_bytes,
        "training_activation_bytes": cost.training_activation_bytes,
        "parameter_bytes": cost.parameter_bytes,
        "input_bytes": cost.input_bytes,
    }


def _plain(value: Any) -> Any:
    """A value of the language as JSON; what has no like there, such as a block, as the language writes it."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return format_value(value)
