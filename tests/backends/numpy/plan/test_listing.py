"""The listing of a plan says what the plan does, where, and how long it takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnndsl.api import load
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.plan.listing import Listing, list_plan
from cnndsl.cli.main import main
from tests.backends.numpy.plan.test_inference import NETWORKS, blocks


def listing_of(name: str, batch: int = 2) -> Listing:
    return list_plan(NumpyBackend().compile(NETWORKS[name]()), batch)


@pytest.mark.parametrize("name", NETWORKS)
def test_results_lie_within_the_block_and_take_time(name: str) -> None:
    listing = listing_of(name)
    assert listing.samples == 2
    for row in listing.rows:
        assert 0 <= row.start <= row.start + row.size <= listing.memory
        assert row.shape[0] == 2
        assert row.estimated > 0
        assert row.measured > 0
        assert row.calls >= row.parts >= 1


def test_every_layer_that_does_anything_is_in_one_row() -> None:
    listed = [word for row in listing_of("blocks").rows for word in row.operators]
    layers = [node.operator.name for node in blocks().nodes]
    for word in ("conv", "depthwise", "bn", "relu6", "maxpool", "avgpool", "add", "dense", "sigmoid", "elu"):
        assert listed.count(word) == layers.count(word), word
    assert not {"dropout", "identity"} & set(listed)


def test_large_batches_run_some_at_a_time() -> None:
    assert listing_of("lenet5", 1000).samples == 64


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "zoo:mnist_cnn", "--to", "numpy", "--batch", "100"]) == 0
    first, memory, _, *table = capsys.readouterr().out.splitlines()
    assert first.startswith("MnistCNN 1x28x28 on NumPy, batches of 100, 48 samples at a time, float32: 7 steps, ")
    assert memory.endswith("for weights")
    assert table[2:][1].split()[:6] == ["0", "conv", "columns", "48x26x26x32", "NHWC", "0.0"]
    assert table[-1].split()[0] == "all"


WINOGRAD = """\
network Small {
    input 64x16x16
    conv 128 3x3 pad=1 | relu
    maxpool 2x2
    conv 128 3x3 pad=1 | relu
    flatten
    dense 10
}
"""


def test_the_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    spec = tmp_path / "small.cnn"
    spec.write_text(WINOGRAD, encoding="utf-8")
    forms = []
    for more in ([], ["--exact"]):
        assert main(["compile", str(spec), "--to", "numpy", "--format", "json", *more]) == 0
        forms.append(json.loads(capsys.readouterr().out))
    default, exact = ({step["algorithm"] for step in each["steps"]} for each in forms)
    assert (forms[0]["exact"], forms[1]["exact"]) == (False, True)
    assert "winograd4" in default - exact
    assert default | {"winograd2"} >= exact
    nodes = [node for step in forms[0]["steps"] for node in step["nodes"]]
    assert len(nodes) == len(set(nodes))
    assert set(nodes) >= {node.path for node in load(spec).graph.nodes if node.parameters}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "numpy", "-o", "plan.txt"], "leave out -o"),
        (["--batch", "8"], "are for --to numpy"),
        (["--exact"], "are for --to numpy"),
        (["--format", "json"], "add --to numpy"),
    ],
)
def test_arguments_that_do_not_go_together(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "zoo:lenet5", *arguments]) == 2
    assert said in capsys.readouterr().err
