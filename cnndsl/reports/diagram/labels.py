"""What stands in the boxes and on the edges, as Graphviz's HTML-like labels. Every text is escaped here."""

from __future__ import annotations

from ...diagnostics.text import sanitize
from ...ir import Node
from ...ops import TensorType
from ..words import operator_arguments, spelling
from .boxes import Box
from .palette import INK, KINDS, PALE_INK, Paint, kind_of

__all__ = ["box_label", "edge_label", "escape", "plain_box_label", "title_label"]

_CELL_WIDTH = 92  # points; two cells stand side by side
_LONGEST = 48


def box_label(box: Box) -> str:
    """The box of a layer: what it is and its name, then its details and parameters, then a strip per folded layer."""
    rows = [_row(_bold(_heading(box.node)), _pale(box.node.path))]
    details = (_details(box.node), _parameters(box.parameter_count))
    if any(details):
        rows.append(_row(_pale(details[0]), _pale(details[1])))
    rows += [_strip(node) for node in box.folded]
    return _table(rows, KINDS[kind_of(type(box.node.operator))])


def plain_box_label(text: str) -> str:
    """The box of the network's input or output."""
    return _table([f'<TR><TD WIDTH="90">{escape(text)}</TD></TR>'], KINDS["io"], "ROUNDED")


def edge_label(type_: TensorType, changed: bool) -> str:
    """The shape on an edge, bold where the layer before it changed it."""
    weight = "B" if changed else "FONT"
    return f"<&nbsp;<{weight}>{escape(str(type_))}</{weight}>>"


def title_label(title: str, subtitle: str) -> str:
    """What stands above the picture."""
    first = f'<FONT POINT-SIZE="15"><B>{escape(_cut(title, 80))}</B></FONT>'
    second = f'<FONT POINT-SIZE="10" COLOR="{PALE_INK}">{escape(_cut(subtitle, 100))}</FONT>'
    rows = "".join(f"<TR><TD>{text}</TD></TR>" for text in (first, second, ""))
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{rows}</TABLE>>'


def escape(text: str) -> str:
    """Text as HTML-like labels take it: no markup, no character that XML cannot hold, no `\\N` that Graphviz replaces."""
    visible = sanitize(text).replace("\n", " ").replace("\\", "\\\\")
    return visible.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _table(rows: list[str], paint: Paint, style: str = "SOLID") -> str:
    look = f'STYLE="{style}" BORDER="1" COLOR="{paint.border}" BGCOLOR="{paint.fill}"'
    return f'<<TABLE {look} CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{"".join(rows)}</TABLE>>'


def _row(left: str, right: str) -> str:
    # at the top, because Graphviz sets bold text higher in its cell than plain text
    return f"<TR>{_cell(left, 'LEFT')}{_cell(right, 'RIGHT')}</TR>"


def _cell(text: str, align: str) -> str:
    return f'<TD ALIGN="{align}" VALIGN="TOP" WIDTH="{_CELL_WIDTH}">{text}</TD>'


def _strip(node: Node) -> str:
    paint = KINDS[kind_of(type(node.operator))]
    look = f'BORDER="1" SIDES="T" COLOR="{paint.border}" BGCOLOR="{paint.fill}" CELLPADDING="1"'
    return f'<TR><TD COLSPAN="2" {look}><FONT POINT-SIZE="10">{escape(_cut(_heading(node), _LONGEST))}</FONT></TD></TR>'


def _bold(text: str) -> str:
    return f'<FONT POINT-SIZE="12" COLOR="{INK}"><B>{escape(_cut(text, _LONGEST))}</B></FONT>'


def _pale(text: str) -> str:
    return f'<FONT POINT-SIZE="10" COLOR="{PALE_INK}">{escape(_cut(text, _LONGEST))}</FONT>' if text else ""


def _heading(node: Node) -> str:
    """``conv 6 5x5``: the operator and its positional arguments."""
    arguments = operator_arguments(node)
    return " ".join([node.operator.name, *(arguments[name] for name in node.operator.positional)])


def _details(node: Node) -> str:
    """``stride 2, pad 1, no bias``: the other arguments; the stride of a window even where it need not be written."""
    operator = node.operator
    arguments = {name: text for name, text in operator_arguments(node).items() if name not in operator.positional}
    window = operator.window()
    if window is not None:
        height, width = window.stride
        arguments = {"stride": str(height) if height == width else f"{height}x{width}", **arguments}
    return ", ".join(_detail(spelling(operator, name), text) for name, text in arguments.items())


def _detail(name: str, text: str) -> str:
    if text in ("true", "false"):
        return name if text == "true" else f"no {name}"
    return f"{name} {text}"


def _parameters(count: int) -> str:
    return f"{count:,} parameters" if count else ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."
