"""Plans give what the reference kernels give, whichever algorithm does the convolutions."""

from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from cnndsl.api import check_text, load
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.plan import inference, rewrites
from cnndsl.backends.numpy.plan.algorithms import Algorithm, Columns, Depthwise, Pointwise, Winograd2, Winograd4
from cnndsl.backends.numpy.plan.inference import Inference
from cnndsl.backends.numpy.plan.places import offsets
from cnndsl.backends.numpy.plan.task import Program
from cnndsl.backends.numpy.plan.team import Team
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir import Graph
from tests.conformance.test_operators import random_state, spaced
from tests.equality.subjects import modern
from tests.support.networks import lenet5, mnist_cnn
from tests.support.samples import JOINED_SAMPLES, SAMPLES, check_use

CONVOLUTIONS = (Pointwise, Depthwise, Winograd4, Winograd2, Columns)

BLOCKS = """
network Blocks {
    input 3x15x13
    conv 8 3x3 pad=1 bias=false | bn | relu | maxpool 3x3 stride=2 pad=1
    residual { conv 8 3x3 pad=1 bias=false | bn | relu | conv 8 3x3 pad=1 bias=false | bn } | relu
    residual { conv 8 1x1 | relu6 | depthwise 3x3 pad=1 | bn | relu6 | conv 8 1x1 | bn }
    concat {
        branch { conv 4 1x1 | relu }
        branch { conv 5 1x1 | relu | conv 6 3x3 pad=1 | relu }
        branch { maxpool 3x3 stride=1 pad=1 | conv 3 1x1 | relu }
        branch { identity }
    }
    dropout 0.5 | conv 4 3x3 pad=(top=2, bottom=0, left=1, right=3) groups=1 | leaky_relu | maxpool 2x2
    avgpool 3x3 stride=2 pad=1 count_include_pad=false | bn | tanh
    conv 6 3x3 pad=2 dilation=2 stride=2 | elu | flatten | dense 7 axis=-1 | dense 7 | sigmoid
}
"""


def blocks() -> Graph:
    """What every rewrite finds something in."""
    return check_text(BLOCKS).require_graph()


NETWORKS = {"lenet5": lenet5, "mnist_cnn": mnist_cnn, "modern": modern, "blocks": blocks}


def both(graph: Graph, batch: int, forced: type[Algorithm] | None) -> tuple[np.ndarray, np.ndarray]:
    """The output of a plan and of the reference kernels in float64, with a state unlike the initial one."""
    rng = np.random.default_rng(3)
    network = NumpyBackend().compile(graph, dtype="float64")
    network.load_state(random_state(graph, rng))
    shape = (batch, *graph.input.type.shape)
    x = spaced(rng, shape) if graph.input.type.dtype == "float" else rng.integers(0, 2, shape)
    plan = Inference(graph, network.tensors, np.dtype(np.float64), forced=forced)
    return plan.run(x), network.differentiate(x, np.ones((batch, *graph.output.type.shape)))[0]


@pytest.mark.parametrize("forced", [None, *CONVOLUTIONS])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_plan_gives_what_the_kernels_give(name: str, forced: type[Algorithm] | None) -> None:
    found, expected = both(NETWORKS[name](), 3, forced)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * np.abs(expected).max())


@pytest.mark.parametrize("forced", CONVOLUTIONS)
@pytest.mark.parametrize(
    "sample", [sample for _, sample in [*SAMPLES, *JOINED_SAMPLES]], ids=lambda sample: sample.text
)
def test_every_sample_runs_through_a_plan(sample, forced: type[Algorithm]) -> None:
    found, expected = both(check_use(sample).graph, 2, forced)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("batch", [1, 7, 65])
def test_batches_of_any_size(batch: int) -> None:
    found, expected = both(mnist_cnn(), batch, None)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * np.abs(expected).max())


