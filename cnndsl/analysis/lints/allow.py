"""Comments that allow warnings: ``# allow W0502: as in the paper``, behind a line or alone above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import all_kinds, lints
from ...diagnostics.suggest import nearest
from ...source import Source, Span
from ...syntax.lexer import tokenize

__all__ = ["Allowances"]

_COMMENT = re.compile(
    r"#[ \t]*allow[ \t]+(?P<codes>[A-Za-z]\d\w*(?:[ \t]*,[ \t]*\w+)*)[ \t]*(?::(?P<reason>.*))?", re.I
)
_ABOUT_COMMENTS = (lints.ALLOW_WITHOUT_REASON, lints.ALLOW_UNKNOWN, lints.ALLOW_UNUSED)


class _Allowance:
    """One code in one comment, and the lines that it speaks of; none if no line follows."""

    def __init__(self, code: str, span: Span, lines: range) -> None:
        self.code = code
        self.span = span
        self.lines = lines
        self.used = False


class Allowances:
    """All that the comments of a source allow."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._without_reason: list[Span] = []

    def __bool__(self) -> bool:
        return bool(self._items)

    def silence(self, code: str, line: int) -> bool:
        """Whether a warning on a line is allowed there; what allows it is then of use."""
        found = [item for item in self._items if item.code == code and line in item.lines]
        for item in found:
            item.used = True
        return bool(found)

    def mistakes(self, unseen: set[int] | None) -> Iterator[Diagnostic]:
        """What is wrong with the comments.

        One that silences nothing is told unless its line is among those that no warning was looked for on; None if that is
        not known of any.
        """
        for span in self._without_reason:
            help_ = f"write why after a colon: `{span.text.partition(':')[0].rstrip()}: as in the paper`"
            yield Diagnostic(lints.ALLOW_WITHOUT_REASON, "this comment does not say why", Label(span), help=(help_,))
        known = {code for code, kind in all_kinds().items() if kind.severity == "warning"}
        known -= {kind.code for kind in _ABOUT_COMMENTS}
        for item in self._items:
            if item.code not in known:
                yield _unknown(item, known)
            elif not item.used and unseen is not None and not (item.lines and unseen.issuperset(item.lines)):
                yield _unused(item)

    @cached_property
    def _items(self) -> list[_Allowance]:
        if "allow" not in self.source.text.lower():
            return []
        found = ((comment.start, _COMMENT.match(comment.text)) for comment in tokenize(self.source)[1])
        return [item for start, match in found if match for item in self._of(start, match)]

    def _of(self, start: int, match: re.Match[str]) -> Iterator[_Allowance]:
        """One for each code of a comment."""
        if not (match["reason"] or "").strip():
            self._without_reason.append(Span(self.source, start, start + match.end()))
        lines = self._lines(start)
        for code in re.finditer(r"\w+", match["codes"]):
            place = start + match.start("codes") + code.start()
            yield _Allowance(code[0].upper(), Span(self.source, place, place + len(code[0])), lines)

    def _lines(self, start: int) -> range:
        """The lines that a comment speaks of: its own if code stands there, else the next with code.

        A line that begins with ``|`` goes on with the one before, and both count as one.
        """
        line, column = self.source.position(start)
        if self.source.line(line)[: column - 1].strip():
            first = line
            while first > 1 and self._text(first).startswith("|"):
                first -= 1
            return range(first, line + 1)
        following = range(line + 1, self.source.line_count + 1)
        first = next((number for number in following if self._text(number) and self._text(number)[0] != "#"), 0)
        last = first
        while last and self._text(last + 1).startswith("|"):
            last += 1
        return range(first, last + 1) if first else range(0)

    def _text(self, line: int) -> str:
        return self.source.line(line).strip() if line <= self.source.line_count else ""


def _unknown(item: _Allowance, known: set[str]) -> Diagnostic:
    kinds = all_kinds()
    place = Label(item.span)
    if item.code in kinds:
        what = "an error" if kinds[item.code].severity == "error" else "what is wrong with such a comment"
        help_ = f"`cnndsl explain {item.code}` says how to mend it"
        return Diagnostic(lints.ALLOW_UNKNOWN, f"{what} cannot be allowed", place, help=(help_,))
    meant = nearest(item.code, known)
    help_ = f"did you mean `{meant}`?" if meant else "`cnndsl explain --list` names them"
    fixes = (Fix(f"write `{meant}`", (Edit(item.span, meant),)),) if meant else ()
    return Diagnostic(lints.ALLOW_UNKNOWN, f"no warning is called {item.code}", place, help=(help_,), fixes=fixes)


def _unused(item: _Allowance) -> Diagnostic:
    where = f"line {item.lines[0]} does not cause {item.code}" if item.lines else "no line follows this comment"
    help_ = "remove it, or move it to the line that a warning points to, or right above"
    return Diagnostic(lints.ALLOW_UNUSED, where, Label(item.span, "allows nothing"), help=(help_,))
