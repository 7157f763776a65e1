"""Labels with holes: ``"denselayer{i + 1}"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Diagnostics
from ..diagnostics.kinds import names
from ..source import Span
from ..syntax import ast, parse_expression
from .expressions import EvaluationError, evaluate, fail

__all__ = ["label_text"]

_HOLE = re.compile(r"\{([^{}]*)\}")


def label_text(label: ast.Label, variables: Mapping[str, Any], diagnostics: Diagnostics) -> str:
    """The text of a label with its holes filled.

    Raises:
        EvaluationError: If a hole has no value, or one that is no part of a name.
    """
    if not label.quoted or not {"{", "}"} & set(label.text):
        return label.text
    start = label.span.start + 1
    parts: list[str] = []
    done = 0
    for hole in _HOLE.finditer(label.text):
        span = Span(label.span.source, start + hole.start(1), start + hole.end(1))
        parts += (label.text[done : hole.start()], _filled(span, variables, diagnostics))
        done = hole.end()
    return "".join((*parts, label.text[done:]))


def _around(hole: Span) -> Span:
    return Span(hole.source, hole.start - 1, hole.end + 1)


@lru_cache(maxsize=64)
def _parse(span: Span) -> tuple[ast.Expression | None, tuple[Diagnostic, ...]]:
    """What stands in a hole; remembered, because a label in a loop is filled in every round."""
    own = Diagnostics()
    return parse_expression(span, own), own.sorted()


def _parsed(span: Span, diagnostics: Diagnostics) -> ast.Expression:
    expression, mistakes = _parse(span)
    for mistake in mistakes:
        diagnostics.report(mistake)
    if expression is None:
        raise EvaluationError(None)
    return expression


def _filled(span: Span, variables: Mapping[str, Any], diagnostics: Diagnostics) -> str:
    if not span.text.strip():
        raise fail(names.WRONG_VALUE, "this hole is empty", _around(span), "write an expression in it, as in `{i + 1}`")
    expression = _parsed(span, diagnostics)
    value = evaluate(expression, variables)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise fail(names.WRONG_VALUE, f"expected a whole number or a word, found {format_value(value)}", span)
    return str(value)
