"""Words that mean something in PyTorch, Keras, Caffe, Darknet or ONNX, folded (see :func:`cnndsl.explain.foreign.fold`).

Whoever writes one of them means it: it is no slip of a word of ours, however near the two are.
"""

from __future__ import annotations

from .names import fold
from .tool_names import CHOICES, LAYERS

__all__ = ["MEANS_ANOTHER", "MEANT_ELSEWHERE"]

MEANT_ELSEWHERE = frozenset(fold(name) for text in (*LAYERS.values(), *CHOICES.values()) for name in text.split())
"""Layers, optimizers, losses, schedules and data sets."""

MEANS_ANOTHER = frozenset(("factor", "scale", "size"))
"""Attributes that stand for something of ours, but not always for the same."""
