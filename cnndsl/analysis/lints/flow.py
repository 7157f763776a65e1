"""Lints of values that reach neither the output nor a head."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Label
from ...diagnostics.kinds import lints
from ...ir import Node, Value
from ...source import Span
from ...syntax import ast
from .network import Finding, Network, count

__all__ = ["unused_values"]


def unused_values(network: Network) -> Iterator[Finding]:
    """Values that nothing reads: W0506 where they have a name, W0512 where a ``from`` dropped them."""
    for node in network.graph.nodes:
        unread = [value for value in node.outputs if value not in network.readers and value not in network.results]
        if len(node.outputs) > 1:
            yield from _unused_parts(network, node, unread)
        elif unread:
            yield from _unused(network, node)


def _unused_parts(network: Network, node: Node, unread: list[Value]) -> Iterator[Finding]:
    """Parts of a ``split``, each with a label."""
    found = network.statement(node)
    labels = found[0].labels if found else ()
    if len(labels) != len(node.outputs):
        return
    for value, label in zip(node.outputs, labels, strict=True):
        if value in unread and not label.text.startswith("_"):
            help_ = f"call it `_{label.text}` if you leave this part out by intent"
            place = Label(label.span, f"a part of {value.type}")
            yield Finding(Diagnostic(lints.UNUSED_VALUE, f"nothing reads `{label.text}`", place, help=(help_,)), node)


def _unused(network: Network, node: Node) -> Iterator[Finding]:
    name = _name(network, node)
    if name.startswith("_"):
        return
    if name:
        help_ = f"use it, as in `from {name}` or `concat {name}`; remove it; or call it `_{name}`"
        message = f"`{name}` is computed, and nothing reads it"
        diagnostic = Diagnostic(lints.UNUSED_VALUE, message, Label(node.span, f"gives {node.output.type}"))
    else:
        help_ = "remove it, or put a label before it and use that, as in `concat name`"
        message = "the result of this layer is dropped: what follows goes on from another value"
        chooser = _chooser(network, node)
        elsewhere = (Label(chooser, "goes on from here"),) if chooser else ()
        diagnostic = Diagnostic(lints.DROPPED_VALUE, message, Label(node.span, "nothing reads this"), elsewhere)
    yield Finding(diagnostic.replace(notes=_with_it(network, node), help=(help_,)), node)


def _name(network: Network, node: Node) -> str:
    """The label of the node, or of the outermost block or braces whose result it is; empty without one."""
    label = _last(node.path)
    behind = network.graph.nodes[network.graph.nodes.index(node) + 1 :]
    for block in reversed(node.block.chain if node.block else ()):
        if any(other.block and block in other.block.chain for other in behind):
            break
        label = _last(block.path) or label
    return label


def _last(path: str) -> str:
    last = path.rpartition(".")[2]
    return "" if last.isdigit() else last


def _with_it(network: Network, node: Node) -> tuple[str, ...]:
    """How many layers are computed for this value alone."""
    needed = network.graph.needed_nodes((node.output,))
    used = set(network.graph.needed_nodes(network.results))
    others = [other for other in needed if other not in used and other is not node]
    if not others:
        return ()
    parameters = sum(other.parameter_count for other in (*others, node))
    serve = f"{count(len(others), 'layer')} before it serve{'s' if len(others) == 1 else ''} nothing else"
    return (f"{serve}; {count(parameters, 'parameter')} in all",)


def _chooser(network: Network, node: Node) -> Span | None:
    """The next ``from`` behind a node in the braces around it."""
    found = network.statement(node)
    if found is None:
        return None
    statement, body = found
    for other in body.statements[body.statements.index(statement) + 1 :]:
        if isinstance(other.action, ast.Call) and other.action.word.text == "from":
            return other.action.span
    return None
