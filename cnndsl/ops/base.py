"""What an operator is: one class that says everything about it, as data that backends, documents and tests read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .. import diagnostics
from ..attributes import Declared
from ..diagnostics import kinds
from ..record import Record
from . import sight
from .types import ParameterSpec, Shape, TensorType

__all__ = ["Call", "Function", "Misuse", "Operator", "OperatorError", "Sample", "require_axis", "require_rank"]


_HELD = {"float": "numbers", "token": "tokens"}


class OperatorError(Exception):
    """An operator refuses its inputs. It names the attribute or the input that is to blame, never a place: operators see no
    spans. ``input`` counts from 0 and is given where several inputs do not go together. ``help`` may be a function that
    works it out, for who reads it.
    """

    def __init__(
        self,
        kind: diagnostics.DiagnosticKind,
        message: str,
        *,
        attribute: str | None = None,
        input: int | None = None,
        label: str = "",
        notes: tuple[str, ...] = (),
        help: tuple[str, ...] | Callable[[], tuple[str, ...]] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.attribute = attribute
        self.input = input
        self.label = label
        self.notes = notes
        self._help = help

    @property
    def help(self) -> tuple[str, ...]:
        """What to do."""
        return self._help() if callable(self._help) else self._help


class Sample(Record):
    """A good use of an operator: a line of the language, and the shape and dtype that it is given."""

    text: str
    shape: Shape
    dtype: str = "float"


class Misuse(Record):
    """A bad use of an operator and the code of the one error that it must cause."""

    text: str
    shape: Shape
    code: str
    dtype: str = "float"


class Call(Record):
    """A module of torch as data: its name under ``torch`` and what it is built with. Live models and emitted source read it.

    Names under ``layers`` are modules that torch lacks: those of ``backends/torch/layers.py``.
    """

    target: str
    arguments: Mapping[str, Any] = {}


class Function(Call):
    """A function of torch as data: called with the values, then with the arguments by name.

    ``takes`` says how it is handed several values: ``each`` by place, ``together`` as one tuple, as in ``cat((a, b))``, or
    ``folded``, two by two, as in ``add(add(a, b), c)``. After the values come the node's own ``tensors``, by their short
    names.
    """

    takes: str = "each"
    tensors: tuple[str, ...] = ()


class Operator(Declared):
    """Base of all operators. The fields of a subclass are its attributes; its docstring is its reference page.

    Shapes are per sample; a backend adds the batch axis in front. The methods here are open to any number of inputs, each a
    :class:`TensorType`; a subclass names those that it takes.
    """

    samples: ClassVar[tuple[Sample, ...]] = ()
    misuses: ClassVar[tuple[Misuse, ...]] = ()
    is_join: ClassVar[bool] = False
    """Whether it takes several values."""
    dtypes: ClassVar[tuple[str, ...]] = ("float",)
    """What its inputs may hold."""

    def resolve(self, *inputs: Any, **none: Any) -> Operator:
        """This operator with everything that depends on its input made explicit, such as ``same`` padding."""
        return self

    def infer(self, *inputs: Any, **none: Any) -> TensorType:
        """The type of the output: the one shape rule of the operator.

        Raises:
            OperatorError: If the input does not suit the operator.
        """
        raise NotImplementedError

    def outputs(self, *inputs: TensorType) -> tuple[TensorType, ...]:
        """The types of all outputs; only an operator with several of them overrides this.

        Raises:
            OperatorError: If the inputs do not suit the operator.
        """
        for place, value in enumerate(inputs):
            self._check_dtype(place, value)
        return (self.infer(*inputs),)

    def _check_dtype(self, place: int, value: TensorType) -> None:
        if value.dtype in self.dtypes:
            return
        raise OperatorError(
            kinds.shapes.WRONG_DTYPE,
            f"`{self.name}` takes {_HELD[self.dtypes[0]]}, and this value holds {_HELD[value.dtype]}",
            input=place,
            label=f"gets {_HELD[value.dtype]}",
            help=("turn tokens into numbers with `embedding` first",) if value.dtype == "token" else (),
        )

    def parameters(self, *inputs: Any, **none: Any) -> dict[str, ParameterSpec]:
        """The learned tensors by their names under the layer."""
        return {}

    def buffers(self, *inputs: Any, **none: Any) -> dict[str, ParameterSpec]:
        """The tensors that training updates without a gradient, such as running statistics."""
        return {}

    def macs(self, *inputs_and_output: Any, **none: Any) -> int:
        """Multiply-accumulates per sample, counted for convolutions and dense layers, biases left out."""
        return 0

    def mac_formula(self, *inputs_and_output: Any, **none: Any) -> str:
        """How the number of multiply-accumulates comes about, with the numbers filled in; empty where none are counted."""
        return ""

    def formulas(self, *inputs: Any, **none: Any) -> tuple[str, ...]:
        """How the output's extents come about, with the numbers filled in; empty where nothing is to be explained."""
        return ()

    def parameter_formula(self, *inputs: Any, **none: Any) -> str:
        """How the number of parameters comes about, with the numbers filled in; empty without parameters."""
        return ""

    def window(self) -> Any:
        """The :class:`~cnndsl.ops.geometry.Window` that each output sees; None if it sees its own place only."""
        return None

    def sights(self, *inputs: Any, **none: Any) -> tuple[sight.Sights, ...]:
        """What each output sees of each input along each axis; without windows its own place, or everything.

        In evaluation: in training, batch normalisation looks at all places of all samples.
        """
        own: sight.Sights = (sight.OWN, *(self.window().sights() if self.window() is not None else ()))
        return tuple(
            (None,) * len(x.shape) if self.sees_everything else own + (sight.OWN,) * (len(x.shape) - len(own))
            for x in inputs
        )

    def reach(self, box: sight.Box, *inputs: TensorType, output: int = 0) -> tuple[sight.Box, ...]:
        """The part of each input that a part of an output depends on; no places along an axis if it depends on none."""
        return tuple(
            tuple(
                range(size) if seen is None else seen.reach(box[axis if seen.axis is None else seen.axis], size)
                for axis, (size, seen) in enumerate(zip(x.shape, sights, strict=True))
            )
            for x, sights in zip(inputs, self.sights(*inputs), strict=True)
        )

    @property
    def sees_everything(self) -> bool:
        """Whether each output depends on the whole input."""
        return False

    @property
    def is_view(self) -> bool:
        """Whether the output is the input's memory under another shape."""
        return False

    def torch_calls(self, *inputs: Any, **none: Any) -> tuple[Call, ...]:
        """The modules and functions of torch that do the same, in order.

        The first takes the inputs, each other what the one before gives. The last module owns the parameters.
        """
        raise NotImplementedError


_RANKS = {1: "a vector", 2: "a line CxL", 3: "an image CxHxW"}


def require_rank(operator: Operator, x: TensorType, *ranks: int, what: str = "", help: str = "") -> None:
    """Refuse an input that has not so many axes; ``what`` is said in place of what has them."""
    if len(x.shape) in ranks:
        return
    raise OperatorError(
        kinds.shapes.WRONG_RANK,
        f"`{operator.name}` takes {what or diagnostics.one_of(map(_RANKS.__getitem__, ranks))}, and this value is {x}",
        label=f"gets {x}",
        help=(help,) if help else (),
    )


_AXES = {1: "a vector has axis 0 alone", 2: "0 channels, 1 length", 3: "0 channels, 1 height, 2 width"}


def require_axis(axis: int, x: TensorType) -> None:
    """Refuse an axis that a value does not have; they count from 0, without the batch."""
    if axis < len(x.shape):
        return
    raise OperatorError(
        kinds.shapes.BAD_AXIS,
        f"axis {axis} does not exist in a value of {x}",
        attribute="axis",
        label=f"the last axis is {len(x.shape) - 1}",
        help=(f"axes count from 0, without the batch: {_AXES.get(len(x.shape), '0 is the first')}",),
    )
