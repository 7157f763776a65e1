"""Messages by examples, after Jeffery (2003) and Lark's ``match_examples``.

Each example is a text with a mistake, and what is said of any mistake like it: one at which the parser has come to the same
state and meets the same terminal. To teach a message, add an example to ``EXAMPLES``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ...source import Source
from ...syntax import Unreadable, parse
from .stack import Stack

__all__ = ["EXAMPLES", "Example", "example"]


class Example(NamedTuple):
    """A text with a mistake, a message and a help; they may have ``{found}`` and ``{before}``."""

    text: str
    message: str
    help: str = ""


EXAMPLES: tuple[Example, ...] = ()


def example(stack: Stack, type_: str, text: str) -> Example | None:
    """The example that a mistake is like: by state and word, else by state and terminal."""
    table = _table()
    return table.get((stack.state, type_, text)) or table.get((stack.state, type_, ""))


@cache
def _table() -> dict[tuple[int, str, str], Example]:
    table: dict[tuple[int, str, str], Example] = {}
    for item in EXAMPLES:
        try:
            parse(Source("", item.text))
        except Unreadable as problem:
            parser = problem.parser
            token = parser.tokens[parser.index]
            word = token.text(parser.source) if token.type == "NAME" else ""
            table.setdefault((parser.states[-1], token.type, word), item)
    return table
