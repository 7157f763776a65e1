"""Statements that are nearly right: a layer where braces belong, a count in other words, a name behind what it names.

Each is a pattern of the whole statement and how it is written here, so that the edit is the statement as it should be.
"""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..record import Record
from ..source import Span
from .lexer import Token
from .mistakes import Mistake, Place

__all__ = ["nearly_right", "repeated_layer", "shortcut_elsewhere", "shortcut_without_its_word"]

_LAYER = r"(?P<layer>[A-Za-z_]\w*(?:\s+[^{}()|]*)?)"
_LAYERS = r"(?P<layer>[A-Za-z_]\w*(?:\s+[^{}]*)?)"
_COUNT = r"(?P<count>\d+|[a-z]\w*|\([^()]*\))"
_WORDS = ("projection", "identity", "pad", "none")


class _Form(Record):
    """A pattern, how it is written here, and what to say; ``certain`` if there is no other reading."""

    pattern: re.Pattern[str]
    here: str
    message: str
    certain: bool = True


def _form(pattern: str, here: str, message: str, *, certain: bool = True) -> _Form:
    return _Form(re.compile(pattern, re.DOTALL), here, message, certain)


_BRACES = "layers that repeat stand in braces: `repeat 3 { ... }`"
_BODY = "the layers of a `residual` stand in braces"
_LABEL = "a label stands before the layer whose value it names"
_FORMS = {
    "REPEAT": (
        _form(
            r"repeat\s*(?:(?:times|count|n)\s*)?[=:]\s*(?P<count>[^{]+?)\s*\{(?P<rest>.*)",
            r"repeat \g<count> {\g<rest>",
            "`repeat` takes a count without `=`",
        ),
        _form(rf"repeat\s+{_COUNT}\s*:\s*\{{(?P<rest>.*)", r"repeat \g<count> {\g<rest>", "`{` follows the count"),
        _form(rf"repeat\s+{_COUNT}\s+times\s*\{{(?P<rest>.*)", r"repeat \g<count> {\g<rest>", "`{` follows the count"),
        _form(
            rf"repeat\s+{_COUNT}\s+(?!as\b)(?P<name>[a-z]\w*)\s*\{{(?P<rest>.*)",
            r"repeat \g<count> as \g<name> {\g<rest>",
            "the index of a loop stands behind `as`",
        ),
        _form(
            r"repeat\s+(?!as\b)(?P<name>[a-z]\w*)\s+(?:in\s+)?(?P<count>\d+)\s*\{(?P<rest>.*)",
            r"repeat \g<count> as \g<name> {\g<rest>",
            "the index of a loop stands behind `as`",
        ),
        _form(rf"repeat\s+{_COUNT}\s*:?\s+{_LAYER}", r"repeat \g<count> { \g<layer> }", _BRACES),
        _form(rf"repeat\s+{_COUNT}\s*:?\s+{_LAYERS}", r"repeat \g<count> { \g<layer> }", _BRACES, certain=False),
    ),
    "RESIDUAL": (
        _form(rf"residual\s*\(\s*{_LAYER}\s*\)(?P<rest>.*)", r"residual { \g<layer> }\g<rest>", _BODY),
        _form(
            r"residual\s*\(?\s*\d*\s*\)?\s*\{(?P<rest>.*)",
            r"residual {\g<rest>",
            "`{` follows `residual`: it takes nothing",
        ),
        _form(
            rf"residual\s+(?!shortcut|when\b|(?:{'|'.join(_WORDS)})\s*\{{){_LAYER}(?P<rest>\s+shortcut\s.*)",
            r"residual { \g<layer> }\g<rest>",
            _BODY,
        ),
        _form(rf"residual\s+(?!shortcut|when\b){_LAYER}", r"residual { \g<layer> }", _BODY),
        _form(rf"residual\s+(?!shortcut|when\b){_LAYERS}", r"residual { \g<layer> }", _BODY, certain=False),
    ),
    "LET": (_form(rf"let\s+(?P<name>\w+)\s*=\s*{_LAYERS}", r"\g<name>: \g<layer>", _LABEL),),
}
_SHORTCUTS = (
    _form(
        rf"shortcut\s*[=:]?\s*\(?[\"']?(?P<word>{'|'.join(_WORDS)})[\"']?\)?(?P<always>\s+always)?",
        r"shortcut \g<word>\g<always>",
        "`shortcut` is followed by a bare word or by braces",
    ),
    _form(
        r"shortcut\s+(?:when\s+changed\s+projection|projection\s+when\s+changed)",
        "shortcut projection",
        "`shortcut projection` stands only where the shape changes, without being told",
    ),
    _form(
        rf"shortcut\s*[=:]?\s*\(?\s*{_LAYER}\)?",
        r"shortcut { \g<layer> }",
        "the layers of a `shortcut` stand in braces",
    ),
    _form(
        rf"shortcut\s*[=:]?\s*{_LAYERS}",
        r"shortcut { \g<layer> }",
        "the layers of a `shortcut` stand in braces",
        certain=False,
    ),
)
_ANY = (
    _form(r"(?P<layer>[a-z]\w*\b[^{}|:]*?)\s+as\s+(?P<name>[A-Za-z_]\w*)", r"\g<name>: \g<layer>", _LABEL),
    _form(
        r"(?P<names>\w+(?:\s*,\s*\w+)+)\s*=\s*(?P<rest>[a-z]\w*\b.*)",
        r"\g<names>: \g<rest>",
        "outputs are named by labels",
    ),
    _form(
        r"(?P<front>.*->\s*\(?[\dx?, ]+\)?)\s+(?P<layer>[a-z]\w*\b[^{}]*)",
        r"\g<front> | \g<layer>",
        "a `|` stands between a contract and the next layer",
    ),
    _form(
        r"(?P<join>concat|add|mul)\s*\{\s*(?P<first>[A-Za-z_]\w*)\s*,\s*(?P<second>[A-Za-z_]\w*)\s*\}",
        r"\g<join> \g<first> \g<second>",
        "values that are named stand behind the word, without braces and commas",
    ),
    _form(
        r"[\[(]\s*(?P<layer>[a-z]\w*\s[^{}\[\]()|]*?)\s*[\])]\s*(?:\*|x|times)?\s*(?P<count>\d+)(?:\s*times)?",
        r"repeat \g<count> { \g<layer> }",
        _BRACES,
    ),
    _form(
        r"(?P<layer>[a-z]\w*\s[^{}\[\]()|]*?)\s+(?:(?:x|times)|(?:repeat|times|count)\s*=)\s*(?P<count>\d+)",
        r"repeat \g<count> { \g<layer> }",
        _BRACES,
    ),
    _form(
        r"(?P<count>\d+)\s*(?:[x*]|times)?\s*[\[(]?(?P<layer>[a-z]\w*\s[^{}\[\]()|]*?)[\])]?",
        r"repeat \g<count> { \g<layer> }",
        _BRACES,
    ),
    _form(
        r"(?P<count>\d+)\s*(?:[x*]|times)?\s*[\[(]?(?P<layer>[a-z]\w*\s[^{}\[\]()]*?)[\])]?",
        r"repeat \g<count> { \g<layer> }",
        _BRACES,
        certain=False,
    ),
)


