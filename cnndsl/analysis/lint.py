"""Lints: what is valid and hardly what was meant. Each is one function from a graph and its recipe to diagnostics."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import lints
from ..ir import Graph
from ..ops.activation import LogSoftmax, Softmax
from ..recipe import CrossEntropy, Recipe

__all__ = ["lint"]


def lint(graph: Graph, recipe: Recipe, diagnostics: Diagnostics) -> None:
    """Report every lint of a network and how it is trained."""
    _double_softmax(graph, recipe, diagnostics)


def _double_softmax(graph: Graph, recipe: Recipe, diagnostics: Diagnostics) -> None:
    last = next((node for node in graph.nodes if graph.output in node.outputs), None)
    if last is None or not isinstance(recipe.loss, CrossEntropy) or not isinstance(last.operator, Softmax | LogSoftmax):
        return
    diagnostics.report(
        Diagnostic(
            lints.DOUBLE_SOFTMAX,
            f"the network ends in `{last.operator.name}`, and `cross_entropy` applies it again",
            Label(last.span, "applied here"),
            notes=("a softmax of a softmax is nearly flat, and its gradients are small",),
            help=("remove it: train on plain scores, and `predict` adds the softmax",),
        )
    )
