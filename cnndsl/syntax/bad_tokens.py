"""What is wrong with a stretch of text that is no token: numbers, strings and characters that are not well formed."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token

__all__ = ["MAX_NUMBER", "explain_bad_token"]

MAX_NUMBER = 64
"""The most characters that a number may have."""

# What people write who come from elsewhere, and what it is here.
_FOREIGN = {
    "&": "the word for it is `and`",
    "!": "the word for it is `not`; unequal is `!=`",
    "'": "strings stand in double quotes, and words such as `same` in none",
    "`": "strings stand in double quotes, and words such as `same` in none",
    "\u201c": 'quotes are straight here: `"`',
    "\u201d": 'quotes are straight here: `"`',
    "\u00d7": "write a small x between extents, as in 3x3",
    "\u2192": "a contract is written `->`",
    "\u2212": "a minus is written `-`",
    "\\": "a line goes on if the next one begins with `|`",
    "\u00a0": "this blank is a special one that looks like any other; type it again",
}


def explain_bad_token(source: Source, token: Token) -> Diagnostic:
    """The diagnostic of a BAD_ token, or of a number that is too long."""
    span = Span(source, token.start, token.end)
    if token.type == "BAD_STRING":
        help_ = ('add a `"` at its end',)
        return Diagnostic(syntax.UNCLOSED_STRING, "this string does not end on its line", Label(span), help=help_)
    if token.type == "BAD_CHARACTER":
        return _explain_character(span)
    return _explain_number(span)


def _explain_character(span: Span) -> Diagnostic:
    character = span.text
    message = f"the character `{character}` has no meaning here"
    if character == ";":
        return _semicolon(span)
    help_ = (_FOREIGN[character],) if character in _FOREIGN else ()
    return Diagnostic(syntax.BAD_CHARACTER, message, Label(span), help=help_)


def _semicolon(span: Span) -> Diagnostic:
    source = span.source
    rest = source.text[span.end : source.rest_of_line(span.end)[1]]
    last = not rest.strip() or rest.lstrip().startswith("#")
    fix = Fix("remove it", (Edit(span, ""),), True) if last else Fix("write `|`", (Edit(span, " |"),), True)
    return Diagnostic(
        syntax.BAD_CHARACTER,
        "the character `;` has no meaning here",
        Label(span),
        help=("a statement ends with its line, or with a `|` before the next one",),
        fixes=(fix,),
    )


def _explain_number(span: Span) -> Diagnostic:
    text = span.text
    if len(text) > MAX_NUMBER:
        return _number(
            span, f"this number has more than {MAX_NUMBER} characters", "no number here needs that many digits"
        )
    if _is_size(text.lower()):
        return _number(span, f"`{text}` is not a size", f"write a small x: `{text.lower()}`", text.lower())
    if "x" in text.lower() and set(text.lower()) <= set("0123456789x?."):
        return _number(span, f"`{text}` is not a size", "a size is whole numbers with x between them, such as 6x28x28")
    if text.endswith(".") and text[:-1].isdigit():
        return _number(span, f"`{text}` is not a number", f"write `{text[:-1]}` or `{text}0`")
    if text[-1] in "KmgtB" and text[:-1].replace(".", "").isdigit():
        return _number(span, f"`{text}` is not a number", "the suffixes are k, M, G and T, as in 10k")
    return _number(
        span, f"`{text}` is not a number", "numbers look like 3, 0.01, 1e-4 or 2M, and names begin with a letter or `_`"
    )


def _is_size(text: str) -> bool:
    extents = text.split("x")
    return len(extents) > 1 and all(extent == "?" or extent.isdigit() for extent in extents)


def _number(span: Span, message: str, help_text: str, replacement: str = "") -> Diagnostic:
    fixes = (Fix(f"write `{replacement}`", (Edit(span, replacement),), True),) if replacement else ()
    return Diagnostic(syntax.BAD_NUMBER, message, Label(span), help=(help_text,), fixes=fixes)
