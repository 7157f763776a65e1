"""Changes of a spec that would have given the shape that was wanted: computed, then tried, never guessed.

From a value back to the input, each layer is asked which one of its attributes would do (:mod:`cnndsl.ops.remedies`), for
the extents that the layers behind it need. What is found is suggested only after all these have inferred their shapes anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isqrt
from typing import Any

from ..diagnostics import Edit
from ..ir import Node
from ..ops import Operator, OperatorError, Shape, TensorType
from ..ops.extent import Undecided, is_free
from ..ops.geometry import Padding, Window, dilated
from ..ops.inverse import inputs_giving
from ..ops.remedies import Remedy, remedies
from ..ops.resize import Upsample
from ..source import Span
from .rewriting import rewriting
from .shapes import matches
from .trail import Trail, is_written
from .way import Way

__all__ = ["Way", "ways"]

_MOST_WAYS = 4
_MOST_WINDOWS = 3
_MOST_SIZES = 64

Written = tuple[int | None, ...]


def ways(trail: Trail, wanted: Written, place: Span, *, of_input: bool = False) -> list[Way]:
    """Changes that give the value at the end of a trail this shape, None for any extent; the nearest layer first.

    They name the line of a layer if it is not the one of ``place``. Another size of the network's input is among them only
    if asked for.
    """
    if is_free(trail.value.type.shape) or any(is_free(node.input.type.shape) for node in trail.nodes):
        return []
    found: dict[str, Way] = {}
    for way in _Search(trail, wanted, place, of_input).ways():
        found.setdefault(way.text, way)
        if len(found) == _MOST_WAYS:
            break
    return list(found.values())


class _Search:
    """Walks back; ``wanted`` are the extents that would do at the place it has come to, for each axis."""

    def __init__(self, trail: Trail, goal: Written, place: Span, of_input: bool) -> None:
        self.trail = trail
        self.goal = goal
        self.line = place.position[0]
        self.of_input = of_input
        shape = trail.value.type.shape
        self.wanted: list[Sequence[int]] = []
        if len(goal) == len(shape):
            self.wanted = [(now if extent is None else extent,) for extent, now in zip(goal, shape, strict=True)]
        self.windows = 0

    def ways(self) -> Iterator[Way]:
        if not self.wanted:
            return
        yield from self._padding_everywhere()
        for place, node in enumerate(self.trail.nodes):
            if not is_written(node):
                return
            yield from self._changes(place, node)
            if self.windows == _MOST_WINDOWS or node.input in self.trail.network.asserted or not self._step_back(node):
                return  # what a contract says of a shape before is not to be changed
        if self.of_input:
            yield from self._input()

    def _padding_everywhere(self) -> Iterator[Way]:
        """Padding that keeps the size at every layer that steps by one: of many small losses no single one is to blame."""
        nodes, asserted = self.trail.nodes, self.trail.network.asserted
        paddings = {place: padding for place, node in enumerate(nodes) if (padding := _keeping(node))}
        if len(paddings) < 2 or not all(map(is_written, nodes)) or any(node.input in asserted for node in nodes):
            return
        operators = [
            node.operator.replace(padding=paddings[place]) if place in paddings else node.operator
            for place, node in enumerate(self.trail.nodes)
        ]
        type_ = self._goal_of(operators, self.trail.start.type)
        if type_ is None or any(map(_pads_same, self.trail.nodes)):
            return
        written = [
            rewriting(self.trail.network, nodes[place], {"padding": each}) for place, each in reversed(paddings.items())
        ]
        known = [each for each in written if each is not None]
        if len(known) < len(written):
            return
        edits = dict.fromkeys(edit for each in known for edit in each.edits)
        calls = dict.fromkeys(f"`{each.text}`" for each in known)
        places = len({each.call for each in known})
        times = f"{'' if len(calls) > 1 or places == 1 else ' both times' if places == 2 else f' all {places} times'}"
        verb = "give" if len(calls) > 1 else "gives"
        yield Way(f"{' and '.join(calls)}{times} {verb} {type_}", tuple(edits))

    def _changes(self, place: int, node: Node) -> Iterator[Way]:
        own = self._own_number(node)
        if _within(node.output.type.shape[1:], self.wanted[1:]):
            if own:
                yield from self._tried(place, node, own, None)
            return
        for remedy in remedies(node.operator, node.input.type, tuple(self.wanted[1:])):
            yield from self._tried(place, node, {**own, **remedy.changes}, remedy)

    def _own_number(self, node: Node) -> dict[str, int]:
        """The channels or features that the layer itself sets, if others are wanted."""
        for name in ("out_channels", "out_features"):
            if name in node.operator.attributes() and node.output.type.shape[0] not in self.wanted[0]:
                return {name: self.wanted[0][0]}
        return {}

    def _tried(self, place: int, node: Node, changes: Mapping[str, Any], remedy: Remedy | None) -> Iterator[Way]:
        later = self.trail.nodes[:place]
        if any(map(_pads_same, later)) or (_pads_same(node) and "padding" not in changes):
            return
        operators = [*(each.operator for each in later), node.operator.replace(**changes)]
        type_ = self._goal_of(operators, node.input.type)
        written = rewriting(self.trail.network, node, changes) if type_ is not None else None
        if written is not None:
            line = written.call.position[0]
            call = f"`{written.text}`" + (f" on line {line}" if line != self.line else "")
            yield Way(f"{call} gives {type_}{_unused(changes, node, remedy)}", written.edits)

    def _goal_of(self, operators: Sequence[Operator], x: TensorType) -> TensorType | None:
        """What operators, the last first, make of a value, if that is the goal."""
        try:
            for operator in reversed(operators):
                x = operator.infer(x)
        except (OperatorError, Undecided):
            return None
        return x if matches(self.goal, x.shape) else None

    def _step_back(self, node: Node) -> bool:
        """Turn what is wanted behind a layer into what is wanted before it; False if that is not known."""
        x, y = node.input.type.shape, node.output.type.shape
        if _pads_same(node):
            return False
        window = node.operator.window()
        if isinstance(window, Window) and len(x) == len(y) == len(window.kernel_size) + 1:
            self.windows += 1
            return self._through(window, node)
        if isinstance(node.operator, Upsample) and len(x) == 3:
            return self._shrunk(node.operator.scale_factor)
        if node.operator.name == "flatten" and len(x) == 3:
            return self._unflatten(x)
        return x == y and not node.operator.sees_everything

    def _through(self, window: Window, node: Node) -> bool:
        sizes = [
            [size for output in those for size in inputs_giving(window.along(axis), output)[:_MOST_SIZES]]
            for axis, those in enumerate(self.wanted[1:])
        ]
        channels: Sequence[int] = self.wanted[0]
        if "out_channels" in node.operator.attributes():
            if node.output.type.shape[0] not in channels:
                return False
            channels = (node.input.type.shape[0],)
        self.wanted = [channels, *(each[:_MOST_SIZES] for each in sizes)]
        return all(self.wanted)

    def _shrunk(self, factors: tuple[int, int]) -> bool:
        """What is wanted before an upsampling by whole factors."""
        pairs = zip(self.wanted[1:], factors, strict=True)
        self.wanted[1:] = [[size // factor for size in those if size % factor == 0] for those, factor in pairs]
        return all(self.wanted)

    def _unflatten(self, shape: Shape) -> bool:
        """A square image of as many numbers, with the channels that are there."""
        count = self.wanted[0][0]
        side = isqrt(count // shape[0])
        self.wanted = [(shape[0],), (side,), (side,)]
        return shape[0] * side * side == count

    def _input(self) -> Iterator[Way]:
        """Another size of the network's input: of those that do, the least leaves no row unused."""
        trail = self.trail
        span, type_ = trail.network.spans.get(trail.start), trail.start.type
        if trail.start is not trail.network.input or span is None or type_.shape[0] not in self.wanted[0]:
            return
        pairs = zip(type_.shape[1:], self.wanted[1:], strict=True)
        sizes = tuple(now if now in those else min(those) for now, those in pairs)
        input_ = type_.replace(shape=(type_.shape[0], *sizes))
        place = span.text.find(str(type_))
        result = self._goal_of([node.operator for node in trail.nodes], input_)
        if sizes == type_.shape[1:] or place < 0 or result is None or any(map(_pads_same, trail.nodes)):
            return
        where = Span(span.source, span.start + place, span.start + place + len(str(type_)))
        yield Way(f"an input of {input_} gives {result}", (Edit(where, str(input_)),))


