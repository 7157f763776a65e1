"""Initial tensors and random bits that are the same in every backend: streams keyed by seed and name, never by order."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ..ir import Graph
from ..ops import Constant, ParameterSpec, Signs

__all__ = ["initial_state", "stream", "stream_key"]


def stream_key(seed: int, *names: str) -> int:
    """A 128-bit key from a seed and names; any change of either gives an unrelated key."""
    text = "\0".join((str(seed), *names))
    return int.from_bytes(sha256(text.encode()).digest()[:16], "little")


def stream(seed: int, *names: str) -> np.random.Generator:
    """The counter-based random stream (Philox) of these names."""
    return np.random.Generator(np.random.Philox(key=stream_key(seed, *names)))


def initial_state(graph: Graph, seed: int) -> dict[str, NDArray[np.generic]]:
    """All parameters and buffers by name in float64 (counters in int64), in the order of the graph."""
    state: dict[str, NDArray[np.generic]] = {}
    for node in graph.nodes:
        for name, spec in {**node.parameters, **node.buffers}.items():
            state[name] = _initial(spec, seed, name)
    return state


def _initial(spec: ParameterSpec, seed: int, name: str) -> NDArray[np.generic]:
    dtype = np.int64 if spec.dtype == "int64" else np.float64
    if isinstance(spec.initializer, Constant):
        return np.full(spec.shape, spec.initializer.value, dtype)
    random = stream(seed, "parameter", name)
    if isinstance(spec.initializer, Signs):
        return np.where(random.random(spec.shape) < 0.5, -1.0, 1.0)
    bound = spec.initializer.bound
    return random.uniform(-bound, bound, spec.shape)
