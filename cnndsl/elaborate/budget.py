"""How large a network may grow and how much work a check may do; each limit is an error with a code of its own.

Work is counted in steps of about a microsecond. The count depends on the text alone, never on a clock: what is refused on one
machine is refused on all. It belongs to a check as a whole, so it is found through the context of the thread and not handed
through every function; where no check is running nothing is counted.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from types import TracebackType

from .. import problems
from ..problems import Sink
from ..source import Span

__all__ = [
    "MAX_CALLS",
    "MAX_INCLUDES",
    "MAX_LIST",
    "MAX_OPERATORS",
    "MAX_PARAMETERS",
    "MAX_STATEMENTS",
    "MAX_STEPS",
    "MAX_VARIANTS",
    "limited_steps",
    "take_steps",
]

MAX_OPERATORS = 100_000
MAX_STATEMENTS = 1_000_000
MAX_PARAMETERS = 10**12
MAX_LIST = 10_000
"""How many elements a list may have, those of the lists in it included, and how many characters a string."""
MAX_STEPS = 3_000_000
"""How much a whole check may do: values computed, elements of lists made, statements expanded, layers added."""
MAX_CALLS = 64
"""How deep blocks may call each other."""
MAX_INCLUDES = 16
"""How deep files may use each other."""
MAX_VARIANTS = 64
"""How many variants of a network its expectations may name."""


class _TooManySteps(Exception):
    """Leaves a check; carries the place of the last step."""


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


class limited_steps:  # noqa: N801 - used as a function, in a `with`
    """``with limited_steps(sink):`` counts the steps of what is inside, and leaves it with E0906 after too many.

    Inside another one it does nothing: the outer one counts all.
    """

    def __init__(self, sink: Sink, most: int = MAX_STEPS) -> None:
        self.sink = sink
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
        self.sink(problems.TooManySteps(error.args[0], self.most), None)
        return True
