"""What it costs to change a token: tables of what people slip at, and of what other languages write in place of ours.

Ten is the cost of an ordinary slip. To teach another word or sign, add a row to ``FOREIGN``.
"""

from __future__ import annotations

from ...syntax.tables import KEYWORDS

__all__ = [
    "ARITHMETIC",
    "AT_A_JOINT",
    "AT_THE_END",
    "BRACES",
    "CALLED",
    "COMMENT",
    "COMMENTS",
    "DELETE",
    "DOUBLED",
    "DOUBLED_WORD",
    "EXCHANGE",
    "FOREIGN",
    "GOES_ON",
    "GROUPED",
    "HYPHEN",
    "INCOMPLETE",
    "INSERT",
    "INVENTED",
    "JOINED",
    "LACKING",
    "LEADS_ON",
    "LEAVE",
    "MISSPELT",
    "NUMBER",
    "PARTNERS",
    "REPLACE",
    "SIGNS",
    "SIMILAR",
    "TEXTS",
    "UNCLOSED",
    "UNKNOWN",
    "UNOPENED",
]

TEXTS = {
    "EQUAL": "=",
    "COLON": ":",
    "COMMA": ",",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "PIPE": "|",
    "ARROW": "->",
    "COMPARISON": "==",
    "POWER": "**",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "NEWLINE": "\n",
    **{type_: word for word, type_ in KEYWORDS.items()},
}
"""What is written for a terminal that is put in."""

SIGNS = ("COMMA", "EQUAL", "COLON", "PIPE", "ARROW", "LPAR", "RPAR", "LSQB", "RSQB", "LBRACE", "RBRACE")
"""Signs that stand in place of each other when a finger slips."""

INVENTED = frozenset(("NAME", "NUMBER", "SIZE", "STRING"))
"""Terminals of which nobody knows what to write."""

LEAVE = 30
"""To leave the rest of a statement out."""

AT_THE_END = 2
"""So much less a closing bracket costs at the end of a line."""
DOUBLED = 8
DOUBLED_WORD = 11
JOINED = 0
"""A line end inside an open bracket, where the line leads on."""
LACKING = 5
"""A bracket of which there are fewer than of its partner, put in, or one of which there are more, taken away."""
AT_A_JOINT = {"RPAR": 1, "RSQB": 1, "COMMA": 3}
"""What ends a bracket after all where a line end was taken for none."""
LEADS_ON = frozenset(
    ("COMMA", "LPAR", "LSQB", "EQUAL", "PLUS", "MINUS", "STAR", "POWER", "SLASH", "SLASHES", "PERCENT", "COMPARISON")
)
GOES_ON = LEADS_ON - {"EQUAL"} | {"RPAR", "RSQB", "LBRACE", "NUMBER", "SIZE", "AND", "OR", "TRUE", "FALSE"}
EXCHANGE = 10
MISSPELT = 8

INSERT = {
    **dict.fromkeys(("COMMA", "EQUAL", "COLON", "RPAR", "RSQB", "PIPE"), 10),
    "LPAR": 11,
    **dict.fromkeys(("LSQB", "IN", "AS", "NEWLINE", "RBRACE"), 12),
    **dict.fromkeys(("ARROW", "LET", "BLOCK", "NETWORK", "FROM", "SHORTCUT", "LBRACE", "ELSE", "MATCH", "WITH"), 16),
    **dict.fromkeys(("FOR", "REPEAT", "RESIDUAL", "EXPECT", "IF", "USE", "TRAIN"), 20),
    **dict.fromkeys(("PLUS", "MINUS", "STAR", "COMPARISON"), 20),
    "NAME": 22,
    "NUMBER": 26,
}

BEGINS = frozenset(("IF", "FOR", "REPEAT", "LET", "RESIDUAL", "EXPECT"))
"""Words that a statement begins with: a line that begins so does not go on with the one before."""

LINE_BEFORE_STATEMENT = 40

