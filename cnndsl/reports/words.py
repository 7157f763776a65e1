"""How reports write operators, sizes and settings: the same words in tables and in pictures."""

from __future__ import annotations

from ..attributes import format_value
from ..diagnostics.text import sanitize
from ..ir import Block, Graph, Node
from ..ops.writing import argument_text, spelling

__all__ = [
    "UNITS",
    "block_arguments",
    "block_text",
    "format_bytes",
    "format_settings",
    "operator_arguments",
    "operator_text",
    "spelling",
    "title",
    "unit_for",
]

UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def operator_text(node: Node) -> str:
    """The operator as a spec writes it, ``conv 6 5x5 pad=2``: a call that means the same on the node's input."""
    operator = node.operator
    words = [operator.name]
    for name, text in operator_arguments(node).items():
        words.append(text if name in operator.positional else f"{spelling(operator, name)}={text}")
    return " ".join(words)


def operator_arguments(node: Node) -> dict[str, str]:
    """The written arguments by attribute: the positional ones, and of the others those that cannot be left out."""
    operator = node.operator
    return {
        name: argument_text(getattr(operator, name), positional=name in operator.positional)
        for name in (*operator.positional, *(key for key in operator.attributes() if key not in operator.positional))
        if name in operator.positional or not _can_be_left_out(node, name)
    }


def unit_for(largest: int) -> str:
    """The unit in which to write byte counts up to this one."""
    return next((unit for unit in reversed(UNITS) if largest >= UNITS[unit]), "B")


def format_bytes(count: int) -> str:
    """A byte count with its unit, ``19.47 MiB``."""
    unit = unit_for(count)
    return f"{count} B" if unit == "B" else f"{count / UNITS[unit]:,.2f} {unit}"


def format_settings(graph: Graph) -> str:
    """The settings of a network as ``--set`` takes them, ``classes=10 depth=18``."""
    return " ".join(f"{name}={sanitize(format_value(value))}" for name, value in graph.settings.items())


def title(graph: Graph) -> str:
    """The first line of the network's documentation, as far as its first semicolon, or its name."""
    lines = graph.doc.strip().splitlines()
    return sanitize(lines[0].partition(";")[0].strip() if lines else graph.name)


def block_arguments(block: Block, last: Block | None = None) -> dict[str, str]:
    """The arguments of a block by name, numbers to three digits; of blocks in a row, from the first to the last value."""
    ends = last.settings if last is not None else block.settings
    found = {}
    for name in dict.fromkeys((*block.settings, *ends)):
        texts = [_value_text(settings[name]) for settings in (block.settings, ends) if name in settings]
        found[name] = " to ".join(dict.fromkeys(texts))
    return found


def block_text(block: Block, last: Block | None = None) -> str:
    """A block with its arguments, ``bottleneck channels=64 stride=2``."""
    return " ".join([block.name, *(f"{name}={text}" for name, text in block_arguments(block, last).items())])


def _value_text(value: object) -> str:
    return sanitize(format_value(float(f"{value:.3g}") if isinstance(value, float) else value))


def _can_be_left_out(node: Node, name: str) -> bool:
    attribute = node.operator.attributes()[name]
    if attribute.required:
        return False
    return bool(node.operator.replace(**{name: attribute.default}).resolve(*node.input_types) == node.operator)
