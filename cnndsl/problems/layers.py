"""The words that statements begin with, and the labels before them."""

from __future__ import annotations

from typing import Any

from ..diagnostics.kinds import names
from .base import OfCall, Problem, Twice

__all__ = ["BadLabel", "EmptyHole", "HasNo", "LabelTwice", "NotALayer", "NumberLabel", "SecondLabel", "UnknownLayer"]


class UnknownLayer(OfCall):
    """A statement begins with a word that no layer, block or structure has."""

    kind = names.UNKNOWN_LAYER
    says = "no layer is called `{action.word.text}`"


class NotALayer(OfCall):
    """A statement begins with a variable that holds something else than a layer or a block."""

    kind = names.UNKNOWN_LAYER
    says = "`{action.word.text}` is {value:value} here, not a layer"
    value: Any


class HasNo(Problem):
    """A label or a contract at a statement that can have none."""

    kind = names.WRONG_POSITION
    says = "`{word}` has no {part}"
    word: str
    part: str


class SecondLabel(Problem):
    """Several labels at something else than a ``split``."""

    kind = names.WRONG_POSITION
    says = "only a `split` has several outputs to name"


class LabelTwice(Twice):
    """Two layers of one scope have one label."""

    kind = names.DUPLICATE_NAME
    says = "`{name}` names two layers of one scope"
    advice = ("rename one of them, or put a label before the braces around them: it makes a scope",)
    name: str


class NumberLabel(Problem):
    """A label that is a number."""

    kind = names.DUPLICATE_NAME
    says = "`{name}` cannot be a label: layers without one are called by their number"
    advice = ("add a letter",)
    name: str


class BadLabel(Problem):
    """A label that is empty, or has something else than letters, digits, ``_`` and ``-``."""

    kind = names.WRONG_VALUE
    says = "`{name}` cannot be a label, which has letters, digits, `_` and `-`"
    name: str


class EmptyHole(Problem):
    """A label with ``{}`` in it."""

    kind = names.WRONG_VALUE
    says = "the braces of this label are empty"
    advice = ("write an expression in them, as in `{{i + 1}}`",)
