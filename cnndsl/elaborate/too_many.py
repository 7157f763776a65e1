"""A call with more arguments than have a place: what the first one too many was meant for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import Declared
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
from ..ops import OPERATORS, Operator
from ..record import Record
from ..source import Span
from ..syntax import ast

__all__ = ["too_many"]

_SHORT = {"padding": "pad"}


class _Way(Record):
    """What to do, and the edit that does it."""

    help: str
    fix: Fix | None = None


def too_many(
    declared: type[Declared],
    word: ast.Name,
    by_place: tuple[ast.Argument, ...],
    extra: ast.Argument,
    values: Mapping[str, Any],
) -> Diagnostic:
    """What is wrong with ``extra``, the first of the arguments ``by_place`` that has no place; ``values`` were read."""
    positional = declared.positional
    counted = {0: "no positional arguments", 1: "one positional argument"}
    takes = counted.get(len(positional), f"{len(positional)} positional arguments")
    message = f"`{word.text}` takes {takes if declared.attributes() else 'no arguments'}, and this is one more"
    way = (
        _next_layer(declared, extra)
        or _with_inputs(declared, word, by_place, extra, values)
        or _without_arguments(declared, word, by_place)
        or _by_name(declared, word, by_place, values)
    )
    help_ = (way.help,) if way else _general(declared, extra)
    fixes = (way.fix,) if way and way.fix else ()
    return Diagnostic(names.TOO_MANY_ARGUMENTS, message, Label(extra.span, "too many"), help=help_, fixes=fixes)


def _general(declared: type[Declared], extra: ast.Argument) -> tuple[str, ...]:
    positional = declared.positional
    what = "the positional one is" if len(positional) == 1 else "the positional ones are"
    help_ = [f"{what} {one_of([f'`{name}`' for name in positional], 'and')}"] if positional else []
    named = next((name for name in declared.attributes() if name not in positional), None)
    if named is not None:
        value = extra.span.text if isinstance(extra.value, ast.Number) else "..."
        help_.append(f"name the others, as in `{named}={value}`")
    return tuple(help_)


def _next_layer(declared: type[Declared], extra: ast.Argument) -> _Way | None:
    """``conv 64 3x3 relu``."""
    name = extra.value.name if isinstance(extra.value, ast.Variable) else ""
    if name not in OPERATORS or not issubclass(declared, Operator):
        return None
    fix = Fix("put a `|` between the layers", (Edit(extra.span, f"| {name}"),), True)
    return _Way(f"`{name}` is the next layer: put it on a line of its own, or behind a `|`", fix)


def _without_arguments(declared: type[Declared], word: ast.Name, by_place: tuple[ast.Argument, ...]) -> _Way | None:
    """``bn 64``, which knows its channels, and ``relu 6``, which is another layer."""
    if not issubclass(declared, Operator) or declared.positional:
        return None
    whole = Span(word.span.source, word.span.start, by_place[-1].span.end)
    joined = f"{word.text}{by_place[0].span.text}"
    if joined in OPERATORS and len(by_place) == 1:
        return _Way(f"write `{joined}`", Fix(f"write `{joined}`", (Edit(whole, joined),), True))
    help_ = f"it knows from the value before what it needs: write `{word.text}`"
    plain = all(isinstance(each.value, ast.Number) for each in by_place)
    certain = plain and "axis" not in declared.attributes()
    alone = whole.text.split() == [word.text, *(each.span.text for each in by_place)]
    return _Way(help_, Fix(f"write `{word.text}`", (Edit(whole, word.text),), certain) if alone else None)


def _with_inputs(
    declared: type[Declared],
    word: ast.Name,
    by_place: tuple[ast.Argument, ...],
    extra: ast.Argument,
    values: Mapping[str, Any],
) -> _Way | None:
    """The channels or features of the input stand first, as in PyTorch: ``conv 3 64 3x3``, ``dense 400 120``."""
    positional = declared.positional
    if len(by_place) != len(positional) + 1 or not positional or not positional[0].startswith("out_"):
        return None
    kernel = values.get("kernel_size")
    if len(positional) == 1:
        begins = _is_extent(extra.value)
    elif isinstance(by_place[1].value, ast.Size):
        begins = False  # the window has its place: what follows is a stride
    else:
        smaller = isinstance(extra.value, ast.Number) and isinstance(kernel, tuple) and extra.value.value < kernel[0]
        begins = smaller or isinstance(extra.value, ast.Size)
    if not begins:
        return None
    what = positional[0].replace("out", "in", 1)
    call = " ".join((word.text, *(each.span.text for each in by_place[1:])))
    edit = Edit(Span(word.span.source, by_place[0].span.start, by_place[1].span.start), "")
    fix = Fix(f"write `{call}`", (edit,), isinstance(extra.value, ast.Size))
    return _Way(f"`{what}` is known from the value before: write `{call}`", fix)


def _by_name(
    declared: type[Declared], word: ast.Name, by_place: tuple[ast.Argument, ...], values: Mapping[str, Any]
) -> _Way | None:
    """``conv 64 3 2 1``: stride and padding by place, in the order that other frameworks have too."""
    extras = by_place[len(declared.positional) :]
    free = [name for name in declared.attributes() if name not in declared.positional and name not in values]
    if len(extras) > len(free) or not all(isinstance(each.value, ast.Number | ast.Size) for each in extras):
        return None
    named = [f"{_SHORT.get(name, name)}={each.span.text}" for name, each in zip(free, extras, strict=False)]
    edits = tuple(Edit(each.span, text) for each, text in zip(extras, named, strict=True))
    text = " ".join(named)
    if not declared.positional:
        return _Way(f"write `{text}`", Fix(f"write `{text}`", edits))
    listed = one_of([f"`{name}`" for name in declared.positional], "and")
    return _Way(f"only {listed} may go without a name: write `{text}`", Fix(f"write `{text}`", edits))


def _is_extent(value: ast.Expression) -> bool:
    return isinstance(value, ast.Number) and isinstance(value.value, int)
