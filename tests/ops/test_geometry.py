"""The window formula against torch, refusals included: 10,000 random windows, each as a convolution and as both poolings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from cnndsl.ops import Operator, OperatorError, TensorType
from cnndsl.ops.convolution import Conv
from cnndsl.ops.geometry import WindowAxis, same_padding
from cnndsl.ops.pooling import AvgPool, MaxPool
from cnndsl.record import Record

CASES = 10_000


class Case(Record):
    """One window along the height of an image one pixel wide."""

    size: int
    kernel_size: int
    stride: int
    before: int
    after: int
    dilation: int
    ceil_mode: bool


def draw(random: Random) -> Case:
    """Mostly windows that fit, often just so, and a few hundred that do not."""
    kernel_size, dilation, stride = random.randint(1, 12), random.choice((1, 1, 2, 3, 4)), random.randint(1, 6)
    extent = dilation * (kernel_size - 1) + 1
    half = kernel_size // 2
    before = half + 1 if random.random() < 0.1 else random.randint(0, half)
    after = before if random.random() < 0.7 else random.randint(0, kernel_size)
    too_small = random.random() < 0.1
    size = random.randint(1, extent) if too_small else max(1, extent - 2 * before) + random.randint(0, 20)
    return Case(size, kernel_size, stride, before, after, dilation, random.random() < 0.5)


def our_height(operator: Operator, size: int) -> int | None:
    try:
        resolved = operator.resolve(TensorType((1, size, 1)))
        return resolved.infer(TensorType((1, size, 1))).shape[1]
    except OperatorError as error:
        return None if error.kind.code in ("E0301", "E0306") else -1


def torch_height(function: Callable[[Tensor], Tensor], case: Case) -> int | None:
    try:
        return function(torch.zeros(1, 1, case.size, 1)).shape[2]
    except RuntimeError:
        return None


def torch_conv(case: Case, x: Tensor) -> Tensor:
    padded = F.pad(x, (0, 0, case.before, case.after))
    return F.conv2d(padded, torch.zeros(1, 1, case.kernel_size, 1), None, (case.stride, 1), 0, (case.dilation, 1))


def check_conv(case: Case) -> None:
    padding = ((case.before, case.after), (0, 0))
    ours = Conv(1, (case.kernel_size, 1), (case.stride, 1), padding, (case.dilation, 1))
    expected = torch_height(partial(torch_conv, case), case)
    assert our_height(ours, case.size) == expected
    count = WindowAxis(case.kernel_size, case.stride, case.before, case.after, case.dilation).output(case.size)
    assert count == expected or (count < 1 and expected is None)


def check_max_pool(case: Case) -> None:
    height, even = (case.kernel_size, 1), ((case.before, case.before), (0, 0))
    ours = MaxPool(height, (case.stride, 1), even, (case.dilation, 1), case.ceil_mode)
    arguments = (height, (case.stride, 1), (case.before, 0), (case.dilation, 1), case.ceil_mode)
    assert our_height(ours, case.size) == torch_height(lambda x: F.max_pool2d(x, *arguments), case)


def check_avg_pool(case: Case) -> None:
    height, even = (case.kernel_size, 1), ((case.before, case.before), (0, 0))
    ours = AvgPool(height, (case.stride, 1), even, case.ceil_mode)
    arguments = (height, (case.stride, 1), (case.before, 0), case.ceil_mode)
    assert our_height(ours, case.size) == torch_height(lambda x: F.avg_pool2d(x, *arguments), case)


@pytest.mark.parametrize("check", [check_conv, check_max_pool, check_avg_pool])
def test_ten_thousand_windows_are_those_of_torch(check: Callable[[Case], None]) -> None:
    random = Random(20)
    for _ in range(CASES):
        check(draw(random))


def test_the_cases_are_of_all_sorts() -> None:
    random = Random(20)
    cases = [draw(random) for _ in range(CASES)]
    too_much = sum(case.before > case.kernel_size // 2 for case in cases)
    too_small = sum(case.size + 2 * case.before < case.dilation * (case.kernel_size - 1) + 1 for case in cases)
    assert min(too_much, too_small) > 400
    assert sum(case.ceil_mode for case in cases) > CASES / 3
    assert sum(case.before != case.after for case in cases) > CASES / 10


def test_same_padding_is_that_of_torch_at_stride_one_and_gives_ceil_of_size_over_stride() -> None:
    for size in range(1, 20):
        for kernel_size in range(1, 8):
            for dilation in (1, 2, 3):
                before, after = same_padding(size, kernel_size, 1, dilation)
                assert (before, after) == torch_same_padding(kernel_size, dilation)
                for stride in (1, 2, 3, 5):
                    padding = same_padding(size, kernel_size, stride, dilation)
                    assert WindowAxis(kernel_size, stride, *padding, dilation).output(size) == -(-size // stride)


def torch_same_padding(kernel_size: int, dilation: int) -> tuple[int, int]:
    module = torch.nn.Conv1d(1, 1, kernel_size, padding="same", dilation=dilation, device="meta")
    before, after = module._reversed_padding_repeated_twice
    return before, after
