"""No shipped network has a picture in which something lies over something else: the drawn SVG is measured."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from random import Random

import pytest

import cnndsl
from cnndsl.ir import Block, Graph, Node, Value
from cnndsl.ops import TensorType
from cnndsl.reading import zoo_entries
from cnndsl.reports.diagram import DIRECTIONS, Look, draw_picture, render_picture
from cnndsl.reports.diagram.model import Cluster, Edge
from cnndsl.reports.diagram.rendering import placed
from cnndsl.reports.metrics import text_width
from tests.support.networks import SPAN, Join, add_node

from .svg import Box, afm_width, curve, elements, outline, parse, text_boxes

ENTRIES = zoo_entries()
ONE_PER_SPEC = list({entry.file: name for name, entry in reversed(ENTRIES.items())}.values())

LOOKS = {
    "default": (Look(), {}),
    "left to right": (Look(direction="LR"), {}),
    "heat": (Look(heat="memory", theme="dark"), {}),
    "shut": (Look(), {"depth": 1}),
    "open": (Look(), {"depth": 99}),
    "open from left to right": (Look(direction="LR"), {"depth": 99}),
}


def zoo(name: str) -> Graph:
    return cnndsl.load(f"zoo:{name}").graph


class Drawn:
    """A picture and where everything in its SVG stands."""

    def __init__(self, graph: Graph, look: Look, options: dict[str, int]) -> None:
        picture = draw_picture(graph, **options)
        svg = parse(render_picture(picture, look, "svg"))
        self.picture, layout = placed(picture, look)
        self.size = [float(svg.get(side).removesuffix("pt")) for side in ("width", "height")]
        self.groups = elements(svg, "node")
        self.boxes = {id_: outline(group) for id_, group in self.groups.items()}
        frames = elements(svg, "cluster")
        self.frames = {id_: outline(group) for id_, group in frames.items()}
        self.titles = [(id_, text, box) for id_, group in frames.items() for text, box in text_boxes(group)]
        edges = elements(svg, "edge")
        self.points = [point for group in edges.values() for point in curve(group)]
        self.labels = [(text, box) for group in edges.values() for text, box in text_boxes(group)]
        self.paths = list(zip(self.picture.edges, layout.paths, strict=True))


def check(drawn: Drawn) -> None:
    assert set(drawn.boxes) == {box.id for box in drawn.picture.boxes}
    texts_are_in_their_boxes(drawn)
    boxes_are_apart(drawn)
    frames_nest(drawn, drawn.picture.children, ())
    nothing_is_crossed(drawn)
    wires_of_different_values_are_apart(drawn)
    every_operand_enters_by_itself(drawn)


def texts_are_in_their_boxes(drawn: Drawn) -> None:
    for id_, group in drawn.groups.items():
        inside = drawn.boxes[id_].grown(-1)
        found = list(text_boxes(group))
        for text, place in found:
            assert inside.holds(place), (id_, text, place, inside)
        for (text, place), (other, there) in combinations(found, 2):
            assert not place.meets(there), (id_, text, other)
    for id_, text, place in drawn.titles:
        assert drawn.frames[id_].grown(-1).holds(place), (id_, text)


def boxes_are_apart(drawn: Drawn) -> None:
    in_order = sorted(drawn.boxes.items(), key=lambda item: item[1].top)
    for number, (id_, box) in enumerate(in_order):
        for other, place in in_order[number + 1 :]:
            if place.top > box.bottom:
                break
            assert not box.grown(3).meets(place), (id_, other)


def frames_nest(drawn: Drawn, children: tuple, around: tuple[Box, ...]) -> None:
    """What is in a block is in its frame, and what is not is outside."""
    for child in children:
        is_frame = isinstance(child, Cluster)
        place = drawn.frames[child.id] if is_frame else drawn.boxes[child.id]
        assert all(frame.grown(-2).holds(place) for frame in around), child.id
        if is_frame:
            held = {box.id for box in cnndsl_boxes(child)}
            strangers = [id_ for id_, box in drawn.boxes.items() if id_ not in held and place.meets(box)]
            assert not strangers, (child.id, strangers)
            frames_nest(drawn, child.children, (*around, place))


def cnndsl_boxes(cluster: Cluster):
    for child in cluster.children:
        yield from cnndsl_boxes(child) if isinstance(child, Cluster) else (child,)


def nothing_is_crossed(drawn: Drawn) -> None:
    """No edge runs through a box, a title or the shape on another edge, and no such shape lies on anything."""
    fields = Fields(drawn.points)
    for id_, box in drawn.boxes.items():
        assert not fields.inside(box.grown(-1.5)), id_
    for id_, text, place in drawn.titles:
        assert not fields.inside(place), (id_, text)
    for text, place in drawn.labels:
        assert not fields.inside(place.grown(0.5)), text
        for id_, box in drawn.boxes.items():
            assert not place.meets(box), (text, id_)
        for _, title, there in drawn.titles:
            assert not place.meets(there), (text, title)
    in_order = sorted(drawn.labels, key=lambda item: item[1].top)
    for number, (text, place) in enumerate(in_order):
        for other, there in in_order[number + 1 :]:
            if there.top > place.bottom:
                break
            assert not place.meets(there), (text, other)


def wires_of_different_values_are_apart(drawn: Drawn) -> None:
    """Lines that run along each other are at least so far apart that one sees two; where they cross does not matter."""
    for lines in segments(drawn):
        lines.sort(key=lambda line: line[0])
        for number, (at, begin, end, edge) in enumerate(lines):
            for place, start, stop, other in lines[number + 1 :]:
                if place - at >= LINES_APART:
                    break
                runs_along = min(end, stop) - max(begin, start) > 0.01
                assert edge.value == other.value or not runs_along, (edge, other, at, place)


LINES_APART = 3.0


def segments(drawn: Drawn) -> tuple[list[tuple[float, float, float, Edge]], ...]:
    """The lines down the page and across it: where each runs, from where to where, and of which edge."""
    found: tuple[list[tuple[float, float, float, Edge]], ...] = ([], [])
    for edge, path in drawn.paths:
        for one, other in pairwise(path):
            axis = 0 if one[0] == other[0] else 1
            assert one[axis] == other[axis], (edge, path)
            found[axis].append((one[axis], *sorted((one[1 - axis], other[1 - axis])), edge))
    return found


def every_operand_enters_by_itself(drawn: Drawn) -> None:
    """As many arrows point at a box as it has inputs, each at a point of its own."""
    tips = Counter((edge.target, path[-1]) for edge, path in drawn.paths)
    assert max(tips.values()) == 1, tips.most_common(1)


class Fields:
    """Points by the square in which they lie, so that few are looked at."""

    def __init__(self, points: list[tuple[float, float]], side: float = 40.0) -> None:
        self.side = side
        self.squares: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for point in points:
            self.squares.setdefault((int(point[0] // side), int(point[1] // side)), []).append(point)

    def inside(self, box: Box) -> list[tuple[float, float]]:
        columns = range(int(box.left // self.side), int(box.right // self.side) + 1)
        rows = range(int(box.top // self.side), int(box.bottom // self.side) + 1)
        near = (point for x in columns for y in rows for point in self.squares.get((x, y), ()))
        return [point for point in near if box.has(point)]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_network(name: str) -> None:
    drawn = Drawn(zoo(name), *LOOKS["default"])
    check(drawn)
    is_no_ribbon(drawn)


def is_no_ribbon(drawn: Drawn) -> None:
    width, height = drawn.size
    assert sum(not box.id.startswith("inset") for box in drawn.picture.boxes) <= 40
    assert height <= 1500
    assert width <= 1800
    assert 0.4 < height / width < 3.5


@pytest.mark.parametrize("look", [look for look in LOOKS if look != "default"])
@pytest.mark.parametrize("name", ONE_PER_SPEC)
def test_every_spec_in_other_ways(name: str, look: str) -> None:
    check(Drawn(zoo(name), *LOOKS[look]))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(40))
def test_networks_wired_at_random(seed: int, direction: str) -> None:
    """Such as no paper has: layers that read up to four values before them, some twice, and give up to three parts."""
    check(Drawn(wired_at_random(seed), Look(direction=direction), {}))


def wired_at_random(seed: int) -> Graph:
    choice = Random(seed)
    values = [Value(TensorType((4, 8, 8)))]
    nodes = []
    blocks = [None, *(Block("part", f"part{number}", {}, SPAN, None) for number in range(3))]
    for number in range(choice.randint(3, 14)):
        near = values[-choice.randint(1, 7) :]
        inputs = choice.choices(near, k=choice.randint(1, 4))
        node = add_node(f"join{number}", Join(), *inputs)
        parts = tuple(Value(values[0].type, f"part{part}") for part in range(choice.choice((1, 1, 1, 2, 3))))
        nodes.append(Node(node.path, node.operator, node.inputs, parts, SPAN, None, blocks[number // 4]))
        values += parts
    return Graph("Random", values[0], tuple(nodes), values[-1])


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_helvetica(bold: bool) -> None:
    text = "".join(map(chr, range(32, 127)))
    assert text_width(text, 10, bold) == pytest.approx(afm_width(text, 10, bold))
    for char in text:
        assert text_width(char, 1000, bold) == afm_width(char, 1000, bold), char
