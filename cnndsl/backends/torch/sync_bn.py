"""Batch normalisation by the statistics of the samples of all workers: ``--sync-bn``.

``torch.nn.SyncBatchNorm`` does this on CUDA only; here sums are exchanged, on any device, and gradients flow through them.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from .workers import TorchWorkers

__all__ = ["has_statistics", "share_statistics"]


def has_statistics(module: nn.Module) -> bool:
    """Whether a module normalises over batches."""
    return any(isinstance(each, _BatchNorm) for each in module.modules())


def share_statistics(module: nn.Module, workers: TorchWorkers) -> None:
    """Let every batch normalisation of a module take statistics of all workers; its tensors stay the same ones."""
    for each in module.modules():
        if isinstance(each, _BatchNorm):
            each.__class__ = type(f"Shared{type(each).__name__}", (_SharedNorm, type(each)), {})
            each.__dict__["workers"] = workers  # beside its tensors and modules


class _SharedNorm(_BatchNorm):
    """A batch normalisation over the samples of all workers; each of them gives its part of the batch."""

    workers: TorchWorkers

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        axes, shape = (0, *range(2, input.ndim)), (1, -1, *(1,) * (input.ndim - 2))
        x = input.float() if input.dtype.itemsize < 4 else input
        count = x.new_full((1,), x.numel() / x.shape[1])
        sums, count = torch.split(_summed(torch.cat((x.sum(axes), count)), self.workers), [x.shape[1], 1])
        mean = sums / count
        variance = _summed((x - mean.reshape(shape)).square().sum(axes), self.workers) / count
        if self.track_running_stats:
            self._follow(mean, variance, count)
        scale = torch.rsqrt(variance + self.eps)
        scale = scale if self.weight is None else scale * self.weight
        shift = -mean * scale if self.bias is None else self.bias - mean * scale
        y: Tensor = x * scale.reshape(shape) + shift.reshape(shape)
        return y.to(input.dtype)

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor, count: Tensor) -> None:
        """Bring the running statistics nearer to those of a batch, as torch does."""
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked.add_(1)
        share = 1 / self.num_batches_tracked if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance * count / (count - 1), share)


class _Sum(torch.autograd.Function):
    """The sum of a tensor over all workers; so is the gradient, as every worker's loss depends on it."""

    @staticmethod
    def forward(context: Any, tensor: Tensor, workers: TorchWorkers) -> Tensor:
        context.workers = workers
        return workers.sum(tensor.clone())

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return context.workers.sum(gradients[0].clone()), None


def _summed(tensor: Tensor, workers: TorchWorkers) -> Tensor:
    return cast("Tensor", _Sum.apply(tensor, workers))  # type: ignore[no-untyped-call]
