"""The records of what can be wrong: each has a code, and templates of facts that it has."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import pytest

from cnndsl.diagnostics import DiagnosticKind
from cnndsl.problems import Problem
from cnndsl.problems.base import FORMATS

SHARED = ("ArgumentProblem", "OfCall", "OfResidual", "Twice")
"""Bases of several problems, which are none themselves."""


def _below(base: type[Problem]) -> Iterator[type[Problem]]:
    for each in base.__subclasses__():
        yield each
        yield from _below(each)


PROBLEMS = [each for each in _below(Problem) if not (each.__name__.startswith("_") or each.__name__ in SHARED)]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda each: each.__name__)
def test_every_problem_has_a_code_and_a_sentence(problem: type[Problem]) -> None:
    assert isinstance(problem.kind, DiagnosticKind) or problem.kind is not Problem.kind
    assert hasattr(problem, "says")


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda each: each.__name__)
def test_templates_name_facts_of_the_problem(problem: type[Problem]) -> None:
    for template in (problem.says, problem.there):
        for _, name, form, _ in Formatter().parse(template):
            if name is not None:
                fact = name.split(".")[0]
                assert fact in problem.field_infos or hasattr(problem, fact), name
                assert form in ("", ",", *FORMATS), form


def test_there_are_many() -> None:
    assert len(PROBLEMS) > 80
