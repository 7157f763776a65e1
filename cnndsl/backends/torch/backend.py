"""The entry to the backend: refuse what it cannot do, then build, initialise and place the model."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from ...diagnostics import Diagnostic, DiagnosticError, Label
from ...diagnostics.kinds import training
from ...ir import Graph, Node
from ..base import Limitation, Options
from ..initial import initial_state
from ..workers import ALONE, Workers, world_size
from .arrays import Array, from_array
from .devices import find_device, weight_format
from .dropout import KeyedDropout
from .limitations import LIMITATIONS
from .module import class_of
from .network import TorchNetwork
from .source import DROPOUTS, Build, Source, write_family, write_source
from .workers import TorchWorkers

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
    ) -> TorchNetwork:
        """The graph as a network with its initial tensors on the device.

        ``threads`` share each operation on a CPU; by default as many as the network has work for, and no more than torch would
        take. ``compiled`` has kernels made for the size of the first batch. Its convolutions are ``exact`` as they are: none is
        made by Winograd's tiles of 4 x 4 on a CPU, and none in TF32 elsewhere.

        Raises:
            DiagnosticError: E0432 if the device is not there, E0433 if the backend cannot run one of the nodes.
            ValueError: If dtype is neither ``float32`` nor ``float64``.
        """
        numbers = _dtype_of(dtype)
        place = find_device(device, dtype)
        self._refuse(graph)
        model = _built(graph, seed).to(numbers).to_empty(device=place)
        model.to(memory_format=weight_format(place, numbers))  # type: ignore[call-overload]
        network = TorchNetwork(graph, model, place, numbers, threads=threads, compiled=compiled, options=options)
        network.load_state(initial_state(graph, seed) if state is None else state)
        return network

    def workers(self, device: str, dtype: str) -> Workers:
        """The processes that ``torchrun`` has started, of which this is one.

        Raises:
            DiagnosticError: E0432 if the device is not there, E0434 if the others cannot be reached.
        """
        return TorchWorkers(find_device(device, dtype)) if world_size() > 1 else ALONE

    def source(self, graph: Graph, build: Build, origin: str) -> Source:
        """The source of an ordinary module: see :func:`cnndsl.backends.torch.source.write_family`.

        Raises:
            DiagnosticError: E0433 if torch does not have one of the layers.
        """
        self._refuse(graph)
        return write_family(graph, build, origin)

    def module(self, graph: Graph, source: Source, state: Mapping[str, Array] | None, dtype: str) -> nn.Module:
        """The module of a source, with these tensors or the initial ones of seed 0."""
        numbers = _dtype_of(dtype)
        with torch.device("meta"):
            module = class_of(source)()
        module.to(numbers).to_empty(device="cpu")
        tensors = initial_state(graph, 0) if state is None else state
        module.load_state_dict({name: from_array(array) for name, array in tensors.items()})
        return module

    def _refuse(self, graph: Graph) -> None:
        refused = [
            _refusal(node, limitation)
            for node in graph.nodes
            for limitation in self.limitations
            if limitation.applies(node.operator)
        ]
        if refused:
            raise DiagnosticError(*refused)


def _built(graph: Graph, seed: int) -> nn.Module:
    """The module of a graph on torch's meta device: shapes without numbers. Its dropout is that of every backend."""
    source = write_source(graph)
    with torch.device("meta"):
        model = class_of(source)()
    nodes = {node.path: node for node in graph.nodes}
    for path, node_path in source.dropouts:
        owner, _, name = path.rpartition(".")
        model.get_submodule(owner)._modules[name] = _dropout(nodes[node_path], seed)
    return model


def _dropout(node: Node, seed: int) -> KeyedDropout:
    call = node.operator.torch_calls(*node.input_types)[0]
    axes, shape = DROPOUTS[call.target], node.input.type.shape
    drawn = shape if axes is None else shape[: axes - 1]
    return KeyedDropout(call.arguments["p"], seed, node.path, drawn, len(shape))


def _refusal(node: Node, limitation: Limitation) -> Diagnostic:
    return Diagnostic(
        training.BACKEND_LIMITATION,
        f"the torch backend cannot run this `{node.operator.name}`",
        Label(node.span, limitation.reason),
        help=("use `--backend numpy`, which runs every layer",),
    )


def _dtype_of(name: str) -> torch.dtype:
    if name not in DTYPES:
        raise ValueError(f"no dtype {name!r}; there are {', '.join(DTYPES)}")
    return DTYPES[name]
