"""What to change of one layer so that its output has a wanted size: each attribute alone, every value that does it.

Values are tried: the operator's own ``resolve`` and ``infer`` decide, so that bounds such as those of pooling's padding hold,
``pad=same`` stays what it is, and a stride that follows the kernel goes on following it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..ops import Operator, OperatorError, TensorType
from ..ops.convolution_kinds import ConvTranspose
from ..ops.geometry import WindowAxis, dilated
from ..record import Record

__all__ = ["Advice", "Choice", "has_size_attributes", "sizes_giving"]

_OF_AXES = ("kernel_size", "stride", "padding", "output_padding", "dilation")


class Choice(Record):
    """A value along one axis; for padding it is (before, after). ``unused`` rows of the padded input lie after the windows."""

    value: Any
    unused: int


class Advice(Record):
    """The values of one attribute, or of the ``input``, that give the wanted size: for each axis, and they combine freely."""

    attribute: str
    axes: tuple[tuple[Choice, ...], ...]


def has_size_attributes(operator: Operator) -> bool:
    """Whether the operator slides a window, whose attributes decide the size of its output."""
    return "kernel_size" in operator.attributes()


def sizes_giving(operator: Operator, x: TensorType, wanted: Sequence[int]) -> tuple[Advice, ...]:
    """Every change of one attribute alone for which an operator, as it is written, gives an output of these extents.

    ``wanted`` has an extent for each axis after the channels. An axis that has its extent keeps its value or takes another.
    The answers are complete, but for padding, which is halved between both sides, and for values so large that they do no
    more than a smaller one: strides and dilations beyond the input, and windows beyond it whose stride follows them.

    Raises:
        ValueError: If the operator has no window, or the axes do not agree.
    """
    if not has_size_attributes(operator) or len(x.shape) != len(wanted) + 1:
        raise ValueError(f"`{operator.name}` has no window over {len(wanted)} axes of {x}")
    names = [name for name in _OF_AXES if name in operator.attributes()]
    axes = [_Axis(operator, x, axis, size) for axis, size in enumerate(wanted)]
    found = [Advice(name, tuple(axis.choices(name) for axis in axes)) for name in ("input", *names)]
    return tuple(advice for advice in found if all(advice.axes))


class _Axis:
    """One axis of an operator. As axes do not see each other, it is tried with every axis made like this one."""

    def __init__(self, operator: Operator, x: TensorType, axis: int, wanted: int) -> None:
        self.rank = len(x.shape) - 1
        self.channels, self.size = x.shape[0], x.shape[1 + axis]
        self.wanted = wanted
        self.own = {name: _along(axis, getattr(operator, name)) for name in _OF_AXES if name in operator.attributes()}
        self.operator = operator.replace(**{name: self._everywhere(value) for name, value in self.own.items()})

    def choices(self, name: str) -> tuple[Choice, ...]:
        """The values of an attribute that give the wanted extent: exact ones first, and of those its own."""
        own = self.size if name == "input" else self.own[name]
        values = dict.fromkeys((*([] if own is None or isinstance(own, str) else [own]), *self._tried(name)))
        tried = ((value, self._unused(name, value)) for value in values)
        found = [Choice(value, unused) for value, unused in tried if unused is not None]
        return tuple(sorted(found, key=lambda choice: choice.unused))

    def _everywhere(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else (value,) * self.rank

    def _unused(self, name: str, value: Any) -> int | None:
        """How many rows stay unused with a value; None if it does not give the wanted extent."""
        size = value if name == "input" else self.size
        operator = self.operator if name == "input" else self.operator.replace(**{name: self._everywhere(value)})
        x = TensorType((self.channels, *(size,) * self.rank))
        try:
            resolved = operator.resolve(x)
            given = resolved.infer(x).shape[1]
        except OperatorError:
            return None
        if given != self.wanted:
            return None
        window = resolved.window()
        return 0 if window is None else window.along(0).unused(size)

    def _tried(self, name: str) -> Iterable[Any]:
        if isinstance(self.operator, ConvTranspose):
            return self._crops() if name == "padding" else range(int(name != "output_padding"), self._whole_output())
        if self.own.get("padding") == "same" and name in ("kernel_size", "dilation"):
            return ()  # the padding follows, and nothing changes
        window = self._window
        inputs = range(1, (self.wanted + 1) * window.stride + window.extent + 1)
        up_to_padded = range(1, self.size + window.before + window.after + 1)
        if name == "padding":
            totals = range((self.wanted + 1) * window.stride + window.extent)
            likely = _stretch(
                totals, lambda all_: window.replace(before=all_, after=0).output(self.size), self.wanted - 1
            )
            return [(total // 2, total - total // 2) for total in likely]  # the odd row goes after, as `same` does it
        if "same" in self.own.values() or self.own.get("stride", 1) is None:
            return inputs if name == "input" else up_to_padded  # padding or stride follow from other attributes
        if name == "input":
            return _stretch(inputs, window.output, self.wanted - 1)
        if name == "dilation" and window.kernel_size == 1:
            return (1,)  # there are no gaps

        def falling(value: int) -> int:
            change: dict[str, Any] = {name: value}
            return -window.replace(**change).output(self.size)

        return _stretch(up_to_padded, falling, -self.wanted)

    @property
    def _window(self) -> WindowAxis:
        """Without ``ceil_mode``, with which there may be one window more."""
        x = TensorType((self.channels, *(self.size,) * self.rank))
        along: WindowAxis = self.operator.resolve(x).window().along(0)
        return along.replace(ceil_mode=False)

    def _whole_output(self) -> int:
        """More than its whole output has rows does the same in a transposed window, or too much."""
        return int(self.wanted + 2 * self.own["padding"] + 2)

    def _crops(self) -> Iterable[int]:
        kernel, stride, dilation = (self.own[name] for name in ("kernel_size", "stride", "dilation"))
        whole = (self.size - 1) * stride + dilated(kernel, dilation) + self.own["output_padding"]
        return [(whole - self.wanted) // 2] if whole >= self.wanted else []


def _along(axis: int, value: Any) -> Any:
    return value[axis] if isinstance(value, tuple) else value


def _stretch(values: range, given: Callable[[int], int], least: int) -> range:
    """The values for which what is given, which never falls, is this or one more."""
    return values[bisect_left(values, least, key=given) : bisect_right(values, least + 1, key=given)]
