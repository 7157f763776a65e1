"""Python as ruff formats it: one line where it fits, else one line for each argument, with a comma after the last.

Expressions are texts, or pieces that know how to be taken apart.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ....record import Record

__all__ = ["WIDTH", "Call", "Named", "Piece", "Repeated", "docstring", "flat", "lines"]

WIDTH = 88

INDENT = 4


class Call(Record):
    """A head and arguments in brackets; a tuple or a list has no head."""

    head: str
    arguments: tuple[Piece, ...]
    brackets: str = "()"


class Named(Record):
    """An argument with its name, or an entry of a dictionary with its key."""

    name: str
    value: Piece
    sign: str = "="


class Repeated(Record):
    """``*(piece for _ in range(count))``."""

    piece: Piece
    count: int


Piece = str | Call | Named | Repeated


def flat(piece: Piece) -> str:
    """A piece on one line."""
    match piece:
        case Call(head=head, arguments=arguments, brackets=brackets):
            comma = "," if brackets == "()" and not head and len(arguments) == 1 else ""
            return f"{head}{brackets[0]}{', '.join(map(flat, arguments))}{comma}{brackets[1]}"
        case Named(name=name, value=value, sign=sign):
            return f"{name}{sign}{flat(value)}"
        case Repeated(piece=repeated, count=count):
            return f"*({flat(repeated)} for _ in range({count}))"
    return piece


def lines(piece: Piece, indent: int, before: str = "", after: str = "") -> list[str]:
    """The lines of a piece with what stands around it, so far from the margin."""
    line = " " * indent + before + flat(piece) + after
    if len(line) <= WIDTH and "\n" not in line:
        return [line]
    match piece:
        case Named(name=name, value=value, sign=sign):
            return lines(value, indent, f"{before}{name}{sign}", after)
        case Call(head=head, arguments=arguments, brackets=brackets) if arguments:
            inside = [each for argument in arguments for each in lines(argument, indent + INDENT, "", ",")]
            return [f"{' ' * indent}{before}{head}{brackets[0]}", *inside, f"{' ' * indent}{brackets[1]}{after}"]
        case Repeated(piece=repeated, count=count):
            inner = " " * (indent + INDENT)
            inside = [*lines(repeated, indent + INDENT), f"{inner}for _ in range({count})"]
            return [f"{' ' * indent}{before}*(", *inside, f"{' ' * indent}){after}"]
    return [line]


def docstring(paragraphs: Iterable[str], indent: int) -> list[str]:
    """A docstring of some paragraphs; none without any. The first is the summary."""
    margin = " " * indent
    texts = [text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').strip() for text in paragraphs if text.strip()]
    if not texts:
        return []
    if len(texts) == 1 and "\n" not in texts[0] and len(margin) + len(texts[0]) + 6 <= WIDTH and texts[0][-1] != '"':
        return [f'{margin}"""{texts[0]}"""']
    width = WIDTH - indent - (6 if len(texts) == 1 else 3)
    wrapped = (textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) for text in texts)
    body = "\n\n".join(map("\n".join, wrapped)).split("\n")
    return [f'{margin}"""{body[0]}', *(margin + line if line else "" for line in body[1:]), f'{margin}"""']
