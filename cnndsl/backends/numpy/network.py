"""A graph with its tensors: runs the kernels of its nodes forwards, and backwards for gradients."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...ir import Graph
from ...ops import OPERATORS
from ..guards import check_input, check_state, check_statistics, require_full_precision
from ..workers import ALONE, Workers
from . import kernels
from .plan.inference import Inference
from .threads import single_threaded

if TYPE_CHECKING:
    from ...recipe import Loss, Optimizer
    from ..base import TrainerOptions
    from .kernels import Array
    from .passes import Passes
    from .plan.training import Training
    from .trainer import NumpyTrainer

__all__ = ["NumpyNetwork"]

_as_ieee = np.errstate(all="ignore")
"""Infinities and what is not a number flow on without a warning, as in torch; training reports them where they end."""


class NumpyNetwork:
    """A graph compiled for NumPy: see :class:`cnndsl.backends.base.Network`."""

    def __init__(self, graph: Graph, dtype: np.dtype[Any], seed: int, *, exact: bool = False, threads: int = 1) -> None:
        self.graph = graph
        self.workers: Workers = ALONE
        self.dtype = dtype
        self.seed = seed
        self.exact = exact
        self.threads = threads
        self.tensors: dict[str, Array] = {
            name: np.zeros(spec.shape, np.int64 if spec.dtype == "int64" else dtype)
            for node in graph.nodes
            for name, spec in {**node.parameters, **node.buffers}.items()
        }
        for node in graph.nodes:
            if OPERATORS.get(node.operator.name) is not type(node.operator):
                kernels.find_kernel(node)  # ours have a kernel; one that a caller brings along may have none
        self._passes: Passes | None = None
        self._inference: Inference | None = None
        self._is_stale = False
        self._training: Training | None = None
        self._frozen: frozenset[str] = frozenset()
        self._turn = RLock()
        """Held while a plan runs: it has one memory, and several threads may ask one network."""

    def __getstate__(self) -> dict[str, Any]:
        """What a copy needs: its plans are made anew."""
        made_anew = ("_inference", "_training", "_passes", "_turn")
        return {name: value for name, value in vars(self).items() if name not in made_anew}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(  # type: ignore[misc]
            state["graph"], state["dtype"], state["seed"], exact=state["exact"], threads=state["threads"]
        )
        self.load_state(state["tensors"])

    def state(self) -> dict[str, Array]:
        """Copies of all parameters and buffers by name, in the order of the graph."""
        return {name: tensor.copy() for name, tensor in self.tensors.items()}

    def live(self) -> dict[str, Array]:
        """The tensors themselves."""
        return self.tensors

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace all parameters and buffers.

        Raises:
            DiagnosticError: E0422 unless the names and shapes are those of the graph; then nothing has changed.
        """
        check_state(state, {name: tensor.shape for name, tensor in self.tensors.items()})
        for name, tensor in self.tensors.items():
            tensor[...] = state[name]
        self._is_stale = True

    @single_threaded
    @_as_ieee
    def forward(self, x: Array, *, training: bool = False, step: int = 0) -> Array:
        """The output for a batch x, N x sample shape.

        Raises:
            DiagnosticError: E0413 if the samples do not have the shape of the graph's input, or if a batch to train on
                leaves a batch normalisation nothing to take a variance of.
        """
        self._check(x, training)
        if not training:
            with self._turn:
                return self.inference.run(x)
        self._is_stale = True
        return self._kernels.forward(self._cast(x), step)

    @property
    def inference(self) -> Inference:
        """The plans for evaluation, with the tensors as they are now."""
        if self._inference is None:
            self._inference = Inference(self.graph, self.tensors, self.dtype, exact=self.exact, threads=self.threads)
        elif self._is_stale:
            self._inference.store.refresh()
        self._is_stale = False
        return self._inference

    @single_threaded
    @_as_ieee
    def differentiate(
        self, x: Array, output_gradient: Array, *, training: bool = False, step: int = 0
    ) -> tuple[Array, Array, dict[str, Array]]:
        """The output, and the gradients of sum(output * output_gradient) by the input and by each parameter."""
        self._check(x, training)
        return self._kernels.differentiate(self._cast(x), np.asarray(output_gradient, self.dtype), training, step)

    @single_threaded
    @_as_ieee
    def loss_and_gradients(
        self, x: Array, labels: Array, loss: Loss, *, step: int = 0
    ) -> tuple[float, dict[str, Array]]:
        """The loss of a batch in training mode, and its gradient by each parameter.

        Each head adds its own loss times its weight.
        """
        found: dict[str, Array] = {}

        def take(name: str, gradient: Array) -> None:
            found[name] = gradient.copy()

        total = self.descend(x, labels, loss, step, take)
        return total, {name: found[name] for name in self.graph.parameters}

    @single_threaded
    @_as_ieee
    def descend(
        self, x: Array, labels: Array, loss: Loss, step: int, take: Callable[[str, Array], None], **part: Any
    ) -> float:
        """The loss of a batch; ``take`` is given the gradient by each parameter, which it may then change.

        ``part`` says which part of a batch the samples are: see :meth:`~.plan.training.engine.Training.step`.
        """
        self._check(x, training=True)
        with self._turn:
            self._is_stale = True
            if self._training is None:
                from .plan.training import Training  # a prediction does without

                self._training = Training(
                    self.graph, self.tensors, self.dtype, self.seed, threads=self.threads, frozen=self._frozen
                )
            return self._training.step(self._cast(x), np.asarray(labels), loss, step, take, **part)

    def trainer(self, loss: Loss, optimizer: Optimizer, options: TrainerOptions | None = None) -> NumpyTrainer:
        """This network together with a loss and a fresh optimizer.

        Raises:
            DiagnosticError: E0433 for a precision of 16 bits.
        """
        from ..base import TrainerOptions
        from .trainer import NumpyTrainer  # a prediction does without

        options = options or TrainerOptions()
        require_full_precision(options.precision)
        self._frozen = frozenset(path for path, factor in options.factors.items() if not factor)
        self._training = None
        learnt = {
            name: (self.tensors[name], options.factors.get(node.path, 1.0))
            for node in self.graph.nodes
            for name in node.parameters
            if node.path not in self._frozen
        }
        return NumpyTrainer(partial(self.descend, loss=loss), learnt, optimizer, options)

    def _check(self, x: Array, training: bool) -> None:
        check_input(x, self.graph)
        if training:
            check_statistics(self.graph, len(x), self._frozen)

    @property
    def _kernels(self) -> Passes:
        """The passes through the reference kernels."""
        if self._passes is None:
            from .passes import Passes  # a prediction does without

            self._passes = Passes(self.graph, self.tensors, self.dtype, self.seed)
        return self._passes

    def _cast(self, x: Array) -> Array:
        return np.asarray(x, np.int64 if self.graph.input.type.dtype == "token" else self.dtype)
