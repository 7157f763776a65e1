"""Shapes and types of values, and the tensors that an operator owns."""

from __future__ import annotations

from ..record import Record

__all__ = [
    "Constant",
    "Initializer",
    "ParameterSpec",
    "Shape",
    "Signs",
    "TensorType",
    "Uniform",
    "element_count",
    "format_shape",
]

Shape = tuple[int, ...]


def element_count(shape: Shape) -> int:
    """How many numbers a tensor of this shape holds."""
    count = 1
    for extent in shape:
        count *= extent
    return count


def format_shape(shape: tuple[int | None, ...]) -> str:
    """A shape as the language writes it, ``6x28x28``; None stands for ``?``."""
    return "x".join("?" if extent is None else str(extent) for extent in shape) if shape else "a single number"


class TensorType(Record):
    """The type of a value, per sample: CxHxW, CxL or F; ``dtype`` is ``float`` or ``token`` (whole numbers)."""

    shape: Shape
    dtype: str = "float"

    def __str__(self) -> str:
        return format_shape(self.shape)


class Uniform(Record):
    """Uniform between -bound and bound."""

    bound: float


class Constant(Record):
    """The same number everywhere."""

    value: float


class Signs(Record):
    """-1 or 1, each with probability 1/2."""


Initializer = Uniform | Constant | Signs


class ParameterSpec(Record):
    """One tensor of an operator: its shape and what it starts from; ``dtype`` is ``float`` or ``int64``."""

    shape: Shape
    initializer: Initializer
    dtype: str = "float"
