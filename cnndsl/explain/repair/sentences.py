"""The words for what cannot be read: by the repair, else by what could stand there."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics import Diagnostic, DiagnosticKind, Fix, Label
from ...diagnostics.kinds import syntax
from ...diagnostics.mending import apply_edits
from ...diagnostics.suggest import one_of
from ...source import Source, Span
from ...syntax.lexer import Token
from ...syntax.terminals import PLAIN
from . import costs
from .changes import Change
from .search import Repair, open_bracket
from .stack import Stack
from .writing import edits_of

__all__ = ["Mistake", "expectation", "sentence"]

_ARITHMETIC = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER"))
_WORDS = frozenset(("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
# What is said for several terminals at once, the most telling group first.
_GROUPS = (
    ("a layer or another statement", frozenset(("NAME", "REPEAT", "RESIDUAL", "FOR", "IF", "LET", "EXPECT"))),
    ("a value", frozenset(("NUMBER", "SIZE", "STRING", "TRUE", "FALSE", "NAME"))),
    ("`network`, `block`, `train` or `use`", frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))),
    ("an operator", _ARITHMETIC | {"COMPARISON"}),
    ("the end of the statement", frozenset(("NEWLINE", "PIPE", "RBRACE"))),
)
_SAID_BY = {
    "a layer or another statement": {"STRING"},
    "a value": {"MINUS", "NOT", "MATCH", "NEGATIVE", "CALLNAME", "INDEXED", "LPAR", "LSQB"},
    "the end of the statement": {"ARROW", "SHORTCUT", "ELSE"},
}
"""What need not be named beside a group."""
_CODES = {
    "BAD_NUMBER": syntax.BAD_NUMBER,
    "BAD_STRING": syntax.UNCLOSED_STRING,
    "BAD_QUOTED": syntax.BAD_CHARACTER,
    "BAD_CHARACTER": syntax.BAD_CHARACTER,
}
_BRACKETS = {"RPAR": ("LPAR", "parenthesis"), "RSQB": ("LSQB", "bracket")}


class Mistake:
    """A token that cannot be read, the stack before it, and the repair that was chosen, if any."""

    def __init__(
        self, source: Source, tokens: Sequence[Token], stop: int, stack: Stack, repair: Repair | None, *, in_train: bool
    ) -> None:
        self.source = source
        self.tokens = list(tokens)
        self.stop = stop
        self.stack = stack
        self.repair = repair
        self.in_train = in_train
        self.changes = repair.changes if repair else ()

    def text(self, at: int) -> str:
        """What is written for a token."""
        return self.tokens[at].text(self.source)

    def span(self, at: int, size: int = 1) -> Span:
        """Where a token stands, or the end of what stands before a line end."""
        first, last = self.tokens[at], self.tokens[at + max(size, 1) - 1]
        if first.type in ("NEWLINE", "$END") or not size:
            end = self.tokens[at - 1].end if at else 0
            return Span(self.source, end, end)
        return Span(self.source, first.start, last.end)


class Sentence:
    """What is said: kind, message, the place and what to say there."""

    def __init__(self, message: str, place: Label, kind: DiagnosticKind = syntax.UNEXPECTED, *also: Label) -> None:
        self.message = message
        self.place = place
        self.kind = kind
        self.also = also


def sentence(mistake: Mistake, *, certain: bool) -> Diagnostic:
    """The diagnostic of a mistake."""
    said = next(filter(None, (rule(mistake) for rule in _RULES)), None) or _unexpected(mistake)
    help_, fixes = _help(mistake, certain=certain)
    return Diagnostic(said.kind, said.message, said.place, said.also, (), (help_,) if help_ else (), fixes)


def expectation(stack: Stack, found: str) -> str:
    """What could stand at a place, and what does."""
    wanted = _plain(stack.expected)
    return f"expected {one_of(wanted)}, found {found}" if wanted else f"{found} cannot stand here"


def _plain(expected: Sequence[str]) -> list[str]:
    """The expected terminals in at most five phrases."""
    left = set(expected)
    if "NAME" in left:
        left -= _WORDS
    phrases = []
    for phrase, members in _GROUPS:
        if members <= left:
            phrases.append(phrase)
            left -= members | _SAID_BY.get(phrase, set())
    left -= {"NEGATIVE", "CALLNAME", "INDEXED"}
    phrases += [PLAIN[type_] for type_ in sorted(left, key=list(PLAIN).index)]
    return phrases[:5]


def _help(mistake: Mistake, *, certain: bool) -> tuple[str, tuple[Fix, ...]]:
    """What to do about a mistake, in words and as edits."""
    repair = mistake.repair
    if repair is None or repair.invents:
        return "", ()
    edits = edits_of(mistake.source, mistake.tokens, repair.changes)
    message = _words(mistake)
    return message, (Fix(message, edits, certain),)


def _words(mistake: Mistake) -> str:
    """What a repair does, in words."""
    changes = [change for change in mistake.changes if change.kind != "join"]
    first = changes[0]
    at = first.at + (first.kind == "foreign" and mistake.tokens[first.at].type == "NEWLINE")
    old = (
        mistake.source.text[mistake.tokens[at].start : mistake.tokens[first.at + first.size - 1].end]
        if first.size
        else ""
    )
    new = " ".join(text for text in first.texts if text.strip())
    if first.kind == "comment":
        return "write `#` before the comment"
    if len(changes) > 1 or first.kind in ("call", "exchange", "group"):
        return f"write `{_repaired(mistake)}`"
    if first.texts == ("\n",) or (mistake.tokens[at].type == "NEWLINE" and first.size):
        return "begin a new line here" if first.texts else "write it on one line"
    if not new:
        return f"remove `{old}`"
    if first.types == ("NAME",) and first.size:
        return f"put a blank after `{new}`"
    if first.types == ("CALLNAME",):
        return f"write `{new}(` without a blank"
    if first.size:
        return f"write `{new}` in place of `{old}`"
    following = mistake.text(first.at).strip()
    return f"write `{new}` before `{following}`" if following else f"write `{new}` at the end of the line"


def _repaired(mistake: Mistake) -> str:
    """The part of a line that is changed, as it should be."""
    source, changes = mistake.source, mistake.changes
    edits = edits_of(source, mistake.tokens, changes)
    first, last = changes[0], changes[-1]
    start = (
        mistake.tokens[max(0, first.at - 1)].start if not first.size and first.at else mistake.tokens[first.at].start
    )
    end = mistake.tokens[min(len(mistake.tokens) - 1, last.at + max(last.size, 1)) - 1].end
    start, end = min(start, edits[0].span.start), max(end, edits[-1].span.end)
    begin = source.position(start)
    text = apply_edits(source.text[:end], edits)[start:]
    return " ".join(text.split()) if begin else text


def _unexpected(mistake: Mistake) -> Sentence:
    """What could stand where the parser stumbles."""
    token = mistake.tokens[mistake.stop]
    text = mistake.text(mistake.stop)
    found = PLAIN[token.type] if token.type in ("NEWLINE", "$END", "STRING") else f"`{text[:40]}`"
    return Sentence(expectation(mistake.stack, found), Label(mistake.span(mistake.stop)))


# Rules, from a mistake to a sentence, tried in order


def _brace(mistake: Mistake) -> Sentence | None:
    """A brace without a partner."""
    change = next((change for change in mistake.changes if mistake.tokens[change.at].type in costs.BRACES), None)
    if change is None or not change.size:
        return None
    unopened = mistake.tokens[change.at].type == costs.UNOPENED
    place = mistake.span(change.at)
    if change.kind == "delete" and unopened:
        return Sentence("this brace has no opening partner", Label(place, "closes nothing"), syntax.UNMATCHED)
    if change.kind == "keep" and not unopened:
        return Sentence("this brace is never closed", Label(place, "opened here"), syntax.UNCLOSED)
    return None


def _whole(mistake: Mistake) -> Sentence | None:
    """A change of several tokens that are written in another way."""
    if len(mistake.changes) != 1:
        return None
    (change,) = mistake.changes
    span = mistake.span(change.at, change.size)
    if change.kind == "group":
        return Sentence("arithmetic among arguments needs parentheses", Label(span), syntax.UNCLEAR_MINUS)
    if change.kind == "call":
        kind = syntax.UNEXPECTED if mistake.in_train else syntax.CALL_PARENTHESES
        what = "a setting" if mistake.in_train else "a layer"
        return Sentence(f"the arguments of {what} stand after it, without parentheses and commas", Label(span), kind)
    if change.kind == "comment":
        start = span.start
        begin = next(begin for begin in costs.COMMENTS if mistake.source.text.startswith(begin, start))
        return Sentence(
            f"a comment begins with `#`, not with `{begin}`", Label(Span(mistake.source, start, start + len(begin)))
        )
    return None


def _token(mistake: Mistake) -> Sentence | None:
    """A number, string or character that is not well formed."""
    arrows = [change for change in mistake.changes if change.types == ("ARROW",) and change.size > 1]
    if any(mistake.text(change.at + change.size - 1) == ">" for change in arrows):
        return None
    if any(change.kind == "comment" for change in mistake.changes):
        return None
    places = [at for change in mistake.changes for at in range(change.at, change.at + change.size)]
    at = next((at for at in (*places, mistake.stop) if mistake.tokens[at].type in _CODES), None)
    number = next((change for change in mistake.changes if change.kind == "number"), None)
    if number is not None and (at is None or mistake.tokens[at].type == "BAD_NUMBER"):
        at = number.at
    if at is None:
        return None
    type_ = mistake.tokens[at].type
    span = mistake.span(at, number.size if number is not None and at == number.at else 1)
    if type_ == "BAD_STRING":
        message = "this string does not end on its line"
    elif type_ == "BAD_QUOTED":
        message = "single quotes have no meaning here"
    elif type_ == "BAD_CHARACTER":
        message = _character(span.text)
    elif "*" in span.text:
        message = f"`{span.text}` is neither a size nor a product"
        return Sentence(message, Label(span), syntax.UNCLEAR_MINUS)
    elif len(span.text) > _LONGEST:
        message = f"this number has more than {_LONGEST} characters"
    else:
        message = f"`{span.text}` is not a {'size' if 'x' in span.text.lower() else 'number'}"
    return Sentence(message, Label(span), _CODES.get(type_, syntax.BAD_NUMBER))


_LONGEST = 64


def _character(text: str) -> str:
    if text.isprintable() and not text.isspace():
        return f"the character `{text}` has no meaning here"
    return f"an invisible character stands here (U+{ord(text[0]):04X})"


def _unclosed(mistake: Mistake) -> Sentence | None:
    """A ( or [ that is never closed."""
    if any(change.kind == "delete" and mistake.tokens[change.at].type in _BRACKETS for change in mistake.changes):
        return None
    openers = [_left_open(mistake.tokens, change) for change in mistake.changes]
    found = sorted(at for at in openers if at is not None)
    if not mistake.changes and mistake.tokens[mistake.stop].type in ("NEWLINE", "$END"):
        found = [at for at in (open_bracket(mistake.tokens, mistake.stop),) if at is not None]
    if not found:
        return None
    noun = "bracket" if mistake.tokens[found[0]].type == "LSQB" else "parenthesis"
    place, *others = (Label(mistake.span(at), "opened here") for at in found)
    return Sentence(f"this {noun} is never closed", place, syntax.UNCLOSED, *others)


def _left_open(tokens: Sequence[Token], change: Change) -> int | None:
    """The ( or [ that a change closes or takes away."""
    if change.kind == "insert" and change.types[0] in _BRACKETS:
        return _partner(tokens, change.at, _BRACKETS[change.types[0]][0], change.types[0])
    return change.at if change.kind == "delete" and tokens[change.at].type in ("LPAR", "LSQB") else None


def _partner(tokens: Sequence[Token], at: int, opener: str, closer: str) -> int | None:
    """The bracket that a closing one before a token would close."""
    depth = 0
    for place in range(at - 1, -1, -1):
        depth += (tokens[place].type == closer) - (tokens[place].type == opener)
        if depth < 0:
            return place
    return None


def _unopened(mistake: Mistake) -> Sentence | None:
    """A ) or ] that closes nothing, or what another one opened."""
    if len(mistake.changes) != 1:
        return None
    (change,) = mistake.changes
    at = change.at
    if change.kind == "insert" and change.types[0] in ("LPAR", "LSQB"):
        closer = "RPAR" if change.types[0] == "LPAR" else "RSQB"
        at = next((at for at in range(change.at, len(mistake.tokens)) if mistake.tokens[at].type == closer), -1)
    type_ = mistake.tokens[at].type
    if at < 0 or type_ not in _BRACKETS or change.kind not in ("delete", "insert", "replace"):
        return None
    other = next(
        (each for each in _BRACKETS if change.kind == "replace" and change.types == (each,) and each != type_), ""
    )
    opener = _partner(mistake.tokens, at, _BRACKETS[other][0], other) if other else None
    if opener is not None:
        message = f"this `{mistake.text(opener)}` is closed by `{mistake.text(at)}`"
        labels = Label(mistake.span(at)), Label(mistake.span(opener), "opened here")
        return Sentence(message, labels[0], syntax.UNMATCHED, labels[1])
    if change.kind == "replace":
        return None
    message = f"this {_BRACKETS[type_][1]} has no opening partner"
    return Sentence(message, Label(mistake.span(at), "closes nothing"), syntax.UNMATCHED)


def _commas(mistake: Mistake) -> Sentence | None:
    """Commas between arguments or layers."""
    changes = [change for change in mistake.changes if change.size and mistake.tokens[change.at].type == "COMMA"]
    if len(changes) != len(mistake.changes) or not changes or "PIPE" not in mistake.stack.expected:
        return None
    place = mistake.span(changes[0].at)
    if changes[0].types == ("PIPE",):
        message = "layers are separated by `|`, and arguments by blanks, not by commas"
        return Sentence(message, Label(place, "write `|` here"), syntax.CALL_PARENTHESES)
    if any(change.types for change in changes):
        return None
    message = "arguments are separated by blanks, not by commas"
    return Sentence(message, Label(place, "remove this comma"), syntax.CALL_PARENTHESES)


def _line_end(mistake: Mistake) -> Sentence | None:
    """What should stand on the line before or after."""
    before, token = mistake.tokens[mistake.stop - 1], mistake.tokens[mistake.stop]
    if before.type == "PIPE" and "\n" in mistake.source.text[before.end : token.start]:
        return Sentence("no layer follows this `|`", Label(mistake.span(mistake.stop - 1)))
    following = mistake.tokens[mistake.stop + 1].type if token.type == "NEWLINE" else ""
    if following == "LBRACE" and mistake.changes and mistake.changes[0][:2] == ("delete", mistake.stop):
        return Sentence(
            "a `{` stands on the line of what it belongs to", Label(mistake.span(mistake.stop + 1), "move it up")
        )
    return None


def _replaced(mistake: Mistake) -> Sentence | None:
    """One change of a word or sign."""
    if not mistake.changes:
        return None
    change = mistake.changes[0]
    at = change.at + (change.size > 0 and mistake.tokens[change.at].type == "NEWLINE")
    span = mistake.span(at, change.size - (at - change.at))
    old, new, place = span.text, " ".join(text for text in change.texts if text.strip()), Label(span)
    if change.kind == "foreign":
        return Sentence(f"`{old}` is written `{new}`" if new else f"`{old}` does not belong here", place)
    if change.kind == "hyphen":
        return Sentence("a name has no `-`", place)
    if change.kind == "misspelt":
        return Sentence(f"`{old}` is no word of the language", place.replace(text=f"did you mean `{new}`?"))
    if change.kind == "exchange":
        return Sentence(f"`{mistake.text(at + 1)}` comes before `{mistake.text(at)}`", place)
    if change.kind == "replace" and change.types not in (("NAME",), ("CALLNAME",)) and new:
        return Sentence(
            f"expected {PLAIN[change.types[0]] if len(change.types) == 1 else f'`{new}`'}, found `{old}`", place
        )
    if change.kind == "insert" and new and change.at < mistake.stop:
        return Sentence(f"`{new}` is missing before `{mistake.text(at)}`", Label(mistake.span(at)))
    return None


_RULES = (_line_end, _brace, _whole, _token, _unclosed, _unopened, _commas, _replaced)
