"""What is said of broken texts: the one package that explains, imported by ``api`` and ``cli`` alone.

:class:`Explainer` takes the problems that the core reports. Each is told once, where it was made, by the function that
``table`` has for its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..diagnostics import Diagnostic, Diagnostics, Fix, Label
from ..elaborate.state import State
from ..problems import Problem, Stop
from ..syntax import ast
from . import calls, names, shapes, values
from .context import Context, Tree, explained
from .habits import habits_of
from .once import includes, part_of
from .shapes import offers
from .trial import Offer
from .values import cause

__all__ = ["Explainer"]

_EXPLANATIONS = (calls, names, shapes, values)  # which register theirs when they are imported
_SHOWN_CALLS = 3
_STD = "std"


class Explainer:
    """A sink that explains: one diagnostic for each mistake, where it was made, with what was meant.

    ``std`` are the blocks of the standard library. It has heard enough when ``diagnostics`` are full, and then raises Stop.
    """

    def __init__(self, file: ast.File, std: Iterable[str], diagnostics: Diagnostics) -> None:
        self.tree = Tree(file)
        self.std = tuple(std)
        self.diagnostics = diagnostics
        self._told: set[object] = {word for item in diagnostics.sorted() for word in _unread(item)}
        self._problems: dict[Diagnostic, tuple[Problem, State | None]] = {}

    def __call__(self, problem: Problem, state: State | None) -> None:
        """Explain a problem, unless it has been told, or what it is a part of."""
        if self._told.isdisjoint(part_of(problem)):
            self._explain(problem, state)
        if self.diagnostics.is_full:
            raise Stop

    def offers(self, told: Diagnostic) -> Iterable[Offer]:
        """What may have been meant by what is told, to be tried."""
        if told not in self._problems:
            return
        problem, state = self._problems[told]
        if not any(fix.certain for fix in told.fixes):
            for index, each in enumerate(habits_of(problem.span)):
                yield Offer(0.5 + index, Fix(f"{each.why}: write `{each.line}`", (each.edit,), each.certain))
        yield from offers(problem, state)

    def _explain(self, problem: Problem, state: State | None) -> None:
        found = cause(problem, state) if state is not None else None
        key = (type(problem), problem.span) if found is None else found.key
        if key in self._told:
            return
        diagnostic = found.diagnostic if found else explained(problem, Context(self.tree, self.std, state))
        self._told |= {key, *includes(problem, diagnostic)}
        if state is not None:
            diagnostic = _at_home(diagnostic, state, len(state.calls) if found is None else found.calls)
        self._problems[diagnostic] = (problem, state)
        self.diagnostics.report(diagnostic)


def _unread(item: Diagnostic) -> list[str]:
    """The words of a line that cannot be read: it may define what they name."""
    if item.primary is None or not item.kind.code.startswith("E01"):
        return []
    return re.findall(r"\w+", item.primary.span.source.line(item.primary.span.position[0]))


def _at_home(diagnostic: Diagnostic, state: State, calls: int) -> Diagnostic:
    """A mistake with the calls that led to it; what does not fit in ``std`` was given or called wrongly."""
    primary = diagnostic.primary
    assert primary is not None
    home = next((count for count in range(calls) if state.calls[count][1].definition.span.source.name == _STD), calls)
    if home < calls and primary.span.source.name == _STD:
        used, calls = Label(primary.span, "used here"), home
        primary = Label(state.calls[home][0].span, primary.text)
        diagnostic = diagnostic.replace(primary=primary, secondary=(used, *diagnostic.secondary), fixes=())
    led = [
        Label(call.span, f"in this call of `{block}`") for call, block in reversed(state.calls[:calls][-_SHOWN_CALLS:])
    ]
    expect = state.expectation
    if expect is not None and not expect.span.start <= primary.span.start <= expect.span.end:
        led.append(Label(expect.span, "built for this expectation"))
    return diagnostic.replace(secondary=(*diagnostic.secondary, *dict.fromkeys(led)))
