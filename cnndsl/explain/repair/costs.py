"""What it costs to change a token: tables of what people slip at.

Ten is the cost of an ordinary slip. Words and signs of other languages are in ``foreign.habits``.
"""

from __future__ import annotations

from ...syntax.tables import KEYWORDS

__all__ = ["ARITHMETIC", "COSTS", "DELETE", "INSERT", "LEAVE", "MAY_GO"]
__all__ += ["BRACES", "GOES_ON", "LEADS_ON", "LEFT_OUT", "SIGNS", "TEXTS", "UNCLOSED", "UNOPENED"]

UNCLOSED, UNOPENED, LEFT_OUT = "UNCLOSED", "UNOPENED", "LEFT_OUT"
"""Braces without a partner, to which the search may give one; and what stands for a statement that could not be read."""
BRACES = frozenset(("LBRACE", "RBRACE"))

_SIGNS = ("EQUAL", "COLON", "COMMA", "PIPE", "ARROW", "COMPARISON", "LPAR", "RPAR", "LSQB", "RSQB", "LBRACE", "RBRACE")
SIGNS = dict(zip(_SIGNS, ("=", ":", ",", "|", "->", "==", *"()[]{}"), strict=True))
"""Signs that stand in place of each other when a finger slips."""

TEXTS = {
    **SIGNS,
    **dict(zip(("NEWLINE", "PLUS", "MINUS", "STAR", "POWER", "NUMBER"), ("\n", "+", "-", "*", "**", "0"), strict=True)),
    **{type_: word for word, type_ in KEYWORDS.items()},
}
"""What is written for a terminal that is put in."""

ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))

LEADS_ON = frozenset(("COMMA", "LPAR", "LSQB", "EQUAL", "COMPARISON", *ARITHMETIC))
"""After these, and before the next ones, a line end inside a bracket that is never closed counts as none."""
GOES_ON = LEADS_ON - {"EQUAL"} | {"RPAR", "RSQB", "LBRACE", "NUMBER", "SIZE", "AND", "OR", "TRUE", "FALSE"}

LEAVE = 30
"""To leave the rest of a statement out costs so much, and no repair is dearer."""

COSTS = {
    "doubled sign": 8,
    "doubled word": 11,
    "end of a line": -2,
    "foreign": 6,
    "joint": 1,
    "lacking": 5,
    "comma at a joint": 3,
    "misspelt": 8,
    "number": 4,
    "replace": 12,
    "second letter": 4,
}
"""Of changes by their kind, and of what makes them dearer or cheaper: a bracket is missing at the end of a line."""

INSERT = {
    **dict.fromkeys(("COMMA", "EQUAL", "COLON", "RPAR", "RSQB", "PIPE"), 10),
    **dict.fromkeys(("LPAR", "LSQB", "IN", "AS", "NEWLINE", "RBRACE"), 12),
    **dict.fromkeys(("ARROW", "LET", "BLOCK", "NETWORK", "FROM", "SHORTCUT", "LBRACE", "ELSE", "MATCH", "WITH"), 16),
    **dict.fromkeys(("PLUS", "MINUS", "STAR"), 20),
    "NAME": 22,
    "NUMBER": 26,
}

DELETE = {
    **dict.fromkeys(("COMMA", "COLON", "PIPE", "RPAR", "RSQB", "LPAR", "LSQB", "EQUAL", "BAD_CHARACTER", UNOPENED), 10),
    **dict.fromkeys(("ARROW", UNCLOSED, "RBRACE", "LBRACE", "MINUS", "PLUS", "NEGATIVE", "STAR", "SLASH"), 14),
    "NAME": 22,
    "NUMBER": 24,
    "SIZE": 24,
}
"""What is not listed costs 20."""

MAY_GO = frozenset(("COMMA", "LPAR", "RPAR", "LSQB", "RSQB", "RBRACE", "BAD_CHARACTER", "NEWLINE", UNOPENED))
"""What is taken away with certainty: nothing that an author means something by, or that something else should follow."""
