"""One mistake is told once: what belongs to it is left out, and where it was made in many places these are told together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import problems
from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import names, shapes
from ..problems import Problem
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["includes", "merged", "part_of"]

_FLATTEN = ("rank", "flatten")
_SHOWN_PLACES = 3
_OF_NAMES = (
    names.UNKNOWN_LAYER,
    names.UNKNOWN_ATTRIBUTE,
    names.MISSING_ATTRIBUTE,
    names.TOO_MANY_ARGUMENTS,
    names.UNKNOWN_NAME,
    names.DUPLICATE_NAME,
)


def part_of(problem: Problem) -> set[object]:
    """What a problem is a part of, if one of these has been told."""
    match problem:
        case problems.UnknownWord(word=word, value=value):
            return {word.span, str(value)}
        case problems.ArgumentProblem(word=word):
            return {word.span}
        case problems.Refused(kind=shapes.WRONG_RANK, inputs=inputs) if len(inputs[0].type.shape) == 3:
            return {_FLATTEN}
        case problems.UnknownLayer(action=action):
            return {action.word.text}
        case problems.UnknownName(name=name):
            return {name}
        case problems.UnknownValue(name=name, known=known):
            return {name, *(("twice", each) for each in known)}
    return set()


def includes(problem: Problem, told: Diagnostic) -> set[object]:
    """What has been told with a problem."""
    match problem:
        case problems.UnknownImport():  # the name that was meant
            return {edit.replacement for fix in told.fixes for edit in fix.edits}
        case problems.Refused(kind=shapes.WRONG_RANK, inputs=inputs) if len(inputs[0].type.shape) == 1:
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
    if item.primary is None or not (item.kind in _OF_NAMES or by_sign):
        return item
    fixes = tuple((fix.message, fix.certain) for fix in item.fixes)
    return item.kind, item.primary.span.source, item.message, fixes


def _together(group: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = group
    labels = dict.fromkeys(Label(item.primary.span, "here too") for item in others if item.primary)
    edits = [[edit for item in group for edit in item.fixes[place].edits] for place in range(len(first.fixes))]
    fixes = (fix.replace(edits=tuple(dict.fromkeys(every))) for fix, every in zip(first.fixes, edits, strict=True))
    return first.replace(secondary=(*first.secondary, *list(labels)[:_SHOWN_PLACES]), fixes=tuple(fixes))
