"""Weights in and out by name: what fits is taken, the rest is told, and nothing broken gets through."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch

import cnndsl
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError
from cnndsl.training.checkpoints.weights import _CONVERT
from tests.training.small_networks import refused

SPEC = (
    "network Small(classes = 3) {\n input 1x8x8\n conv1: conv 4 3x3 | bn: bn | relu | flatten\n out: dense classes\n}\n"
)
SHIM = """
import sys, torch
from safetensors.torch import save_file
library = torch.library.Library("torchvision", "DEF")  # the wheel's kernels do not fit every build of torch; none is needed
for operator in ("nms", "qnms"):
    library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""
TORCHVISION = f"{SHIM}import torchvision\nmade = torchvision.models.get_model(sys.argv[1], weights=None)\n"
TIMM = f"{SHIM}import timm\nmade = timm.create_model(sys.argv[1])\n"
SAVE = "save_file(made.state_dict(), sys.argv[2])"


def model(classes: int = 3) -> cnndsl.Model:
    return cnndsl.Model(cnndsl.check_text(SPEC, settings={"classes": classes}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Weights that are not the initial ones."""
    path = tmp_path / "weights.safetensors"
    save_file({name: np.asarray(array + 1) for name, array in _state(model()).items()}, path)
    return path


def _state(made: cnndsl.Model) -> dict[str, np.ndarray]:
    return {name: tensor.numpy() for name, tensor in made.to_torch().state_dict().items()}


def test_what_is_saved_comes_back(file: Path, tmp_path: Path) -> None:
    first, second = model(), model()
    weights = first.load_weights(str(file))
    assert (len(weights.tensors), weights.misfits, weights.new, weights.unused) == (9, (), (), ())
    first.save(str(tmp_path / "again.safetensors"))
    second.load_weights(str(tmp_path / "again.safetensors"))
    x = np.random.default_rng(0).normal(size=(2, 1, 8, 8)).astype(np.float32)
    assert (first.predict(x) == second.predict(x)).all()
    assert not (first.predict(x) == model().predict(x)).all()
    second.to_torch().load_state_dict(torch.load(_as_pth(tmp_path, file), weights_only=True), strict=True)


def _as_pth(folder: Path, file: Path) -> Path:
    torch.save({name: torch.from_numpy(array) for name, array in load_file(file).items()}, folder / "x.pth")
    return folder / "x.pth"


def test_another_head_stays_as_it_was(file: Path) -> None:
    made, before = model(classes=5), _state(model(classes=5))
    weights = made.load_weights(str(file))
    assert [name for name, *_ in weights.misfits] == ["out.weight", "out.bias"]
    assert "out.weight (3x144 there, 5x144 here)" in str(weights)
    after = _state(made)
    assert (after["out.weight"] == before["out.weight"]).all()
    assert (after["conv1.weight"] == before["conv1.weight"] + 1).all()


def test_new_and_unused_names_are_told(file: Path) -> None:
    tensors = load_file(file)
    tensors["head.weight"] = tensors.pop("out.weight")
    save_file(tensors, file)
    weights = model().load_weights(str(file))
    assert (weights.new, weights.unused) == (("out.weight",), ("head.weight",))
    assert "1 not in the file, left as they were: out.weight" in str(weights)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_precisions_are_taken(file: Path, dtype: torch.dtype) -> None:
    tensors = {name: torch.from_numpy(array) for name, array in load_file(file).items()}
    save_torch({name: each.to(dtype) if each.is_floating_point() else each for name, each in tensors.items()}, file)
    made = model()
    made.load_weights(str(file))
    for name, array in _state(made).items():
        np.testing.assert_allclose(array, tensors[name].numpy(), rtol=1e-2)


def test_a_checkpoint_is_taken(tmp_path: Path) -> None:
    trained = cnndsl.load("zoo:lenet5")
    trained.train(epochs=1, output=str(tmp_path))
    other = cnndsl.load("zoo:lenet5", classes=7)
    assert [name for name, *_ in other.load_weights(str(tmp_path)).misfits] == ["output.weight", "output.bias"]


def test_training_starts_from_a_file(tmp_path: Path, capsys) -> None:
    file, output = tmp_path / "start.safetensors", tmp_path / "run"
    start = cnndsl.load("zoo:lenet5")
    start.train(epochs=2)
    start.save(str(file))
    assert main(["train", "zoo:lenet5", "--epochs", "1", "--init-from", str(file), "--output", str(output)]) == 0
    printed = capsys.readouterr()
    assert f"10 tensors of {file} fit" in printed.err
    fresh = cnndsl.load("zoo:lenet5").train(epochs=1)
    again = cnndsl.load("zoo:lenet5").train(epochs=1, init_from=str(file))
    assert again.loss < fresh.loss
    assert f"{again.loss:.4f}" in printed.out


def test_another_network_gets_a_comparison(file: Path) -> None:
    with pytest.raises(DiagnosticError) as caught:
        cnndsl.load("zoo:lenet5").load_weights(str(file))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.kind.code == "E0422"
    assert any("c1.weight" in note for note in diagnostic.notes)
    assert any("bn.bias" in note for note in diagnostic.notes)


def test_files_of_torch_are_named_and_the_line_of_the_help_converts_them(file: Path, tmp_path: Path) -> None:
    path = _as_pth(tmp_path, file)
    with pytest.raises(DiagnosticError) as caught:
        model().load_weights(str(path))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.kind.code, diagnostic.help) == ("E0421", (_CONVERT,))
    code = re.search(r'python -c "(.*)"', _CONVERT, re.DOTALL)[1]
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert len(model().load_weights(str(tmp_path / "x.safetensors")).tensors) == 9


@pytest.mark.parametrize(
    "content", [b"", b"no weights", b"\x80\x02}q\x00.", struct.pack("<Q", 10**9) + b"{}", b"PK\x03\x04"]
)
def test_foreign_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights").write_bytes(content)
    with refused("E0421"):
        model().load_weights(str(tmp_path / "weights"))


def test_cut_and_infinite_weights_are_refused(file: Path, tmp_path: Path) -> None:
    data = file.read_bytes()
    (tmp_path / "cut").write_bytes(data[:-40])
    with refused("E0421"):
        model().load_weights(str(tmp_path / "cut"))
    save_file({**load_file(file), "out.bias": np.full(3, np.nan, np.float32)}, file)
    with refused("E0421"):
        model().load_weights(str(file))
    with refused("E0001"):
        model().load_weights(str(tmp_path / "nothing"))


def test_whole_numbers_of_another_size_are_refused(file: Path) -> None:
    save_file({**load_file(file), "out.bias": np.zeros(3, np.uint8)}, file)
    with refused("E0421"):
        model().load_weights(str(file))


@pytest.mark.parametrize(
    ("package", "script", "name", "own"),
    [("torchvision", TORCHVISION, "resnet18", "resnet18"), ("torchvision", TORCHVISION, "googlenet", "googlenet_aux"),
     ("torchvision", TORCHVISION, "mobilenet_v2", "mobilenet_v2"), ("timm", TIMM, "resnet18", "resnet18")],
)  # fmt: skip
def test_published_names_are_ours(package: str, script: str, name: str, own: str, tmp_path: Path) -> None:
    found = subprocess.run([sys.executable, "-c", f"import importlib.util as u; assert u.find_spec({package!r})"], check=False,
                           capture_output=True)  # fmt: skip
    if found.returncode:
        pytest.skip(f"{package} is not installed")
    path = str(tmp_path / "published.safetensors")
    subprocess.run([sys.executable, "-W", "ignore", "-c", script + SAVE, name, path], check=True, capture_output=True)
    weights = cnndsl.load(f"zoo:{own}").load_weights(path)
    assert (weights.misfits, weights.new, weights.unused) == ((), (), ())
