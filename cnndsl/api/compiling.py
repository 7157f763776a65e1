"""A network as a program for another framework: the source of a PyTorch module, and the module."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..backends import find_backend
from ..ir import Graph
from .checking import Checked, check_source

if TYPE_CHECKING:
    from torch import nn

    from ..backends.base import Array

__all__ = ["torch_module", "torch_source"]


def torch_source(checked: Checked) -> str:
    """The file of an ordinary ``nn.Module``; it needs nothing but torch.

    Raises:
        DiagnosticError: With every error of the spec, E0006 without torch, E0433 for a layer that torch does not have.
    """
    return str(_compiled(checked).text)


def torch_module(checked: Checked, state: Mapping[str, Array] | None, dtype: str) -> nn.Module:
    """The module that this file makes, with these tensors, or with the initial ones of seed 0.

    Raises:
        DiagnosticError: As for the source.
    """
    made = _compiled(checked)
    backend: Any = find_backend("torch")
    module: nn.Module = backend.module(checked.require_graph(), made, state, dtype)
    return module


def _compiled(checked: Checked) -> Any:
    graph = checked.require_graph()

    def build(settings: Mapping[str, Any]) -> Graph | None:
        found = check_source(checked.source, settings, graph.name, graph.input.type.shape, expectations=False)
        return None if found.has_errors else found.graph

    backend: Any = find_backend("torch")
    return backend.source(graph, build, os.path.basename(checked.source.name))
