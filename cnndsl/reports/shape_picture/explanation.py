"""Why a layer's output has the shape that it has: what the terminal, the picture and JSON say alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...diagnostics.text import sanitize
from ...ir import Graph, Node
from ...ops import format_shape
from ...ops.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from ...ops.convolution import Conv
from ...ops.convolution_kinds import ConvTranspose, Depthwise
from ...ops.geometry import dilated
from ...record import Record
from ..words import operator_text
from .axes import Axis, axes_of

__all__ = ["Explanation", "explain"]

NOUNS = {"height": "row", "width": "column", "length": "position"}


class Explanation(Record):
    """One layer: its heading, the formulas of its output and what there is to say, in whole sentences.

    ``law`` is the formula in letters, ``known`` what the letters are, and ``formulas`` the same with the numbers.
    """

    path: str
    operator: str
    shapes: str
    law: str
    known: tuple[str, ...]
    formulas: tuple[str, ...]
    sentences: tuple[str, ...]
    axes: tuple[Axis, ...]

    @property
    def title(self) -> str:
        return f"{self.path}: {self.operator}" if self.path else self.operator


def explain(graph: Graph, node: Node) -> Explanation:
    """Why a layer gives what it gives."""
    axes = axes_of(node)
    inputs = " and ".join(sanitize(str(type_)) for type_ in node.input_types)
    outputs = " and ".join(str(value.type) for value in node.outputs)
    return Explanation(
        path=sanitize(node.path),
        operator=sanitize(operator_text(node)),
        shapes=f"{inputs} -> {outputs}",
        law=_law(node),
        known=_known(node),
        formulas=tuple(node.operator.formulas(*node.input_types)),
        sentences=(*_about(node), *_seen(axes), *_lost(axes)),
        axes=axes,
    )


def _law(node: Node) -> str:
    """The formula of the operator in letters."""
    operator, window = node.operator, node.operator.window()
    if isinstance(operator, ConvTranspose):
        more = " + output_padding" if any(operator.output_padding) else ""
        return f"O = (I - 1)*S - 2*P + F{more}"
    if isinstance(operator, AdaptiveAvgPool | AdaptiveMaxPool):
        return "output i of O sees floor(i*I/O) to ceil((i + 1)*I/O) - 1"
    if window is None:
        return ""
    even = all(before == after for before, after in window.padding)
    rounding = "ceil" if window.ceil_mode else "floor"
    return f"O = {rounding}((I - F + {'2*P' if even else 'P_before + P_after'})/S + 1)"


def _known(node: Node) -> tuple[str, ...]:
    """What the letters of the formula are, once if the axes agree."""
    window: Any = node.operator if isinstance(node.operator, ConvTranspose) else node.operator.window()
    if window is None:
        return ()
    sizes = node.input.type.shape[1:]
    texts = [
        f"I = {size}, F = {_extent(kernel, dilation)}, {_padding(padding)}, S = {stride}"
        for size, kernel, dilation, padding, stride in zip(
            sizes, window.kernel_size, window.dilation, window.padding, window.stride, strict=True
        )
    ]
    if len(set(texts)) == 1:
        return (texts[0],)
    return tuple(f"{name}: {text}" for name, text in zip(("height", "width"), texts, strict=True))


def _extent(kernel: int, dilation: int) -> str:
    return str(kernel) if dilation == 1 else f"{dilation}*({kernel} - 1) + 1 = {dilated(kernel, dilation)}"


def _padding(padding: int | tuple[int, int]) -> str:
    before, after = padding if isinstance(padding, tuple) else (padding, padding)
    return f"P = {before}" if before == after else f"P_before = {before}, P_after = {after}"


def _about(node: Node) -> tuple[str, ...]:
    """What the operator does, and which channels take part."""
    operator, channels = node.operator, node.input.type.shape[0]
    about = operator.summary().replace("``", "`")
    if isinstance(operator, Depthwise):
        each = "one filter" if operator.multiplier == 1 else f"{operator.multiplier} filters"
        return (about, f"Each of the {channels} channels has {each} of its own.")
    if isinstance(operator, Conv | ConvTranspose):
        return (about, _filters(operator, channels))
    return (about,)


def _filters(operator: Conv | ConvTranspose, channels: int) -> str:
    """How many filters there are, and what channels each of them reads."""
    count = (
        "1 filter gives 1 channel"
        if operator.out_channels == 1
        else f"{operator.out_channels} filters give as many channels"
    )
    inside = channels // operator.groups
    if operator.groups > 1:
        return f"{count}; each reads the {inside} input channels of its group, one of {operator.groups}."
    return f"{count}; each reads {'the one input channel' if channels == 1 else f'all {channels} input channels'}."


def _seen(axes: tuple[Axis, ...]) -> tuple[str, ...]:
    """How much one output sees, or one input reaches."""
    if not axes:
        return ()
    if all(axis.is_own for axis in axes):
        return ("Each output sees its own position, so the size stays.",)
    if all(axis.is_whole or axis.wide == 1 for axis in axes):
        return ("Every output sees all positions of its channels.",)
    if all(len(taps) == 1 for axis in axes for taps in axis.sight.taps):
        return (f"Each {'input reaches' if axes[0].spreads else 'output sees'} one position.",)
    if axes[0].spreads:
        counts = format_shape(tuple(len(axis.sight.taps[0]) for axis in axes))
        return (f"Each input position reaches {counts} positions of the output.",)
    ranges = [sorted({len(taps) for taps in axis.sight.taps}) for axis in axes]
    text = "x".join(str(count[0]) if len(count) == 1 else f"({count[0]} to {count[-1]})" for count in ranges)
    return (f"Each output sees {text} positions of the input.",)


def _lost(axes: tuple[Axis, ...]) -> tuple[str, ...]:
    """What no window covers, what of the padding is not used, and what hangs over."""
    sentences = []
    lost = [_listed(axis.unseen, NOUNS[axis.name]) for axis in axes if axis.unseen]
    if lost:
        who = "input reaches" if axes[0].spreads else "output sees"
        sentences.append(f"No {who} {f', and no {who} '.join(lost)}.")
    unused = [_count(axis.unused, NOUNS[axis.name]) for axis in axes if axis.unused and not axis.spreads]
    if unused:
        one = len(unused) == 1 and unused[0].startswith("1 ")
        sentences.append(
            f"Of the padding at the end, {' and '.join(unused)} {'is' if one else 'are'} not used: no window fits there."
        )
    over = [_count(axis.overhang, NOUNS[axis.name]) for axis in axes if axis.overhang]
    if over:
        sentences.append(f"The last window reaches {' and '.join(over)} beyond the {edge(axes)}; ceil_mode keeps it.")
    return tuple(sentences)


def edge(axes: Iterable[Axis]) -> str:
    """What ends where the last window hangs over."""
    return "padding" if any(axis.after for axis in axes if axis.overhang) else "input"


def _listed(found: tuple[tuple[int, int], ...], noun: str) -> str:
    """``rows 3, 7 and 11``: the positions, or the first of many."""
    texts = [str(first) if first == last else f"{first} to {last}" for first, last in found]
    if len(texts) > 4:
        total = sum(last - first + 1 for first, last in found)
        return f"{noun}s {', '.join(texts[:3])} and so on, {total} in all"
    plural = len(texts) > 1 or found[0][0] != found[0][1]
    listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
    return f"{noun}{'s' if plural else ''} {listed}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