@pytest.mark.parametrize("algorithm", [Columns, Winograd2, Winograd4])
def test_errors_in_float32_are_within_the_promise(algorithm: type[Algorithm]) -> None:
    graph = check_text("network One { input 64x30x29\n conv 48 3x3 pad=1 }").require_graph()
    rng = np.random.default_rng(0)
    state, x = random_state(graph, rng), rng.normal(size=(2, 64, 30, 29))
    exact = Inference(graph, state, np.dtype(np.float64), forced=Columns).run(x)
    found = Inference(graph, {k: v.astype("f4") for k, v in state.items()}, np.dtype("f4"), forced=algorithm).run(x)
    error = np.abs(found - exact).max() / np.abs(exact).max()
    assert error < (3e-5 if algorithm is Winograd4 else 2e-6)


def test_an_exact_plan_leaves_out_the_large_tiles() -> None:
    graph = check_text("network One { input 256x28x28\n conv 256 3x3 pad=1 }").require_graph()
    tensors = NumpyBackend().compile(graph).tensors
    chosen = [
        type(Inference(graph, tensors, np.dtype("f4"), exact=exact).plan(1).steps[0].algorithm)
        for exact in (False, True)
    ]
    assert chosen == [Winograd4, Winograd2]


def test_rewrites_leave_a_step_for_each_convolution_and_little_else() -> None:
    network = NumpyBackend().compile(load("zoo:mobilenet_v2").graph)
    kinds = [type(step.algorithm) for step in network.inference.plan(1).steps]
    assert kinds.count(Depthwise) == 17
    assert kinds.count(Pointwise) == 34
    assert len(kinds) == 54


@pytest.mark.parametrize("name", ["lenet5", "blocks", "mobilenet_v2", "resnet18", "googlenet"])
def test_rewrites_are_left_out_that_would_change_nothing(name: str) -> None:
    graph = NETWORKS[name]() if name in NETWORKS else load(f"zoo:{name}").graph
    program = Program(graph)
    for each in rewrites.REWRITES:
        getattr(rewrites, each)(program)
    assert _described(program) == _described(rewrites.rewrite(Program(graph)))


def _described(program: Program) -> list[object]:
    return [
        (
            *(task.operator, task.inputs, task.outputs, task.norms, task.residual, task.activation, task.adds_bias),
            *(task.flattened, [member.node for member in task.members]),
        )
        for task in program.tasks
    ]


def test_a_plan_follows_the_tensors() -> None:
    network = NumpyBackend().compile(blocks(), dtype="float64")
    x = np.random.default_rng(0).normal(size=(2, 3, 15, 13))
    network.forward(x)
    network.load_state(random_state(network.graph, np.random.default_rng(1)))
    expected = network.differentiate(x, np.ones((2, 7)))[0]
    np.testing.assert_allclose(network.forward(x), expected, rtol=0, atol=1e-12)
    network.forward(x, training=True)
    expected = network.differentiate(x, np.ones((2, 7)))[0]
    np.testing.assert_allclose(network.forward(x), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_any_number_of_threads_gives_the_same_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "WORTH", 0.0)  # every step is shared that has parts
    graph = NETWORKS[name]()
    shape = (9, *graph.input.type.shape)
    x = np.random.default_rng(0).normal(size=shape)
    found = [NumpyBackend().compile(graph, threads=threads).forward(x).tobytes() for threads in (1, 2, 3)]
    assert found[0] == found[1] == found[2]


def test_a_large_step_of_one_sample_has_parts_and_a_small_one_is_not_shared() -> None:
    text = "network N { input 64x28x28\n a: conv 128 3x3 pad=1\n b: conv 256 1x1\n c: conv 4 1x1\n maxpool 2x2 }"
    network = NumpyBackend().compile(check_text(text).require_graph(), threads=2)
    network.forward(np.zeros((1, 64, 28, 28), np.float32))
    shared = {step.task.node.path: [bool(lane) for lane in step.lanes] for step in network.inference.plan(1).steps}
    assert [shared["a"], shared["b"], shared["c"]] == [[True, True], [True, True], [True, False]]