def _keeping(node: Node) -> Padding:
    """The padding with which a window that steps by one keeps the size; empty if it does already, or cannot."""
    window = node.operator.window()
    if not isinstance(window, Window) or "padding" not in node.operator.attributes() or set(window.stride) != {1}:
        return ()
    gaps = [dilated(kernel, dilation) - 1 for kernel, dilation in zip(window.kernel_size, window.dilation, strict=True)]
    padding = tuple((gap // 2, gap // 2) for gap in gaps)
    return () if any(gap % 2 for gap in gaps) or padding == window.padding else padding


def _within(extents: Shape, wanted: Sequence[Sequence[int]]) -> bool:
    return all(extent in those for extent, those in zip(extents, wanted, strict=True))


def _pads_same(node: Node) -> bool:
    """Whether a layer's padding hangs on the size of its input, so that what the node holds is not what it would be."""
    span = node.attribute_spans.get("padding")
    return span is not None and span.text.endswith("same")


def _unused(changes: Mapping[str, Any], node: Node, remedy: Remedy | None) -> str:
    """What a change leaves over: rows of padding, or of the input, behind the last window."""
    if remedy is None or "ceil_mode" in changes or not isinstance(node.operator.window(), Window):
        return ""
    if remedy.is_exact:
        stride = changes.get("stride", getattr(node.operator, "stride", 1))
        return ", with no row left over" if stride not in (1, (1,), (1, 1)) else ""
    rows, what = (remedy.lost, "input") if any(remedy.lost) else (remedy.unused, "padding")
    names = ("row", "column") if len(rows) > 1 else ("number",)
    left = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in zip(rows, names, strict=True) if count]
    return f", with {' and '.join(left)} of {what} left over"
