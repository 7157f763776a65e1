"""States move between backends: the same names, the same bytes at the start, the same predictions afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from tests.equality.subjects import ADAM, BATCH, NETWORKS, compiled, digits, trained

BACKENDS = ("numpy", "torch")


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_both_backends_start_from_the_same_bytes(name, dtype):
    numpy_state, torch_state = (compiled(backend, name, dtype).state() for backend in BACKENDS)
    assert list(numpy_state) == list(torch_state)
    for key, array in numpy_state.items():
        assert array.dtype == torch_state[key].dtype == (np.int64 if key.endswith("tracked") else dtype)
        assert array.tobytes() == torch_state[key].tobytes(), key


@pytest.mark.parametrize("name", NETWORKS)
def test_the_tensors_of_the_module_are_those_of_the_graph(name):
    network = compiled("torch", name, "float32")
    graph = network.graph
    found = {key: tuple(tensor.shape) for key, tensor in network.module.state_dict().items()}
    assert found == {key: spec.shape for key, spec in {**graph.parameters, **graph.buffers}.items()}
    assert {key for key, _ in network.module.named_parameters()} == set(graph.parameters)


@pytest.mark.parametrize("name", ["lenet5", "lenet_with_relu", "normalised"])
@pytest.mark.parametrize(("source", "target"), [BACKENDS, BACKENDS[::-1]])
def test_a_state_predicts_the_same_in_the_other_backend(name, source, target):
    trained_network, fresh = compiled(source, name, "float32"), compiled(target, name, "float32", seed=99)
    trained(trained_network, 20)
    fresh.load_state(trained_network.state())
    images = digits(fresh.graph.input.type.shape).held_out.batch(slice(None))
    scores, others = trained_network.forward(images), fresh.forward(images)
    second, first = np.sort(scores, axis=1)[:, -2:].T
    decided = first - second >= 1e-4
    assert decided.mean() > 0.9
    assert (scores.argmax(axis=1) == others.argmax(axis=1))[decided].all()


OPTIMIZERS = (
    SGD(lr=0.1),
    SGD(lr=0.05, momentum=0.9),
    Adam(lr=0.01),
    AdamW(lr=0.01),
    RMSprop(lr=0.01),
    Adagrad(lr_decay=0.1),
    RMSprop(lr=0.01, momentum=0.9),
)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda item: f"{item.name}-{getattr(item, 'momentum', 0)}")
@pytest.mark.parametrize(("source", "target"), [(a, b) for a in BACKENDS for b in BACKENDS])
def test_training_goes_on_in_either_backend(optimizer, source, target):
    first, second = compiled(source, "small", "float64"), compiled(target, "small", "float64", seed=99)
    images, labels = digits((1, 8, 8)).train.batch(slice(None)), digits((1, 8, 8)).train.labels
    trainer, other = first.trainer(CrossEntropy(), optimizer), second.trainer(CrossEntropy(), optimizer)

    def advance(one, step):
        place = slice(step * BATCH, (step + 1) * BATCH)
        return one.step(images[place], labels[place], learning_rate=optimizer.lr / (step + 1), step=step)

    for step in range(3):
        advance(trainer, step)
    second.load_state(first.state())
    other.load_state(trainer.state())
    for step in range(3, 6):
        assert advance(other, step) == pytest.approx(advance(trainer, step), abs=1e-12)
    assert list(trainer.state()) == list(other.state())
    assert trainer.state()["step"] == other.state()["step"] == 6


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("damage", [{"out.bias": None}, {"more": np.zeros(3)}, {"out.bias": np.zeros(11)}])
def test_a_state_of_another_network_is_refused_and_changes_nothing(backend, damage):
    network = compiled(backend, "small", "float32")
    before = network.state()
    state = {key: array + 1 for key, array in before.items()} | damage
    with pytest.raises(DiagnosticError, match="E0422"):
        network.load_state({key: array for key, array in state.items() if array is not None})
    assert all((before[key] == array).all() for key, array in network.state().items())


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_state_of_another_optimizer_is_refused(backend):
    network = compiled(backend, "small", "float32")
    state = network.trainer(CrossEntropy(), SGD(lr=0.1, momentum=0.9)).state()
    with pytest.raises(DiagnosticError, match="E0422"):
        network.trainer(CrossEntropy(), ADAM).load_state(state)


@pytest.mark.parametrize("backend", BACKENDS)
def test_states_are_copies(backend):
    network = compiled(backend, "small", "float32")
    trainer = network.trainer(CrossEntropy(), ADAM)
    before, kept = network.state(), trainer.state()
    network.state()["out.bias"][:] = 7
    trainer.state()["out.bias.exp_avg"][:] = 7
    assert all((before[key] == array).all() for key, array in network.state().items())
    assert all((kept[key] == array).all() for key, array in trainer.state().items())
