"""Whole numbers that know from which numbers of the text they were computed.

An elaboration of a tree whose numbers are traced tells of each attribute of each layer what it would be if another number
stood in the text: ``conv (4 * width) 1x1`` in a block knows of the ``64`` in the call that gives ``width``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Recomputed", "Traced", "number", "plain", "trace_of"]

_DEEPEST = 200
"""Computations in a row, beyond which a number is no longer traced: recomputing it calls itself as often."""


class Traced(int):
    """A number of the text, or one computed from such; ``mask`` has a bit for each number of the text that it hangs on."""

    mask: int = 0
    depth: int = 0
    operation: Any = None
    operands: tuple[Any, ...] = ()


def number(value: int, place: int) -> Traced:
    """A number of the text, the one with this bit."""
    traced = Traced(value)
    traced.mask = 1 << place
    return traced


def trace_of(value: Any) -> int:
    """The mask of a value and of all that it holds."""
    if isinstance(value, Traced):
        return value.mask
    mask = 0
    if isinstance(value, tuple):
        for item in value:
            mask |= trace_of(item)
    return mask


def plain(value: Any) -> Any:
    """A value with numbers that are not traced."""
    if isinstance(value, Traced):
        return int(value)
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


class Recomputed:
    """What values would be with other numbers in the text, given by their bits."""

    def __init__(self, numbers: Mapping[int, int]) -> None:
        self.numbers = numbers
        self.mask = sum(1 << place for place in numbers)
        self._known: dict[int, Any] = {}

    def of(self, value: Any) -> Any:
        """A value as it would be.

        Raises:
            ArithmeticError: If it would be no whole number.
        """
        if isinstance(value, tuple):
            return tuple(map(self.of, value))
        if not isinstance(value, Traced):
            return value
        if not value.mask & self.mask:
            return int(value)
        key = id(value)
        if key not in self._known:
            self._known[key] = self._computed(value)
        return self._known[key]

    def _computed(self, value: Traced) -> int:
        if value.operation is None:
            return self.numbers[value.mask.bit_length() - 1]
        result = value.operation(*map(plain, map(self.of, value.operands)))
        if type(result) is not int:
            raise ArithmeticError
        return result


def _tracing(name: str) -> Any:
    """An operation of whole numbers whose result remembers it."""
    plain = getattr(int, name)

    def compute(*operands: Any) -> Any:
        value = plain(*operands)
        return _traced(value, plain, operands) if type(value) is int else value

    return compute


def _traced(value: int, operation: Any, operands: tuple[Any, ...]) -> int:
    sources = [each for each in operands if isinstance(each, Traced)]
    depth = 1 + max(each.depth for each in sources)
    if depth > _DEEPEST:
        return value
    result = Traced(value)
    result.depth, result.operation, result.operands = depth, operation, operands
    for each in sources:
        result.mask |= each.mask
    return result


for _name in ("add", "sub", "mul", "floordiv", "mod", "pow"):
    setattr(Traced, f"__{_name}__", _tracing(f"__{_name}__"))
    setattr(Traced, f"__r{_name}__", _tracing(f"__r{_name}__"))
Traced.__neg__ = _tracing("__neg__")  # type: ignore[method-assign]
