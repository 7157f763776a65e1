"""What calls of PyTorch and Keras do to the trace: layers are built, and they are called on values."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ..diagnostics.kinds import importing as kinds
from ..source import Source
from ..translation.layers import TORCH_METHODS
from ..translation.lookup import rows_of
from ..translation.records import UNKNOWN, Written
from .expressions import Expressions
from .layers import PASSED, arguments_of, function_rows, make_layer, written_by
from .shapes import Shapes
from .trace import Step, Trace, Untaken
from .values import Container, Foreign, Instance, Layer, Module, steps_in

__all__ = ["Frameworks"]

_JOINS = {
    **dict.fromkeys(("cat", "concat", "concatenate", "Concatenate"), "concat"),
    **dict.fromkeys(("add", "Add", "add_"), "add"),
    **dict.fromkeys(("mul", "multiply", "Multiply", "mul_"), "mul"),
}
_OPERATORS = {ast.Add: "add", ast.Mult: "mul"}
_SAME = frozenset(
    ("contiguous", "float", "to", "cuda", "cpu", "detach", "clone", "half", "double", "type", "requires_grad_")
)
"""Methods that give the same numbers."""

_METHODS = {"relu_": "relu", "sigmoid_": "sigmoid", "tanh_": "tanh"}


class Frameworks(Expressions):
    """Builds layers and puts them into the trace."""

    def __init__(self, source: Source, trace: Trace, input_shape: tuple[int | None, ...] | None) -> None:
        super().__init__(source)
        self.trace = trace
        self.shapes = Shapes(input_shape)
        self.models: list[Instance] = []
        """The models of classes whose ``forward`` is being followed, the innermost last."""

    # Steps

    @property
    def scope_path(self) -> tuple[str, ...]:
        return self.models[-1].path if self.models else ()

    def step(self, written: Written, inputs: Sequence[Step], node: Any, path: tuple[str, ...], label: str) -> Step:
        """Put a layer into the trace, and say what is not the same in it."""
        span = self.span(node)
        if not written.whole:
            raise Untaken(f"`{self.text(node)}` cannot be written in a spec", *written.doubts)
        for doubt in written.doubts:
            self.trace.report(
                kinds.IMPORTED_NEARLY, span, f"`{' | '.join(written.layers)}` is near to this, not the same: {doubt}"
            )
        return self.trace.add(Step(written.layers, inputs, span, path, label))

    def passed(self, step: Step, node: Any, message: str, help_: Sequence[str] = ()) -> Step:
        """Say that something was not taken; its value goes on as it came."""
        self.trace.report(kinds.NOT_IMPORTED, self.span(node), message, *help_)
        made = self.trace.add(Step((), (step,), self.span(node), step.path))
        made.remark = self.text(node)
        return made

    # Layers

    def layer(self, called: Foreign, values: list[Any], named: dict[str, Any], node: ast.Call) -> Layer:
        """``nn.Conv2d(3, 64, 3)``: a layer that is not called yet."""
        texts = [self.text(each) for each in node.args] + [self.text(each.value) for each in node.keywords]
        shape = named.pop("input_shape", None)
        if called.last == "Dense" and "input_dim" in named:
            shape = (named.pop("input_dim"),)
        layer = make_layer(called.name, arguments_of(values, named, texts), self.text(node), node)
        layer.input_shape = shape
        return layer

    def apply(self, module: Any, values: list[Any], node: ast.Call) -> Any:
        """A layer or a container on a value."""
        steps = steps_in(*values)
        if not steps:
            return UNKNOWN
        if isinstance(module, Container):
            return self.run_children(module, steps[0], node)
        last = module.text.partition("(")[0].rpartition(".")[2]
        if last in PASSED:
            message = f"`{last}` is left out: {PASSED[last]}"
            self.trace.report(kinds.IMPORTED_NEARLY, self.span(module.node), message)
            return steps[0]
        if module.written is None:
            return self.passed(steps[0], module.node, *_split(module.problem))
        return self._placed(module, steps)

    def _placed(self, layer: Layer, steps: list[Step]) -> Step:
        path = layer.path
        written: Written = layer.written  # type: ignore[assignment]
        label = path[-1] if path else written.label
        layer.calls += 1
        try:
            made = self.step(written, steps, layer.node, path[:-1] if path else self.scope_path, label)
        except Untaken as error:
            return self.passed(steps[0], layer.node, error.message, error.help)
        made.takes = layer.takes
        made.shared = layer.calls > 1
        return made

    def run_children(self, container: Container, value: Step, node: ast.Call) -> Any:
        """The modules of a ``Sequential``, one after another."""
        result: Any = value
        for child in container.values:
            if isinstance(child, Module | Foreign) and not _is_input(child):
                result = self.call(child, [result], {}, node)
        return result

    # Functions and methods

    def function(self, called: Foreign, values: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        """``F.relu(x)``, ``torch.cat([x, skip], 1)``: a call with the value of a layer."""
        last = called.last
        if last in _JOINS and not called.name[:1].isupper():
            return self.join(_JOINS[last], function_rows(called.name), values, named, node)
        if last in PASSING_FUNCTIONS:
            return values[0]
        steps = steps_in(*values, *named.values())
        if last in ("interpolate", "pad"):
            values, named = self._sized(last, values, named, node)
        rows = function_rows(called.name)
        if last == "pad" and named.pop("is_nothing", False):
            return steps[0]
        if not rows or len(steps) != 1:
            if last in TORCH_METHODS or last in ("squeeze", "unsqueeze", "chunk", "split"):
                return self.method(values[0], last, values[1:], named, node)
            raise Untaken(f"cnndsl has nothing like `{self.text(node.func)}`")
        given = [each for each in values if not isinstance(each, Step)]
        named = {name: each for name, each in named.items() if not isinstance(each, Step)}
        written = self._in_our_words(rows, given, named, node)
        return self.step(written, steps, node, self.scope_path, "")

    def _in_our_words(self, rows: Any, values: list[Any], named: dict[str, Any], node: ast.Call) -> Written:
        return written_by(rows, arguments_of(values, named, [self.text(node)] * (len(values) + len(named))))

    def _sized(
        self, last: str, values: list[Any], named: dict[str, Any], node: ast.Call
    ) -> tuple[list[Any], dict[str, Any]]:
        """``F.interpolate(x, size=...)`` as a factor, and a padding by nothing, where sizes are known."""
        shape: Any = self.shape_of(values[0]) if isinstance(values[0], Step) else UNKNOWN
        amounts = values[1] if len(values) > 1 else named.get("pad")
        if last == "pad" and isinstance(amounts, list | tuple) and all(each == 0 for each in amounts):
            return values, {**named, "is_nothing": True}
        size = values[1] if last == "interpolate" and len(values) > 1 else named.get("size")
        if size is None or shape is UNKNOWN:
            return values, named
        sides = list(size) if isinstance(size, list | tuple) else [size] * (len(shape) - 2)
        if not all(isinstance(each, int) for each in sides) or len(sides) != len(shape) - 2:
            return values, named
        if any(side % before for side, before in zip(sides, shape[2:], strict=True)):
            raise Untaken(f"`upsample` takes whole factors, and {shape[2:]} is to become {tuple(sides)}")
        named = {name: each for name, each in named.items() if name != "size"}
        factors = [side // before for side, before in zip(sides, shape[2:], strict=True)]
        return [values[0], *values[2:]], {**named, "scale_factor": factors[0] if len(set(factors)) == 1 else factors}

    def method(self, step: Step, name: str, values: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        """``x.view(-1, 400)``, ``x.flatten(1)``, ``x.size(0)``."""
        if name in _SAME:
            return step
        if name in ("size", "dim"):
            shape = self.shape_of(step)
            if name == "dim":
                return UNKNOWN if shape is UNKNOWN else len(shape)
            return _extent(shape, values)
        if name in _JOINS:
            return self.join(_JOINS[name], (), [step, *values], named, node)
        if name in ("squeeze", "unsqueeze"):
            return self._squeezed(step, node)
        rows = rows_of(f"method.{_METHODS.get(name, name)}")[0]
        if not rows:
            raise Untaken(f"cnndsl has nothing like `.{name}()`")
        if name in ("view", "reshape", "permute"):
            values = [_shape_given(values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values)]
        if name == "mean" and values and isinstance(values[0], list | tuple):
            values = [sorted(each % 4 if isinstance(each, int) else 0 for each in values[0]), *values[1:]]
        if name == "mean" and isinstance(named.get("dim"), list | tuple):
            named = {**named, "dim": sorted(each % 4 if isinstance(each, int) else 0 for each in named["dim"])}
        written = self._in_our_words(rows, values, named, node)
        return self.step(written, (step,), node, self.scope_path, "")

    def _squeezed(self, step: Step, node: ast.Call) -> Step:
        """``x.squeeze()`` of Cx1x1 is a vector."""
        shape = self.shape_of(step)
        if shape is not UNKNOWN and len(shape) == 2:
            return step
        if shape is not UNKNOWN and any(extent != 1 for extent in shape[2:]):
            raise Untaken(f"`{self.text(node)}` works on an image, and only Cx1x1 can become a vector")
        return self.step(Written("squeeze", ("flatten",)), (step,), node, self.scope_path, "")

    # Joins

    def operate(self, kind: ast.operator, left: Any, right: Any, node: ast.expr) -> Any:
        """``x + skip``."""
        if type(kind) in _OPERATORS and isinstance(left, Step) and isinstance(right, Step):
            return self._joined(Written("", (_OPERATORS[type(kind)],)), (left, right), node)
        step = steps_in(left, right)[0]
        return self.passed(step, node, f"`{self.text(node)}` cannot be written in a spec", (_ARITHMETIC,))

    def join(self, word: str, rows: Any, values: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        """``torch.cat([x, skip], 1)``, ``Add()([x, skip])``, ``x.add(skip)``."""
        named = dict(named)
        listed = next((each for each in ("tensors", "inputs", "values") if each in named), "")
        values = [named.pop(listed), *values] if listed else values
        is_list = bool(values) and isinstance(values[0], list | tuple)
        operands = list(values[0]) if is_list else [each for each in values if isinstance(each, Step)]
        if not all(isinstance(each, Step) for each in operands) or not operands:
            raise Untaken(f"`{self.text(node)}` joins something that is not the value of a layer")
        if len(operands) == 1:
            return operands[0]
        given = values[1:] if is_list else []
        written = Written("", (word,))
        if rows and (given or named):
            written = self._in_our_words(rows, *self._axis(operands[0], given, named), node)
        return self._joined(written, operands, node)

    def _axis(self, step: Step, values: list[Any], named: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """An axis counted from the end, as one from the beginning, where the rank is known."""
        shape = self.shape_of(step)
        rank = 0 if shape is UNKNOWN else len(shape)
        if not rank:
            return values, named
        counted = [each % rank if isinstance(each, int) and each < 0 else each for each in values]
        return counted, {
            name: each % rank if name == "dim" and isinstance(each, int) else each for name, each in named.items()
        }

    def _joined(self, written: Written, operands: Sequence[Step], node: Any) -> Step:
        return self.step(written, operands, node, self.scope_path, written.label)

    def shape_of(self, step: Step) -> Any:
        """The shape of a value with its batch, which is unknown."""
        shape = self.shapes.of(step, self.trace)
        return UNKNOWN if shape is None else (UNKNOWN, *shape)


_ARITHMETIC = "`add`, `mul` and `concat` join the values of layers"
PASSING_FUNCTIONS = frozenset(("cast", "checkpoint", "stop_gradient", "convert_to_tensor", "autocast"))


def _is_input(child: Any) -> bool:
    return isinstance(child, Layer) and child.written is None and not child.problem


def _split(problem: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return problem[0], problem[1:]


def _extent(shape: Any, values: list[Any]) -> Any:
    if not values or shape is UNKNOWN:
        return shape if not values else UNKNOWN
    with suppress(TypeError, IndexError):
        return shape[values[0]]
    return UNKNOWN


def _shape_given(shape: Any) -> list[Any]:
    """The arguments of ``view``: an unknown second one of two is all that there is."""
    items = list(shape)
    return [UNKNOWN, -1] if len(items) == 2 and items[1] is UNKNOWN else items
