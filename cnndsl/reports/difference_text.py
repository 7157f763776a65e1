"""What changed between two networks as a table: a line with - for the first network, one with + for the second."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import groupby

from ..analysis.cost import LayerCost, NetworkCost
from ..diagnostics.text import sanitize
from ..record import Record
from .difference import Change, Difference, layer_name
from .table import Column, render_table
from .words import format_settings, operator_text

__all__ = ["render_difference"]

_LONGEST = 16
_Row = tuple[str, ...]
_TOGETHER = ("affected", "renamed", "same")
"""Layers of these kinds in a row are told in one line, unless everything is asked for."""


class _Entry(Record):
    """Layers in a row of which one thing is told, and how many times in a row that is so."""

    kind: str
    changes: tuple[Change, ...]
    content: Hashable


def render_difference(found: Difference, names: tuple[str, str], width: int, *, full: bool = False) -> str:
    """The table, at most so wide; ``full`` gives each layer that is not the same a line of its own."""
    lines = [*_heads(found, names), ""]
    if found.is_equal:
        return "\n".join([*lines, f"the networks are equal: {_count(len(found.layers))}"]) + "\n"
    rows = [row for entries, count in _repeats(list(_entries(found, full))) for row in _rows(entries, count)]
    totals = [_total("-", found.before), _total("+", found.after)]
    lines += render_table(_COLUMNS, [[*_input_rows(found), *rows], totals], width)
    return "\n".join([*lines, "", *_footer(found)]) + "\n"


_COLUMNS = (
    Column(("", "")),
    Column(("", "layer"), least=14, cut="start"),
    Column(("", "operator"), least=20),
    Column(("", "output")),
    Column(("", "parameters"), right=True),
    Column(("", "MACs"), right=True),
)


def _heads(found: Difference, names: tuple[str, str]) -> Iterator[str]:
    for mark, cost, name in zip("-+", (found.before, found.after), names, strict=True):
        yield f"{mark} {sanitize(name)}: {sanitize(cost.graph.name)} {format_settings(cost.graph)}".rstrip()


def _entries(found: Difference, full: bool) -> Iterator[_Entry]:
    for kind, group in groupby(found.layers, key=lambda change: change.kind):
        changes = tuple(group)
        together = kind == "same" or (kind in _TOGETHER and not full)
        for part in (changes,) if together else ((change,) for change in changes):
            yield _Entry(kind, part, _content(kind, part))


def _content(kind: str, changes: tuple[Change, ...]) -> Hashable:
    """What a line says besides names."""
    if kind == "same":
        return kind, len(changes)
    sides = (side for change in changes for side in (change.before, change.after))
    return kind, tuple(side and (operator_text(side.node), side.output, side.parameters, side.macs) for side in sides)


def _repeats(entries: list[_Entry]) -> Iterator[tuple[list[_Entry], int]]:
    """The entries in sequences, with how many times in a row each is there."""
    place = 0
    while place < len(entries):
        length, count = _repeat(entries, place)
        yield entries[place : place + length], count
        place += length * count


def _repeat(entries: list[_Entry], start: int) -> tuple[int, int]:
    """The length of the shortest sequence that repeats from here on, and how many times it is there; else 1 and 1."""
    contents = [entry.content for entry in entries[start:]]
    for length in range(1, min(_LONGEST, len(contents) // 2) + 1):
        count = 1
        while contents[count * length : (count + 1) * length] == contents[:length]:
            count += 1
        if count > 1:
            return length, count
    return 1, 1


def _input_rows(found: Difference) -> Iterator[_Row]:
    old, new = (str(cost.graph.input.type) for cost in (found.before, found.after))
    if old != new:
        yield from (("-", "input", "", old, "", ""), ("+", "input", "", new, "", ""))


def _rows(entries: list[_Entry], count: int) -> Iterator[_Row]:
    rows = [row for entry in entries for row in _entry_rows(entry)]
    yield from rows
    if count > 1:
        lines = "the line" if len(rows) == 1 else f"the {len(rows)} lines"
        more = "once more" if count == 2 else f"{count - 1} more times"
        yield ("", f"... {lines} above {more}, with other names")


def _entry_rows(entry: _Entry) -> Iterator[_Row]:
    if entry.kind == "same":
        yield ("", f"{_count(len(entry.changes))} the same")
        return
    before = tuple(change.before for change in entry.changes if change.before is not None)
    after = tuple(change.after for change in entry.changes if change.after is not None)
    if before:
        yield _row("-", before)
    if after:
        yield _row("+", after)
    if any(change.is_rewired for change in entry.changes):
        yield ("", "reads other layers than before")


def _row(mark: str, layers: tuple[LayerCost, ...]) -> _Row:
    first, last = layers[0], layers[-1]
    names = layer_name(first) if len(layers) == 1 else f"{layer_name(first)} to {layer_name(last)}"
    return (
        mark,
        sanitize(names),
        sanitize(operator_text(first.node)) if len(layers) == 1 else _count(len(layers)),
        str(last.output),
        _number(sum(layer.parameters for layer in layers)),
        _number(sum(layer.macs for layer in layers)),
    )


def _total(mark: str, cost: NetworkCost) -> _Row:
    return (mark, "total", "", str(cost.graph.output.type), f"{cost.parameters:,}", f"{cost.macs:,}")


def _footer(found: Difference) -> Iterator[str]:
    kinds = [change.kind for change in found.changes]
    counts = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    yield f"layers      {', '.join(counts) or 'all the same'}"
    yield f"parameters  {_growth(found.before.parameters, found.after.parameters)}"
    yield f"MACs        {_growth(found.before.macs, found.after.macs)}"
    fitting, all_ = found.fitting_tensors()
    yield f"weights     {fitting:,} of {all_:,} tensors have the same name and shape in both"


def _growth(before: int, after: int) -> str:
    if before == after:
        return f"{before:,} in both"
    share = f", {100 * (after - before) / before:+.1f} %" if before else ""
    return f"{before:,} -> {after:,} ({after - before:+,}{share})"


def _count(layers: int) -> str:
    return f"{layers:,} layer{'' if layers == 1 else 's'}"


def _number(count: int) -> str:
    return f"{count:,}" if count else ""
