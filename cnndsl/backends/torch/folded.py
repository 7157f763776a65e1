"""Convolutions as predictions run them: with the normalisation after each, and packed as oneDNN wants them on a CPU.

What is done with a convolution is left to :mod:`cnndsl.backends.torch.inference`; the layers here only compute.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["CONVOLUTIONS", "NORMS", "PLAIN", "FoldedConv", "PackedConv", "can_pack"]

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def _operator(name: str, overload: str) -> Any:
    """An operator of oneDNN, if this build of torch has it; looking for it at each call takes a tenth of a small one."""
    return getattr(getattr(torch.ops.mkldnn, name, None), overload, None)


_ALONE = _operator("_convolution_pointwise", "default")
_ADDING = _operator("_convolution_pointwise_", "binary")

PLAIN: tuple[str, list[float]] = ("none", [])
"""No activation, by oneDNN's name."""


class FoldedConv(nn.Module):
    """A convolution and the normalisation by running statistics after it, which is a factor and a summand per channel.

    ``conv`` and ``norm`` stay as they are and are read by :meth:`refresh`; no tensor here is in a state dict.
    """

    weight: Tensor
    bias: Tensor | None = None
    activation: tuple[str, list[float]] = PLAIN
    """What comes after the sum, by oneDNN's name and numbers."""

    def __init__(self, conv: Any, norm: Any = None, shape: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.shape = shape
        self.sources = (conv, norm)  # in a tuple, which keeps them from being modules of this one
        self.geometry = (conv.stride, conv.padding, conv.dilation, conv.groups)
        self.apply_to = torch.conv1d if isinstance(conv, nn.Conv1d) else torch.conv2d

    @classmethod
    def takes(cls, conv: Any, shape: tuple[int, ...]) -> bool:
        """Whether it runs this convolution of samples of a shape."""
        return True

    def applies(self, activation: str) -> bool:
        """Whether it can apply an activation, by oneDNN's name."""
        return False

    @torch.no_grad()
    def refresh(self) -> None:
        """Take the tensors of the network as they are now."""
        conv, norm = self.sources
        self.weight, self.bias = conv.weight.detach(), None if conv.bias is None else conv.bias.detach()
        if norm is None:
            return
        factor = torch.rsqrt(norm.running_var + norm.eps)
        factor = factor if norm.weight is None else factor * norm.weight
        shifted = -norm.running_mean if self.bias is None else self.bias - norm.running_mean
        self.weight = self.weight * factor.reshape(-1, *(1,) * (self.weight.ndim - 1))
        self.bias = shifted * factor if norm.bias is None else shifted * factor + norm.bias

    def forward(self, x: Tensor) -> Tensor:
        return self.apply_to(x, self.weight, self.bias, *self.geometry)


class PackedConv(FoldedConv):
    """The same with its weights in the blocks that oneDNN reads, for samples of ``shape``; others are right, and slower.

    A ReLU of oneDNN makes 0 of what is not a number: see :class:`cnndsl.backends.torch.inference.Inference`.
    """

    alone: tuple[Any, ...]
    adding: tuple[Any, ...]

    @classmethod
    def takes(cls, conv: Any, shape: tuple[int, ...]) -> bool:
        return isinstance(conv, nn.Conv2d)

    def applies(self, activation: str) -> bool:
        return True

    @torch.no_grad()
    def refresh(self) -> None:
        super().refresh()
        stride, padding, dilation, groups = self.geometry
        places = (list(padding), list(stride), list(dilation), groups)
        self.weight = torch.ops.mkldnn._reorder_convolution_weight(self.weight, *places, [1, *self.shape])
        name, numbers = self.activation
        tensors = (self.weight, self.bias, *places)
        self.alone = (*tensors, name, numbers, "")
        self.adding = (*tensors, "add", 1.0, "relu" if name == "relu" else None, [], None)

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """The output; with ``other`` their sum, which overwrites it."""
        y: Tensor = _ALONE(x, *self.alone) if other is None else _ADDING(other, x, *self.adding)
        return y


def can_pack(device: torch.device) -> bool:
    """Whether this build of torch has oneDNN's convolutions, which inductor uses too."""
    return (
        device.type == "cpu"
        and bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
        and _ALONE is not None
        and _ADDING is not None
    )
