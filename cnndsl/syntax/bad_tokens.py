"""What is wrong with a stretch of text that is no token: numbers, strings and characters that are not well formed."""

from __future__ import annotations

import re
from functools import cache

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .digits import digits_meant
from .lexer import Token

__all__ = ["MAX_NUMBER", "explain_bad_token"]

MAX_NUMBER = 64
"""The most characters that a number may have."""

# What people write who come from elsewhere, and what it is here.
_FOREIGN = {
    "&": "the word for it is `and`",
    "!": "the word for it is `not`; unequal is `!=`",
    "'": "strings stand in double quotes, and words such as `same` in none",
    "^": "a power is written `**`, as in `2**s`",
    "?": "a choice is written `(2 if i == 0 else 1)`",
    "`": "strings stand in double quotes, and words such as `same` in none",
    "$": "a variable is written by its name alone",
    "\\": "a line goes on if the next one begins with `|`",
}
_OPERATORS_ELSEWHERE = {"&": "and", "!": "not", "^": "**"}
_SECOND_EXTENT = re.compile(r"[ \t]+([0-9]+)\b")
_SUFFIXED = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)[fFdDlL]\b")
_TIMES = re.compile(r"[0-9]+[xX]")
_EXTENTS = re.compile(r"[0-9]+(?:x(?:[A-Z]|_|[0-9]+))+")
_MAPS = re.compile(r"[0-9]+(?:[ \t]*[x@\u00d7*][ \t]*[0-9]+)+")
_CURLY = frozenset("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2033\uff02")
_QUOTES = _CURLY | {'"'}


def explain_bad_token(source: Source, token: Token) -> Diagnostic:
    """The diagnostic of a BAD_ token, or of a number that is too long."""
    span = Span(source, token.start, token.end)
    if token.type == "BAD_STRING":
        help_ = ('add a `"` at its end',)
        return Diagnostic(syntax.UNCLOSED_STRING, "this string does not end on its line", Label(span), help=help_)
    if token.type == "BAD_QUOTED":
        return _explain_quotes(span)
    if token.type == "BAD_CHARACTER":
        return _explain_character(span)
    return _explain_number(span)


def _explain_character(span: Span) -> Diagnostic:
    character = span.text
    message = f"the character `{character}` has no meaning here"
    if character == ";":
        return _semicolon(span)
    if character in _CURLY:
        return _curly(span, message)
    maps = _maps(span) if character in "@\u00d7" else None
    if maps is not None:
        return maps
    from .look_alikes import look_alike  # with its tables, which only a strange character needs

    meant = look_alike(span)
    if meant is not None:
        fix = Fix(_doing(meant.written), (Edit(meant.span, meant.written),), True)
        return Diagnostic(syntax.BAD_CHARACTER, meant.message, Label(meant.span), help=(meant.help,), fixes=(fix,))
    return _sign_elsewhere(span, message)


def _sign_elsewhere(span: Span, message: str) -> Diagnostic:
    """A sign that other languages have."""
    character, text = span.text, span.source.text
    if text.startswith("~=", span.start):
        whole = span.replace(end=span.end + 1)
        fix = Fix("write `!=`", (Edit(whole, "!="),), True)
        return Diagnostic(syntax.BAD_CHARACTER, "unequal is written `!=`, not `~=`", Label(whole), fixes=(fix,))
    if character in _OPERATORS_ELSEWHERE:
        return _operator(span, message)
    help_ = (_FOREIGN[character],) if character in _FOREIGN else ()
    if character.isalpha():
        help_ = ("names have the letters A to Z, digits and `_`; comments and texts may be in any script",)
    elif not character.isascii():
        help_ = ("remove it, or put it in a comment, behind `#`",)
    return Diagnostic(syntax.BAD_CHARACTER, message, Label(span), help=help_)


