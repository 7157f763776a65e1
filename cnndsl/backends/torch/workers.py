"""Several processes by ``torch.distributed``, which ``torchrun`` has started."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
import torch.distributed as dist

# Before there is a group: its functions keep the one that they find as a default, which then never ends its threads.
import torch.distributed.nn
from torch import Tensor

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import training
from ..workers import Workers
from .arrays import Array

__all__ = ["TorchWorkers"]

_CARRIERS = ("gloo", "nccl", "connection", "tcpstore")
"""What the errors name that torch has no class for; all others are not of the workers."""


class TorchWorkers(Workers):
    """One of the processes of a group: see :class:`cnndsl.backends.workers.Workers`.

    On a CPU they speak by gloo, on CUDA by NCCL, and about everything but tensors of the network always by gloo, so that no
    step waits for the device.

    Raises:
        DiagnosticError: E0434 if the others cannot be reached.
    """

    def __init__(self, device: torch.device) -> None:
        if device.type == "cuda":
            torch.cuda.set_device(device)
        if not dist.is_initialized():
            missing = [name for name in ("MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
            if missing:
                raise _lost(f"`${missing[0]}` says where the first one is, and is not set; torchrun sets it")
            with self.reaching():
                dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
            atexit.register(_leave)
        self.rank, self.count = dist.get_rank(), dist.get_world_size()

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """What fails within because another worker has gone is E0434."""
        try:
            yield
        except (dist.DistError, RuntimeError) as error:
            if not isinstance(error, dist.DistError) and not any(word in str(error).lower() for word in _CARRIERS):
                raise
            atexit.unregister(_leave)  # which would wait for who has gone
            raise _lost(str(error).splitlines()[0][:200]) from None

    def gather(self, array: Array) -> Array:
        sizes = [torch.zeros(1, dtype=torch.int64) for _ in range(self.count)]
        self._call(dist.all_gather, sizes, torch.tensor([len(array)]))
        longest = max(int(size) for size in sizes)
        padded = torch.from_numpy(
            np.concatenate([array, np.zeros((longest - len(array), *array.shape[1:]), array.dtype)])
        )
        parts = [torch.empty_like(padded) for _ in range(self.count)]
        self._call(dist.all_gather, parts, padded)
        return np.concatenate([part.numpy()[: int(size)] for part, size in zip(parts, sizes, strict=True)])

    def share(self, data: bytes) -> bytes:
        size = torch.tensor([len(data)])
        self._call(dist.broadcast, size, 0)
        content = torch.zeros(int(size), dtype=torch.uint8)
        if self.rank == 0:
            content = torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else content
        self._call(dist.broadcast, content, 0)
        return content.numpy().tobytes()

    def any(self, flag: bool) -> bool:
        found = torch.tensor([int(flag)])
        self._call(dist.all_reduce, found, dist.ReduceOp.MAX)
        return bool(found)

    def sum(self, tensor: Tensor) -> Tensor:
        """The sum of a tensor over all workers, in its place."""
        self._call(dist.all_reduce, tensor)
        return tensor

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Give each tensor the mean of what it is in all workers, in one exchange."""
        found = list(tensors)
        if found:
            means = self.sum(torch.cat([tensor.flatten() for tensor in found])) / self.count
            for tensor, mean in zip(found, torch.split(means, [tensor.numel() for tensor in found]), strict=True):
                tensor.copy_(mean.reshape(tensor.shape))

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        with self.reaching():
            function(*arguments)


def _leave() -> None:
    """Leave the others at the end of the process; another group cannot be made in it."""
    if dist.is_initialized():
        dist.destroy_process_group()
        gc.collect()  # a network in a cycle keeps the group, whose threads would meet an interpreter that is gone


def _lost(reason: str) -> DiagnosticError:
    rank, count = os.environ["RANK"], os.environ["WORLD_SIZE"]
    return DiagnosticError(
        Diagnostic(
            training.WORKER_LOST,
            f"worker {rank} of {count} cannot reach the others any more",
            notes=(reason,),
            help=("look for what the other workers said first; `--resume` goes on from the last checkpoint",),
        )
    )
