"""A checkpoint of the very text that a model was asked for has its graph, and no text is checked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnndsl
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir.verify import verify
from cnndsl.ops import Sample
from cnndsl.reading import zoo_entries
from cnndsl.source import Source, Span, SpecRequest
from cnndsl.training.checkpoints import record
from cnndsl.training.checkpoints.checkpoint import RECORD
from cnndsl.training.checkpoints.network import as_data, as_graph
from cnndsl.training.data import Preparation
from cnndsl.training.history import Position
from cnndsl.version import VERSION
from tests.support.samples import JOINED_SAMPLES, SAMPLES, check_use
from tests.training.test_checkpoint import rewrite

TEXT = """\
network Small(filters = 2) {
    input 1x6x6
    body: conv filters 3x3 pad=same | bn | relu
    maxpool 2x2
    head weight=0.3 { flatten | dense 3 }
    conv filters 1 | relu
    flatten
    dense 3
}

train {
    data digits
    optimizer adam lr=1e-2
    batch 4
    epochs 1
}
"""
X = np.random.default_rng(0).standard_normal((5, 1, 6, 6), np.float32)
PLACE = Span(Source("n.cnn", ""), 0, 0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spec and a checkpoint of it."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "small.cnn").write_text(TEXT)
    labels = np.arange(12) % 3
    x = np.random.default_rng(1).standard_normal((12, 1, 6, 6), np.float32)
    cnndsl.load(folder / "small.cnn").train(data=((x, labels), (x, labels)), output=folder / "run")
    return folder


def restored(folder: Path, spec: str = "small.cnn", **settings: object) -> cnndsl.Model:
    model = cnndsl.load(folder / spec, **settings)
    model.restore(folder / "run")
    return model


def was_checked(model: cnndsl.Model) -> bool:
    return "checked" in vars(model)


@pytest.mark.parametrize(("name", "sample"), [*SAMPLES, *JOINED_SAMPLES])
def test_every_operator_comes_back(name: str, sample: Sample) -> None:
    graph = check_use(sample).require_graph()
    assert name in [node.operator.name for node in graph.nodes]
    require_equal(graph)


@pytest.mark.parametrize("name", ["googlenet_aux", "resnet18", "densenet121", "shufflenet_v2_x1_0", "text_cnn"])
def test_networks_come_back(name: str) -> None:
    require_equal(cnndsl.load(f"zoo:{name}").graph)


def test_every_network_of_the_zoo_comes_back() -> None:
    graphs = (cnndsl.load(f"zoo:{name}").checked.graph for name in list(zoo_entries())[::8])
    for graph in graphs:
        assert graph is not None
        require_equal(graph)


def require_equal(graph: Any) -> None:
    data = json.loads(json.dumps(as_data(graph)))
    again = as_graph(graph.name, data, PLACE)
    assert again is not None
    verify(again)
    assert [(node.path, node.operator, node.input_types) for node in again.nodes] == [
        (node.path, node.operator, node.input_types) for node in graph.nodes
    ]
    assert again.parameters == graph.parameters
    assert [(head.path, head.weight) for head in again.heads] == [(head.path, head.weight) for head in graph.heads]


def test_the_graph_of_the_checkpoint_is_used_and_computes_the_same(trained: Path) -> None:
    model = restored(trained)
    assert not was_checked(model)
    outputs = model.predict(X)
    checked = cnndsl.Model(cnndsl.check_text(TEXT))
    checked.restore(trained / "run")
    assert outputs.tobytes() == checked.predict(X).tobytes()
    assert model.graph.parameter_count == checked.graph.parameter_count


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (TEXT + "# a comment\n", {}),
        (TEXT, {"filters": 2}),
        ("# we use no other file\n" + TEXT, {}),
    ],
)
def test_whatever_is_asked_for_otherwise_is_checked(trained: Path, text: str, settings: dict[str, int]) -> None:
    (trained / "other.cnn").write_text(text)
    model = restored(trained, "other.cnn", **settings)
    assert was_checked(model)
    assert model.predict(X).tobytes() == restored(trained).predict(X).tobytes()


def test_files_that_a_text_uses_are_read_at_once(tmp_path: Path) -> None:
    (tmp_path / "blocks.cnn").write_text("block unit { relu }\n")
    (tmp_path / "n.cnn").write_text('use unit from "blocks.cnn"\nnetwork N {\n    input 1x6x6\n    unit\n}\n')
    model = cnndsl.load(tmp_path / "n.cnn")
    (tmp_path / "blocks.cnn").unlink()
    assert [node.operator.name for node in model.graph.nodes] == ["relu"]


def test_another_text_or_other_settings_are_refused(trained: Path) -> None:
    (trained / "other.cnn").write_text(TEXT.replace("relu", "tanh"))
    with pytest.raises(DiagnosticError, match="E0422"):
        restored(trained, "other.cnn")
    with pytest.raises(DiagnosticError, match="E0422"):
        restored(trained, filters=3)


def test_mistakes_of_another_text_are_told(trained: Path) -> None:
    (trained / "other.cnn").write_text(TEXT.replace("relu", "rellu"))
    with pytest.raises(DiagnosticError, match="E0201"):
        restored(trained, "other.cnn")


def test_a_request_says_all_that_a_graph_depends_on() -> None:
    source = Source("n.cnn", TEXT)
    requests = [
        SpecRequest(source),
        SpecRequest(source, {"filters": 2}),
        SpecRequest(source, {"filters": 2.0}),
        SpecRequest(source, {"filters": True}),
        SpecRequest(source, {"filters": "2"}),
        SpecRequest(source, network="Small"),
        SpecRequest(source, input_shape=(1, 8, 8)),
    ]
    keys = [request.key for request in requests]
    assert len(set(keys)) == len(keys)
    assert all(VERSION in str(key) for key in keys)
    assert SpecRequest(Source("n.cnn", 'use "blocks.cnn"\n' + TEXT)).key is None


def test_whatever_stands_in_a_graph_is_a_network_or_refused(trained: Path, tmp_path: Path) -> None:
    """With a right hash: it keeps no one from writing nonsense."""
    for name in ("model.json", "model.safetensors"):
        (tmp_path / name).write_bytes((trained / "run" / name).read_bytes())
    graph = json.loads((tmp_path / RECORD).read_text())["graph"]
    for changed in list(spoilt(graph))[::11]:
        rewrite(tmp_path, graph=changed)
        assert outcome(trained, tmp_path) <= {"E0413", "E0421", "E0422"}, changed


def outcome(trained: Path, checkpoint: Path) -> set[str]:
    """The codes of what is refused; nothing else may be raised."""
    model = cnndsl.load(trained / "small.cnn")
    try:
        model.restore(checkpoint)
        return {"" for row in model.predict(X) if row.shape != (3,)}
    except DiagnosticError as error:
        return {item.kind.code for item in error.diagnostics}


def spoilt(data: Any) -> Iterator[Any]:
    """The data with each of its values, at any depth, taken out or replaced by others."""
    for path in places(data):
        for value in (None, -1, 0, 7, 2**40, 0.5, True, "", "conv", [], [3], [[1, 2], [3]], {}):
            yield replaced(data, path, value)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def replaced(data: Any, path: tuple[Any, ...], value: object) -> Any:
    whole = deepcopy(data)
    inside = whole
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return whole


def test_a_record_knows_the_fields_without_their_modules() -> None:
    assert set(Preparation.field_infos) == record._PREPARATION
    assert set(Position.field_infos) == record._POSITION
