"""Errors in place of what was repaired by a guess, so that nothing is said of what may not be there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from ...source import Source
from ...syntax import ast
from ...syntax.lexer import Token
from ...syntax.walk import walk

__all__ = ["names_in", "without_guesses"]

_BEFORE_NAMES = frozenset(("LET", "AS", "BLOCK", "NETWORK", "USE"))


def without_guesses(file: ast.File, guesses: Sequence[int], words: tuple[str, ...]) -> ast.File:
    """The tree with an Error in place of each innermost statement or item in which one of these places is.

    Of what blocks to use nobody knows which are meant: it may define any of the ``words``.
    """
    owners = _owners(file, sorted(guesses)) if guesses else ()
    changed = {id(node): _unknown(node, guesses, words) for node in owners if not isinstance(node, ast.Body)}
    if not changed:
        return file
    for node in reversed(list(walk(file))):  # without recursion: `else if` nests as deep as it likes
        if id(node) not in changed:
            fields = {name: _changed(getattr(node, name), changed) for name in type(node).field_infos}
            if any(value is not getattr(node, name) for name, value in fields.items()):
                changed[id(node)] = node.replace(**fields)
    without = changed[id(file)]
    assert isinstance(without, ast.File)
    return without


def _owners(file: ast.File, guesses: list[int]) -> Iterable[ast.Syntax]:
    """The innermost statement, item or body that each place is in."""
    found: dict[int, ast.Syntax] = {}
    for node in walk(file):
        if isinstance(node, ast.Statement | ast.Use | ast.Definition | ast.Train | ast.Body):
            is_body = isinstance(node, ast.Body)
            begin = bisect_left(guesses, node.span.start + is_body)
            end = bisect_right(guesses, node.span.end - is_body)
            found.update(dict.fromkeys(guesses[begin:end], node))
    return found.values()


def _changed(value: object, changed: dict[int, ast.Syntax]) -> object:
    if not isinstance(value, tuple):
        return changed.get(id(value), value)
    items = tuple(changed.get(id(item), item) for item in value)
    return items if any(new is not old for new, old in zip(items, value, strict=True)) else value


def _unknown(node: ast.Syntax, guesses: Sequence[int], words: tuple[str, ...]) -> ast.Syntax:
    """An Error in place of an item, or of the action of a statement; a contract stays that has no guess in it."""
    if isinstance(node, ast.Use):
        return ast.Error(node.span, words)
    names = [name.text for part in walk(node) if isinstance(part, ast.Pattern) for name in part.names]
    if isinstance(node, ast.Definition):
        names.append(node.name.text)
    error = ast.Error(node.span, tuple(names))
    if not isinstance(node, ast.Statement):
        return error
    contract = node.contract
    if contract is not None and any(contract.span.start <= guess <= contract.span.end for guess in guesses):
        contract = None
    return node.replace(action=error, contract=contract)


def names_in(source: Source, tokens: Sequence[Token], *, item: bool) -> tuple[str, ...]:
    """The names that tokens which are left out would have defined: of an item any, of a statement those that it binds."""
    names = []
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1].type if at else "", tokens[at + 1].type if at + 1 < len(tokens) else ""
        bound = item or before in _BEFORE_NAMES or after in ("EQUAL", "COLON") or tokens[0].type == "LET"
        if token.type in ("NAME", "CALLNAME") and bound:
            names.append(token.text(source))
    return tuple(dict.fromkeys(names))
