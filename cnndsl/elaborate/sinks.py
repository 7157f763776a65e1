"""The plainest sink: each problem as a diagnostic that says its sentence, once, with the calls that led to its place."""

from __future__ import annotations

from ..diagnostics import Diagnostics, Label
from ..problems import Problem, Sink, Stop, plain
from .state import State

__all__ = ["collect"]

_SHOWN_CALLS = 3


def collect(diagnostics: Diagnostics) -> Sink:
    """A sink that tells each problem of a place once, and has heard enough when the diagnostics are full."""
    told: set[tuple[type[Problem], object]] = set()

    def sink(problem: Problem, state: State | None) -> None:
        key = (type(problem), problem.span)
        if key not in told:
            told.add(key)
            found = plain(problem)
            led = _calls(state) if state is not None else ()
            diagnostics.report(found.replace(secondary=(*found.secondary, *led)))
        if diagnostics.is_full:
            raise Stop

    return sink


def _calls(state: State) -> tuple[Label, ...]:
    """The calls that led to where the elaboration stands, the innermost first, and the expectation that it is for."""
    calls = [Label(call.span, f"in this call of `{block}`") for call, block in reversed(state.calls[-_SHOWN_CALLS:])]
    built = [Label(state.expectation.span, "built for this expectation")] if state.expectation else []
    return tuple(dict.fromkeys((*calls, *built)))
