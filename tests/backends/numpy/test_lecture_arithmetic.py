"""Every worked number of the lectures that the operators of this version cover, on the NumPy kernels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.losses import evaluate_loss
from cnndsl.backends.numpy.network import NumpyNetwork
from cnndsl.ops import Operator, TensorType
from cnndsl.ops.activation import Elu, LeakyRelu, LogSoftmax, Relu, Sigmoid, Softmax, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense
from cnndsl.ops.pooling import AvgPool, MaxPool
from cnndsl.recipe import CrossEntropy
from tests.support.graphs import chain

FIVE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
CROSS = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
CENTRE = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


def compiled(shape: tuple[int, ...], *operators: Operator, **tensors: object) -> NumpyNetwork:
    """A network whose first layer has these tensors."""
    network = NumpyBackend().compile(chain(shape, *operators), dtype="float64")
    network.load_state({f"0.{name}": np.asarray(array, float) for name, array in tensors.items()})
    return network


def image(rows: object) -> np.ndarray:
    """A batch of one image of one channel."""
    return np.asarray(rows, float)[np.newaxis, np.newaxis]


def convolved(rows: list[list[int]], kernel: object, stride: int = 1) -> np.ndarray:
    conv = Conv(1, (3, 3), stride=(stride, stride), bias=False)
    return compiled(image(rows).shape[1:], conv, weight=image(kernel)).forward(image(rows))[0, 0]


def applied(operator: Operator, x: list[float]) -> np.ndarray:
    return compiled((len(x),), operator).forward(np.array([x], float))[0]


@pytest.mark.parametrize(
    ("size", "stride", "padding", "expected"),
    [(9, 1, 0, 7), (7, 1, 1, 7), (5, 2, 0, 2), (5, 2, 1, 3), (5, 1, 1, 5)],
)
def test_sizes_of_outputs(size: int, stride: int, padding: int, expected: int) -> None:
    conv = Conv(1, (3, 3), (stride, stride), ((padding, padding),) * 2)
    assert NumpyBackend().compile(chain((1, size, size), conv)).forward(np.zeros((1, 1, size, size))).shape[2:] == (
        expected,
        expected,
    )


@pytest.mark.parametrize(
    ("kernel", "stride", "expected"),
    [
        (CROSS, 1, [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
        (CENTRE, 1, [[1, 1, 1], [0, 1, 1], [0, 1, 1]]),
        (CENTRE, 2, [[1, 1], [0, 1]]),
    ],
)
def test_convolution_of_five_by_five(kernel: list[list[int]], stride: int, expected: list[list[int]]) -> None:
    assert np.array_equal(convolved(FIVE, kernel, stride), expected)


def test_filter_on_an_x_as_the_mean_of_products() -> None:
    place = np.arange(9)
    on_the_x = (place[:, None] == place) | (place[:, None] + place == 8)
    inside = (place > 0) & (place < 8)
    x = np.where(on_the_x & inside & inside[:, None], 1, -1)
    means = convolved(x, np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 9)
    cut = np.trunc(np.round(means * 100, 6)) / 100
    assert cut[0].tolist() == [0.77, -0.11, 0.11, 0.33, 0.55, -0.11, 0.33]
    assert np.diag(cut).tolist() == [0.77, 1.00, 1.00, 0.55, 1.00, 1.00, 0.77]


def test_three_channels_with_padding_and_bias() -> None:
    x = np.array([[[[156, 155], [153, 154]], [[167, 166], [164, 165]], [[163, 162], [160, 161]]]], float)
    kernels = np.array(
        [
            [[-1, -1, 1], [0, 1, -1], [0, 1, 1]],
            [[1, 0, 0], [1, -1, -1], [1, 0, -1]],
            [[0, 1, 1], [0, 1, 0], [1, -1, 1]],
        ]
    )
    one = ((1, 1), (1, 1))
    each = compiled((3, 2, 2), Conv(3, (3, 3), padding=one, groups=3, bias=False), weight=kernels[:, None])
    assert each.forward(x)[0, :, 0, 0].tolist() == [308, -498, 164]
    together = compiled((3, 2, 2), Conv(1, (3, 3), padding=one), weight=kernels[None], bias=[1])
    assert together.forward(x)[0, 0, 0, 0] == -25


@pytest.mark.parametrize(
    ("operator", "rows", "expected"),
    [
        (MaxPool((2, 2)), [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], [[6, 8], [3, 4]]),
        (AvgPool((2, 2)), [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], [[3.25, 5.25], [2, 2]]),
        (MaxPool((2, 2)), [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 5, 2, 3]], [[6, 8], [5, 3]]),
    ],
)
def test_pooling(operator: Operator, rows: list[list[int]], expected: list[list[float]]) -> None:
    assert np.array_equal(compiled((1, 4, 4), operator).forward(image(rows))[0, 0], expected)


def test_backward_through_max_pooling() -> None:
    rows = [[2, 3, 4, 3], [4, 3, 2, 0], [1, 0, 5, 7], [2, 3, 5, 6]]
    y, gradient, _ = compiled((1, 4, 4), MaxPool((2, 2))).differentiate(image(rows), np.ones((1, 1, 2, 2)))
    assert np.array_equal(y[0, 0], [[4, 4], [3, 7]])
    assert np.array_equal(gradient[0, 0], [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]])


def test_softmax_of_two_and_seven() -> None:
    assert np.round(applied(Softmax(), [2, 7]), 8).tolist() == [0.00669285, 0.99330715]
    assert np.allclose(np.exp(applied(LogSoftmax(), [2, 7])), applied(Softmax(), [2, 7]), rtol=0, atol=1e-14)


@pytest.mark.parametrize("label", [0, 1])
def test_cross_entropy_is_minus_the_logarithm_of_the_true_class(label: int) -> None:
    value, _ = evaluate_loss(CrossEntropy(), np.array([[2.0, 7.0]]), np.array([label]))
    assert round(math.exp(-value), 8) == [0.00669285, 0.99330715][label]


def test_label_smoothing_spreads_epsilon_over_all_classes() -> None:
    scores, epsilon = np.array([[2.0, 7.0, 1.0, 0.0]]), 0.2
    target = np.array([0.05, 0.85, 0.05, 0.05])
    assert target.sum() == pytest.approx(1)
    expected = -(target * applied(LogSoftmax(), scores[0].tolist())).sum()
    value, gradient = evaluate_loss(CrossEntropy(label_smoothing=epsilon), scores, np.array([1]))
    assert value == pytest.approx(expected, abs=1e-14)
    assert np.allclose(gradient[0], applied(Softmax(), scores[0].tolist()) - target, rtol=0, atol=1e-14)


def test_leaky_relu_has_a_slope_of_a_hundredth() -> None:
    assert applied(LeakyRelu(), [-2, 0, 3]).tolist() == [-0.02, 0, 3]


def test_elu_is_alpha_times_exponential_less_one() -> None:
    expected = [0.5 * (math.exp(-2) - 1), 0, 3]
    assert applied(Elu(alpha=0.5), [-2, 0, 3]) == pytest.approx(expected, abs=1e-14)


def test_tanh_is_two_sigmoids_less_one() -> None:
    x = np.linspace(-6, 6, 49)
    twice = applied(Sigmoid(), (2 * x).tolist())
    assert np.allclose(applied(Tanh(), x.tolist()), 2 * twice - 1, rtol=0, atol=1e-14)


def test_a_dying_relu_gives_nothing_and_learns_nothing() -> None:
    x = np.linspace(-1, 1, 21)[:, np.newaxis]
    before = compiled((1,), Dense(1), weight=[[-3]], bias=[-5]).forward(x)
    assert (before.min(), before.max()) == (-8, -2)
    dead = compiled((1,), Dense(1), Relu(), weight=[[-3]], bias=[-5])
    y, by_x, by_parameter = dead.differentiate(x, np.ones((21, 1)))
    assert not any(array.any() for array in (y, by_x, *by_parameter.values()))


@pytest.mark.parametrize(("kernels", "percent"), [([(1, 3), (3, 1)], 33), ([(2, 2), (2, 2)], 11)])
def test_factorised_filters_save_multiplications(kernels: list[tuple[int, int]], percent: int) -> None:
    x = TensorType((8, 12, 12))

    def multiplications(kernel: tuple[int, int]) -> int:
        return Conv(8, kernel, padding="same").resolve(x).macs(x, x)

    saved = 1 - sum(map(multiplications, kernels)) / multiplications((3, 3))
    assert round(100 * saved) == percent


@pytest.mark.parametrize(("layers", "extent"), [(2, 5), (3, 7)])
def test_stacked_filters_see_a_larger_window(layers: int, extent: int) -> None:
    network = NumpyBackend().compile(chain((1, 9, 9), *[Conv(1, (3, 3), padding="same")] * layers), dtype="float64")
    middle = np.zeros((1, 1, 9, 9))
    middle[0, 0, 4, 4] = 1
    seen = network.differentiate(np.ones((1, 1, 9, 9)), middle)[1][0, 0] != 0
    margin = (9 - extent) // 2
    expected = np.zeros((9, 9), bool)
    expected[margin : 9 - margin, margin : 9 - margin] = True
    assert np.array_equal(seen, expected)


@pytest.mark.parametrize(("padding", "extent"), [("same", 5), (((0, 0), (0, 0)), 3)])
def test_same_and_valid_padding(padding: object, extent: int) -> None:
    assert compiled_extent(Conv(1, (3, 3), padding=padding, bias=False)) == extent


def compiled_extent(conv: Conv) -> int:
    return compiled((1, 5, 5), conv, weight=image(CENTRE)).forward(image(FIVE)).shape[2]
