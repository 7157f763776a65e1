"""Convolutions of training steps as products of matrices: of 1x1 with the channels last, and of few results."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor
from torch.autograd.function import once_differentiable

__all__ = ["MANY", "convolution", "products"]

MANY = 1_000_000
"""So many weights are many for :func:`convolution`."""
_FEW = 32


def products(x: Tensor, *tensors: Tensor | None, passed_on: bool = False) -> tuple[Tensor, ...]:
    """What 1x1 convolutions make of one input; ``tensors`` are the weight and the bias of each.

    With ``passed_on`` the input itself comes first, for others that read it. Their gradient by it is overwritten.
    """
    made: tuple[Tensor, ...] = _Products.apply(x, passed_on, *tensors)  # type: ignore[no-untyped-call]
    return made


def convolution(x: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, dilation: Any) -> Tensor:
    """``F.conv2d``, as one product with patches of the input where it has few results for its many weights.

    oneDNN rearranges all weights and their gradients, 9 MB for 512 x 512 x 3 x 3, however few results there are: for 32 rows of
    them it takes 1.2 to 1.5 times as long as the product, and for 72 less.
    """
    height, width = (
        (size + 2 * before - apart * (side - 1) - 1) // step + 1
        for size, side, before, apart, step in zip(
            x.shape[2:], weight.shape[2:], padding, dilation, stride, strict=True
        )
    )
    if len(x) * height * width > _FEW:
        return F.conv2d(x, weight, bias, stride, padding, dilation)
    patches = F.unfold(x, weight.shape[2:], dilation, padding, stride).transpose(1, 2).flatten(0, 1)
    rows = F.linear(patches, weight.flatten(1), bias)
    return rows.view(len(x), height, width, -1).permute(0, 3, 1, 2).contiguous()


class _Products(torch.autograd.Function):
    """A product adds its gradient by the input to what is there, where autograd would make a picture of each and add those."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, passed_on: bool, *tensors: Any) -> tuple[Tensor, ...]:
        ctx.set_materialize_grads(False)
        ctx.passed_on, weights = passed_on, tensors[::2]
        ctx.save_for_backward(x, *weights)
        if not ctx.needs_input_grad[0]:
            ctx.mark_non_differentiable(x)
        made = [_pictures(_product(_rows(x), *both), x) for both in zip(weights, tensors[1::2], strict=True)]
        return (x, *made) if passed_on else tuple(made)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        x, *weights = ctx.saved_tensors
        passed, *given = gradients if ctx.passed_on else (None, *gradients)
        total = None if passed is None else _rows(passed)
        found: list[Tensor | None] = []
        for place, (weight, gradient) in enumerate(zip(weights, given, strict=True)):
            if gradient is None:
                found += [None, None]
                continue
            by_weight, by_bias = ctx.needs_input_grad[2 + 2 * place :][:2]
            rows = _rows(gradient)
            found.append(rows.t().mm(_rows(x)).view_as(weight) if by_weight else None)
            found.append(rows.sum(0) if by_bias else None)
            if ctx.needs_input_grad[0]:
                matrix = weight.flatten(1)
                total = rows.mm(matrix) if total is None else total.addmm_(rows, matrix)
        return (None if total is None else _pictures(total, x), None, *found)


def _product(rows: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    matrix = weight.flatten(1).t()
    return rows.mm(matrix) if bias is None else torch.addmm(bias, rows, matrix)


def _rows(pictures: Tensor) -> Tensor:
    """Pixels as rows of a matrix, which with the channels last they are."""
    return pictures.permute(0, 2, 3, 1).flatten(0, 2)


def _pictures(rows: Tensor, like: Tensor) -> Tensor:
    """Rows as pixels of pictures again."""
    return rows.reshape(like.shape[0], *like.shape[2:], -1).permute(0, 3, 1, 2)
