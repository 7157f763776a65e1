"""Why a token cannot stand where it stands, in plain words. No name of a terminal ever reaches a user."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..diagnostics.suggest import nearest, one_of
from ..record import Record
from ..source import Source, Span
from .lexer import Token

__all__ = ["PLAIN", "Mistake", "explain"]

PLAIN = {
    "NAME": "a name",
    "CALLNAME": "a function",
    "INDEXED": "an indexed list",
    "NUMBER": "a number",
    "SIZE": "a size such as 5x5",
    "STRING": "a string",
    "TRUE": "true",
    "FALSE": "false",
    "NEGATIVE": "a negative number",
    "EQUAL": "`=`",
    "COMPARISON": "a comparison",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "POWER": "`**`",
    "SLASH": "`/`",
    "SLASHES": "`//`",
    "PERCENT": "`%`",
    "ARROW": "a contract `->`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "PIPE": "`|`",
    "NEWLINE": "the end of the line",
    "$END": "the end of the file",
    "SHORTCUT": "`shortcut`",
    "ELSE": "`else`",
    "BAD_NUMBER": "a number",
    "BAD_STRING": "a string",
    "BAD_CHARACTER": "a character",
    **{
        word.upper(): f"`{word}`"
        for word in (
            *("let", "if", "for", "repeat", "residual", "expect", "and", "or", "not", "in", "as", "match", "when"),
            *("block", "network", "train", "use", "from", "with"),
        )
    },
}

_WORDS = frozenset(("NAME", "BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
_LITERALS = frozenset(("NUMBER", "SIZE", "STRING", "TRUE", "FALSE", "LPAR", "LSQB", "CALLNAME", "INDEXED"))
_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
# What is said for several terminals at once, the most telling group first.
_GROUPS = (
    ("a layer or another statement", frozenset(("NAME", "REPEAT", "RESIDUAL", "FOR", "IF", "LET", "EXPECT"))),
    ("a value", _LITERALS | {"NAME"}),
    ("`network`, `block`, `train` or `use`", frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))),
    ("an operator", _ARITHMETIC | {"COMPARISON"}),
    ("the end of the statement", frozenset(("NEWLINE", "PIPE", "RBRACE"))),
)


class Mistake(Record):
    """A diagnostic, and how reading goes on: with other tokens in place of the wrong one, or behind the statement."""

    diagnostic: Diagnostic
    retry: list[Token] | None = None
    silences_line: bool = False


def explain(source: Source, tokens: list[Token], index: int, expected: set[str]) -> Mistake:
    """What is wrong with the token at ``index`` where only the expected ones may stand."""
    token = tokens[index]
    in_arguments = {"ARROW", "NUMBER", "NEWLINE"} <= expected
    if token.type == "COMMA" and in_arguments:
        return _comma(source, token)
    if token.type in _ARITHMETIC and "NEWLINE" in expected and index:
        return _arithmetic(source, tokens, index)
    if token.type == "CALLNAME" and "RESIDUAL" in expected:
        return _parentheses(source, tokens, index)
    if "TRAIN" in expected and "RESIDUAL" not in expected and token.type == "NAME":
        mistake = _misspelt_item(source, token)
        if mistake is not None:
            return mistake
    return Mistake(_unexpected(source, token, expected))


def _span(source: Source, token: Token) -> Span:
    return Span(source, token.start, token.end)


def _comma(source: Source, token: Token) -> Mistake:
    place = _span(source, token)
    fix = Fix("remove the comma", (Edit(place, "" if source.text[token.end : token.end + 1] == " " else " "),), True)
    diagnostic = Diagnostic(
        syntax.CALL_PARENTHESES,
        "arguments are separated by blanks, not by commas",
        Label(place, "remove this comma"),
        help=("write `conv 64 3x3`",),
        fixes=(fix,),
    )
    return Mistake(diagnostic, [], silences_line=True)


def _arithmetic(source: Source, tokens: list[Token], index: int) -> Mistake:
    before, after = tokens[index - 1], tokens[index + 1]
    place = Span(source, before.start, max(tokens[index].end, after.end if after.type in _LITERALS | _WORDS else 0))
    spaced = f"{source.text[before.start : before.end]} {source.text[tokens[index].start : tokens[index].end]}"
    rest = source.text[after.start : after.end] if place.end == after.end else "..."
    fixes = (Fix("add parentheses", (Edit(place, f"({spaced} {rest})"),), True),) if rest != "..." else ()
    diagnostic = Diagnostic(
        syntax.UNCLEAR_MINUS,
        "arithmetic among arguments needs parentheses",
        Label(place),
        help=(f"write `({spaced} {rest})`",),
        fixes=fixes,
    )
    return Mistake(diagnostic)


def _parentheses(source: Source, tokens: list[Token], index: int) -> Mistake:
    token = tokens[index]
    depth, last = 0, index
    for last in range(index + 1, len(tokens)):
        depth += {"LPAR": 1, "RPAR": -1}.get(tokens[last].type, 0)
        if depth == 0 or tokens[last].type in ("NEWLINE", "$END"):
            break
    name = source.text[token.start : token.end]
    inside = source.text[tokens[index + 1].end : tokens[last].start]
    simple = depth == 0 and "(" not in inside and "\n" not in inside
    written = f"{name} {' '.join(inside.replace(',', ' ').split())}".strip() if simple else f"{name} 64 3x3"
    place = Span(source, token.start, tokens[last].end if simple else token.end)
    diagnostic = Diagnostic(
        syntax.CALL_PARENTHESES,
        "arguments stand behind a layer without parentheses and commas",
        Label(place),
        help=(f"write `{written}`",),
        fixes=(Fix("remove parentheses and commas", (Edit(place, written),), True),) if simple else (),
    )
    return Mistake(diagnostic)


def _misspelt_item(source: Source, token: Token) -> Mistake | None:
    text = source.text[token.start : token.end]
    meant = nearest(text, ("network", "block", "train"))
    if meant is None:
        return None
    place = _span(source, token)
    diagnostic = Diagnostic(
        syntax.UNEXPECTED,
        f"`{text}` begins nothing at the top of a file",
        Label(place),
        help=(f"did you mean `{meant}`?",),
        fixes=(Fix(f"write `{meant}`", (Edit(place, meant),), True),),
    )
    return Mistake(diagnostic, [token._replace(type=meant.upper())])


def _unexpected(source: Source, token: Token, expected: set[str]) -> Diagnostic:
    text = source.text[token.start : token.end]
    found = PLAIN[token.type] if token.type in ("NEWLINE", "$END", "STRING") or not text else f"`{text[:40]}`"
    start = min(token.start, len(source.text))
    wanted = _plain(expected)
    message = f"expected {one_of(wanted)}, found {found}" if wanted else f"{found} cannot stand here"
    return Diagnostic(
        syntax.UNEXPECTED, message, Label(Span(source, start, max(start, token.end if text.strip() else start)))
    )


def _plain(expected: set[str]) -> list[str]:
    """The expected terminals in at most five phrases."""
    left = set(expected)
    phrases = []
    for phrase, members in _GROUPS:
        if members <= left:
            phrases.append(phrase)
            left -= members | (_WORDS if "NAME" in members else set())
    if "the end of the statement" in phrases:
        left -= {"ARROW", "SHORTCUT", "ELSE", "NEWLINE", "PIPE", "RBRACE"}
    if "a value" in phrases:
        left -= {"MINUS", "NOT", "MATCH"}
    if "a layer or another statement" in phrases:
        left.discard("STRING")
    left -= {"NEGATIVE", "CALLNAME", "INDEXED"}
    if "NAME" in left:
        left -= _WORDS - {"NAME"}
    phrases += [PLAIN[type_] for type_ in sorted(left, key=lambda type_: list(PLAIN).index(type_))]
    return phrases[:5]
