"""The running mean of a network's weights (Polyak and Juditsky 1992), which is steadier than the weights themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backends.base import Network

__all__ = ["Average"]

Tensors = dict[str, NDArray[np.generic]]

_PREFIX = "trained."
"""Of the names of the weights that go on being trained, where a checkpoint has their mean in their place."""


class Average:
    """Follows the tensors of a network: mean = decay * mean + (1 - decay) * tensor, from their values after the first step on.

    Running statistics are averaged like parameters, as ``torch.optim.swa_utils.AveragedModel`` with ``use_buffers`` has it;
    counters are copied. With a decay of 0 there is no mean, and nothing happens.
    """

    def __init__(self, network: Network, decay: float) -> None:
        self._network = network
        self._decay = decay
        self._live = network.live() if decay else {}
        self._counters = {name for name, spec in network.graph.buffers.items() if spec.dtype == "int64"}
        self._means: dict[str, Any] = {}
        self._trained: Tensors = {}

    def follow(self) -> None:
        """Take in the tensors after a step."""
        if not self._means:
            self._begin()
        for name, tensor in self._live.items():
            share = 1 if name in self._counters else 1 - self._decay
            self._means[name] += (tensor - self._means[name]) * share

    def _begin(self) -> None:
        self._means = {name: tensor + 0 for name, tensor in self._live.items()}  # copies, of whatever sort of tensor

    @contextmanager
    def in_place(self) -> Iterator[Tensors]:
        """Let the network have the mean for a while; gives what training goes on from, empty if there is no mean."""
        if not self._means or self._trained:  # there is none, or it has it already
            yield self._trained
            return
        trained = self._network.state()
        self._trained = {_PREFIX + name: tensor for name, tensor in trained.items()}
        self.settle()
        try:
            yield self._trained
        finally:
            self._network.load_state(trained)
            self._trained = {}

    def settle(self) -> None:
        """Let the network keep the mean."""
        for name, mean in self._means.items():
            self._live[name][...] = mean
        self._network.load_state(self._network.state())  # which tells it that they have changed

    def resume(self, state: Mapping[str, NDArray[np.generic]]) -> Tensors:
        """Go on from a checkpoint, whose network has the mean, and give what is left of its state for the trainer."""
        trained = {name.removeprefix(_PREFIX): tensor for name, tensor in state.items() if name.startswith(_PREFIX)}
        if trained:
            self._begin()
            self._network.load_state(trained)
        return {name: tensor for name, tensor in state.items() if not name.startswith(_PREFIX)}
