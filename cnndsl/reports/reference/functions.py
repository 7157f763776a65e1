"""The page of the functions and operators of expressions; its examples are computed, not written."""

from __future__ import annotations

from ...attributes import format_value
from ...diagnostics import Diagnostics
from ...elaborate import parse_setting
from ...elaborate.budget import MAX_LIST
from ...elaborate.functions import FUNCTIONS
from .markdown import code, head, table

__all__ = ["EXAMPLES", "render_functions"]

EXAMPLES = {
    "max": "max(3, 5)",
    "min": "min([4, 2, 8])",
    "round": "round(2.5)",
    "floor": "floor(2.9)",
    "ceil": "ceil(2.1)",
    "log": "log(8) / log(2)",
    "sqrt": "sqrt(16)",
    "abs": "abs(-3)",
    "sum": "sum([2, 2, 2])",
    "len": "len([3, 4, 6, 3])",
    "range": "range(1, 4)",
    "unique": "unique([2, 1, 2])",
    "count": "count([2, 1, 2], 2)",
    "make_divisible": "make_divisible(37, 8)",
}

_OPERATORS = (
    ("+ - * /", "arithmetic; `/` gives a number with a point", "7 / 2"),
    ("//", "the quotient, rounded down", "7 // 2"),
    ("%", "the remainder", "7 % 2"),
    ("**", "the power", "2**5"),
    ("+", "joins lists and strings", "[1, 2] + [3]"),
    ("== != < <= > >=", "comparisons, true or false", "3 < 5"),
    ("and or not", "of true and false", "not (3 < 5)"),
    ("if else", "one of two values", "16 if 3 < 5 else 32"),
    ("[x for x in xs]", "a list made of another", "[2*n for n in [8, 16]]"),
)


def render_functions() -> str:
    """The page."""
    lines = head(
        "Expressions",
        "A full expression can follow `let`, `repeat`, `in`, `if`, `expect` and in the defaults of parameters. Among "
        "arguments it is in parentheses, `conv (2*n) 3x3`, but for a function: `conv max(8, n) 3x3`.",
        "A list is read by `xs[i]`, counted from 0, and `xs[i:j]`. A size such as `3x5` is a tuple of whole numbers, and "
        f"`(h, w)` computes one. Lists have at most {MAX_LIST:,} elements, and whole numbers end at 2^62.",
    )
    lines += ["## Functions", ""]
    rows = ((code(name), doc, _example(EXAMPLES[name])) for name, (_, doc) in FUNCTIONS.items())
    lines += table(("function", "gives", "for example"), rows)
    lines += ["## Operators", ""]
    rows = ((code(words), doc, _example(text)) for words, doc, text in _OPERATORS)
    lines += table(("operator", "gives", "for example"), rows)
    return "\n".join(lines).rstrip() + "\n"


def _example(text: str) -> str:
    diagnostics = Diagnostics()
    value = parse_setting(text, diagnostics)
    assert not diagnostics.has_errors, text
    return f"{code(text)} is {code(format_value(value))}"
