"""Modules that torch lacks. They need nothing but torch, so that emitted source can carry them as they stand here."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

__all__ = ["KMaxPool", "LpPool2d", "Permute", "Rbf", "StochasticDepth", "WholeConv2d"]


class KMaxPool(nn.Module):
    """The k largest numbers along the last axis, in the order in which they stand there."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k

    def forward(self, x: Tensor) -> Tensor:
        places = x.topk(self.k, dim=-1).indices.sort(dim=-1).values
        return x.gather(-1, places)


class LpPool2d(nn.Module):
    """The p-norm of each window.

    ``nn.LPPool2d`` takes no absolute values and has no gradient where all numbers are 0.
    """

    def __init__(
        self,
        norm_type: float,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int],
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        powers = x.abs() ** self.norm_type
        powers = F.avg_pool2d(powers, self.kernel_size, self.stride, divisor_override=1)
        roots = torch.where(powers > 0, powers, 1) ** (1 / self.norm_type)
        return torch.where(powers > 0, roots, 0)


class Permute(nn.Module):
    """The same numbers with their axes in another order."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.dims)


class Rbf(nn.Module):
    """The squared distances of each vector to centres, N x F to N x O."""

    def __init__(self, in_features: int, out_features: int, learned: bool) -> None:
        super().__init__()
        centres = torch.randint(2, (out_features, in_features)) * 2.0 - 1
        if learned:
            self.weight = nn.Parameter(centres)
        else:
            self.register_buffer("weight", centres)

    def forward(self, x: Tensor) -> Tensor:
        return (x.unsqueeze(1) - self.weight).square().sum(dim=2)


class StochasticDepth(nn.Module):
    """In training, set samples to 0 with probability p and divide the others by 1 - p."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = x.new_empty(len(x), *(1,) * (x.ndim - 1)).bernoulli_(1 - self.p)
        return x * (kept / (1 - self.p) if self.p < 1 else kept)


class WholeConv2d(nn.Conv2d):
    """A convolution whose window covers the whole input: as a linear layer it is faster for few samples."""

    def forward(self, input: Tensor) -> Tensor:
        y = F.linear(input.flatten(1), self.weight.flatten(1), self.bias)
        return y.reshape(-1, self.out_channels, 1, 1)
