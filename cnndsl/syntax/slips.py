"""Slips that are easily recognised: each has its own words and, where there is one reading, its fix.

A slip is a function from a place to a :class:`Mistake`, or None if it is another one. They are tried in the order of
``SLIPS``; a new one is a function and its line there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place
from .pasted import word_behind
from .slips_at_the_top import foreign_import, top_level, use
from .slips_in_shapes import shape_in_bits
from .slips_in_values import double_equal, parameter, percent, plus
from .slips_of_lines import grouped_digits, letter_in_exponent, missing_sign, wrapped_line
from .slips_of_statements import nearly_right, shortcut_elsewhere, shortcut_without_its_word
from .slips_of_structure import body_without_braces, case, dictionary, header, two_bodies
from .slips_with_commas import comma
from .slips_with_equals import called_setting, labelled_setting, lonely_call, setting
from .tables import KEYWORDS

__all__ = ["SLIPS"]


_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
_OPERANDS = WORDS | {"NUMBER"}
_COMPUTED_SHAPE = "a shape that is computed is a tuple, as in `(2*n, 7, 7)`"
_RESERVED = frozenset(KEYWORDS.values()) - WORDS | {"ELSE", "SHORTCUT"}


def _arrow(place: Place) -> Mistake | None:
    """`=>` or `- >` in place of `->`."""
    if place.token.type not in ("EQUAL", "MINUS") or not (place.in_arguments and place.follows("COMPARISON")):
        return None
    after = place.tokens[place.index + 1]
    if place.text(after) != ">":
        return None
    span = place.span(place.token).to(place.span(after))
    retry = [Token("ARROW", span.start, span.end)]
    message = "a contract on a shape is written `->`"
    return place.mistake(message, at=span, fix=("write `->`", "->"), retry=retry, replaced=2)


def _comparison(place: Place) -> Mistake | None:
    """`=` where two values are compared."""
    if place.token.type != "EQUAL" or "COMPARISON" not in place.expected or place.follows("COMPARISON"):
        return None
    if place.in_brackets and place.inside("TRAIN"):
        return called_setting(place)
    retry = [place.token._replace(type="COMPARISON")]
    return place.mistake("`=` gives a value to a name; `==` compares", fix=("write `==`", "=="), retry=retry)


def _colon(place: Place) -> Mistake | None:
    """`pad:1` in place of `pad=1`, with all those behind it in the statement."""
    if place.token.type != "COLON" or not ("EQUAL" in place.expected and place.in_arguments):
        return None
    end = place.index
    while place.tokens[end].type not in ("NEWLINE", "PIPE", "LBRACE", "RBRACE", "$END"):
        end += 1
    tokens = place.tokens[place.index : end]
    edits = tuple(Edit(place.span(token), "=") for token in tokens if token.type == "COLON")
    retry = [token._replace(type="EQUAL") if token.type == "COLON" else token for token in tokens]
    message = "an attribute gets its value by `=`"
    fix = Fix("write `=`", edits, True)
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(place.span(place.token)), fixes=(fix,))
    return Mistake(diagnostic, retry, replaced=len(tokens))


def _reserved(place: Place) -> Mistake | None:
    """A word of the language as a name."""
    token = place.token
    if token.type not in _RESERVED or not place.expected & {"NAME", "STRING"}:
        return None
    if not place.follows("COLON", "EQUAL", "COMMA", "RPAR") and not place.previous("LET", "AS"):
        return None
    word = place.text(token)
    retry: list[Token] | None = [token._replace(type="NAME")]
    if token.type in ("ELSE", "SHORTCUT") and place.index and "\n" in place.between(place.index):
        retry = None  # these words swallow the line end before them: what they begin is a statement of its own
    message = f"`{word}` is a word of the language and cannot be a name"
    if place.at_statement and place.follows("COLON"):
        return place.mistake(
            message, f'as a label it can stand in quotes: `"{word}": ...`', fix=("quote it", f'"{word}"'), retry=retry
        )
    return place.mistake(message, "choose another name", retry=retry)


def _reserved_label(place: Place) -> Mistake | None:
    """A word of the language as a label, where a statement may begin with the word: `residual: conv 8 3x3`."""
    word = place.tokens[place.index - 1]
    if place.token.type != "COLON" or word.type not in _RESERVED or "COLON" in place.expected:
        return None
    text = place.text(word)
    message = f"`{text}` is a word of the language and cannot be a name"
    help_ = f'as a label it can stand in quotes: `"{text}": ...`'
    return place.mistake(message, help_, at=place.span(word), fix=("quote it", f'"{text}"'))


def _match(place: Place) -> Mistake | None:
    """`conv match depth { ... }`."""
    if place.token.type != "MATCH":
        return None
    return place.mistake("`match` stands only behind `let`", "write `let channels = match depth { ... }` above")


def _filter(place: Place) -> Mistake | None:
    """`[i for i in range(4) if i > 1]`."""
    if place.token.type != "RSQB" or "ELSE" not in place.expected:
        return None
    types = [token.type for token in place.tokens[place.beginning : place.index]]
    if "FOR" not in types or "IF" not in types[types.index("FOR") :]:
        return None
    condition = place.tokens[place.beginning + len(types) - 1 - types[::-1].index("IF")]
    message = "a list in brackets takes every element: it has no condition"
    return place.mistake(message, "choose the elements by hand, or by a slice", at=place.span(condition))


def _else_if(place: Place) -> Mistake | None:
    token = place.token
    if "ELSE" not in place.expected or place.text(token) not in ("elif", "elsif", "elseif"):
        return None
    retry = [Token("ELSE", token.start, token.end), Token("IF", token.end, token.end)]
    message = f"`{place.text(token)}` is written `else if`"
    return place.mistake(message, fix=("write `else if`", "else if"), retry=retry)


def _lonely(place: Place) -> Mistake | None:
    """`else` and `shortcut` without what they belong to."""
    owner = {"ELSE": "if", "SHORTCUT": "residual"}.get(place.token.type)
    if owner is None or not (place.expected & {"NEWLINE", "LET"}):
        return None
    word = place.text(place.token)
    return place.mistake(
        f"this `{word}` belongs to no `{owner}`", f"it stands behind the closing brace of its `{owner}`"
    )


def _pipe(place: Place) -> Mistake | None:
    """A `|` that nothing follows."""
    if not place.at_statement or not place.previous("PIPE"):
        return None
    if place.token.type not in ("PIPE", "RBRACE", "NEWLINE", "$END"):
        return None
    pipe = place.span(place.tokens[place.index - 1])
    more = 0
    while place.tokens[place.index + more].type == "PIPE":
        more += 1
    retry: list[Token] | None = [] if more else None
    return place.mistake("no layer follows this `|`", "add one, or remove the `|`", at=pipe, retry=retry, replaced=more)


def _names_with_signs(place: Place, before: Token, after: Token) -> Mistake | None:
    """`add left + right`."""
    word = place.text(place.tokens[place.beginning])
    if word not in ("concat", "add", "mul") or place.text(place.token) not in "+*":
        return None
    written = f"{place.text(before)} {place.text(after)}"
    help_ = f"write `{word} {written}`"
    at = place.span(before).to(place.span(after))
    return place.mistake(
        "values that are named stand behind the word, without signs", help_, at=at, fix=(help_, written)
    )


def _arithmetic(place: Place) -> Mistake | None:
    """`n-1` among arguments."""
    if place.token.type not in _ARITHMETIC or "NEWLINE" not in place.expected or not place.index:
        return None
    before, after = place.tokens[place.index - 1], place.tokens[place.index + 1]
    operator = place.text(place.token)
    comment = ("if this is a comment, begin it with `#`",) if operator == "//" else ()
    if place.index - 1 == place.beginning or place.previous("RBRACE"):
        return place.mistake(f"`{operator}` has nothing on its left", *comment)
    message = "arithmetic among arguments needs parentheses"
    chained = place.index + 2 < len(place.tokens) and place.tokens[place.index + 2].type in _ARITHMETIC
    simple = before.type in _OPERANDS and after.type in _OPERANDS and not chained
    otherwise = _names_with_signs(place, before, after) if simple else None
    if operator == "-" and place.inside("TRAIN"):
        otherwise = _hyphened(place)
    if otherwise is not None:
        return otherwise
    if not simple:
        whole = _chain(place)
        if whole is None or comment:
            at = place.span(before).to(place.span(place.token))
            help_ = "write it in parentheses, as in `(2*n + 1)`"
            return place.mistake(message, help_, *comment, kind=syntax.UNCLEAR_MINUS, at=at)
        written = f"({whole.text})"
        add = None if _is_doubtful(place, whole) else ("add parentheses", written)
        help_ = _COMPUTED_SHAPE if _in_contract(place) else f"write `{written}`"
        return place.mistake(message, help_, kind=syntax.UNCLEAR_MINUS, at=whole, fix=add)
    span = place.span(before).to(place.span(after))
    if operator == "*" and before.type == after.type == "NUMBER" and len(span.text.split()) == 1:
        return _product(place, span)
    written = f"({place.text(before)} {operator} {place.text(after)})"
    fix = None if comment or _is_doubtful(place, span) else ("add parentheses", written)
    help_ = _COMPUTED_SHAPE if _in_contract(place) else f"write `{written}`"
    return place.mistake(message, help_, *comment, kind=syntax.UNCLEAR_MINUS, at=span, fix=fix)


def _hyphened(place: Place) -> Mistake | None:
    """`loss cross-entropy`, `data cifar-10`."""
    from ..explain.foreign.settings import choice_meant, setting_of  # with its tables, which only a mistake needs

    start = place.tokens[place.index - 1].start
    found = re.match(r"\w+(?:-\w+)+", place.source.text[start:])
    setting = setting_of(found[0].replace("-", "")) if found else None
    if found is None or setting is None:
        return None
    meant = choice_meant(setting, found[0])
    at = Span(place.source, start, start + found.end())
    return place.mistake("a name has no `-`", f"write `{meant}`", at=at, fix=(f"write `{meant}`", str(meant)))


def _in_contract(place: Place) -> bool:
    return any(token.type == "ARROW" for token in place.tokens[place.beginning : place.index])


def _is_doubtful(place: Place, whole: Span) -> bool:
    """Whether a sum is an extent of a shape that is written in bits, or adds a layer: parentheses alone mend neither."""
    if _in_contract(place):
        return True
    from ..ops import OPERATORS  # only a text with such a sum needs them

    return any(word in OPERATORS for word in re.findall(r"\w+", whole.text))


def _chain(place: Place) -> Span | None:
    """The whole of `64 * 2**s`: names and numbers with an operator between each two; None if it is less plain."""
    first = last = place.tokens[place.index - 1]
    for operator, operand in zip(place.tokens[place.index :: 2], place.tokens[place.index + 1 :: 2], strict=False):
        if operator.type not in _ARITHMETIC:
            break
        last = operand
        if operand.type not in _OPERANDS or place.text(operator) == "//":
            return None
    return place.span(first).to(place.span(last)) if first.type in _OPERANDS else None


def _product(place: Place, span: Span) -> Mistake:
    """``3*3``: two equal numbers are a size; of others nobody knows."""
    left, _, right = span.text.partition("*")
    size, product = f"{left}x{right}", f"({left} * {right})"
    fixes = (
        Fix(f"write `{size}`", (Edit(span, size),), left == right),
        Fix(f"write `{product}`", (Edit(span, product),)),
    )
    message = f"`{span.text}` is neither a size nor a product"
    help_ = (f"write `{size}` for a size, `{product}` for the product",)
    return Mistake(Diagnostic(syntax.UNCLEAR_MINUS, message, Label(span), help=help_, fixes=fixes))


def _pairs(place: Place) -> Mistake | None:
    """`for i, n in counts` and `for i, n in enumerate(counts)`."""
    if place.token.type != "COMMA" or "IN" not in place.expected or place.tokens[place.beginning].type != "FOR":
        return None
    line = Span(place.source, place.token.start, place.source.rest_of_line(place.token.start)[1])
    first = place.text(place.tokens[place.beginning + 1])
    written = re.match(r",\s*(\w+)\s+in\s+enumerate\((\w+)\)", line.text)
    if written:
        begin = place.tokens[place.beginning + 1].start
        loop = f"{written[1]} in {written[2]} as {first}"
        at = Span(place.source, begin, line.start + written.end())
        message = "the index of a loop stands behind `as`"
        return place.mistake(message, f"write `for {loop}`", at=at, fix=(f"write `for {loop}`", loop))
    pair = re.match(r",\s*(\w+)", line.text)
    second = pair[1] if pair else "b"
    message = "names that take a pair apart stand in parentheses"
    return place.mistake(message, f"write `for ({first}, {second}) in ...`; an index stands behind `as`")


def _brace_below(place: Place) -> Mistake | None:
    """A `{` on the line below what it belongs to."""
    if place.token.type != "NEWLINE" or "LBRACE" not in place.expected or "NEWLINE" in place.expected:
        return None
    if not place.follows("LBRACE"):
        return None
    before, brace = place.span(place.tokens[place.index - 1]), place.span(place.tokens[place.index + 1])
    blank = Span(place.source, before.end, brace.end)
    fixes = (Fix("move it up", (Edit(blank, " {"),), True),) if not blank.text[:-1].strip() else ()
    message = f"the `{{` of `{place.text(place.tokens[place.beginning])}` stands on the same line"
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(brace, "move it up"), fixes=fixes), [])


SLIPS: tuple[Callable[[Place], Mistake | None], ...] = (
    word_behind,
    foreign_import,
    use,
    top_level,
    shape_in_bits,
    shortcut_without_its_word,
    shortcut_elsewhere,
    nearly_right,
    comma,
    percent,
    plus,
    double_equal,
    parameter,
    header,
    case,
    dictionary,
    body_without_braces,
    two_bodies,
    _arrow,
    _comparison,
    _colon,
    wrapped_line,
    setting,
    labelled_setting,
    lonely_call,
    grouped_digits,
    missing_sign,
    _reserved,
    _reserved_label,
    _match,
    _filter,
    _else_if,
    _lonely,
    _pipe,
    letter_in_exponent,
    _arithmetic,
    _pairs,
    _brace_below,
)
