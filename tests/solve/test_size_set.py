"""Sets of sizes against sets of pairs, and their forms against what they stand for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnndsl.solve.size_set import SizeSet, mask_of, pattern_of, progressions, sizes_in

MOST = 60
SIZES = st.lists(st.integers(1, 9), min_size=1, unique=True).map(tuple)
BOXES = st.lists(st.tuples(SIZES, SIZES), max_size=5)


def pairs(boxes):
    return {(row, column) for rows, columns in boxes for row in rows for column in columns}


def members(sizes):
    return {(row, column) for row in range(12) for column in range(12) if (row, column) in sizes}


@given(BOXES, BOXES)
def test_two_axes(left, right):
    first, second = SizeSet.of(2, left), SizeSet.of(2, right)
    assert members(first) == pairs(left)
    assert len(first) == len(pairs(left))
    assert members(first & second) == pairs(left) & pairs(right)
    assert members(SizeSet.union(2, (first, second))) == pairs(left) | pairs(right)
    assert (first == second) == (pairs(left) == pairs(right))


@given(BOXES.filter(bool), st.integers(1, 9), st.integers(1, 9))
def test_the_smallest_and_the_nearest(boxes, row, column):
    sizes = SizeSet.of(2, boxes)
    known = pairs(boxes)
    height, width = sizes.smallest()
    assert (height, width) in known
    assert height * width == min(a * b for a, b in known)
    height, width = sizes.nearest((row, column))
    assert (height, width) in known
    assert abs(height - row) + abs(width - column) == min(abs(a - row) + abs(b - column) for a, b in known)


@given(st.lists(SIZES, max_size=4))
def test_one_axis(lists):
    sizes = SizeSet.of(1, [(each,) for each in lists])
    known = {size for each in lists for size in each}
    assert {size for size in range(12) if (size,) in sizes} == known
    assert len(sizes) == len(known)
    if known:
        assert sizes.smallest() == (min(known),)


def periodic(start, period, inside):
    return {size for size in range(start, MOST + 1) if (size - start) % period in inside}


SETS = st.one_of(
    st.sets(st.integers(1, MOST)),
    st.builds(periodic, st.integers(1, 20), st.integers(1, 15), st.sets(st.integers(0, 14))),
    st.builds(
        lambda few, rest: few | rest,
        st.sets(st.integers(1, 12), max_size=3),
        st.builds(periodic, st.integers(12, 20), st.integers(1, 9), st.sets(st.integers(0, 8))),
    ),
)


@given(SETS)
def test_forms_are_exact(sizes):
    mask = mask_of(sizes)
    assert sizes_in(mask) == sorted(sizes)
    listed = [size for first, last, step in progressions(mask, MOST) for size in range(first, last + 1, step)]
    assert sorted(listed) == sorted(sizes)
    assert all((last - first) % step == 0 for first, last, step in progressions(mask, MOST))


def test_what_repeats_is_seen():
    pattern = pattern_of(mask_of(periodic(7, 8, {0, 1, 4})), MOST)
    assert pattern.stretches == ()
    assert pattern.repeated == ((7, 8), (11, 11))
    assert pattern.period == 8
    assert pattern_of(mask_of((3, *range(20, MOST + 1, 5))), MOST).repeated == ((20, 20),)
