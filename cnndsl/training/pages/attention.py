"""Where a network looks: the places of the last feature maps that speak for a class (Grad-CAM, Selvaraju et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...backends import find_backend
from ...ir import Graph, Value
from ...ops.activation import LogSoftmax, Softmax
from ...record import Record
from ..values import rest_after

__all__ = ["Attention", "attention_of", "scores_of"]


class Attention(Record):
    """The last ``maps`` of a network, C x h x w, whose size is more than one place, and the network ``after`` them."""

    maps: Value
    after: Graph

    def of_class(self, state: Mapping[str, NDArray[Any]], maps: NDArray[Any], label: int) -> NDArray[np.float32]:
        """How much each place of the maps of one sample speaks for a class, h x w, 0 where it speaks against it.

        The score of the class is differentiated by the maps; each map counts by the mean of that (equations 1 and 2).
        """
        network = find_backend("numpy").compile(self.after, dtype=str(maps.dtype))
        network.load_state({name: state[name] for name in (*self.after.parameters, *self.after.buffers)})
        by_score = np.zeros((1, *self.after.output.type.shape), maps.dtype)
        by_score[0, label] = 1
        _, by_maps, _ = network.differentiate(maps[None], by_score)
        share = by_maps[0].mean(axis=(1, 2), keepdims=True)
        places: NDArray[np.float32] = np.maximum((share * maps).sum(axis=0), 0).astype(np.float32)
        return places


def attention_of(graph: Graph) -> Attention | None:
    """What can be asked of a network; None if it ends in no vector of scores, or has no maps on which alone they depend."""
    scores = scores_of(graph)
    if len(scores.type.shape) != 1:
        return None
    for node in reversed(graph.nodes):
        for value in node.outputs:
            shape = value.type.shape
            if len(shape) == 3 and shape[1] * shape[2] > 1 and (after := rest_after(graph, value, scores)) is not None:
                return Attention(value, after)
    return None


def scores_of(graph: Graph) -> Value:
    """What goes into the softmax at the end of a network, or the output if there is none."""
    last = next((node for node in graph.nodes if graph.output in node.outputs), None)
    return last.input if last is not None and isinstance(last.operator, Softmax | LogSoftmax) else graph.output
