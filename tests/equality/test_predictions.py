"""What the torch backend derives for predictions: the same numbers, of tensors that stay as they are."""

from __future__ import annotations

import operator

import numpy as np
import pytest
import torch

from cnndsl.api import check_text, load
from cnndsl.backends import find_backend
from cnndsl.backends.torch import folded, inference
from cnndsl.backends.torch.arrays import from_array, given_array
from cnndsl.backends.torch.compiled import has_onednn_graphs
from cnndsl.backends.torch.layout import training_format
from cnndsl.backends.torch.threads import usual_threads
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe import CrossEntropy, optimizers
from tests.equality.subjects import NETWORKS, digits, trained
from tests.support.networks import chain

SGD = optimizers.SGD(lr=0.1)

BRANCHES = """
network Branches {
    input 3x9x9
    conv 8 3x3 pad=1 bias=false | bn | relu
    residual { conv 8 1x1 | bn affine=false | silu | conv 8 3x3 pad=1 groups=4 | bn } | relu6
    concat {
        branch { conv 4 1x1 | sigmoid }
        branch { maxpool 3x3 stride=1 pad=1 | conv 4 3x3 pad=2 dilation=2 | bn | tanh }
    }
    bn
    shared: conv 6 3x3 stride=2 bias=false
    add {
        branch { bn }
        branch { bn | hard_swish }
    }
    dropout | flatten | dense 12 | bn | relu | reshape 3x4 | conv1d 5 3 | bn | global_maxpool | flatten
}
"""


SUMS = """
network Sums {
    input 3x9x9
    conv 8 3x3 pad=1 | relu
    residual { conv 8 3x3 pad=1 | bn } | relu
    residual { conv 8 3x3 pad=1 | relu6 | conv 8 1x1 | bn }
    residual { conv 8 1x1 | bn } shortcut { conv 8 1x1 | bn } | relu6
    concat {
        branch { residual { conv 8 1x1 } | relu }
        branch { conv 4 1x1 }
    }
    add { branch { conv 6 1x1 | tanh } | branch { conv 6 1x1 } | branch { conv 6 3x3 pad=1 | bn } }
    flatten | dense 5
}
"""
COMPILED = (
    *("convnext_tiny", "densenet121", "efficientnet_b0", "googlenet", "googlenet_2014", "inception_v3", "mobilenet_v2"),
    *("preact_resnet164", "regnet_y_400mf", "resnet50", "shufflenet_v2_x1_0", "squeezenet1_1", "text_cnn", "vgg16"),
)
RESPONSES = """
network Responses {
    input 6x9x9
    conv 8 3x3 pad=1 | relu | lrn 5 alpha=0.5 k=2 | maxpool 3x3 stride=2 | lrn 4 beta=0.5 average=true
    reshape 8x16 | lrn 3 k=1 | flatten | dense 5
}
"""
SPECS = {"branches": BRANCHES, "sums": SUMS, "responses": RESPONSES}


def branches():
    return check_text(BRANCHES).require_graph()


def networks(name: str, *, compiled: bool = False):
    """A network in float32 with running statistics that are not those of the start, and the same in float64."""
    graph = check_text(SPECS[name]).require_graph() if name in SPECS else NETWORKS[name]()
    backend, random = find_backend("torch"), np.random.default_rng(0)
    network, exact = backend.compile(graph, compiled=compiled), backend.compile(graph, dtype="float64")
    state = network.state()
    for key, array in state.items():
        if key.endswith("running_var"):
            state[key] = random.uniform(0.5, 2, array.shape).astype(np.float32)
        elif key.endswith("running_mean"):
            state[key] = random.normal(0, 0.5, array.shape).astype(np.float32)
    network.load_state(state)
    exact.load_state(state)
    return network, exact


def batch(network, count: int = 3) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((count, *network.graph.input.type.shape), np.float32)


def near(found: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.abs(found - expected).max() < 2e-6 * np.abs(expected).max())


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", [*SPECS, "normalised", "modern", "lenet5", "mnist_cnn"])
def test_predictions_are_those_of_the_module(name, packed, monkeypatch):
    monkeypatch.setattr(inference, "can_pack", lambda device: packed and folded.can_pack(device))
    network, exact = networks(name)
    x = batch(network)
    before = network.state()
    assert near(network.forward(x), exact.forward(x))
    after = network.state()
    assert list(after) == list(before)
    assert all((after[key] == before[key]).all() for key in before)


