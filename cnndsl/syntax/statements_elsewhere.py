"""Statements as other languages begin them: `foreach`, `const`, `while`, `def`. Those that have a counterpart are read as it,
and the others are one mistake with all that stands in their braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..record import Record
from ..source import Source, Span
from .joins_elsewhere import join
from .labels_elsewhere import computed_label
from .lexer import Token, tokenize
from .tables import KEPT
from .top_elsewhere import DECLARING

__all__ = ["ITEMS", "refused", "take_refused", "take_statements"]

ITEMS = {
    "class": "network",
    **dict.fromkeys(("def", "func", "fn", "function", "fun", "define", "macro"), "block"),
}
"""What defines something in other languages, and the item that it is here."""

_METHODS = frozenset(("forward", "__init__", "call", "build", "__call__"))
_LOOPS = "`repeat 3 { ... }` repeats layers, `for c in [16, 32] { ... }` goes through a list"
_CHOICES = "layers are chosen by `if depth == 18 { ... } else { ... }`, values by `let n = match depth { ... }`"
_REFUSED = {
    "while": ("there is no `while`: how often layers repeat is known before anything runs", _LOOPS),
    "until": ("there is no `until`: how often layers repeat is known before anything runs", _LOOPS),
    "switch": ("there is no `switch`", _CHOICES),
    "select": ("there is no `select`", _CHOICES),
    "case": ("there is no `case`", _CHOICES),
    "match": ("`match` stands only behind `let`", _CHOICES),
    "assert": ("a shape is asserted behind its layer", "write it as in `conv 64 3x3 -> 64x32x32`"),
    "try": ("there is no `try`: a spec has layers only", "what is wrong with a spec, `cnndsl check` says"),
    "with": ("`with` begins nothing here", "a spec has layers only: write those in its place"),
}
_COUNTS = re.compile(r"for\s*\(?\s*(\w+)\s*=\s*(\d+)\s*(?:to|:|\.\.\.?|,)\s*(\d+)")
"""A loop from one number through another."""
_LONGEST = 400
_BEGINS = frozenset(("NEWLINE", "PIPE", "LBRACE", "RBRACE", "ELSE"))
_ENDS = frozenset(("NEWLINE", "RBRACE", "PIPE"))
_DECLARES = rf"(?:{'|'.join(sorted(DECLARING))}|let\s+(?:mut|const|var))"
_MAKES = "a variable is made by `let name = ...`"
_LOOP = "a loop is written `for name in list { ... }`"
_LABEL = "a name for what a layer makes is a label before it"
_REPEATS = "layers are repeated by `repeat 3 { ... }`"
_VALUE = r"(?P<value>[^=\s][^;]*?);?"


_WORDS = frozenset(
    (
        *DECLARING,
        *("while", "until", "switch", "select", "case", "unless", "loop", "times", "foreach", "class", "fn", "func"),
        *("function", "assert"),
    )
)
"""Words that begin no statement here."""


class _Idiom(Record):
    """How a statement or its beginning is written elsewhere, and a template of how it is written here."""

    pattern: re.Pattern[str]
    here: str
    message: str


def _idiom(pattern: str, here: str, message: str) -> _Idiom:
    return _Idiom(re.compile(pattern), here, message)


_IDIOMS = (
    _idiom(rf"{_DECLARES}\s+(?P<name>\w+)\s*(?::\s*\w+\s*)?:?=\s*{_VALUE}$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(rf"(?:set|const|var|val)\s+(?P<name>[a-z]\w*)\s+{_VALUE}$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(rf"let\s+(?P<name>\w+)\s*(?::\s*[a-z]+\s*=|:=)\s*{_VALUE}$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(rf"let\s+(?P<name>\w+)\s*:\s*{_VALUE}$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(r"let\s+(?P<name>\w+)\s+(?P<value>[\d(\[\"][^;]*?);?$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(rf"(?P<name>[A-Za-z_]\w*)\s*:=\s*{_VALUE}$", r"let \g<name> = \g<value>", _MAKES),
    _idiom(
        r"let\s+\(?(?P<names>\w+(?:\s*,\s*\w+)+)\)?\s*=\s*\(?(?P<values>[^,()=\[\]]+(?:,[^,()=\[\]]+)+)\)?;?$",
        r"let (\g<names>) = (\g<values>)",
        "names that take several values stand in parentheses, and so do the values",
    ),
    _idiom(
        r"let\s+(?P<a>\w+)\s*=\s*(?P<x>[\w.]+)\s*,\s*(?P<b>\w+)\s*=\s*(?P<y>[\w.]+);?$",
        r"let (\g<a>, \g<b>) = (\g<x>, \g<y>)",
        "one `let` makes one variable, or takes a list of values apart",
    ),
    _idiom(r"@(?P<name>\w+):?\s+(?P<layer>[a-z][^|{}]*)$", r"\g<name>: \g<layer>", _LABEL),
    _idiom(
        r"for\s*\(?\s*(?:(?:int|let|var|auto|size_t)\s+)?(?P<name>\w+)\s*:?=\s*0\s*;\s*(?P=name)\s*<\s*"
        r"(?P<count>[\w.]+)\s*;[^{]*\{",
        r"repeat \g<count> as \g<name> {",
        "a loop that counts is written `repeat 3 as i { ... }`",
    ),
    _idiom(
        r"for\s+(?P<name>\w+)\s+in\s+0\s*\.\.<?\s*(?P<count>\w+)\s*\{",
        r"repeat \g<count> as \g<name> {",
        "a loop that counts is written `repeat 3 as i { ... }`",
    ),
    _idiom(
        r"for(?:\s*each)?\s*\(\s*(?:(?:let|const|var|auto|int)\s+)?(?P<name>\w+)\s*(?:in\b|of\b|:)\s*(?P<list>.+)\)\s*\{",
        r"for \g<name> in \g<list> {",
        _LOOP,
    ),
    _idiom(
        r"(?:for(?:\s*each)?|loop)\s+(?:(?:let|const|var|each|auto|over)\s+)?(?P<name>\w+)\s*(?:in\b|of\b|:=?\s*range)\s*"
        r"(?P<list>.+?)\s*\{",
        r"for \g<name> in \g<list> {",
        _LOOP,
    ),
    _idiom(
        r"for\s+(?P<index>\w+)\s*,\s*(?P<name>\w+)\s*:=\s*range\s+(?P<list>.+?)\s*\{",
        r"for \g<name> in \g<list> as \g<index> {",
        _LOOP,
    ),
    _idiom(r"repeat\s+(?P<name>\w+)\s+in\s+(?P<list>.+?)\s*\{", r"for \g<name> in \g<list> {", _LOOP),
    _idiom(
        r"(?:for|loop|repeat|times|do)?\s*\(?(?P<count>\d+)\)?\s*(?:times|\*)\s*\{", r"repeat \g<count> {", _REPEATS
    ),
    _idiom(r"(?:repeat|loop|for)\s*x(?P<count>\d+)\s*\{", r"repeat \g<count> {", _REPEATS),
    _idiom(r"(?:for|loop|times)\s*\(?(?P<count>\d+)\)?\s*\{", r"repeat \g<count> {", _REPEATS),
    _idiom(
        r"(?:repeat|loop)\s+(?P<count>[\w.]+)\s*(?:times\s*)?(?:,|with|using|index)\s*(?P<name>\w+)\s*\{",
        r"repeat \g<count> as \g<name> {",
        "the index of a loop stands behind `as`",
    ),
    _idiom(r"if\s+(?P<condition>[^{]+?)\s+(?:then|do|begin)\s*\{", r"if \g<condition> {", "`{` follows the condition"),
    _idiom(
        r"(?P<head>(?:repeat|for)\s[^{]+?)\s+(?:do|begin)\s*\{", r"\g<head> {", "`{` stands behind what is repeated"
    ),
)


def take_statements(
    source: Source, tokens: list[Token], diagnostics: Diagnostics, is_broken: bool
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report them; the tokens of what is meant in their place, and the stretches about which all is said.

    Unless the text ``is_broken``, only those are meant whose words are of no use here.
    """
    kept: list[Token] = []
    said: list[tuple[int, int]] = []
    past = 0
    for index, token in enumerate(tokens):
        if index < past:
            continue
        begins = not index or tokens[index - 1].type in _BEGINS
        found = _statement(source, tokens, index, is_broken) if begins and not diagnostics.is_full else None
        if found is None:
            kept.append(token)
            continue
        diagnostic, written, end = found
        diagnostics.report(diagnostic)
        past = index + 1
        while past < len(tokens) and tokens[past].start < end:
            past += 1
        if written and written[0].type == "ELSE" and kept and kept[-1].type == "NEWLINE":
            kept.pop()  # an `else` takes the line end before it
        kept += written
        said.append((token.start, end))
    return kept, said


