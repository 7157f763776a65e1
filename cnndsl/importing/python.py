"""A model of PyTorch or Keras in a Python text, as a trace; the text is read as a tree and never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from typing import Any

from ..diagnostics.kinds import importing as kinds
from ..diagnostics.suggest import nearest
from ..source import Source, Span
from ..translation.records import UNKNOWN
from .program import KerasModel, Program
from .trace import Step, TooMuch, Trace, Untaken
from .values import Container, Function, Instance, Layer, Module, Scope, UserClass, steps_in

__all__ = ["InputShape", "read_python"]

InputShape = tuple[int | None, ...]

_MODELS = (KerasModel, Container)
_USUAL = ("model", "net", "network")
_EXAMPLES = frozenset(("randn", "rand", "zeros", "ones", "empty"))


def read_python(
    source: Source, asked: InputShape | None, name: str | None, settings: Mapping[str, Any]
) -> tuple[Trace, Program]:
    """The trace of the model in a text. ``name`` chooses one of several, ``settings`` are given to its ``__init__``."""
    trace = Trace()
    program = Program(source, trace, asked)
    program.asked = asked
    try:
        tree = _parsed(source, trace)
        if tree is not None:
            _Reader(program, tree, name, dict(settings)).read()
    except TooMuch as error:
        trace.report(kinds.NOT_IMPORTED, None, error.message)
    except RecursionError:
        trace.report(kinds.NOT_IMPORTED, None, "expressions are nested too deep to be read")
    return trace, program


def _parsed(source: Source, trace: Trace) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text)
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), source.line_count)
        start = sum(len(each) + 1 for each in source.text.split("\n")[: line - 1])
        text = source.line(line)
        span = Span(source, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
        trace.report(kinds.NO_MODEL, span, f"Python cannot read this: {error.msg}")
    except (ValueError, MemoryError):
        trace.report(kinds.NO_MODEL, None, f"`{source.name}` is not a program of Python")
    return None


class _Reader:
    """Finds the model of a program and follows it."""

    def __init__(self, program: Program, tree: ast.Module, name: str | None, settings: dict[str, Any]) -> None:
        self.program = program
        self.trace = program.trace
        self.tree = tree
        self.name = name
        self.settings = settings
        self.scope = Scope()
        self.scope.names["__name__"] = "imported"
        self.last: Any = None
        """The value of the last expression that stands alone and is a model."""

    def read(self) -> None:
        self._follow()
        found, title = self._model()
        if found is None:
            self._none()
            return
        if self.trace.has_free_name and title:
            self.trace.name = title
        self._run(found)

    def _follow(self) -> None:
        """Follow the program from top to bottom."""
        for statement in self.tree.body:
            if isinstance(statement, ast.Expr):
                self._alone(statement)
            else:
                self.program.run([statement], self.scope)

    def _alone(self, statement: ast.Expr) -> None:
        try:
            value = self.program.evaluate(statement.value, self.scope)
        except TooMuch:
            raise
        except Untaken as error:
            self.trace.report(kinds.NOT_IMPORTED, self.program.span(statement), error.message, *error.help)
            return
        if isinstance(value, _MODELS):
            self.last = value

    # Which model

    def _model(self) -> tuple[Any, str]:
        """The model that is meant, and what it is called."""
        names = self.scope.names
        if self.name is not None:
            return self._built(names.get(self.name)), self.name
        bound = {name: value for name, value in names.items() if isinstance(value, _MODELS)}
        classes = [value for value in names.values() if isinstance(value, UserClass) and value.is_model]
        instances = [value for value in bound.values() if isinstance(value, Instance) and value.class_.is_model]
        whole = [value for value in bound.values() if not isinstance(value, Instance)]
        usual = next((bound[name] for name in _USUAL if name in bound), None)
        if usual is not None and not self.settings:
            return usual, _title(usual)
        if classes:
            outer = self._outer(classes)
            made = next((each for each in reversed(instances) if each.class_ is outer), None)
            if made is not None and not self.settings:
                return made, outer.node.name
            return self._made(outer) or (self._built(outer), outer.node.name)
        chosen = whole[-1] if whole else self.last
        if chosen is not None:
            return chosen, _title(chosen)
        return self._of_functions()

    def _outer(self, classes: list[UserClass]) -> UserClass:
        """The last class that no other class is made of."""
        used = {
            node.id
            for each in classes
            for node in ast.walk(each.node)
            if isinstance(node, ast.Name) and node.id != each.node.name
        }
        outer = [each for each in classes if each.node.name not in used and _runs(each)]
        return outer[-1] if outer else classes[-1]

    def _made(self, class_: UserClass) -> tuple[Any, str] | None:
        """What the first function gives that knows the arguments of a class, if the class does not, and its name."""
        if not self._lacking(class_.find("__init__")[1], is_method=True):
            return None
        for name, value in self.scope.names.items():
            if isinstance(value, Function) and _mentions(value, class_) and not self._lacking(value):
                made = self._built(value)
                if isinstance(made, _MODELS):
                    return made, name
        return None

    def _lacking(self, function: Any, *, is_method: bool = False) -> list[ast.arg]:
        """The arguments that have no default, and that nobody has given."""
        if not isinstance(function, Function):
            return []
        arguments = function.node.args
        required = arguments.args[: len(arguments.args) - len(arguments.defaults)]
        return [each for each in required[is_method:] if each.arg not in self.settings]

    def _of_functions(self) -> tuple[Any, str]:
        """What the last function gives that builds a model and needs no arguments."""
        functions = [(name, value) for name, value in self.scope.names.items() if isinstance(value, Function)]
        for name, function in reversed(functions):
            made = self._built(function)
            if isinstance(made, _MODELS):
                return made, _title(made) or name
        return None, ""

    def _built(self, value: Any) -> Any:
        """A model of a class or of a function that makes one."""
        node = getattr(value, "node", None)
        program = self.program
        if isinstance(value, UserClass):
            return program.instance(value, [], self._given(value.find("__init__")[1], value.node.name), node)
        if isinstance(value, Function):
            program.following += 1
            try:
                made = program.user_function(value, [], self._given(value, ""), node)
            finally:
                program.following -= 1
            return made if isinstance(made, _MODELS) else None
        return value if isinstance(value, _MODELS) else None

    def _given(self, function: Any, owner: str) -> dict[str, Any]:
        """The settings as arguments; an argument that nothing says is reported."""
        if not isinstance(function, Function):
            return {}
        arguments = function.node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        for each in self._lacking(function, is_method=bool(owner)):
            message = f"`{owner or 'the function'}` needs `{each.arg}`, and the file does not say it"
            self.trace.report(
                kinds.NOT_IMPORTED, self.program.span(each), message, f"give it, as in `--set {each.arg}=10`"
            )
        return {name: value for name, value in self.settings.items() if name in names}

    def _none(self) -> None:
        names = [name for name, value in self.scope.names.items() if isinstance(value, (*_MODELS, UserClass, Function))]
        if self.name is not None:
            meant = nearest(self.name, names)
            help_ = f"did you mean `{meant}`?" if meant else f"there are {', '.join(names)}" if names else ""
            self.trace.report(kinds.NO_MODEL, None, f"`{self.program.source.name}` has no model `{self.name}`", help_)
        elif not self.trace.diagnostics:
            help_ = (
                "a model is a `class Net(nn.Module)`, a `Sequential(...)`, a `keras.Model(...)`, or a Darknet `.cfg`"
            )
            self.trace.report(kinds.NO_MODEL, None, f"`{self.program.source.name}` has no model", help_)

    # Following it

    def _run(self, model: Any) -> None:
        if isinstance(model, KerasModel):
            self.trace.outputs = model.outputs
            self._require_one_input(model)
            return
        program = self.program
        shape = _shape_of_first(model)
        if shape is not None:
            program.keras_input(shape, self.tree.body[0])
            program.trace.steps.pop()
        if program.asked is None and program.said is None:
            example = _example_input(self.tree, program, self.scope)
            if example is not None:
                program.set_input(example)
        entered = [step for step in self.trace.steps if not step.inputs]
        step = entered[0] if entered else self.trace.add(Step((), (), None))
        node = getattr(model, "class_", None)
        program.following += 1
        result = program.call(model, [step], {}, self.tree.body[0] if node is None else node.node)
        outputs = steps_in(*(result.values() if isinstance(result, dict) else [result]))
        self.trace.outputs = outputs
        if not outputs and not self.trace.diagnostics:
            span = None if node is None else program.span(node.node).first_word
            self.trace.report(kinds.NOT_IMPORTED, span, "it cannot be told which value the model gives")
        self._unused(model)

    def _require_one_input(self, model: KerasModel) -> None:
        for step in model.inputs[1:]:
            self.trace.report(kinds.NOT_IMPORTED, step.span, "a network has one input, and this is another")

    def _unused(self, model: Module) -> None:
        """Say which layers with parameters are built and never run."""
        if not self.trace.outputs:
            return
        for layer in _layers(model):
            if not layer.calls and layer.written is not None and layer.takes is not None:
                name = ".".join(layer.path)
                message = f"`{name}` is built and never run: its parameters are left out"
                self.trace.report(kinds.IMPORTED_NEARLY, self.program.span(layer.node), message)


def _runs(class_: UserClass) -> bool:
    """Whether objects of a class do something with a value."""
    names = ("forward", "call", "__call__")
    return any(class_.find(name)[0] for name in names) or any(
        base.last == "Sequential" for base in class_.foreign_bases
    )


def _mentions(function: Function, class_: UserClass) -> bool:
    return any(isinstance(node, ast.Name) and node.id == class_.node.name for node in ast.walk(function.node))


def _title(model: Any) -> str:
    if isinstance(model, Instance):
        return model.class_.node.name
    return str(getattr(model, "title", "") or "")


def _layers(module: Any, seen: set[int] | None = None) -> list[Layer]:
    """The layers of a model, each once."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return []
    seen.add(id(module))
    if isinstance(module, Layer):
        return [module]
    inner = list(module.values) if isinstance(module, Container) else []
    if isinstance(module, Instance):
        inner += list(module.attributes.values())
    return [layer for each in inner if isinstance(each, Module) for layer in _layers(each, seen)]


