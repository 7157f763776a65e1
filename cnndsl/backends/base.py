"""What a backend is: the protocols that training and tests speak, and the gaps of each backend as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypedDict, runtime_checkable

from ..ir import Graph
from ..recipe import Clip, Loss, Optimizer, Precision
from ..recipe.optimizers import NOT_CLIPPED
from ..recipe.precision import Float32
from ..record import Record
from .options import Array, Limitation, Options
from .parts import Part
from .workers import Workers

__all__ = [
    "Array",
    "Backend",
    "Computing",
    "Held",
    "Holder",
    "Limitation",
    "Network",
    "Options",
    "Trainer",
    "TrainerOptions",
]


class TrainerOptions(Record):
    """What a trainer may be asked for beside its loss and optimizer.

    Gradients are bounded as ``clip`` says. A batch goes through the network in ``accumulate`` parts, whose gradients are added
    before the update. ``factors`` multiply the learning rate of some layers, by their paths. The tensors of a layer whose
    factor is 0 stay as they are; if it is a batch normalisation, it normalises by its running statistics.
    """

    clip: Clip = NOT_CLIPPED
    accumulate: int = 1
    precision: Precision = Float32()
    factors: Mapping[str, float] = {}


class Trainer(Protocol):
    """A network together with a loss and the state of an optimizer."""

    def step(self, x: Array, labels: Array, *, learning_rate: float, step: int, part: Part = Part()) -> Any:  # noqa: B008
        """One update from a batch x (N x sample shape) and its class numbers (N, int64). Returns the loss before it.

        A loss that is infinite or not a number leaves the parameters as they are.

        Where the output is a map there is a number for each place of it, N x H x W; shares of the classes may take the place
        of numbers, floats in the shape of the output.

        ``step`` counts from 0 over the whole training; it keys the random numbers of dropout. With several workers the
        samples are one's own ``part`` of the batch, and the loss is that of all of it. It is a float, or what ``float`` reads
        one from where that has to wait for a device.

        x may be of a network's :class:`Held`; the labels are given all the same.
        """
        ...

    def state(self) -> dict[str, Array]:
        """The state of the optimizer, as arrays by name."""
        ...

    def load_state(self, state: Mapping[str, Array]) -> None: ...


class Network(Protocol):
    """A graph compiled for one backend, with its tensors. Arrays go in and come out as numpy arrays of the network's dtype."""

    graph: Graph
    workers: Workers
    """Who trains it, in turn with this process; set before a trainer is asked for."""

    def state(self) -> dict[str, Array]:
        """Copies of all parameters and buffers by name, in the order of the graph."""
        ...

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace all parameters and buffers; the names and shapes must be those of the graph."""
        ...

    def live(self) -> dict[str, Array]:
        """The tensors themselves, of the backend's own sort, by name: they change as the network is trained."""
        ...

    def forward(self, x: Array, *, training: bool = False, step: int = 0) -> Array:
        """The output for a batch x, N x sample shape."""
        ...

    def differentiate(
        self, x: Array, output_gradient: Array, *, training: bool = False, step: int = 0
    ) -> tuple[Array, Array, dict[str, Array]]:
        """The output, and the gradients of sum(output * output_gradient) by the input and by each parameter."""
        ...

    def loss_and_gradients(
        self, x: Array, labels: Array, loss: Loss, *, step: int = 0
    ) -> tuple[float, dict[str, Array]]:
        """The loss of a batch in training mode, and its gradient by each parameter."""
        ...

    def trainer(
        self,
        loss: Loss,
        optimizer: Optimizer,
        options: TrainerOptions = TrainerOptions(),  # noqa: B008
    ) -> Trainer:
        """This network together with a loss and a fresh optimizer.

        Raises:
            DiagnosticError: E0433 if the network cannot compute in the precision.
        """
        ...


class Held(Protocol):
    """Samples that a network holds on its device with their labels; a step takes some of them as its batch.

    They are indexed as an array is. A slice takes nothing from the host, and places in an array are copied from it.
    """

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: slice | Array) -> Held: ...

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array: ...


@runtime_checkable
class Holder(Protocol):
    """A network that may hold a small set of samples on its device, where steps need not copy them from the host."""

    def hold(self, parts: Iterable[Array], labels: Array) -> Held | None:
        """The samples of all parts, one after the other, and their labels.

        None if they are too many or gain nothing there, for which no part is asked for, or if memory runs out.
        """
        ...


class Computing(TypedDict, total=False):
    """Where and how a backend is to compute, for callers that only pass it on."""

    device: str
    threads: int | None
    compiled: bool
    exact: bool
    options: Options


class Backend(Protocol):
    """Compiles graphs. ``seed`` keys the initial weights and dropout; the same seed gives every backend the same bytes.

    ``threads`` is how many threads of the CPU it may take, None if it is to choose; ``compiled`` asks for kernels that are
    written for the network, which not every backend can do; ``exact`` for none that round more than they
    must. ``state`` are tensors to take instead of the initial ones.
    """

    name: str
    limitations: tuple[Limitation, ...]

    def compile(
        self,
        graph: Graph,
        *,
        dtype: str = "float32",
        seed: int = 0,
        device: str = "cpu",
        threads: int | None = None,
        compiled: bool = False,
        exact: bool = False,
        state: Mapping[str, Array] | None = None,
        options: Options = Options(),  # noqa: B008
    ) -> Network: ...

    def workers(self, device: str, dtype: str) -> Workers:
        """The workers that train a network together with this process, which ``torchrun`` has started."""
        ...
