"""Lints of the text alone: what it defines and does not use. A name that begins with ``_`` is unused by intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import lints
from ...source import Span
from ...syntax import ast
from .tree import names_used, statements

__all__ = ["unused_names"]

_Used = tuple[ast.Definition, Counter[str]]
"""A network or block, and how often it uses each name."""


def unused_names(file: ast.File) -> Iterator[Diagnostic]:
    """Blocks, parameters and ``let`` that nothing uses; a name that stands for two things counts as used by both."""
    networks = [(item, names_used(item)) for item in file.networks]
    blocks = [(item, names_used(item)) for item in file.blocks]
    if networks:
        yield from _unused_blocks(file, networks, blocks)
    for definition, names in (*networks, *blocks):
        yield from _unused_parameters(definition, names)
        yield from _unused_lets(definition, names)


def _unused_blocks(file: ast.File, networks: list[_Used], blocks: list[_Used]) -> Iterator[Diagnostic]:
    """Blocks that no network calls, directly or through others. A file without a network is there to be used."""
    calls = {block.name.text: names for block, names in blocks}
    reached: set[str] = set()
    waiting = [name for _, names in networks for name in names]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += calls.get(name, ())
    reached |= {
        name for block in calls.keys() - reached for name in calls[block]
    }  # the one that calls them is to blame
    for block, _ in blocks:
        name = block.name.text
        if name in reached or name.startswith("_"):
            continue
        message = f"no network of this file uses the block `{name}`"
        help_ = f"use it, remove it, or name it `_{name}`; a file of blocks for others has no network"
        yield Diagnostic(lints.UNUSED_BLOCK, message, Label(block.name.span), help=(help_,))
    for use in (item for item in file.items if isinstance(item, ast.Use)):
        yield from _unused_imports(use, reached)


def _unused_imports(use: ast.Use, used: set[str]) -> Iterator[Diagnostic]:
    unused = [name for name in use.names if name.text not in used]
    for name in unused:
        message = f"no network of this file uses the block `{name.text}`"
        place = Label(name.span, f"taken from {use.origin.span.text}")
        fixes = (_without(use, name),) if len(use.names) > 1 else ()
        yield Diagnostic(lints.UNUSED_BLOCK, message, place, help=("call it, or do not take it",), fixes=fixes)


def _without(use: ast.Use, name: ast.Name) -> Fix:
    """Take one of several names away, with the comma before it or, of the first, behind it."""
    place = use.names.index(name)
    if place:
        span = Span(name.span.source, use.names[place - 1].span.end, name.span.end)
    else:
        span = Span(name.span.source, name.span.start, use.names[1].span.start)
    return Fix(f"do not take `{name.text}`", (Edit(span, ""),), certain="#" not in span.text)


def _unused_parameters(definition: ast.Definition, used: Counter[str]) -> Iterator[Diagnostic]:
    for parameter in definition.parameters:
        name = parameter.name.text
        if used[name] or name.startswith("_"):
            continue
        message = f"{definition.keyword} `{definition.name.text}` does not use its parameter `{name}`"
        help_ = f"use it, remove it, or name it `_{name}`"
        yield Diagnostic(lints.UNUSED_PARAMETER, message, Label(parameter.name.span), help=(help_,))


def _unused_lets(definition: ast.Definition, used: Counter[str]) -> Iterator[Diagnostic]:
    for statement, _ in statements(definition):
        action = statement.action
        if not isinstance(action, ast.Let):
            continue
        own = names_used(action.value)
        for name in action.pattern.names:
            if used[name.text] > own[name.text] or name.text.startswith("_"):
                continue
            message = f"nothing uses `{name.text}`"
            help_ = f"use it, remove it, or name it `_{name.text}`"
            yield Diagnostic(lints.UNUSED_LET, message, Label(name.span), help=(help_,))