def _shape_of_first(model: Any) -> Any:
    """The ``input_shape`` of the first layer of a sequence, or None."""
    first = next(iter(model.values), None) if isinstance(model, Container) else None
    return getattr(first, "input_shape", None)


def _example_input(tree: ast.Module, program: Program, scope: Scope) -> InputShape | None:
    """The shape of an input that the program shows: ``torch.randn(1, 3, 32, 32)``, ``summary(model, (3, 32, 32))``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = program.text(node.func).rpartition(".")[2]
        found = _sizes_of(node, program, scope) if name in _EXAMPLES or name == "summary" else None
        if found is not None and name == "summary":
            return found[1:] if len(found) == 4 else found
        if found is not None and len(found) in (2, 3, 4):
            return found[1:]
    return None


def _sizes_of(node: ast.Call, program: Program, scope: Scope) -> tuple[int, ...] | None:
    named = [each.value for each in node.keywords if each.arg in ("input_size", "size")]
    values = [program.evaluate(each, scope) for each in (*named, *node.args)]
    listed = next((tuple(each) for each in values if isinstance(each, tuple | list)), None)
    sizes = listed if listed is not None else tuple(each for each in values if each is not UNKNOWN)
    is_sizes = len(sizes) > 1 and all(
        isinstance(each, int) and not isinstance(each, bool) and each > 0 for each in sizes
    )
    return sizes if is_sizes else None