def _maps(span: Span) -> Diagnostic | None:
    """``16@5x5`` of papers: behind ``->`` and `input` a shape, elsewhere channels and a window."""
    source = span.source
    begin = source.text.rfind("\n", 0, span.start) + 1
    found = next((each for each in _MAPS.finditer(source.text, begin) if each.start() < span.start < each.end()), None)
    if found is None or "@" not in found[0]:
        return None
    before = source.text[begin : found.start()].rstrip()
    size = re.sub(r"[^0-9]+", "x", found[0])
    if "@" in found[0] and not before.endswith(("->", "input")):
        size = re.sub(r"[ \t]*@[ \t]*", " ", re.sub(r"[ \t]*[x\u00d7*][ \t]*", "x", found[0]))
    whole = Span(source, found.start(), found.end())
    message = f"the character `{span.text}` has no meaning here"
    fix = Fix(f"write `{size}`", (Edit(whole, size),), True)
    return Diagnostic(syntax.BAD_CHARACTER, message, Label(span), help=(f"write `{size}`",), fixes=(fix,))


def _operator(span: Span, message: str) -> Diagnostic:
    """`&&`, `||` is a pipe; a power and a negation in the signs of C."""
    text, written = span.source.text, _OPERATORS_ELSEWHERE[span.text]
    power = _power(span) if span.text == "^" else None
    if power is not None:
        fix = Fix(f"write `({power[1]})`", (Edit(power[0], f"({power[1]})"),), True)
        help_ = (f"a power is written `**`, and stands in parentheses: `({power[1]})`",)
        return Diagnostic(syntax.BAD_CHARACTER, message, Label(span), help=help_, fixes=(fix,))
    whole = span.replace(end=span.end + (span.text == "&" and text[span.end : span.end + 1] == "&"))
    blank = " " if span.text == "!" else ""
    fix = Fix(f"write `{written}`", (Edit(whole, written + blank),), True)
    return Diagnostic(syntax.BAD_CHARACTER, message, Label(whole), help=(_FOREIGN[span.text],), fixes=(fix,))


def _power(span: Span) -> tuple[Span, str] | None:
    """The whole of ``2^s`` among arguments, where arithmetic needs parentheses, and how it is written; None elsewhere."""
    text = span.source.text
    begin = text.rfind("\n", 0, span.start) + 1
    line = re.split(r"[|{]", text[begin : span.start])[-1]
    computes = re.match(r"\s*(?:let|if|else|repeat|for|expect)\b", line)
    left, right = re.search(r"[\w.]+[ \t]*$", line), re.match(r"[ \t]*[\w.]+", text[span.end :])
    if computes or line.count("(") > line.count(")") or left is None or right is None:
        return None
    start, end = span.start - len(left[0]), span.end + right.end()
    return Span(span.source, start, end), f"{left[0].strip()}**{right[0].strip()}"


def _explain_quotes(span: Span) -> Diagnostic:
    """``'same'``: a word of the language stands bare, any other text in double quotes."""
    text = span.text[1:-1]
    behind = span.source.text[span.start - 1 : span.start] == "="
    written = text if behind and text in _words() else f'"{text}"'
    fixes = (Fix(f"write `{written}`", (Edit(span, written),), True),) if '"' not in text else ()
    help_ = ("strings stand in double quotes, and words such as `same` in none",)
    message = "single quotes have no meaning here"
    return Diagnostic(syntax.BAD_CHARACTER, message, Label(span), help=help_, fixes=fixes)


@cache
def _words() -> frozenset[str]:
    """The words that stand for themselves as values of attributes."""
    from ..ops import OPERATORS  # only a text with single quotes needs them

    infos = [info for operator in OPERATORS.values() for info in operator.attributes().values()]
    return frozenset(word for info in infos for word in info.type.words)


def _doing(written: str) -> str:
    return f"write `{written}`" if written.strip() else "write a blank" if written else "remove it"


def _curly(span: Span, message: str) -> Diagnostic:
    """A curly quote and the one that closes it, which alone would leave a string without an end."""
    source = span.source
    first, last = source.rest_of_line(span.end)
    closing = next((offset for offset in range(first, last) if source.text[offset] in _QUOTES), None)
    whole = span if closing is None else span.replace(end=closing + 1)
    places = (whole.start,) if closing is None else (whole.start, closing)
    edits = tuple(Edit(Span(source, offset, offset + 1), '"') for offset in places)
    fix = Fix("write straight quotes", edits, closing is not None)
    return Diagnostic(
        syntax.BAD_CHARACTER, message, Label(whole), help=('quotes are straight here: `"`',), fixes=(fix,)
    )


