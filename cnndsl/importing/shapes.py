"""The shapes of the values of a trace, as the core infers them: each step is checked as a network of its own."""

from __future__ import annotations

from ..api.checking import check_text
from ..diagnostics import Diagnostic
from .trace import Step, Trace

__all__ = ["Shapes"]

Shape = tuple[int, ...]


class Shapes:
    """Shapes without the batch, for an input of a known size; steps of one text and one shape are worked out once."""

    def __init__(self, input_shape: tuple[int | None, ...] | None) -> None:
        known = input_shape is not None and None not in input_shape
        self.input_shape: Shape | None = tuple(each for each in input_shape or () if each) if known else None
        self._known: dict[Step, Shape | None] = {}
        self._cached: dict[tuple[tuple[str, ...], tuple[Shape, ...]], Shape | None] = {}
        self._done = 0
        self.failures: dict[Step, Diagnostic] = {}
        """What is wrong with the steps that cannot work on what they are given."""

    def of(self, step: Step, trace: Trace) -> Shape | None:
        """The shape of a value; None if it cannot be known."""
        if self.input_shape is None:
            return None
        for each in trace.steps[self._done :]:
            self._known[each] = self._made(each)
        self._done = len(trace.steps)
        return self._known.get(step)

    def _made(self, step: Step) -> Shape | None:
        if not step.inputs:
            return self.input_shape
        shapes = [self._known.get(each) for each in step.inputs]
        known = tuple(shape for shape in shapes if shape is not None)
        if len(known) < len(shapes) or not step.layers:
            return shapes[0] if len(shapes) == 1 and not step.layers and not step.remark else None
        key = (step.layers, known)
        if key not in self._cached:
            self._cached[key] = self._inferred(step, known)
        return self._cached[key]

    def _inferred(self, step: Step, shapes: tuple[Shape, ...]) -> Shape | None:
        """What a step makes of values of these shapes."""
        if step.is_join:
            return _of_join(step, shapes)
        of = " of=token" if step.word == "embedding" else ""
        text = f"network Step {{\n    input {_text(shapes[0])}{of}\n    {' | '.join(step.layers)}\n}}\n"
        checked = check_text(text)
        errors = [item for item in checked.diagnostics if item.is_error]
        if checked.graph is None or errors:
            self.failures[step] = errors[0]
            return None
        return checked.graph.output.type.shape


def _of_join(step: Step, shapes: tuple[Shape, ...]) -> Shape | None:
    if step.word != "concat":
        return tuple(max(extents) for extents in zip(*shapes, strict=False))
    axes = [int(part.partition("=")[2]) for part in step.layers[0].split() if part.startswith("axis=")]
    axis = axes[0] if axes else 0
    if any(len(shape) != len(shapes[0]) for shape in shapes) or axis >= len(shapes[0]):
        return None
    total = sum(shape[axis] for shape in shapes)
    return (*shapes[0][:axis], total, *shapes[0][axis + 1 :])


def _text(shape: Shape) -> str:
    return "x".join(map(str, shape))
