"""The grammar as a reader wants it: the rules of cnn.lark without what only the parser needs, tokens in plain words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from ... import syntax
from ...syntax.terminals import PLAIN
from .markdown import code, head, table

__all__ = ["render_grammar"]

_SECTIONS = {
    "Files": """\
use bottleneck from std

## LeNet-5, LeCun et al. 1998
network LeNet5(classes = 10) { ... }
train { ... }""",
    "Statements": """\
c1: conv 6 5x5 pad=(1, 2) | tanh  -> 6x30x32""",
    "Structures": """\
residual { conv 64 3x3 pad=1 | bn } shortcut projection
repeat 3 as i { "unit{i}": conv 64 3x3 pad=1 }
for (channels, n) in [(64, 3), (128, 4)] { ... }
if depth >= 50 { ... } else { ... }
let (unit, counts) = match depth {
    18: (basic, [2, 2, 2, 2])
    34: (basic, [3, 4, 6, 3])
}
expect params = 11_689_512 with depth=18""",
    "Expressions": """\
[2*n for n in widths] if depth < 50 else [max(8, n), xs[0]]""",
}

_TOKENS = {
    "NAME": ("letters, digits and `_`, not beginning with a digit; parts may be joined by points", "conv, layer1.bn"),
    "NUMBER": (
        "digits, with `_` between them, a point, an exponent, or a suffix k, M, G, T",
        "3, 61_706, 1e-3, .5, 2M",
    ),
    "SIZE": ("sizes with a small x between them; `?` is any size", "5x5, 1x32x32, 6x?x?"),
    "STRING": ("text in double quotes on one line", '"conv{i}"'),
    "CALLNAME": ("a name with `(` glued to it", "max(, len("),
    "INDEXED": ("a name with `[` glued to it", "xs["),
    "NEGATIVE": ("a minus with no blank between it and the digit after it, and a blank before it", "-1"),
    "COMPARISON": ("one of `==`, `!=`, `<=`, `>=`, `<`, `>`", "n >= 50"),
    "NEWLINE": ("the end of a line, with the empty lines and comments after it", ""),
}


def render_grammar() -> str:
    """The page."""
    text = _grammar()
    literals = dict(re.findall(r'^([A-Z]+): "([^"]+)"$', text, re.MULTILINE))
    lines = head(
        "Grammar",
        "`a | b` is one of two, `a?` at most one, `a*` any number, `a+` at least one. Text in quotes is written as it "
        "is; names in capitals are [tokens](#tokens).",
        "A statement ends with its line, or with `|` before the next one; a line that begins with `|`, `else` or `shortcut` "
        "goes on with the statement before. Inside ( ) and [ ] lines do not matter. A comment runs from `#` to the end of "
        "its line; `##` above a network or a block is its documentation.",
    )
    for (title, example), rules in zip(_SECTIONS.items(), _rules(text), strict=True):
        lines += [f"## {title}", "", "```cnn", example, "```", "", "```ebnf"]
        lines += [_readable(rule, literals) for rule in rules]
        lines += ["```", ""]
    return "\n".join([*lines, *_tokens(text)]).rstrip() + "\n"


def _grammar() -> str:
    with open(os.path.join(os.path.dirname(syntax.__file__), "cnn.lark"), encoding="utf-8") as stream:
        return stream.read()


def _rules(text: str) -> list[list[str]]:
    """The rules of the grammar by section, each on one line; empty lines part the sections."""
    rules = re.sub(r"^//.*\n", "", text, flags=re.MULTILINE).split("\n// Words")[0].split("\n!word")[0]
    rules = re.sub(r"\n +(\|)?", r" \1", rules)
    sections = [section.strip().split("\n") for section in re.split(r"\n\s*\n", rules) if section.strip()]
    return [sections[0], sections[1], sections[2], [rule for section in sections[3:] for rule in section]]


def _readable(rule: str, literals: dict[str, str]) -> str:
    """A rule without marks for the tree, with literals in place of the tokens that are no more than one."""
    name, _, body = rule.partition(":")
    body = re.sub(r"\s*-> \w+", "", body)
    body = re.sub(r"\b[A-Z]+\b", lambda found: f'"{literals[found[0]]}"' if found[0] in literals else found[0], body)
    body = re.sub(r"(?<![\w\"])_(?=[a-z])", "", body)
    body = re.sub(r"\bword\b", "NAME", body)
    return f"{name.strip('?!_ ')} = {' '.join(body.split())}"


def _tokens(text: str) -> Iterable[str]:
    rows = (
        (code(name), PLAIN[name], meaning, code(example) if example else "")
        for name, (meaning, example) in _TOKENS.items()
    )
    found = re.search(r"\(\?!\(\?:([a-z|]+)\)", text)
    assert found is not None, "the tokens of functions name the reserved words"
    reserved = ", ".join(code(word) for word in sorted(found[1].split("|")))
    lines = ["## Tokens", "", *table(("token", "in messages", "is", "for example"), rows)]
    lines += [f"These words cannot be names: {reserved}. As a label they can be written in quotes.", ""]
    return [*lines, "`block`, `network`, `train`, `use`, `from` and `with` can be names as well."]
