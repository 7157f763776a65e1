"""Which lines a table of a network has: how far its blocks are opened, and what each line is called."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..record import Record
from .outline import Fold, Part

__all__ = ["Line", "every_layer", "fits", "fitting_depth", "lines", "nesting"]


class Line(Record):
    """One line: a layer, a block as a whole, or the heading over what a block holds.

    It stands for ``count`` equal parts, from ``first`` to ``last``. ``name`` leaves out the path of the heading above,
    which is ``indent`` deep.
    """

    name: str
    indent: int
    first: Part
    last: Part
    count: int
    is_heading: bool = False


_Ends = tuple[tuple[Fold, ...], tuple[Fold, ...], tuple[Fold, ...]]
"""What equal parts hold: the first of them, the last that the name of a line tells of, and the last of all."""


def lines(folds: tuple[Fold, ...], depth: int) -> Iterator[Line]:
    """The lines when blocks are opened ``depth - 1`` deep: with a depth of 1 the outermost blocks are one line each.

    An opened block that was called has a heading, with what it holds indented below; braces that only name things, such
    as ``seq``, have none, and their names go on.
    """
    return _lines((folds, folds, folds), depth, Line("", 0, _NOWHERE, _NOWHERE, 1))


def every_layer(folds: tuple[Fold, ...]) -> Iterator[Line]:
    """A line for each layer under its full name: nothing folded, no headings."""
    for part in (copy for fold in folds for copy in fold.copies):
        if part.node is not None:
            yield Line(part.path, 0, part, part, 1)
        yield from every_layer(part.folds)


def fitting_depth(folds: tuple[Fold, ...], most: int) -> int:
    """The largest useful depth that gives at most so many lines, or 1."""
    depth, deepest = 1, nesting(folds)
    while depth < deepest and fits(folds, depth + 1, most):
        depth += 1
    return depth


def fits(folds: tuple[Fold, ...], depth: int, most: int) -> bool:
    """Whether a depth gives at most so many lines."""
    return sum(1 for _ in islice(lines(folds, depth), most + 1)) <= most


def nesting(folds: tuple[Fold, ...]) -> int:
    """The depth at which every block is open."""
    return max((nesting(fold.first.folds) + (fold.first.block is not None) for fold in folds), default=1)


_NOWHERE = Part(None, (), (0, 0), ((), ()), -1)


def _lines(folds: _Ends, depth: int, above: Line) -> Iterator[Line]:
    """The lines below a heading."""
    for fold, named, last in zip(*folds, strict=True):
        part, block = fold.first, fold.first.block
        line = Line(
            name=_span(*(_below(each.path, above.first.path) for each in (part, named.last))),
            indent=above.indent,
            first=part,
            last=last.last,
            count=above.count * fold.count,
            is_heading=block is not None and depth > 1,
        )
        inside = (part.folds, part.folds, last.last.folds)
        if part.is_sequence:
            yield from _lines((part.folds, named.last.folds, last.last.folds), depth, above.replace(count=line.count))
        elif block is None or not line.is_heading:
            yield line
        elif block.name or fold.count > 1:
            yield line
            yield from _lines(inside, depth - 1, line.replace(indent=line.indent + 1))
        else:
            yield from _lines(inside, depth - 1, above)


def _below(path: str, above: str) -> str:
    """A path as seen from the block around it; nothing is left of a join's, which is the block's own."""
    return path.removeprefix(above).removeprefix(".") if above and f"{path}.".startswith(f"{above}.") else path


def _span(first: str, last: str) -> str:
    """Two names that differ in a number as one, ``layer3.1-35``."""
    if first == last:
        return first
    stem = first.rstrip("0123456789")
    number = last.removeprefix(stem)
    return f"{first}-{number}" if stem != first and last.startswith(stem) and number.isdigit() else f"{first} - {last}"
