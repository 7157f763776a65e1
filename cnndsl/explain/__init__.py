"""What is said of broken texts: the one package that explains, imported by ``api`` and ``cli`` alone.

:class:`Explainer` takes the problems that the core reports. Each is told once, where it was made, by the function that
``table`` has for its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..elaborate.state import State
from ..problems import Problem, Stop
from ..syntax import ast
from . import calls, expressions, flow, names, settings
from .context import Context
from .once import includes, part_of
from .provenance import Cause, Writing, cause, writings
from .table import explained

__all__ = ["Explainer"]

_EXPLANATIONS = (calls, expressions, flow, names, settings)  # which register theirs when they are imported
_SHOWN_CALLS = 3
_STD = "std"


class Explainer:
    """A sink that explains: one diagnostic for each mistake, where it was made, with what was meant.

    ``std`` are the blocks of the standard library. It has heard enough when ``diagnostics`` are full, and then raises Stop.
    """

    def __init__(self, file: ast.File, std: Iterable[str], diagnostics: Diagnostics) -> None:
        self.file = file
        self.std = tuple(std)
        self.diagnostics = diagnostics
        self._told: set[object] = set()

    def __call__(self, problem: Problem, state: State | None) -> None:
        """Explain a problem, unless it has been told, or what it is a part of."""
        if not self._told.isdisjoint(part_of(problem)):
            return
        steps = writings(problem, state) if state is not None else []
        found = cause(problem, steps, state) if steps and state is not None else None
        if self._is_new((type(problem), problem.span) if found is None else found.key):
            self._tell(problem, found, steps, state)
        if self.diagnostics.is_full:
            raise Stop

    def _is_new(self, key: object) -> bool:
        new = key not in self._told
        self._told.add(key)
        return new

    def _tell(self, problem: Problem, found: Cause | None, steps: Sequence[Writing], state: State | None) -> None:
        if found is None:
            labels = tuple(label for step in steps for label in step.labels)
            diagnostic = explained(problem, Context(self.file, self.std, state))
            diagnostic = diagnostic.replace(secondary=(*diagnostic.secondary, *labels))
        else:
            diagnostic = found.diagnostic
        self._told |= includes(problem, diagnostic)
        if state is not None:
            diagnostic = _at_home(diagnostic, state, len(state.calls) if found is None else found.calls)
        self.diagnostics.report(diagnostic)


def _at_home(diagnostic: Diagnostic, state: State, calls: int) -> Diagnostic:
    """A mistake with the calls that led to it; what does not fit in ``std`` was given or called wrongly."""
    primary = diagnostic.primary
    assert primary is not None
    while calls and primary.span.source.name == _STD:
        calls -= 1
        span = state.calls[calls][0].span
        if span.source.name != _STD:
            used = Label(primary.span, "used here")
            primary = Label(span, primary.text)
            diagnostic = diagnostic.replace(primary=primary, secondary=(used, *diagnostic.secondary), fixes=())
    trail = [
        Label(call.span, f"in this call of `{block}`") for call, block in reversed(state.calls[:calls][-_SHOWN_CALLS:])
    ]
    if state.expectation is not None:
        trail.append(Label(state.expectation.span, "built for this expectation"))
    return diagnostic.replace(secondary=(*diagnostic.secondary, *dict.fromkeys(trail)))
