"""What the terminals of the grammar are called in messages: no name of one ever reaches a user."""

from __future__ import annotations

from .tables import KEYWORDS

__all__ = ["PLAIN"]

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
    "BAD_NUMBER": "a number",
    "BAD_STRING": "a string",
    "BAD_QUOTED": "a string",
    "BAD_CHARACTER": "a character",
}
PLAIN |= {type_: f"`{word}`" for word, type_ in KEYWORDS.items() if type_ not in PLAIN}
