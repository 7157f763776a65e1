"""The live module of the torch backend: an honest one, deterministic, on devices that are there."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.backends.torch.devices import weight_format
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ops.activation import Relu
from cnndsl.ops.linear import Dense
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import CrossEntropy
from tests.equality.subjects import compiled, digits, trained
from tests.support.networks import chain


def test_two_trainings_give_the_same_bytes():
    states = []
    for _ in range(2):
        network = compiled("torch", "normalised", "float32")
        torch.rand(1)  # the random state of the process has no say
        losses = trained(network, 10)
        states.append(b"".join([losses.tobytes(), *(array.tobytes() for array in network.state().values())]))
    assert states[0] == states[1]


def test_compiling_and_training_leave_the_random_state_alone():
    before = torch.random.get_rng_state()
    trained(compiled("torch", "normalised", "float32"), 2)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_modules_stand_under_their_paths():
    module = compiled("torch", "normalised", "float32").module
    assert isinstance(module.features.get_submodule("0"), torch.nn.Conv2d)
    assert isinstance(module.head.get_submodule("5"), torch.nn.Linear)


@pytest.mark.parametrize("path", ["train", "forward", "half", "input", "output", "parameters.to", "training.modules"])
def test_layers_may_be_called_as_the_methods_of_a_module_are(path):
    graph = chain("Names", (4,), [(path, Dense(3)), Relu()])
    network = find_backend("torch").compile(graph, dtype="float64")
    assert set(network.module.state_dict()) == {f"{path}.weight", f"{path}.bias"}
    x = np.ones((2, 4))
    loss, gradients = network.loss_and_gradients(x, np.array([0, 2]), CrossEntropy())
    assert np.isfinite(loss)
    assert list(gradients) == [f"{path}.weight", f"{path}.bias"]
    expected = find_backend("numpy").compile(graph, dtype="float64").forward(x)
    np.testing.assert_allclose(network.forward(x), expected, rtol=1e-12)


def test_the_module_is_an_ordinary_one():
    network = compiled("torch", "lenet5", "float64")
    images = digits((1, 32, 32)).held_out.batch(slice(4))
    twin = copy.deepcopy(network.module).eval()
    with torch.no_grad():
        found = twin(torch.from_numpy(images).double()).numpy()
    assert (found == network.forward(images)).all()
    assert twin.load_state_dict(network.module.state_dict()).missing_keys == []


def test_weights_of_convolutions_have_their_channels_last_where_that_is_fast():
    assert weight_format(torch.device("cpu"), torch.float32) is torch.channels_last
    weights = {dtype: compiled("torch", "mnist_cnn", dtype).module.state_dict() for dtype in ("float32", "float64")}
    assert weights["float32"]["3.weight"].is_contiguous(memory_format=torch.channels_last)
    assert weights["float64"]["3.weight"].is_contiguous()
    assert compiled("torch", "mnist_cnn", "float32").state()["3.weight"].flags.c_contiguous


def test_arrays_of_any_layout_are_taken():
    network = compiled("torch", "small", "float32")
    images = digits((1, 8, 8)).held_out.batch(slice(6))
    expected = network.forward(images)
    still = images.copy()
    still.flags.writeable = False
    for same in (still, np.asfortranarray(images), images.astype(np.float64), images[::-1][::-1]):
        assert (network.forward(same) == expected).all()


@pytest.mark.parametrize("name", ["cuda:99", "mps:7", "meta", "tpu", ""])
def test_a_device_that_is_not_there_is_refused(name):
    with pytest.raises(DiagnosticError, match="E0432") as caught:
        find_backend("torch").compile(chain("One", (4,), [Dense(3)]), device=name)
    assert "cpu" in str(caught.value)


def test_an_unknown_dtype_is_refused():
    with pytest.raises(ValueError, match="float16"):
        find_backend("torch").compile(chain("One", (4,), [Dense(3)]), dtype="float16")


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_bad_batches_are_refused(backend):
    network = find_backend(backend).compile(chain("Two", (4,), [("hidden", Dense(3)), ("norm", BatchNorm())]))
    loss, x = CrossEntropy(), np.ones((2, 4), np.float32)
    with pytest.raises(DiagnosticError, match="E0413"):
        network.forward(np.ones((2, 5), np.float32))
    for labels in ([0], [0, 3], [-1, 0]):
        with pytest.raises(DiagnosticError, match="E0413"):
            network.loss_and_gradients(x, np.array(labels), loss)
    with pytest.raises(DiagnosticError, match="E0413") as caught:
        network.loss_and_gradients(x[:1], np.array([0]), loss)
    assert "variance" in str(caught.value)
