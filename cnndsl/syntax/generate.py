"""Turns cnn.lark into tables.py: Lark computes the LALR(1) tables once, here, and no user waits for it.

Run ``python -m cnndsl.syntax.generate`` after a change of the grammar (it needs Lark, from the ``dev`` extra).
"""

from __future__ import annotations

import os
import re
from typing import Any

from lark import Lark
from lark.lexer import PatternStr
from lark.parsers.lalr_analysis import Shift

__all__ = ["GRAMMAR", "TABLES", "generate", "load_grammar"]

GRAMMAR = os.path.join(os.path.dirname(__file__), "cnn.lark")
TABLES = os.path.join(os.path.dirname(__file__), "tables.py")

# Tokens whose text means something to the tree; all others only delimit.
_KEPT = {
    *("NAME", "CALLNAME", "INDEXED", "NUMBER", "SIZE", "STRING", "TRUE", "FALSE"),
    *("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"),
    *("EQUAL", "COMPARISON", "PLUS", "MINUS", "NEGATIVE", "STAR", "POWER", "SLASH", "SLASHES", "PERCENT"),
    *("AND", "OR", "NOT"),
}
_STARTS = ["start", "expression"]
_BAD = ("BAD_NUMBER", "BAD_STRING", "BAD_QUOTED", "BAD_CHARACTER")


class _Joiner:
    """Tells Lark to keep the terminals that no rule uses; our own lexer leaves out the line ends that end nothing."""

    always_accept = _BAD

    def process(self, stream: Any) -> Any:
        return stream


def load_grammar() -> Lark:
    """The grammar as Lark reads it; raises if it is not LALR(1)."""
    with open(GRAMMAR, encoding="utf-8") as file:
        text = file.read()
    return Lark(text, start=_STARTS, parser="lalr", lexer="basic", postlex=_Joiner(), maybe_placeholders=False)


def generate() -> str:
    """The source text of tables.py."""
    lark = load_grammar()
    pattern, keywords = _lexer(lark)
    starts, rules, rows = _parser(lark)
    return "\n".join(
        (
            '"""Generated from cnn.lark by ``python -m cnndsl.syntax.generate``; do not edit."""',
            "",
            f"PATTERN = {pattern!r}",
            f"KEYWORDS = {keywords!r}",
            f"KEPT = frozenset({sorted(_KEPT)!r})",
            "# The state in which reading a whole spec begins, and that for one value.",
            f"STARTS = {starts!r}",
            "# For each rule: the name of its action, its symbol and the number of symbols that it replaces.",
            "RULES = (",
            *(f"    {rule!r}," for rule in rules),
            ")",
            "# For each state: what a terminal does (a state to go to, or ~rule to reduce by), and where a symbol leads. Text,",
            "# because the parser reads a row when it first comes there and most specs need few.",
            "ROWS = (",
            *(f"    {' '.join(f'{symbol} {action}' for symbol, action in row.items())!r}," for row in rows),
            ")",
            "",
        )
    )


def _lexer(lark: Lark) -> tuple[str, dict[str, str]]:
    """One pattern with a named group per terminal, in the order in which Lark tries them, and the words that are no names."""
    lexer = lark._build_lexer()
    keywords = {
        terminal.pattern.value: terminal.name
        for terminal in lexer.terminals
        if isinstance(terminal.pattern, PatternStr) and re.fullmatch("[a-z]+", terminal.pattern.value)
    }
    ignored = set(lark.ignore_tokens)
    parts = []
    for terminal in lexer.terminals:
        if terminal.name not in keywords.values():
            name = "IGNORED" if terminal.name in ignored else terminal.name
            parts.append((name, terminal.pattern.to_regexp()))
    merged = "|".join(pattern for name, pattern in parts if name == "IGNORED")
    groups = [(name, pattern) for name, pattern in parts if name != "IGNORED"]
    bad = next(index for index, (name, _) in enumerate(groups) if name in _BAD)
    groups.insert(bad, ("IGNORED", merged))
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in groups), dict(sorted(keywords.items()))


def _parser(lark: Lark) -> tuple[dict[str, int], list[tuple[str, str, int]], list[dict[str, int]]]:
    """Starts, rules and rows with small numbers, in the order in which Lark made them, which is the same at every run."""
    table = lark.parser.parser._parse_table
    states = _reachable(table)
    numbers = {state: number for number, state in enumerate(states)}
    rules: dict[Any, int] = {}
    rows = []
    for state in states:
        row = {}
        for symbol, (kind, target) in sorted(table.states[state].items()):
            row[symbol] = numbers[target] if kind is Shift else ~rules.setdefault(target, len(rules))
        rows.append(row)
    # Lark stops when the whole is reduced; here that state takes the end of the text.
    for end in table.end_states.values():
        rows[numbers[end]]["$END"] = numbers[end]
    starts = {name: numbers[table.start_states[name]] for name in _STARTS}
    described = [(rule.alias or str(rule.origin.name), str(rule.origin.name), len(rule.expansion)) for rule in rules]
    return starts, described, rows


def _reachable(table: Any) -> list[Any]:
    order = [table.start_states[name] for name in _STARTS]
    for state in order:
        for _, (kind, target) in sorted(table.states[state].items()):
            if kind is Shift and target not in order:
                order.append(target)
    return order


if __name__ == "__main__":
    with open(TABLES, "w", encoding="utf-8", newline="\n") as output:
        output.write(generate())
