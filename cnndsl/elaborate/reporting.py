"""How mistakes of a network are reported: each once, with the calls that led to its place."""

from __future__ import annotations

from collections.abc import Callable

from ..diagnostics import Diagnostic, DiagnosticKind, Diagnostics, Label
from ..diagnostics.kinds import limits, names, shapes
from ..source import Span
from .limits import MAX_OPERATORS, MAX_STATEMENTS

__all__ = ["Reporter", "Stop"]

_SHOWN_CALLS = 3


class Stop(Exception):
    """A limit was passed and reported; nothing more can be said of this network."""


class Reporter:
    """Collects the mistakes of one network; ``failed`` once there is one, ``calls`` are the blocks being expanded."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self.failed = False
        self.calls: list[tuple[str, Span]] = []
        self._reported: set[tuple[str, object]] = set()

    def report(self, diagnostic: Diagnostic | None) -> None:
        """Report a mistake, once however often its place is expanded, with the calls that led there."""
        self.failed = True
        if diagnostic is None:
            return
        key: tuple[str, object] = (diagnostic.kind.code, diagnostic.primary.span if diagnostic.primary else None)
        if diagnostic.kind is names.UNKNOWN_NAME and not diagnostic.fixes:
            key = (diagnostic.kind.code, diagnostic.message)  # what nothing defines is one mistake, however often used
        if key in self._reported:
            return
        self._reported.add(key)
        calls = reversed(self.calls[-_SHOWN_CALLS:])
        trail = tuple(dict.fromkeys(Label(span, f"in this call of `{name}`") for name, span in calls))
        self.diagnostics.report(diagnostic.replace(secondary=(*diagnostic.secondary, *trail)))

    def report_made(self, make: Callable[[], Diagnostic]) -> None:
        """Report a mistake whose help takes work: who has no use for the words overrides this."""
        self.report(make())

    def error(self, kind: DiagnosticKind, message: str, span: Span, *help_: str, label: str = "") -> None:
        """Report a mistake at a place."""
        self.report(Diagnostic(kind, message, Label(span, label), help=help_))

    def undecided(self, span: Span) -> None:
        """Report that what stands here depends on the size of a free input."""
        message = "this depends on the size of the input, which `?` leaves free"
        self.error(shapes.UNDECIDED, message, span, "write the size in `input`, or give it with `--input 3x224x224`")

    def stop(self, message: str, span: Span) -> None:
        """Report that a limit is passed, and give the network up."""
        help_ = f"the limit is {MAX_OPERATORS:,} operators and {MAX_STATEMENTS:,} statements"
        self.error(limits.TOO_MANY_OPERATORS, message, span, help_)
        raise Stop
