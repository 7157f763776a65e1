"""Sizes that are not one number; here free ones, the ``?`` of ``input 3x?x?``: whole numbers that are not known and can
still be computed with.

Windows only add, subtract and divide with rounding, so that a size is always ``(m*? + o)//s + c`` for known whole numbers.
Kept in one normal form (``0 <= o < s``), two sizes that are equal for every input are equal as values, whatever windows
they went through. A question that the form does not answer raises :class:`Undecided`, and the user is asked for a size.

A free size can be used like an int; operators need not know of it.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast

__all__ = ["FreeSize", "Size", "Undecided", "at_least", "free_shape", "is_above", "is_below", "is_free"]


class Undecided(Exception):
    """A question about a free size that depends on its number."""


class Size:
    """What is used like an int but is not one: a free size here, or one of many sizes at once (candidates.py)."""

    __slots__ = ()

    def as_number(self) -> Any:
        """What an expression of the language gets for it."""
        return self

    def at_least(self, bound: int) -> Any:
        """The extent, or the bound where that is more.

        Raises:
            Undecided: If that depends on the size of a free input.
        """
        raise Undecided(str(self))


def at_least(extent: int, bound: int) -> int:
    """The larger of the two; ``max`` would ask an extent of many sizes for one answer."""
    return cast("int", extent.at_least(bound)) if isinstance(extent, Size) else max(extent, bound)


def is_below(extent: Any, bound: int) -> bool:
    """Whether an extent is known to be below a bound."""
    return not isinstance(extent, FreeSize) and bool(extent < bound)


def is_above(extent: Any, bound: int) -> bool:
    """Whether an extent is known to be above a bound."""
    return not isinstance(extent, FreeSize) and bool(extent > bound)


def is_free(shape: tuple[Any, ...]) -> bool:
    """Whether an extent of a shape is free."""
    return any(isinstance(extent, FreeSize) for extent in shape)


def free_shape(written: tuple[int | None, ...]) -> tuple[int, ...]:
    """A shape with a free extent wherever None stands, each of its own."""
    names = {3: ("c", "h", "w"), 2: ("c", "l"), 1: ("f",)}.get(len(written), ())
    return tuple(
        cast("int", FreeSize(names[axis] if names else f"axis {axis}")) if extent is None else extent
        for axis, extent in enumerate(written)
    )


class FreeSize(Size):
    """``(factor*base + offset)//divisor + constant``; ``base`` names the extent of the input, or a product of extents."""

    __slots__ = ("base", "constant", "divisor", "factor", "offset")

    def __init__(self, base: str = "?", factor: int = 1, offset: int = 0, divisor: int = 1, constant: int = 0) -> None:
        self.base = base
        self.factor = factor
        self.offset = offset % divisor
        self.divisor = divisor
        self.constant = constant + offset // divisor

    def _key(self) -> tuple[str, int, int, int, int]:
        return self.base, self.factor, self.offset, self.divisor, self.constant

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FreeSize) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        if self._key() == (self.base, 1, 0, 1, 0):
            return "?"
        text = self.base if self.factor == 1 else f"{self.factor}*{self.base}"
        if self.divisor > 1:
            text = f"floor(({text} + {self.offset})/{self.divisor})" if self.offset else f"floor({text}/{self.divisor})"
        if not self.constant:
            return text
        return f"({text} {'+' if self.constant > 0 else '-'} {abs(self.constant)})"

    __repr__ = __str__

    def __add__(self, other: Any) -> Any:
        if isinstance(other, FreeSize):
            return self._sum(other)
        if not isinstance(other, int):
            return NotImplemented
        return FreeSize(self.base, self.factor, self.offset, self.divisor, self.constant + other)

    def __sub__(self, other: Any) -> Any:
        return self.__add__(other * -1)

    def __rsub__(self, other: Any) -> Any:
        return self.__mul__(-1).__add__(other)

    def __mul__(self, other: Any) -> FreeSize:
        if isinstance(other, int) and self.divisor == 1:
            return FreeSize(self.base, self.factor * other, 0, 1, self.constant * other)
        if isinstance(other, int) and other == 1:
            return self
        if not isinstance(other, int | FreeSize):
            return NotImplemented
        return FreeSize(f"({self}*{other})")

    def __floordiv__(self, other: Any) -> FreeSize:
        """Nested floors become one: ``floor(floor(a/s)/t) = floor(a/(s*t))``."""
        if not isinstance(other, int) or other < 1:
            return NotImplemented
        if other == 1:
            return self
        inside = self.offset + self.constant * self.divisor
        return FreeSize(self.base, self.factor, inside, self.divisor * other)

    __radd__ = __add__
    __rmul__ = __mul__

    def _sum(self, other: FreeSize) -> Any:
        if self.base == other.base and self.divisor == other.divisor == 1:
            factor, constant = self.factor + other.factor, self.constant + other.constant
            return FreeSize(self.base, factor, 0, 1, constant) if factor else constant
        return FreeSize(f"({self} + {other})")

    def _undecided(self, *other: Any) -> NoReturn:
        raise Undecided(str(self))

    __lt__ = __le__ = __gt__ = __ge__ = _undecided
    __index__ = __int__ = __float__ = __bool__ = _undecided
    __mod__ = __rmod__ = __truediv__ = __rtruediv__ = __rfloordiv__ = __pow__ = __rpow__ = _undecided
