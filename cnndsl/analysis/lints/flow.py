"""Lints of values that reach neither the output nor a head."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Label
from ...ir import Node
from ...source import Span
from ...syntax import ast
from .lint import NetworkLint
from .network import Finding, Network, count

__all__ = ["DroppedValue", "UnusedValue"]


class UnusedValue(NetworkLint):
    """A value has a name, and nothing reads it.

    A layer has a label, or is a part of a `split`, and nothing reads what it makes: not the output, not a
    head. It was probably meant for a `concat`, `add` or `from`. A label alone is never a warning, because
    it is also the name of the layer's parameters.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        down: conv 8 3x3 pad=1 | relu
        up: conv 8 5x5 pad=2
        from down
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        down: conv 8 3x3 pad=1 | relu
        up: conv 8 5x5 pad=2
        add down
    }
    ```

    A label that begins with `_`, such as `_rest`, is unused by intent.
    """

    code = "W0506"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            if len(node.outputs) > 1:
                yield from self._parts(network, node)
            elif not network.is_read(node.output):
                yield from self._labelled(network, node)

    def _parts(self, network: Network, node: Node) -> Iterator[Finding]:
        """Parts of a ``split``, each with a label."""
        found = network.statement(node)
        labels = found[0].labels if found else ()
        if len(labels) != len(node.outputs):
            return
        for value, label in zip(node.outputs, labels, strict=True):
            if not network.is_read(value) and not label.text.startswith("_"):
                help_ = f"call it `_{label.text}` if you leave this part out by intent"
                place = Label(label.span, f"a part of {value.type}")
                yield Finding(Diagnostic(self.kind, f"nothing reads `{label.text}`", place, help=(help_,)), node)

    def _labelled(self, network: Network, node: Node) -> Iterator[Finding]:
        name = _name(network, node)
        if not name or name.startswith("_"):
            return
        diagnostic = Diagnostic(
            self.kind,
            f"`{name}` is computed, and nothing reads it",
            Label(node.span, f"gives {node.output.type}"),
            notes=_with_it(network, node),
            help=(f"use it, as in `from {name}` or `concat {name}`; remove it; or call it `_{name}`",),
        )
        yield Finding(diagnostic, node)


class DroppedValue(NetworkLint):
    """Layers whose result is dropped, as `from` goes on elsewhere.

    `from` goes on from a named value and drops the current one. Here nothing else reads the dropped value,
    so what made it is computed for nothing.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        stem: conv 8 3x3 pad=1 | relu
        conv 16 3x3 pad=1 | relu
        from stem
        conv 8 1x1
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        stem: conv 8 3x3 pad=1 | relu
        conv 16 3x3 pad=1 | wide: relu
        from stem
        conv 16 1x1
        add wide
    }
    ```

    Remove the layers, or put a label before the last of them and use it. A label names the layer right
    after it, and not the whole line.
    """

    code = "W0512"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            if len(node.outputs) > 1 or network.is_read(node.output) or _name(network, node):
                continue
            chooser = _chooser(network, node)
            diagnostic = Diagnostic(
                self.kind,
                "the result of this layer is dropped: what follows goes on from another value",
                Label(node.span, "nothing reads this"),
                (Label(chooser, "goes on from here"),) if chooser else (),
                notes=_with_it(network, node),
                help=("remove it, or put a label before it and use that, as in `concat name`",),
            )
            yield Finding(diagnostic, node)


def _name(network: Network, node: Node) -> str:
    """The label of the node, or of the outermost block or braces whose result it is; empty without one."""
    label = _last(node.path)
    later = network.graph.nodes[network.graph.nodes.index(node) + 1 :]
    for block in reversed(node.block.chain if node.block else ()):
        if any(other.block and block in other.block.chain for other in later):
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
    unused = f"{count(len(others), 'layer')} before it {'is' if len(others) == 1 else 'are'} used for nothing else"
    return (f"{unused}; {count(parameters, 'parameter')} in all",)


def _chooser(network: Network, node: Node) -> Span | None:
    """The next ``from`` after a node in the braces around it."""
    found = network.statement(node)
    if found is None:
        return None
    statement, body = found
    for other in body.statements[body.statements.index(statement) + 1 :]:
        if isinstance(other.action, ast.Call) and other.action.word.text == "from":
            return other.action.span
    return None
