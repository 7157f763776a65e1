"""What is said of broken texts: the one package that explains, imported by ``api`` and ``cli`` alone.

:class:`Explainer` takes the problems that the core reports. Each is told once, where it was made, by the function that
``context`` has for its kind. What belongs to it is left out, and where it was made in many places these are told together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .. import problems
from ..diagnostics import Diagnostic, Diagnostics, Fix, Label
from ..diagnostics.kinds import shapes as kinds_of_shapes
from ..elaborate.state import State
from ..problems import Problem, Stop
from ..syntax import ast
from ..syntax.walk import walk
from . import calls, names, shapes, values
from .context import Context, Tree, explained
from .habits import habits_of
from .shapes import offers
from .trial import Offer
from .values import cause

__all__ = ["Explainer", "merged"]

_EXPLANATIONS = (calls, names, shapes, values)  # which register theirs when they are imported
_SHOWN_CALLS = 3
_SHOWN_PLACES = 3
_FLATTEN = ("rank", "flatten")
_OF_NAMES = frozenset(
    ("E0201", "E0202", "E0203", "E0204", "E0208", "E0209")
)  # what is missing, unknown or one too many
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
        if self._told.isdisjoint(_part_of(problem)):
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
        self._told |= {key, *_includes(problem, diagnostic)}
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


def _part_of(problem: Problem) -> set[object]:
    """What a problem is a part of, if one of these has been told."""
    match problem:
        case problems.UnknownWord(word=word, value=value):
            return {word.span, str(value)}
        case problems.ArgumentProblem(word=word):
            return {word.span}
        case problems.Refused(kind=kinds_of_shapes.WRONG_RANK, inputs=inputs) if len(inputs[0].type.shape) == 3:
            return {_FLATTEN}
        case problems.UnknownLayer(action=action):
            return {action.word.text}
        case problems.UnknownName(name=name):
            return {name}
        case problems.UnknownValue(name=name, known=known):
            return {name, *(("twice", each) for each in known)}
    return set()


def _includes(problem: Problem, told: Diagnostic) -> set[object]:
    """What has been told with a problem."""
    match problem:
        case problems.UnknownImport():  # the name that was meant
            return {edit.replacement for fix in told.fixes for edit in fix.edits}
        case problems.Refused(kind=kinds_of_shapes.WRONG_RANK, inputs=inputs) if len(inputs[0].type.shape) == 1:
            return {_FLATTEN}  # which came too early, and is missing later
        case problems.LabelTwice(name=name):  # which of the two values it is
            return {("twice", name)}
        case problems.ArgumentProblem(word=word) if told.fixes or isinstance(problem, problems.MissingArguments):
            return {word.span}  # all of a call that was read, or whose arguments cannot be told apart
        case problems.UnknownWord(value=name) | problems.UnknownName(name=name) | problems.UnknownValue(name=name):
            return {str(name)} if not told.fixes else set()
        case problems.UnknownLayer(action=action):  # and what it may have defined
            nodes = [node for argument in action.arguments for node in walk(argument)]
            variables = {node.name for node in nodes if isinstance(node, ast.Variable)}
            return variables | {node.text for node in nodes if isinstance(node, ast.Name)}
    return set()


def merged(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, in order, with those that say the same as one: all places are named, and one fix repairs them all."""
    groups: dict[object, list[Diagnostic]] = {}
    for item in diagnostics:
        groups.setdefault(_said(item), []).append(item)
    return tuple(group[0] if len(group) == 1 else _together(group) for group in groups.values())


def _said(item: Diagnostic) -> object:
    """What two diagnostics share that are one mistake. What no fix repairs is one only where a name is at fault."""
    by_sign = item.kind.code.startswith("E01") and any(fix.certain for fix in item.fixes)
    if item.primary is None or not (item.kind.code in _OF_NAMES or by_sign):
        return item
    fixes = tuple((fix.message, fix.certain) for fix in item.fixes)
    return item.kind, item.primary.span.source, item.message, fixes


def _together(group: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = group
    labels = dict.fromkeys(Label(item.primary.span, "here too") for item in others if item.primary)
    edits = [[edit for item in group for edit in item.fixes[place].edits] for place in range(len(first.fixes))]
    fixes = (fix.replace(edits=tuple(dict.fromkeys(every))) for fix, every in zip(first.fixes, edits, strict=True))
    return first.replace(secondary=(*first.secondary, *list(labels)[:_SHOWN_PLACES]), fixes=tuple(fixes))
