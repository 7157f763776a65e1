"""How much work one check may do, in steps, so that no text can exhaust the machine.

A step is about a microsecond. The count hangs on the text alone, never on a clock: what is refused on one machine is
refused on all. It belongs to a check as a whole, so it is found through the context of the thread and not handed through
every function; where no check is running nothing is counted.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from types import TracebackType

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits
from ..source import Span
from .limits import MAX_STEPS

__all__ = ["limited_steps", "take_steps"]


class _TooManySteps(Exception):
    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class _Steps:
    def __init__(self, most: int) -> None:
        self.taken = 0
        self.most = most


_running: ContextVar[_Steps | None] = ContextVar("steps", default=None)


def take_steps(count: int, span: Span) -> None:
    """Count work that is done for what stands at a place; leaves the running check when it is too much."""
    steps = _running.get()
    if steps is None:
        return
    steps.taken += count
    if steps.taken > steps.most:
        raise _TooManySteps(span)


def limited_steps(diagnostics: Diagnostics, most: int = MAX_STEPS) -> _Limit:
    """``with limited_steps(diagnostics):`` counts the steps of what is inside, and leaves it with E0906 past the limit.

    Inside another one it does nothing: the outer one counts all.
    """
    return _Limit(diagnostics, most)


class _Limit:
    def __init__(self, diagnostics: Diagnostics, most: int) -> None:
        self.diagnostics = diagnostics
        self.most = most
        self.token: Token[_Steps | None] | None = None

    def __enter__(self) -> None:
        if _running.get() is None:
            self.token = _running.set(_Steps(self.most))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self.token is None:
            return False
        _running.reset(self.token)
        if not isinstance(error, _TooManySteps):
            return False
        message = f"this text takes more than {self.most:,} steps to elaborate"
        help_ = ("make its loops and lists smaller",)
        self.diagnostics.report(
            Diagnostic(limits.TOO_MANY_STEPS, message, Label(error.span, "given up here"), help=help_)
        )
        return True