_Found = tuple[Diagnostic, list[Token], int]


def _statement(source: Source, tokens: list[Token], index: int, is_broken: bool) -> _Found | None:
    """What is said of the statement that begins here, its tokens in our words, and where what they replace ends."""
    token = tokens[index]
    if token.type in _BEGINS or not (is_broken or source.text[token.start : token.end] in _WORDS):
        return None
    label = computed_label(source, token.start)
    if label is not None and is_broken and not _in_match(tokens, index):
        return label[0], [], label[1]
    word = source.text[token.start : token.end]
    if word in ("elif", "elsif", "elseif") and index > 1 and tokens[index - 2].type == "RBRACE":
        return _else_if(source, token)
    line = _code(source, token.start)
    if not line:
        return None
    joined = join(source, token.start, line) if is_broken else None
    if joined is not None:
        stretch = token.start, token.start + len(line)
        return joined, [Token("ELSEWHERE", *stretch)], stretch[1]
    for idiom in _IDIOMS:
        match = idiom.pattern.match(line)
        if (
            match
            and not _is_defined(source, word)
            and "".join(match.expand(idiom.here).split()) != "".join(match[0].split())
        ):
            return _written(source, token, match, idiom)
    return None


def take_refused(
    source: Source, tokens: list[Token], diagnostics: Diagnostics, is_broken: bool
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report statements that have no counterpart, with their bodies in braces; the tokens with one for each of them."""
    kept: list[Token] = []
    said: list[tuple[int, int]] = []
    past = 0
    for index, token in enumerate(tokens):
        if token.start < past:
            continue
        begins = not index or tokens[index - 1].type in _BEGINS
        found = _refused_here(source, tokens, index, is_broken) if begins and not diagnostics.is_full else None
        if found is None:
            kept.append(token)
            continue
        diagnostic, past = found
        diagnostics.report(diagnostic)
        kept.append(Token("ELSEWHERE", token.start, past))
        said.append((token.start, past))
    return kept, said


def _refused_here(source: Source, tokens: list[Token], index: int, is_broken: bool) -> tuple[Diagnostic, int] | None:
    token = tokens[index]
    word = source.text[token.start : token.end]
    if word not in _WORDS and not (is_broken and (word in _REFUSED or word == "for")):
        return None
    end = _end_of_body(tokens, index)
    if end is None and word in _REFUSED and not _code(source, token.start).endswith((":", "{")):
        end = next(place for place in range(index, len(tokens)) if _is_last(tokens, place))
    if end is None or _in_match(tokens, index):
        return None
    refusal = refused(source, tokens, index, end)
    return (refusal, tokens[end].end) if refusal is not None and not _is_defined(source, word) else None


def _in_match(tokens: list[Token], index: int) -> bool:
    """Whether the innermost braces are those of a `match`: its cases look like labels."""
    depth = 0
    while index and (depth or tokens[index].type != "LBRACE"):
        depth += (tokens[index].type == "RBRACE") - (tokens[index].type == "LBRACE")
        index -= 1
    while index and tokens[index].type not in ("NEWLINE", "MATCH"):
        index -= 1
    return tokens[index].type == "MATCH"


def _written(source: Source, token: Token, match: re.Match[str], idiom: _Idiom) -> _Found:
    written = match.expand(idiom.here)
    span = Span(source, token.start, token.start + match.end())
    shown = f"{written} ... }}" if written.endswith("{") else written
    diagnostic = Diagnostic(
        syntax.UNEXPECTED,
        idiom.message,
        Label(span),
        help=(f"write `{shown}`",),
        fixes=(Fix(f"write `{written}`", (Edit(span, written),), True),),
    )
    return diagnostic, list(_tokens(span, written)), span.end


def _tokens(span: Span, written: str) -> Iterator[Token]:
    """The tokens of another wording of a stretch of text, each where its text stands in it."""
    at = span.start
    for token in tokenize(Source("", written))[0]:
        text = written[token.start : token.end]
        found = span.source.text.find(text, at, span.end)
        if found < 0 and token.type in KEPT:
            found = span.source.text.find(text, span.start, span.end)
        if found >= 0:
            at = found + len(text)
            yield token._replace(start=found, end=at)
        elif token.type not in KEPT or token.type in ("EQUAL", "NOT"):
            yield token._replace(start=at, end=at)


def _else_if(source: Source, token: Token) -> _Found:
    span = Span(source, token.start, token.end)
    fix = Fix("write `else if`", (Edit(span, "else if"),), True)
    diagnostic = Diagnostic(syntax.UNEXPECTED, f"`{span.text}` is written `else if`", Label(span), fixes=(fix,))
    return diagnostic, [token._replace(type="ELSE"), Token("IF", token.end, token.end)], token.end


def _code(source: Source, offset: int) -> str:
    """The rest of the line without a comment; nothing of a line that is longer than people write."""
    end = source.rest_of_line(offset)[1]
    if end - offset > _LONGEST:
        return ""
    text = source.text[offset:end]
    return re.sub(r"(?:\s#.*)?\s*$", "", text)


def _is_defined(source: Source, word: str) -> bool:
    """Whether a word that is none of the language is the name of something in this text."""
    if word in ("let", "for", "if", "repeat"):
        return False
    return (
        re.search(rf"\b(?:block|use|let|network|for)\b[^\n#]*\b{re.escape(word)}\b(?!\s*:=)", source.text) is not None
    )


def _is_last(tokens: list[Token], index: int) -> bool:
    """Whether a token ends its statement."""
    return index + 1 == len(tokens) or tokens[index + 1].type in _ENDS


def _end_of_body(tokens: list[Token], index: int) -> int | None:
    """The index of the brace that closes the body of the statement here, if it has one."""
    depth = 0
    for place in range(index, len(tokens)):
        type_ = tokens[place].type
        depth += (type_ == "LBRACE") - (type_ == "RBRACE")
        if depth == 0 and type_ == "RBRACE":
            return place
        if depth <= 0 and type_ in _ENDS:
            return None
    return None


def refused(source: Source, tokens: list[Token], first: int, last: int) -> Diagnostic | None:
    """What is said of a statement, from its first token through its last, that has no counterpart here."""
    token = tokens[first]
    span = Span(source, token.start, token.end)
    word = span.text
    if first + 1 == len(tokens) or tokens[first + 1].type in ("COLON", "EQUAL"):
        return None
    counts = _COUNTS.match(source.text, token.start) if word == "for" else None
    if counts:
        name, begin, end = counts.groups()
        help_ = f"write `for {name} in range({begin}, {int(end) + 1}) {{ ... }}`"
        return Diagnostic(syntax.UNEXPECTED, _LOOP, Label(span), help=(help_,))
    if word == "unless":
        condition = _code(source, token.end).partition("{")[0].rstrip(" :").strip()
        help_ = f"write `if not ({condition}) {{ ... }}`"
        return Diagnostic(syntax.UNEXPECTED, "there is no `unless`", Label(span), help=(help_,))
    if word in _REFUSED:
        message, help_ = _REFUSED[word]
        return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,))
    if word not in ITEMS:
        return None
    inside = {source.text[token.start : token.end] for token in tokens[first + 1 : last + 1]}
    name = source.text[tokens[first + 1].start : tokens[first + 1].end]
    if "self" in inside or (ITEMS[word] == "network" and inside & ITEMS.keys()):
        message = f"`{word} {name}` is code, and a spec has none"
        help_ = "write `network Name { ... }` with the layers in the order in which values go through them"
        return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,))
    if source.position(token.start)[1] == 1:
        return None
    if name in _METHODS:
        message = f"`{name}` is not written: layers work in the order in which they stand"
        help_ = "write the layers themselves, each on its line"
    else:
        message = f"`{word}` defines nothing inside of a network"
        help_ = f"write `block {name}(...) {{ ... }}` above the network"
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,))
