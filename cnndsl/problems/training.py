"""Settings of training."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..attributes import AttributeType, Declared, ValueProblem
from ..diagnostics import DiagnosticKind
from ..diagnostics.kinds import names, training
from ..syntax import ast
from .base import OfCall, Problem, Twice

__all__ = [
    "ChoiceNeedsName",
    "MissingTrainingSettings",
    "NeedsNumber",
    "NeedsScopes",
    "NotASetting",
    "RefusedNumber",
    "SettingNeedsAnother",
    "TrainTwice",
    "UnknownChoice",
    "UnknownTrained",
    "UnknownTrainingSetting",
]


EXAMPLES = {
    "data": "data digits",
    "optimizer": "optimizer adam",
    "epochs": "epochs 10",
    "batch": "batch 32",
    "seed": "seed 1",
    "warmup": "warmup 5",
    "validation": "validation 0.1",
    "early_stopping": "early_stopping 5",
    "ema": "ema 0.999",
    "accumulate": "accumulate 4",
    "freeze": "freeze features",
    "lr": "lr classifier=1e-3",
}
"""How the settings are written."""


_NOUNS = {"data": "data set", "normalize": "normalization"}
"""What a setting chooses, where its word does not say it."""


class UnknownTrained(Problem):
    """``train Name { }`` of a network that there is not."""

    kind = names.UNKNOWN_NAME
    says = "no network is called `{name}`"
    advice = ("the networks of the file are {known:names}",)
    name: str
    known: Collection[str]


class TrainTwice(Twice):
    """Two ``train`` for the same network, or two for all of them."""

    kind = names.DUPLICATE_NAME
    says = "{network} is trained twice"
    advice = ("one `train {{ }}` is for all networks, and `train Name {{ }}` for one of them",)
    train: ast.Train
    earlier: ast.Train

    @property
    def network(self) -> str:
        """What both are for."""
        return f"`{self.train.name.text}`" if self.train.name else "every network"


class NotASetting(Problem):
    """A statement of ``train { }`` that is not a word with arguments."""

    kind = names.WRONG_POSITION
    says = "`train` holds only settings"
    advice = ("one per line, as in `optimizer adam lr=1e-3`",)
    statement: ast.Statement


class UnknownTrainingSetting(OfCall):
    """A word that no setting of training has."""

    kind = training.UNKNOWN_TRAINING_SETTING
    says = "`train` has no setting `{action.word.text}`"
    statement: ast.Statement
    known: Collection[str]


class _OfChoice(OfCall):
    choices: Mapping[str, type[Declared]]

    @property
    def noun(self) -> str:
        """What the setting chooses."""
        word = self.action.word.text
        return _NOUNS.get(word, word)


class ChoiceNeedsName(_OfChoice):
    """A setting that takes a name has none: ``loss "cross_entropy"``."""

    kind = names.WRONG_VALUE
    says = "`{action.word.text}` takes the name of one {noun}"


class UnknownChoice(_OfChoice):
    """No optimizer, loss, schedule or data set has this name."""

    kind = training.UNKNOWN_CHOICE
    says = "no {noun} is called `{name}`"
    name: str


class NeedsNumber(OfCall):
    """A setting that is one number has none, or more than one."""

    kind = names.WRONG_VALUE
    says = "`{action.word.text}` takes one number"
    advice = ("write `{example}`",)

    @property
    def example(self) -> str:
        """How it is written."""
        return EXAMPLES[self.action.word.text]


class NeedsScopes(OfCall):
    """``freeze`` or ``lr`` without the layers and blocks that it is for."""

    kind = names.WRONG_VALUE
    says = "`{action.word.text}` is for layers and blocks of the network, and needs {what}"
    advice = ("write `{example}`",)

    @property
    def what(self) -> str:
        """What stands after the word."""
        return "a rate for each: their names, `=` and a number" if self.action.word.text == "lr" else "their names"

    @property
    def example(self) -> str:
        """How it is written."""
        return EXAMPLES[self.action.word.text]

    @property
    def help(self) -> tuple[str, ...]:
        whole = "the rate of the whole network belongs to the optimizer, as in `optimizer sgd lr=0.1`"
        return (*super().help, whole) if self.action.word.text == "lr" else super().help


class RefusedNumber(OfCall):
    """A number that a setting of training cannot have."""

    says = "`{action.word.text}` cannot be {value:value}"
    there = "must be {type.description}"
    value: Any
    type: AttributeType
    problem: ValueProblem

    @property
    def kind(self) -> DiagnosticKind:
        return names.OUT_OF_RANGE if self.problem.out_of_range else names.WRONG_VALUE


class SettingNeedsAnother(Problem):
    """A setting of training that looks at what another one keeps aside."""

    kind = training.MISSING_TRAINING_SETTING
    says = "`{name}` needs `{other}`"
    advice = ("add `{other} 0.1`, a share of each class that is not trained on",)
    name: str
    other: str


class MissingTrainingSettings(Problem):
    """``train`` lacks settings that it needs."""

    kind = training.MISSING_TRAINING_SETTING
    says = "`train` needs {missing:names}"
    advice = ("add {examples}",)
    train: ast.Train
    missing: tuple[str, ...]

    @property
    def examples(self) -> str:
        """How these are written."""
        return ", ".join(f"`{EXAMPLES[name]}`" for name in self.missing)
