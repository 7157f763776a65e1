"""What belongs to one mistake, so that it is told once: a call as it was read, a name that nothing defines."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic
from ..diagnostics.kinds import shapes
from ..problems import Problem
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["includes", "part_of"]

_FLATTEN = ("rank", "flatten")


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
        case problems.UnknownWord(value=name) if not told.fixes:
            return {str(name)}
        case problems.UnknownName(name=name) | problems.UnknownValue(name=name) if not told.fixes:
            return {name}
        case problems.UnknownLayer(action=action):  # and what it may have defined
            nodes = [node for argument in action.arguments for node in walk(argument)]
            variables = [node.name for node in nodes if isinstance(node, ast.Variable)]
            named = [*variables, *(node.text for node in nodes if isinstance(node, ast.Name))]
            return {*named} if told.fixes else {action.word.text, *named}
    return set()