def nearly_right(place: Place) -> Mistake | None:
    """A statement that one of the patterns knows, whatever the token at which it went wrong."""
    if not (place.expected & {"NEWLINE", "LBRACE", "LET", "NAME", "COMMA"}) or place.in_brackets:
        return None
    if place.token.type in ("SHORTCUT", "ELSE"):  # which take the line end before them, and begin something else
        return None
    shortcut = _last_shortcut(place)
    if shortcut is not None:
        return _mistake(_statement(place, shortcut), _SHORTCUTS)
    first = place.tokens[place.beginning]
    whole = _statement(place, first.start)
    if first.type == "LET" and not _is_layer(whole.text):
        return None
    return _mistake(whole, _FORMS.get(first.type, _ANY))


def repeated_layer(span: Span) -> Diagnostic | None:
    """What to say of ``3x conv 64 3x3``; None if the text is something else."""
    mistake = _mistake(span, _ANY[-2:])
    return mistake.diagnostic if mistake is not None else None


def _is_layer(text: str) -> bool:
    """Whether ``let x = ...`` makes a layer."""
    from ..explain.foreign import layer_named  # with its tables, which a text without mistakes does not need
    from ..ops import OPERATORS

    word = re.match(r"let\s+\w+\s*=\s*(\w+)", text)
    return word is not None and layer_named(word[1], OPERATORS) is not None


def _last_shortcut(place: Place) -> int | None:
    """Where the word `shortcut` begins that this statement has before the place."""
    for token in reversed(place.tokens[place.beginning : place.index]):
        if token.type == "SHORTCUT":
            return token.end - len("shortcut")
    return None


def _statement(place: Place, start: int) -> Span:
    """The text from here to the end of the line, or to the brace that closes what is around."""
    depth = 0
    end = start
    for token in place.tokens[place.beginning :]:
        if token.start < start and token.end <= start:
            continue
        depth += {"LBRACE": 1, "RBRACE": -1}.get(token.type, 0)
        if token.type in ("NEWLINE", "$END") or depth < 0:
            break
        end = token.end
    return Span(place.source, start, end)


def _mistake(span: Span, forms: tuple[_Form, ...]) -> Mistake | None:
    for form in forms:
        found = form.pattern.fullmatch(span.text)
        if found is not None:
            written = found.expand(form.here).strip()
            fix = Fix(f"write `{written}`", (Edit(span, written),), form.certain)
            help_ = (f"write `{written}`",)
            return Mistake(
                Diagnostic(syntax.UNEXPECTED, form.message, Label(span), help=help_, fixes=(fix,)), silences_line=True
            )
    return None


