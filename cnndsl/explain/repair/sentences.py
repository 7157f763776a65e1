"""The words for what cannot be read: by the example that it is like, else by the repair, else by what could stand there."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics import Diagnostic, DiagnosticKind, Edit, Fix, Label
from ...diagnostics.kinds import syntax
from ...diagnostics.mending import apply_edits
from ...diagnostics.suggest import one_of
from ...source import Source, Span
from ...syntax.lexer import Token
from ...syntax.terminals import PLAIN
from . import costs
from .braces import Body
from .examples import example
from .search import Repair
from .stack import Stack
from .writing import edits_of, indentation

__all__ = ["Mistake", "body_sentence", "expectation", "sentence"]

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
_BRACKETS = {"RPAR": ("LPAR", "parenthesis", ")"), "RSQB": ("LSQB", "bracket", "]"), "RBRACE": ("LBRACE", "brace", "}")}


class Mistake:
    """A token that cannot be read, the stack before it, and the repair that was chosen, if any."""

    def __init__(self, source: Source, tokens: Sequence[Token], stop: int, stack: Stack, repair: Repair | None) -> None:
        self.source = source
        self.tokens = list(tokens)
        self.stop = stop
        self.stack = stack
        self.repair = repair
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

    @property
    def changed_types(self) -> set[str]:
        """The types of the tokens that are changed or taken away."""
        return {self.tokens[at].type for change in self.changes for at in range(change.at, change.at + change.size)}


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
    shown = example(mistake.stack, mistake.tokens[mistake.stop].type, mistake.text(mistake.stop))
    if shown is not None and said.kind is syntax.UNEXPECTED:
        words = {"found": mistake.text(mistake.stop), "before": mistake.text(mistake.stop - 1)}
        said.message = shown.message.format(**words)
        help_ = shown.help.format(**words) or help_
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
    message = _words(mistake, edits)
    return message, (Fix(message, edits, certain),)


def _words(mistake: Mistake, edits: Sequence[object]) -> str:
    first = mistake.changes[0]
    old = "".join(mistake.source.text[mistake.tokens[first.at].start : mistake.tokens[first.at + first.size - 1].end])
    new = " ".join(text for text in first.texts if text)
    if len(mistake.changes) > 1 or first.kind == "exchange":
        return f"write `{_repaired(mistake)}`"
    if first.kind == "comment":
        return "write `#` before the comment"
    if not new or not first.types:
        return f"remove `{old}`" if old.strip() else "write it on one line"
    if first.types == ("NAME",) and first.size:
        return f"put a blank after `{new}`"
    if first.types == ("CALLNAME",):
        return f"write `{new}(` without a blank"
    if not first.size:
        return (
            f"write `{new}` before `{mistake.text(first.at)}`"
            if mistake.text(first.at).strip()
            else f"write `{new}` at the end"
        )
    return f"write `{new}` in place of `{old}`"


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


def _arithmetic(mistake: Mistake) -> Sentence | None:
    inserted = [change for change in mistake.changes if change.kind == "insert"]
    if [change.types for change in inserted] != [("LPAR",), ("RPAR",)]:
        return None
    first, last = (change.at for change in inserted)
    if not any(token.type in _ARITHMETIC for token in mistake.tokens[first:last]):
        return None
    place = Label(mistake.span(first, last - first))
    return Sentence("arithmetic among arguments needs parentheses", place, syntax.UNCLEAR_MINUS)


def _unclosed(mistake: Mistake) -> Sentence | None:
    change = next(
        (change for change in mistake.changes if change.kind == "insert" and change.types[0] in _BRACKETS), None
    )
    if change is None:
        return None
    opener, noun, _ = _BRACKETS[change.types[0]]
    at = _partner(mistake.tokens, change.at, opener, change.types[0])
    if at is None:
        return None
    return Sentence(f"this {noun} is never closed", Label(mistake.span(at), "opened here"), syntax.UNCLOSED)


def _partner(tokens: Sequence[Token], at: int, opener: str, closer: str) -> int | None:
    """The bracket that a closing one before a token would close."""
    depth = 0
    for place in range(at - 1, -1, -1):
        depth += (tokens[place].type == closer) - (tokens[place].type == opener)
        if depth < 0:
            return place
    return None


def _unopened(mistake: Mistake) -> Sentence | None:
    for change in mistake.changes:
        type_ = mistake.tokens[change.at].type if change.size else ""
        if type_ not in ("RPAR", "RSQB") or change.kind not in ("delete", "replace"):
            continue
        _, noun, sign = _BRACKETS[type_]
        if change.kind == "delete":
            place = Label(mistake.span(change.at), "closes nothing")
            return Sentence(f"this {noun} has no opening partner", place, syntax.UNMATCHED)
        other = next((each for each in _BRACKETS.values() if each[2] == change.texts[0] and each[2] != sign), None)
        at = _partner(mistake.tokens, change.at, other[0], change.types[0]) if other else None
        if at is not None:
            message = f"this `{mistake.text(at)}` is closed by `{sign}`"
            return Sentence(
                message, Label(mistake.span(change.at)), syntax.UNMATCHED, Label(mistake.span(at), "opened here")
            )
    return None


def _commas(mistake: Mistake) -> Sentence | None:
    deleted = [change for change in mistake.changes if change.kind == "delete"]
    if len(deleted) != len(mistake.changes) or not deleted:
        return None
    if any(mistake.tokens[change.at].type != "COMMA" for change in deleted) or "PIPE" not in mistake.stack.expected:
        return None
    place = Label(mistake.span(deleted[0].at), "remove this comma")
    return Sentence("arguments are separated by blanks, not by commas", place, syntax.CALL_PARENTHESES)


def _token(mistake: Mistake) -> Sentence | None:
    """A number, string or character that is not well formed."""
    places = [at for change in mistake.changes for at in range(change.at, change.at + change.size)]
    at = next((at for at in (mistake.stop, *places) if mistake.tokens[at].type in _CODES), None)
    if at is None or any(change.kind == "comment" for change in mistake.changes):
        return None
    type_, text, place = mistake.tokens[at].type, mistake.text(at), Label(mistake.span(at))
    if type_ == "BAD_NUMBER":
        message = f"this number has more than {_LONGEST} characters"
        if len(text) <= _LONGEST:
            message = f"`{text}` is not a {'size' if 'x' in text.lower() else 'number'}"
    elif type_ == "BAD_STRING":
        message = "this string does not end on its line"
    elif type_ == "BAD_QUOTED":
        message = "single quotes have no meaning here"
    else:
        message = _character(text)
    return Sentence(message, place, _CODES[type_])


_LONGEST = 64


def _character(text: str) -> str:
    if text.isprintable() and not text.isspace():
        return f"the character `{text}` has no meaning here"
    return f"an invisible character stands here (U+{ord(text):04X})"


def _comment(mistake: Mistake) -> Sentence | None:
    change = next((change for change in mistake.changes if change.kind == "comment"), None)
    if change is None:
        return None
    text = mistake.source.text
    start = mistake.tokens[change.at].start
    begin = next(begin for begin in costs.COMMENTS if text.startswith(begin, start))
    return Sentence(
        f"a comment begins with `#`, not with `{begin}`", Label(Span(mistake.source, start, start + len(begin)))
    )


def _replaced(mistake: Mistake) -> Sentence | None:
    if not mistake.changes:
        return None
    change = mistake.changes[0]
    old, new = mistake.span(change.at, change.size).text, " ".join(text for text in change.texts if text)
    place = Label(mistake.span(change.at, change.size))
    if change.kind == "foreign":
        return Sentence(f"`{old}` is written `{new}`", place) if new.strip() else None
    if change.kind == "misspelt":
        return Sentence(f"`{old}` is no word of the language", place.replace(text=f"did you mean `{new}`?"))
    if change.kind == "exchange":
        one, other = mistake.text(change.at), mistake.text(change.at + 1)
        return Sentence(f"`{other}` comes before `{one}`", place)
    if change.kind == "replace" and change.types not in (("NAME",), ("CALLNAME",)) and new.strip():
        return Sentence(
            f"expected {PLAIN[change.types[-1]] if len(change.texts) == 1 else f'`{new}`'}, found `{old}`", place
        )
    if change.kind == "insert" and not (mistake.repair and mistake.repair.invents) and change.at < mistake.stop:
        return Sentence(f"`{new}` is missing before `{mistake.text(change.at)}`", Label(mistake.span(change.at)))
    return None


_RULES = (_comment, _brace, _arithmetic, _token, _unclosed, _unopened, _commas, _replaced)


def body_sentence(source: Source, tokens: Sequence[Token], body: Body) -> Diagnostic:
    """The diagnostic of a body whose braces are missing or written otherwise."""
    change = body.change
    if body.openers:
        return _never_closed(source, tokens, body)
    at = change.at
    token = tokens[at]
    brace = change.texts[0]
    if change.size:
        verb = "begins" if brace == "{" else "ends"
        span = Span(source, token.start, tokens[at + change.size - 1].end)
        message = f"a body {verb} with `{brace}`, not with `{span.text}`"
        blank = " " if brace == "{" and source.text[span.start - 1].isalnum() else ""
        fix = Fix(f"write `{brace}` in place of `{span.text}`", (Edit(span, blank + brace),), True)
    else:
        end = tokens[at - 1].end
        span = Span(source, end, end)
        line = source.position(end)[0]
        word = source.line(line).split()[0]
        message = f"`{word}` lacks the `{{` of its body"
        fix = Fix("write `{` at the end of this line", (Edit(span, " {"),), True)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(fix.message,), fixes=(fix,))


def _never_closed(source: Source, tokens: Sequence[Token], body: Body) -> Diagnostic:
    innermost = tokens[body.openers[0]]
    fix = _closing(source, tokens, body)
    place = Label(Span(source, innermost.start, innermost.end), "opened here")
    return Diagnostic(syntax.UNCLOSED, "this brace is never closed", place, help=(fix.message,), fixes=(fix,))


def _closing(source: Source, tokens: Sequence[Token], body: Body) -> Fix:
    """The `}` that bodies lack: before the `else` that goes on, or on lines of their own."""
    at = body.change.at
    follower = tokens[at]
    if follower.type in ("ARROW", "ELSE", "SHORTCUT") and len(body.openers) == 1:
        edit = Edit(Span(source, follower.start, follower.start), "} ")
        return Fix(f"write `}}` before this `{follower.text(source)}`", (edit,), True)
    last = tokens[at - 1 - (tokens[at - 1].type == "NEWLINE")]
    line = source.position(last.start)[0]
    end = source.rest_of_line(last.end)[1]
    end -= source.text.endswith("\r", last.end, end)
    lines = "".join(f"\n{indentation(source, tokens[opener].start)}}}" for opener in body.openers)
    closers = " ".join("}" for _ in body.openers)
    return Fix(f"write `{closers}` below line {line}", (Edit(Span(source, end, end), lines),), True)
