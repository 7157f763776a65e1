"""Calls in our own form whose word is another tool's: ``convolutional filters=32 size=3 stride=1 pad=1 activation=leaky``.

They can be read, but no layer has these names.
"""

from __future__ import annotations

import ast as python

from ...diagnostics import Edit
from ...ops import OPERATORS
from ...record import Record
from ...syntax import ast
from ...translation.lookup import call_in_our_words, every_row
from ...translation.meaning import doubt_of_name, rows_meant
from .statement import parsed

__all__ = ["Translation", "in_our_words"]


class Translation(Record):
    """A statement of another tool in our words.

    ``line`` is what it is here, empty if that cannot be said; it is ``certain`` if it means the same. ``reasons`` say what
    does not, ``notes`` what is left out; ``edits`` put the line in place of the statement. It may be a setting of training.
    """

    name: str
    line: str
    certain: bool
    reasons: tuple[str, ...]
    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()
    is_setting: bool = False


def in_our_words(statement: ast.Statement) -> Translation | None:
    """A call in our form with the word and the attributes of another tool; None if it has none of them."""
    action = statement.action
    if not isinstance(action, ast.Call) or action.body is not None or not action.arguments:
        return None
    word, texts = action.word.text, [item.span.text for item in action.arguments if item.name]
    called = parsed(f"called({', '.join(texts)})")
    if len(texts) < len(action.arguments) or called is None or not isinstance(called.node, python.Expr):
        return None
    arguments = called.arguments(called.node.value)
    if word in OPERATORS:
        rows = tuple(row for row in every_row() if row.name == word and all(row.find(each.name) for each in arguments))
    else:
        rows = rows_meant(word)
    written = call_in_our_words(rows, arguments) if rows else None
    if written is None or not written.fits:
        return None
    doubts = [*written.doubts, doubt_of_name(word, rows) if word not in OPERATORS else ""]
    if len(written.layers) > 1 and statement.labels:
        doubts.append("an activation is a layer of its own, and the label names the first one only")
    doubts = [doubt for doubt in doubts if doubt]
    edits = (Edit(action.span, written.line),) if written.whole else ()
    return Translation(word, written.line, bool(edits) and not doubts, tuple(doubts), edits)
