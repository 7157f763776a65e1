"""Extents that stand for many sizes of the input at once, so that one walk through a network answers for all of them.

A :class:`Line` is a table: the extent for each size of one axis of the input. Arithmetic goes entry by entry. Where a rule
asks something that has two answers, as in ``extent < 1``, the sizes with one answer stay in the walk and the others are put
aside in :attr:`Field.aside`, for a walk of their own; every rule thus runs as it stands, and what it does for a size is
exact. A :class:`Plane` depends on both axes of an image, as what ``flatten`` gives does.

They stand where an int stands; operators need not know of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import Any

from ..ops.free_size import Size

__all__ = ["Axis", "Box", "Field", "Line", "Plane"]

Box = tuple[tuple[int, ...], ...]
"""Sizes of each axis; it stands for every combination of them."""

_Truth = Callable[[Any, Any], bool]


class Axis:
    """One axis of the input: the sizes that a walk began with, and the positions of those that are still in it."""

    def __init__(self, field: Field, place: int, sizes: tuple[int, ...]) -> None:
        self.field = field
        self.place = place
        self.sizes = sizes
        self.alive: Sequence[int] = range(len(sizes))

    @property
    def left(self) -> tuple[int, ...]:
        """The sizes that are still in the walk."""
        return tuple(self.sizes[position] for position in self.alive)

    def narrow(self, kept: Sequence[int]) -> None:
        """Go on with some of the positions, and put the others aside."""
        if len(kept) == len(self.alive):
            return
        gone = set(self.alive).difference(kept)
        others = tuple(self.sizes[position] for position in self.alive if position in gone)
        axes = self.field.axes
        self.field.aside.append(tuple(others if axis is self else axis.left for axis in axes))
        self.alive = kept

    def decide(self, truths: Sequence[bool]) -> bool:
        """The answer to a question that has these answers by position; where they differ, that of most sizes."""
        true = [position for position in self.alive if truths[position]]
        if not true or len(true) == len(self.alive):
            return bool(true)
        answer = 2 * len(true) >= len(self.alive)
        self.narrow([position for position in self.alive if truths[position] == answer])
        return answer

    def alike(self, extents: Iterable[Line | Plane]) -> list[list[int]]:
        """The positions that are in the walk, in groups whose sizes are one to all these extents."""
        signatures = [extent.signature(self) for extent in extents]
        known = [signature for signature in signatures if signature is not None]
        groups: dict[tuple[Any, ...], list[int]] = {}
        for position in self.alive:
            groups.setdefault(tuple(signature[position] for signature in known), []).append(position)
        return list(groups.values())


class Field:
    """The sizes of one walk. ``aside`` collects what it leaves to others: boxes that are disjoint, also from its own."""

    def __init__(self, box: Box) -> None:
        self.axes = [Axis(self, place, sizes) for place, sizes in enumerate(box)]
        self.aside: list[Box] = []

    @property
    def box(self) -> Box:
        """The sizes that are still in the walk."""
        return tuple(axis.left for axis in self.axes)

    def lines(self) -> list[Line]:
        """The extents of the input itself."""
        return [Line(axis, axis.sizes) for axis in self.axes]


class _Candidates(Size):
    """What lines and planes share: questions."""

    __slots__ = ()
    __hash__ = object.__hash__

    def _ask(self, truth: _Truth, other: Any) -> bool:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | _Candidates) and self._ask(eq, other)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, int | _Candidates) or self._ask(ne, other)

    def __lt__(self, other: Any) -> bool:
        return self._ask(lt, other)

    def __le__(self, other: Any) -> bool:
        return self._ask(le, other)

    def __gt__(self, other: Any) -> bool:
        return self._ask(gt, other)

    def __ge__(self, other: Any) -> bool:
        return self._ask(ge, other)

    def __bool__(self) -> bool:
        return self._ask(ne, 0)

    def as_number(self) -> int:
        """One whole number: the walk goes on with the sizes that have it."""
        raise NotImplementedError

    def __index__(self) -> int:
        return self.as_number()

    def __int__(self) -> int:
        return self.as_number()

    def __float__(self) -> float:
        return float(self.as_number())


class Line(_Candidates):
    """An extent that depends on the size of one axis: its value at each position of it."""

    __slots__ = ("axis", "values")

    def __init__(self, axis: Axis, values: Sequence[int]) -> None:
        self.axis = axis
        self.values = values

    def __str__(self) -> str:
        return "{}..{}".format(*self.bounds([axis.alive for axis in self.axis.field.axes]))

    __repr__ = __str__

    def _ask(self, truth: _Truth, other: Any) -> bool:
        if isinstance(other, int):
            return self.axis.decide([truth(value, other) for value in self.values])
        if isinstance(other, Line) and other.axis is self.axis:
            return self.axis.decide(list(map(truth, self.values, other.values)))
        return bool((self - other)._ask(truth, 0))

    def as_number(self) -> int:
        alive = self.axis.alive
        value = self.values[alive[0]]
        self.axis.narrow([position for position in alive if self.values[position] == value])
        return value

    def at_least(self, bound: int) -> Line:
        return Line(self.axis, [max(value, bound) for value in self.values])

    def at(self, positions: Sequence[int]) -> int:
        """The extent at a position of each axis of the input."""
        return self.values[positions[self.axis.place]]

    def signature(self, axis: Axis) -> Sequence[Any] | None:
        """What the extent depends on along an axis, by position; None if it does not."""
        return self.values if axis is self.axis else None

    def bounds(self, positions: Sequence[Sequence[int]]) -> tuple[int, int]:
        """The least and the largest of the extent at some positions of each axis."""
        values = [self.values[position] for position in positions[self.axis.place]]
        return min(values), max(values)

    def _each(self, other: Any, function: Callable[[int, int], int]) -> Any:
        if isinstance(other, int):
            return Line(self.axis, [function(value, other) for value in self.values])
        if isinstance(other, Line) and other.axis is self.axis:
            return Line(self.axis, list(map(function, self.values, other.values)))
        return NotImplemented

    def __add__(self, other: Any) -> Any:
        return Plane.of(self) + other if _crosses(self, other) else self._each(other, add)

    def __sub__(self, other: Any) -> Any:
        return Plane.of(self) - other if _crosses(self, other) else self._each(other, sub)

    def __mul__(self, other: Any) -> Any:
        return Plane.of(self) * other if _crosses(self, other) else self._each(other, mul)

    def __rsub__(self, other: Any) -> Any:
        return Line(self.axis, [other - value for value in self.values]) if isinstance(other, int) else NotImplemented

    def __neg__(self) -> Line:
        return Line(self.axis, [-value for value in self.values])

    def __floordiv__(self, other: Any) -> Any:
        return self._each(other.as_number() if _crosses(self, other) else other, _quotient)

    def __mod__(self, other: Any) -> Any:
        return self._each(other.as_number() if _crosses(self, other) else other, _rest)

    __radd__ = __add__
    __rmul__ = __mul__


def _crosses(line: Line, other: Any) -> bool:
    """Whether another extent depends on another axis."""
    return isinstance(other, Plane) or (isinstance(other, Line) and other.axis is not line.axis)


def _quotient(value: int, divisor: int) -> int:
    """Entries of sizes that are no longer in the walk may be 0."""
    return floordiv(value, divisor) if divisor else 0


def _rest(value: int, divisor: int) -> int:
    return mod(value, divisor) if divisor else 0


class Plane(_Candidates):
    """An extent that depends on both axes: a sum of products of a factor by height and a factor by width."""

    __slots__ = ("field", "terms")

    def __init__(self, field: Field, terms: Iterable[tuple[Sequence[int], Sequence[int]]]) -> None:
        self.field = field
        self.terms = tuple(terms)

    @staticmethod
    def of(extent: Line) -> Plane:
        """The same extent as a plane."""
        ones = [[1] * len(axis.sizes) for axis in extent.axis.field.axes]
        ones[extent.axis.place] = list(extent.values)
        return Plane(extent.axis.field, [(ones[0], ones[1])])

    def __str__(self) -> str:
        return "{}..{}".format(*self.bounds([axis.alive for axis in self.field.axes]))

    __repr__ = __str__

    def __add__(self, other: Any) -> Any:
        return Plane(self.field, (*self.terms, *self._lifted(other).terms))

    def __sub__(self, other: Any) -> Any:
        return self + other * -1

    def __rsub__(self, other: Any) -> Any:
        return self * -1 + other

    def __mul__(self, other: Any) -> Any:
        lifted = self._lifted(other)
        return Plane(
            self.field,
            [
                (list(map(mul, row, other_row)), list(map(mul, column, other_column)))
                for row, column in self.terms
                for other_row, other_column in lifted.terms
            ],
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        return self._pinned() // other

    def __mod__(self, other: Any) -> Any:
        return self._pinned() % other

    def at_least(self, bound: int) -> Any:
        return self._pinned().at_least(bound)

    def as_number(self) -> int:
        return self._pinned().as_number()

    def at(self, positions: Sequence[int]) -> int:
        """The extent at a position of each axis of the input."""
        row, column = positions
        return sum(rows[row] * columns[column] for rows, columns in self.terms)

    def signature(self, axis: Axis) -> Sequence[Any]:
        """What the extent depends on along an axis, by position."""
        return list(zip(*(term[axis.place] for term in self.terms), strict=True))

    def bounds(self, positions: Sequence[Sequence[int]]) -> tuple[int, int]:
        """Two numbers between which the extents at some positions lie; for one product, the least and the largest."""
        low = high = 0
        for term in self.terms:
            heights, widths = (
                [values[place] for place in places] for values, places in zip(term, positions, strict=True)
            )
            corners = [a * b for a in (min(heights), max(heights)) for b in (min(widths), max(widths))]
            low, high = low + min(corners), high + max(corners)
        return low, high

    def _lifted(self, other: Any) -> Plane:
        if isinstance(other, Plane):
            return other
        if isinstance(other, Line):
            return Plane.of(other)
        height, width = self.field.axes
        return Plane(self.field, [([other] * len(height.sizes), [1] * len(width.sizes))])

    def _pinned(self) -> Line:
        """The extent by width; the walk goes on with heights that do not change it."""
        height, width = self.field.axes
        group = height.alike((self,))[0]
        height.narrow(group)
        return Line(width, [self.at((group[0], column)) for column in range(len(width.sizes))])

    def _ask(self, truth: _Truth, other: Any) -> bool:
        """Go on with the heights where the answer does not depend on the width; if there are none, with one height."""
        if not isinstance(other, int):
            return bool((self - other)._ask(truth, 0))
        height, width = self.field.axes
        answer = self._answer(truth, other, height.alive, width.alive)
        if answer is not None:
            return answer
        answers: dict[bool | None, list[int]] = {}
        for group in height.alike((self,)):
            answers.setdefault(self._answer(truth, other, group[:1], width.alive), []).extend(group)
        decided = max((True, False), key=lambda each: len(answers.get(each, ())))
        if not answers.get(decided):
            return self._pinned()._ask(truth, other)
        height.narrow(sorted(answers[decided]))
        return decided

    def _answer(self, truth: _Truth, other: int, rows: Sequence[int], columns: Sequence[int]) -> bool | None:
        """How the extents at some positions compare with a number; None if they differ in that, or many might."""
        low, high = self.bounds((rows, columns))
        if truth not in (eq, ne) and truth(low, other) == truth(high, other):
            return bool(truth(low, other))
        if truth in (eq, ne) and not low <= other <= high:
            return truth is ne
        if len(rows) > 1:
            return None
        answers = {truth(value, other) for value in self._values(rows[0], columns)}
        return bool(answers.pop()) if len(answers) == 1 else None

    def _values(self, row: int, columns: Sequence[int]) -> set[int]:
        """The extents by width, at one height."""
        (by_row, by_column), *others = self.terms
        if others:
            return {self.at((row, column)) for column in columns}
        factor = by_row[row]
        return {factor * value for value in map(by_column.__getitem__, columns)}