def test_a_team_goes_on_after_an_error() -> None:
    done: list[str] = []
    team = Team(3)

    def fail() -> None:
        raise ValueError("in another thread")

    with pytest.raises(ValueError, match="in another thread"):
        team.run([[partial(done.append, "first")], [fail], [partial(done.append, "third")]])
    assert sorted(done) == ["first", "third"]
    with pytest.raises(KeyboardInterrupt):
        team.run([[interrupt], [partial(done.append, "second")], []])
    team.run([[], [partial(done.append, "last")], []])
    assert done[2:] == ["second", "last"]


def test_the_threads_of_a_team_end_with_it() -> None:
    before = threading.enumerate()
    team = Team(2)
    team.run([[], [int]])
    (other,) = [each for each in threading.enumerate() if each not in before]
    del team
    other.join(10)
    assert not other.is_alive()


def interrupt() -> None:
    """What Ctrl+C does."""
    raise KeyboardInterrupt


def blas_threads() -> list[int]:
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


@pytest.mark.parametrize("threads", [1, 2])
def test_blas_has_its_threads_back_after_a_prediction_and_after_an_error(threads: int) -> None:
    network = NumpyBackend().compile(lenet5(), threads=threads)
    with threadpool_limits(2):  # whatever the machine has
        network.forward(np.zeros((2, 1, 32, 32)))
        assert set(blas_threads()) == {2}
        with pytest.raises(DiagnosticError):
            network.forward(np.zeros((2, 1, 31, 32)))
        assert set(blas_threads()) == {2}
        network.inference.plan(2).steps[-1].lanes[0].append(lambda: blas_threads().index(-1))  # fails on its way
        network.inference.plan(2).calls.append(lambda: blas_threads().index(-1))
        with pytest.raises(ValueError, match="-1 is not in list"):
            network.forward(np.zeros((2, 1, 32, 32)))
        assert set(blas_threads()) == {2}
        network.inference.plan(2).steps[0].lanes[0].insert(0, interrupt)
        network.inference.plan(2).calls.insert(0, interrupt)
        with pytest.raises(KeyboardInterrupt):
            network.forward(np.zeros((2, 1, 32, 32)))
        assert set(blas_threads()) == {2}


@pytest.mark.parametrize("name", ["lenet5", "mnist_cnn", "googlenet", "mobilenet_v2", "efficientnet_b0"])
def test_a_run_takes_next_to_no_memory_beside_that_of_its_plan(name: str) -> None:
    network = NumpyBackend().compile(load(f"zoo:{name}").graph)
    x = np.zeros((1, *network.graph.input.type.shape), np.float32)
    network.forward(x)
    plan = network.inference.plan(1)
    tracemalloc.start()
    try:
        plan.run(x)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 400_000  # what NumPy goes through some thousand numbers at a time with; values are megabytes


def test_blas_has_its_threads_back_when_the_last_of_several_predictions_is_done() -> None:
    networks = [NumpyBackend().compile(lenet5()) for _ in range(3)]
    with threadpool_limits(2), ThreadPoolExecutor(3) as others:
        x = np.zeros((40, 1, 32, 32))
        for _ in range(20):
            list(others.map(lambda network: network.forward(x), networks))
            assert set(blas_threads()) == {2}


def test_outputs_are_not_written_to_by_the_next_run() -> None:
    network = NumpyBackend().compile(lenet5())
    x = np.random.default_rng(0).normal(size=(2, 1, 32, 32))
    first = network.forward(x)
    kept = first.copy()
    network.forward(-x)
    assert np.array_equal(first, kept)


def test_blocks_that_live_together_do_not_overlap() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        lives = [sorted(rng.integers(0, 20, 2).tolist()) for _ in range(12)]
        blocks_ = [(int(rng.integers(1, 5000)), *life) for life in lives]
        starts, size = offsets(blocks_)
        assert size <= sum(-(-each // 64) * 64 for each, *_ in blocks_)
        for place, (bytes_, first, last) in enumerate(blocks_):
            assert starts[place] % 64 == 0
            assert starts[place] + bytes_ <= size
            for other, (other_bytes, other_first, other_last) in enumerate(blocks_[:place]):
                apart = last < other_first or other_last < first
                below = starts[place] + bytes_ <= starts[other] or starts[other] + other_bytes <= starts[place]
                assert apart or below
