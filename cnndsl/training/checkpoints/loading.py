"""A network with the tensors of a checkpoint, and its outputs: all that a prediction needs of this package."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from ...backends import find_backend
from ...backends.guards import as_array
from ...ir import Graph
from ...source import Span, SpecRequest
from .checkpoint import fitting_tensors, read_checkpoint, require_same_data
from .network import as_graph

if TYPE_CHECKING:
    from typing import Unpack

    from numpy.typing import ArrayLike, NDArray

    from ...backends.base import Computing, Network
    from ...recipe import Recipe
    from .record import CheckpointRecord

__all__ = ["batch_of", "load_network", "run_batches", "stored_graph"]

_MOST, _BYTES = 256, 2**27


def batch_of(graph: Graph) -> int:
    """Samples per forward pass when nothing is trained; it changes no result.

    They are fewer where a value of the network is large, so that evaluation takes no more memory than training.
    """
    types = (graph.input.type, *(node.output.type for node in graph.nodes))
    return max(1, min(_MOST, _BYTES // (4 * max(prod(type.shape) for type in types))))


def stored_graph(record: CheckpointRecord, request: SpecRequest) -> Graph | None:
    """The graph that a checkpoint has of the very text and settings that are asked for; None if it is of another."""
    if record.spec != request.source.text or record.request is None or record.request != request.key:
        return None
    return as_graph(record.network, record.graph, Span(request.source, 0, 0))


def load_network(
    graph: Graph | Callable[[CheckpointRecord], Graph],
    checkpoint: str,
    *,
    backend: str = "numpy",
    recipe: Recipe | None = None,
    force: bool = False,
    **computing: Unpack[Computing],
) -> Network:
    """A network with the tensors of a checkpoint, whichever backend wrote it, in the checkpoint's dtype.

    Which network it is may depend on the record. It must have been trained as this network, and on the data of ``recipe`` if
    that is given; with ``force`` its tensors must fit, and no more.

    Raises:
        DiagnosticError: E0001 if there is no checkpoint, E0421 if it is damaged, E0422 if it is of another network, E0432
            without the device, E0006 without a package.
    """
    record, data = read_checkpoint(checkpoint)
    graph = graph if isinstance(graph, Graph) else graph(record)
    tensors = fitting_tensors(checkpoint, record, data, graph, force=force)
    if recipe is not None and not force:
        require_same_data(checkpoint, record, recipe)
    return find_backend(backend).compile(graph, dtype=record.dtype, state=tensors, **computing)


def run_batches(network: Network, inputs: ArrayLike) -> NDArray[np.floating]:
    """The outputs for any number of inputs, a batch at a time: N x output shape.

    Raises:
        DiagnosticError: E0413 if the inputs are no array of numbers, or do not have the shape of the network's.
    """
    images = as_array(inputs)
    # how many fit is not asked for a single one: that takes 2 % of a prediction of MobileNetV2
    batch = 1 if images.ndim == 0 or len(images) == 1 else batch_of(network.graph)
    if images.ndim == 0 or len(images) <= batch:
        outputs: NDArray[np.floating] = network.forward(images)
        return outputs
    return np.concatenate([network.forward(images[i : i + batch]) for i in range(0, len(images), batch)])
