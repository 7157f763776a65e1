"""Extents of many sizes at once, against computing with each size alone."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from cnndsl.ops.free_size import at_least
from cnndsl.solve.candidates import Field, Line, Plane
from cnndsl.solve.where import where, where_equal

SIZES = tuple(range(1, 8))


def product_of_both(h, w):
    return 3 * h * w


def sum_of_products(h, w):
    return (h + 2) * (w // 2) + h * 5 - w


def mixed(h, w):
    return (h - w) * 2 + (1 - h // 3) * w


def windows(h, w):
    return (h + 2 - 3) // 2 + 1


def pooled(h, w):
    return 7 - at_least((w - 4) % 3, 1)


def both_rounded(h, w):
    return (h * w) // 3 + h % (w + 1)


EXTENTS = st.sampled_from((product_of_both, sum_of_products, mixed, windows, pooled, both_rounded))
QUESTIONS = st.sampled_from(
    (
        lambda a, b: a < 5,
        lambda a, b: a >= 12,
        lambda a, b: a == 24,
        lambda a, b: a != b,
        lambda a, b: a <= b,
        lambda a, b: bool(a % 2),
        lambda a, b: (1, a) == (1, b),
        lambda a, b: a == "12" or int(a) > 3,
        lambda a, b: range(30)[a] == 4 if a in (4, 9) else a is None,
    )
)


def explored(question):
    """The answer for each size, from as many walks as it takes."""
    answers, aside = {}, [(SIZES, SIZES)]
    while aside:
        field = Field(aside.pop())
        answer = question(*field.lines())
        aside += field.aside
        for at in product(*field.box):
            assert at not in answers
            answers[at] = answer
    return answers


@settings(max_examples=200)
@given(EXTENTS, EXTENTS, QUESTIONS)
def test_every_size_gets_its_own_answer(left, right, question):
    def asked(h, w):
        return question(left(h, w), right(h, w))

    assert explored(asked) == {at: asked(*at) for at in product(SIZES, SIZES)}


@given(EXTENTS, st.integers(-5, 60))
def test_where_an_extent_has_a_value(extent, wanted):
    field = Field((SIZES, SIZES))
    height, width = field.lines()
    found = [at for box in where_equal(field, extent(height, width), wanted) for at in product(*box)]
    assert len(found) == len(set(found))
    assert set(found) == {at for at in product(*field.box) if extent(*at) == wanted}


@given(EXTENTS, EXTENTS)
def test_where_something_holds_of_two(left, right):
    field = Field((SIZES, SIZES))
    extents = left(*field.lines()), right(*field.lines()), 3
    found = [at for box in where(field, extents, lambda a, b, c: (a + b) % c == 0) for at in product(*box)]
    assert sorted(found) == [at for at in product(*field.box) if (left(*at) + right(*at)) % 3 == 0]


def test_bounds_and_words():
    field = Field((SIZES, SIZES))
    height, width = field.lines()
    flat = 2 * height * width
    assert isinstance(flat, Plane)
    assert isinstance(height * height, Line)
    assert flat.bounds([range(7), range(7)]) == (2, 98)
    assert (str(flat), str(height)) == ("2..98", "1..7")
    assert float(Field(((4,), SIZES)).lines()[0]) == 4.0
