"""What the tests of training train: a network that takes a moment, and helpers to say what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cnndsl.diagnostics import Diagnostic, DiagnosticError
from cnndsl.ir import Graph
from cnndsl.ops import Shape
from cnndsl.ops.activation import Relu
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import Adam
from tests.support.networks import chain

LINE = """\
network Line(hidden = 16) {
    input 1x8x8
    flatten
    dense hidden | relu
    output: dense 10
}

train {
    data digits
    optimizer adam lr=1e-2
    batch 32
    epochs 3
}
"""
"""The same for commands, as the text of a spec."""


def tiny(name: str = "Tiny", *, hidden: int = 8, shape: Shape = (1, 8, 8), hidden_name: str = "hidden") -> Graph:
    """A network with a buffer and with dropout, so that nothing of a state is left out."""
    layers = [
        ("norm", BatchNorm()),
        Flatten(),
        (hidden_name, Dense(hidden)),
        Relu(),
        Dropout(0.1),
        ("output", Dense(10)),
    ]
    return chain(name, shape, layers)


def quick(**changes: object) -> Recipe:
    """Two short epochs on digits."""
    return Recipe(data=Digits(), optimizer=Adam(lr=1e-2), epochs=2, batch=64).replace(**changes)


class Refusal:
    """The one diagnostic that a block of code raised."""

    diagnostic: Diagnostic

    @property
    def text(self) -> str:
        item = self.diagnostic
        return "\n".join((item.message, *item.notes, *item.help))


@contextmanager
def refused(code: str) -> Iterator[Refusal]:
    """The block must raise exactly one diagnostic, with this code."""
    refusal = Refusal()
    with pytest.raises(DiagnosticError) as caught:
        yield refusal
    (refusal.diagnostic,) = caught.value.diagnostics
    assert refusal.diagnostic.kind.code == code, str(caught.value)
