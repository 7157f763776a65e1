"""The window formula backwards, against trying every number."""

from itertools import product

import pytest

from cnndsl.ops.geometry import dilated, window_output
from cnndsl.ops.inverse import (
    dilations_giving,
    inputs_giving,
    kernel_sizes_giving,
    lost_extent,
    paddings_giving,
    strides_giving,
)

PADDINGS = ((0, 0), (1, 1), (0, 2), (2, 1))


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_inputs(ceil_mode):
    for kernel, stride, (before, after), dilation in product(range(1, 6), range(1, 5), PADDINGS, range(1, 4)):
        rest = (kernel, stride, before, after, dilation, ceil_mode)
        for output in range(1, 8):
            tried = [size for size in range(1, 60) if window_output(size, *rest) == output]
            assert list(inputs_giving(output, *rest)) == tried


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_kernel_sizes_strides_and_dilations(ceil_mode):
    for size, each, (before, after), other, output in product(
        range(1, 14), range(1, 5), PADDINGS, range(1, 4), range(1, 7)
    ):
        rest = (before, after, other, ceil_mode)
        kernels = [kernel for kernel in range(1, 40) if window_output(size, kernel, each, *rest) == output]
        assert list(kernel_sizes_giving(output, size, each, *rest)) == kernels
        padded = size + before + after
        strides = [
            stride
            for stride in range(1, padded + 1)
            if padded >= dilated(each, other) and window_output(size, each, stride, *rest) == output
        ]
        assert list(strides_giving(output, size, each, *rest)) == strides
        dilations = [
            dilation
            for dilation in range(1, 40 if each > 1 else 2)
            if window_output(size, each, other, before, after, dilation, ceil_mode) == output
        ]
        assert list(dilations_giving(output, size, each, other, before, after, ceil_mode)) == dilations


def test_paddings():
    for size, kernel, stride, dilation, output in product(
        range(1, 14), range(1, 5), range(1, 5), range(1, 4), range(1, 7)
    ):
        tried = [total for total in range(60) if window_output(size, kernel, stride, total, 0, dilation) == output]
        assert list(paddings_giving(output, size, kernel, stride, dilation)) == tried


def test_lost_rows_are_those_that_no_window_reaches():
    for size, kernel, stride, (before, after), dilation in product(
        range(1, 14), range(1, 5), range(1, 5), PADDINGS, range(1, 3)
    ):
        count = window_output(size, kernel, stride, before, after, dilation)
        if count < 1:
            continue
        last = (count - 1) * stride + dilation * (kernel - 1) - before
        assert lost_extent(size, kernel, stride, before, after, dilation) == max(0, size - 1 - last)


def test_alexnet():
    """224 with a kernel of 11 and a stride of 4 needs an input of 227 to 230, or 3 to 6 of padding, for 55."""
    assert inputs_giving(55, 11, 4) == range(227, 231)
    assert paddings_giving(55, 224, 11, 4) == range(3, 7)
    assert lost_extent(224, 11, 4) == 1
    assert lost_extent(227, 11, 4) == 0
