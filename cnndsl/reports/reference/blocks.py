"""The page of the blocks that ``use ... from std`` gives."""

from __future__ import annotations

from functools import cache

from ...reading import read_used
from ...source import Source
from ...syntax import ast, parse
from .markdown import code, head

__all__ = ["block_doc", "render_block", "render_blocks", "std_blocks"]


@cache
def std_blocks() -> dict[str, ast.Definition]:
    """The blocks of ``std`` by name, in the order of its file."""
    return {block.name.text: block for block in parse(read_used(Source("std", ""), "std")).blocks}


def block_doc(block: ast.Definition) -> str:
    """What a block is, in one paragraph."""
    return " ".join(block.doc.split())


def render_blocks() -> str:
    """The page."""
    lines = head(
        "Blocks of std",
        "Blocks that many networks share ship with cnndsl. Name those that you need at the top of a spec, then use them as "
        "layers:",
        "```cnn\nuse bottleneck from std\n\nnetwork Net {\n    input 64x56x56\n    bottleneck 64\n}\n```",
    )
    return "\n".join([*lines, *map(render_block, std_blocks())])


def render_block(name: str) -> str:
    """The section of one block: what it is, and its source."""
    block = std_blocks()[name]
    source = block.span.source.text[block.span.start : block.span.end]
    use = f"Write {code(f'use {name} from std')} at the top of a spec."
    return "\n".join([f"## {name}", "", f"{block_doc(block)}.", "", use, "", "```cnn", source.strip(), "```", ""])
