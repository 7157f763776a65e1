"""What to change of one layer so that its output has a wanted size: each attribute alone, every value that does it.

The window formula backwards proposes, and the operator's own ``resolve`` and ``infer`` decide, so that bounds such as those
of pooling's padding hold, ``pad=same`` stays what it is, and a stride that follows the kernel goes on following it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..record import Record
from .base import Operator, OperatorError
from .convolution_kinds import ConvTranspose
from .geometry import WindowAxis
from .inverse import dilations_giving, inputs_giving, kernel_sizes_giving, paddings_giving, strides_giving
from .types import TensorType

__all__ = ["Advice", "Choice", "has_size_attributes", "sizes_giving"]


class Choice(Record):
    """A value along one axis; for padding it is (before, after). ``unused`` rows of the padded input lie behind the windows."""

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

    ``wanted`` has an extent for each axis behind the channels. An axis that has its extent keeps its value or takes another.
    The answers are complete, but for padding, which is halved between both sides, and for values so large that they do no
    more than a smaller one: strides and dilations beyond the input, and windows beyond it whose stride follows them.

    Raises:
        ValueError: If the operator has no window, or the axes do not agree.
    """
    if not has_size_attributes(operator) or len(x.shape) != len(wanted) + 1:
        raise ValueError(f"`{operator.name}` has no window over {len(wanted)} axes of {x}")
    names = [name for name in _ATTRIBUTES if name == "input" or name in operator.attributes()]
    axes = [_Axis(operator, x, axis, size) for axis, size in enumerate(wanted)]
    found = [Advice(name, tuple(tuple(axis.choices(name)) for axis in axes)) for name in names]
    return tuple(advice for advice in found if all(advice.axes))


class _Axis:
    """One axis of an operator. As axes do not see each other, it is tried with every axis made like this one."""

    def __init__(self, operator: Operator, x: TensorType, axis: int, wanted: int) -> None:
        self.axis = axis
        self.rank = len(x.shape) - 1
        self.size = x.shape[1 + axis]
        self.channels = x.shape[0]
        self.wanted = wanted
        pairs = {
            name: self._everywhere(self._own(operator, name)) for name in _OF_AXES if name in operator.attributes()
        }
        self.operator = operator.replace(**pairs)

    def choices(self, name: str) -> Iterator[Choice]:
        """The values of an attribute that give the wanted extent, exact ones first."""
        now = self.size if name == "input" else self._own(self.operator, name)
        proposed = [] if now is None or isinstance(now, str) else [now]
        found = []
        for value in dict.fromkeys((*proposed, *self._proposed(name))):
            unused = self._unused(name, value)
            if unused is not None:
                found.append(Choice(value, unused))
        return iter(sorted(found, key=lambda choice: choice.unused))

    def _own(self, operator: Operator, name: str) -> Any:
        value = getattr(operator, name)
        return value[self.axis] if isinstance(value, tuple) else value

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

    def _proposed(self, name: str) -> Iterable[Any]:
        if isinstance(self.operator, ConvTranspose):
            return _TRANSPOSED[name](self)
        return _ATTRIBUTES[name](self)

    @property
    def _window(self) -> WindowAxis:
        x = TensorType((self.channels, *(self.size,) * self.rank))
        return self.operator.resolve(x).window().along(0)  # type: ignore[no-any-return]

    @property
    def _is_tied(self) -> bool:
        """Whether the padding or the stride follows from other attributes."""
        return self._is_same or getattr(self.operator, "stride", 1) is None

    @property
    def _is_same(self) -> bool:
        return isinstance(getattr(self.operator, "padding", None), str)

    def inputs(self) -> Iterable[int]:
        window = self._window
        if self._is_tied:
            return range(1, (self.wanted + 1) * window.stride + window.extent + 1)
        return inputs_giving(window, self.wanted)

    def kernels(self) -> Iterable[int]:
        if self._is_same:
            return ()  # the padding follows, and nothing changes
        return self._up_to_padded() if self._is_tied else kernel_sizes_giving(self._window, self.wanted, self.size)

    def strides(self) -> Iterable[int]:
        return self._up_to_padded() if self._is_tied else strides_giving(self._window, self.wanted, self.size)

    def _up_to_padded(self) -> Iterable[int]:
        return range(1, self.size + self._window.before + self._window.after + 1)

    def dilations(self) -> Iterable[int]:
        if self._is_same:
            return ()
        return dilations_giving(self._window, self.wanted, self.size)

    def paddings(self) -> Iterable[tuple[int, int]]:
        """Half before and half behind; the odd row goes behind, as ``same`` does it."""
        window = self._window
        totals = paddings_giving(window, self.wanted, self.size)
        if window.ceil_mode:  # one window more than without it, or as many
            totals = range(max(0, totals.start - 2 * window.stride), totals.stop + 1)
        return [(total // 2, total - total // 2) for total in totals]

    def up_to_output(self, least: int) -> Iterable[int]:
        """What may be tried of a transposed window: more than its whole output has rows either does the same or too much."""
        return range(least, self.wanted + 2 * self._number("padding") + 2)

    def crops(self) -> Iterable[int]:
        kernel, stride = self._number("kernel_size"), self._number("stride")
        dilation, behind = self._number("dilation"), self._number("output_padding")
        whole = (self.size - 1) * stride + WindowAxis(kernel, dilation=dilation).extent + behind
        return [(whole - self.wanted) // 2] if whole >= self.wanted else []

    def _number(self, name: str) -> int:
        return int(self._own(self.operator, name))


_OF_AXES = ("kernel_size", "stride", "padding", "dilation", "output_padding")

_ATTRIBUTES: dict[str, Callable[[_Axis], Iterable[Any]]] = {
    "input": _Axis.inputs,
    "kernel_size": _Axis.kernels,
    "stride": _Axis.strides,
    "padding": _Axis.paddings,
    "output_padding": lambda axis: (),
    "dilation": _Axis.dilations,
}

_TRANSPOSED: dict[str, Callable[[_Axis], Iterable[Any]]] = {
    **dict.fromkeys(("input", "kernel_size", "stride", "dilation"), lambda axis: axis.up_to_output(1)),
    "padding": _Axis.crops,
    "output_padding": lambda axis: axis.up_to_output(0),
}
