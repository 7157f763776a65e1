"""The texts in a box: what a layer or a block is called, its arguments, and its formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from ...diagnostics.text import sanitize
from ...ir import Node
from ..outline import Fold
from ..words import block_arguments, operator_arguments, operator_text, spelling
from .model import Strip
from .palette import kind_of
from .structure import FOLDED, Leaf

__all__ = ["block_details", "block_heading", "details", "formulas", "heading", "strip"]

_MOST_NAMED = 4
_UNNAMED = (*FOLDED, "reshape")


def strip(node: Node) -> Strip:
    """The strip of a layer that is folded into a box."""
    return Strip(kind_of(type(node.operator)), sanitize(operator_text(node)), node.path, node.span)


def heading(node: Node) -> str:
    """``conv 6 5x5``: the operator and its positional arguments."""
    arguments = operator_arguments(node)
    return sanitize(" ".join([node.operator.name, *(arguments[name] for name in node.operator.positional)]))


def details(node: Node) -> tuple[str, ...]:
    """``stride 2``, ``pad 1``, ``no bias``: the other arguments; the stride of a window even where it need not be written."""
    operator = node.operator
    arguments = {name: text for name, text in operator_arguments(node).items() if name not in operator.positional}
    window = operator.window()
    if window is not None:
        stride = window.stride
        arguments = {"stride": str(stride[0]) if len(set(stride)) == 1 else "x".join(map(str, stride)), **arguments}
    return tuple(_detail(spelling(operator, name), text) for name, text in arguments.items())


def _detail(name: str, text: str) -> str:
    if text == "true":
        return name
    return "no bias" if (name, text) == ("bias", "false") else f"{name} {text}"


def block_heading(leaf: Leaf) -> str:
    """The name of a block, as a spec calls it; of braces, that of their own."""
    block = leaf.part.block
    assert block is not None, "sequences are always open"
    return block.name or block.path.rpartition(".")[2]


def block_details(leaf: Leaf) -> tuple[str, ...]:
    """The arguments of a block; of braces, what is in them."""
    block = leaf.part.block
    assert block is not None, "sequences are always open"
    if not block.name:
        return _contents(leaf)
    arguments = block_arguments(block, leaf.last.block).items()
    return tuple(f"{name}={text}" for name, text in arguments) or _contents(leaf)


def _contents(leaf: Leaf) -> tuple[str, ...]:
    """What is in a block, as people would name it: of many parts the first, and no layers that are folded into others."""
    counts = [
        (name, sum(count for _, count in group)) for name, group in groupby(_named(leaf.part.folds), itemgetter(0))
    ]
    if len(counts) > _MOST_NAMED:
        totals: Counter[str] = Counter()
        for name, count in counts:
            totals[name] += count
        counts = list(totals.items())
    found = [f"{name} x{count}" if count > 1 else name for name, count in counts]
    return tuple(found[:_MOST_NAMED]) + (("...",) if len(found) > _MOST_NAMED else ())


def _named(folds: Iterable[Fold]) -> Iterator[tuple[str, int]]:
    """Layers and named blocks, each with how many of it are in a row."""
    for fold in folds:
        node, block = fold.first.node, fold.first.block
        if block is not None and block.name:
            yield sanitize(block.name), fold.count
        elif node is None:
            yield from _named(fold.first.folds)
        elif kind_of(type(node.operator)) not in _UNNAMED and node.operator.name != "identity":
            yield _short(node), fold.count


def _short(node: Node) -> str:
    """A layer by its operator and window, ``conv 3x3``."""
    window = operator_arguments(node).get("kernel_size", "")
    groups = getattr(node.operator, "groups", 1)
    name = "depthwise" if 1 < groups == node.input.type.shape[0] else node.operator.name
    return sanitize(f"{name} {window}".strip())


def formulas(node: Node) -> tuple[str, ...]:
    """How the shape, the parameters and the multiply-accumulates of a layer come about."""
    operator = node.operator
    parameters = operator.parameter_formula(*node.input_types)
    macs = operator.mac_formula(*node.input_types, node.output.type)
    return (
        *operator.formulas(*node.input_types),
        *([f"parameters {parameters} = {node.parameter_count:,}"] if parameters else []),
        *([f"MACs {macs} = {node.macs:,}"] if macs else []),
    )
