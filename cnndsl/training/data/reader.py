"""What every data set must say about itself: which inputs it fits, how it is brought to them, and how it is read."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...diagnostics import DiagnosticError, Label
from ...diagnostics.kinds import training
from ...ir import Graph
from ...ops import Shape, format_shape
from ...recipe import Dataset
from ..refusal import refusal
from .model import Data, Images, Levels
from .prepare import normalize, resize

__all__ = ["Reader"]


class Reader:
    """Base of the readers; there is one per data set."""

    dataset: ClassVar[type[Dataset]]
    class_names: ClassVar[tuple[str, ...]]
    inputs: ClassVar[str]
    """Which inputs it fits, in words."""

    def fits(self, shape: Shape) -> bool:
        """Whether samples can be brought to inputs of this shape."""
        raise NotImplementedError

    def arrange(self, levels: Levels, shape: Shape) -> Levels:
        """Grey levels of the stored size, N x h x w, at the extents of the input."""
        raise NotImplementedError

    def read(self, shape: Shape, data_dir: str | None) -> Data:
        """The whole data set as inputs of this shape."""
        raise NotImplementedError

    def prepare(self, levels: Levels, shape: Shape) -> Images:
        """Grey levels of any size, N x h x w, as inputs: what a picture goes through is what the samples went through."""
        _, height, width = self.dataset.shape
        return normalize(self.arrange(resize(levels.astype(np.float32, copy=False), height, width), shape), shape)

    def require_fit(self, graph: Graph) -> None:
        """Refuse a network that takes other images or tells other classes apart.

        Raises:
            DiagnosticError: E0413 with both shapes.
        """
        shape, output, classes = graph.input.type.shape, graph.output.type.shape, self.dataset.classes
        if not self.fits(shape):
            fit = f"`{self.dataset.name}` fits {self.inputs}"
            raise self._misfit(f"the network takes {format_shape(shape)}", self._input(shape), fit)
        if output != (classes,):
            makers = [node.span for node in graph.nodes if graph.output in node.outputs]
            place = Label(makers[0], f"gives {format_shape(output)}") if makers else None
            fact = f"the network's output is {format_shape(output)}"
            raise self._misfit(fact, _ending(graph, classes), place=place)

    def _input(self, shape: Shape) -> str:
        """The input to write: of the network's own size if only its channels are wrong, else that of the samples."""
        own = (self.dataset.shape[0], *shape[1:])
        fitting = own if len(shape) == 3 and self.fits(own) else self.dataset.shape
        return f"write `input {format_shape(fitting)}`"

    def _misfit(self, fact: str, *help: str, place: Label | None = None) -> DiagnosticError:
        stored = f"{format_shape(self.dataset.shape)} images of {self.dataset.classes} classes"
        message = f"data set `{self.dataset.name}` holds {stored}, but {fact}"
        return refusal(training.DATA_MISFIT, message, place=place, help=help)


def _ending(graph: Graph, classes: int) -> str:
    """What to change so that a network ends in one number for each class."""
    output = graph.output.type.shape
    if len(output) == 3 and output[0] == classes:
        return f"add `global_avgpool | flatten`, which makes {classes} numbers of {format_shape(output)}"
    setting = _setting(graph) if len(output) == 1 else ""
    if setting:
        return f"set `{setting}={classes}`"
    return f"add `flatten | dense {classes}`" if len(output) > 1 else f"end it in `dense {classes}`"


def _setting(graph: Graph) -> str:
    """The parameter of the network that its last layer takes its outputs from; empty if there is none."""
    last = next((node for node in reversed(graph.nodes) if node.parameters), None)
    span = last.attribute_spans.get("out_features") if last is not None else None
    return span.text if span is not None and span.text in graph.settings else ""
