"""What is drawn of a trained network: the values are those of torch, and where it looks is Grad-CAM."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import cnndsl
from cnndsl.cli.main import main
from cnndsl.training.pages.attention import attention_of, scores_of
from cnndsl.training.pages.mosaic import grid, heat, levels_of, signed
from cnndsl.training.values import layer_values, rest_after

SPEC = """\
network Small(classes = 10) {
    input 1x8x8
    stem: conv 4 3x3 pad=1 | bn | relu
    residual { conv 4 3x3 pad=1 | tanh }
    last: maxpool 2x2
    flatten
    output: dense classes
    END
}

train {
    data digits
    optimizer adam lr=1e-2
    batch 64
    epochs 2
}
"""


def model(tmp_path: Path, end: str = "") -> cnndsl.Model:
    path = tmp_path / "small.cnn"
    path.write_text(SPEC.replace("END", end))
    return cnndsl.load(str(path))


def test_the_values_of_layers_are_those_of_torch(tmp_path: Path) -> None:
    made = model(tmp_path)
    module = made.to_torch().eval()
    found = {}
    for name, layer in module.named_modules():
        layer.register_forward_hook(lambda _, __, y, name=name: found.update({name: y.detach().clone().numpy()}))
    x = np.random.default_rng(0).random((3, 1, 8, 8), np.float32)
    whole = module(torch.from_numpy(x)).detach().numpy()
    state = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    values = {node: outputs[0] for node, outputs in layer_values(made.graph, state, x)}
    compared = [node for node in values if node.parameters]
    assert [node.operator.name for node in compared] == ["conv", "bn", "conv", "dense"]
    for node in compared:
        assert np.allclose(values[node], found[node.path], atol=1e-5), node
    assert np.allclose(values[made.graph.nodes[-1]], whole, atol=1e-5)


@pytest.mark.parametrize("end", ["", "softmax"])
def test_attention_is_grad_cam(tmp_path: Path, end: str) -> None:
    """As torch has it in float64: the maps, each times the mean of the score's gradient by it, and what is below 0 left out."""
    made = model(tmp_path, end)
    module = made.to_torch(dtype="float64").eval()
    kept: dict[str, torch.Tensor] = {}
    module.output.register_forward_hook(lambda _, given, y: kept.update(maps=given[0], scores=y))
    x = torch.from_numpy(np.random.default_rng(1).random((1, 1, 8, 8)))
    module(x)
    attention = attention_of(made.graph)
    assert attention is not None
    assert attention.maps.type.shape == (4, 4, 4)
    state = {name: tensor.detach().numpy() for name, tensor in module.state_dict().items()}
    for label in (0, 7):
        (gradient,) = torch.autograd.grad(kept["scores"][0, label], kept["maps"], retain_graph=True)
        maps, by_maps = kept["maps"].detach().reshape(4, 4, 4), gradient.reshape(4, 4, 4)
        expected = (by_maps.mean((1, 2), keepdim=True) * maps).sum(0).clamp(min=0).numpy()
        found = attention.of_class(state, maps.numpy(), label)
        assert np.allclose(found, expected, atol=1e-6)


def test_the_rest_of_a_network_needs_one_value(tmp_path: Path) -> None:
    graph = model(tmp_path).graph
    by_path = {node.path: node for node in graph.nodes}
    assert rest_after(graph, by_path["last"].output, scores_of(graph)) is not None
    inside = next(node for node in graph.nodes if node.operator.name == "tanh")
    assert rest_after(graph, inside.output, scores_of(graph)) is None  # the shortcut goes around it
    assert rest_after(graph, graph.input, graph.output) is not None


def test_maps_of_classes_have_no_attention(tmp_path: Path) -> None:
    path = tmp_path / "maps.cnn"
    path.write_text("network Maps {\n    input 1x8x8\n    conv 3 3x3 pad=1\n}\n")
    assert attention_of(cnndsl.load(str(path)).graph) is None


def test_colours() -> None:
    """Zero is white, the largest is orange or blue by its sign, and what is not finite is as zero."""
    pixels = signed(np.array([[[0.0, 2.0, -2.0, np.nan]]]))
    assert pixels.shape == (1, 3, 1, 4)
    assert pixels[0, :, 0].T.tolist() == [[255, 255, 255], [194, 65, 12], [30, 78, 175], [255, 255, 255]]
    assert levels_of(np.array([1.0, 3.0, 2.0])).tolist() == [0, 255, 128]
    assert levels_of(np.array([5.0, 5.0])).tolist() == [0, 0]
    paper = heat(np.zeros((1, 2, 2), np.uint8), np.array([[0, 1], [0, 1]], np.float32))
    assert paper[:, 0].T.tolist() == [[96, 96, 96], [170, 73, 33]]


def test_a_grid_has_cells_side_by_side() -> None:
    cells = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1).repeat(24, axis=2).repeat(24, axis=3)
    whole = grid(cells, columns=2)
    assert whole.shape == (1, 50, 50)
    assert [whole[0, 0, 0], whole[0, 0, 49], whole[0, 49, 0], whole[0, 49, 49], whole[0, 0, 24]] == [0, 1, 2, 255, 255]
    assert grid(np.zeros((1, 3, 200, 100), np.uint8)).shape == (3, 64, 32)


@pytest.mark.parametrize("end", ["", "softmax"])
def test_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: str
) -> None:
    monkeypatch.chdir(tmp_path)
    model(tmp_path, end)
    assert main(["train", "small.cnn", "--quiet", "--output", "run"]) == 0
    assert main(["features", "small.cnn", "--checkpoint", "run", "-o", "held_out.html", "--samples", "2"]) == 0
    page = Path("held_out.html").read_text()
    assert page.count("<h2>Held-out sample ") == 2
    assert page.count("The truth is ") == 2
    assert page.count("what speaks for ") + page.count("nothing speaks for ") >= 2
    assert set(re.findall(r'src="([^,]*),', page)) == {"data:image/png;base64"}
    assert "<script" not in page
    assert all(page.count(f"<h3>{name} ") == count for name, count in [("stem conv", 3), ("last maxpool", 2)])

    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save("given.png")
    assert main(["features", "small.cnn", "given.png", "--checkpoint", "run", "-o", "given.html"]) == 0
    page = Path("given.html").read_text()
    assert "<h2>given.png</h2>" in page
    assert "The truth" not in page
    capsys.readouterr()


def test_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model(tmp_path)
    spec = str(tmp_path / "small.cnn")
    assert main(["features", spec, "--checkpoint", str(tmp_path)]) == 2
    assert main(["features", spec, "--checkpoint", str(tmp_path / "none"), "-o", str(tmp_path / "x.html")]) == 1
    assert "E0001" in capsys.readouterr().err
