"""Errors in place of what was repaired by a guess, so that nothing is said of what may not be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ...source import Source
from ...syntax import ast
from ...syntax.lexer import Token
from ...syntax.walk import walk

__all__ = ["names_in", "without_guesses"]

_Node = TypeVar("_Node", bound=ast.Syntax)
_Item = ast.Use | ast.Definition | ast.Train | ast.Error
_BEFORE_NAMES = frozenset(("LET", "AS", "BLOCK", "NETWORK", "USE"))


def without_guesses(file: ast.File, guesses: Sequence[int], words: tuple[str, ...]) -> ast.File:
    """The tree with an Error in place of each innermost statement or item in which one of these places is.

    Of what blocks to use nobody knows which are meant: it may define any of the ``words``.
    """
    if not guesses:
        return file
    return file.replace(items=tuple(_item(item, guesses, words) for item in file.items))


def _item(item: _Item, guesses: Sequence[int], words: tuple[str, ...]) -> _Item:
    if not _own(item, guesses):
        return _inside(item, guesses)
    return ast.Error(item.span, words) if isinstance(item, ast.Use) else _error(item, item)


def _statement(statement: ast.Statement, guesses: Sequence[int]) -> ast.Statement:
    if not _own(statement, guesses):
        return _inside(statement, guesses)
    contract = statement.contract
    if contract is not None and any(contract.span.start <= guess <= contract.span.end for guess in guesses):
        contract = None
    return statement.replace(action=_error(statement.action, statement), contract=contract)


def _own(node: ast.Syntax, guesses: Sequence[int]) -> bool:
    """Whether a place is in a node, and not in a body of it."""
    bodies = [body.span for body in _bodies(node)]
    return any(
        node.span.start <= guess <= node.span.end and not any(body.start < guess < body.end for body in bodies)
        for guess in guesses
    )


def _bodies(node: ast.Syntax) -> Iterable[ast.Body]:
    for value in map(node.__getattribute__, type(node).field_infos):
        if isinstance(value, ast.Body):
            yield value
        elif isinstance(value, ast.Syntax):
            yield from _bodies(value)


def _inside(node: _Node, guesses: Sequence[int]) -> _Node:
    """A node with the guesses in its bodies taken out."""
    changes: dict[str, ast.Syntax] = {}
    for name in type(node).field_infos:
        value = getattr(node, name)
        if isinstance(value, ast.Body):
            statements = tuple(_statement(statement, guesses) for statement in value.statements)
            changes[name] = value.replace(statements=statements)
        elif isinstance(value, ast.Syntax) and any(_bodies(value)):
            changes[name] = _inside(value, guesses)
    return node.replace(**changes) if changes else node


def _error(node: ast.Syntax, whole: ast.Syntax) -> ast.Error:
    names = [name.text for part in walk(node) if isinstance(part, ast.Pattern) for name in part.names]
    if isinstance(node, ast.Definition):
        names.append(node.name.text)
    return ast.Error(whole.span, tuple(names))


def names_in(source: Source, tokens: Sequence[Token], *, item: bool) -> tuple[str, ...]:
    """The names that tokens which are left out would have defined: of an item any, of a statement those that it binds."""
    names = []
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1].type if at else "", tokens[at + 1].type if at + 1 < len(tokens) else ""
        bound = item or before in _BEFORE_NAMES or after in ("EQUAL", "COLON") or tokens[0].type == "LET"
        if token.type in ("NAME", "CALLNAME") and bound:
            names.append(token.text(source))
    return tuple(dict.fromkeys(names))
