"""Texts that follow the grammar, written by walking the rules that Lark reads from cnn.lark; no construct is forgotten."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from cnndsl.syntax.generate import load_grammar

__all__ = ["GrammarWriter"]

_WORDS = {
    "NAME": (
        "a",
        "b",
        "conv",
        "relu",
        "dense",
        "flatten",
        "maxpool",
        "bn",
        "seq",
        "concat",
        "branch",
        "stride",
        "pad",
        "same",
        "params",
        "output",
        "input",
        "split",
        "head",
        "add",
        "in_channels",
        "std",
        "identity",
        "changed",
        "depth",
        "digits",
    ),
    "CALLNAME": ("max", "len", "range", "sum", "foo", "round"),
    "INDEXED": ("a", "b", "xs"),
    "NUMBER": ("0", "1", "2", "3", "16", "0.5", "1e-3", "2M", "61_706", "9999999999"),
    "SIZE": ("1x32x32", "3x3", "5x5", "?x7x7", "6x28x28", "2x2", "0x1"),
    "STRING": ('"a"', '"layer{i + 1}"', '""', '"blocks.cnn"', '"A-LRN"'),
    "NEGATIVE": (" -",),
    "COMPARISON": ("==", "<=", "<", ">", "!="),
    "PIPE": ("|", "\n|"),
    "NEWLINE": ("\n", "\n\n  # note\n"),
    "SHORTCUT": ("shortcut", "\nshortcut"),
    "ELSE": ("else", "\nelse"),
}
# Rules that would fill the text with operators if they were left to chance.
_EXPRESSIONS = ("expression", "or", "and", "not", "comparison", "sum", "product", "signed", "power", "atom")
_GLUED = ("CALLNAME", "INDEXED", "NEGATIVE")


@cache
def _rules() -> dict[str, list[tuple[tuple[str, bool], ...]]]:
    """The expansions of each rule: symbols, and whether they are terminals."""
    rules: dict[str, list[tuple[tuple[str, bool], ...]]] = {}
    for rule in load_grammar().rules:
        symbols = tuple((str(symbol.name), bool(symbol.is_term)) for symbol in rule.expansion)
        rules.setdefault(str(rule.origin.name), []).append(symbols)
    return rules


@cache
def _terminals() -> dict[str, str]:
    """The text of each terminal that has only one."""
    patterns: dict[str, Any] = {terminal.name: terminal.pattern for terminal in load_grammar().terminals}
    return {name: pattern.value for name, pattern in patterns.items() if name not in _WORDS}


@cache
def _depths() -> dict[str, int]:
    """How deep the shallowest text of each rule is."""
    depths = dict.fromkeys(_rules(), 10**6)
    changed = True
    while changed:
        changed = False
        for name, expansions in _rules().items():
            depth = 1 + min(_depth_of(symbols, depths) for symbols in expansions)
            changed |= depth < depths[name]
            depths[name] = min(depth, depths[name])
    return depths


def _depth_of(symbols: tuple[tuple[str, bool], ...], depths: dict[str, int]) -> int:
    return max((0 if terminal else depths[name] for name, terminal in symbols), default=0)


class GrammarWriter:
    """Writes random texts; ``depth`` is how deep rules nest before the shortest way to an end is taken."""

    def __init__(self, random: Random, depth: int = 60) -> None:
        self.random = random
        self.depth = depth

    def text(self, symbol: str = "start") -> str:
        """A text that the rule ``symbol`` accepts."""
        parts: list[str] = []
        left = [(symbol, False, 0)]
        while left:
            name, terminal, depth = left.pop()
            if terminal:
                parts.append(self._word(name))
                continue
            left += [(*child, depth + 1) for child in reversed(self._expansion(name, depth, len(parts)))]
        return "".join(parts)

    def _expansion(self, name: str, depth: int, length: int) -> tuple[tuple[str, bool], ...]:
        expansions = _rules()[name]
        plain = name.strip("_").startswith(_EXPRESSIONS) and self.random.random() < 0.7
        if plain or depth > self.depth or length > 4 * self.depth:
            return min(expansions, key=lambda symbols: _depth_of(symbols, _depths()))
        return self.random.choice(expansions)

    def _word(self, name: str) -> str:
        text = self.random.choice(_WORDS[name]) if name in _WORDS else _terminals()[name]
        return text if name in _GLUED else text + " "
