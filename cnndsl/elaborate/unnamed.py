"""Attributes that were given without their ``=``: ``stride 2``, ``s2``, ``nesterov``, ``nobias``, ``same``.

A call that has one argument too many is read again with this in mind; if every word of it then has its place, all that was
written without ``=`` is one mistake with one edit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..attributes import Boolean, Declared
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
from ..explain.foreign import attribute_meant
from ..source import Span
from ..syntax import ast

__all__ = ["without_unnamed"]

_JOINED = re.compile(r"([A-Za-z]+?)_?([0-9]+)")
_WITHOUT = re.compile(r"(?:no|without)_?([a-z_]+)")
_SHORT = {"padding": "pad"}


def without_unnamed(
    declared: type[Declared], arguments: tuple[ast.Argument, ...], variables: Mapping[str, Any]
) -> tuple[Diagnostic, tuple[ast.Argument, ...]] | None:
    """What to say of the attributes without ``=``, and the other arguments; None if there is no such reading."""
    left: list[ast.Argument] = []
    found: list[tuple[str, str, Span]] = []
    index = 0
    while index < len(arguments):
        read = _read(declared, arguments[index:], variables)
        if read is None:
            left.append(arguments[index])
            index += 1
            continue
        name, value, count = read
        found.append((name, value, arguments[index].span.to(arguments[index + count - 1].span)))
        index += count
    return (_diagnostic(found), tuple(left)) if found and _fits(declared, left, found) else None


def _read(
    declared: type[Declared], arguments: tuple[ast.Argument, ...], variables: Mapping[str, Any]
) -> tuple[str, str, int] | None:
    """The attribute, the text of its value, and how many arguments both take up."""
    word = _word(arguments[0], variables)
    if not word:
        return None
    attributes = declared.attributes()
    off = _WITHOUT.fullmatch(word)
    if off and isinstance(getattr(attributes.get(off[1]), "type", None), Boolean):
        return off[1], "false", 1
    name = _attribute(declared, word)
    follows = arguments[1] if len(arguments) > 1 and arguments[1].name is None else None
    if name and follows is not None:
        next_word = _word(follows, variables)
        if not next_word or next_word in attributes[name].type.words:
            return name, follows.span.text, 2
    if name and isinstance(attributes[name].type, Boolean):
        return name, "true", 1
    joined = _JOINED.fullmatch(word)
    name = _attribute(declared, joined[1]) if joined else None
    if joined and name:
        return name, joined[2], 1
    having = [name for name, info in attributes.items() if word.lower() in info.type.words]
    return (having[0], word.lower(), 1) if len(having) == 1 else None


def _word(argument: ast.Argument, variables: Mapping[str, Any]) -> str:
    """The bare word that an argument is and that no variable has; empty if it is none."""
    value = argument.value
    bare = argument.name is None and isinstance(value, ast.Variable) and value.name not in variables
    return value.name if bare and isinstance(value, ast.Variable) else ""


def _attribute(declared: type[Declared], word: str) -> str | None:
    return declared.find_attribute(word) or attribute_meant(word, declared.attributes())


def _fits(declared: type[Declared], left: list[ast.Argument], found: list[tuple[str, str, Span]]) -> bool:
    """Whether every attribute is then given once, and no argument is too many."""
    by_place = sum(argument.name is None for argument in left)
    named = [declared.find_attribute(argument.name.text) for argument in left if argument.name]
    given = [*declared.positional[:by_place], *named, *(name for name, _, _ in found)]
    return by_place <= len(declared.positional) and len(given) == len(set(given))


def _diagnostic(found: list[tuple[str, str, Span]]) -> Diagnostic:
    written = [f"{_SHORT.get(name, name)}={value}" for name, value, _ in found]
    listed = one_of([f"`{name}`" for name, _, _ in found], "and")
    message = f"{listed} {'gets its value' if len(found) == 1 else 'get their values'} by `=`"
    text = " ".join(written)
    edits = tuple(Edit(span, text) for text, (_, _, span) in zip(written, found, strict=True))
    first, *others = (span for _, _, span in found)
    return Diagnostic(
        names.TOO_MANY_ARGUMENTS,
        message,
        Label(first),
        tuple(Label(span) for span in others),
        help=(f"write `{text}`",),
        fixes=(Fix(f"write `{text}`", edits, True),),
    )
