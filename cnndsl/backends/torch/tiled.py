"""3x3 convolutions of predictions with fewer products, by Winograd's tiles.

F(2 x 2, 3 x 3) makes tiles of 2 x 2 results of tiles of 4 x 4 inputs, by 16 products for a pair of channels in place of 36. Its
error is about 3e-7 of the largest result, and that of oneDNN's sums, which has no such tiles, 7e-7. The NumPy backend has them
too, and larger ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from ..winograd import TILES_OF_2
from .folded import FoldedConv

__all__ = ["TiledConv"]

_INPUTS, _KERNEL, _OUTPUTS = (torch.tensor(each, dtype=torch.float64) for each in TILES_OF_2)
_FROM_INPUTS, _TO_OUTPUTS = torch.kron(_INPUTS, _INPUTS).float(), torch.kron(_OUTPUTS, _OUTPUTS).float()
_MIDDLE = 5
"""The product that adds to all four results of a tile: the bias goes there."""

_TILES = 200
"""So many at once, which the cache holds: for 256 channels on 56 x 56 all at once take 1.1 to 1.5 times as long."""
_FEWEST_CHANNELS = 128
_FEWEST_MACS = 400_000_000
"""Below, the transforms and the larger weights take what the products save: 3 to 5 % of ResNet-50 and GoogLeNet were lost."""


class TiledConv(FoldedConv):
    """A large 3x3 convolution by tiles, and a ReLU after it."""

    @classmethod
    def takes(cls, conv: Any, shape: tuple[int, ...]) -> bool:
        if not isinstance(conv, nn.Conv2d) or (conv.kernel_size, conv.groups) != ((3, 3), 1):
            return False
        if conv.stride != (1, 1) or conv.dilation != (1, 1) or conv.padding_mode != "zeros":
            return False
        padding: Any = conv.padding
        height, width = (size + 2 * before - 2 for size, before in zip(shape[1:], padding, strict=True))
        least, most = sorted((conv.in_channels, conv.out_channels))
        return least >= _FEWEST_CHANNELS and 9 * least * most * height * width >= _FEWEST_MACS

    @torch.no_grad()
    def refresh(self) -> None:
        super().refresh()
        weight = torch.einsum("ai,bj,ocij->abco", _KERNEL, _KERNEL, self.weight.double())
        self.bias = self.weight.new_zeros(len(self.weight)) if self.bias is None else self.bias
        self.weight = weight.flatten(0, 1).to(self.weight.dtype)

    def applies(self, activation: str) -> bool:
        return activation == "relu"

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = _convolved(x, self.weight, self.bias, self.geometry[1], self.activation[0] == "relu")
        return y


@torch.library.custom_op("cnndsl::tiled_conv", mutates_args=())
def _convolved(x: Tensor, weight: Tensor, bias: Tensor, padding: Sequence[int], relu: bool) -> Tensor:
    """The convolution of N x C x H x W; an operator, so that what traces a network does not see all its bands of tiles."""
    samples, channels, *sizes = x.shape
    padded, results, tiles = [], [], []
    for size, before in zip(sizes, padding, strict=True):
        results.append(size + 2 * before - 2)
        tiles.append(-(-results[-1] // 2))
        padded.append(2 * tiles[-1] + 2)
    strip = x.new_zeros(samples, *padded, channels)
    top, left = padding
    strip[:, top : top + sizes[0], left : left + sizes[1]] = x.permute(0, 2, 3, 1)
    y = x.new_empty(samples, 2 * tiles[0], 2 * tiles[1], weight.shape[-1])
    rows = max(1, _TILES // tiles[1])
    for sample, first in product(range(samples), range(0, tiles[0], rows)):
        band = slice(2 * first, 2 * min(first + rows, tiles[0]))
        _convolve(strip[sample, band.start :], weight, bias, relu, y[sample, band])
    return y[:, : results[0], : results[1]].contiguous().permute(0, 3, 1, 2)


def _convolve(strip: Tensor, weight: Tensor, bias: Tensor, relu: bool, out: Tensor) -> None:
    """Fill some rows of the results, H x W x O, of the rows H + 2 x W + 2 x C that they see."""
    down, across, channels = out.shape[0] // 2, out.shape[1] // 2, strip.shape[-1]
    row, column, _ = strip.stride()
    seen = strip.as_strided((4, 4, down, across, channels), (row, column, 2 * row, 2 * column, 1))
    tiles = _FROM_INPUTS @ seen.reshape(16, -1)
    products = torch.bmm(tiles.view(16, down * across, channels), weight)
    products[_MIDDLE] += bias
    results = _TO_OUTPUTS @ products.view(16, -1)
    results = results.relu_() if relu else results
    out.view(down, 2, across, 2, -1).copy_(results.view(2, 2, down, across, -1).permute(2, 0, 3, 1, 4))