@pytest.mark.skipif(not has_onednn_graphs(torch.device("cpu")), reason="this build of torch has no graphs of oneDNN")
@pytest.mark.parametrize("name", [*SPECS, *NETWORKS])
def test_compiled_predictions_are_those_of_the_module(name, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")  # which they need not
    network, exact = networks(name, compiled=True)
    fusing = torch.jit.onednn_fusion_enabled()
    for count in (3, 3, 2):  # kernels are made for three samples
        x = batch(network, count)
        assert near(network.forward(x), exact.forward(x))
    for each in (network, exact):
        each.load_state({key: array * 1.5 for key, array in each.state().items()})
    assert near(network.forward(x), exact.forward(x))
    assert torch.jit.onednn_fusion_enabled() == fusing


@pytest.mark.soak
@pytest.mark.parametrize("name", COMPILED)
def test_compiled_networks_of_the_zoo_are_their_modules(name):
    graph = load(f"zoo:{name}").graph
    compiled, exact = (find_backend("torch").compile(graph, dtype=d, compiled=True) for d in ("float32", "float64"))
    random, shape = np.random.default_rng(1), (2, *graph.input.type.shape)
    tokens = graph.input.type.dtype == "token"
    x = random.integers(0, 50, shape) if tokens else random.standard_normal(shape, np.float32)
    expected = exact.forward(x)
    assert np.abs(compiled.forward(x) - expected).max() < 1e-5 * np.abs(expected).max()


def test_what_is_derived_has_no_normalisation_left_after_a_convolution():
    network, _ = networks("branches")
    made = inference.derived(network.graph, network.module, inference.conv_kinds(network.device))
    kinds = [type(module).__name__ for module in made.modules()]
    norms = sum(isinstance(module, torch.nn.modules.batchnorm._BatchNorm) for module in made.modules())
    assert norms == 4  # of a concatenation, of a convolution that two read, and of a dense layer
    assert not {"Dropout", "KeyedDropout", "Conv2d", "Conv1d"} & set(kinds)


def test_folded_convolutions_are_called_directly_with_their_newest_tensors():
    network, _ = networks("sums")
    made = inference.derived(network.graph, network.module, inference.conv_kinds(network.device))
    convolutions = [each for each in made.modules() if isinstance(each, folded.FoldedConv)]
    direct = inference.called_directly(made)
    assert not [each for each in direct.__self__.modules() if isinstance(each, folded.FoldedConv)]
    x = from_array(batch(network))
    outputs = []
    for _ in range(2):
        with torch.no_grad():
            convolutions[0].sources[0].weight.mul_(2)
            for each in convolutions:
                each.refresh()
            outputs.append(direct(x.clone()))
            torch.testing.assert_close(outputs[-1], made(x.clone()), rtol=0, atol=0)
    assert not torch.allclose(*outputs)


def test_a_sum_overwrites_what_is_read_for_the_last_time():
    network, _ = networks("sums")
    made = inference.derived(network.graph, network.module, inference.conv_kinds(network.device))
    sums = [step for step in made.graph.nodes if step.op == "call_module" and len(step.args) == 2]
    left = [step for step in made.graph.nodes if step.target in (operator.add, operator.iadd)]
    if folded.can_pack(network.device):
        assert (len(sums), len(left)) == (3, 3)  # two would overwrite what they read, and one what no convolution made


def test_predictions_follow_the_tensors():
    network, exact = networks("branches")
    x = batch(network)
    first = network.forward(x)
    labels = np.arange(3)
    for each in (network, exact):
        each.trainer(CrossEntropy(), SGD).step(x, labels, learning_rate=0.1, step=0)
    second = network.forward(x)
    assert not near(second, first)
    assert near(second, exact.forward(x))
    with torch.no_grad():
        network.module.get_parameter("shared.weight").mul_(2)
        exact.module.get_parameter("shared.weight").mul_(2)
    assert not near(network.forward(x), second)
    assert near(network.forward(x), exact.forward(x))


def test_what_is_not_a_number_comes_out():
    network, _ = networks("branches")
    x = batch(network)
    x[1, 0, 4, 4] = np.nan
    assert np.isnan(network.forward(x)).any(axis=1).tolist() == [False, True, False]
    x[1, 0, 4, 4] = 0
    assert np.isfinite(network.forward(x)).all()
    state = network.state()
    state["shared.weight"][:] = np.nan
    network.load_state(state)
    assert np.isnan(network.forward(x)).all()


def test_nothing_is_copied_between_numpy_and_torch():
    x = np.zeros((2, 3), np.float32)
    assert np.shares_memory(from_array(x).numpy(), x)
    y = torch.zeros(2, 3)
    assert np.shares_memory(given_array(y, torch.zeros(1)), y.numpy())


def test_an_output_is_never_the_input():
    network = find_backend("torch").compile(chain("Same", (2, 3), [Flatten()]))
    x = np.zeros((2, 2, 3), np.float32)
    assert not np.shares_memory(network.forward(x), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_threads_are_held_and_given_back(dtype):
    network = find_backend("torch").compile(chain("Wide", (4,), [("first", Dense(3))]), dtype=dtype, threads=3)
    seen = []
    network.module.first.register_forward_hook(lambda *event: seen.append(torch.get_num_threads()))
    before = torch.get_num_threads()
    network.forward(np.zeros((1, 4), dtype))
    network.trainer(CrossEntropy(), SGD).step(np.zeros((1, 4), dtype), np.zeros(1, int), learning_rate=0.1, step=0)
    assert seen == [3, 3]
    assert torch.get_num_threads() == before


def test_small_networks_take_one_thread_by_themselves():
    assert usual_threads(NETWORKS["lenet5"]()) == 1
    assert usual_threads(load("zoo:vgg16").graph) == torch.get_num_threads()


def test_the_layout_of_training_depends_on_how_much_flows_through_the_weights():
    graph = load("zoo:resnet20").graph
    assert training_format(graph, 32) is torch.channels_last
    wide = check_text("network W { input 64x4x4\n conv 256 3x3 | flatten | dense 2 }").require_graph()
    assert training_format(wide, 1) is torch.contiguous_format
    assert training_format(wide, 200) is torch.channels_last


def test_the_layout_changes_no_result(monkeypatch):
    losses = {}
    for wanted in (torch.channels_last, torch.contiguous_format):
        monkeypatch.setattr("cnndsl.backends.torch.descent.training_format", lambda graph, batch, own=wanted: own)
        network = find_backend("torch").compile(NETWORKS["lenet_with_relu"](), seed=3)
        losses[wanted] = trained(network, 5)
        assert network.module.get_parameter("3.weight").is_contiguous(memory_format=wanted)
    np.testing.assert_allclose(*losses.values(), rtol=1e-4)


@pytest.mark.soak
@pytest.mark.filterwarnings(
    "ignore:.torch.jit.script_method. is deprecated:DeprecationWarning"
)  # which torch.compile calls
def test_compiled_predictions_and_steps_are_the_same():
    graph = NETWORKS["lenet_with_relu"]()
    plain, compiled = (find_backend("torch").compile(graph, seed=3, compiled=made) for made in (False, True))
    x = digits((1, 32, 32)).held_out.batch(slice(6))
    for count in (4, 6, 4):
        assert near(compiled.forward(x[:count]), plain.forward(x[:count]))
    np.testing.assert_allclose(trained(compiled, 5), trained(plain, 5), rtol=1e-4)
    assert near(compiled.forward(x), plain.forward(x))


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", SPECS)
def test_without_graphs_of_onednn_inductor_compiles_predictions(name, monkeypatch):
    monkeypatch.setattr(inference, "has_onednn_graphs", lambda device: False)
    network, exact = networks(name, compiled=True)
    x = batch(network)
    for _ in range(2):
        assert near(network.forward(x), exact.forward(x))


def test_numpy_compiles_nothing():
    with pytest.raises(DiagnosticError, match="E0433"):
        find_backend("numpy").compile(chain("One", (4,), [Dense(3)]), compiled=True)


def test_without_a_compiler_compiling_is_refused(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(DiagnosticError, match="E0006") as caught:
        load("zoo:lenet5").train(backend="torch", compiled=True, epochs=1)
    assert "no-such-compiler" in str(caught.value)
