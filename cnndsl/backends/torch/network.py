"""A compiled graph: numpy arrays in and out, torch in between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from ...ir import Graph
from ...ops import element_count
from ...ops.normalization import BatchNorm
from ...recipe import Loss, Optimizer
from ..base import Options, TrainerOptions
from ..guards import check_input, check_labels, check_state, check_statistics
from ..workers import ALONE, Workers
from .arrays import Array, from_array, given_array, to_array
from .compiled import require_compiler
from .descent import Descent
from .devices import Device
from .dropout import KeyedDropout
from .held import HeldSamples, Inputs
from .inference import Inference
from .losses import loss_value
from .precision import MixedPrecision
from .threads import Threads, usual_threads
from .trainer import TorchTrainer

__all__ = ["TorchNetwork"]


class TorchNetwork:
    """A graph compiled for torch: see :class:`cnndsl.backends.base.Network`. ``module`` is the live ``nn.Module``.

    In float32 predictions run what :class:`~cnndsl.backends.torch.inference.Inference` derives of it, in float64 itself.
    """

    def __init__(
        self,
        graph: Graph,
        module: nn.Module,
        device: torch.device,
        dtype: torch.dtype,
        *,
        threads: int | None = None,
        compiled: bool = False,
        options: Options = Options(),  # noqa: B008
    ) -> None:
        self.graph = graph
        self.options = options
        self.workers: Workers = ALONE
        self.threads = Threads(threads or usual_threads(graph))
        self.is_compiled = compiled
        self._inference: Inference | None = None
        self._is_trained = False
        self._frozen: frozenset[str] = frozenset()
        self._frozen_norms: list[nn.Module] = []
        self.module = module
        self.device = device
        self.place = Device(device, options)
        self.dtype = dtype
        self._input_dtype = torch.int64 if graph.input.type.dtype == "token" else dtype
        tensors = dict(module.named_parameters())
        self._dropouts = [each for each in module.modules() if isinstance(each, KeyedDropout)]
        self.parameters = {name: tensors[name] for name in graph.parameters}

    def state(self) -> dict[str, Array]:
        """Copies of all parameters and buffers by name, in the order of the graph."""
        return {name: to_array(tensor) for name, tensor in self.live().items()}

    def live(self) -> dict[str, Tensor]:
        """The tensors themselves, outside of the recording of gradients."""
        tensors = self.module.state_dict()
        return {name: tensors[name] for node in self.graph.nodes for name in (*node.parameters, *node.buffers)}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace all parameters and buffers.

        Raises:
            DiagnosticError: E0422 unless the names and shapes are those of the graph; then nothing has changed.
        """
        tensors = self.live()
        check_state(state, {name: tensor.shape for name, tensor in tensors.items()})
        for name, tensor in tensors.items():
            tensor.copy_(from_array(state[name]))

    def forward(self, x: Array, *, training: bool = False, step: int = 0) -> Array:
        """The output for a batch x, N x sample shape.

        Raises:
            DiagnosticError: E0413 if the samples do not have the shape of the graph's input.
        """
        batch = self._batch(x)
        without_gradients = torch.no_grad if self.is_compiled else torch.inference_mode
        with self.place.computing(), self.threads, without_gradients():
            output = self._run(batch, training, step)[0] if training else self._predicted(batch)
            return given_array(output, batch)

    def differentiate(
        self, x: Array, output_gradient: Array, *, training: bool = False, step: int = 0
    ) -> tuple[Array, Array, dict[str, Array]]:
        """The output, and the gradients of sum(output * output_gradient) by the input and by each parameter."""
        batch = self._batch(x)
        sources = (batch.requires_grad_(),) if batch.is_floating_point() else ()
        with self.place.computing(), self.threads:
            output = self._run(batch, training, step)[0]
            found = self._gradients(output, self._tensor(output_gradient), *sources)
        by_input = found.pop(0) if sources else torch.zeros(batch.shape, dtype=self.dtype)
        named = zip(self.parameters, map(to_array, found), strict=True)
        return to_array(output.detach()), to_array(by_input), dict(named)

    def loss_and_gradients(
        self, x: Array, labels: Array, loss: Loss, *, step: int = 0
    ) -> tuple[float, dict[str, Array]]:
        """The loss of a batch in training mode, and its gradient by each parameter."""
        with self.place.computing(), self.threads:
            value = self.loss(x, labels, loss, step)
            gradients = self._gradients(value, None)
        return value.item(), dict(zip(self.parameters, map(to_array, gradients), strict=True))

    def trainer(
        self,
        loss: Loss,
        optimizer: Optimizer,
        options: TrainerOptions = TrainerOptions(),  # noqa: B008
    ) -> TorchTrainer:
        """This network together with a loss and a fresh optimizer.

        Raises:
            DiagnosticError: E0433 if the precision does not go with the dtype of the network, E0006 without the compiler that
                a compiled one needs.
        """
        if self.is_compiled:
            require_compiler()
        mixed = MixedPrecision(options.precision, self.device, self.dtype)
        self._inference, self._is_trained = None, True
        self._freeze({path for path, factor in options.factors.items() if not factor})
        arranged = self.device.type == "cpu" and self.dtype == torch.float32
        rates = {name: options.factors.get(node.path, 1.0) for node in self.graph.nodes for name in node.parameters}
        parameters = {name: (parameter, rates[name]) for name, parameter in self.parameters.items()}
        descent = Descent(self, loss, mixed, arranged=arranged, accumulates=options.accumulate > 1)
        return TorchTrainer(descent, parameters, optimizer, options, self.threads)

    def hold(self, parts: Iterable[Array], labels: Array) -> HeldSamples | None:
        """Samples that stay on the device: see :class:`cnndsl.backends.base.Holder`.

        Raises:
            DiagnosticError: E0413 if they do not fit the network.
        """
        numbers = len(labels) * element_count(self.graph.input.type.shape)
        if numbers * self._input_dtype.itemsize + labels.nbytes > self.place.room:
            return None
        try:
            with self.place.memory_errors():
                x, order = (
                    torch.cat([self._batch(part) for part in parts]),
                    torch.arange(len(labels), device=self.device),
                )
                return HeldSamples(x, self._targets(labels), order, self.place)
        except MemoryError:  # another process has taken it
            return None

    def loss(
        self,
        x: Inputs,
        labels: Array,
        loss: Loss,
        step: int,
        start: int = 0,
        *,
        through: Callable[[Tensor], Any] | None = None,
        mixed: MixedPrecision | None = None,
    ) -> Tensor:
        """The loss of a batch in training mode, as a tensor that gradients can be taken of.

        Each head adds its own loss times its weight. If the samples are a part of a batch, the first of them is at ``start``.
        ``through`` computes the outputs, by default the module itself.

        Raises:
            DiagnosticError: E0413 if the batch or the labels do not fit the network.
        """
        batch, targets = x.tensors() if isinstance(x, HeldSamples) else (self._batch(x), self._targets(labels))
        with nullcontext() if mixed is None else mixed.autocast():
            outputs = self._run(batch, True, step, start, through)
        outputs = tuple(output.to(self.dtype) for output in outputs)
        for output in outputs:
            check_labels(labels, output.shape)
        total, *others = (loss_value(loss, output, targets) for output in outputs)
        for head, value in zip(self.graph.heads, others, strict=True):
            total = total + head.weight * value
        return total

    def _batch(self, x: Array) -> Tensor:
        check_input(x, self.graph)
        return self.place.send(from_array(x), self._input_dtype)

    def _targets(self, labels: Array) -> Tensor:
        return self.place.send(from_array(labels), self.dtype if labels.dtype.kind == "f" else torch.int64)

    def _tensor(self, x: Array) -> Tensor:
        return self.place.send(from_array(x), self.dtype)

    def _run(
        self,
        batch: Tensor,
        training: bool,
        step: int,
        start: int = 0,
        through: Callable[[Tensor], Any] | None = None,
    ) -> tuple[Tensor, ...]:
        """The output and, in training, those of the heads."""
        if training:
            check_statistics(self.graph, len(batch), self._frozen)
        self._turn(training)
        for dropout in self._dropouts if training else ():
            dropout.draw(batch, step, self.dtype, start)
        outputs = (through or self.module)(batch)
        return outputs if isinstance(outputs, tuple) else (outputs,)

    def _predicted(self, batch: Tensor) -> Tensor:
        """The output in evaluation mode, without gradients."""
        self._turn(training=False)
        if self.dtype == torch.float64:
            output: Tensor = self.module(batch)
            return output
        if self._inference is None:
            # tensors that go on changing are not worth compiling for
            compiled = self.is_compiled and not self._is_trained
            self._inference = Inference(self.graph, self.module, self.device, compiled=compiled)
        return self._inference(batch)

    def _turn(self, training: bool) -> None:
        if self.module.training != training:
            self.module.train(training)
            for norm in self._frozen_norms:
                norm.eval()

    def _freeze(self, paths: Collection[str]) -> None:
        """Keep the tensors of some layers as they are while others are trained, and of no others."""
        for node in self.graph.nodes:
            for name in node.parameters:
                self.parameters[name].requires_grad_(node.path not in paths)
        self._frozen = frozenset(paths)
        norms = [node for node in self.graph.nodes if isinstance(node.operator, BatchNorm) and node.path in paths]
        self._frozen_norms = [self.module.get_submodule(node.path) for node in norms]
        self.module.eval()  # the next step turns all but these to training

    def _gradients(self, value: Tensor, value_gradient: Tensor | None, *first: Tensor) -> list[Tensor]:
        """The gradients by ``first`` and by every parameter; zeros where nothing depends on one."""
        sources = (*first, *self.parameters.values())
        return list(torch.autograd.grad(value, sources, value_gradient, materialize_grads=True))
