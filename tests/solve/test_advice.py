"""What to change of a layer, against trying every value of every attribute."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnndsl.ops import OperatorError, TensorType
from cnndsl.ops.activation import Relu
from cnndsl.ops.convolution import Conv
from cnndsl.ops.convolution_kinds import ConvTranspose, Depthwise
from cnndsl.ops.lines import Conv1d, MaxPool1d
from cnndsl.ops.pooling import AvgPool, MaxPool
from cnndsl.ops.pooling_kinds import LpPool
from cnndsl.solve.advice import sizes_giving

TRIED = 30
PAIRS = {"kernel_size", "stride", "dilation", "output_padding"}


def height(operator, size):
    """The height of the output for an input of this height, or None."""
    x = TensorType((4, size, 9))
    try:
        return operator.resolve(x).infer(x).shape[1]
    except OperatorError:
        return None


def changed(operator, name, value):
    """The operator with another value along the height, and its own along the width."""
    own = getattr(operator, name)
    if isinstance(own, str):
        own = ((0, 0), (0, 0))
    return operator.replace(**{name: (value, own[1] if own is not None else 1)})


def tried(operator, name, size, wanted):
    if name == "input":
        return {value for value in range(1, 60) if height(operator, value) == wanted}
    if name == "padding" and not isinstance(operator, ConvTranspose):
        values = [(total // 2, total - total // 2) for total in range(2 * TRIED)]
    else:
        values = range(0 if "padding" in name else 1, TRIED)
    if name == "stride" and not isinstance(operator, ConvTranspose):  # a larger one does what the largest here does
        values = range(1, size + sum(operator.resolve(TensorType((4, size, 9))).window().padding[0]) + 1)
    if name == "kernel_size" and operator.stride is None:  # so does a larger window, which ceil_mode alone lets in
        values = range(1, size + sum(operator.resolve(TensorType((4, size, 9))).window().padding[0]) + 1)
    if name == "dilation" and operator.kernel_size[0] == 1:
        values = (1,)  # there are no gaps
    if name in ("kernel_size", "dilation") and getattr(operator, "padding", None) == "same":
        values = (getattr(operator, name)[0],)  # nothing changes with them
    return {value for value in values if height(changed(operator, name, value), size) == wanted}


def operators():
    pair = st.tuples(st.integers(1, 4), st.just(1))
    padding = st.sampled_from((((0, 0), (0, 0)), ((1, 1), (0, 0)), "same"))
    return st.one_of(
        st.builds(Conv, st.just(2), pair, pair, padding, pair),
        st.builds(Depthwise, pair, pair, padding, pair),
        st.builds(lambda k, s, p, c: MaxPool(k, s, p, ceil_mode=c), pair, st.none() | pair, padding, st.booleans()),
        st.builds(AvgPool, pair, st.none() | pair, padding, st.booleans()),
        st.builds(lambda kernel, stride: LpPool(kernel, stride=stride), pair, st.none() | pair),
        st.builds(
            lambda kernel, stride, crop: ConvTranspose(2, kernel, stride, (crop, 0)), pair, pair, st.integers(0, 2)
        ),
    )


@settings(max_examples=120, derandomize=True)
@given(operators(), st.integers(1, 14), st.integers(1, 9))
def test_every_value_is_found_and_no_other(operator, size, wanted):
    width = operator.resolve(TensorType((4, size, 9)))
    try:
        width = width.infer(TensorType((4, 20, 9))).shape[2]
    except OperatorError:
        return
    found = {}
    for advice in sizes_giving(operator, TensorType((4, size, 9)), (wanted, width)):
        found[advice.attribute] = {choice.value for choice in advice.axes[0]}
    for name in ("input", *(name for name in operator.attributes() if name in PAIRS | {"padding"})):
        expected = tried(operator, name, size, wanted)
        given_ = found.get(name, set())
        if isinstance(operator, ConvTranspose):  # steps between rows that are not there may be of any size
            expected = {value for value in expected if value <= wanted + 2 * operator.padding[0] + 1}
        assert given_ >= expected, name
        for value in given_:
            result = height(operator, value) if name == "input" else height(changed(operator, name, value), size)
            assert result == wanted, (name, value)


def test_alexnet():
    """224 rows, a kernel of 11 and a stride of 4: 55 needs 227 rows, or 1 before and 2 behind; torchvision pads 2."""
    found = {
        a.attribute: a.axes[0] for a in sizes_giving(Conv(64, (11, 11), (4, 4)), TensorType((3, 224, 224)), (55, 55))
    }
    assert [(choice.value, choice.unused) for choice in found["input"]] == [(227, 0), (228, 1), (229, 2), (230, 3)]
    assert (found["padding"][0].value, found["padding"][0].unused) == ((1, 2), 0)
    assert (found["padding"][1].value, found["padding"][1].unused) == ((2, 2), 1)
    assert "stride" not in found
    layer = torch.nn.Conv2d(3, 1, 11, 4, 2)
    assert layer(torch.zeros(1, 3, 224, 224)).shape[-2:] == (55, 55)


def test_unused_rows_have_no_influence():
    """The padded rows that are called unused are those that no output of torch changes with."""
    for kernel, stride, before, after in product((1, 2, 3), (1, 2, 3), (0, 1), (0, 1)):
        operator = Conv(1, (kernel, kernel), (stride, stride), ((before, after), (before, after)))
        x = TensorType((1, 8, 8))
        if height(operator, 8) is None:
            continue
        wanted = operator.infer(x).shape[1:]
        (choices,) = {advice.axes[0] for advice in sizes_giving(operator, x, wanted) if advice.attribute == "input"}
        unused = next(choice.unused for choice in choices if choice.value == 8)
        padded = torch.zeros(1, 1, 8 + before + after, 8, requires_grad=True)
        weight = torch.ones(1, 1, kernel, kernel)
        torch.nn.functional.conv2d(padded, weight, stride=stride).sum().backward()
        rows = padded.grad.abs().sum((0, 1, 3)) > 0
        assert len(rows) - 1 - int(rows.nonzero().max()) == unused


def test_padding_of_pooling_is_at_most_half_its_window():
    advice = sizes_giving(MaxPool((2, 2)), TensorType((3, 9, 9)), (64, 64))
    assert [each.attribute for each in advice] == ["input"]


def test_lines():
    found = {a.attribute: a.axes for a in sizes_giving(Conv1d(4, (3,)), TensorType((3, 9)), (9,))}
    assert [choice.value for choice in found["input"][0]] == [11]
    assert [choice.value for choice in found["padding"][0]] == [(1, 1)]
    (found,) = (a for a in sizes_giving(MaxPool1d((2,)), TensorType((3, 9)), (3,)) if a.attribute == "kernel_size")
    assert [choice.value for choice in found.axes[0]] == [3]


def test_an_axis_that_is_right_keeps_its_value():
    found = {a.attribute: a.axes for a in sizes_giving(Conv(2, (3, 3)), TensorType((1, 9, 9)), (7, 9))}
    assert found["padding"][0][0].value == (0, 0)
    assert found["padding"][1][0].value == (1, 1)


def test_what_has_no_window():
    with pytest.raises(ValueError, match="relu"):
        sizes_giving(Relu(), TensorType((3, 9, 9)), (9, 9))
    with pytest.raises(ValueError, match="conv"):
        sizes_giving(Conv(2, (3, 3)), TensorType((3, 9, 9)), (9,))
