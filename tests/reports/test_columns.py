"""Long rows in columns: judged against every way to break them."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnndsl
from cnndsl.reports.diagram import draw_picture
from cnndsl.reports.diagram.columns import _evened, _limit
from cnndsl.reports.diagram.labels import parameters_text
from cnndsl.reports.diagram.layout import lay_out
from cnndsl.reports.diagram.look import PAGE
from cnndsl.reports.diagram.rows import Row, Slot
from cnndsl.reports.diagram.series import Item, Series, Wire

LED_IN = 21.0


def row_of(lengths: list[float]) -> Row:
    items = tuple(Item(str(number), number) for number in range(len(lengths)))
    wires = tuple(Wire(one, other, "value") for one, other in pairwise(items))
    slots = {item: Slot(50, 50, length, 15, is_box=True) for item, length in zip(items, lengths, strict=True)}
    return Row(Series(wires, items), slots)


def length_of(row: Row, start: int, stop: int) -> float:
    inside = [*row.slots[start:stop], *row.links[start : stop - 1]]
    return sum(piece.length for piece in inside) + (LED_IN if start else 0.0)


def every_way(count: int) -> list[list[tuple[int, int]]]:
    breaks = chain.from_iterable(combinations(range(1, count), number) for number in range(count))
    return [[*pairwise((0, *each, count))] for each in breaks]


@given(st.lists(st.floats(20, 300), min_size=2, max_size=8), st.integers(1, 4))
def test_columns_are_the_most_even_of_all(lengths: list[float], count: int) -> None:
    row = row_of(lengths)
    limit = _limit(row, count)
    ways = [[length_of(row, *part) for part in way] for way in every_way(len(lengths))]
    shortest = min(max(way) for way in ways if len(way) <= count)
    assert limit == pytest.approx(
        max(shortest, *lengths), abs=25
    )  # items are led into: the first of a column stands lower
    chosen = [length_of(row, part.start, part.stop) for part in _evened(row, limit)]
    if max(chosen) <= limit + 0.01:
        best = min(sum((limit - each) ** 2 for each in way) for way in ways if max(way) <= limit + 0.01)
        assert sum((limit - each) ** 2 for each in chosen) == pytest.approx(best)


def columns(name: str, direction: str = "TB") -> list[int]:
    """How many boxes stand in each column, or row from left to right, of a network."""
    picture = draw_picture(cnndsl.load(f"zoo:{name}").graph)
    across = direction == "LR"
    layout = lay_out(picture, figure=parameters_text, across_page=across, page=PAGE[direction])
    starts = [place.x if across else place.y for place in layout.boxes.values()]
    turns = [number for number, (one, other) in enumerate(pairwise(starts), 1) if other < one]
    return [stop - start for start, stop in pairwise((0, *turns, len(starts)))]


def test_no_box_is_left_alone_in_the_last_column() -> None:
    assert columns("resnet50", "LR") == [3, 2, 2, 2, 2, 4]
    assert columns("lenet5", "LR") == [5, 5]


def test_as_many_columns_as_leave_the_letters_large() -> None:
    picture = draw_picture(cnndsl.load("zoo:regnet_y_400mf").graph)
    layout = lay_out(picture, figure=parameters_text, page=PAGE["TB"])
    assert layout.width < 950
    assert layout.height < 1150
