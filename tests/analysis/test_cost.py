"""Costs against the figures that papers, lectures and other tools state."""

from __future__ import annotations

from cnndsl.analysis.cost import network_cost
from cnndsl.ops.linear import Dense
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import MaxPool
from tests.support.networks import cats_and_dogs_lenet, chain, conv, lenet5, mnist_cnn, mnist_dense

MIB = 2**20


def parameters(graph):
    return [layer.parameters for layer in network_cost(graph).layers if layer.parameters]


def test_lenet5():
    cost = network_cost(lenet5())
    assert cost.parameters == 61_706
    assert cost.macs == 416_520  # fvcore 0.1.5 counts the same
    assert parameters(lenet5()) == [156, 2_416, 48_120, 10_164, 850]
    assert [layer.macs for layer in cost.layers if layer.macs] == [117_600, 240_000, 48_000, 10_080, 840]


def test_mnist_dense():
    assert parameters(mnist_dense()) == [401_920, 5_130]
    assert network_cost(mnist_dense()).parameters == 407_050


def test_mnist_cnn():
    assert parameters(mnist_cnn()) == [320, 18_496, 36_928, 36_928, 650]
    assert network_cost(mnist_cnn()).parameters == 93_322
    share = network_cost(mnist_cnn()).parameters / network_cost(mnist_dense()).parameters
    assert round(100 * share) == 23


def test_cats_and_dogs_lenet_is_what_torchsummary_prints():
    cost = network_cost(cats_and_dogs_lenet())
    assert parameters(cats_and_dogs_lenet()) == [1_216, 12_832, 46_023_168, 1_026]
    assert cost.parameters == 46_038_242
    assert cost.activation_bytes == 4 * 2_551_908
    assert round(cost.training_activation_bytes / MIB, 2) == 19.47
    assert round(cost.parameter_bytes / MIB, 2) == 175.62
    assert round(cost.input_bytes / MIB, 2) == 0.57


def test_alexnet_of_two_columns():
    """Krizhevsky et al. 2012, with groups: 60,965,224 parameters."""
    pool = MaxPool((3, 3), (2, 2))
    features = [
        conv(96, 11, stride=(4, 4)),
        pool,
        conv(256, 5, padding="same", groups=2),
        pool,
        conv(384, 3, padding="same"),
        conv(384, 3, padding="same", groups=2),
        conv(256, 3, padding="same", groups=2),
        pool,
    ]
    graph = chain("features", (3, 227, 227), features)
    assert graph.output.type.shape == (256, 6, 6)
    head = chain("head", (256 * 6 * 6,), [Dense(4096), Dense(4096), Dense(1000)])
    assert network_cost(graph).parameters + network_cost(head).parameters == 60_965_224
    # two halves of the channels: a filter of the second layer reads 48 of 96, so 27*27 * 256 * 48 * 5*5
    assert network_cost(graph).layers[2].macs == 27 * 27 * 256 * 48 * 25


def test_batch_norm_counts_its_running_statistics_apart():
    (layer,) = network_cost(chain("n", (64, 4, 4), [BatchNorm()])).layers
    assert (layer.parameters, layer.buffers, layer.macs) == (128, 129, 0)


def test_sums_are_those_of_the_layers():
    cost = network_cost(chain("n", (3, 16, 16), [conv(8, 3), BatchNorm(), MaxPool((2, 2)), conv(4, 3)]))
    for name in ("parameters", "buffers", "macs", "activation_bytes"):
        assert getattr(cost, name) == sum(getattr(layer, name) for layer in cost.layers) > 0
    assert (cost.parameters, cost.macs) == (cost.graph.parameter_count, cost.graph.macs)


def test_a_network_without_layers_costs_nothing():
    cost = network_cost(chain("n", (3, 4, 4), []))
    assert (cost.parameters, cost.macs, cost.activation_bytes, cost.input_bytes) == (0, 0, 0, 192)
