"""Statements, functions and classes of a program, followed on its tree: what they bind, and which layers run."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..diagnostics.kinds import importing as kinds
from ..translation.records import UNKNOWN
from .frameworks import Frameworks
from .trace import TooMuch, Untaken
from .values import Foreign, Function, Instance, Method, Scope, UserClass, steps_in

__all__ = ["Statements"]

DEEPEST = 40
"""No calls of functions of the program are followed deeper than this."""
MOST_ROUNDS = 10_000
FRAMEWORKS = frozenset(("torch", "keras", "tensorflow"))
"""What they have is known, and so where a name comes from after ``from torch.nn import *``."""


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class Statements(Frameworks):
    """Follows statements; ``depth`` counts the calls around, ``following`` those of them that make a model."""

    depth = 0
    following = 0

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Follow statements one after another; what cannot be followed is said once, and the next one is."""
        for statement in body:
            try:
                self._statement(statement, scope)
            except TooMuch:
                raise
            except Untaken as error:
                if self.following or steps_in(*scope.names.values()):
                    self.trace.report(kinds.NOT_IMPORTED, self.span(statement), error.message, *error.help)

    def _statement(self, node: ast.stmt, scope: Scope) -> None:
        self.spend()
        match node:
            case ast.Expr(value=value):
                self.evaluate(value, scope)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self._assignment(node, scope)
            case ast.Return(value=value):
                raise _Return(None if value is None else self.evaluate(value, scope))
            case ast.If():
                self._if(node, scope)
            case ast.For():
                self._for(node, scope)
            case ast.While():
                self._while(node, scope)
            case ast.With(body=body) | ast.Try(body=body):
                self.run(body, scope)
            case ast.Break():
                raise _Break
            case ast.Continue():
                raise _Continue
            case _:
                self._definition(node, scope)

    def _definition(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.names[node.name] = Function(node, scope)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.Import(names=names):
                for each in names:
                    first = each.name.split(".")[0]
                    scope.names[each.asname or first] = Foreign(each.name if each.asname else first)
            case ast.ImportFrom(names=names):
                for each in names:
                    if each.name != "*" or (node.module or "").partition(".")[0] in FRAMEWORKS:
                        scope.names[each.asname or each.name] = Foreign(f"{node.module or ''}.{each.name}")

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: Scope) -> None:
        if isinstance(node, ast.AugAssign):
            self._augmented(node, scope)
        elif node.value is not None:
            made = self.evaluate(node.value, scope)
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self.assign(target, made, scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        before = self.evaluate(node.target, scope)
        value = self.evaluate(node.value, scope)
        if isinstance(before, list) and isinstance(node.op, ast.Add):
            before.extend(self.items(value) or [])
            self.weighed(before)
            return
        self.assign(node.target, self.combined(node.op, before, value, node), scope)  # type: ignore[arg-type]

    def _if(self, node: ast.If, scope: Scope) -> None:
        condition = self.evaluate(node.test, scope)
        if condition is not UNKNOWN:
            self.run(node.body if condition else node.orelse, scope)
        elif self.following and not _only_raises(node.body):
            raise Untaken(f"it cannot be told whether `{self.text(node.test)}` holds", *self._with_sizes())

    def _with_sizes(self) -> tuple[str, ...]:
        return () if self.shapes.input_shape else ("`--input 3x224x224` says the sizes, if it follows from them",)

    def _for(self, node: ast.For, scope: Scope) -> None:
        items = self.items(self.evaluate(node.iter, scope))
        if items is None and self.following:
            raise Untaken(f"it cannot be told how often `for ... in {self.text(node.iter)}` runs", *self._with_sizes())
        for item in items or ():
            self.assign(node.target, item, scope)
            if not self._round(node.body, scope):
                return
        self.run(node.orelse, scope)

    def _while(self, node: ast.While, scope: Scope) -> None:
        for _ in range(MOST_ROUNDS):
            condition = self.evaluate(node.test, scope)
            if condition is UNKNOWN and self.following:
                raise Untaken(f"it cannot be told how long `while {self.text(node.test)}` runs")
            if condition is UNKNOWN or not condition or not self._round(node.body, scope):
                return

    def _round(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow the body of a loop once; False if it ends the loop."""
        try:
            self.run(body, scope)
        except _Break:
            return False
        except _Continue:
            return True
        return True

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = Scope(scope)
        class_ = UserClass(node, [self.evaluate(base, scope) for base in node.bases], inner)
        self.run(node.body, inner)
        scope.names[node.name] = class_

    # Calls

    def call(self, called: Any, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """What a call gives; where the value of a layer goes in and nothing can be said of it, it passes on."""
        try:
            return self._called(called, values, named, node)
        except TooMuch:
            raise
        except Untaken as error:
            owner = called.owner if isinstance(called, Method) else None
            steps = steps_in(owner, *values, *named.values())
            if not steps:
                raise
            return self.passed(steps[0], node, error.message, error.help)

    def _called(self, called: Any, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        match called:
            case Foreign():
                return self.foreign(called, values, named, node)
            case Function():
                return self.user_function(called, values, named, node)
            case Method():
                return self.user_method(called, values, named, node)
            case UserClass():
                return self.instance(called, values, named, node)
            case Instance():
                return self.model(called, values, named, node)
        return self.apply(called, values + list(named.values()), node)

    def foreign(self, called: Foreign, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """A call of something that the program does not define."""
        raise NotImplementedError

    def user_method(self, called: Method, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """A call of a method, of the program or of Python."""
        raise NotImplementedError

    def user_function(self, called: Function, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """Follow a function of the program.

        Raises:
            Untaken: If the calls are too deep.
        """
        if self.depth >= DEEPEST:
            raise Untaken(f"calls are followed {DEEPEST} deep, and this is deeper")
        scope = Scope(called.scope)
        self._bind_parameters(called, values, named, scope)
        follows = bool(steps_in(*values, *named.values()))
        self.depth += 1
        self.following += follows
        try:
            if isinstance(called.node, ast.Lambda):
                return self.evaluate(called.node.body, scope)
            self.run(called.node.body, scope)
        except _Return as signal:
            return signal.value
        finally:
            self.depth -= 1
            self.following -= follows
        return None

    def _bind_parameters(self, called: Function, values: list[Any], named: dict[str, Any], scope: Scope) -> None:
        arguments = called.node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        named = dict(named)
        defaults = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
        for index, name in enumerate(names):
            if index < len(values):
                scope.names[name] = values[index]
            else:
                scope.names[name] = named.pop(name) if name in named else self._default(defaults.get(name), called)
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            scope.names[each.arg] = named.pop(each.arg) if each.arg in named else self._default(default, called)
        if arguments.vararg:
            scope.names[arguments.vararg.arg] = tuple(values[len(names) :])
        if arguments.kwarg:
            scope.names[arguments.kwarg.arg] = named

    def _default(self, node: ast.expr | None, called: Function) -> Any:
        return UNKNOWN if node is None else self.evaluate(node, called.scope)

    def instance(self, class_: UserClass, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """An object of a class: its ``__init__`` is followed."""
        made = Instance(class_)
        found, function = class_.find("__init__")
        self.following += class_.is_model
        try:
            if found and isinstance(function, Function):
                of = self._class_of(class_, "__init__")
                self._bound(Method(made, "__init__", function, of), values, named, node)
            elif class_.is_model:
                self.built(made, values)
        finally:
            self.following -= class_.is_model
        return made

    def built(self, instance: Instance, values: list[Any]) -> None:
        """What the ``__init__`` of a class of a framework does: a ``Sequential`` takes its layers."""
        raise NotImplementedError

    def _bound(self, method: Method, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """A function of a class on an object of it."""
        assert method.function is not None
        scope = Scope(method.function.scope)
        scope.names["__class__"] = method.of
        function = Function(method.function.node, scope)
        is_class = "classmethod" in function.decorators
        first = method.of if is_class else method.owner
        scope.names["self"] = first
        return self.user_function(function, [first, *values], named, node)

    def model(self, instance: Instance, values: list[Any], named: dict[str, Any], node: Any) -> Any:
        """``forward`` of a model on a value, or its layers one after another if it is a sequence."""
        steps = steps_in(*values, *named.values())
        if not steps:
            return UNKNOWN
        names = ("forward", "call", "__call__")
        name = next((each for each in names if instance.class_.find(each)[0]), "")
        instance.calls += 1
        self.models.append(instance)
        try:
            if name:
                function = instance.class_.find(name)[1]
                return self._bound(
                    Method(instance, name, function, self._class_of(instance.class_, name)), values, named, node
                )
            return self.run_children(instance, steps[0], node)
        finally:
            self.models.pop()


def _only_raises(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(each, ast.Raise | ast.Assert | ast.Pass) for each in body)
