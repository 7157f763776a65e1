"""The page of the Python interface: signatures and documentation of what people use."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from ...record import Record
from .markdown import code, head, table

__all__ = ["render_python"]

_ROLE = re.compile(r":\w+:`~?\.?([^`]+)`")
_SECTION = re.compile(r"^(Args|Returns|Raises):$", re.MULTILINE)


def render_python(objects: Iterable[Callable[..., Any]]) -> str:
    """The page of these functions and classes, in this order; of a class its fields, properties and methods."""
    lines = head("Python", "What the package offers to programs. `import cnndsl` loads nothing else until it is used.")
    for item in objects:
        lines += _entry("##", item, f"{item.__module__}.{item.__name__}" if _is_apart(item) else item.__name__)
        if isinstance(item, type):
            for name, member in vars(item).items():
                if not name.startswith("_") and inspect.getdoc(member) and _is_shown(member):
                    lines += _entry("###", member, f"{item.__name__}.{name}")
    return "\n".join(lines)


def _is_apart(item: Callable[..., Any]) -> bool:
    """Whether it is imported from a module of its own, not from the package."""
    return item.__module__.count(".") == 1


def _is_shown(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, property)


def _entry(level: str, item: Any, name: str) -> list[str]:
    if isinstance(item, property):
        return [f"{level} {name}", "", *_text(item)]
    if isinstance(item, type) and issubclass(item, Record):
        return [f"{level} {name}", "", *_text(item), *table(("field", "type"), _fields(item))]
    return [f"{level} {name}", "", "```python", f"{name}{_signature(item)}", "```", "", *_text(item)]


def _fields(item: type[Record]) -> Iterable[tuple[str, str]]:
    return ((code(name), code(str(annotation))) for name, annotation in item.__annotations__.items())


def _signature(item: Callable[..., Any]) -> str:
    """The signature without ``self``; one parameter a line where it is long."""
    whole = inspect.signature(item)
    signature = str(whole.replace(parameters=[each for each in whole.parameters.values() if each.name != "self"]))
    signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature)
    if len(signature) < 90:
        return signature
    return "(\n    " + ",\n    ".join(_parameters(signature)) + ",\n)" + signature[signature.rindex(")") + 1 :]


def _parameters(signature: str) -> list[str]:
    """The parameters of a signature, which are separated by the commas outside of brackets."""
    found, depth = [""], 0
    for char in signature[1 : signature.rindex(")")]:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return [each.strip() for each in found]


def _text(item: Any) -> list[str]:
    """The documentation as Markdown: roles and double quotes as code, what is indented in a section as a list."""
    text = _ROLE.sub(r"`\1`", inspect.getdoc(item) or "").replace("``", "`")
    text = _SECTION.sub(r"**\1**\n", text)
    text = re.sub(r"\n     +", " ", text)
    return [re.sub(r"^    ", "- ", text, flags=re.MULTILINE), ""]
