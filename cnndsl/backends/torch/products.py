"""1x1 convolutions with the channels last, as products of matrices that add up their gradients by one input."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

__all__ = ["products"]


def products(x: Tensor, *tensors: Tensor | None, passed_on: bool = False) -> tuple[Tensor, ...]:
    """What 1x1 convolutions make of one input; ``tensors`` are the weight and the bias of each.

    With ``passed_on`` the input itself comes first, for others that read it. Their gradient by it is overwritten.
    """
    made: tuple[Tensor, ...] = _Products.apply(x, passed_on, *tensors)  # type: ignore[no-untyped-call]
    return made


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
