"""What the script of a page knows of a network: its parts and how they are arranged, as packed JSON, every block open.

How items are in rows and branches does not depend on which blocks are open, so it is worked out here, once; the script
(``rows.js``, ``tracks.js`` and ``layout.js``) measures and positions what is open, by the rules of :mod:`..rows`,
:mod:`..columns`, :mod:`..frames` and :mod:`..tracks`.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from ....diagnostics.text import sanitize
from ....source import Source, Span
from ...metrics import BOLD, PLAIN
from ..frames import arranged, items_of, stands_in_grid
from ..heat import figure_for
from ..labels import TITLE_LEADING, box_text, frame_name, strip_text
from ..layout import Rectangle, Titled, lay_out
from ..model import Box, Cluster, Cost, Edge, States, Strip
from ..palette import WORDS
from ..routes import INTO, OUT, ROOT, Link, Routes
from ..series import Item, Parallel, Series, Wire

__all__ = ["embedded", "page_data"]

_Json = dict[str, Any]


def page_data(states: States, places: Mapping[Source, int], page: float) -> _Json:
    """The network for the script; ``places`` numbers the sources that the page shows, ``page`` is the height of a column."""
    return _Writer(states, places).data(page)


def embedded(data: _Json) -> str:
    """JSON, deflated (RFC 1950) and in base64: a sixth as long, and nothing in it can end the element that it is in."""
    text = json.dumps(data, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


class _Writer:
    """Writes parts in the order of the network, and refers to them by their positions in that."""

    def __init__(self, states: States, places: Mapping[Source, int]) -> None:
        self.states = states
        self.places = places
        self.routes = Routes(states.whole)
        self.numbers: dict[str, int] = {}
        self.wires: dict[str, dict[Link, int]] = {}
        self.parts: list[_Json] = []
        self.formulas: dict[str, int] = {}
        self.values: dict[str, int] = {}

    def data(self, page: float) -> _Json:
        whole = self.states.whole
        for child in whole.children:
            self._number(child)
        children = [self._add(child) for child in whole.children]
        grid = {"grid": self._grid(page)} if stands_in_grid(self.states.picture) else {}
        return {
            **grid,
            "parts": self.parts,
            "formulas": list(self.formulas),
            "root": {"children": children, "frame": self._frame(ROOT, whole.children)},
            "edges": [self._edge(edge, number) for number, edge in enumerate(whole.edges)],
            "open": [self.numbers[id_] for id_ in self.numbers if id_ in self.states.open],
            "cost": _cost(whole.cost),
            "words": WORDS,
            "widths": [PLAIN, BOLD],
            "page": page,
        }

    def _grid(self, page: float) -> _Json:
        """Where everything in the picture is at first: the script knows rows only."""
        picture = self.states.picture
        layout = lay_out(picture, figure=figure_for("", picture.cost), page=page)
        return {
            "size": [layout.width, layout.height],
            "boxes": [[self.numbers[id_], *_corners(place)] for id_, place in layout.boxes.items()],
            "clusters": [[self.numbers[id_], *self._title(titled)] for id_, titled in layout.clusters.items()],
            "edges": [
                [*self._edge_ends(edge), int(edge.is_skip), self._value(edge.value), path, *(label or ("", (0, 0)))]
                for edge, path, label in zip(picture.edges, layout.paths, layout.labels, strict=True)
            ],
        }

    def _title(self, titled: Titled) -> list[Any]:
        top = titled.top(TITLE_LEADING * len(titled.lines), 3.0) - 3.0
        return [*_corners(titled.place), top, [[sanitize(text), int(bold)] for text, bold in titled.lines]]

    def _number(self, part: Box | Cluster) -> None:
        self.numbers[part.id] = len(self.numbers)
        for child in part.children if isinstance(part, Cluster) else ():
            self._number(child)

    def _add(self, part: Box | Cluster) -> int:
        """Add a part and all in it; gives its number. An id that the script can make of the path is left out."""
        box = part.shut if isinstance(part, Cluster) else part
        written = self._box(box) if box is not None else {}
        self.parts.append(written)
        prefix = "block" if isinstance(part, Cluster) else "layer"
        if part.id != f"{prefix}-{written.get('path', '')}":
            written["id"] = part.id
        if isinstance(part, Cluster):
            written["call"] = [frame_name(part), sanitize(part.title), part.count]
            written["children"] = [self._add(child) for child in part.children]
            written["frame"] = self._frame(part.id, part.children)
        return self.numbers[part.id]

    def _box(self, box: Box) -> _Json:
        """A box: what is drawn of it with its size but no figure, and what is told of it. What is empty is left out."""
        text = box_text(box, lambda box: "")
        written = {
            "kind": box.kind,
            "size": [text.width, text.height],
            "rows": [[row.left, row.right] for row in text.rows],
            "strips": [[[strip.kind, strip_text(strip)] for strip in row] for row in text.strips],
            "heading": sanitize(box.heading) if box.heading != text.rows[0].left else "",
            "path": sanitize(box.path),
            "details": [*map(sanitize, box.details)],
            "count": box.count if box.count > 1 else 0,
            "repeats": box.repeats if box.repeats > 1 else 0,
            "cost": _cost(box.cost) if any(_cost(box.cost)) else (),
            "folded": [self._strip(strip) for strip in box.strips],
            "formulas": [self.formulas.setdefault(each, len(self.formulas)) for each in box.formulas],
            "output": box.output,
            "field": box.field,
            "lines": self._lines(box.span),
        }
        return {name: value for name, value in written.items() if value}

    def _strip(self, strip: Strip) -> list[Any]:
        return [strip.heading, sanitize(strip.path), self._lines(strip.span)]

    def _lines(self, span: Span | None) -> list[int]:
        """The number of the source, and the first and the last line there."""
        if span is None:
            return []
        first, _ = span.source.position(span.start)
        last, _ = span.source.position(max(span.start, span.end - 1))
        return [self.places[span.source], first, last]

    def _edge(self, edge: Edge, number: int) -> list[Any]:
        """Source, target, shape, whether it changed there, the wires on the way by frame and number, value and part."""
        route = [[self.numbers.get(frame, -1), self.wires[frame][link]] for frame, link in self.routes.of_edge[number]]
        return [*self._edge_ends(edge), route, self._value(edge.value), sanitize(edge.part)]

    def _edge_ends(self, edge: Edge) -> list[Any]:
        return [self.numbers[edge.source], self.numbers[edge.target], edge.shape, int(edge.is_changed)]

    def _frame(self, id_: str, children: tuple[Box | Cluster, ...]) -> _Json:
        links = self.routes.in_frame.get(id_, {})
        items = items_of(links, (child.id for child in children), is_framed=id_ != ROOT)
        wires = [Wire(items[link[0]], items[link[1]], link[2]) for link in links]
        self.wires[id_] = {link: number for number, link in enumerate(links)}
        wiring = arranged(tuple(items.values()), tuple(wires))
        arrangement = _Arrangement(items, wires)
        row = arrangement.series(wiring.row)
        return {
            "items": [self._key(item.key) for item in arrangement.items],
            "row": row,
            "wires": [self._wire(arrangement, wire) for wire in arrangement.wires],
            "beside": [arrangement.wires[wire] for wire in wiring.beside],
        }

    def _wire(self, arrangement: _Arrangement, wire: Wire) -> list[int]:
        """The items that it joins and the value that it carries, -1 for a wire that is not drawn."""
        value = -1 if wire.value is None else self._value(wire.value)
        return [arrangement.items[wire.source], arrangement.items[wire.target], value]

    def _key(self, key: str) -> int | str:
        """A part by its number, an end of a frame as ``in:`` or ``out:``; nothing for an end that is not framed."""
        return self.numbers.get(key, key if key in (INTO, OUT) else "")

    def _value(self, value: str) -> int:
        return self.values.setdefault(value, len(self.values))


class _Arrangement:
    """Numbers the items and wires of a frame."""

    def __init__(self, items: Mapping[str, Item], wires: list[Wire]) -> None:
        self.items = {item: number for number, item in enumerate(items.values())}
        self.wires = {wire: number for number, wire in enumerate(wires)}

    def series(self, series: Series) -> _Json:
        """A series as its items and what lies between them: the number of a wire, or a list of branches."""
        for item in series.items:
            self.items.setdefault(item, len(self.items))
        return {"items": [self.items[item] for item in series.items], "links": [*map(self._link, series.links)]}

    def _link(self, link: Wire | Parallel | Series) -> Any:
        if isinstance(link, Parallel):
            return [self._link(branch) for branch in link.branches]
        if isinstance(link, Series):
            return self.series(link)
        return self.wires.setdefault(link, len(self.wires))


def _corners(place: Rectangle) -> tuple[float, float, float, float]:
    return place.x, place.y, place.width, place.height


def _cost(cost: Cost) -> tuple[int, int, int]:
    return cost.parameters, cost.macs, cost.memory
