"""Which function explains which problem, and the advice that is the same whatever stands around a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import problems
from ..diagnostics import Diagnostic
from ..problems import Problem, plain
from .context import Context

__all__ = ["ONE_INPUT", "advised", "explained", "explains"]

Explanation = Callable[[Any, Context], Diagnostic]

_EXPLANATIONS: dict[type[Problem], Explanation] = {}


def explains(*kinds: type[Problem]) -> Callable[[Explanation], Explanation]:
    """Register the function that explains these kinds of problems, and what derives from them."""

    def register(explanation: Explanation) -> Explanation:
        _EXPLANATIONS.update(dict.fromkeys(kinds, explanation))
        return explanation

    return register


def explained(problem: Problem, context: Context) -> Diagnostic:
    """The diagnostic of a problem by the function for its kind, or its own words with advice."""
    kinds = (kind for kind in type(problem).__mro__ if kind in _EXPLANATIONS)
    kind = next(kinds, None)
    return advised(problem) if kind is None else _EXPLANATIONS[kind](problem, context)


def advised(problem: Problem, *instead: str) -> Diagnostic:
    """The problem's own words with advice: ``instead``, or what :data:`ADVICE` has for its kind."""
    found = plain(problem)
    advice = instead or tuple(map(problem.fill, ADVICE.get(type(problem), ())))
    return found.replace(help=(*found.help, *advice))


ONE_INPUT = "a network has one input: two images are the channels of one, `input 2x32x32`, and `split` takes them apart"

ADVICE: dict[type[Problem], tuple[str, ...]] = {
    problems.NoNetwork: ("write `network Name {{ input 1x32x32 ... }}`",),
    problems.UnknownNetwork: ("the networks of the file are {known:names}",),
    problems.DefinedTwice: ("rename one of them, or remove it",),
    problems.UsedTwice: ("remove this one",),
    problems.LayerName: ("choose another name",),
    problems.NoValue: ("give it a default, or a value with `--set {parameter.name.text}=...`",),
    problems.UnknownOrigin: ('write `from "{origin}.cnn"`',),
    problems.RecursiveBlock: ("use `repeat` for a loop",),
    problems.NoInput: ("begin its body with `input 1x32x32`",),
    problems.BeforeInput: ("begin the network with `input 1x32x32`",),
    problems.LateInput: ("move its line before the first layer",),
    problems.WrongCondition: ("write `{expected}`",),
    problems.SecondInput: ("remove this one", ONE_INPUT),
    problems.InputNeedsShape: ("write `input 1x32x32`, CxHxW",),
    problems.NoOutput: ("choose one of its parts with `from`, or join them",),
    problems.AfterSplit: ("choose one of them with `from` first",),
    problems.ContractAfterSplit: ("put it after the `from` that chooses one",),
    problems.FromNeedsName: ("write `from enc1`",),
    problems.NeedsBody: ("write `{action.word.text} {{ ... }}`",),
    problems.StrayBranch: ("put `concat {{ }}` around the branches",),
    problems.EmptyBranch: ("begin it with `from`",),
    problems.TooFewValues: ("name a value, as in `{action.word.text} enc1`, or write a `branch {{ ... }}` for each",),
    problems.PartsNeedLabels: ("write `part1, part2: split 2`, with a label for each part",),
    problems.ExpectInside: ("move it to the top level of the network's body",),
    problems.LabelTwice: ("rename one of them, or put a label before the braces around them: it makes a scope",),
    problems.NumberLabel: ("add a letter",),
    problems.EmptyHole: ("write an expression in it, as in `{{i + 1}}`",),
    problems.Undecided: (
        "`cnndsl solve` finds the sizes that suit: write one in `input`, or give it with `--input 3x224x224`",
    ),
    problems.NotASetting: ("one per line, as in `optimizer adam lr=1e-3`",),
    problems.TrainTwice: ("one `train {{ }}` is for all networks, and `train Name {{ }}` for one of them",),
    problems.SettingNeedsAnother: ("add `{other} 0.1`, a share of each class that is not trained on",),
    problems.OtherInput: ("give it as many extents as are written",),
    problems.OutOfList: ("indices count from 0, and there are {length}",),
    problems.NoCase: ("there are {keys:values}",),
}
"""What to do about problems of a kind, in templates of their fields."""
