"""A value that an attribute cannot have: what it may be, and what was meant, if that can be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import LARGEST, Attribute, Boolean, ValueProblem, Word, format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest, related
from ..ops import OPERATORS
from ..source import Span
from ..syntax import ast
from .meant_values import Meant, meant_truth, meant_value
from .unknown_attributes import removed

__all__ = ["in_wrong_order", "quoted_word", "refused", "unknown_word"]

_GLOBAL = frozenset(("global", "all", "full"))

_Remedy = tuple[tuple[str, ...], tuple[Fix, ...]]


def refused(
    word: ast.Name, name: str, info: Attribute, value: Any, argument: ast.Argument, problem: ValueProblem
) -> Diagnostic:
    """The diagnostic of a value that does not convert."""
    span = argument.value.span
    wanted = info.type.description
    if isinstance(value, int) and value > LARGEST:
        wanted = f"at most {LARGEST:,}"
    help_, fixes = _remedy(meant_value(name, info, value, span.text), argument.value)
    return Diagnostic(
        names.OUT_OF_RANGE if problem.out_of_range else names.WRONG_VALUE,
        f"`{name}` of `{word.text}` cannot be {format_value(value)}",
        Label(span, f"must be {wanted}"),
        help=help_,
        fixes=fixes,
    )


def in_wrong_order(
    word: ast.Name, by_place: tuple[ast.Argument, ...], value: Any, found: Diagnostic
) -> Diagnostic | None:
    """``conv 3x3 64`` and ``conv 64x3x3``: channels and window in the wrong order, or in one word."""
    if not isinstance(value, tuple) or not by_place or not all(type(extent) is int and extent for extent in value):
        return None
    first, *others = (argument.span for argument in by_place)
    if len(value) == 2 and not others:
        help_ = (
            f"`{first.text}` is a window: the number of channels stands before it, as in `{word.text} 64 {first.text}`"
        )
        return found.replace(help=(help_,), fixes=())
    if len(value) == 2 and len(others) == 1 and not isinstance(by_place[1].value, ast.Size):
        edits = (Edit(first, others[0].text), Edit(others[0], first.text))
        call = f"{word.text} {others[0].text} {first.text}"
        help_ = f"the number of channels stands first: `{call}`"
        return found.replace(help=(help_,), fixes=(Fix(f"write `{call}`", edits, True),))
    if len(value) != 3 or others:
        return None
    last = value[0] == value[1] != value[2]
    channels, height, width = (value[2], *value[:2]) if last else value
    written = f"{channels} {height}x{width}"
    help_ = f"the number of channels stands before the window: `{word.text} {written}`"
    return found.replace(help=(help_,), fixes=(Fix(f"write `{written}`", (Edit(first, written),)),))


def _remedy(meant: Meant | None, expression: ast.Expression) -> _Remedy:
    """The help, and the edit where the value is written here and does not come from elsewhere."""
    if meant is None:
        return (), ()
    here = _is_literal(expression) or meant.replacement.startswith("round")
    if not (here and meant.replacement):
        return (meant.help,) if here else (), ()
    edit = Edit(expression.span, meant.replacement)
    return (meant.help,), (Fix(f"write `{meant.replacement}`", (edit,), meant.certain),)


def _is_literal(expression: ast.Expression) -> bool:
    if isinstance(expression, ast.List | ast.Tuple):
        return all(map(_is_literal, expression.items))
    if isinstance(expression, ast.Binary):
        return _is_literal(expression.left) and _is_literal(expression.right)
    return isinstance(expression, ast.Number | ast.Size | ast.String | ast.Boolean | ast.Negative)


def unknown_word(
    word: ast.Name, name: str, info: Attribute, value: Word, argument: ast.Argument, variables: Mapping[str, Any]
) -> Diagnostic:
    """The diagnostic of a bare word that is none of the attribute's own and no variable."""
    span = argument.value.span
    if span.text in ("None", "null") and not info.required and argument.name is not None:
        return _nothing(name, info, argument)
    if value in OPERATORS:
        message = f"`{name}` of `{word.text}` cannot be the layer `{value}`"
        return Diagnostic(names.WRONG_VALUE, message, Label(span, f"must be {info.type.description}"))
    pooling = f"global_{word.text}"
    if value.lower() in _GLOBAL and pooling in OPERATORS:
        return _global(word, pooling, value, span)
    is_truth = isinstance(info.type, Boolean)
    words = ("true", "false") if is_truth else info.type.words
    truth = meant_truth(value) if is_truth else None
    meant = truth or nearest(value, (*variables, *words)) or related(value, variables)
    if not meant:
        from .unknown_names import unknown_name  # what is left where no word is near

        found = unknown_name(value, span, variables)
        return found if found.help else found.replace(help=(f"`{name}` is {info.type.description}",))
    certain = bool(truth) or meant == value.lower()
    return Diagnostic(
        names.UNKNOWN_NAME,
        f"nothing here is called `{value}`",
        Label(span, f"did you mean `{meant}`?" if meant else ""),
        help=(f"`{name}` is {info.type.description}",),
        fixes=(Fix(f"write `{meant}`", (Edit(span, meant),), certain),) if meant else (),
    )


def _global(word: ast.Name, pooling: str, value: str, span: Span) -> Diagnostic:
    """``avgpool global``."""
    fix = Fix(f"write `{pooling}`", (Edit(word.span.to(span), pooling),), True)
    message = f"nothing here is called `{value}`"
    help_ = (f"the pooling over all places is a layer of its own: `{pooling}`",)
    return Diagnostic(names.UNKNOWN_NAME, message, Label(span), help=help_, fixes=(fix,))


def _nothing(name: str, info: Attribute, argument: ast.Argument) -> Diagnostic:
    """``bias=None``: what is not wanted is not written."""
    message = f"`{name}` cannot be `{argument.value.span.text}`"
    help_ = "leave it out"
    if info.default is not None:
        help_ = f"without it `{name}` is {format_value(info.default)}; it can be {info.type.description}"
    fix = removed(argument, certain=info.default is None)
    return Diagnostic(names.WRONG_VALUE, message, Label(argument.value.span), help=(help_,), fixes=(fix,))


def quoted_word(name: str, value: str, span: Span) -> Diagnostic:
    """The diagnostic of ``pad="same"``."""
    return Diagnostic(
        names.WRONG_VALUE,
        f"`{value}` is a word here, not a string",
        Label(span),
        help=(f"write `{name}={value}`",),
        fixes=(Fix("remove the quotes", (Edit(span, value),), True),),
    )
