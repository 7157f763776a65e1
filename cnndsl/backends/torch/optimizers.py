"""Optimizers, by what the recipe calls them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...recipe import Optimizer
from ...recipe.optimizers import SGD, Adagrad, Adam, AdamW, Muon, RMSprop
from . import muon

__all__ = ["build_optimizer", "slot_names"]

OPTIMIZERS: dict[type[Optimizer], type[torch.optim.Optimizer]] = {
    SGD: torch.optim.SGD,
    Adam: torch.optim.Adam,
    AdamW: torch.optim.AdamW,
    RMSprop: torch.optim.RMSprop,
    Adagrad: torch.optim.Adagrad,
    Muon: muon.Muon,
}

SLOTS: dict[type[Optimizer], tuple[str, ...]] = {
    SGD: (),
    Adam: ("exp_avg", "exp_avg_sq"),
    AdamW: ("exp_avg", "exp_avg_sq"),
    RMSprop: ("square_avg",),
    Adagrad: ("sum",),
}

FUSED = (SGD, Adam, AdamW)
"""Those whose fused kernels work alike on CPUs and on CUDA."""


def build_optimizer(optimizer: Optimizer, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    """torch's optimizer of the same name for groups of parameters; the attributes of a recipe are named as its arguments."""
    arguments: dict[str, Any] = {name: getattr(optimizer, name) for name in optimizer.attributes()}
    if isinstance(optimizer, SGD):
        # without momentum there is nothing to look along; torch refuses the pair instead
        arguments["nesterov"] = optimizer.nesterov and optimizer.momentum > 0
    if type(optimizer) in FUSED:
        # one pass over each parameter instead of one for each operation
        arguments["fused"] = all(each.device.type in ("cpu", "cuda") for group in groups for each in group["params"])
    return OPTIMIZERS[type(optimizer)](groups, **arguments)


def slot_names(optimizer: Optimizer, parameter: Tensor) -> tuple[str, ...]:
    """The tensors that torch keeps for a parameter."""
    if isinstance(optimizer, Muon):
        return ("momentum_buffer",) if parameter.ndim > 1 else SLOTS[AdamW]
    momentum = ("momentum_buffer",) if getattr(optimizer, "momentum", 0) else ()
    return (*SLOTS[type(optimizer)], *momentum)
