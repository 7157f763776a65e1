"""A network as training steps run it: with the tensors and layers of its module, in a better order."""

from __future__ import annotations

import operator
from typing import Any

import torch.nn.functional as F  # noqa: N812
from torch import fx, nn

from .inference import traced

__all__ = ["for_training"]

_CLIPPING = (F.relu, F.relu6, nn.ReLU, nn.ReLU6)
_INPUT_IS_ENOUGH = (nn.Conv1d, nn.Conv2d, nn.BatchNorm1d, nn.BatchNorm2d)
"""Layers that do not look at their results again when gradients are computed."""
_POOLING = (F.max_pool1d, F.max_pool2d, nn.MaxPool1d, nn.MaxPool2d)


def for_training(module: nn.Module) -> nn.Module:
    """The module itself, or one with the same layers if something can be gained; all numbers are of one type.

    A sum takes the place of what is added, if a normalisation or convolution made it and nothing else reads it.

    A ReLU before a maximum is one after it, for a quarter of the numbers as a rule. That changes no number, and no gradient:
    the greatest element is the same one, unless all are clipped to the same, and then none has a gradient.
    """
    made = traced(module, training=True)
    pairs = [step for step in made.graph.nodes if _kind(made, step) in _POOLING and _is_clipped(made, step.args[0])]
    sums = [step for step in made.graph.nodes if step.target is operator.add and _add_in_place(made, step)]
    if not (pairs or sums):
        return module
    for pooling in pairs:
        clipping = pooling.args[0]
        given = clipping.args[0]
        pooling.replace_all_uses_with(clipping)
        pooling.replace_input_with(clipping, given)
        clipping.replace_input_with(given, pooling)
        pooling.append(clipping)
    made.recompile()
    return made


def _add_in_place(made: fx.GraphModule, step: Any) -> bool:
    """Let a sum overwrite one of its two parts; whether it may."""
    parts = [each for each in step.args if isinstance(each, fx.Node)]
    free = [each for each in parts if _kind(made, each) in _INPUT_IS_ENOUGH and len(each.users) == 1]
    if len(parts) < 2 or not free:
        return False
    other = parts[1] if free[0] is parts[0] else parts[0]
    step.target, step.args = operator.iadd, (free[0], other)
    return True


def _is_clipped(made: fx.GraphModule, step: Any) -> bool:
    """Whether a step clips what alone the pooling after it reads."""
    return _kind(made, step) in _CLIPPING and len(step.users) == 1


def _kind(made: fx.GraphModule, step: fx.Node) -> Any:
    """The function or the class of layer that a step calls."""
    return type(made.get_submodule(str(step.target))) if step.op == "call_module" else step.target
