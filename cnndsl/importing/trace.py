"""What a model does, in order: its layers in our words, what each of them reads, and what could not be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from ..diagnostics import Diagnostic, DiagnosticKind, Label
from ..ops import OPERATORS
from ..record import Record
from ..source import Span
from ..translation.records import our_text

__all__ = ["JOINS", "Step", "Takes", "TooMuch", "Trace", "Untaken"]

JOINS = ("add", "mul", "concat")
"""The words whose layer reads several values."""

MOST_STEPS = 20_000
"""No model has more layers, repeated ones counted."""


class Untaken(Exception):
    """Something that a spec cannot say, or that cannot be known without running the program; the message says why."""

    def __init__(self, message: str, *help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class TooMuch(Untaken):
    """A program does too much to be followed."""


class Takes(Record):
    """How many numbers, or channels, a layer was built to take, as the model says it."""

    count: int
    layer: str


def without_defaults(layer: str) -> str:
    """A layer without the attributes that have their defaults."""
    word, *arguments = re.split(r" (?![^(]*\))", layer)
    declared = OPERATORS.get(word)
    if declared is None:
        return layer
    defaults = {name: _text(info.default) for name, info in declared.attributes().items() if not info.required}
    defaults["pad"] = "0"
    pairs = [(each, *each.partition("=")) for each in arguments]
    return " ".join((word, *(each for each, name, equal, value in pairs if not equal or defaults.get(name) != value)))


def _text(default: object) -> str:
    is_even = isinstance(default, tuple) and len(set(default)) == 1
    return our_text(default[0] if is_even else default)  # type: ignore[index]


class Step:
    """One layer, or a layer and what follows it in the same call, at its place; it is also the value that it makes.

    ``path`` is the scope that it is in, ``label`` its own name there, ``hint`` a name for its value. A step without
    ``layers`` passes its value on: it stands for what was not taken, and ``remark`` says what that was.
    """

    def __init__(
        self,
        layers: tuple[str, ...],
        inputs: Sequence[Step],
        span: Span | None,
        path: tuple[str, ...] = (),
        label: str = "",
    ) -> None:
        self.layers = tuple(map(without_defaults, layers))
        self.inputs = tuple(inputs)
        self.span = span
        self.path = path
        self.label = label
        self.hint = ""
        self.takes: Takes | None = None
        self.remark = ""
        self.shared = False
        """Whether its weights are those of a step before."""
        self.side = 0
        """The number of the side output that it is for; 0 for none."""

    def __repr__(self) -> str:
        return f"Step({'.'.join((*self.path, self.label))!r}, {' | '.join(self.layers)!r})"

    @property
    def word(self) -> str:
        """The word of the first layer; empty without any."""
        return self.layers[0].split()[0] if self.layers else ""

    @property
    def is_join(self) -> bool:
        return self.word in JOINS


class Trace:
    """The steps of a model, the input first, and the diagnostics of what is in the file."""

    def __init__(self, name: str = "Net") -> None:
        self.name = name
        self.steps: list[Step] = []
        self.outputs: list[Step] = []
        self.diagnostics: list[Diagnostic] = []
        self.has_free_name = True
        """Whether the name is ours and not the file's."""

    @property
    def input(self) -> Step | None:
        return self.steps[0] if self.steps else None

    def add(self, step: Step) -> Step:
        """Append a step.

        Raises:
            TooMuch: If there are too many.
        """
        if len(self.steps) >= MOST_STEPS:
            raise TooMuch(f"the model has more than {MOST_STEPS:,} layers")
        self.steps.append(step)
        return step

    def report(self, kind: DiagnosticKind, span: Span | None, message: str, *help: str) -> None:
        """Say something of a position in the file, once."""
        item = Diagnostic(kind, message, None if span is None else Label(span), help=tuple(filter(None, help)))
        if all((each.kind, each.message, each.primary) != (kind, message, item.primary) for each in self.diagnostics):
            self.diagnostics.append(item)

    @property
    def result(self) -> Step | None:
        """The value that the model gives."""
        return self.outputs[0] if self.outputs else None

    @cached_property
    def needed(self) -> frozenset[Step]:
        """The steps that an output depends on."""
        return self.before(*self.outputs)

    def before(self, *values: Step) -> frozenset[Step]:
        """The steps that some values depend on, and these themselves."""
        found: set[Step] = set()
        left = list(values)
        while left:
            step = left.pop()
            if step not in found:
                found.add(step)
                left.extend(step.inputs)
        return frozenset(found)

    def in_order(self) -> Iterator[Step]:
        """The steps that an output depends on, in the order in which they run."""
        return (step for step in self.steps if step in self.needed)
