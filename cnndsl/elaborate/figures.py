"""What is said of figures that are off: one mistake in a network shows in its parameters and in its multiply-accumulates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import shapes
from ..ir import Graph
from .discrepancy import macs_changes, parameter_changes
from .expectations import Figure, settings_text

__all__ = ["figures_off"]

_NOUNS = {"params": "parameters", "macs": "multiply-accumulates"}
_CHANGES = {"params": parameter_changes, "macs": macs_changes}
_UNITS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_CLOSE = 100
"""A figure with a unit is taken for a rounded one if it is off by no more than one part of so many."""
_MOST_EXPLANATIONS = 3
_MOST_EXPLAINED = 10
"""Figures beyond which numbers are no longer searched for."""


def figures_off(figures: Sequence[Figure], graph: Graph) -> Iterator[Diagnostic]:
    """E0304 for the figures that one variant of a network was to meet, together, and for each bound that it breaks."""
    rounded = [figure for figure in figures if figure.is_exact and _is_rounded(figure)]
    yield from map(_rounded, rounded)
    figures = [figure for figure in figures if figure not in rounded]
    exact = [figure for figure in figures if figure.is_exact]
    if exact:
        yield _off(exact, graph)
    for figure in figures:
        if not figure.is_exact:
            yield _off([figure], graph)


def _is_rounded(figure: Figure) -> bool:
    """Whether a figure with a unit, such as 61.1M, is the one found to the digits that are written."""
    text = figure.expect.value.span.text
    unit, digits = _UNITS.get(text[-1:], 0), len(text[:-1].partition(".")[2])
    off = abs(figure.found - figure.expected)
    return bool(2 * off * 10**digits <= unit and off * _CLOSE <= figure.found)


def _rounded(figure: Figure) -> Diagnostic:
    """A figure as papers print it, where ``=`` means each digit."""
    expect, written = figure.expect, f"{figure.found:_}"
    return Diagnostic(
        shapes.EXPECT_BROKEN,
        f"the network has {_counted(figure)}{settings_text(expect)}, which `{expect.value.span.text}` only rounds",
        Label(expect.value.span, "`=` means this number exactly"),
        help=(f"write `expect {expect.quantity.text} = {written}{settings_text(expect)}`",),
        fixes=(Fix(f"expect {written}", (Edit(expect.value.span, written),)),),
    )


def _off(figures: Sequence[Figure], graph: Graph) -> Diagnostic:
    first, *others = figures
    spans = [figure.expect.value.span for figure in figures]
    found = [f"{figure.found:_}" for figure in figures]
    return Diagnostic(
        shapes.EXPECT_BROKEN,
        f"the network has {_counted(first)}{settings_text(first.expect)}, expected {_symbol(first)}{first.expected:,}",
        Label(spans[0], _difference(first)),
        tuple(Label(figure.expect.value.span, f"has {_counted(figure)}: {_difference(figure)}") for figure in others),
        notes=_largest(graph) if first.expect.quantity.text == "params" else (),
        help=(*_explanations(figures, graph), "`cnndsl summary` shows the figure of each layer"),
        fixes=(Fix(f"expect {' and '.join(found)}", tuple(map(Edit, spans, found))),) if first.is_exact else (),
    )


def _counted(figure: Figure) -> str:
    return f"{figure.found:,} {_NOUNS[figure.expect.quantity.text]}"


def _difference(figure: Figure) -> str:
    if not figure.is_exact or not isinstance(figure.expected, int):
        return f"is {figure.found:,}"
    return f"off by {figure.found - figure.expected:+,}"


def _symbol(figure: Figure) -> str:
    return "" if figure.expect.comparison in ("=", "==") else f"{figure.expect.comparison} "


def _explanations(figures: Sequence[Figure], graph: Graph) -> list[str]:
    """What gives all the numbers expected, where that is known; else what gives each, if something does."""
    if len(figures) > _MOST_EXPLAINED or not all(_may_be_meant(figure) for figure in figures):
        return []
    changes = [_CHANGES[figure.expect.quantity.text](graph, figure.expected) for figure in figures]
    common = [change for change in changes[0] if all(change in others for others in changes)]
    if common or not all(changes):
        return _sentences(common, *figures)
    return [text for figure, own in zip(figures, changes, strict=True) for text in _sentences(own, figure)]


def _may_be_meant(figure: Figure) -> bool:
    return figure.expect.comparison in ("=", "==") and type(figure.expected) is int and figure.expected > 0


def _sentences(changes: Sequence[str], *figures: Figure) -> list[str]:
    numbers = " and ".join(dict.fromkeys(f"{figure.expected:,}" for figure in figures))
    return [f"{change} it would be {numbers}" for change in changes[:_MOST_EXPLANATIONS]]


def _largest(graph: Graph) -> tuple[str, ...]:
    """Where most of the parameters are, worked out: the place to look first."""
    node = max(graph.nodes, key=lambda item: item.parameter_count, default=None)
    if node is None or not node.parameter_count:
        return ()
    formula = node.operator.parameter_formula(*node.input_types)
    return (f"the largest layer, `{node.span.text}`, has {formula} = {node.parameter_count:,}",)
