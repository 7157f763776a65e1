"""Activation checkpointing: memory for time, as Chen et al. 2016 trade it. ``--recompute``.

The steps of a network are cut into equally long segments, as many as the root of their number, and only what goes
from one segment to a later one is kept. What is in a segment is computed once more when its gradients are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from math import isqrt
from typing import Any

from torch import fx, nn
from torch.fx.passes.split_module import split_module
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.checkpoint import checkpoint

from ...ir import Graph
from .inference import traced

__all__ = ["recomputing"]


def recomputing(graph: Graph, module: nn.Module) -> nn.Module:
    """The steps of a module in training mode, by its own layers, in segments that are recomputed."""
    whole = traced(module, training=True)
    steps = [each for each in whole.graph.nodes if each.op not in ("placeholder", "output", "get_attr")]
    length = max(1, -(-len(steps) // isqrt(max(1, len(steps)))))
    segments: dict[str, int] = {}
    for place, each in enumerate(steps):
        # what is kept between segments must stay as it is
        segments[each.name] = segments[each.args[0].name] if _is_in_place(whole, each) else place // length
    made = split_module(whole, module, lambda each: segments.get(each.name, 0))
    for name, child in list(made.named_children()):
        if name.startswith("submod_"):
            setattr(made, name, _Segment(child))
    made.train()
    return made


def _is_in_place(whole: fx.GraphModule, step: Any) -> bool:
    """Whether a step writes over its input."""
    if step.op == "call_module":
        return bool(getattr(whole.get_submodule(step.target), "inplace", False))
    return bool(step.kwargs.get("inplace", False))


class _Segment(nn.Module):
    """Steps whose results are computed again for their gradients, with the noise of dropout that was drawn before them."""

    def __init__(self, steps: nn.Module) -> None:
        super().__init__()
        self.steps = steps

    def forward(self, *inputs: Any) -> Any:
        return checkpoint(
            self.steps,
            *inputs,
            use_reentrant=False,
            preserve_rng_state=False,
            context_fn=lambda: (nullcontext(), _without_following(self.steps)),
        )


@contextmanager
def _without_following(module: nn.Module) -> Iterator[None]:
    """Within it no batch normalisation changes its running statistics, which the first time has done already."""
    norms = [each for each in module.modules() if isinstance(each, _BatchNorm)]
    before = [(each.momentum, each.num_batches_tracked) for each in norms]
    for each in norms:
        each.momentum, each.num_batches_tracked = 0.0, None
    try:
        yield
    finally:
        for each, (momentum, count) in zip(norms, before, strict=True):
            each.momentum, each.num_batches_tracked = momentum, count
