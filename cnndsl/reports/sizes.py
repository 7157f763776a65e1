"""Which input sizes suit a network, in few words and without losing one of them."""

from __future__ import annotations

import os
from typing import Any

from ..diagnostics.text import sanitize
from ..ir import Node
from ..ops import format_shape
from ..solve.inputs import InputSizes, Loss, Refusal
from ..solve.size_set import Pattern, SizeSet, pattern_of, progressions
from .words import operator_text

__all__ = ["describe_set", "layer_text", "render_sizes", "sizes_to_json"]


_NAMES = {3: ("C", "H", "W"), 2: ("C", "L"), 1: ("L",)}
_WIDTH = 19
_SHOWN = 12
_SHOWN_GROUPS = 8


def render_sizes(sizes: InputSizes) -> str:
    """The answer for people: what is legal and why not less, what loses no rows, what meets the contracts."""
    names = axis_names(sizes)
    shape = _symbolic(sizes)
    lines = [f"{sanitize(sizes.network)}, input {shape} with {' and '.join(names)} from 1 to {sizes.most:,}"]
    lines += _row("legal", describe_set(sizes.legal, names, sizes.most))
    lines += [" " * _WIDTH + text for text in _refusals(sizes)]
    if sizes.legal:
        lines += _row("smallest", [format_shape(sizes.filled(sizes.legal.smallest()))])
        lines += _row("drops no rows", _lossless(sizes))
        lines += _row("meets contracts", _contracts(sizes))
    return "\n".join(lines) + "\n"


def sizes_to_json(sizes: InputSizes) -> dict[str, Any]:
    """The same for programs: each set is a list of boxes, and an axis of a box a list of [first, last, step]."""
    return {
        "network": sizes.network,
        "input": list(sizes.shape),
        "own": None if sizes.own is None else list(sizes.filled(sizes.own)),
        "axes": list(axis_names(sizes)),
        "up_to": sizes.most,
        "has_contracts": sizes.has_contracts,
        "legal": _set_json(sizes.legal, sizes),
        "lossless": _set_json(sizes.lossless, sizes),
        "contracts": _set_json(sizes.contracts, sizes),
        "refusals": [_refusal_json(refusal, sizes) for refusal in sizes.refusals],
        "losses": [{**_layer_json(loss.layer), "rows": list(loss.rows)} for loss in sizes.losses],
    }


def axis_names(sizes: InputSizes) -> tuple[str, ...]:
    """What the extents that are asked about are called."""
    names = _NAMES.get(len(sizes.shape)) or tuple(f"A{axis}" for axis in range(len(sizes.shape)))
    return tuple(name for name, extent in zip(names, sizes.shape, strict=True) if extent is None)


def describe_set(found: SizeSet, names: tuple[str, ...], most: int) -> list[str]:
    """A set in lines of words: ``H >= 63, W >= 63``."""
    if not found:
        return ["none"]
    if len(found.groups) == 1:
        return [_group(next(iter(found.by_axis)), names, most, ", ")]
    lines = [_group(group, names, most, " with ") for group in list(found.by_axis)[:_SHOWN_GROUPS]]
    if len(found.groups) > _SHOWN_GROUPS:
        lines.append(f"and {len(found.groups) - _SHOWN_GROUPS} such lines more; --format json lists them all")
    return lines


def layer_text(layer: Node) -> str:
    """A layer as a spec would write it, with its path and place: ``conv 64 3x3`` (features.0, alexnet.cnn:7)."""
    place = f"{sanitize(os.path.basename(layer.span.source.name))}:{layer.span.position[0]}"
    return f"`{operator_text(layer)}` ({f'{layer.path}, ' if layer.path else ''}{place})"


def _symbolic(sizes: InputSizes) -> str:
    names = iter(axis_names(sizes))
    return "x".join(next(names) if extent is None else str(extent) for extent in sizes.shape)


def _row(title: str, texts: list[str]) -> list[str]:
    return [f"  {title if not place else '':<{_WIDTH - 2}}{text}" for place, text in enumerate(texts)]


def _group(masks: tuple[int, ...], names: tuple[str, ...], most: int, between: str) -> str:
    texts = [f"{name} {_sizes(mask, most)}" for name, mask in zip(names, masks, strict=True)]
    if len(masks) == 2 and masks[0] == masks[1] and len(texts[0]) > 12:
        return f"{texts[0]}; the same for {names[1]}"
    return between.join(texts)


def _sizes(mask: int, most: int) -> str:
    pattern = pattern_of(mask, most)
    if pattern.period:
        return "= " + _repeating(pattern)
    (first, last), *more = pattern.stretches
    if more:
        return "= " + _listed(pattern.stretches)
    if last == most and first < last:
        return f">= {first}"
    return f"= {first}" if first == last else f"from {first} to {last}"


