"""A network as training steps run it: with the tensors and layers of its module, in a better order."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F  # noqa: N812
from torch import fx, nn

from .inference import traced

__all__ = ["for_training"]

_CLIPPING = (F.relu, F.relu6, nn.ReLU, nn.ReLU6)
_POOLING = (F.max_pool1d, F.max_pool2d, nn.MaxPool1d, nn.MaxPool2d)


def for_training(module: nn.Module) -> nn.Module:
    """The module itself, or one with the same layers if something can be gained by another order of them.

    A ReLU before a maximum is one after it, for a quarter of the numbers as a rule. That changes no number, and no gradient:
    the greatest element is the same one, unless all are clipped to the same, and then none has a gradient.
    """
    made = traced(module, training=True)
    pairs = [step for step in made.graph.nodes if _kind(made, step) in _POOLING and _is_clipped(made, step.args[0])]
    if not pairs:
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


def _is_clipped(made: fx.GraphModule, step: Any) -> bool:
    """Whether a step clips what alone the pooling after it reads."""
    return _kind(made, step) in _CLIPPING and len(step.users) == 1


def _kind(made: fx.GraphModule, step: fx.Node) -> Any:
    """The function or the class of layer that a step calls."""
    return type(made.get_submodule(str(step.target))) if step.op == "call_module" else step.target
