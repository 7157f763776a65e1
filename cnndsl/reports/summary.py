"""A network as a table: what each layer is, what it gives and what it costs."""

from __future__ import annotations

from typing import Any

from ..analysis.cost import LayerCost, NetworkCost, network_cost
from ..analysis.receptive_field import ReceptiveField, receptive_fields, window_formulas
from ..attributes import format_value
from ..diagnostics.text import sanitize
from ..ir import Graph, Value
from .table import Column, render_table
from .words import UNITS, format_bytes, format_settings, operator_text, title, unit_for

__all__ = ["SCHEMA", "render_summary", "summary_to_json"]

SCHEMA = 1
_WIDTH = 120


def render_summary(graph: Graph, *, explain: bool = False) -> str:
    """The table for people, at most 120 columns wide; with ``explain`` the filled-in formulas stand under each layer."""
    cost = network_cost(graph)
    fields = receptive_fields(graph)
    unit = unit_for(max((layer.activation_bytes for layer in cost.layers), default=0))
    layers: list[tuple[str, ...]] = [("", "input", str(graph.input.type), *[""] * 6)]
    for layer in cost.layers:
        layers.append(_row(layer, cost, unit))
        layers += _explanation(layer, fields) if explain else []
    table = render_table(_columns(unit), [layers, [_total_row(cost, unit)]], _WIDTH)
    return "\n".join([*_heading(graph), "", *table, "", *_footer(cost)]) + "\n"


def summary_to_json(graph: Graph) -> dict[str, Any]:
    """The same as data for programs: versioned, sizes in bytes, shapes without the batch."""
    cost = network_cost(graph)
    return {
        "schema": SCHEMA,
        "network": graph.name,
        "doc": graph.doc,
        "settings": {name: _plain(value) for name, value in graph.settings.items()},
        "input": {"shape": list(graph.input.type.shape), "bytes": cost.input_bytes},
        "layers": [_layer_json(layer) for layer in cost.layers],
        "totals": _totals_json(cost),
    }


def _heading(graph: Graph) -> list[str]:
    network = f"{sanitize(graph.name)} {format_settings(graph)}".rstrip()
    return [network] if title(graph) == graph.name else [title(graph), network]


def _columns(unit: str) -> tuple[Column, ...]:
    return (
        Column(("", "layer"), least=14, cut="start"),
        Column(("", "operator"), least=20),
        Column(("", "output")),
        Column(("", "parameters"), right=True),
        Column(("", "%"), right=True),
        Column(("", "MACs"), right=True),
        Column(("", "%"), right=True),
        Column(("memory", unit), right=True),
        Column(("receptive", "field"), right=True),
    )


def _row(layer: LayerCost, cost: NetworkCost, unit: str) -> tuple[str, ...]:
    return (
        sanitize(layer.node.path),
        sanitize(operator_text(layer.node)),
        str(layer.output),
        _count(layer.parameters),
        _share(layer.parameters, cost.parameters),
        _count(layer.macs),
        _share(layer.macs, cost.macs),
        _in_unit(layer.activation_bytes, unit),
        str(layer.receptive_field),
    )


def _total_row(cost: NetworkCost, unit: str) -> tuple[str, ...]:
    memory = _in_unit(cost.activation_bytes, unit)
    return ("total", "", "", f"{cost.parameters:,}", "", f"{cost.macs:,}", "", memory, "")


def _explanation(layer: LayerCost, fields: dict[Value, ReceptiveField]) -> list[tuple[str, ...]]:
    """The formulas under a layer, each behind the name of what it computes."""
    node = layer.node
    lines = [("output", text) for text in node.operator.formulas(*node.input_types)]
    formula = node.operator.parameter_formula(*node.input_types)
    if formula:
        lines.append(("parameters", f"{formula} = {layer.parameters:,}"))
    formula = node.operator.mac_formula(*node.input_types, node.output.type)
    if formula:
        lines.append(("MACs", f"{formula} = {layer.macs:,}"))
    window = node.operator.window()
    if window is not None:
        lines += [("receptive field", text) for text in window_formulas(fields[node.input], window)]
    return [(f"{what:<15}", text) for what, text in lines]


def _footer(cost: NetworkCost) -> list[str]:
    statistics = f", and {cost.buffers:,} running statistics" if cost.buffers else ""
    training, input_ = format_bytes(cost.training_activation_bytes), format_bytes(cost.input_bytes)
    return [
        f"parameters       {cost.parameters:,} numbers, {format_bytes(cost.parameter_bytes)} in float32{statistics}",
        "MACs             multiply-accumulates of convolutions and dense layers, for one sample; all else, biases too, is 0",
        f"memory           activations of one sample; {training} in training, with their gradients; input {input_}",
        "receptive field  the patch of the input that one output sees, padding included",
    ]


def _count(count: int) -> str:
    return f"{count:,}" if count else ""


def _share(part: int, whole: int) -> str:
    if not part:
        return ""
    percent = 100 * part / whole
    if percent < 0.05:
        return "<0.1"
    return ">99.9" if 99.95 <= percent < 100 else f"{percent:.1f}"


def _in_unit(count: int, unit: str) -> str:
    if not count:
        return ""
    if unit == "B":
        return str(count)
    number = count / UNITS[unit]
    return "<0.01" if number < 0.005 else f"{number:,.2f}"


def _layer_json(layer: LayerCost) -> dict[str, Any]:
    node, field = layer.node, layer.receptive_field
    operator = node.operator
    return {
        "name": node.path,
        "operator": operator.name,
        "text": operator_text(node),
        "attributes": {name: _plain(getattr(operator, name)) for name in operator.attributes()},
        "output": list(layer.output.shape),
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
