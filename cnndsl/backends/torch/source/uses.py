"""What the uses of a class have, side by side, and what the spec says about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ....elaborate.arguments import match_arguments
from ....syntax import ast
from .expressions import ANY, Expression, is_plain, read
from .tree import Absent, Item, Scope

__all__ = [
    "argument", "columns", "counts", "defaults", "lacks", "local_names", "shown", "summed", "type_of", "value_of", "variables",
]  # fmt: skip


def summed(codes: Iterable[str]) -> Expression | None:
    """The sum of some expressions, with their whole numbers added up."""
    terms = [term for code in codes for term in (code.split(" + ") if "(" not in code else [code])]
    number = sum(int(term) for term in terms if term.isdecimal())
    return read(" + ".join([term for term in terms if not term.isdecimal()] + [str(number)] * bool(number)))


def columns(scopes: Sequence[Item]) -> Iterable[tuple[Item, ...]]:
    """The items of several uses side by side."""
    base = scopes[0]
    assert isinstance(base, Scope)
    lacking = [Absent(item, item.inputs[0]) for item in base.items]
    return zip(*(scope.items if isinstance(scope, Scope) else lacking for scope in scopes), strict=True)


def counts(items: Sequence[Item]) -> list[Any]:
    """The channels of what the uses of an item give."""
    return [ANY if isinstance(item, Absent) else item.outputs[0].type.shape[0] for item in items]


def lacks(group: Sequence[Scope], item: Scope) -> bool:
    """Whether a use of a class lacks an item inside one of its ``nn.Sequential``."""
    place = group[0].items.index(item)
    uses = (scope.items[place] for scope in group)
    return any(isinstance(inner, Absent) for use in uses if isinstance(use, Scope) for inner in use.items)


def variables(scope: Scope) -> dict[str, Any]:
    """What the constructor of a scope may know: the parameters of the block that it stands in."""
    block = scope.block
    while block is not None and block.use is None:
        block = block.parent
    found = dict(block.use[2]) if block is not None and block.use is not None else {}
    found.pop("in_channels", None)
    shape = scope.inputs[0].type.shape if scope.inputs else ()
    return {"in_channels": shape[0], **found} if shape else found


def defaults(definition: Any) -> dict[str, Any]:
    """The defaults of a block's parameters that are plain values."""
    found: dict[str, Any] = {}
    for parameter in definition.parameters if definition is not None else ():
        expression = parameter.default and read(parameter.default.span.text)
        if expression is not None and not expression.names and is_plain(expression.value({})):
            found[parameter.name.text] = expression.value({})
    return found


def local_names(definition: Any) -> dict[str, Expression]:
    """What a block gives names to with ``let``, as far as it reads as Python."""
    found: dict[str, Expression] = {}
    for statement in definition.body.statements if definition is not None else ():
        action = statement.action
        if isinstance(action, ast.Let) and not action.pattern.is_tuple and not isinstance(action.value, ast.Match):
            expression = read(action.value.span.text)
            if expression is not None:
                found[action.pattern.names[0].text] = expression
    return found


def argument(scope: Scope, name: str) -> Expression | None:
    """What the call of a block says for one of its parameters; in braces the name means what it means outside."""
    block = scope.block
    if block is None or block.use is None:
        return read(name)
    definition, call, _ = block.use
    given, _ = match_arguments(definition, call.word, call.arguments)
    return read(given[name].value.span.text) if name in given else None


def value_of(text: str) -> Expression | None:
    """The value of an argument that may be written with its name."""
    name, equal, value = text.partition("=")
    is_named = equal and name.strip().isidentifier() and not value.startswith("=")
    return read(value if is_named else text)


def shown(value: Any, name: str) -> Any:
    """A value as an expert writes it: one number for equal ones."""
    keeps = name in ("unflattened_size", "dims") or (name == "padding" and isinstance(value, tuple) and len(value) > 2)
    if keeps or not isinstance(value, tuple) or len(set(value)) > 1:
        return value
    return value[0]


def type_of(values: Sequence[Any]) -> str:
    """The type of what the uses of a class are given for an argument."""
    return " | ".join(dict.fromkeys(map(_type_of_one, values)))


def _type_of_one(value: Any) -> str:
    if isinstance(value, list):
        return f"list[{' | '.join(dict.fromkeys(map(_type_of_one, value))) or 'int'}]"
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_type_of_one, value))}]"
    return type(value).__name__
