"""What stands behind ``->`` and is no shape: a shape in another spelling, or the name that its author wants to give."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..source import Span
from ..syntax import ast
from ..syntax.slips_in_shapes import shape_diagnostic

__all__ = ["shape_meant"]

_LETTERS = re.compile(r"(?:[A-Za-z]|[0-9]+|\?)(?:x(?:[A-Z]|[0-9]+|\?))+")


def shape_meant(contract: ast.Contract, found: Diagnostic) -> Diagnostic:
    """The diagnostic of a contract whose shape has no value, told as what was meant if that is clear."""
    span = contract.shape.span
    spelt = shape_diagnostic(span)
    if spelt is not None:
        return spelt
    if found.kind is not names.UNKNOWN_NAME or found.fixes or not isinstance(contract.shape, ast.Variable):
        return found
    if _LETTERS.fullmatch(span.text):
        free = "x".join(extent if extent.isdigit() else "?" for extent in span.text.split("x"))
        fix = Fix(f"write `{free}`", (Edit(span, free),))
        return found.replace(help=(f"`?` stands for an extent that may be any: `{free}`",), fixes=(fix,))
    return _label(contract, span.text)


def _label(contract: ast.Contract, name: str) -> Diagnostic:
    """``conv 64 3x3 -> skip``: a label stands before the layer."""
    source = contract.span.source
    arrow = source.text.rindex("->", 0, contract.span.start)
    begin = arrow - len(re.split(r"[|{]|\n", source.text[:arrow])[-1].lstrip())
    end = len(source.text[:arrow].rstrip(" \t"))
    edits = (Edit(Span(source, begin, begin), f"{name}: "), Edit(Span(source, end, contract.shape.span.end), ""))
    fixes = (Fix(f"write `{name}:` before the layer", edits),) if ":" not in source.text[begin:arrow] else ()
    message = f"`->` asserts a shape, and `{name}` is none"
    help_ = f"a label before the layer names its value: `{name}: {source.text[begin:end]}`"
    return Diagnostic(names.UNKNOWN_NAME, message, Label(contract.shape.span), help=(help_,), fixes=fixes)
