"""How values flow: input, split, joins, residuals."""

from __future__ import annotations

from collections.abc import Collection

from ..diagnostics import Label
from ..diagnostics.kinds import names
from ..source import Span
from ..syntax import ast
from .base import OfCall, Problem

__all__ = [
    "AfterSplit",
    "BeforeInput",
    "BodyOnly",
    "ContractAfterSplit",
    "EmptyBranch",
    "ExpectInside",
    "FromNeedsName",
    "InputNeedsShape",
    "LateInput",
    "NamesAndBranches",
    "NeedsBody",
    "NoInput",
    "NoOutput",
    "OnlyBranches",
    "PartsNeedLabels",
    "SecondInput",
    "StrayBranch",
    "TakesNoBody",
    "TooFewValues",
    "TwoShortcuts",
    "UnknownShortcut",
    "UnknownValue",
    "WrongCondition",
]


class NoInput(Problem):
    """A network without ``input``."""

    kind = names.INPUT_POSITION
    says = "network `{network.name.text}` has no `input`"
    advice = ("begin its body with `input 1x32x32`",)
    network: ast.Definition


class BeforeInput(Problem):
    """A layer in a network without any ``input`` before it; ``word`` is what it is called by."""

    kind = names.INPUT_POSITION
    says = "`{word}` has no value to work on"
    advice = ("begin the network with `input 1x32x32`",)
    word: str


class LateInput(Problem):
    """The ``input`` of a network stands after its first layer, whose word is at ``layer``."""

    kind = names.INPUT_POSITION
    says = "`input` comes after the first layer, which needs its value"
    advice = ("move its line before the first layer",)
    statement: ast.Statement
    layer: Span

    @property
    def related(self) -> tuple[Label, ...]:
        return (Label(self.layer, "has no value to work on"),)


class SecondInput(Problem):
    """An ``input`` in braces, or after another."""

    kind = names.INPUT_POSITION
    says = "a network has one `input`, before all of its layers"
    advice = (
        "remove this one",
        "a network has one input: two images are the channels of one, `input 2x32x32`, and `split` takes them apart",
    )


class InputNeedsShape(OfCall):
    """An ``input`` without a shape, or with more than one."""

    kind = names.WRONG_VALUE
    says = "`input` takes one shape"
    advice = ("write `input 1x32x32`, CxHxW",)


class NoOutput(Problem):
    """A network that ends in a ``split``."""

    kind = names.WRONG_POSITION
    says = "network `{network.name.text}` ends in a `split` and so has no output"
    advice = ("choose one of its parts with `from`, or join them",)
    network: ast.Definition


class AfterSplit(Problem):
    """A layer after a ``split``, of whose outputs none has been chosen."""

    kind = names.WRONG_POSITION
    says = "`{word}` has no value to work on: a `split` has several outputs"
    advice = ("choose one of them with `from` first",)
    word: str


class ContractAfterSplit(Problem):
    """A contract after a ``split``."""

    kind = names.WRONG_POSITION
    says = "a `split` has several outputs, and a contract speaks of one"
    advice = ("put it after the `from` that chooses one",)
    contract: ast.Contract


class PartsNeedLabels(OfCall):
    """A ``split`` has more or fewer labels than parts."""

    kind = names.WRONG_VALUE
    says = "the number of labels must be that of the parts, {parts}, and is {labels}"
    advice = ("write `part1, part2: split 2`, with a label for each part",)
    parts: int
    labels: int


class FromNeedsName(OfCall):
    """``from`` without the name of one value."""

    kind = names.WRONG_VALUE
    says = "`from` takes the name of one value"
    advice = ("write `from enc1`",)


class UnknownValue(Problem):
    """No value has this name; ``known`` are those that can be named here."""

    kind = names.UNKNOWN_NAME
    says = "no value here is called `{name}`"
    name: str
    known: Collection[str]


class NeedsBody(OfCall):
    """A structure without its braces."""

    kind = names.MISSING_ATTRIBUTE
    says = "`{action.word.text}` needs a body"
    advice = ("write `{action.word.text} {{ ... }}`",)


class TakesNoBody(OfCall):
    """Braces after a layer or a block."""

    kind = names.WRONG_POSITION
    says = "`{action.word.text}` takes no body"


class BodyOnly(OfCall):
    """A structure that takes a body is given arguments."""

    kind = names.TOO_MANY_ARGUMENTS
    says = "`{action.word.text}` takes a body and nothing else"


class NamesAndBranches(OfCall):
    """A join is given both names of values and braces."""

    kind = names.TOO_MANY_ARGUMENTS
    says = "`{action.word.text}` takes names or branches, not both"


class OnlyBranches(Problem):
    """Something else than branches stands in the braces of a join: ``others``, all such statements of ``body``."""

    kind = names.WRONG_POSITION
    says = "the braces of a join hold only branches"
    body: ast.Body
    others: tuple[ast.Statement, ...]

    @property
    def related(self) -> tuple[Label, ...]:
        return tuple(Label(statement.span) for statement in self.others[1:])


class StrayBranch(OfCall):
    """A ``branch`` outside of a join."""

    kind = names.WRONG_POSITION
    says = "a `branch` belongs in the braces of `concat`, `add` or `mul`"
    advice = ("put `concat {{ }}` around the branches",)


class EmptyBranch(OfCall):
    """A branch that ends in a ``split``."""

    kind = names.WRONG_POSITION
    says = "this branch has no value to join"
    advice = ("begin it with `from`",)


class TooFewValues(OfCall):
    """A join of a single value."""

    kind = names.WRONG_VALUE
    says = "`{action.word.text}` joins at least two values"
    advice = ("name a value, as in `{action.word.text} enc1`, or write a `branch {{ ... }}` for each",)


class ExpectInside(Problem):
    """An ``expect`` inside braces."""

    kind = names.WRONG_POSITION
    says = "`expect` is about the whole network and belongs at the top level of its body"
    advice = ("move it to the top level of the network's body",)
    expect: ast.Expect


class TwoShortcuts(Problem):
    """``residual when same`` with a ``shortcut``."""

    kind = names.WRONG_POSITION
    says = "`residual when same` has no other shortcut: it adds its input where the shapes agree"
    action: ast.Residual


class WrongCondition(Problem):
    """A word after ``when`` that is not the one that may stand there."""

    kind = names.UNKNOWN_NAME
    says = "`{keyword} when` is followed by `{expected}`, not `{word}`"
    advice = ("write `{expected}`",)
    keyword: str
    expected: str
    word: str


class UnknownShortcut(Problem):
    """A shortcut that has neither braces nor a known name."""

    kind = names.UNKNOWN_NAME
    says = "no shortcut is called `{name}`"
    advice = ("there are {known:names}, and a body",)
    name: str
    known: Collection[str]
    action: ast.Residual
