"""The name of a value among the arguments of a layer: ``conv skip 64 3x3``, ``conv 64 3x3 from skip``."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..source import Span
from ..syntax import ast

__all__ = ["misplaced_value"]

_PREPOSITIONS = ("from", "on", "of", "with", "input", "x")


def misplaced_value(
    statement: ast.Statement, arguments: tuple[ast.Argument, ...], argument: ast.Argument, name: str
) -> tuple[Diagnostic, tuple[ast.Argument, ...]]:
    """What to say of it, with the edit that lets the layer work on this value, and the other arguments."""
    index = arguments.index(argument)
    before = arguments[index - 1] if index else None
    word = before.value.name if before is not None and isinstance(before.value, ast.Variable) else ""
    first = index - (word in _PREPOSITIONS)
    source, begin = statement.span.source, statement.span.start
    start = len(source.text[: arguments[first].span.start].rstrip(" \t"))
    removed = Edit(Span(source, start, argument.span.end), "")
    inserted = Edit(Span(source, begin, begin), f"from {name} | ")
    message = f"`{name}` is a value, and a layer works on the value before it"
    help_ = f"`from {name}` before the layer goes on from it"
    fix = Fix(f"write `from {name} |` before it", (inserted, removed), True)
    found = Diagnostic(names.WRONG_PLACE, message, Label(argument.span), help=(help_,), fixes=(fix,))
    return found, (*arguments[:first], *arguments[index + 1 :])