def _listed(stretches: tuple[tuple[int, int], ...]) -> str:
    shown = ", ".join(map(_stretch, stretches[:_SHOWN]))
    if len(stretches) <= _SHOWN:
        return shown
    return f"{shown} and {len(stretches) - _SHOWN} more up to {stretches[-1][1]}"


def _repeating(pattern: Pattern) -> str:
    """Enough of what comes again for its form to show: three rounds of one stretch, one of many."""
    count = len(pattern.repeated)
    rounds = max(1, min(3, _SHOWN // 3 // count))
    shown = list(pattern.stretches)
    for step in range(0, rounds * pattern.period, pattern.period):
        shown += [(first + step, last + step) for first, last in pattern.repeated]
    again = "every" if rounds > 1 else f"the last {count} again every"
    return f"{', '.join(map(_stretch, shown))}, ... ({again} {pattern.period})"


def _stretch(pair: tuple[int, int]) -> str:
    first, last = pair
    return str(first) if first == last else f"{first}, {last}" if last == first + 1 else f"{first} to {last}"


def _refusals(sizes: InputSizes) -> list[str]:
    """Why less is not legal; said once where it is the same for height and width."""
    texts = [_refusal(refusal, sizes) for refusal in sizes.refusals]
    if len(texts) == 2 and _same_layer(*sizes.refusals):
        return [f"{texts[0]}; so does {format_shape(sizes.filled(sizes.refusals[1].sizes))}"]
    return texts


def _same_layer(left: Refusal, right: Refusal) -> bool:
    if left.layer is None or right.layer is None:
        return False
    return (left.layer.path, left.layer.span) == (right.layer.path, right.layer.span)


def _refusal(refusal: Refusal, sizes: InputSizes) -> str:
    shape = format_shape(sizes.filled(refusal.sizes))
    if refusal.layer is None:
        return f"{shape}: {sanitize(refusal.diagnostic.message)}"
    why = refusal.diagnostic.notes[0] if refusal.diagnostic.notes else refusal.diagnostic.message
    return f"{shape} fails at {layer_text(refusal.layer)}: {sanitize(why)}"


def _lossless(sizes: InputSizes) -> list[str]:
    if sizes.lossless == sizes.legal:
        return ["every legal size"]
    lines = describe_set(sizes.lossless, axis_names(sizes), sizes.most)
    if sizes.lossless:
        lines.append(_known(sizes, sizes.lossless))
    return lines + [f"{format_shape(sizes.filled(sizes.own or ()))} drops {_loss(loss)}" for loss in sizes.losses]


def _known(sizes: InputSizes, found: SizeSet) -> str:
    """The members that one wants to see: the smallest, and the nearest to what is written."""
    text = f"smallest {format_shape(sizes.filled(found.smallest()))}"
    if sizes.own is None:
        return text
    own = format_shape(sizes.filled(sizes.own))
    if sizes.own in found:
        return text if sizes.own == found.smallest() else f"{text}; {own} is one of them"
    return f"{text}; nearest to {own}: {format_shape(sizes.filled(found.nearest(sizes.own)))}"


def _loss(loss: Loss) -> str:
    axes = ("row", "column") if len(loss.rows) == 2 else ("position",)
    counts = [
        f"{count} {axis}{'' if count == 1 else 's'}" for count, axis in zip(loss.rows, axes, strict=True) if count
    ]
    return f"{' and '.join(counts)} at {layer_text(loss.layer)}"


def _contracts(sizes: InputSizes) -> list[str]:
    if not sizes.has_contracts:
        return ["there are none: no `->`"]
    if sizes.contracts == sizes.legal:
        return ["every legal size"]
    if len(sizes.contracts) == 1:
        return [f"{format_shape(sizes.filled(sizes.contracts.smallest()))} only"]
    return describe_set(sizes.contracts, axis_names(sizes), sizes.most)


def _set_json(found: SizeSet, sizes: InputSizes) -> list[dict[str, Any]]:
    names = axis_names(sizes)
    return [
        {name: [list(run) for run in progressions(mask, sizes.most)] for name, mask in zip(names, group, strict=True)}
        for group in found.by_axis
    ]


def _refusal_json(refusal: Refusal, sizes: InputSizes) -> dict[str, Any]:
    return {
        "input": list(sizes.filled(refusal.sizes)),
        "code": refusal.diagnostic.kind.code,
        "message": refusal.diagnostic.message,
        "notes": list(refusal.diagnostic.notes),
        "layer": None if refusal.layer is None else _layer_json(refusal.layer),
    }


def _layer_json(layer: Node) -> dict[str, Any]:
    line, column = layer.span.position
    return {"path": layer.path, "text": operator_text(layer), "line": line, "column": column}
