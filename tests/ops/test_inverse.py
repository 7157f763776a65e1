"""The window formula backwards, against trying every number."""

from itertools import product

import pytest

from cnndsl.ops.geometry import WindowAxis
from cnndsl.ops.inverse import dilations_giving, inputs_giving, kernel_sizes_giving, paddings_giving, strides_giving

PADDINGS = ((0, 0), (1, 1), (0, 2), (2, 1))


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_inputs(ceil_mode):
    for kernel, stride, padding, dilation in product(range(1, 6), range(1, 5), PADDINGS, range(1, 4)):
        window = WindowAxis(kernel, stride, *padding, dilation, ceil_mode)
        for output in range(1, 8):
            tried = [size for size in range(1, 60) if window.output(size) == output]
            assert list(inputs_giving(window, output)) == tried


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_kernel_sizes_strides_and_dilations(ceil_mode):
    for size, one, padding, other, output in product(range(1, 14), range(1, 5), PADDINGS, range(1, 4), range(1, 7)):
        window = WindowAxis(one, one, *padding, other, ceil_mode)

        def giving(name, tried, window=window, size=size, output=output):
            return [each for each in tried if window.replace(**{name: each}).output(size) == output]

        assert list(kernel_sizes_giving(window, output, size)) == giving("kernel_size", range(1, 40))
        padded = size + sum(padding)
        strides = giving("stride", range(1, padded + 1)) if padded >= window.extent else []
        assert list(strides_giving(window, output, size)) == strides
        window = window.replace(stride=other)
        dilations = giving("dilation", range(1, 40 if one > 1 else 2), window)
        assert list(dilations_giving(window, output, size)) == dilations


def test_paddings():
    for size, kernel, stride, dilation, output in product(
        range(1, 14), range(1, 5), range(1, 5), range(1, 4), range(1, 7)
    ):
        window = WindowAxis(kernel, stride, dilation=dilation)
        tried = [total for total in range(60) if window.replace(before=total).output(size) == output]
        assert list(paddings_giving(window, output, size)) == tried


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_lost_and_unused_rows_are_those_that_no_window_reaches(ceil_mode):
    for size, kernel, stride, (before, after), dilation in product(
        range(1, 14), range(1, 5), range(1, 5), PADDINGS, range(1, 3)
    ):
        window = WindowAxis(kernel, stride, before, after, dilation, ceil_mode)
        count = window.output(size)
        if count < 1:
            continue
        last = (count - 1) * stride + dilation * (kernel - 1) - before
        assert window.lost(size) == sum(row > last for row in range(size))
        assert window.unused(size) == sum(row > last for row in range(-before, size + after))


def test_alexnet():
    """224 with a kernel of 11 and a stride of 4 needs an input of 227 to 230, or 3 to 6 of padding, for 55."""
    window = WindowAxis(11, 4)
    assert inputs_giving(window, 55) == range(227, 231)
    assert paddings_giving(window, 55, 224) == range(3, 7)
    assert window.lost(224) == 1
    assert window.lost(227) == 0
