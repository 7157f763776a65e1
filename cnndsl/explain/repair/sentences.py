"""The words for what cannot be read: a table of what was changed, else what could stand there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.fixing import apply_edits
from ...diagnostics.kinds import syntax
from ...diagnostics.suggest import one_of
from ...source import Source, Span
from ...syntax.lexer import Token
from ...syntax.terminals import PLAIN
from ...translation.records import Written
from ..foreign.habits import GROUPS, KINDS, SAID, WORDS_TOO, Said
from ..habits import Meant
from .changes import Change, edits_of, open_bracket
from .search import Stack, expected

__all__ = ["Mistake", "habit_sentence", "sentence", "translation_sentence"]


class Mistake(NamedTuple):
    """What is to blame, a token that cannot be read or a brace, and the changes that repair it, if there are any."""

    source: Source
    tokens: list[Token]
    blame: int
    changes: Sequence[Change]
    stack: Stack | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What the changes do to the text."""
        return edits_of(self.source, self.tokens, self.changes)

    def span(self, at: int, size: int = 1) -> Span:
        """Where tokens stand, or the end of what stands before a line end or what is put in."""
        while size > 1 and self.tokens[at].type == "NEWLINE":
            at, size = at + 1, size - 1
        first, last = self.tokens[at], self.tokens[at + max(size, 1) - 1]
        if first.type in ("NEWLINE", "$END") or not size:
            end = self.tokens[at - 1].end if at else 0
            return Span(self.source, end, end)
        return Span(self.source, first.start, last.end)

    def first_word(self, at: int) -> str:
        """What the line of a place begins with."""
        return next(iter(self.source.line(self.span(at, 0).position[0]).split()), "")

    def partner(self, change: Change) -> int | None:
        """The bracket that one which is put in closes or opens, or that is open where nothing more can be read."""
        if change.kind != "insert":
            return open_bracket(self.tokens, change.at)
        new = change.types[0]
        other, back = {"LPAR": ("RPAR", 1), "LSQB": ("RSQB", 1), "RPAR": ("LPAR", -1), "RSQB": ("LSQB", -1)}[new]
        depth = 1
        for at in range(change.at, len(self.tokens)) if back > 0 else range(change.at - 1, -1, -1):
            depth += (self.tokens[at].type == new) - (self.tokens[at].type == other)
            if not depth:
                return at
        return None


def sentence(mistake: Mistake, *, certain: bool, offered: bool = True) -> Diagnostic:
    """The diagnostic of a mistake, with its repair if that is ``offered``."""
    help_ = _words(mistake) if mistake.changes and offered else ""
    fixes = (Fix(help_, mistake.edits, certain),) if help_ else ()
    changes = (*mistake.changes, Change("stop", mistake.blame, 1, (), ()))
    for row in SAID:
        for change in changes:
            place = _place(mistake, row, change)
            if place is not None:
                says, label = (text.format(**_facts(mistake, change)) for text in (row.says, row.label))
                return Diagnostic(row.kind, says, Label(place, label), help=(help_,) if help_ else (), fixes=fixes)
    stop = Label(mistake.span(mistake.blame))
    return Diagnostic(syntax.UNEXPECTED, _expectation(mistake), stop, (), (), (help_,) if help_ else (), fixes)


def _place(mistake: Mistake, row: Said, change: Change) -> Span | None:
    """What a row is said of, if it fits a change."""
    old = " ".join(token.type for token in mistake.tokens[change.at : change.at + 2])
    fits = row.change in ("", change.kind) and (row.new in ("", *change.types[:1])) and (change.types or not row.new)
    if not fits or not f"{old} ".startswith(f"{row.old} ".lstrip()):
        return None
    if len(mistake.changes) > 1 and (row.kind is syntax.UNMATCHED or row.old in ("LPAR", "LSQB")):
        return None
    following = expected(mistake.stack) if mistake.stack else ()
    if row.old == "COMMA" and ("ARROW" not in following or mistake.first_word(change.at) == "let"):
        return None  # what it separates are neither arguments nor layers
    if row.place == "partner":
        partner = mistake.partner(change)
        return None if partner is None else mistake.span(partner)
    if row.place == "blame":
        return mistake.span(mistake.blame)
    return mistake.span(change.at + 1) if row.place == "next" else mistake.span(change.at, change.size)


