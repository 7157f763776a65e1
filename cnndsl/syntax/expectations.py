"""Why a token cannot stand where it stands, in plain words. No name of a terminal ever reaches a user."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import syntax
from ..diagnostics.suggest import one_of
from ..source import Source, Span
from .lexer import Token
from .mistakes import LITERALS, WORDS, Mistake, Place
from .slips import SLIPS

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
    "BAD_QUOTED": "a string",
    "BAD_CHARACTER": "a character",
    **{
        word.upper(): f"`{word}`"
        for word in (
            *("let", "if", "for", "repeat", "residual", "expect", "and", "or", "not", "in", "as", "match", "when"),
            *("block", "network", "train", "use", "from", "with"),
        )
    },
}

_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
# What is said for several terminals at once, the most telling group first.
_GROUPS = (
    ("a layer or another statement", frozenset(("NAME", "REPEAT", "RESIDUAL", "FOR", "IF", "LET", "EXPECT"))),
    ("a value", LITERALS | {"NAME"}),
    ("`network`, `block`, `train` or `use`", frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))),
    ("an operator", _ARITHMETIC | {"COMPARISON"}),
    ("the end of the statement", frozenset(("NEWLINE", "PIPE", "RBRACE"))),
)
# What a statement or an item looks like, by the token that it begins with.
_FORMS = {
    "LET": "let channels = 64",
    "IF": "if depth > 18 { ... } else { ... }",
    "REPEAT": "repeat 3 { ... }",
    "FOR": "for channels in [16, 32] { ... }",
    "RESIDUAL": "residual { ... } shortcut projection",
    "EXPECT": "expect params = 61_706",
    "NETWORK": "network Name(classes = 10) { ... }",
    "BLOCK": "block name(channels) { ... }",
    "TRAIN": "train { ... }",
    "USE": 'use name from "blocks.cnn"',
}
_CASE = "one case per line, as in `18: 64`"


def explain(source: Source, tokens: list[Token], index: int, expected: set[str]) -> Mistake:
    """What is wrong with the token at ``index`` where only the expected ones may stand."""
    place = Place(source, tokens, index, expected)
    for slip in SLIPS:
        mistake = slip(place)
        if mistake is not None:
            return mistake
    return Mistake(_unexpected(place))


def _unexpected(place: Place) -> Diagnostic:
    source, token = place.source, place.token
    text = source.text[token.start : token.end]
    found = PLAIN[token.type] if token.type in ("NEWLINE", "$END", "STRING") or not text else f"`{text[:40]}`"
    start = min(token.start, len(source.text))
    wanted = _plain(place)
    message = f"expected {one_of(wanted)}, found {found}" if wanted else f"{found} cannot stand here"
    span = Span(source, start, max(start, token.end if text.strip() else start))
    help_ = _form(place)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,) if help_ else ())


def _form(place: Place) -> str:
    """How the statement around the place is written; empty where that would not help."""
    if place.previous("ARROW"):
        return "write the shape behind it, as in `-> 6x28x28`"
    if place.previous("SHORTCUT"):
        return "such as `shortcut projection`, `shortcut pad` or `shortcut when changed { ... }`"
    if place.previous("RBRACE") and place.token.type == "NAME":
        return "each statement stands on a line of its own, or behind a `|`"
    if place.inside("MATCH"):
        return _CASE
    first = place.tokens[place.beginning]
    form = "" if place.in_brackets or not place.text(first) else _FORMS.get(first.type)
    return f"it is written as in `{form}`" if form else ""


def _plain(place: Place) -> list[str]:
    """The expected terminals in at most five phrases."""
    if place.previous("ARROW"):
        return ["a shape"]
    if place.previous("SHORTCUT"):
        return ["a shortcut"]
    left = set(place.expected)
    if "NAME" in left:
        left -= WORDS - {"NAME"}
    phrases = []
    for phrase, members in _GROUPS:
        if members <= left:
            phrases.append(phrase)
            left -= members
    if "the end of the statement" in phrases:
        left -= {"ARROW", "SHORTCUT", "ELSE", "NEWLINE", "PIPE", "RBRACE"}
    if "a value" in phrases:
        left -= {"MINUS", "NOT", "MATCH"}
    if "a layer or another statement" in phrases:
        left.discard("STRING")
    left -= {"NEGATIVE", "CALLNAME", "INDEXED"}
    phrases += [PLAIN[type_] for type_ in sorted(left, key=lambda type_: list(PLAIN).index(type_))]
    return phrases[:5]
