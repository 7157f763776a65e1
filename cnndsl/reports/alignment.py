"""Which layers of two networks are the same layer: the pairs from which a comparison is made."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

from ..ir import Node
from .words import operator_text

__all__ = ["align"]

Pair = tuple[int, int]


def align(before: Sequence[Node], after: Sequence[Node]) -> list[Pair]:
    """The positions of the layers that correspond, in order; a pair has the same operator.

    Layers of the same name and text are paired first, then between these those of the same text, then those of the same
    name and operator, then those of the same operator.
    """
    pairs = [(-1, -1), (len(before), len(after))]
    for left, right in zip(_keys(before), _keys(after), strict=True):
        gaps = itertools.pairwise(pairs)
        found = [pair for (i, j), (k, m) in gaps for pair in _equal(left, right, (i + 1, k), (j + 1, m))]
        pairs = sorted(pairs + found)
    return pairs[1:-1]


def _keys(nodes: Sequence[Node]) -> tuple[list[Hashable], ...]:
    """What is compared of each layer, for one round after the other; a node itself is equal to no other."""
    texts = [operator_text(node) for node in nodes]
    operators: list[Hashable] = [node.operator.name for node in nodes]
    named = [(node.path, text) if _has_name(node) else node for node, text in zip(nodes, texts, strict=True)]
    alike = [(node.path, word) if _has_name(node) else node for node, word in zip(nodes, operators, strict=True)]
    return list(named), list(texts), list(alike), operators


def _equal(left: list[Hashable], right: list[Hashable], rows: Pair, columns: Pair) -> list[Pair]:
    """The positions of equal keys within two ranges, as the longest sequences of them pair these."""
    matcher = SequenceMatcher(None, left[slice(*rows)], right[slice(*columns)], autojunk=False)
    return [
        (rows[0] + block.a + step, columns[0] + block.b + step)
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]


def _has_name(node: Node) -> bool:
    """Whether somebody named it: a number shifts with every layer that is put in before it."""
    return not node.path.rpartition(".")[2].isdecimal()
