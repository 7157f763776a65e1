"""A statement that Python's own parser can read, and the arguments of its calls in our words."""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import suppress
from functools import cached_property

from .records import UNKNOWN, Argument

__all__ = ["Statement", "parsed"]

_SIZE = re.compile(r"(?<![\w.])[0-9]+(?:x[0-9]+)+(?![\w.])")
_LABEL = re.compile(r'\s*("[^"\n]*")\s*:(?=\s*[A-Za-z_])')
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
        self.start = start
        self.label = label
        self.begin = text.index(label) if label else start
        last = self.span(node)[1]
        comma = _SEPARATOR.match(self.code, last)
        self.end = start + (comma.end() if comma else last)

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Where a part begins and ends in the code."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr) -> str:
        """A part as it is written, on one line."""
        start, end = self.span(node)
        return " ".join(self.code[start:end].split())

    def has_comment(self, node: ast.expr) -> bool:
        """Whether a comment stands inside of a part."""
        start, end = self.span(node)
        if "#" not in self.code[start:end]:
            return False
        texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
        return not any(isinstance(text, str) and "#" in text for text in texts)

    def arguments(self, call: ast.Call) -> list[Argument]:
        """The arguments of a call."""
        named = [self.argument(each.value, each.arg or "**") for each in call.keywords]
        return [self.argument(each) for each in call.args] + named

    def argument(self, node: ast.expr, name: str = "") -> Argument:
        """An argument of a call."""
        text = self.text(node)
        if isinstance(node, ast.Tuple | ast.List):
            items = [self.argument(item) for item in node.elts]
            sayable = all(item.sayable for item in items)
            return Argument(name, f"({', '.join(item.text for item in items)})", _together(items), sayable)
        if isinstance(node, ast.Constant | ast.UnaryOp):
            with suppress(ValueError):
                return _literal(name, text, ast.literal_eval(node))
        if _SIZE.fullmatch(text):
            return Argument(name, text, tuple(map(int, text.split("x"))))
        if isinstance(node, ast.JoinedStr):
            return Argument(name, text.lstrip("fF").strip("\"'"))
        sayable = all(isinstance(each, _SAYABLE) for each in ast.walk(node))
        return Argument(name, f"({text})" if sayable and not isinstance(node, ast.Name) else text, sayable=sayable)

    def _offset(self, line: int, column: int) -> int:
        """The offset of what Python counts in lines and bytes."""
        start = self._lines[line - 1]
        end = self._lines[line] if line < len(self._lines) else len(self.code)
        return start + len(self.code[start:end].encode()[:column].decode(errors="ignore"))

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.code))]


def parsed(text: str) -> Statement | None:
    """The one statement that a text is, without its contract; sizes such as 3x3 are names for Python."""
    label = _LABEL.match(text)
    start = label.end() if label else 0
    start += len(text[start:]) - len(text[start:].lstrip())
    code = _SIZE.sub(lambda found: "s" * len(found[0]), text[start:].partition("->")[0])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, such as one of "a" is 3
            body = ast.parse(code.rstrip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Statement(text, body[0], start, label[1] if label else "") if len(body) == 1 else None


def _literal(name: str, text: str, value: object) -> Argument:
    if isinstance(value, bool):
        return Argument(name, str(value).lower(), value)
    if isinstance(value, str):
        return Argument(name, value, value)
    if isinstance(value, int | float) and not _NUMBER.fullmatch(text):
        return Argument(name, repr(value), value)
    return Argument(name, text, value, sayable=isinstance(value, int | float | list | tuple | None))


def _together(items: list[Argument]) -> object:
    """The values of several, if they are all literals."""
    known = items and all(item.value is not UNKNOWN for item in items)
    return [item.value for item in items] if known else UNKNOWN
