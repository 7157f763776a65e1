"""Figures that are off: by how much, and where most of them come from."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..problems import Figure, FiguresOff, OutputOff, plain
from .context import Context
from .table import explains

__all__: list[str] = []


@explains(FiguresOff)
def _figures(problem: FiguresOff, context: Context) -> Diagnostic:
    first, *others = problem.figures
    spans = [figure.expect.value.span for figure in problem.figures]
    written = [f"{figure.found:_}" for figure in problem.figures]
    fix = Fix(f"expect {' and '.join(written)}", tuple(map(Edit, spans, written)))
    return plain(problem).replace(
        primary=Label(problem.span, _difference(first)),
        secondary=tuple(Label(each.expect.value.span, f"has {each.counted}: {_difference(each)}") for each in others),
        help=("`cnndsl summary` shows the figure of each layer",),
        fixes=(fix,) if first.is_exact else (),
    )


@explains(OutputOff)
def _output(problem: OutputOff, context: Context) -> Diagnostic:
    found = str(problem.graph.output.type)
    return plain(problem).replace(fixes=(Fix(f"expect {found}", (Edit(problem.span, found),)),))


def _difference(figure: Figure) -> str:
    return f"off by {figure.found - figure.expected:+,}" if figure.is_exact else f"is {figure.found:,}"