def shortcut_without_its_word(place: Place) -> Mistake | None:
    """`residual { ... } projection`, and `skip projection`."""
    if "SHORTCUT" not in place.expected or not place.previous("RBRACE") or place.token.type != "NAME":
        return None
    word = place.text(place.token)
    after = place.tokens[place.index + 1]
    if word in ("skip", "with", "using") and place.text(after) in _WORDS:
        span = place.span(place.token)
        retry = [Token("SHORTCUT", span.start, span.end)]
        return place.mistake(
            "what goes past a `residual` follows `shortcut`", fix=("write `shortcut`", "shortcut"), retry=retry
        )
    if word not in _WORDS:
        return None
    begin = Token("SHORTCUT", place.token.start, place.token.start)
    return place.mistake(
        "what goes past a `residual` follows `shortcut`",
        f"write `shortcut {word}`",
        fix=(f"write `shortcut {word}`", f"shortcut {word}"),
        retry=[begin, place.token],
    )


def shortcut_elsewhere(place: Place) -> Mistake | None:
    """A `shortcut` inside the braces that it belongs behind, before them, or behind a `|`."""
    if place.token.type != "SHORTCUT":
        return _before(place)
    if place.previous("PIPE") and _behind_residual(place):
        pipe = place.span(place.tokens[place.index - 1])
        fix = Fix("remove the `|`", (Edit(pipe, " "),), True)
        message = "`shortcut` belongs to the `residual` before it, without a `|`"
        found = Diagnostic(syntax.UNEXPECTED, message, Label(pipe), help=("remove the `|`",), fixes=(fix,))
        return Mistake(found, spoils=True)
    return _inside(place) or _before(place)


def _behind_residual(place: Place) -> bool:
    opener = _opener(place, place.index - 2)
    return opener > 0 and "RESIDUAL" in (place.tokens[opener - 1].type, place.tokens[max(0, opener - 3)].type)


def _opener(place: Place, index: int) -> int:
    """The index of the brace that a closing brace closes; 0 if the token is none."""
    if place.tokens[index].type != "RBRACE":
        return 0
    depth = 0
    while index:
        depth += {"RBRACE": 1, "LBRACE": -1}.get(place.tokens[index].type, 0)
        if not depth:
            break
        index -= 1
    return index


def _inside(place: Place) -> Mistake | None:
    """`shortcut projection` as the last statement of the braces of a `residual`."""
    if not place.expected & {"NEWLINE", "LET"} or not place.inside("RESIDUAL"):
        return None
    end, depth = place.index + 1, 0
    while place.tokens[end].type != "$END" and (depth or place.tokens[end].type not in ("RBRACE", "NEWLINE")):
        depth += {"LBRACE": 1, "RBRACE": -1}.get(place.tokens[end].type, 0)
        end += 1
    close = end + (place.tokens[end].type == "NEWLINE")
    if place.tokens[close].type != "RBRACE" or place.tokens[close + 1].type == "SHORTCUT":
        return None
    moved = place.tokens[place.index : end]
    word = place.token.end - len("shortcut")
    text = place.source.text[word : moved[-1].end]
    brace = place.tokens[close]
    before = Span(place.source, place.token.start, moved[-1].end)
    edits = (Edit(before, ""), Edit(Span(place.source, brace.end, brace.end), f" {text}"))
    message = "a `shortcut` stands behind the closing brace of its `residual`"
    fix = Fix("move it behind the brace", edits, True)
    at = Label(Span(place.source, word, moved[-1].end), "move it behind the brace")
    return Mistake(
        Diagnostic(syntax.UNEXPECTED, message, at, fixes=(fix,)), [brace, *moved], replaced=close + 1 - place.index
    )


def _before(place: Place) -> Mistake | None:
    """`residual shortcut projection { ... }`, `residual projection { ... }`, `residual(shortcut=projection) { ... }`."""
    if "LBRACE" not in place.expected or not place.previous("RESIDUAL"):
        return None
    brace = place.index
    while place.tokens[brace].type not in ("LBRACE", "NEWLINE", "$END"):
        brace += 1
    close, depth = brace, 0
    while place.tokens[close].type != "$END":
        depth += {"LBRACE": 1, "RBRACE": -1}.get(place.tokens[close].type, 0)
        if not depth:
            break
        close += 1
    if place.tokens[brace].type != "LBRACE" or place.tokens[close].type != "RBRACE":
        return None
    named = [token for token in place.tokens[place.index : brace] if place.text(token) in (*_WORDS, "always")]
    if not named:
        return None
    moved = [Token("SHORTCUT", named[0].start, named[0].start), *(token._replace(type="NAME") for token in named)]
    words = " ".join(("shortcut", *map(place.text, named)))
    end = place.tokens[close].end
    edits = (
        Edit(Span(place.source, place.tokens[place.index - 1].end, place.tokens[brace].start), " "),
        Edit(Span(place.source, end, end), f" {words}"),
    )
    message = "a `shortcut` stands behind the closing brace of its `residual`"
    fix = Fix("move it behind the brace", edits, True)
    at = Label(place.span(named[0]))
    retry = [*place.tokens[brace : close + 1], *moved]
    return Mistake(
        Diagnostic(syntax.UNEXPECTED, message, at, help=(f"write `}} {words}`",), fixes=(fix,)),
        retry,
        replaced=close + 1 - place.index,
    )
