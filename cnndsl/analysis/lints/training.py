"""Lints of a network and its training together."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...ir import Node
from ...ops.activation import LogSoftmax, Softmax
from ...recipe import CrossEntropy
from ...source import Span
from ...syntax import ast
from .lint import NetworkLint
from .network import Finding, Network

__all__ = ["DoubleSoftmax"]


class DoubleSoftmax(NetworkLint):
    """Softmax before a cross entropy that applies it again.

    The network ends in `softmax`, and the loss `cross_entropy` applies a softmax of its own, because
    both together are computed more exactly. A softmax of a softmax is nearly flat: the network learns
    slowly or not at all.

    This gives the warning:

    ```cnn failing
    network Example {
        input 1x32x32
        flatten
        dense 10
        softmax
    }

    train {
        data digits
        optimizer adam lr=1e-3
        epochs 10
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 1x32x32
        flatten
        dense 10
    }

    train {
        data digits
        optimizer adam lr=1e-3
        epochs 10
    }
    ```

    End in plain scores. `cnndsl predict` turns them into probabilities.
    """

    code = "W0501"

    def find(self, network: Network) -> Iterator[Finding]:
        last = network.makers.get(network.graph.output)
        if last is None or network.recipe is None or not isinstance(network.recipe.loss, CrossEntropy):
            return
        if not isinstance(last.operator, Softmax | LogSoftmax):
            return
        name = last.operator.name
        flat = "a softmax of a softmax is nearly flat, and its gradients are small"
        diagnostic = Diagnostic(
            self.kind,
            f"the network ends in `{name}`, and `cross_entropy` applies it again",
            Label(last.span, "applied here"),
            notes=(flat if isinstance(last.operator, Softmax) else "a second one changes nothing",),
            help=("remove it: train on plain scores, and `predict` adds the softmax",),
            fixes=_removal(network, last),
        )
        yield Finding(diagnostic, last)


def _removal(network: Network, last: Node) -> tuple[Fix, ...]:
    """The edit that takes the statement away, if it is the last of the network and has nothing but blanks around it."""
    found = network.statement(last)
    if found is None or last.block is not None:
        return ()
    statement, body = found
    place = body.statements.index(statement)
    if place + 1 < len(body.statements) and not all(
        isinstance(other.action, ast.Expect) for other in body.statements[place + 1 :]
    ):
        return ()
    span = _with_its_line(statement) if place == 0 else _behind(body.statements[place - 1], statement)
    return () if span is None else (Fix(f"remove `{statement.action.span.text}`", (Edit(span, ""),), certain=True),)


def _behind(before: ast.Statement, statement: ast.Statement) -> Span | None:
    """From the end of the statement before: with the ``|`` between them, or else the line."""
    source = statement.span.source
    between = Span(source, before.span.end, statement.span.start).text
    if "#" in between:
        return _with_its_line(statement)
    if "|" not in between:
        return _with_its_line(statement)
    end = statement.span.end if before.contract else statement.action.span.end
    return Span(source, before.span.end, end)


def _with_its_line(statement: ast.Statement) -> Span | None:
    """The whole line, if nothing else is on it."""
    source, start, end = statement.span.source, statement.span.start, statement.span.end
    _, line_end = source.rest_of_line(end)
    line_start = start - (source.position(start)[1] - 1)
    alone = not source.text[line_start:start].strip() and not source.text[end:line_end].strip()
    return Span(source, line_start, min(line_end + 1, len(source.text))) if alone else None
