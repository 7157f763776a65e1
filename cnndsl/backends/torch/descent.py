"""What gradients are taken of: the loss of parts of batches, by one worker or several, as memory and precision have it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from ...ir import Graph
from ...recipe import Loss
from ..base import Options
from ..workers import Workers
from .arrays import Array
from .compiled import ForOneSize, by_inductor
from .devices import Device
from .held import Inputs
from .layout import lay_out, training_format
from .precision import MixedPrecision
from .recompute import recomputing
from .sync_bn import has_statistics, share_statistics
from .training_steps import for_training
from .workers import TorchWorkers

__all__ = ["Descent"]


class Trained(Protocol):
    """What of a network gradients need: see :class:`cnndsl.backends.torch.network.TorchNetwork`."""

    graph: Graph
    module: nn.Module
    parameters: dict[str, nn.Parameter]
    device: torch.device
    place: Device
    options: Options
    workers: Workers
    is_compiled: bool

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
    ) -> Tensor: ...


class Descent:
    """The loss of a network in training mode; what it is computed by is made for the first batch.

    With several workers it is ``DistributedDataParallel``, which averages gradients while they are computed. Its mean over
    the workers is the sum here, since each loss comes with the share of its samples times the number of workers.
    """

    def __init__(
        self, network: Trained, loss: Loss, mixed: MixedPrecision, *, arranged: bool, accumulates: bool = False
    ) -> None:
        self.loss = loss
        self.mixed = mixed
        self.place = network.place
        self.workers = network.workers if isinstance(network.workers, TorchWorkers) else None
        self._network = network
        self._options = network.options
        self._arranged = arranged
        # a CUDA graph gives gradients in memory that the next part of a batch, or the exchange of workers, would overwrite
        self._graphs = network.device.type == "cuda" and not accumulates and self.workers is None
        self._through: Callable[[Tensor], Any] | None = None
        self._parallel: DistributedDataParallel | None = None
        self._own_statistics: list[Tensor] = []

    def begin(self, samples: int, slots: Iterable[Tensor]) -> None:
        """Make what computes, and lay out parameters and ``slots`` for so many samples at once."""
        if self._through is not None:
            return
        network = self._network
        format_ = training_format(network.graph, samples) if self._arranged else None
        if format_ is not None:
            lay_out((*network.parameters.values(), *slots), format_)
        if self.workers is not None:
            if self._options.sync_bn:
                share_statistics(network.module, self.workers)
            else:
                self._own_statistics = [each for each in network.module.buffers() if each.is_floating_point()]
                self._own_statistics = self._own_statistics if has_statistics(network.module) else []
        through = self._spread(self._computing(format_))
        network.module.eval()  # tracing has turned all of it to training, and what is frozen is to stay
        self._through = through
        if network.is_compiled:
            self._through = ForOneSize(lambda batch: by_inductor(through, graphs=self._graphs), through)

    def _computing(self, layout: torch.memory_format | None) -> nn.Module:
        """What computes the outputs of one worker."""
        network = self._network
        if self._options.recompute:
            return recomputing(network.graph, network.module)
        is_left = network.is_compiled or self.workers is not None or self.mixed.dtype is not None
        return network.module if is_left else for_training(network.module, layout)

    def _spread(self, module: nn.Module) -> nn.Module:
        """A module whose gradients are averaged over the workers."""
        learnt = {name for name, each in self._network.parameters.items() if each.requires_grad}
        if self.workers is None or not learnt:
            return module
        device, graph = self._network.device, self._network.graph
        values = (graph.output, *(head.value for head in graph.heads))
        used = {name for node in graph.needed_nodes(values) for name in node.parameters}
        with self.workers.reaching(), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the name that `broadcast_buffers` has from torch 2.13 on
            self._parallel = DistributedDataParallel(
                module,
                device_ids=[device] if device.type == "cuda" else None,
                broadcast_buffers=False,
                find_unused_parameters=not learnt <= used,
                gradient_as_bucket_view=True,
            )
        return self._parallel

    def add_gradients(self, x: Inputs, labels: Array, share: float, step: int, start: int, *, last: bool) -> Tensor:
        """What samples add to the loss of a batch, whose ``share`` they are; their gradients stay with the parameters.

        Workers exchange gradients with the ``last`` part of a batch.
        """
        count = 1 if self.workers is None else self.workers.count
        reaching = nullcontext() if self.workers is None else self.workers.reaching()
        with reaching, nullcontext() if last else self._alone():
            value = self._network.loss(x, labels, self.loss, step, start, through=self._through, mixed=self.mixed)
            value = value if share == 1 else value * share
            self.mixed.scaled(value if count == 1 else value * count).backward()  # type: ignore[no-untyped-call]
        return value.detach()

    def _alone(self) -> AbstractContextManager[None]:
        return nullcontext() if self._parallel is None else self._parallel.no_sync()

    def end(self, total: Tensor) -> Tensor:
        """The loss of the whole batch; running statistics become the mean of those of all workers."""
        if self.workers is None:
            return total
        self.workers.average(self._own_statistics)
        return self.workers.sum(total)
