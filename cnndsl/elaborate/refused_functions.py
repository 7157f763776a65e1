"""What helps where a function is called that there is not, or with arguments that it does not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..syntax import ast
from .functions import FUNCTIONS

__all__ = ["other_order", "unknown_function"]


def unknown_function(expression: ast.Function, variables: Mapping[str, Any]) -> Diagnostic:
    """No function of this name: a list that is indexed with parentheses, or a slip."""
    word = expression.name
    message = f"no function is called `{word.text}`"
    if isinstance(variables.get(word.text), list | tuple) and len(expression.arguments) == 1:
        written = f"{word.text}[{expression.arguments[0].span.text}]"
        fix = Fix(f"write `{written}`", (Edit(expression.span, written),), True)
        brackets = f"`{word.text}` is a list, and its elements stand in square brackets, from 0: `{written}`"
        return Diagnostic(names.UNKNOWN_NAME, message, Label(word.span), help=(brackets,), fixes=(fix,))
    from ..explain.foreign import layer_named  # with its tables, which only a mistake needs
    from ..ops import OPERATORS

    layer = layer_named(word.text, OPERATORS) if not expression.arguments else None
    if layer is not None:
        fix = Fix(f"write `{layer}`", (Edit(expression.span, layer),), True)
        bare = f"a layer is given by its bare name: `{layer}`"
        return Diagnostic(names.UNKNOWN_NAME, message, Label(word.span), help=(bare,), fixes=(fix,))
    meant = nearest(word.text, FUNCTIONS)
    label = f"did you mean `{meant}`?" if meant else ""
    help_ = () if meant else (f"there are {', '.join(FUNCTIONS)}",)
    fixes = (Fix(f"write `{meant}`", (Edit(word.span, meant),), True),) if meant else ()
    return Diagnostic(names.UNKNOWN_NAME, message, Label(word.span, label), help=help_, fixes=fixes)


def other_order(expression: ast.Function, arguments: list[Any]) -> tuple[str, ...]:
    """The call with its two arguments exchanged, if that has a value."""
    if len(arguments) != 2:
        return ()
    try:
        FUNCTIONS[expression.name.text][0](*reversed(arguments))
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return ()
    first, second = (argument.span.text for argument in expression.arguments)
    return (f"the arguments stand the other way round: `{expression.name.text}({second}, {first})`",)
