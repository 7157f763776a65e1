"""How mistakes of a network are reported: each once, with the calls that led to its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticKind, Diagnostics, Label
from ..diagnostics.kinds import limits, names, shapes
from ..source import Span
from ..syntax import ast
from .limits import MAX_OPERATORS, MAX_STATEMENTS
from .references import BlockReference

__all__ = ["Reporter", "Stop"]

_SHOWN_CALLS = 3


class Stop(Exception):
    """A limit was passed and reported; nothing more can be said of this network."""


class Reporter:
    """Collects the mistakes of one network; ``failed`` once there is one, ``calls`` are the blocks being expanded.

    ``given`` are the places of those of its ``settings`` that an expectation names.
    """

    def __init__(
        self,
        network: ast.Definition,
        settings: Mapping[str, Any],
        diagnostics: Diagnostics,
        given: Mapping[str, Span],
    ) -> None:
        self.network = network
        self.settings = settings
        self.diagnostics = diagnostics
        self.given = given
        self.failed = False
        self.calls: list[tuple[ast.Call, BlockReference]] = []
        self._reported: set[tuple[str, object]] = set()

    def report(self, diagnostic: Diagnostic | None) -> None:
        """Report a mistake, once however often its place is expanded, with the calls that led there."""
        self.failed = True
        if diagnostic is None:
            return
        from .tracing import traced  # only where there is a mistake

        cause = traced(diagnostic, self.network, self.given, self.settings, self.calls)
        diagnostic = cause.diagnostic
        key: tuple[str, object] = (diagnostic.kind.code, diagnostic.primary.span if diagnostic.primary else None)
        if cause.origin is not None:
            key = ("value", cause.origin)  # whatever comes of a value that is wrong, it is one mistake
        if diagnostic.kind is names.UNKNOWN_NAME and not diagnostic.fixes:
            key = (diagnostic.kind.code, diagnostic.message)  # what nothing defines is one mistake, however often used
        if key in self._reported:
            return
        self._reported.add(key)
        calls = reversed(self.calls[: cause.depth][-_SHOWN_CALLS:])
        trail = tuple(dict.fromkeys(Label(call.span, f"in this call of `{block}`") for call, block in calls))
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
