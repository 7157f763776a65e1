"""Where a training stands, as bytes that the worker with the folder of the run gives to the others."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...recipe import Recipe
from ...record import Record
from ..checkpoints.checkpoint import Tensors
from ..checkpoints.record import CheckpointRecord
from ..history import EpochResult, Position

__all__ = ["Standing"]

_PARTS = ("network", "trainer", "best")


class Standing(Record):
    """What a training goes on from: the tensors of network and trainer, those of the best epoch, and what was done."""

    network: Tensors
    trainer: Tensors
    best: Tensors
    position: Position
    history: tuple[EpochResult, ...]

    @classmethod
    def of_checkpoint(
        cls, record: CheckpointRecord, network: Tensors, trainer: Tensors, best: Tensors, recipe: Recipe
    ) -> Standing:
        """That of a checkpoint and its tensors."""
        history = tuple(EpochResult.from_row(row, recipe.epochs) for row in record.history)
        return cls(network, trainer, best, Position(**record.position), history)

    def to_bytes(self) -> bytes:
        """It as the bytes of a safetensors file."""
        from safetensors.numpy import save

        facts = {"position": self.position.row(), "history": [each.row() for each in self.history]}
        tensors = {f"{part}/{name}": tensor for part in _PARTS for name, tensor in getattr(self, part).items()}
        data: bytes = save({**tensors, "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8)})
        return data

    @classmethod
    def from_bytes(cls, data: bytes, recipe: Recipe) -> Standing | None:
        """That of :meth:`to_bytes`; None for no bytes."""
        from safetensors.numpy import load

        if not data:
            return None
        tensors: dict[str, NDArray[Any]] = load(data)
        facts = json.loads(tensors.pop("facts").tobytes())
        parts: dict[str, dict[str, NDArray[Any]]] = {part: {} for part in _PARTS}
        for name, tensor in tensors.items():
            part, _, rest = name.partition("/")
            parts[part][rest] = tensor
        history = tuple(EpochResult.from_row(row, recipe.epochs) for row in facts["history"])
        return cls(**parts, position=Position(**facts["position"]), history=history)
