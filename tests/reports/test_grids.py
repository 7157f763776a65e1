"""Networks that go down to small images and up again are drawn as a U, and sizes side by side in columns of their own."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import pytest

import cnndsl
from cnndsl.ir import Block, Graph, Node, Value
from cnndsl.ops import TensorType
from cnndsl.reports.diagram import DIRECTIONS, Look, Picture, draw_picture, render_picture
from cnndsl.reports.diagram.layout import Layout
from cnndsl.reports.diagram.rendering import placed
from tests.support.networks import SPAN, Join

from .networks import FLAT_U_NET, HOURGLASSES, OTHERS, PYRAMID, STREAM_NETS, STREAMS, U_NET, US
from .svg import elements, outline_of, parse, text_boxes
from .test_diagram_geometry import Drawn, check

EVERY = {**US, **STREAM_NETS, **OTHERS, "hourglasses": HOURGLASSES}


def graph_of(text: str) -> Graph:
    return cnndsl.check_text(text).require_graph()


def drawn(text: str, **options: int) -> tuple[Picture, Layout]:
    return placed(draw_picture(graph_of(text), insets=False, **options), Look())


def middle(picture: Picture, layout: Layout, heading: str) -> list[tuple[float, float]]:
    return [layout.boxes[box.id].center for box in picture.boxes if box.heading.startswith(heading)]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("depth", [1, 99])
@pytest.mark.parametrize("name", EVERY)
def test_nothing_lies_over_anything(name: str, depth: int, direction: str) -> None:
    check(Drawn(graph_of(EVERY[name]), Look(direction=direction), {"depth": depth}))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(6))
def test_sizes_at_random(seed: int, direction: str) -> None:
    """Such as no paper has: any value may be read wherever, whatever its size."""
    check(Drawn(sized_at_random(seed), Look(direction=direction), {}))


def sized_at_random(seed: int) -> Graph:
    choice = Random(seed)
    values = [Value(TensorType((4, 32, 32)))]
    nodes = []
    blocks = [None, *(Block("part", f"part{number}", {}, SPAN, None) for number in range(3))]
    fall = seed % 2  # half of them first go down, then up, and read whatever of before
    for number in range(count := choice.randint(4, 14)):
        near = values[-choice.randint(1, 7) :]
        inputs = [values[-1], *choice.choices(near, k=choice.randint(0, 2))]
        side = inputs[0].type.shape[1]
        steps = ((1, 0.5) if number < count / 2 else (1, 2)) if fall else (0.5, 1, 1, 2)
        size = min(max(int(side * choice.choice(steps)), 4), 64)
        parts = tuple(Value(TensorType((4, size, size)), f"part{part}") for part in range(choice.choice((1, 1, 1, 2))))
        nodes.append(Node(f"join{number}", Join(), tuple(inputs), parts, SPAN, None, blocks[number // 4 % 4]))
        values += parts
    return Graph("Random", values[0], tuple(nodes), values[-1])


@pytest.mark.parametrize("name", US)
def test_a_u_goes_down_on_the_left_and_up_on_the_right(name: str) -> None:
    picture, layout = drawn(US[name], depth=1)
    places = {box.id: layout.boxes[box.id].center for box in picture.boxes}
    first, *_ = (place for id_, place in places.items() if id_ == "input")
    below = [place for place in places.values() if place[0] == first[0]]
    right = [place for place in places.values() if place[0] > first[0]]
    assert len(below) > 3
    assert len(right) > 3
    main = [edge for edge in picture.edges if places[edge.source][0] == places[edge.target][0]]
    for edge in main:
        is_left = places[edge.source][0] == first[0]
        falls = places[edge.target][1] > places[edge.source][1]
        assert falls if is_left else not falls or name == "flat pyramid, down once more", edge


@pytest.mark.parametrize("name", ["flat U-Net", "gated U-Net"])
def test_skips_run_straight_across(name: str) -> None:
    picture, layout = drawn(US[name])
    paths = [path for edge, path in zip(picture.edges, layout.paths, strict=True) if edge.is_skip]
    straight = [path for path in paths if len(path) == 2 and path[0][1] == path[1][1]]
    assert len(straight) >= 2
    assert all(path[0][0] < path[1][0] for path in straight)


def test_levels_are_told_by_size() -> None:
    picture, layout = drawn(FLAT_U_NET)
    (concat_low, concat_high) = sorted(middle(picture, layout, "concat"), key=lambda place: -place[1])
    a, b = (layout.boxes[f"layer-{name}.0"].center for name in "ab")
    assert concat_low[1] == b[1]
    assert concat_high[1] == a[1]


def test_what_a_head_reads_stands_outside() -> None:
    picture, layout = drawn(PYRAMID)
    heads = [box.id for box in picture.boxes if box.heading == "head"]
    right = max(titled.place.right for titled in layout.clusters.values())
    assert len(heads) == 3
    assert all(layout.boxes[id_].x > right for id_ in heads)


@pytest.mark.parametrize("name", STREAM_NETS)
def test_each_size_has_a_column(name: str) -> None:
    picture, layout = drawn(STREAM_NETS[name])
    columns = Counter(round(place.center[0]) for id_, place in layout.boxes.items())
    assert len(columns) == 3
    for edge, path in zip(picture.edges, layout.paths, strict=True):
        assert path[0][1] < path[-1][1], edge


def test_sizes_side_by_side_are_told_apart() -> None:
    _, layout = drawn(STREAMS)
    axes = [layout.boxes[f"layer-{name}.0"].center[0] for name in ("a4", "b4", "c4")]
    assert axes == sorted(set(axes))


@pytest.mark.parametrize("name", OTHERS)
def test_others_stay_rows(name: str) -> None:
    picture, layout = drawn(OTHERS[name])
    order = [layout.boxes[box.id].y for box in picture.boxes]
    assert max(order) == order[-1]
    assert all(path[0][1] < path[-1][1] for path in layout.paths)


def test_an_hourglass_in_a_block_is_a_u() -> None:
    picture, layout = drawn(HOURGLASSES, depth=2)
    axes = {
        round(layout.boxes[box.id].center[0])
        for box in picture.boxes
        if box.heading.startswith(("upsample", "maxpool"))
    }
    assert len(axes) == 2


def volumes_of(text: str, **options: int):
    picture = draw_picture(graph_of(text), **options)
    return picture, parse(render_picture(picture, Look(style="volumes"), "svg"))


@pytest.mark.parametrize("depth", [1, 99])
@pytest.mark.parametrize("name", [*US, *STREAM_NETS])
def test_volumes_in_lanes_show_every_edge_and_no_words_meet(name: str, depth: int) -> None:
    picture, svg = volumes_of(EVERY[name], depth=depth)
    groups = elements(svg, "node")
    assert set(groups) == {box.id for box in picture.boxes}
    lines = [line for group in groups.values() for line in group if line.tag.endswith("polyline")]
    assert len(lines) == len(picture.edges)
    words = [place for group in groups.values() for _, place in text_boxes(group)]
    assert not [1 for one, other in combinations(words, 2) if one.meets(other)]
    width, height = (float(svg.get(side).removesuffix("pt")) for side in ("width", "height"))
    assert all(place.left >= 0 and place.right <= width and place.bottom <= height for place in words)


def test_volumes_of_a_u_stand_lower_the_smaller_they_are() -> None:
    picture, svg = volumes_of(U_NET, depth=1)
    groups = elements(svg, "node")
    tops = {}
    for box in picture.boxes:
        front = next(shape for shape in groups[box.id] if shape.get("fill") != "none" and "points" in shape.attrib)
        place = outline_of(front)
        tops.setdefault(box.output.rpartition("x")[2], set()).add(round((place.top + place.bottom) / 2))
    middles = {size: sum(found) / len(found) for size, found in tops.items()}
    assert sorted(middles, key=middles.__getitem__) == sorted(middles, key=int, reverse=True)


@pytest.mark.parametrize("style", ["boxes", "volumes"])
def test_the_columns_of_alexnet_are_two(style: str) -> None:
    picture = draw_picture(cnndsl.load("zoo:alexnet_two_columns").graph)
    columns = [box for box in picture.boxes if box.column[1] == 2]
    assert [box.output for box in columns[:4]] == ["48x55x55", "48x55x55", "48x27x27", "48x27x27"]
    assert sum(box.cost.parameters for box in picture.boxes) == 60_965_224
    into = {box.id: [edge for edge in picture.edges if edge.target == box.id] for box in columns}
    assert [len(edges) for edges in into.values()] == [1] * 8 + [2, 2] + [1] * 8 + [2] * 4
    svg = parse(render_picture(picture, Look(style=style), "svg"))
    groups = elements(svg, "node")
    shown = [groups[box.id] for box in columns if style == "boxes" or box.heading != "flatten"]
    places = [outline_of(next(each for each in group if "points" in each.attrib)) for group in shown]
    axis = 0 if style == "boxes" else 1
    for one, other in zip(places[::2], places[1::2], strict=True):
        assert one[axis] < other[axis]
        assert one[1 - axis] == pytest.approx(other[1 - axis], abs=1)


def test_the_single_column_of_alexnet_is_one() -> None:
    assert all(box.column == (0, 1) for box in draw_picture(cnndsl.load("zoo:alexnet_single_column").graph).boxes)
