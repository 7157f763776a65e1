"""The entry to the backend: refuse what it cannot do, then build, initialise and place the model."""

from __future__ import annotations

import torch

from ...diagnostics import Diagnostic, DiagnosticError, Label
from ...diagnostics.kinds import training
from ...ir import Graph, Node
from ..base import Limitation
from ..initial import initial_state
from .devices import find_device, weight_format
from .limitations import LIMITATIONS
from .model import build_model
from .network import TorchNetwork

__all__ = ["TorchBackend"]

DTYPES = {"float32": torch.float32, "float64": torch.float64}


class TorchBackend:
    """Compiles graphs to torch modules, on any device that this installation of torch has.

    Training is deterministic on a CPU: with the same spec, seed, machine, version of torch and number of threads it gives
    the same bytes, and the random state of the process is neither read nor changed. On CUDA cuDNN is held to deterministic
    kernels in full precision (``devices.exact``), but the gradient of max pooling may still be added up in another order.
    ``torch.use_deterministic_algorithms`` changes the whole process and some speed, and is left to the caller.
    """

    name = "torch"
    limitations: tuple[Limitation, ...] = LIMITATIONS

    def compile(self, graph: Graph, *, dtype: str = "float32", seed: int = 0, device: str = "cpu") -> TorchNetwork:
        """The graph as a network with its initial tensors on the device.

        Raises:
            DiagnosticError: E0432 if the device is not there, E0433 if the backend cannot run one of the nodes.
            ValueError: If dtype is neither ``float32`` nor ``float64``.
        """
        if dtype not in DTYPES:
            raise ValueError(f"no dtype {dtype!r}; there are {', '.join(DTYPES)}")
        place = find_device(device, dtype)
        self._refuse(graph)
        model = build_model(graph, seed).to(DTYPES[dtype]).to_empty(device=place)
        model.to(memory_format=weight_format(place, DTYPES[dtype]))  # type: ignore[call-overload]
        network = TorchNetwork(graph, model, place, DTYPES[dtype])
        network.load_state(initial_state(graph, seed))
        return network

    def _refuse(self, graph: Graph) -> None:
        refused = [
            _refusal(node, limitation)
            for node in graph.nodes
            for limitation in self.limitations
            if limitation.applies(node.operator)
        ]
        if refused:
            raise DiagnosticError(*refused)


def _refusal(node: Node, limitation: Limitation) -> Diagnostic:
    return Diagnostic(
        training.BACKEND_LIMITATION,
        f"the torch backend cannot run this `{node.operator.name}`",
        Label(node.span, limitation.reason),
        help=("use `--backend numpy`, which runs every layer",),
    )
