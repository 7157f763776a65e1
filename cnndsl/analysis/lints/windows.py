"""Lints of windows that slide over an image or a line: what they never touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...diagnostics import Diagnostic, Label
from ...ir import Node
from ...ops import Operator, OperatorError, TensorType, format_shape
from ...ops.free_size import is_free
from ...ops.geometry import Padding, Window
from ...ops.pooling import AvgPool, MaxPool
from ...ops.pooling_kinds import LpPool
from .lint import NetworkLint
from .network import Finding, Network, count

__all__ = ["LostRows", "PoolingGaps"]

_POOLS = (MaxPool, AvgPool, LpPool)
_WORDS = {1: ("position",), 2: ("row", "column")}


class LostRows(NetworkLint):
    """No window covers the last rows or columns of the input.

    A window moves by its stride, and the last rows or columns of the input are too few for one more step:
    no window covers them, and what is there does not count. This warning ignores rows of padding and
    1x1 windows with a stride, which pick positions out on purpose.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 | relu
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 pad=1 | relu
    }
    ```

    The help names inputs, and ways to write the layer, that lose nothing; each has been tried. The
    shape after the layer changes with most of them.

    If it is meant, say so on the line that the warning points to, or right above:
    `# allow W0502: as in the paper`.
    """

    code = "W0502"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            window = node.operator.window()
            if window is None or is_free(node.input.type.shape):
                continue
            if set(window.stride) == {1}:
                continue  # with steps of 1 the last window ends where the input does
            lost = _lost(node.operator, node.input.type)
            if any(lost):
                yield Finding(self._warning(node, window, lost), node)

    def _warning(self, node: Node, window: Window, lost: tuple[int, ...]) -> Diagnostic:
        x, y = node.input.type, node.output.type
        words = _WORDS[len(lost)]
        what = " and ".join(
            f"the last {word if number == 1 else count(number, word)}"
            for number, word in zip(lost, words, strict=True)
            if number
        )
        reaches: dict[str, list[str]] = {}
        for axis, word in enumerate(words):
            if lost[axis]:
                reach = _reach(window, axis, x.shape[axis + 1], y.shape[axis + 1])
                reaches.setdefault(reach, []).append(f"{word}s")
        return Diagnostic(
            self.kind,
            f"no window covers {what} of {x}",
            Label(node.span, f"gives {y}"),
            notes=(
                *window.formulas(x.shape[1:]),
                *(f"{text} {' and '.join(axes)}" for text, axes in reaches.items()),
            ),
            help=_without_loss(node, lost),
        )


def _lost(operator: Operator, x: TensorType) -> tuple[int, ...]:
    """How much each axis loses; nothing where steps of a 1x1 window, or of a pooling with gaps, leave out by intent."""
    window = operator.window()
    return tuple(
        window.along(axis).lost(size) if _covers(operator, window, axis) else 0 for axis, size in enumerate(x.shape[1:])
    )


def _covers(operator: Operator, window: Window, axis: int) -> bool:
    if window.kernel_size[axis] == 1:
        return False
    return window.stride[axis] <= window.kernel_size[axis] or not isinstance(operator, _POOLS)


def _reach(window: Window, axis: int, size: int, windows: int) -> str:
    """How far the last window reaches, with the numbers filled in."""
    along = window.along(axis)
    padding = f" - {along.before}" if along.before else ""
    formula = f"({windows} - 1)*{along.stride} + {along.extent}{padding} = {along.reach(size) - along.before}"
    return f"{count(windows, 'window')} reach{'' if windows > 1 else 'es'} {formula} of {size}"


def _without_loss(node: Node, lost: tuple[int, ...]) -> tuple[str, ...]:
    """Inputs, and ways to write the layer, that lose nothing; each is tried on the operator itself."""
    operator, x = node.operator, node.input.type
    stride = operator.window().stride
    shorter = [size - number for size, number in zip(x.shape[1:], lost, strict=True)]
    longer = [size + (step if number else 0) for size, step, number in zip(shorter, stride, lost, strict=True)]
    sizes = [
        format_shape((x.shape[0], *extents))
        for extents in (shorter, longer)
        if min(extents) > 0 and _loses_nothing(operator, TensorType((x.shape[0], *extents), x.dtype)) is not None
    ]
    ways = [
        f"{text} loses none and gives {y}"
        for text, changed in _rewritten(operator, x, lost)
        if (y := _loses_nothing(changed, x)) is not None
    ]
    return (*([f"an input of {' or '.join(sizes)} loses none"] if sizes else []), *ways[:2])


def _loses_nothing(operator: Operator, x: TensorType) -> TensorType | None:
    """What the operator makes of an input, if it takes it and no row is lost."""
    try:
        y = operator.infer(x)
    except OperatorError:
        return None
    return None if any(_lost(operator, x)) else y


def _rewritten(operator: Any, x: TensorType, lost: tuple[int, ...]) -> Iterator[tuple[str, Operator]]:
    """The operator with ``ceil_mode``, and with the least padding that makes room for one more window."""
    if getattr(operator, "ceil_mode", True) is False:
        yield "`ceil_mode=true`", operator.replace(ceil_mode=True)
    if "padding" not in type(operator).field_infos:
        return
    window = operator.window()
    for more in (_evenly, _behind):
        padding = tuple(
            more(window, axis, x.shape[axis + 1], number) if number else window.padding[axis]
            for axis, number in enumerate(lost)
        )
        yield f"`{_pad_text(padding)}`", operator.replace(padding=padding)


def _evenly(window: Window, axis: int, size: int, lost: int) -> tuple[int, int]:
    """The least padding, as much before as after, with which nothing is lost; what there is, if none does that."""
    along = window.along(axis)
    for each in range(max(window.padding[axis]) + 1, along.extent):
        if not along.replace(before=each, after=each).lost(size):
            return each, each
    return window.padding[axis]


def _behind(window: Window, axis: int, size: int, lost: int) -> tuple[int, int]:
    """The rows that are lost and these zeros after them make one more step."""
    return window.padding[axis][0], window.stride[axis] - lost


def _pad_text(padding: Padding) -> str:
    """The padding as it is written: ``pad=1``, ``pad=(1, 2)`` or ``pad=(top=0, bottom=1, left=0, right=1)``."""
    if any(before != after for before, after in padding):
        sides = ("left", "right") if len(padding) == 1 else ("top", "bottom", "left", "right")
        extents = [extent for pair in padding for extent in pair]
        return f"pad=({', '.join(f'{side}={extent}' for side, extent in zip(sides, extents, strict=True) if extent)})"
    each = [before for before, _ in padding]
    return f"pad={each[0]}" if len(set(each)) == 1 else f"pad=({', '.join(map(str, each))})"


class PoolingGaps(NetworkLint):
    """The windows of a pooling leave gaps between them.

    The stride of a pooling is larger than its window: between one window and the next lie rows or columns
    that are in none. This warning ignores a window of 1: it picks positions out on purpose.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | relu
        maxpool 2x2 stride=4
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | relu
        maxpool 4x4
    }
    ```

    Without `stride`, the windows touch each other.
    """

    code = "W0510"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            if not isinstance(node.operator, _POOLS):
                continue
            window = node.operator.window()
            axes = [
                axis
                for axis, (kernel, stride) in enumerate(zip(window.kernel_size, window.stride, strict=True))
                if 1 < kernel < stride
            ]
            if axes:
                yield Finding(self._warning(node, window, axes), node)

    def _warning(self, node: Node, window: Window, axes: list[int]) -> Diagnostic:
        words = _WORDS[len(window.stride)]
        gaps = dict.fromkeys(
            f"of every {window.stride[axis]} {words[axis]}s, {window.stride[axis] - window.kernel_size[axis]} in no window"
            for axis in axes
        )
        larger = map(max, window.kernel_size, window.stride)
        return Diagnostic(
            self.kind,
            f"the windows of `{node.operator.name}` leave gaps: its stride is larger than they are",
            Label(node.attribute_spans.get("stride", node.span), f"windows of {_sizes(window.kernel_size)}"),
            notes=tuple(gaps),
            help=(f"leave `stride` out, so that the windows touch; or use windows of {_sizes(larger)}",),
        )


def _sizes(extents: Iterable[int]) -> str:
    return "x".join(map(str, extents))
