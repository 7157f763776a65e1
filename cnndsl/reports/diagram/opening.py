"""Which blocks a picture opens: so many levels of them, and those that are asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import files
from ...diagnostics.suggest import nearest
from ...ir import Graph, Node
from ...record import Record
from ..lines import nesting
from ..outline import Fold, Part, outline
from .labels import short_name
from .structure import Structure

__all__ = ["MOST_BOXES", "Opened", "open_blocks"]

MOST_BOXES = 40
"""As many boxes people take in at once; input and output are among them."""

_ENDS = 2
_MOST_LISTED = 5

Choices = dict[Part, bool]
"""The blocks that must be open or collapsed."""


class Opened(Record):
    """A structure, and how many levels of blocks are open in it of those that there are; ``folds`` is what it was built of."""

    structure: Structure
    depth: int
    deepest: int
    folds: tuple[Fold, ...] = ()

    def opened(self) -> Structure:
        """The same with every block open; one that was collapsed keeps a frame, by which it can be collapsed again."""
        shut = frozenset(leaf.part for leaf in self.structure.leaves if leaf.part.node is None)
        return Structure(self.structure.graph, self.folds, lambda part, level: True, framed=shut)


def open_blocks(
    graph: Graph,
    depth: int | None,
    expand: Iterable[str],
    collapse: Iterable[str],
    most: int = MOST_BOXES,
    marks: Mapping[Node, str] | None = None,
) -> Opened:
    """The structure with ``depth - 1`` levels of blocks open, by default as many as give at most so many boxes.

    ``expand`` and ``collapse`` name blocks by path (``layer1.0``), by name (``bottleneck``) or by the label that a picture
    shows (``denseblock1``). A path is more exact than a name; where that does not decide, the block is shut. What is around
    an expanded block is open too. Layers with different ``marks`` do not stand for each other.

    Raises:
        DiagnosticError: E0011 if no block has one of the names.
    """
    wanted = dict.fromkeys(expand, True) | dict.fromkeys(collapse, False)
    best = None
    for is_long in (False, True):
        folds = outline(graph, sequences=is_long, marks=marks)
        choices = _choices(folds, wanted) if wanted else {}
        found = _at_depth(graph, folds, depth, choices, most)
        if len(found.structure.leaves) + _ENDS <= most:
            return found
        best = best if best and _size(best) <= _size(found) else found
    assert best is not None
    return best


def _size(opened: Opened) -> int:
    return len(opened.structure.leaves)


def _at_depth(graph: Graph, folds: tuple[Fold, ...], depth: int | None, choices: Choices, most: int) -> Opened:
    """At this depth; or at the largest that gives few enough boxes and no half-open block; which may be 1."""
    deepest = nesting(folds)
    for tried in (depth,) if depth else range(deepest, 0, -1):
        structure = Structure(graph, folds, _Openness(tried, choices))
        is_good = len(structure.leaves) + _ENDS <= most and not _is_half_open(structure)
        if depth or tried == 1 or is_good:
            return Opened(structure, min(tried, deepest), deepest, folds)
    raise AssertionError("depth 1 is taken")


def _is_half_open(structure: Structure) -> bool:
    """Whether braces in an open block are collapsed: their names, such as ``f``, say nothing about the block."""
    blocks = (leaf.part.block for leaf in structure.leaves if leaf.part.block is not None)
    return any(not block.name and any(around.name for around in block.chain[:-1]) for block in blocks)


class _Openness:
    """Whether a block is open."""

    def __init__(self, depth: int, choices: Choices) -> None:
        self.depth = depth
        self.choices = choices

    def __call__(self, part: Part, level: int) -> bool:
        return self.choices.get(part, level + 1 < self.depth)


def _choices(folds: tuple[Fold, ...], wanted: dict[str, bool]) -> Choices:
    """What the names say of each block; equal blocks in a row are opened or collapsed together."""
    chosen: Choices = {}
    around: set[Part] = set()
    known: dict[str, None] = {}
    by_path: dict[Part, bool] = {}
    for part, first, outer in _blocks(folds, folds, ()):
        block = part.block
        assert block is not None
        names = (block.path, block.name, short_name(block.path))
        known.update(dict.fromkeys(filter(None, names)))
        asked = next((name for name in names if name in wanted), None)
        if asked is None:
            continue
        if asked == block.path:
            by_path[first] = by_path.get(first, True) and wanted[asked]
        else:
            chosen[first] = wanted[asked]
        if wanted[asked]:
            around.update(outer)
    for name in wanted:
        if name not in known:
            raise DiagnosticError(_unknown(name, list(known)))
    return {**dict.fromkeys(around, True), **chosen, **by_path}


def _blocks(
    folds: tuple[Fold, ...], firsts: tuple[Fold, ...], outer: tuple[Part, ...]
) -> Iterator[tuple[Part, Part, tuple[Part, ...]]]:
    """Every block, the one that is drawn for it, and those drawn around that."""
    for fold, first in zip(folds, firsts, strict=True):
        for copy in fold.copies:
            if copy.block is not None:
                yield copy, first.first, outer
            yield from _blocks(copy.folds, first.first.folds, (*outer, first.first))


def _unknown(name: str, known: list[str]) -> Diagnostic:
    meant = nearest(name, known)
    if meant:
        help_ = f"did you mean `{meant}`?"
    elif known:
        listed = ", ".join(f"`{each}`" for each in known[:_MOST_LISTED])
        more = f" and {len(known) - _MOST_LISTED} more" if len(known) > _MOST_LISTED else ""
        help_ = f"its blocks are {listed}{more}"
    else:
        help_ = "this network has no blocks: every layer is shown"
    return Diagnostic(files.UNKNOWN_BLOCK, f"no block is called `{name}`", help=(help_,))
