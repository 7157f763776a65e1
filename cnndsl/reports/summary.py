"""A network as a table: what each layer is, what it gives and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ..analysis.cost import NetworkCost, network_cost
from ..analysis.receptive_field import receptive_fields, window_formulas
from ..diagnostics.text import sanitize
from ..ir import Graph
from .figures import Figures, line_figures
from .lines import Line, every_layer, fits, fitting_depth, lines, nesting
from .outline import outline
from .table import Column, render_table
from .words import UNITS, block_text, format_bytes, format_settings, operator_text, title, unit_for

__all__ = ["render_summary"]

_MOST_LINES = 60
_INDENT = "  "
_NOTE = 17
_MARKS = {"output": "", "training": "head", "nothing": "unused"}


def render_summary(
    graph: Graph, *, explain: bool = False, depth: int | None = None, full: bool = False, width: int = 120
) -> str:
    """The table for people, at most ``width`` columns wide; with ``explain`` the filled-in formulas are under each layer.

    Blocks are opened to a ``depth`` of at least 1, where the outermost ones are one line each; by default to the largest
    that takes at most 60 lines. Equal blocks in a row are one line. With ``full`` each layer has a line of its own.
    """
    cost = network_cost(graph)
    shown, depth, deepest = _shown(graph, depth, full)
    figures = [line_figures(line, cost) for line in shown]
    unit = unit_for(max((each.activation_bytes for each in figures), default=0))
    rows: list[tuple[str, ...]] = [("", "input", "", str(graph.input.type), *[""] * 6)]
    explanations = _Explanations(graph) if explain else None
    for line, each in zip(shown, figures, strict=True):
        rows.append(_heading_row(line) if line.is_heading else _row(line, each, cost, unit))
        rows += explanations.under(line) if explanations else ()
    table = render_table(_columns(unit), [rows, [_total_row(cost, unit)]], width)
    remarks = () if full else _fold_remark(shown, depth, deepest, len(graph.nodes))
    notes = (*_footer(cost), *_head_remark(cost), *remarks)
    return "\n".join([*_heading(graph), "", *table, "", *_wrapped(notes, width)]) + "\n"


def _wrapped(notes: tuple[str, ...], width: int) -> Iterator[str]:
    for note in notes:
        yield from wrap(note, max(width, 2 * _NOTE), subsequent_indent=" " * _NOTE, break_long_words=False)


def _heading(graph: Graph) -> list[str]:
    network = f"{sanitize(graph.name)} {format_settings(graph)}".rstrip()
    return [network] if title(graph) == graph.name else [title(graph), network]


def _columns(unit: str) -> tuple[Column, ...]:
    return (
        Column(("", "layer"), least=14, cut="start"),
        Column(("", "operator"), least=20),
        Column(("", "")),
        Column(("", "output")),
        Column(("", "parameters"), right=True),
        Column(("", "%"), right=True, spare=1),
        Column(("", "MACs"), right=True, spare=5),
        Column(("", "%"), right=True, spare=2),
        Column(("memory", unit), right=True, spare=3),
        Column(("receptive", "field"), right=True, spare=4),
    )


def _shown(graph: Graph, depth: int | None, full: bool) -> tuple[tuple[Line, ...], int, int]:
    """The lines, the depth of the blocks in them, and the largest there is.

    Sequences of layers fold only where the table would be too long otherwise: they are hard to follow.
    """
    plain = outline(graph)
    deepest = nesting(plain)
    if full:
        return tuple(every_layer(plain)), deepest, deepest
    if fits(plain, depth or deepest, _MOST_LINES):
        return tuple(lines(plain, depth or deepest)), depth or deepest, deepest
    folded = outline(graph, sequences=True)
    depth = depth or fitting_depth(folded, _MOST_LINES)
    return tuple(lines(plain if fits(plain, depth, _MOST_LINES) else folded, depth)), depth, deepest


def _heading_row(line: Line) -> tuple[str, ...]:
    return (_line_name(line), sanitize(_text(line)), _times(line), *[""] * 7)


def _row(line: Line, figures: Figures, cost: NetworkCost, unit: str) -> tuple[str, ...]:
    counted = figures.needed_for == "output"
    memory = _in_unit(figures.activation_bytes, unit)
    return (
        _line_name(line),
        sanitize(_text(line)),
        " ".join(filter(None, (_times(line), _MARKS[figures.needed_for]))),
        str(figures.output),
        _count(figures.parameters),
        _share(figures.parameters, cost.parameters),
        _count(figures.macs) if counted else _uncounted(_count(figures.macs)),
        _share(figures.macs, cost.macs) if counted else "",
        memory if counted else _uncounted(memory),
        str(figures.receptive_field),
    )


def _line_name(line: Line) -> str:
    return _INDENT * line.indent + sanitize(line.name)


def _text(line: Line) -> str:
    """What a line stands for, as a spec calls it; for braces, which have no name, how much they hold."""
    part = line.first
    if part.node is not None:
        return " to ".join(dict.fromkeys((operator_text(part.node), *_last_rate(line))))
    if part.block is not None and part.block.name:
        return block_text(part.block, line.last.block)
    return f"{part.stop - part.start} layers"


def _last_rate(line: Line) -> tuple[str, ...]:
    """The rate of the last of folded dropouts, which may be another than that of the first."""
    first, last = line.first.node, line.last.node
    if first is None or last is None or first.operator == last.operator:
        return ()
    return (operator_text(last).removeprefix(f"{last.operator.name} "),)


def _times(line: Line) -> str:
    return f"x{line.count}" if line.count > 1 else ""


def _uncounted(text: str) -> str:
    """A number that the totals leave out."""
    return f"({text})" if text else ""


def _total_row(cost: NetworkCost, unit: str) -> tuple[str, ...]:
    memory = _in_unit(cost.activation_bytes, unit)
    return ("total", "", "", "", f"{cost.parameters:,}", "", f"{cost.macs:,}", "", memory, "")


class _Explanations:
    """The formulas under a layer, each after the name of what it computes."""

    def __init__(self, graph: Graph) -> None:
        self.fields = receptive_fields(graph)

    def under(self, line: Line) -> Iterator[tuple[str, ...]]:
        node, last = line.first.node, line.last.node
        if node is None or last is None:
            return
        for text in node.operator.formulas(*node.input_types):
            yield _remark("output", text)
        formula = node.operator.parameter_formula(*node.input_types)
        if formula:
            yield _remark("parameters", _sum(formula, node.parameter_count, line))
        formula = node.operator.mac_formula(*node.input_types, node.output.type)
        if formula:
            yield _remark("MACs", _sum(formula, node.macs, line))
        window = node.operator.window()
        if window is not None:
            yield from (_remark("receptive field", text) for text in window_formulas(self.fields[last.input], window))


def _remark(what: str, text: str) -> tuple[str, str]:
    return f"{what:<15}", text


def _sum(formula: str, count: int, line: Line) -> str:
    times = f", {_times(line)} = {line.count * count:,}" if line.count > 1 else ""
    return f"{formula} = {count:,}{times}"


def _footer(cost: NetworkCost) -> list[str]:
    statistics = f", and {cost.buffers:,} running statistics" if cost.buffers else ""
    training, input_ = format_bytes(cost.training_activation_bytes), format_bytes(cost.input_bytes)
    return [
        f"parameters       {cost.parameters:,} numbers, {format_bytes(cost.parameter_bytes)} in float32{statistics}",
        "MACs             multiply-accumulates of convolutions and dense layers, for one sample; biases and other layers are 0",
        f"memory           activations of one sample; {training} in training, with their gradients; input {input_}",
        "receptive field  the patch of the input that one output sees, padding included",
    ]


def _head_remark(cost: NetworkCost) -> Iterator[str]:
    """What the marks of :data:`_MARKS` say."""
    uses = {layer.needed_for for layer in cost.layers}
    left_out = "its parameters count; in brackets, what the totals leave out"
    if "training" in uses:
        yield f"head             runs in training only: {left_out}"
    if "nothing" in uses:
        yield f"unused           nothing depends on it: {left_out}"


def _fold_remark(shown: tuple[Line, ...], depth: int, deepest: int, layers: int) -> Iterator[str]:
    """What a folded table leaves out, and how to see it."""
    most = max((line.count for line in shown), default=1)
    if most > 1:
        yield f"{f'x{most}':<15}  {most:,} identical layers or blocks in a row; numbers are totals"
    if depth < deepest:
        yield f"{'':<15}  --depth {depth + 1} expands more blocks, --full lists all {layers:,} layers"
    elif most > 1:
        yield f"{'':<15}  --full lists all {layers:,} layers"


def _count(count: int) -> str:
    return f"{count:,}" if count else ""


def _share(part: int, whole: int) -> str:
    if not part:
        return ""
    percent = 100 * part / whole
    if percent < 0.05:
        return "<0.1"
    return ">99.9" if 99.95 <= percent < 100 else f"{percent:.1f}"


def _in_unit(count: int, unit: str) -> str:
    if not count:
        return ""
    if unit == "B":
        return str(count)
    number = count / UNITS[unit]
    return "<0.01" if number < 0.005 else f"{number:,.2f}"
