"""What to change of one layer for a wanted size, as a spec would write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..ops import format_shape
from ..ops.geometry import axis_names
from ..solve.advice import Advice, Choice
from ..solve.layer_sizes import LayerSizes
from .sizes import layer_text
from .words import operator_text

__all__ = ["layer_sizes_to_json", "render_layer_sizes"]

_SHOWN = 8
_TITLES = {
    "input": "input",
    "kernel_size": "kernel",
    "stride": "stride",
    "padding": "padding",
    "output_padding": "output padding",
    "dilation": "dilation",
}
_WIDTH = 18


def render_layer_sizes(sizes: LayerSizes) -> str:
    """The answer for people: a line for each attribute, exact values first."""
    x = sizes.layer.input.type
    gives = f"gives {sizes.gives}" if sizes.gives is not None else sizes.refused
    lines = [f"{_layer(sizes)} on {x} {gives}; wanted is {_wanted(sizes)}"]
    if sizes.is_given:
        lines.append("  nothing needs to change; these give it as well, each alone:")
    for advice in sizes.advice:
        lines += _lines(advice, sizes)
    if not sizes.advice:
        lines.append("  no attribute gives it when it alone is changed")
    return "\n".join(lines) + "\n"


def layer_sizes_to_json(sizes: LayerSizes) -> dict[str, Any]:
    """The same for programs: for each attribute and axis, the values and the rows that stay unused."""
    layer = sizes.layer
    return {
        "layer": layer.path,
        "text": operator_text(layer),
        "input": list(layer.input.type.shape),
        "gives": None if sizes.gives is None else list(sizes.gives.shape),
        "wanted": list(sizes.wanted),
        "changes": [
            {
                "attribute": advice.attribute,
                "axes": [[{"value": choice.value, "unused": choice.unused} for choice in axis] for axis in advice.axes],
            }
            for advice in sizes.advice
        ],
    }


def _layer(sizes: LayerSizes) -> str:
    layer = sizes.layer
    return layer_text(layer) if layer.span.source.path else f"`{operator_text(layer)}`"


def _wanted(sizes: LayerSizes) -> str:
    return format_shape(sizes.wanted) if len(sizes.wanted) > 1 else f"a length of {sizes.wanted[0]}"


def _lines(advice: Advice, sizes: LayerSizes) -> list[str]:
    title = f"  {_TITLES[advice.attribute]:<{_WIDTH - 2}}"
    if len(set(advice.axes)) == 1:
        return [title + _choices(advice, advice.axes[0], sizes)]
    names = axis_names(len(advice.axes))
    each = [f"{name}: {_choices(advice, axis, sizes)}" for name, axis in zip(names, advice.axes, strict=True)]
    return [(" " * _WIDTH if place else title) + text for place, text in enumerate(each)]


def _choices(advice: Advice, choices: tuple[Choice, ...], sizes: LayerSizes) -> str:
    one_for_all = len(set(advice.axes)) == 1
    texts = [f"{_value(advice.attribute, each.value, one_for_all, sizes)}{_unused(each)}" for each in choices[:_SHOWN]]
    if len(choices) > _SHOWN:
        numbers = [each.value for each in choices]
        texts.append(f"... ({len(choices)} values, the last {max(numbers)})")
    return ", ".join(texts)


def _unused(choice: Choice) -> str:
    return f" ({choice.unused} unused)" if choice.unused else " (exact)"


def _value(attribute: str, value: Any, one_for_all: bool, sizes: LayerSizes) -> str:
    if not isinstance(value, tuple):
        return _shape(value, one_for_all, sizes) if attribute == "input" else str(value)
    before, after = value
    if before == after:
        return f"pad={before}"
    if not one_for_all:
        return f"{before} before and {after} after"
    sides = ("top", "bottom", "left", "right") if len(sizes.wanted) == 2 else ("left", "right")
    return f"pad=({_sides(sides, value * (len(sides) // 2))})"


def _sides(names: Iterable[str], values: Iterable[int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def _shape(value: int, one_for_all: bool, sizes: LayerSizes) -> str:
    channels = sizes.layer.input.type.shape[0]
    return format_shape((channels, *(value,) * len(sizes.wanted))) if one_for_all else str(value)