def _semicolon(span: Span) -> Diagnostic:
    source = span.source
    rest = source.text[span.end : source.rest_of_line(span.end)[1]]
    last = not rest.strip() or rest.lstrip().startswith("#")
    line = source.text[source.text.rfind("\n", 0, span.start) + 1 : span.start]
    if line.count("(") > line.count(")"):
        fix = Fix("write `,`", (Edit(span, ","),), True)
        help_ = ("inside parentheses a comma stands between two",)
        return Diagnostic(
            syntax.BAD_CHARACTER, "the character `;` has no meaning here", Label(span), help=help_, fixes=(fix,)
        )
    fix = Fix("write `|` between two, and nothing at the end", (Edit(span, "" if last else " |"),), True)
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
    known = _of_elsewhere(span)
    if known is not None:
        return known
    behind = _SECOND_EXTENT.match(span.source.text, span.end)
    if behind and text[:-1].isdigit() and text[-1] in "xX":
        whole = Span(span.source, span.start, behind.end())
        return _number(whole, f"`{whole.text}` is not a size", "a size has no blanks", f"{text.lower()}{behind[1]}")
    meant = digits_meant(text)
    if meant:
        kind = "size" if "x" in meant else "number"
        return _number(
            span, f"`{text}` is not a {kind}", f"a letter stands where a digit belongs: write `{meant}`", meant
        )
    if "x" in text.lower() and set(text.lower()) <= set("0123456789x?."):
        return _number(span, f"`{text}` is not a size", "a size is whole numbers with x between them, such as 6x28x28")
    return _plain_number(span)


def _plain_number(span: Span) -> Diagnostic:
    """What is wrong with a number that is not meant for a size."""
    text = span.text
    if text.endswith(".") and text[:-1].isdigit():
        return _number(span, f"`{text}` is not a number", f"write `{text[:-1]}` or `{text}0`", text[:-1])
    if text[-1] in "KmgtB" and text[:-1].replace(".", "").isdigit():
        return _number(span, f"`{text}` is not a number", "the suffixes are k, M, G and T, as in 10k")
    return _number(
        span, f"`{text}` is not a number", "numbers look like 3, 0.01, 1e-4 or 2M, and names begin with a letter or `_`"
    )


def _of_elsewhere(span: Span) -> Diagnostic | None:
    """Numbers with the suffix of a type, ``1e-3f``, and counts as they are spoken, ``3x conv 64 3x3`` and ``repeat 3x``."""
    source, text = span.source, span.text
    found = _SUFFIXED.match(source.text, span.start)
    if found is not None:
        whole = Span(source, span.start, found.end())
        return _number(
            whole,
            f"`{whole.text}` is not a number",
            f"write `{found[1]}`: a number has no suffix for its type",
            found[1],
        )
    letters = _EXTENTS.fullmatch(text)
    if letters is not None:
        free = "x".join(extent if extent.isdigit() else "?" for extent in text.split("x"))
        diagnostic = _number(span, f"`{text}` is not a size", f"`?` stands for an extent that may be any: `{free}`")
        return diagnostic.replace(fixes=(Fix(f"write `{free}`", (Edit(span, free),)),))
    if not _TIMES.fullmatch(text):
        return None
    line = source.text[: span.start].rpartition("\n")[2]
    rest = source.text[span.start : source.rest_of_line(span.start)[1]].partition("#")[0].rstrip()
    if not line.strip():
        from .slips_of_statements import repeated_layer

        return repeated_layer(Span(source, span.start, span.start + len(rest)))
    if line.split()[-1] == "repeat" or len(text) == len(rest):
        return _number(span, f"`{text}` is not a number", f"a number stands alone: `{text[:-1]}`", text[:-1])
    return None


def _is_size(text: str) -> bool:
    extents = text.split("x")
    return len(extents) > 1 and all(extent == "?" or extent.isdigit() for extent in extents)


def _number(span: Span, message: str, help_text: str, replacement: str = "") -> Diagnostic:
    fixes = (Fix(f"write `{replacement}`", (Edit(span, replacement),), True),) if replacement else ()
    return Diagnostic(syntax.BAD_NUMBER, message, Label(span), help=(help_text,), fixes=fixes)
