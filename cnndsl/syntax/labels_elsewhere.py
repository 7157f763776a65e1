"""Labels with a number in them, as other languages put a text together: `layer{s + 1}:`, `f"layer{s}":`, `layer[s]:`."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token
from .mistakes import WITH_BODIES

__all__ = ["computed_label", "take_braced_arguments"]

_HOLE = r"(?:\$?\{[^{}\n]*\})"
_FORMS = (
    rf"(?P<plain>(?:[A-Za-z_][\w-]*)?(?:{_HOLE}[\w-]*)+)",
    r"f[\"'](?P<quoted>[^\"'\n]*)[\"']",
    r"[\"'](?P<dollars>[^\"'\n]*\$\{[^\"'\n]*)[\"']",
    r"(?P<name>[A-Za-z_]\w*)(?:\$(?P<dollar>\w+)|[\(\[](?P<index>[^()\[\]\n]+)[\)\]])",
    (
        r"[\"'](?P<front>[^\"'\n%{]*)(?:%[di]|\{\})?(?P<back>[^\"'\n%]*)[\"']\s*"
        r"(?:\.\s*format\((?P<format>[^()\n]+)\)|[%+]\s*(?:str\()?(?P<added>\w+)\)?)"
    ),
)
_LABEL = re.compile(rf"(?:{'|'.join(_FORMS)})[ \t]*:(?!=)")
_OPERATORS = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
_OPERANDS = frozenset(("NAME", "NUMBER"))
_ARGUMENTS = frozenset(("NUMBER", "SIZE", "NAME", "LPAR"))


def computed_label(source: Source, start: int) -> tuple[Diagnostic, int] | None:
    """What is said of a label with holes that stands in no quotes, and where it ends."""
    match = _LABEL.match(source.text, start)
    if match is None:
        return None
    hole = match["dollar"] or match["index"] or match["format"] or match["added"]
    label = (match["plain"] or match["quoted"] or match["dollars"] or "").replace("${", "{")
    if not label:
        label = f"{match['name'] or match['front']}{{{hole}}}{match['back'] or ''}"
    written = f'"{label}":'
    span = Span(source, start, match.end())
    fix = Fix(f"write `{written}`", (Edit(span, written),), True)
    message = "a label with a number in it stands in quotes"
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(f"write `{written} ...`",), fixes=(fix,)), span.end


def take_braced_arguments(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """Report arguments in braces, `unit {64 * 2**s}`; the tokens with parentheses around them."""
    kept = list(tokens)
    dropped: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "LBRACE" or not index:
            continue
        end = index + 1
        while end < len(tokens) and tokens[end].type in _OPERATORS | _OPERANDS | {"LPAR", "RPAR"}:
            end += 1
        if end == index + 1 or end == len(tokens) or tokens[end].type != "RBRACE":
            continue
        if not _is_argument(source.text, tokens, index, end):
            continue
        kept[index], kept[end] = token._replace(type="LPAR"), tokens[end]._replace(type="RPAR")
        begin = token.start
        if tokens[index - 1].type == "BAD_CHARACTER":
            dropped.add(index - 1)  # the dollar of the shell
            begin = tokens[index - 1].start
        diagnostics.report(_in_braces(Span(source, begin, tokens[end].end)))
    return [token for index, token in enumerate(kept) if index not in dropped]


def _is_argument(text: str, tokens: list[Token], begin: int, end: int) -> bool:
    """Whether what stands between braces is an expression and no body: it is computed, or more arguments follow."""
    before = tokens[begin - 1]
    if before.type not in ("NAME", "NUMBER", "SIZE", "EQUAL", "RPAR", "BAD_CHARACTER"):
        return False
    if text[before.start : before.end] in WITH_BODIES:
        return False
    inside = [token.type for token in tokens[begin + 1 : end] if token.type not in ("LPAR", "RPAR")]
    if any(type_ not in (_OPERATORS if place % 2 else _OPERANDS) for place, type_ in enumerate(inside)):
        return False
    follows = end + 1 < len(tokens) and tokens[end + 1].type in _ARGUMENTS
    return len(inside) > 1 or inside[:1] == ["NUMBER"] or follows or before.type == "EQUAL"


def _in_braces(span: Span) -> Diagnostic:
    inner = span.text.partition("{")[2][:-1].strip()
    written = f"({inner})" if not inner.replace(".", "").isalnum() else inner
    fix = Fix(f"write `{written}`", (Edit(span, written),), True)
    message = "a computed argument stands in parentheses, not in braces"
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(f"write `{written}`",), fixes=(fix,))
