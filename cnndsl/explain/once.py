"""What belongs to one mistake, so that it is told once: a call as it was read, a name that nothing defines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .. import problems
from ..diagnostics import Diagnostic
from ..problems import Problem
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["includes", "part_of"]

_PART_OF: dict[type[Problem], Callable[[Any], Iterable[object]]] = {
    problems.ArgumentProblem: lambda problem: [problem.word.span],
    problems.UnknownLayer: lambda problem: [problem.action.word.text],
    problems.UnknownName: lambda problem: [problem.name],
    problems.UnknownValue: lambda problem: [problem.name, *(f"{name}:" for name in problem.known)],
}


def part_of(problem: Problem) -> Iterable[object]:
    """What a problem is a part of, if one of these has been told."""
    kind = next((kind for kind in type(problem).__mro__ if kind in _PART_OF), None)
    return () if kind is None else _PART_OF[kind](problem)


def includes(problem: Problem, told: Diagnostic) -> set[object]:
    """What has been told with a problem."""
    if isinstance(problem, problems.ArgumentProblem):  # all of a call that was read
        return {problem.word.span} if told.fixes else set()
    if isinstance(problem, problems.UnknownName | problems.UnknownValue):  # all uses of a name that nothing defines
        return set() if told.fixes else {problem.name}
    if isinstance(problem, problems.UnknownImport):  # the name that was meant
        return {edit.replacement for fix in told.fixes for edit in fix.edits}
    if isinstance(problem, problems.UnknownLayer):  # what it may have defined
        return set() if told.fixes else {*_names(problem.action), problem.action.word.text}
    return {f"{problem.name}:"} if isinstance(problem, problems.LabelTwice) else set()


def _names(action: ast.Call) -> list[str]:
    nodes = [node for argument in action.arguments for node in walk(argument)]
    return [
        node.name if isinstance(node, ast.Variable) else node.text
        for node in nodes
        if isinstance(node, ast.Variable | ast.Name)
    ]
