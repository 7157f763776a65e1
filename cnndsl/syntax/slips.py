"""Slips that are easily recognised: each has its own words and, where there is one reading, its fix.

A slip is a function from a place to a :class:`Mistake`, or None if it is another one. They are tried in the order of
``SLIPS``; a new one is a function and its line there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from ..diagnostics import Diagnostic, DiagnosticKind, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..diagnostics.suggest import nearest
from ..record import Record
from ..source import Source, Span
from .lexer import Token
from .tables import KEYWORDS

__all__ = ["LITERALS", "SLIPS", "WORDS", "Mistake", "Place"]

WORDS = frozenset(("NAME", "BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
LITERALS = frozenset(("NUMBER", "SIZE", "STRING", "TRUE", "FALSE", "LPAR", "LSQB", "CALLNAME", "INDEXED"))

_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
_OPERANDS = WORDS | {"NUMBER"}
_BEGINS_ARGUMENT = WORDS | {"NUMBER", "SIZE", "STRING", "LBRACE"}
_RESERVED = frozenset(KEYWORDS.values()) - WORDS | {"ELSE", "SHORTCUT"}


class Mistake(Record):
    """A diagnostic, and how reading goes on: with other tokens in place of the wrong ones, or behind the statement."""

    diagnostic: Diagnostic
    retry: list[Token] | None = None
    replaced: int = 1
    silences_line: bool = False


class Place:
    """A token that cannot stand where it stands, and what could."""

    def __init__(self, source: Source, tokens: list[Token], index: int, expected: set[str]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = index
        self.expected = expected
        self.token = tokens[index]

    def text(self, token: Token) -> str:
        return self.source.text[token.start : token.end]

    def span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def follows(self, *types: str) -> bool:
        """Whether the next token is one of these."""
        return self.index + 1 < len(self.tokens) and self.tokens[self.index + 1].type in types

    def previous(self, *types: str) -> bool:
        """Whether the token before is one of these."""
        return self.index > 0 and self.tokens[self.index - 1].type in types

    def between(self, index: int) -> str:
        """What stands between a token and the one before it."""
        return self.source.text[self.tokens[index - 1].end : self.tokens[index].start]

    @property
    def in_arguments(self) -> bool:
        """Whether an argument or the end of the statement may stand here."""
        return {"ARROW", "NUMBER", "NEWLINE"} <= self.expected

    @property
    def at_top(self) -> bool:
        """Whether a network or another item could begin here."""
        return "TRAIN" in self.expected and not self.expected & {"NAME", "LBRACE"}

    @property
    def at_statement(self) -> bool:
        """Whether a statement could begin here."""
        return "LET" in self.expected

    @property
    def beginning(self) -> int:
        """The index of the first token of the statement, behind its labels."""
        start = self.index
        while start and self.tokens[start - 1].type not in ("NEWLINE", "PIPE", "LBRACE", "COLON"):
            start -= 1
        return start

    @property
    def in_brackets(self) -> bool:
        """Whether ( or [ is open in this statement."""
        types = [token.type for token in self.tokens[self.beginning : self.index]]
        return sum(type_ in ("LPAR", "LSQB") for type_ in types) > sum(type_ in ("RPAR", "RSQB") for type_ in types)

    def inside(self, word: str) -> bool:
        """Whether the innermost braces are those of a match, or of training, by the token that begins them."""
        index, depth = self.index - 1, 0
        while index >= 0 and (depth or self.tokens[index].type != "LBRACE"):
            depth += {"RBRACE": 1, "LBRACE": -1}.get(self.tokens[index].type, 0)
            index -= 1
        while index >= 0 and self.tokens[index].type not in ("NEWLINE", word):
            index -= 1
        return index >= 0 and self.tokens[index].type == word

    def mistake(
        self,
        message: str,
        *help_: str,
        kind: DiagnosticKind = syntax.UNEXPECTED,
        at: Span | None = None,
        label: str = "",
        fix: tuple[str, str] | None = None,
        retry: list[Token] | None = None,
        replaced: int = 1,
        silences_line: bool = False,
    ) -> Mistake:
        """A mistake here, or ``at`` another span; ``fix`` is what the edit does and the text that it writes there."""
        span = at or self.span(self.token)
        fixes = (Fix(fix[0], (Edit(span, fix[1]),), True),) if fix else ()
        return Mistake(
            Diagnostic(kind, message, Label(span, label), help=help_, fixes=fixes), retry, replaced, silences_line
        )


def _comma(place: Place) -> Mistake | None:
    if place.token.type != "COMMA" or not place.in_arguments:
        return None
    edits = tuple(
        Edit(span, "" if place.source.text[span.end :][:1] in (" ", "\r", "\n") else " ") for span in _commas(place)
    )
    diagnostic = Diagnostic(
        syntax.CALL_PARENTHESES,
        "arguments are separated by blanks, not by commas",
        Label(place.span(place.token), "remove this comma"),
        help=("write `conv 64 3x3`",),
        fixes=(Fix("remove the commas", edits, True),),
    )
    return Mistake(diagnostic, [], silences_line=True)


def _commas(place: Place) -> Iterator[Span]:
    """This comma and those behind it that separate arguments of the same statement."""
    depth = 0
    for token in place.tokens[place.index :]:
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token.type in ("NEWLINE", "PIPE", "LBRACE", "RBRACE", "$END"):
            return
        if token.type == "COMMA" and not depth:
            yield place.span(token)


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
    if place.token.type != "EQUAL" or "COMPARISON" not in place.expected:
        return None
    if place.in_brackets and place.inside("TRAIN"):
        return _called_setting(place)
    retry = [place.token._replace(type="COMPARISON")]
    return place.mistake("`=` gives a value to a name; `==` compares", fix=("write `==`", "=="), retry=retry)


def _called_setting(place: Place) -> Mistake:
    """`optimizer adam(lr=0.1, momentum=0.9)`, up to the end of its line."""
    line = Span(place.source, place.tokens[place.beginning].start, place.source.rest_of_line(place.token.start)[1])
    inner, _, rest = line.text.partition("(")[2].rpartition(")")
    message = "the arguments of a setting stand behind it without parentheses and commas"
    head = line.text.partition("(")[0].replace("=", " ")
    if rest.strip(" \t\r,") or set("()[]") & set(inner):
        return place.mistake(message, "write it as in `optimizer sgd lr=0.1 momentum=0.9`", silences_line=True)
    written = " ".join(f"{head} {inner.replace(',', ' ')}".split())
    written = re.sub(r"\s*=\s*", "=", written)
    return place.mistake(
        message, f"write `{written}`", at=line, fix=(f"write `{written}`", written), silences_line=True
    )


def _colon(place: Place) -> Mistake | None:
    """`pad:1` in place of `pad=1`."""
    if place.token.type != "COLON" or not ("EQUAL" in place.expected and place.in_arguments):
        return None
    retry = [place.token._replace(type="EQUAL")]
    return place.mistake("an attribute gets its value by `=`", fix=("write `=`", "="), retry=retry)


def _setting(place: Place) -> Mistake | None:
    """`batch = 16` as a whole statement."""
    if place.token.type != "EQUAL" or place.index - 1 != place.beginning or not place.previous(*WORDS):
        return None
    name = place.text(place.tokens[place.index - 1])
    if not place.inside("TRAIN"):
        assigned = _assigned_layer(place, name) if place.follows("NAME", "REPEAT", "RESIDUAL") else None
        return assigned or _variable(place, name)
    if place.follows("CALLNAME"):
        return _called_setting(place)
    return _written_setting(place, place.tokens[place.index - 1], [])


def _variable(place: Place, name: str) -> Mistake:
    """`width = 64` without `let`; it makes a new variable, unless the name was there before."""
    before = place.tokens[place.index - 1]
    is_new = all(place.text(token) != name for token in place.tokens[: place.index - 1])
    edit = Edit(Span(place.source, before.start, before.start), "let ")
    fix = Fix(f"write `let {name} = ...`", (edit,), is_new)
    message = f"`{name} = ...` is no statement"
    help_ = (f"a variable is made by `let {name} = ...`",)
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(place.span(place.token)), help=help_, fixes=(fix,)))


def _labelled_setting(place: Place) -> Mistake | None:
    """`epochs: 90`."""
    if not place.at_statement or not place.previous("COLON") or not place.inside("TRAIN"):
        return None
    word = place.tokens[place.index - 2]
    return _written_setting(place, word, None) if word.type in WORDS else None


def _written_setting(place: Place, word: Token, retry: list[Token] | None) -> Mistake:
    """`epochs = 90,` is written `epochs 90`."""
    source, name = place.source, place.text(word)
    end = next(token.start for token in place.tokens[place.index :] if token.type in ("NEWLINE", "RBRACE", "$END"))
    sign = place.tokens[place.index if retry is not None else place.index - 1]
    rest = source.text[sign.end : end].strip(" \t")
    value = rest.rstrip(", \t")
    written = f"{name} {value}" if value else f"{name} ..."
    edits = [Edit(Span(source, word.end, sign.end + (source.text[sign.end : sign.end + 1] == " ")), " ")]
    if value != rest:
        edits.append(Edit(Span(source, sign.end + source.text[sign.end : end].rindex(value) + len(value), end), ""))
    fixes = (Fix(f"write `{written}`", tuple(edits), True),) if value else ()
    message = f"a setting of `train` has no `{place.text(sign)}`"
    help_ = (f"write `{written}`",)
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(place.span(sign)), help=help_, fixes=fixes)
    return Mistake(diagnostic, retry, silences_line=True)


def _assigned_layer(place: Place, name: str) -> Mistake | None:
    """``c1 = conv 64 3x3``: a label, unless the name is that of whatever flows by."""
    from ..foreign import FLOW, layer_named  # with its tables, which a text without mistakes does not need
    from ..ops import OPERATORS

    word, after = place.tokens[place.index + 1 : place.index + 3]
    called = word.type != "NAME" or after.type in _BEGINS_ARGUMENT  # as nothing in an expression is
    if not (called or layer_named(place.text(word), OPERATORS)):
        return None
    before = place.tokens[place.index - 1]
    short = name.rpartition(".")[2]
    message = "what a layer makes is given a name by a label, not by `=`"
    if short in FLOW:
        behind = place.tokens[place.index + 1].start
        fix = Fix(f"remove `{name} =`", (Edit(Span(place.source, before.start, behind), ""),), True)
        help_: tuple[str, ...] = ("each layer works on the value before it, which needs no name",)
    else:
        fix = Fix(f"write `{short}:`", (Edit(place.span(before).to(place.span(place.token)), f"{short}:"),), True)
        help_ = (f"write `{short}: ...`",)
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(place.span(place.token)), help=help_, fixes=(fix,)))


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
    if place.at_statement:
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
    if not simple:
        whole = _chain(place)
        if whole is None or comment:
            at = place.span(before).to(place.span(place.token))
            help_ = "write it in parentheses, as in `(2*n + 1)`"
            return place.mistake(message, help_, *comment, kind=syntax.UNCLEAR_MINUS, at=at)
        written = f"({whole.text})"
        add = ("add parentheses", written)
        return place.mistake(message, f"write `{written}`", kind=syntax.UNCLEAR_MINUS, at=whole, fix=add)
    span = place.span(before).to(place.span(after))
    if operator == "*" and before.type == after.type == "NUMBER" and len(span.text.split()) == 1:
        return _product(place, span)
    written = f"({place.text(before)} {operator} {place.text(after)})"
    fix = None if comment else ("add parentheses", written)
    return place.mistake(message, f"write `{written}`", *comment, kind=syntax.UNCLEAR_MINUS, at=span, fix=fix)


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


_ITEMS_ELSEWHERE = {
    **dict.fromkeys(("model", "net", "class", "module", "architecture", "graph", "cnn", "nn"), "network"),
    **dict.fromkeys(("def", "func", "fn", "function", "fun", "define", "macro", "layer", "component"), "block"),
    **dict.fromkeys(("training", "trainer", "fit", "hyperparameters", "solver", "config"), "train"),
    **dict.fromkeys(("import", "include", "using", "require", "load"), "use"),
}
"""What begins an item in other languages, and what does here."""


def _item_meant(place: Place) -> str | None:
    """The word for what begins here; of functions, those with a capital are networks."""
    text = place.text(place.token)
    meant = _ITEMS_ELSEWHERE.get(text.lower()) or nearest(text, ("network", "block", "train"))
    named = place.follows("NAME", "CALLNAME") and place.text(place.tokens[place.index + 1])[0].isupper()
    return "network" if meant == "block" and named and text.lower() in _ITEMS_ELSEWHERE else meant


def _import(place: Place) -> Mistake | None:
    """`import basic from std` and `from std import basic`; frameworks are imported nowhere."""
    if not place.at_top or (_ITEMS_ELSEWHERE.get(place.text(place.token)) != "use" and place.token.type != "FROM"):
        return None
    first, last = place.source.rest_of_line(place.token.start)
    line = Span(place.source, first, last)
    written = re.match(r"(?:from (?P<origin>\S+) )?\w+ (?P<names>\w+(?:, ?\w+)*)(?: from (?P<behind>\S+))?$", line.text)
    origin = written and (written["origin"] or written["behind"])
    message = f"`{place.text(place.token)}` begins nothing at the top of a file"
    help_ = ('blocks of another file are taken by `use name from "blocks.cnn"`; layers need nothing of the kind',)
    if not written or origin != "std":
        return place.mistake(message, *help_, silences_line=True)
    use = f"use {written['names']} from std"
    return place.mistake(message, f"write `{use}`", at=line, fix=(f"write `{use}`", use), silences_line=True)


def _top_level(place: Place) -> Mistake | None:
    if not place.at_top or place.token.type in ("NEWLINE", "$END"):
        return None
    text = place.text(place.token)
    meant = _item_meant(place) if place.token.type == "NAME" else None
    if meant is not None and not (meant == "use" or place.follows("COLON", "EQUAL")):
        line = itertools.takewhile(lambda token: token.type != "NEWLINE", place.tokens[place.index :])
        if not any(token.type == "LBRACE" for token in line):
            help_ = "write `train { ... }`" if meant == "train" else f"write `{meant} Name(...) {{ ... }}`, with braces"
            return place.mistake(f"`{text}` begins nothing at the top of a file", help_)
        goes_on = place.follows(*WORDS, "CALLNAME", "LBRACE")
        retry = [place.token._replace(type=meant.upper())] if goes_on else None
        message = f"`{text}` begins nothing at the top of a file"
        return place.mistake(message, label=f"did you mean `{meant}`?", fix=(f"write `{meant}`", meant), retry=retry)
    if text.startswith("/"):
        return place.mistake(f"`{text}` begins nothing at the top of a file", "a comment begins with `#`")
    message = f"`{text}` stands outside of any network"
    return place.mistake(
        message, "a file holds `network Name { ... }`, `block name(...) { ... }`, `train { ... }` and `use`"
    )


SLIPS: tuple[Callable[[Place], Mistake | None], ...] = (
    _import,
    _top_level,
    _comma,
    _arrow,
    _comparison,
    _colon,
    _setting,
    _labelled_setting,
    _reserved,
    _reserved_label,
    _match,
    _filter,
    _else_if,
    _lonely,
    _pipe,
    _arithmetic,
    _pairs,
    _brace_below,
)