DELETE = {
    **dict.fromkeys(("COMMA", "COLON", "PIPE", "RPAR", "RSQB", "LPAR", "LSQB", "EQUAL"), 10),
    **dict.fromkeys(("BAD_CHARACTER", "UNOPENED"), 10),
    **dict.fromkeys(("ARROW", "UNCLOSED", "RBRACE", "LBRACE", "MINUS", "PLUS", "NEGATIVE", "STAR", "SLASH"), 14),
    "NEWLINE": 20,
    "NAME": 22,
    "NUMBER": 24,
    "SIZE": 24,
}
"""What is not listed costs 20."""

ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
INCOMPLETE = frozenset(
    (
        "EQUAL",
        "ARROW",
        "COLON",
        "COMPARISON",
        "PIPE",
        "AND",
        "OR",
        "NOT",
        "IN",
        "AS",
        "FROM",
        "WITH",
        "WHEN",
        "IF",
        "ELSE",
    )
)
"""After these something stands: one that is too many may as well lack what follows it."""

PARTNERS = {"LPAR": "RPAR", "RPAR": "LPAR", "LSQB": "RSQB", "RSQB": "LSQB"}

REPLACE = 12
"""A sign for another."""

SIMILAR = {
    "COLON": {"EQUAL": 9, "LBRACE": 10},
    "COMMA": {"NEWLINE": 12},
    "EQUAL": {"COLON": 9, "COMPARISON": 8},
    "COMPARISON": {"EQUAL": 6, "ARROW": 9},
    "MINUS": {"ARROW": 9},
    "ARROW": {"COLON": 10},
    "RSQB": {"RPAR": 10},
    "RPAR": {"RSQB": 10},
    "LSQB": {"LPAR": 9},
    "LPAR": {"LSQB": 9},
    "BAD_STRING": {"STRING": 12},
    "BAD_QUOTED": {"STRING": 4},
    "NAME": {"CALLNAME": 8},
    "CALLNAME": {"NAME": 8},
    "INDEXED": {"NAME": 8},
}
"""Terminals that are taken for each other, with the same text or with that of ``TEXTS``."""

FOREIGN: dict[str, tuple[str, ...]] = {
    "elif": ("ELSE", "IF"),
    "elsif": ("ELSE", "IF"),
    "elseif": ("ELSE", "IF"),
    "foreach": ("FOR",),
    "of": ("IN",),
    "def": ("BLOCK",),
    "fn": ("BLOCK",),
    "func": ("BLOCK",),
    "function": ("BLOCK",),
    "class": ("NETWORK",),
    "model": ("NETWORK",),
    "net": ("NETWORK",),
    "module": ("NETWORK",),
    "var": ("LET",),
    "const": ("LET",),
    "val": ("LET",),
    "import": ("USE",),
    "include": ("USE",),
    "loop": ("REPEAT",),
    "skip": ("SHORTCUT",),
    "True": ("TRUE",),
    "False": ("FALSE",),
    "begin": ("LBRACE",),
    "then": ("LBRACE",),
    "do": ("LBRACE",),
    "end": ("RBRACE",),
    "case": (),
    "times": (),
    "&": ("AND",),
    "&&": ("AND",),
    "||": ("OR",),
    "!": ("NOT",),
    "^": ("POWER",),
    ";": ("NEWLINE",),
    "=>": ("ARROW",),
    "==>": ("ARROW",),
    "-->": ("ARROW",),
    "- >": ("ARROW",),
    "→": ("ARROW",),
    "⇒": ("ARROW",),
    "–>": ("ARROW",),
    "—>": ("ARROW",),
    "−": ("MINUS",),
    "×": ("STAR",),
    "|>": ("PIPE",),
    "-&gt;": ("ARROW",),
    ">>": ("PIPE",),
    ":=": ("EQUAL",),
    "===": ("COMPARISON",),
    "<>": ("COMPARISON",),
}
"""Words and signs of other languages, and what stands for them here."""

FOREIGN_COST = 6
HYPHEN = 9
"""A name with a `-` in it."""
GROUPED = 9
"""Arithmetic among arguments, in parentheses."""
CALLED = 9
"""A call, without its parentheses and commas."""
COMMENTS = {"//": "\n", "/*": "*/", "--": "\n", "<!--": "-->", '"""': '"""', "'''": "'''"}
"""What begins a comment in other languages, and what ends it."""
COMMENT = 14

UNCLOSED, UNOPENED = "UNCLOSED", "UNOPENED"
BRACES = {UNCLOSED: "LBRACE", UNOPENED: "RBRACE"}
"""Braces without a partner, which the search may give one."""

NUMBER = 4
"""What begins like a number and is meant for one."""
UNKNOWN = 20
"""What begins like a number, and nobody knows for which."""
