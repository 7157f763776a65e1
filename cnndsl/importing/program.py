"""A program's tree, its own functions and those of the packages that it imports, and which model in it is meant."""

from __future__ import annotations

from typing import Any

from ..translation.records import UNKNOWN
from .layers import PASSED, framework, is_layer
from .operations import BUILTINS, LONGEST, METHODS
from .statements import Statements
from .trace import Step
from .values import Container, Foreign, Instance, Layer, Method, Module, ParentOf, UserClass, steps_in

__all__ = ["KerasModel", "Program"]

_BUILT_EMPTY = frozenset(("modules", "parameters", "children", "named_parameters", "named_modules", "named_children"))
_FUNCTIONS = {"ceil": "math.ceil", "floor": "math.floor", "sqrt": "math.sqrt", "prod": "math.prod", "log2": "math.log2"}


class KerasModel(Module):
    """``keras.Model(inputs, outputs)``."""

    def __init__(self, inputs: Any, outputs: Any, name: str = "") -> None:
        super().__init__()
        self.inputs = steps_in(inputs)
        self.outputs = steps_in(outputs)
        self.title = name


class Program(Statements):
    """Follows a whole program."""

    def foreign(self, called: Foreign, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """Layers, containers and functions of PyTorch and Keras, and some of Python; the rest is unknown."""
        last, is_framework = called.last, bool(framework(called.name))
        if last in ("Sequential", "ModuleList", "ModuleDict", "OrderedDict"):
            return self._container(called, values, named)
        if last in ("Input", "InputLayer"):
            return self._input(last, values, named, node)
        if last == "Model" and is_framework and (steps_in(*values) or "inputs" in named):
            given = [*values, named.get("inputs"), named.get("outputs")]
            inputs, outputs = [each for each in given if each is not None][:2]
            return KerasModel(inputs, outputs, str(named.get("name", "")))
        if last in ("setattr", "getattr", "isinstance", "hasattr"):
            return self._reflected(last, values)
        if is_layer(called.name) or (is_framework and last in PASSED) or self._is_unknown_layer(called):
            step = values[0] if values and isinstance(values[0], Step) else None
            layer = self.layer(called, values if step is None else values[1:], dict(named), node)
            return layer if step is None else self.apply(layer, [step], node)
        if steps_in(*values, *named.values()):
            return self.function(called, values, dict(named), node)
        return self._of_python(called, values, named)

    def _is_unknown_layer(self, called: Foreign) -> bool:
        """``nn.LSTM``: a class of a package of layers that no table has."""
        return called.package.rpartition(".")[2] in ("nn", "layers") and called.last[:1].isupper()

    def _of_python(self, called: Foreign, values: list[Any], named: dict[str, Any]) -> Any:
        if called.name == "typing.cast" and len(values) == 2:
            return values[1]
        name = called.name if called.name in BUILTINS else _FUNCTIONS.get(called.last, "")
        if name not in BUILTINS or any(each is UNKNOWN for each in values):
            return UNKNOWN
        values = [list(each.values) if isinstance(each, Container) else each for each in values]
        try:
            made = BUILTINS[name](*values, **named)
        except (TypeError, ValueError, ArithmeticError, RecursionError):
            return UNKNOWN
        return self.weighed(made)

    def _container(self, called: Foreign, values: list[Any], named: dict[str, Any]) -> Container:
        made = Container(called.last)
        is_keras = framework(called.name) == "keras" or (
            bool(values) and isinstance(values[0], list) and called.last == "Sequential"
        )
        made.is_keras = is_keras
        made.title = str(named.get("name", "")) if is_keras else ""
        given = (
            values[0] if values and isinstance(values[0], list | tuple | dict) else [each for each in values if each]
        )
        self.fill(made, named.get("layers", given))
        return made

    def fill(self, container: Container, given: Any) -> None:
        """Put modules into a container: a list, a dictionary, or pairs of names and modules."""
        if isinstance(given, dict):
            for name, child in given.items():
                container.append(child, str(name))
            return
        for child in self.items(given) or ():
            is_pair = isinstance(child, tuple | list) and len(child) == 2 and isinstance(child[0], str)
            container.append(child[1], child[0]) if is_pair else container.append(child)

    def built(self, instance: Instance, values: list[Any]) -> None:
        """A class that is a ``Sequential`` takes the layers that it is built with."""
        if any(base.last == "Sequential" for base in instance.class_.foreign_bases):
            self.fill(instance, values[0] if len(values) == 1 and isinstance(values[0], list | dict) else values)

    def _input(self, name: str, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """``keras.Input(shape=(28, 28, 1))``."""
        shape = next(
            (named[each] for each in ("shape", "input_shape") if each in named), values[0] if values else UNKNOWN
        )
        if "batch_shape" in named and isinstance(named["batch_shape"], list | tuple):
            shape = named["batch_shape"][1:]
        made = Layer(self.text(node), None, node)
        made.input_shape = shape
        return made if name == "InputLayer" else self.keras_input(shape, node)

    def keras_input(self, shape: Any, node: Any) -> Step:
        """The value that enters a model of Keras, whose shape has the channels last."""
        sizes = list(shape) if isinstance(shape, list | tuple) else [shape]
        known = all(each is None or isinstance(each, int) for each in sizes) and sizes
        if self.shapes.input_shape is None and self.asked is None and known:
            self.set_input((sizes[-1], *sizes[:-1]))
        step = self.trace.add(Step((), (), self.span(node)))
        step.hint = "input"
        return step

    asked: tuple[int | None, ...] | None = None
    """The shape of the input that was asked for."""
    said: tuple[int | None, ...] | None = None
    """The shape of the input that the program says."""

    def set_input(self, shape: tuple[int | None, ...]) -> None:
        """What the program says of its input."""
        self.said = shape
        self.shapes.__init__(shape)  # type: ignore[misc]

    def _reflected(self, name: str, values: list[Any]) -> Any:
        if len(values) < 2:
            return UNKNOWN
        owner, key = values[0], values[1]
        if name == "setattr" and isinstance(owner, Instance) and isinstance(key, str) and len(values) == 3:
            owner.set(key, values[2])
        if name == "getattr" and isinstance(owner, Instance) and isinstance(key, str):
            return owner.attributes.get(key, values[2] if len(values) > 2 else UNKNOWN)
        if name == "hasattr" and isinstance(owner, Instance):
            return key in owner.attributes
        if name == "isinstance":
            return self._is_of(owner, key)
        return UNKNOWN

    def _is_of(self, value: Any, kind: Any) -> Any:
        if isinstance(kind, tuple | list):
            return any(self._is_of(value, each) is True for each in kind)
        if isinstance(kind, Foreign) and kind.last in _PYTHON:
            return isinstance(value, _PYTHON[kind.last])
        if isinstance(kind, UserClass) and isinstance(value, Instance):
            return kind in value.class_.lineage
        if isinstance(kind, Foreign) and isinstance(value, Layer):
            return value.text.partition("(")[0].rpartition(".")[2] == kind.last
        return UNKNOWN

    def user_method(self, called: Method, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """A method of the program, of a value, of a container or of Python."""
        owner, name = called.owner, called.name
        if called.function is not None:
            return self._bound(called, values, named, node)
        if isinstance(owner, Step):
            return self.method(owner, name, values, dict(named), node)
        if isinstance(owner, ParentOf):
            if name == "__init__":
                self.built(owner.instance, values)
            return self.run_children(owner.instance, values[0], node) if name == "forward" and values else UNKNOWN
        if isinstance(owner, Instance | Container):
            return self._of_container(owner, name, values, node)
        if name in METHODS.get(type(owner), ()):
            return self._of_value(owner, name, values)
        return UNKNOWN

    def _of_container(self, owner: Container, name: str, values: list[Any], node: Any) -> Any:
        if name in _BUILT_EMPTY:
            return list(owner.values) if name == "children" and not isinstance(owner, Instance) else []
        if name in ("append", "add") and values:
            owner.append(values[0])
        elif name == "extend" and values:
            for each in self.items(values[0]) or ():
                owner.append(each)
        elif name in ("add_module", "register_module") and len(values) == 2:
            owner.set(str(values[0]), values[1]) if isinstance(owner, Instance) else None
            owner.append(values[1], str(values[0]))
        elif name in ("values", "items", "keys"):
            return list(getattr(owner.children, name)())
        elif name in ("forward", "__call__") and steps_in(*values):
            return self.call(owner, values, {}, node)
        return UNKNOWN

    def _of_value(self, owner: Any, name: str, values: list[Any]) -> Any:
        if isinstance(owner, str) and (len(owner) > LONGEST or any(not isinstance(each, str) for each in values)):
            return UNKNOWN
        if name in ("extend", "update") and values:
            self.spend(len(self.items(values[0]) or ()))
        try:
            made = getattr(owner, name)(*values)
        except (TypeError, ValueError, LookupError):
            return UNKNOWN
        if name in ("items", "keys", "values"):
            return list(made)
        if isinstance(owner, list | dict):
            self.spend(1 if name == "append" and not isinstance(values[0], list | tuple | dict) else 0)
            if name != "append" or isinstance(values[0], list | tuple | dict):
                self.weighed(owner)
        return made


_PYTHON = {"int": int, "float": float, "str": str, "bool": bool, "list": list, "tuple": tuple, "dict": dict}
