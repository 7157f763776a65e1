"""The PyTorch backend: a graph as a live ``torch.nn.Module``, trained by torch's own losses and optimizers."""

from __future__ import annotations

from .backend import TorchBackend

__all__ = ["TorchBackend"]