def _facts(mistake: Mistake, change: Change) -> dict[str, str]:
    """What the sentences speak of."""
    old = mistake.span(change.at, max(change.size, 1)).text[:40]
    printable = old.isprintable() and not old.isspace()
    return {
        "old": old,
        "new": _new(change),
        "wanted": PLAIN.get(change.types[0], "") if change.types else "",
        "first": mistake.first_word(change.at),
        "noun": "size" if "x" in old.lower() else "number",
        "character": f"the character `{old}`"
        if printable
        else f"an invisible character (U+{ord((old or ' ')[0]):04X})",
    }


def _new(change: Change) -> str:
    """What is put in by a change."""
    return " ".join(text for text in change.texts if text.strip())


def _words(mistake: Mistake) -> str:
    """What a repair does, in words."""
    changes = mistake.changes
    first = next((each for each in changes if each.kind in ("brace", "open")), changes[0])
    old, new = mistake.span(first.at, first.size).text.strip(), _new(first)
    if first.kind == "close":
        line = mistake.source.position(mistake.tokens[first.at - 1].start)[0]
        return f"write `{' '.join('}' for _ in changes)}` below line {line}"
    if first.kind in ("brace", "open"):
        ends = ", and `}` below the last line of the body" if len(changes) > 1 else ""
        return f"write `{new}` in place of `{old}`{ends}" if old else f"write `{new}` at the end of this line{ends}"
    if len(changes) > 1 or "CALLNAME" in first.types:
        return f"write `{_repaired(mistake)}`"
    if not new:
        return "begin a new line here" if first.types else f"remove `{old}`" if old else "write it on one line"
    following = mistake.span(first.at).text[:40]
    where = f"in place of `{old}`" if first.size else f"before `{following}`" if following else "at the end of the line"
    return f"write `{new}` {where}"


def _repaired(mistake: Mistake) -> str:
    """The part of a line that is changed, as it should be."""
    first, last = mistake.changes[0], mistake.changes[-1]
    begin = min(mistake.span(max(0, first.at - 1)).start, mistake.edits[0].span.start)
    end = max(mistake.tokens[last.at + max(last.size, 1) - 1].end, mistake.edits[-1].span.end)
    return " ".join(apply_edits(mistake.source.text[:end], mistake.edits)[begin:].split())


def _expectation(mistake: Mistake) -> str:
    """What could stand where the parser stumbles, and what does."""
    type_ = mistake.tokens[mistake.blame].type
    found = (
        PLAIN[type_] if type_ in ("NEWLINE", "$END", "STRING") else f"`{mistake.span(mistake.blame).text[:40].strip()}`"
    )
    left = set(expected(mistake.stack) if mistake.stack else ())
    left -= WORDS_TOO if "NAME" in left else set()
    phrases = []
    for phrase, members, beside in GROUPS:
        if members <= left:
            phrases.append(phrase)
            left -= members | beside
    left -= {"NEGATIVE", "CALLNAME", "INDEXED"}
    phrases += [PLAIN[type_] for type_ in sorted(left, key=list(PLAIN).index)]
    return f"expected {one_of(phrases[:5])}, found {found}" if phrases else f"{found} is not allowed here"


def habit_sentence(mistake: Mistake, meant: Meant, *, certain: bool) -> Diagnostic:
    """The diagnostic of a line that is written as elsewhere."""
    help_ = f"write `{meant.line}`"
    found = sentence(mistake, certain=False, offered=False)
    fixes = (Fix(help_, (meant.edit,), certain and meant.certain),)
    kind = KINDS.get(meant.why, found.kind)
    return found.replace(kind=kind, message=meant.why, primary=Label(meant.edit.span), help=(help_,), fixes=fixes)


def translation_sentence(span: Span, made: Written, edit: Edit | None, *, certain: bool) -> Diagnostic:
    """The diagnostic of a statement of another tool, with the edit that puts it into our words if that can be."""
    line = "seq { ... }" if "\n" in made.line else made.line if edit or made.missing else ""
    word = line.rpartition(": ")[2].split()[0] if line else ""
    message = f"`{made.name}` is `{word}` here, and its arguments are written without parentheses"
    if not line:
        message = f"`{made.name}(...)` is not a layer here"
    elif made.name == word:
        message = "arguments follow a layer, without parentheses and commas"
    help_, notes = ((f"write `{line}`",), (*made.notes, *made.doubts)) if line else (made.doubts, made.notes)
    fixes = (Fix(f"write `{line}`", (edit,), certain),) if edit else ()
    return Diagnostic(syntax.CALL_PARENTHESES, message, Label(span), (), notes, help_, fixes)
