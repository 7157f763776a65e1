"""A statement that Python's own parser can read, and the arguments of its calls in our words."""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import suppress

from ...translation.records import UNKNOWN, Argument

__all__ = ["Statement", "parsed"]

_SIZE = re.compile(r"(?<![\w.])[0-9]+(?:x[0-9]+)+(?![\w.])")
_LABEL = re.compile(r'\s*(?:("[^"\n]*")\s*:\s*(?=[A-Za-z_]))?')
_SEPARATOR = re.compile(r"\s*[,;]")
_NUMBER = re.compile(r"-?(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SAYABLE = (
    *(ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.BoolOp, ast.Subscript),
    *(ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context),
)


class Statement:
    """The tree of ``code``, which begins at ``start`` of a text; with label and comma it goes from ``begin`` to ``end``."""

    def __init__(self, text: str, node: ast.stmt, start: int, label: str) -> None:
        self.code = text[start:]
        self.node = node
        self.label = label
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.code))]
        self.begin = text.index(label) if label else start
        last = self.span(node)[1]
        comma = _SEPARATOR.match(self.code, last)
        self.end = start + (comma.end() if comma else last)

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Where a part begins and ends in the code."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr) -> str:
        """A part as it is written, on one line."""
        start, end = self.span(node)
        return " ".join(self.code[start:end].split())

    def arguments(self, call: ast.expr) -> list[Argument]:
        """The arguments of a call."""
        assert isinstance(call, ast.Call)
        named = [self.argument(each.value, each.arg or "**") for each in call.keywords]
        return [self.argument(each) for each in call.args] + named

    def argument(self, node: ast.expr, name: str = "") -> Argument:
        """An argument of a call."""
        text = self.text(node)
        if isinstance(node, ast.Tuple | ast.List):
            items = [self.argument(item) for item in node.elts]
            known = items and all(item.value is not UNKNOWN for item in items)
            sayable, values = all(item.sayable for item in items), [item.value for item in items]
            return Argument(name, f"({', '.join(item.text for item in items)})", values if known else UNKNOWN, sayable)
        if isinstance(node, ast.Constant | ast.UnaryOp):
            with suppress(ValueError):
                return _literal(name, text, ast.literal_eval(node))
        if _SIZE.fullmatch(text):
            return Argument(name, text, tuple(map(int, text.split("x"))))
        sayable = all(isinstance(each, _SAYABLE) for each in ast.walk(node))
        return Argument(name, f"({text})" if sayable and not isinstance(node, ast.Name) else text, sayable=sayable)


def parsed(text: str) -> Statement | None:
    """The one statement that a text is, without its contract; sizes such as 3x3 are names for Python."""
    found = _LABEL.match(text)
    assert found is not None
    code = _SIZE.sub(lambda size: "s" * len(size[0]), text[found.end() :].partition("->")[0])
    code = re.sub(r"[^\x00-\x7f]", "$", re.sub(r"[\r\f]", " ", code))  # a character is a byte, and a line ends in \n
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, such as one of "a" is 3
            body = ast.parse(code.rstrip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Statement(text, body[0], found.end(), found[1] or "") if len(body) == 1 else None


def _literal(name: str, text: str, value: object) -> Argument:
    if isinstance(value, bool):
        return Argument(name, str(value).lower(), value)
    if isinstance(value, str):
        return Argument(name, text.strip("'\""), value)
    if isinstance(value, int | float) and not _NUMBER.fullmatch(text):
        return Argument(name, repr(value), value)
    return Argument(name, text, value, sayable=isinstance(value, int | float | list | tuple | None))
