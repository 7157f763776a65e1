"""Free extents compute what whole numbers compute, and are equal when they are equal for every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnndsl.ops.free_size import FreeSize, Undecided, is_free

STEPS = st.lists(st.tuples(st.sampled_from("+-/*"), st.integers(1, 7)), max_size=7)


def apply(value, steps):
    for operator, number in steps:
        if operator == "+":
            value = value + number
        elif operator == "-":
            value = value - number
        elif operator == "*":
            value = value * number
        else:
            value = value // number
    return value


def windows(steps):
    return [(operator, number) for operator, number in steps if operator != "*"]


@given(STEPS, st.integers(1, 5000))
def test_the_normal_form_is_the_number(steps, size) -> None:
    extent = apply(FreeSize(), windows(steps))
    assert (extent.factor * size + extent.offset) // extent.divisor + extent.constant == apply(size, windows(steps))


FEW = st.lists(st.tuples(st.sampled_from("+-/"), st.integers(1, 6)), max_size=3)


@given(FEW, FEW)
def test_equal_forms_are_equal_numbers_and_unequal_ones_differ_somewhere(left, right) -> None:
    equal = apply(FreeSize(), left) == apply(FreeSize(), right)
    assert equal == all(apply(size, left) == apply(size, right) for size in range(1, 500))


def test_two_ways_to_halve() -> None:
    window = (FreeSize() + 2 * 1 - 3) // 2 + 1
    projection = (FreeSize() - 1) // 2 + 1
    assert window == projection
    assert str(projection) == "floor((? + 1)/2)"


@pytest.mark.parametrize("question", [lambda e: e < 3, range, bool, lambda e: e % 2, float])
def test_what_depends_on_the_size_is_undecided(question) -> None:
    with pytest.raises(Undecided):
        question(FreeSize() // 2)


def test_a_shape_is_free_if_an_extent_is() -> None:
    assert is_free((3, FreeSize(), 4))
    assert not is_free((3, 5, 4))
