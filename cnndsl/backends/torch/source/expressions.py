"""What a number of a network is called in the class that holds it: an expression of the class's arguments.

An expression of the language reads nearly as one of Python. What it means as Python is *tried* on every use of the class: only
what gives the right number in all of them is written. A number for which there is no expression is written out where it is the
same in all uses, and else becomes one more argument.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from typing import Any

from .naming import fresh

__all__ = ["ANY", "Environment", "Expression", "NotUniform", "is_plain", "literal", "plain", "read", "safe_name"]

_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": abs, "len": len, "max": max, "min": min, "round": round, "sum": sum}
_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Constant, ast.Name, ast.Tuple, ast.Call,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip
_CONSTANTS = {"true": True, "false": False}
_TAKEN = frozenset(("F", "OrderedDict", "nn", "self", "torch", "super", "range", "x", *_FUNCTIONS))

ANY: Any = object()
"""The number of a layer that a use of a class does not have."""

_LONGEST = 60
"""Longer expressions are harder to read than the number that they give."""


class NotUniform(Exception):
    """The uses of a class differ in a number for which it can have no argument."""


def plain(value: Any) -> Any:
    """A value as Python has it: pairs of equal numbers as the number, words as texts."""
    if isinstance(value, tuple) and value and all(type(each) is int for each in value) and len(set(value)) == 1:
        return value[0]
    return str(value) if isinstance(value, str) else value


def is_plain(value: Any) -> bool:
    """Whether a value can be written as Python: numbers, texts, and lists of them; not the name of a layer."""
    if isinstance(value, tuple | list):
        return all(map(is_plain, value))
    return type(value) in (int, float, bool, str)


def literal(value: Any) -> str:
    """A value written out."""
    if isinstance(value, tuple | list):
        inside = ", ".join(map(literal, value))
        comma = "," if len(value) == 1 and isinstance(value, tuple) else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{comma})"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f'float("{value}")' if isinstance(value, float) and value in (float("inf"), float("-inf")) else repr(value)


def safe_name(name: str) -> str:
    """A name that is free in a constructor."""
    return f"{name}_" if iskeyword(name) or name in _TAKEN else name


class Expression:
    """An expression of Python, and the names in it."""

    def __init__(self, tree: ast.expr) -> None:
        self.tree = tree
        names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        self.names = tuple(dict.fromkeys(name for name in names if name not in _FUNCTIONS))

    @property
    def code(self) -> str:
        """As ruff formats it: powers of names and numbers close together."""
        return ast.unparse(ast.fix_missing_locations(self.tree)).replace(" ** ", "**").replace("'", '"')

    def value(self, variables: Mapping[str, Any]) -> Any:
        """What it gives, or None where it gives nothing."""
        code = compile(ast.fix_missing_locations(ast.Expression(self.tree)), "<expression>", "eval")
        try:
            return plain(eval(code, {"__builtins__": {}, **_FUNCTIONS}, dict(variables)))
        except Exception:
            return None

    def filled(self, meanings: Mapping[str, str]) -> Expression | None:
        """This expression with others in place of its names; None if one has no meaning."""
        if not meanings.keys() >= set(self.names):
            return None
        replaced = _Replace({name: ast.parse(text, mode="eval").body for name, text in meanings.items()})
        return Expression(replaced.visit(ast.parse(ast.unparse(self.tree), mode="eval").body))


class _Replace(ast.NodeTransformer):
    def __init__(self, meanings: Mapping[str, ast.expr]) -> None:
        self.meanings = meanings

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.meanings.get(node.id, node)


def read(text: str) -> Expression | None:
    """An expression of the language as one of Python, if it reads as one."""
    if len(text) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings(action="error"):
            tree = ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, SyntaxWarning, DeprecationWarning, ValueError):
        return None
    if not all(isinstance(node, _ALLOWED) for node in ast.walk(tree)):
        return None
    constants = {name: ast.Constant(value) for name, value in _CONSTANTS.items()}
    return Expression(_Replace(constants).visit(tree))


class Environment:
    """The arguments of a class: what each use of it is given for them, and which its constructor needs.

    ``known`` are the variables of each use: the parameters of its block, with ``in_channels``. ``local`` are expressions that
    the block gives names to. Only with ``may_add`` are there further arguments.
    """

    def __init__(self, known: Sequence[Mapping[str, Any]], local: Mapping[str, Expression], may_add: bool) -> None:
        self.known = [{name: plain(value) for name, value in each.items() if is_plain(value)} for each in known]
        self.may_add = may_add
        self.local = {name: value for name, value in local.items() if self._define(name, value)}
        self.used: dict[str, None] = {}
        self.added: dict[str, list[Any]] = {}
        self._names = set(self.known[0]).intersection(*self.known)

    def _define(self, name: str, expression: Expression) -> bool:
        """Let each use know the value of a local name, if all of them have one."""
        values = [expression.value(each) for each in self.known]
        if name in self.known[0] or any(value is None for value in values):
            return False
        for each, value in zip(self.known, values, strict=True):
            each[name] = value
        return True

    def write(self, values: Sequence[Any], *candidates: Expression | None, name: str) -> str:
        """The code of a number that has these values in the uses of the class.

        Raises:
            NotUniform: If it differs and can be no argument.
        """
        for candidate in candidates:
            if candidate is not None and self.gives(candidate, values):
                self._use(candidate)
                return self._named(candidate)
        first = next(value for value in values if value is not ANY)
        if all(_same(value, first) for value in values):
            return literal(first)
        return self._add([first if value is ANY else value for value in values], name)

    def gives(self, expression: Expression, values: Sequence[Any]) -> bool:
        """Whether an expression has these values in the uses of the class."""
        if not expression.names or not self._names.union(self.added) >= set(expression.names):
            return False
        return all(
            _same(expression.value({**each, **self._more(index)}), value)
            for index, (each, value) in enumerate(zip(self.known, values, strict=True))
        )

    def _more(self, index: int) -> dict[str, Any]:
        return {name: values[index] for name, values in self.added.items()}

    def _use(self, expression: Expression) -> None:
        for name in expression.names:
            if name in self.local:
                self._use(self.local[name])
            self.used[name] = None

    def _add(self, values: list[Any], name: str) -> str:
        """One more argument, or one that has the same values and a name like it."""
        if not self.may_add:
            raise NotUniform(name)
        known = {
            other: found for other, found in self.added.items() if other.startswith(name) or found[0] in (True, False)
        }
        if all(each.get(name) == value for each, value in zip(self.known, values, strict=True)):
            known[name] = values
        same = next(
            (other for other, found in known.items() if list(map(repr, found)) == list(map(repr, values))), None
        )
        if same is None:
            same = fresh(name, {*self.known[0], *self.added})
            self.added[same] = values
        self.used[same] = None
        return safe_name(same)

    def _named(self, expression: Expression) -> str:
        """The code of an expression, in the names that the constructor has for its arguments."""
        changed = {name: safe_name(name) for name in expression.names}
        filled = expression if all(a == b for a, b in changed.items()) else expression.filled(changed)
        return (filled or expression).code

    def locals(self) -> list[tuple[str, str]]:
        """The local names that are used, in the order of the block, and their code."""
        return [(safe_name(name), self._named(value)) for name, value in self.local.items() if name in self.used]

    def arguments(self) -> list[str]:
        """The names of the arguments that are used, those of the block in its order first."""
        given = [name for name in self.known[0] if name in self.used and name not in self.local]
        return [*given, *self.added]

    def values(self, name: str) -> list[Any]:
        """What each use is given for an argument."""
        return self.added[name] if name in self.added else [each[name] for each in self.known]


def _same(one: Any, other: Any) -> bool:
    """Whether an expression gives a number: 2 is 2.0, and neither is true."""
    return one is ANY or other is ANY or (one == other and isinstance(one, bool) == isinstance(other, bool))
